//! Gaps between the messages in the database: the column `joined` holds the [`Continuity`] of each message with its
//! predecessor. Whoever removes a message passes a gap before it on to its successor.

use rusqlite::{Connection, OptionalExtension, params};

use super::codes::Continuity;

/// Position of a message in the order of its room: its time and its row key.
pub(super) type Position = (i64, i64);

/// Marks every message after `low` and up to `high` as the direct successor of the stored message before it.
pub(super) fn close_gaps(conn: &Connection, room: i64, low: Position, high: Position) -> rusqlite::Result<()> {
    let mut update = conn.prepare_cached(
        "UPDATE messages SET joined = 0
         WHERE room = ?1 AND (sent_at, key) > (?2, ?3) AND (sent_at, key) <= (?4, ?5) AND joined <> 0",
    )?;
    update.execute(params![room, low.0, low.1, high.0, high.1])?;
    Ok(())
}

/// Changes the continuity of a message with its predecessor.
pub(super) fn set_continuity(conn: &Connection, key: i64, continuity: Continuity) -> rusqlite::Result<()> {
    let mut update = conn.prepare_cached("UPDATE messages SET joined = ?2 WHERE key = ?1")?;
    update.execute([key, continuity.number()])?;
    Ok(())
}

/// Returns the continuity of a message with its predecessor.
pub(super) fn continuity(conn: &Connection, key: i64) -> rusqlite::Result<Continuity> {
    let mut select = conn.prepare_cached("SELECT joined FROM messages WHERE key = ?1")?;
    select.query_row([key], |row| Ok(Continuity::from_number(row.get(0)?)))
}

/// Prepares the removal of the message at `position`: a gap before it becomes a gap before its successor.
pub(super) fn pass_gap_on(conn: &Connection, room: i64, position: Position) -> rusqlite::Result<()> {
    let continuity = continuity(conn, position.1)?;
    if continuity == Continuity::Contiguous {
        return Ok(());
    }
    let mut select = conn.prepare_cached(
        "SELECT key FROM messages WHERE room = ?1 AND (sent_at, key) > (?2, ?3) ORDER BY sent_at, key LIMIT 1",
    )?;
    let next: Option<i64> = select.query_row(params![room, position.0, position.1], |row| row.get(0)).optional()?;
    next.map_or(Ok(()), |next| set_continuity(conn, next, continuity))
}
