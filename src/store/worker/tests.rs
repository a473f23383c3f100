//! Situations that only the worker itself can be made to meet.

use std::sync::mpsc::channel;

use rusqlite::ffi;

use super::*;
use crate::domain::SearchFilter;
use crate::store::Query;
use crate::store::tests::temp_location;

/// Regression test: "nothing is saved for now" stayed on the screen after the disk could be read again.
#[test]
fn end_of_a_read_error_is_reported() {
    let (_dir, location) = temp_location();
    let (sender, answers) = channel();
    let sink = Box::new(move |answer| drop(sender.send(answer)));
    let mut worker = Worker::new(location, Arc::default(), sink);
    worker.load();
    worker.on_read_error(&rusqlite::Error::SqliteFailure(ffi::Error::new(ffi::SQLITE_BUSY), None));
    worker.answer(Query::Search { id: 1, text: "x".to_owned(), filter: SearchFilter::default(), room: None, limit: 1 });
    worker.continue_search();
    let answers: Vec<Answer> = answers.try_iter().collect();
    assert!(matches!(
        answers[..],
        [Answer::Loaded(_), Answer::Problem(Problem::Busy(_)), Answer::Recovered, Answer::SearchResults(_)]
    ));
}
