//! Search for words in the stored messages.
//!
//! There is no index. The 100,000 messages of a full store are read within a fraction of a second, while an index would
//! double the cost of storing every message and keep words of deleted ones. The messages are read in slices, so that a
//! message being sent never waits for a search.

use std::collections::BTreeSet;

use rusqlite::{Connection, Row, params};

use crate::domain::{RoomId, SearchFilter};
use crate::text::SearchTerms;

use super::answer::{SearchMatch, SearchResults};
use super::gaps::Position;
use super::messages::{COLUMNS, TEXT_COLUMN, read_row};

/// Number of messages that are read at a time, which takes a few milliseconds.
const SLICE: i64 = 5_000;

/// Index of the key in [`COLUMNS`], and of the file name and the room after them.
const KEY_COLUMN: usize = 10;
const FILE_COLUMN: usize = 11;
const ROOM_COLUMN: usize = 12;

/// A search in progress.
#[derive(Debug)]
pub(super) struct Search {
    /// The id of the query.
    pub(super) id: u64,
    terms: SearchTerms,
    filter: SearchFilter,
    /// The room; `None` searches all rooms.
    room: Option<RoomId>,
    limit: usize,
    /// Key of the last message that has been read.
    read: i64,
    /// The newest matches: one more than `limit`, which shows whether there are more.
    newest: BTreeSet<Position>,
}

impl Search {
    /// A search for at most `limit` messages, newest first.
    pub(super) fn new(id: u64, (terms, filter): (SearchTerms, SearchFilter), room: Option<RoomId>, limit: u32) -> Self {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        Self { id, terms, filter, room, limit, read: i64::MIN, newest: BTreeSet::new() }
    }

    /// Reads one slice of messages. Returns the results after the last one.
    pub(super) fn step(&mut self, conn: &Connection) -> rusqlite::Result<Option<SearchResults>> {
        // Without this order of the tables, a search in one room would visit its messages in another order.
        let filtered = format!("{COLUMNS}, file, rooms.id");
        let columns = if self.filter.is_empty() { "messages.key, sent_at, text, file" } else { &filtered };
        let mut select = conn.prepare_cached(&format!(
            "SELECT {columns} FROM messages CROSS JOIN rooms ON rooms.key = messages.room
             WHERE messages.key > ?1 AND rooms.id IS NOT NULL AND (?2 IS NULL OR rooms.id = ?2)
             ORDER BY messages.key LIMIT ?3",
        ))?;
        let mut rows = select.query(params![self.read, self.room.as_ref().map(RoomId::as_str), SLICE])?;
        let mut count = 0;
        while let Some(row) = rows.next()? {
            count += 1;
            let (key, is_match) = if self.filter.is_empty() {
                (row.get(0)?, self.matches(row, (2, 3))?)
            } else {
                (row.get(KEY_COLUMN)?, self.matches(row, (TEXT_COLUMN, FILE_COLUMN))? && self.meets_filter(row)?)
            };
            self.read = key;
            if is_match {
                self.newest.insert((row.get(1)?, key));
                if self.newest.len() > self.limit.saturating_add(1) {
                    self.newest.pop_first();
                }
            }
        }
        if count == SLICE { Ok(None) } else { self.results(conn).map(Some) }
    }

    fn results(&self, conn: &Connection) -> rusqlite::Result<SearchResults> {
        let mut select = conn.prepare_cached(&format!(
            "SELECT {COLUMNS}, file, rooms.id FROM messages JOIN rooms ON rooms.key = messages.room
             WHERE messages.key = ?1 AND rooms.id IS NOT NULL"
        ))?;
        let mut found = Vec::new();
        for (_, key) in self.newest.iter().rev() {
            let mut rows = select.query([key])?;
            // A message that was edited or deleted since it was read may match no longer.
            let Some(row) = rows.next()? else { continue };
            if self.matches(row, (TEXT_COLUMN, FILE_COLUMN))? && self.meets_filter(row)? {
                found.push(SearchMatch { room: room_of(row)?, message: read_row(row)? });
            }
        }
        let has_more = found.len() > self.limit;
        found.truncate(self.limit);
        Ok(SearchResults { id: self.id, matches: found, has_more })
    }

    /// Whether the message in a row with all columns meets the conditions of the search.
    fn meets_filter(&self, row: &Row<'_>) -> rusqlite::Result<bool> {
        Ok(self.filter.is_empty() || self.filter.matches(&room_of(row)?, &read_row(row)?))
    }

    fn matches(&self, row: &Row<'_>, (text, file): (usize, usize)) -> rusqlite::Result<bool> {
        let (text, file) = (row.get_ref(text)?, row.get_ref(file)?);
        Ok(self.terms.match_message(text.as_str()?, file.as_str_or_null()?))
    }
}

fn room_of(row: &Row<'_>) -> rusqlite::Result<RoomId> {
    Ok(RoomId::new(&row.get::<_, String>(ROOM_COLUMN)?))
}
