//! The outbox on disk: what is to reach the server, in the order it was written.

use rusqlite::{Connection, Row, params};

use crate::domain::{LocalId, RoomId, Timestamp};
use crate::text::SafeText;

use super::outbox_payload::PayloadRecord;
use super::record::{json, read};
use super::rooms;
use super::write::{Entry, OutboxWrite, Stage};

/// Carries a change out.
pub(super) fn change(conn: &Connection, write: &OutboxWrite) -> rusqlite::Result<()> {
    match write {
        OutboxWrite::Put(entry) => put(conn, entry),
        OutboxWrite::Mark { local, stage, attempts } => {
            let (stage, reason) = words(stage);
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
    let (stage, reason) = words(&entry.stage);
    let room = rooms::key(conn, &entry.room)?;
    // What is there keeps its place: `seq` is left alone.
    let mut put = conn.prepare_cached(
        "INSERT INTO outbox (local, room, body, stage, reason, attempts, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         ON CONFLICT (local) DO UPDATE SET room = ?2, body = ?3, stage = ?4, reason = ?5, attempts = ?6, at = ?7",
    )?;
    let body = json(&PayloadRecord::from(&entry.what));
    put.execute(params![entry.local.to_string(), room, body, stage, reason, entry.attempts, entry.at.0])?;
    Ok(())
}

/// `outbox.stage` and `outbox.reason`.
fn words(stage: &Stage) -> (&'static str, Option<&str>) {
    match stage {
        Stage::Queued => ("queued", None),
        Stage::Uncertain => ("uncertain", None),
        Stage::Failed { reason } => ("failed", Some(reason)),
    }
}

/// All entries, in the order they were written, and how many could not be understood.
pub(super) fn all(conn: &Connection) -> rusqlite::Result<(Vec<Entry>, usize)> {
    let mut all = conn.prepare(
        "SELECT local, rooms.id, body, stage, reason, attempts, at FROM outbox JOIN rooms ON rooms.key = outbox.room
         WHERE rooms.id IS NOT NULL ORDER BY seq",
    )?;
    let mut entries = Vec::new();
    let mut unread = 0;
    for entry in all.query_map([], entry)? {
        match entry? {
            Some(entry) => entries.push(entry),
            None => unread += 1,
        }
    }
    Ok((entries, unread))
}

fn entry(row: &Row<'_>) -> rusqlite::Result<Option<Entry>> {
    let (local, room, body): (String, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
    let (stage, reason): (String, Option<String>) = (row.get(3)?, row.get(4)?);
    let stage = match stage.as_str() {
        "queued" => Stage::Queued,
        "failed" => Stage::Failed { reason: SafeText::block(&reason.unwrap_or_default()) },
        // Whatever a newer version means by it, the server may have it.
        _ => Stage::Uncertain,
    };
    let what = read::<PayloadRecord>(&body).and_then(PayloadRecord::what);
    let Some((local, what)) = LocalId::parse(&local).zip(what) else { return Ok(None) };
    let (attempts, at) = (row.get(5)?, Timestamp(row.get(6)?));
    Ok(Some(Entry { local, room: RoomId::new(&room), what, stage, attempts, at }))
}
