//! Keeps the store as small as it is to be, a small step at a time.

use std::collections::HashMap;

use rusqlite::Connection;

use super::location::Retention;
use super::messages;

/// Messages that go in one step: some milliseconds of work, so that nothing waits long behind it.
const STEP: u64 = 250;

/// How many messages each room has. Counted once, then kept up: the store has one writer.
#[derive(Debug, Default)]
pub(super) struct Counts {
    by_room: HashMap<i64, u64>,
    total: u64,
    /// Rooms that were forgotten, whose messages are still there.
    gone: Vec<i64>,
}

impl Counts {
    /// Counts.
    pub(super) fn read(conn: &Connection) -> rusqlite::Result<Self> {
        let count = |row: &rusqlite::Row<'_>| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?));
        let mut rooms = conn.prepare("SELECT room, count(*) FROM messages GROUP BY room")?;
        let mut counts = Self::default();
        for room in rooms.query_map([], count)? {
            let (room, count) = room?;
            counts.grow(room, u64::try_from(count).unwrap_or(0));
        }
        let mut gone = conn.prepare("SELECT key FROM rooms WHERE id IS NULL")?;
        counts.gone = gone.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
        Ok(counts)
    }

    /// A room has `new` messages more.
    pub(super) fn grow(&mut self, room: i64, new: u64) {
        *self.by_room.entry(room).or_default() += new;
        self.total += new;
    }

    fn shrink(&mut self, room: i64, gone: u64) {
        if let Some(count) = self.by_room.get_mut(&room) {
            *count = count.saturating_sub(gone);
        }
        self.total = self.total.saturating_sub(gone);
    }

    /// The room that has too many, and how many.
    fn excess(&self, keep: Retention) -> Option<(i64, u64)> {
        let (room, count) = self.by_room.iter().max_by_key(|(room, count)| (**count, **room))?;
        let over = count.saturating_sub(keep.per_room).max(self.total.saturating_sub(keep.overall));
        (over > 0).then_some((*room, over.min(*count)))
    }
}

/// Takes a step; says whether there is another one to take.
pub(super) fn step(conn: &Connection, counts: &mut Counts, keep: Retention) -> rusqlite::Result<bool> {
    if let Some(room) = counts.gone.last().copied() {
        let gone = messages::shed(conn, room, STEP)?;
        counts.shrink(room, gone);
        if gone < STEP {
            conn.execute("DELETE FROM rooms WHERE key = ?1 AND id IS NULL", [room])?;
            counts.by_room.remove(&room);
            counts.gone.pop();
        }
        return Ok(true);
    }
    let Some((room, over)) = counts.excess(keep) else { return Ok(false) };
    let gone = messages::shed(conn, room, over.min(STEP))?;
    counts.shrink(room, gone);
    // Nothing went although something should have: the counts are wrong, and going on would never end.
    Ok(gone > 0)
}
