//! Outbox entries in the database, in the order in which they were written.

use rusqlite::{Connection, Row, params};

use crate::domain::{LocalId, RoomId, SendFailure, Timestamp};
use crate::text::SafeText;

use super::limits::{MAX_LOADED_UNSENT, read_within_limits};
use super::outbox_payload::PayloadRecord;
use super::record::{from_json, to_json};
use super::rooms;
use super::write::{Entry, OutboxWrite, StoredStage};

/// Carries out a change of the outbox.
pub(super) fn write(conn: &Connection, write: &OutboxWrite) -> rusqlite::Result<()> {
    match write {
        OutboxWrite::Put(entry) => put(conn, entry),
        OutboxWrite::Mark { local, stage, attempts } => {
            let (stage, reason) = columns(stage);
            let mut mark =
                conn.prepare_cached("UPDATE outbox SET stage = ?2, reason = ?3, attempts = ?4 WHERE local = ?1")?;
            mark.execute(params![local.to_string(), stage, reason, attempts])?;
            Ok(())
        }
        OutboxWrite::Remove(local) => {
            conn.prepare_cached("DELETE FROM outbox WHERE local = ?1")?.execute([local.to_string()])?;
            Ok(())
        }
    }
}

fn put(conn: &Connection, entry: &Entry) -> rusqlite::Result<()> {
    let (stage, reason) = columns(&entry.stage);
    let room = rooms::key(conn, &entry.room)?;
    // An existing entry keeps its `seq`, and with it its place in the order.
    let mut put = conn.prepare_cached(
        "INSERT INTO outbox (local, room, body, stage, reason, attempts, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         ON CONFLICT (local) DO UPDATE SET room = ?2, body = ?3, stage = ?4, reason = ?5, attempts = ?6, at = ?7",
    )?;
    let body = to_json(&PayloadRecord::from(&entry.payload));
    put.execute(params![entry.local.to_string(), room, body, stage, reason, entry.attempts, entry.at.0])?;
    Ok(())
}

/// Returns the values of `outbox.stage` and `outbox.reason`.
fn columns(stage: &StoredStage) -> (&'static str, Option<&str>) {
    match stage {
        StoredStage::Queued => ("queued", None),
        StoredStage::Uncertain => ("uncertain", None),
        StoredStage::Failed(SendFailure::Refused(reason)) => ("failed", Some(reason)),
        StoredStage::Failed(SendFailure::RoomDeleted) => ("room_deleted", None),
        StoredStage::Failed(SendFailure::OtherAccount) => ("other_account", None),
    }
}

/// Returns the entries in the order in which they were written, within the limits on what is loaded, and the number of
/// entries that could not be read.
pub(super) fn all(conn: &Connection) -> rusqlite::Result<(Vec<Entry>, usize)> {
    let mut all = conn.prepare(
        "SELECT local, rooms.id, body, stage, reason, attempts, at, octet_length(body)
         FROM outbox JOIN rooms ON rooms.key = outbox.room WHERE rooms.id IS NOT NULL ORDER BY seq LIMIT ?1",
    )?;
    let rows = read_within_limits(all.query([MAX_LOADED_UNSENT])?, 7, read_row)?;
    let count = rows.len();
    let entries: Vec<Entry> = rows.into_iter().flatten().collect();
    let unreadable = count - entries.len();
    Ok((entries, unreadable))
}

fn read_row(row: &Row<'_>) -> rusqlite::Result<Option<Entry>> {
    let (local, room, body): (String, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
    let (stage, reason): (String, Option<String>) = (row.get(3)?, row.get(4)?);
    let stage = match stage.as_str() {
        "queued" => StoredStage::Queued,
        "failed" => StoredStage::Failed(SendFailure::Refused(SafeText::block(&reason.unwrap_or_default()))),
        "room_deleted" => StoredStage::Failed(SendFailure::RoomDeleted),
        "other_account" => StoredStage::Failed(SendFailure::OtherAccount),
        // An unknown stage of a newer version: the server may have the entry.
        _ => StoredStage::Uncertain,
    };
    let payload = from_json::<PayloadRecord>(&body).and_then(PayloadRecord::into_payload);
    let Some((local, payload)) = LocalId::parse(&local).zip(payload) else { return Ok(None) };
    let (attempts, at) = (row.get(5)?, Timestamp(row.get(6)?));
    Ok(Some(Entry { local, room: RoomId::new(&room), payload, stage, attempts, at }))
}
