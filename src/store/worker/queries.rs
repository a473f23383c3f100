//! Answers to queries. An error while reading is answered with nothing, and reported.

use super::{FileAccess, Worker};
use crate::store::answer::Answer;
use crate::store::history;
use crate::store::search::Search;
use crate::store::write::Query;
use crate::text::SearchTerms;

impl Worker {
    /// Answers a query. A search only begins here.
    pub(super) fn answer(&mut self, query: Query) {
        let (FileAccess::Writable(conn, _) | FileAccess::ReadOnly(conn)) = &self.access else {
            return self.send(Answer::empty(query));
        };
        let answer = match &query {
            Query::History { id, room, at, limit } => {
                let page = history::page(conn, room, at, *limit);
                page.map(|page| Answer::History { id: *id, room: room.clone(), page })
            }
            Query::Export { id, room, at, limit } => {
                history::page(conn, room, at, *limit).map(|page| Answer::Export { id: *id, page })
            }
            Query::Search { id, text, filter, room, limit } => {
                // Replaces a search in progress, whose results nobody wants any more.
                let everything = (!filter.is_empty()).then(SearchTerms::default);
                let terms = SearchTerms::parse(text).or(everything);
                let condition = |terms| (terms, filter.clone());
                self.search = terms.map(|terms| Search::new(*id, condition(terms), room.clone(), *limit));
                if self.search.is_none() {
                    self.send(Answer::empty(query));
                }
                return;
            }
        };
        match answer {
            Ok(answer) => {
                self.after_read();
                self.send(answer);
            }
            Err(error) => {
                self.on_read_error(&error);
                self.send(Answer::empty(query));
            }
        }
    }

    /// Reads one slice of messages for the search in progress.
    pub(super) fn continue_search(&mut self) {
        let Some(mut search) = self.search.take() else { return };
        let (FileAccess::Writable(conn, _) | FileAccess::ReadOnly(conn)) = &self.access else {
            return self.send(Answer::no_matches(search.id));
        };
        match search.step(conn) {
            Ok(Some(results)) => {
                self.after_read();
                self.send(Answer::SearchResults(results));
            }
            Ok(None) => self.search = Some(search),
            Err(error) => {
                self.on_read_error(&error);
                self.send(Answer::no_matches(search.id));
            }
        }
    }

    /// Reports that a problem with reading is over, unless something has yet to be written.
    fn after_read(&mut self) {
        let saves = matches!(self.access, FileAccess::Writable(..)) || self.side.is_some();
        if saves && self.unwritten.is_empty() {
            self.recover();
        }
    }
}
