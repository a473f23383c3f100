//! Full-text search over all that is kept.

use rusqlite::functions::FunctionFlags;
use rusqlite::{Connection, Params, params};

use crate::domain::RoomId;

use super::answer::{Found, Hit};
use super::fold::{fold, query};
use super::messages::{COLUMNS, read_row};

/// Teaches `conn` what the triggers of `schema.rs` call: how a message goes into the index.
pub(super) fn teach(conn: &Connection) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_INNOCUOUS;
    conn.create_scalar_function("words_of", 2, flags, |call| {
        let (text, file): (String, Option<String>) = (call.get(0)?, call.get(1)?);
        Ok(fold(&text) + "\n" + &fold(&file.unwrap_or_default()))
    })
}

/// Messages with these words.
pub(super) fn find(
    conn: &Connection,
    (id, text): (u64, &str),
    room: Option<&RoomId>,
    (skip, limit): (u32, u32),
) -> rusqlite::Result<Found> {
    let room = room.map(RoomId::as_str);
    let most = i64::from(limit) + 1;
    let tail = "AND rooms.id IS NOT NULL AND (?2 IS NULL OR rooms.id = ?2)
                ORDER BY sent_at DESC, messages.key DESC LIMIT ?3 OFFSET ?4";
    let mut hits = match query(text) {
        Some(query) => {
            let sql = format!(
                "SELECT {COLUMNS}, rooms.id FROM words JOIN messages ON messages.key = words.rowid
                 JOIN rooms ON rooms.key = messages.room WHERE words MATCH ?1 {tail}"
            );
            hits(conn, &sql, params![query, room, most, skip])?
        }
        None if text.trim().is_empty() => Vec::new(),
        // Signs alone, such as an emoji, are no words: every text is looked at.
        None => {
            let sql = format!(
                "SELECT {COLUMNS}, rooms.id FROM messages JOIN rooms ON rooms.key = messages.room
                 WHERE instr(text, ?1) > 0 {tail}"
            );
            hits(conn, &sql, params![text.trim(), room, most, skip])?
        }
    };
    let wanted = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = hits.len() > wanted;
    hits.truncate(wanted);
    Ok(Found { id, hits, more })
}

fn hits(conn: &Connection, sql: &str, params: impl Params) -> rusqlite::Result<Vec<Hit>> {
    let mut find = conn.prepare_cached(sql)?;
    let hits = find
        .query_map(params, |row| Ok(Hit { room: RoomId::new(&row.get::<_, String>(11)?), message: read_row(row)? }))?;
    hits.collect()
}
