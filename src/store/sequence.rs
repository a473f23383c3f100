//! Where the messages of a page are put among others of the same millisecond, whose order is that of their row keys.
//!
//! A new message has the highest key, which puts it after all others of its time, and a stored one keeps its key, even if
//! its time is corrected. Pages of history arrive from the newest to the oldest, though, so a message may be stored after
//! another one that follows it in the room. If both have the same time, their keys contradict the order of the room: the
//! message would be shown in the wrong place, and would be missing among the messages before the other one. It gets a
//! new key, below all others.

use std::ops::Range;

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

impl SequencePart {
    fn neighbour(position: Position) -> Self {
        Self { position, is_new: false }
    }
}

/// Messages that have just been stored and the stored ones around them, in the order of the room. They adjoin directly.
#[derive(Debug)]
pub(super) struct Sequence {
    parts: Vec<SequencePart>,
    /// Which of them have just been stored. The others are in their place.
    messages: Range<usize>,
}

impl Sequence {
    /// Begins with the neighbour that up to `count` messages follow.
    pub(super) fn after(neighbour: Option<Position>, count: usize) -> Self {
        let mut parts = Vec::with_capacity(count + 2);
        parts.extend(neighbour.map(SequencePart::neighbour));
        Self { messages: parts.len()..parts.len(), parts }
    }

    /// Appends a message. A server may repeat one within a page.
    pub(super) fn push(&mut self, part: SequencePart) {
        if part.is_new || !self.contains(part.position) {
            self.parts.push(part);
            self.messages.end = self.parts.len();
        }
    }

    /// Ends with the neighbour that follows the messages.
    pub(super) fn end_before(&mut self, neighbour: Option<Position>) {
        let neighbour = neighbour.filter(|position| !self.contains(*position));
        self.parts.extend(neighbour.map(SequencePart::neighbour));
    }

    fn contains(&self, position: Position) -> bool {
        self.parts.iter().any(|part| part.position == position)
    }

    /// Makes the order of the store that of the sequence, as far as messages have the same time.
    pub(super) fn order(&mut self, conn: &Connection, room: i64) -> rusqlite::Result<()> {
        let parts = &mut self.parts;
        for end in (1..parts.len()).rev() {
            let (part, anchor) = (parts[end - 1], parts[end].position);
            if part.position.0 == anchor.0 && part.position.1 > anchor.1 {
                let same_time = parts[..end].iter().rev().take_while(|part| part.position.0 == anchor.0).count();
                move_before(conn, room, &mut parts[end - same_time..end], anchor)?;
            }
        }
        Ok(())
    }

    /// Returns the first and the last position, neighbours included.
    pub(super) fn bounds(&self) -> Option<(Position, Position)> {
        bounds(&self.parts)
    }

    /// Returns the first and the last position of the messages that have just been stored.
    pub(super) fn bounds_of_messages(&self) -> Option<(Position, Position)> {
        bounds(&self.parts[self.messages.clone()])
    }

    /// Returns the number of messages that are new.
    pub(super) fn new_messages(&self) -> u64 {
        self.parts.iter().map(|part| u64::from(part.is_new)).sum()
    }
}

fn bounds(parts: &[SequencePart]) -> Option<(Position, Position)> {
    let positions = || parts.iter().map(|part| part.position);
    positions().min().zip(positions().max())
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
