//! Deletion of the oldest messages when a store holds more than its [`Retention`] allows, in small batches.

use std::collections::HashMap;

use rusqlite::{Connection, Row, Transaction, TransactionBehavior};

use super::answer::{ForgottenFiles, Sink};
use super::executor::RowChange;
use super::location::Retention;
use super::messages;

/// Number of messages deleted in one batch. It takes a few milliseconds, so other work hardly waits.
const BATCH: u64 = 250;

/// Decides when messages have to be deleted, and deletes them.
#[derive(Debug, Default)]
pub(super) struct Pruner {
    /// Number of messages in each room; `None` when they have to be counted again.
    counts: Option<Counts>,
    is_due: bool,
}

impl Pruner {
    /// Whether there may be messages to delete.
    pub(super) fn is_due(&self) -> bool {
        self.is_due
    }

    /// Takes a committed change of the message table into account.
    pub(super) fn note(&mut self, change: RowChange) {
        match (change, &mut self.counts) {
            (RowChange::Added(room, new), Some(counts)) => counts.add(room, new),
            (RowChange::None, _) | (RowChange::Added(..), None) => {}
            (RowChange::Removed | RowChange::Cleared, _) => self.counts = None,
        }
        self.is_due |= change != RowChange::None;
    }

    /// Stops until the next change.
    pub(super) fn stop(&mut self) {
        self.is_due = false;
    }

    /// Deletes one batch of a forgotten room, whose files it reports, or one batch of the messages that are too many.
    /// Returns whether there may be another batch to delete. After an error, pruning stops until the next change.
    pub(super) fn step(
        &mut self,
        conn: &mut Connection,
        retention: Retention,
        sink: &mut Sink,
    ) -> rusqlite::Result<bool> {
        let has_more = self.try_step(conn, retention, sink);
        self.is_due = matches!(has_more, Ok(true));
        has_more
    }

    fn try_step(&mut self, conn: &mut Connection, retention: Retention, sink: &mut Sink) -> rusqlite::Result<bool> {
        let mut counts = match self.counts.take() {
            Some(counts) => counts,
            None => Counts::read(conn)?,
        };
        let transaction = Transaction::new(conn, TransactionBehavior::Immediate)?;
        let mut forgotten = ForgottenFiles::default();
        let has_more = delete_batch(&transaction, &mut counts, retention, &mut forgotten)?;
        forgotten.report(sink);
        transaction.commit()?;
        self.counts = Some(counts);
        Ok(has_more)
    }
}

/// Number of messages in each room. Counted once, then kept up to date, since this store is the only writer.
#[derive(Debug, Default)]
struct Counts {
    by_room: HashMap<i64, u64>,
    total: u64,
    /// Rooms that were forgotten and whose messages still have to be deleted.
    forgotten: Vec<i64>,
}

impl Counts {
    fn read(conn: &Connection) -> rusqlite::Result<Self> {
        let count = |row: &Row<'_>| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?));
        let mut rooms = conn.prepare("SELECT room, count(*) FROM messages GROUP BY room")?;
        let mut counts = Self::default();
        for room in rooms.query_map([], count)? {
            let (room, count) = room?;
            counts.add(room, u64::try_from(count).unwrap_or(0));
        }
        let mut forgotten = conn.prepare("SELECT key FROM rooms WHERE id IS NULL")?;
        counts.forgotten = forgotten.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
        Ok(counts)
    }

    fn add(&mut self, room: i64, new: u64) {
        *self.by_room.entry(room).or_default() += new;
        self.total += new;
    }

    fn subtract(&mut self, room: i64, deleted: u64) {
        if let Some(count) = self.by_room.get_mut(&room) {
            *count = count.saturating_sub(deleted);
        }
        self.total = self.total.saturating_sub(deleted);
    }

    /// Returns the room to delete from, which is the largest one, and the number of messages it has too many.
    fn excess(&self, retention: Retention) -> Option<(i64, u64)> {
        let (room, count) = self.by_room.iter().max_by_key(|(room, count)| (**count, **room))?;
        let over_room_limit = count.saturating_sub(retention.per_room);
        let over = over_room_limit.max(self.total.saturating_sub(retention.total));
        (over > 0).then_some((*room, over.min(*count)))
    }
}

/// Deletes a batch of a forgotten room if there is one, otherwise of the largest room if there are too many messages.
/// Returns whether there may be another batch to delete.
fn delete_batch(
    conn: &Connection,
    counts: &mut Counts,
    retention: Retention,
    forgotten: &mut ForgottenFiles,
) -> rusqlite::Result<bool> {
    if let Some(room) = counts.forgotten.last().copied() {
        messages::forget_oldest_files(conn, room, BATCH, forgotten)?;
        let deleted = messages::delete_oldest(conn, room, BATCH)?;
        counts.subtract(room, deleted);
        if deleted < BATCH {
            conn.execute("DELETE FROM rooms WHERE key = ?1 AND id IS NULL", [room])?;
            counts.by_room.remove(&room);
            counts.forgotten.pop();
        }
        return Ok(true);
    }
    let Some((room, over)) = counts.excess(retention) else { return Ok(false) };
    // These messages were not deleted, and may be on the screen. Their pictures stay.
    let deleted = messages::delete_oldest(conn, room, over.min(BATCH))?;
    counts.subtract(room, deleted);
    // If nothing was deleted although there were too many, the counts are wrong, and continuing would never end.
    Ok(deleted > 0)
}
