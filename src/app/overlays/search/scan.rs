//! Search of the messages in memory.
//!
//! The search runs in slices, so that no key press waits for it, however many messages there are.

use crate::app::overlays::search::query::Query;
use crate::app::overlays::search::result::SearchResult;
use crate::domain::{Room, RoomId, SearchFilter};
use crate::text::{SearchTerms, TextFormat};
use std::cmp::Reverse;
use std::collections::HashSet;

/// Cost of one slice: bytes of message text, plus a fixed cost for each message.
const SLICE_COST: usize = 256 << 10;

/// Fixed cost of a message beside its text, in bytes.
const MESSAGE_COST: usize = 100;

/// Number of results above which all but the newest are dropped.
const MAX_HELD: usize = 1_000;

/// State of a search in memory.
#[derive(Debug, Clone)]
pub(in crate::app) struct Scan {
    pub(in crate::app) query: Query,
    terms: SearchTerms,
    filter: SearchFilter,
    /// Meaning of the markup of texts.
    format: TextFormat,
    /// Rooms that remain to be searched; the last one is searched first.
    rooms: Vec<RoomId>,
    /// Number of the newest messages of the current room that have been searched. Messages that arrive during the scan
    /// are found when the search is repeated.
    searched: usize,
    results: Vec<SearchResult>,
    /// Whether there are more results than `results` holds.
    more: bool,
}

impl Scan {
    /// Starts a scan; `known` are the results that the store has already found.
    pub(in crate::app) fn new(
        query: Query,
        (terms, filter, format): (SearchTerms, SearchFilter, TextFormat),
        rooms: Vec<RoomId>,
        known: Vec<SearchResult>,
        more: bool,
    ) -> Self {
        Self { query, terms, filter, format, rooms, searched: 0, results: known, more }
    }

    /// Searches another slice and returns whether the scan is finished.
    pub(in crate::app) fn advance<'r>(&mut self, room_of: impl Fn(&RoomId) -> Option<&'r Room>, limit: usize) -> bool {
        let mut left = SLICE_COST;
        while let Some(id) = self.rooms.last() {
            let Some(room) = room_of(id) else {
                self.rooms.pop();
                continue;
            };
            for (_, message) in room.timeline.iter().rev().skip(self.searched) {
                if left == 0 {
                    return false;
                }
                left = left.saturating_sub(message.text.len() + MESSAGE_COST);
                self.searched += 1;
                let file_name = message.attachment.as_deref().map(|file| &*file.name);
                if self.terms.match_message(&message.text, file_name) && self.filter.matches(id, message) {
                    self.results.extend(SearchResult::of(id, message, &self.terms, self.format));
                    self.more |= shorten(&mut self.results, MAX_HELD, limit);
                }
            }
            (self.searched, _) = (0, self.rooms.pop());
        }
        true
    }

    /// Removes results found so far.
    pub(in crate::app) fn remove_results(&mut self, is_removed: impl Fn(&SearchResult) -> bool) {
        self.results.retain(|result| !is_removed(result));
    }

    /// Returns at most `limit` results, newest first and without duplicates, and whether there are more.
    pub(in crate::app) fn into_results(self, limit: usize) -> (Vec<SearchResult>, bool) {
        let Self { mut results, more, .. } = self;
        let cut = shorten(&mut results, 0, limit);
        (results, more || cut)
    }
}

/// Sorts and deduplicates more than `held` results and truncates them to the newest `limit`.
///
/// Returns whether any results were dropped.
fn shorten(results: &mut Vec<SearchResult>, held: usize, limit: usize) -> bool {
    if results.len() <= held {
        return false;
    }
    results.sort_by_key(|result| Reverse(result.at));
    let mut seen = HashSet::new();
    results.retain(|result| seen.insert((result.room.clone(), result.message.clone())));
    let cut = results.len() > limit;
    results.truncate(limit);
    cut
}
