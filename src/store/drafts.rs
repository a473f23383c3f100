//! Drafts in the database: one for each room, and one for the time without a room.

use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::domain::RoomId;

use super::limits::{MAX_LOADED_UNSENT, read_within_limits};
use super::record::{from_json, to_json};
use super::rooms;
use super::write::Draft;

/// Stores the draft of a room, or removes it.
pub(super) fn put(conn: &Connection, room: &RoomId, draft: Option<&Draft>) -> rusqlite::Result<()> {
    let Some(draft) = draft else {
        let mut delete =
            conn.prepare_cached("DELETE FROM drafts WHERE room = (SELECT key FROM rooms WHERE id = ?1)")?;
        delete.execute([room.as_str()])?;
        return Ok(());
    };
    let mut insert =
        conn.prepare_cached("INSERT OR REPLACE INTO drafts (room, text, cursor, about) VALUES (?1, ?2, ?3, ?4)")?;
    insert.execute(params![rooms::key(conn, room)?, draft.text, draft.cursor, draft.context])?;
    Ok(())
}

/// Stores the text that was typed while no room was open, or removes it.
pub(super) fn put_roomless(conn: &Connection, draft: Option<&Draft>) -> rusqlite::Result<()> {
    match draft {
        Some(draft) => rooms::put_meta(conn, rooms::ROOMLESS_DRAFT, &to_json(draft)),
        None => rooms::remove_meta(conn, rooms::ROOMLESS_DRAFT),
    }
}

/// Returns the text that was typed while no room was open.
pub(super) fn roomless(conn: &Connection) -> rusqlite::Result<Option<Draft>> {
    Ok(rooms::meta(conn, rooms::ROOMLESS_DRAFT)?.and_then(|json| from_json(&json)))
}

/// Adds a text to the stored draft of a room, or to the one without a room. Text that is there already is not repeated.
/// Two texts together are a new message, even if one of them edits or answers another.
pub(super) fn add(conn: &Connection, room: Option<&RoomId>, draft: &Draft) -> rusqlite::Result<()> {
    let stored = match room {
        Some(room) => of_room(conn, room)?,
        None => roomless(conn)?,
    };
    let Some(stored) = stored.filter(|stored| !stored.text.is_empty()) else {
        return put_any(conn, room, draft);
    };
    let is_there =
        draft.text.is_empty() || stored.text == draft.text || stored.text.ends_with(&format!("\n{}", draft.text));
    if is_there {
        return Ok(());
    }
    put_any(conn, room, &Draft { text: format!("{}\n{}", stored.text, draft.text), context: None, ..stored })
}

fn put_any(conn: &Connection, room: Option<&RoomId>, draft: &Draft) -> rusqlite::Result<()> {
    match room {
        Some(room) => put(conn, room, Some(draft)),
        None => put_roomless(conn, Some(draft)),
    }
}

fn of_room(conn: &Connection, room: &RoomId) -> rusqlite::Result<Option<Draft>> {
    let mut select = conn
        .prepare_cached("SELECT text, cursor, about FROM drafts WHERE room = (SELECT key FROM rooms WHERE id = ?1)")?;
    let draft = |row: &Row<'_>| Ok(Draft { text: row.get(0)?, cursor: row.get(1)?, context: row.get(2)? });
    select.query_row([room.as_str()], draft).optional()
}

/// Returns the drafts, within the limits on what is loaded.
pub(super) fn all(conn: &Connection) -> rusqlite::Result<Vec<(RoomId, Draft)>> {
    let mut select = conn.prepare(
        "SELECT rooms.id, text, cursor, about, octet_length(text) FROM drafts JOIN rooms ON rooms.key = drafts.room
         WHERE rooms.id IS NOT NULL LIMIT ?1",
    )?;
    read_within_limits(select.query([MAX_LOADED_UNSENT])?, 4, |row| {
        let room = RoomId::new(&row.get::<_, String>(0)?);
        Ok((room, Draft { text: row.get(1)?, cursor: row.get(2)?, context: row.get(3)? }))
    })
}
