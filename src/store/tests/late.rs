//! A file that can only be read some time after the start.

use std::fs;
use std::path::Path;
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};

use super::*;

/// Makes the file inaccessible, as a disk does that is not mounted.
fn block(folder: &Path, away: &Path) {
    fs::rename(folder, away).expect("the folder");
    fs::write(folder, "x").expect("a file");
}

fn unblock(folder: &Path, away: &Path) {
    fs::remove_file(folder).expect("the file");
    fs::rename(away, folder).expect("the folder");
}

/// A store with one room and one outbox entry.
fn fill(location: &StoreLocation) {
    let (mut store, _) = TestStore::open(location.clone());
    store.write([Write::Rooms(vec![room_info("r")])]);
    assert!(store.send(entry(1, "r", "text")));
    store.close();
}

/// The data on the disk was never loaded, and a draft of this run replaced that of the last one.
#[test]
fn data_is_loaded_when_the_disk_can_be_read_again() {
    let (dir, _) = temp_location();
    let (folder, away) = (dir.path().join("data"), dir.path().join("away"));
    let location = StoreLocation::new(folder.join("store.db"));
    fill(&location);
    block(&folder, &away);
    let mut store = TestStore::open_unread(location.clone());
    assert!(!store.send(entry(2, "r", "of this run")));
    assert_eq!(store.retry(), None);
    unblock(&folder, &away);
    let snapshot = store.retry().expect("the data");
    assert_eq!((snapshot.outbox, snapshot.rooms.len()), (vec![entry(1, "r", "text")], 1));
    let recovered = store.answers.iter().filter(|answer| **answer == Answer::Recovered).count();
    assert_eq!((store.problems().len(), recovered), (1, 1));
    store.close();
    assert_eq!(reopen(&location).outbox, [entry(1, "r", "text"), entry(2, "r", "of this run")]);
}

/// The end of the problem was not reported if a query arrived in the same round and nothing had to be written.
#[test]
fn busy_store_reports_that_it_works_again() {
    let (dir, _) = temp_location();
    let (folder, away) = (dir.path().join("data"), dir.path().join("away"));
    let location = StoreLocation::new(folder.join("store.db"));
    fill(&location);
    block(&folder, &away);
    let (sender, answers) = channel();
    let asked: Arc<Mutex<Option<Store>>> = Arc::default();
    let asks = Arc::clone(&asked);
    let search = |id| Query::Search { id, text: String::new(), filter: SearchFilter::default(), room: None, limit: 1 };
    // Each answer is followed by the next query at once, so the store is never idle.
    let store = Store::open(location, move |answer| {
        if let (Answer::SearchResults(results), Some(store)) = (&answer, &*asks.lock().expect("the store")) {
            store.query(search(results.id + 1));
        }
        drop(sender.send(answer));
    });
    let next = || answers.recv_timeout(TIMEOUT).expect("an answer");
    assert!(matches!(next(), Answer::Problem(_)));
    unblock(&folder, &away);
    asked.lock().expect("the store").insert(store).query(search(1));
    let until_100 = std::iter::from_fn(|| Some(next()));
    let until_100 =
        until_100.take_while(|answer| !matches!(answer, Answer::SearchResults(results) if results.id == 100));
    let (loaded, recovered) = until_100.fold((0, 0), |(loaded, recovered), answer| {
        (loaded + u32::from(matches!(answer, Answer::Loaded(_))), recovered + u32::from(answer == Answer::Recovered))
    });
    let store = asked.lock().expect("the store").take();
    assert_eq!((loaded, recovered), (1, 1));
    assert!(store.expect("the store").close(TIMEOUT));
}
