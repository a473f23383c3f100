//! Full-text search over the stored messages.

use rusqlite::functions::FunctionFlags;
use rusqlite::{Connection, Params, params};

use crate::domain::RoomId;

use super::answer::{SearchMatch, SearchResults};
use super::messages::{COLUMNS, read_row};
use super::text_normalize::{match_query, normalize};

/// Registers the SQL function `index_text(text, file)`, with which the triggers of `schema.rs` index a message.
pub(super) fn register_functions(conn: &Connection) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_INNOCUOUS;
    conn.create_scalar_function("index_text", 2, flags, |call| {
        let (text, file): (String, Option<String>) = (call.get(0)?, call.get(1)?);
        Ok(normalize(&text) + "\n" + &normalize(&file.unwrap_or_default()))
    })
}

/// Returns the newest messages that match `text`, in one room or in all.
pub(super) fn search(
    conn: &Connection,
    (id, text): (u64, &str),
    room: Option<&RoomId>,
    limit: u32,
) -> rusqlite::Result<SearchResults> {
    let room = room.map(RoomId::as_str);
    // One more than requested shows whether there are more.
    let limit_plus_one = i64::from(limit) + 1;
    let tail = "AND rooms.id IS NOT NULL AND (?2 IS NULL OR rooms.id = ?2)
                ORDER BY sent_at DESC, messages.key DESC LIMIT ?3";
    let mut matches = match match_query(text) {
        Some(query) => {
            let sql = format!(
                "SELECT {COLUMNS}, rooms.id FROM words JOIN messages ON messages.key = words.rowid
                 JOIN rooms ON rooms.key = messages.room WHERE words MATCH ?1 {tail}"
            );
            select(conn, &sql, params![query, room, limit_plus_one])?
        }
        None if text.trim().is_empty() => Vec::new(),
        // The index knows no symbols such as emoji, so for these every text is scanned.
        None => {
            let sql = format!(
                "SELECT {COLUMNS}, rooms.id FROM messages JOIN rooms ON rooms.key = messages.room
                 WHERE instr(text, ?1) > 0 {tail}"
            );
            select(conn, &sql, params![text.trim(), room, limit_plus_one])?
        }
    };
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let has_more = matches.len() > limit;
    matches.truncate(limit);
    Ok(SearchResults { id, matches, has_more })
}

fn select(conn: &Connection, sql: &str, params: impl Params) -> rusqlite::Result<Vec<SearchMatch>> {
    let mut select = conn.prepare_cached(sql)?;
    let matches = select.query_map(params, |row| {
        Ok(SearchMatch { room: RoomId::new(&row.get::<_, String>(11)?), message: read_row(row)? })
    })?;
    matches.collect()
}
