//! The order of messages of the same millisecond, which is that of their row keys.
//!
//! Pages of history arrive from the newest to the oldest, so a message may be stored after another one that follows it
//! in the room. If both have the same time, their keys contradict the order of the room: the message would be shown in
//! the wrong place, and would be missing among the messages before the other one. It gets a new key, below all others.

use rusqlite::{Connection, params};

use super::gaps::{Position, continuity, pass_gap_on, set_continuity};

/// A message of a sequence.
#[derive(Debug, Clone, Copy)]
pub(super) struct SequencePart {
    /// Its position.
    pub(super) position: Position,
    /// Whether it has been stored a moment ago, so that nothing is known about its neighbours.
    pub(super) is_new: bool,
}

/// Makes the order of the store that of `sequence`, which has the order of the room and directly adjoining messages, as
/// far as these have the same time. Updates their positions.
pub(super) fn order(conn: &Connection, room: i64, sequence: &mut [SequencePart]) -> rusqlite::Result<()> {
    for end in (1..sequence.len()).rev() {
        let (part, anchor) = (sequence[end - 1], sequence[end].position);
        if part.position.0 == anchor.0 && part.position.1 > anchor.1 {
            let same_time = sequence[..end].iter().rev().take_while(|part| part.position.0 == anchor.0).count();
            move_before(conn, room, &mut sequence[end - same_time..end], anchor)?;
        }
    }
    Ok(())
}

/// Moves messages, which have the order of the room, directly before `anchor`, which has the same time.
fn move_before(
    conn: &Connection,
    room: i64,
    parts: &mut [SequencePart],
    (at, anchor): Position,
) -> rusqlite::Result<()> {
    let predecessor = continuity(conn, anchor)?;
    for part in parts.iter_mut().rev() {
        if !part.is_new {
            pass_gap_on(conn, room, part.position)?;
        }
        part.position.1 = move_to_front(conn, part.position.1)?;
    }
    let (Some(first), Some(last)) = (parts.first(), parts.last()) else { return Ok(()) };
    if !first.is_new {
        set_continuity(conn, first.position.1, predecessor)?;
    }
    // Other messages of the same time that precede the anchor precede all of them.
    let mut select = conn.prepare_cached(
        "SELECT key FROM messages WHERE room = ?1 AND sent_at = ?2 AND key > ?3 AND key < ?4 ORDER BY key DESC",
    )?;
    let others = select.query_map(params![room, at, last.position.1, anchor], |row| row.get(0))?;
    let others = others.collect::<rusqlite::Result<Vec<i64>>>()?;
    others.into_iter().try_for_each(|key| move_to_front(conn, key).map(drop))
}

/// Gives a message a key below all others. Returns the key.
fn move_to_front(conn: &Connection, key: i64) -> rusqlite::Result<i64> {
    let mut update = conn
        .prepare_cached("UPDATE messages SET key = (SELECT min(key) - 1 FROM messages) WHERE key = ?1 RETURNING key")?;
    update.query_row([key], |row| row.get(0))
}
