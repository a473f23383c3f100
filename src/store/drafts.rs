//! Drafts on disk: one for each room.

use rusqlite::{Connection, params};

use crate::domain::RoomId;

use super::rooms;
use super::write::Draft;

/// Keeps what is being written in a room, or that nothing is.
pub(super) fn put(conn: &Connection, room: &RoomId, draft: Option<&Draft>) -> rusqlite::Result<()> {
    let Some(draft) = draft else {
        let mut remove =
            conn.prepare_cached("DELETE FROM drafts WHERE room = (SELECT key FROM rooms WHERE id = ?1)")?;
        remove.execute([room.as_str()])?;
        return Ok(());
    };
    let mut put =
        conn.prepare_cached("INSERT OR REPLACE INTO drafts (room, text, cursor, about) VALUES (?1, ?2, ?3, ?4)")?;
    put.execute(params![rooms::key(conn, room)?, draft.text, draft.cursor, draft.about])?;
    Ok(())
}

/// All drafts.
pub(super) fn all(conn: &Connection) -> rusqlite::Result<Vec<(RoomId, Draft)>> {
    let mut all = conn.prepare(
        "SELECT rooms.id, text, cursor, about FROM drafts JOIN rooms ON rooms.key = drafts.room
         WHERE rooms.id IS NOT NULL",
    )?;
    let all = all.query_map([], |row| {
        let room = RoomId::new(&row.get::<_, String>(0)?);
        Ok((room, Draft { text: row.get(1)?, cursor: row.get(2)?, about: row.get(3)? }))
    })?;
    all.collect()
}
