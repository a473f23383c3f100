//! Rooms, people and ourselves on disk.

use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::domain::{MessageId, PersonInfo, RoomId, RoomInfo, Timestamp, Unread};

use super::answer::KeptRoom;
use super::record::{LastRecord, PersonRecord, RoomRecord, json, read};
use super::schema;
use super::write::ReadTo;

/// The number of a room, made if it is new.
pub(super) fn key(conn: &Connection, room: &RoomId) -> rusqlite::Result<i64> {
    if let Some(key) = known_key(conn, room)? {
        return Ok(key);
    }
    conn.prepare_cached("INSERT INTO rooms (id) VALUES (?1)")?.execute([room.as_str()])?;
    Ok(conn.last_insert_rowid())
}

/// The number of a room, if it has one.
pub(super) fn known_key(conn: &Connection, room: &RoomId) -> rusqlite::Result<Option<i64>> {
    conn.prepare_cached("SELECT key FROM rooms WHERE id = ?1")?.query_row([room.as_str()], |row| row.get(0)).optional()
}

/// Keeps what the server says of a room.
pub(super) fn put(conn: &Connection, info: &RoomInfo) -> rusqlite::Result<()> {
    let last = info.last_message.as_ref();
    let active_at = last.map(|last| last.sent_at).or(info.created_at).unwrap_or_default();
    let mut put = conn.prepare_cached(
        "UPDATE rooms SET facts = ?2, last = ?3, last_id = ?4, active_at = max(active_at, ?5) WHERE key = ?1",
    )?;
    let last_json = last.map(|last| json(&LastRecord::from(last)));
    let last_id = last.map(|last| last.id.as_str());
    put.execute(params![key(conn, &info.id)?, json(&RoomRecord::from(info)), last_json, last_id, active_at.0])?;
    Ok(())
}

/// Something happened in a room at `at`.
pub(super) fn touch(conn: &Connection, key: i64, at: Timestamp) -> rusqlite::Result<()> {
    let mut touch = conn.prepare_cached("UPDATE rooms SET active_at = ?2 WHERE key = ?1 AND active_at < ?2")?;
    touch.execute(params![key, at.0])?;
    Ok(())
}

/// The room list must not tell a text that was taken back.
pub(super) fn forget_last(conn: &Connection, key: i64, message: &MessageId) -> rusqlite::Result<()> {
    let mut forget =
        conn.prepare_cached("UPDATE rooms SET last = NULL, last_id = NULL WHERE key = ?1 AND last_id = ?2")?;
    forget.execute(params![key, message.as_str()])?;
    Ok(())
}

/// Notes how far a room was read.
pub(super) fn put_read(
    conn: &Connection,
    room: &RoomId,
    upto: Option<&ReadTo>,
    unread: Unread,
) -> rusqlite::Result<()> {
    let mut put =
        conn.prepare_cached("UPDATE rooms SET read_id = ?2, read_at = ?3, unread = ?4, or_more = ?5 WHERE key = ?1")?;
    let (message, at) = (upto.map(|upto| upto.message.as_str()), upto.map(|upto| upto.at.0));
    put.execute(params![key(conn, room)?, message, at, unread.count, unread.or_more])?;
    Ok(())
}

/// A room is no more. Its messages may be many: they stay behind without a name, and `prune` sweeps them out.
pub(super) fn forget(conn: &Connection, room: &RoomId) -> rusqlite::Result<()> {
    let Some(key) = known_key(conn, room)? else { return Ok(()) };
    conn.execute("DELETE FROM drafts WHERE room = ?1", [key])?;
    conn.execute("DELETE FROM outbox WHERE room = ?1", [key])?;
    conn.execute(
        "UPDATE rooms SET id = NULL, facts = NULL, last = NULL, last_id = NULL, read_id = NULL WHERE key = ?1",
        [key],
    )?;
    Ok(())
}

/// All that came from the server goes.
pub(super) fn forget_history(conn: &Connection) -> rusqlite::Result<()> {
    // Row by row, as the triggers would have it, this takes seconds.
    conn.execute_batch(schema::NO_TRIGGERS)?;
    conn.execute_batch(
        "DELETE FROM messages;
         INSERT INTO words (words) VALUES ('delete-all');
         DELETE FROM people;
         DELETE FROM meta;
         DELETE FROM rooms WHERE key NOT IN (SELECT room FROM drafts UNION SELECT room FROM outbox);
         UPDATE rooms SET active_at = 0, facts = NULL, last = NULL, last_id = NULL, unread = 0, or_more = 0,
             read_id = NULL, read_at = NULL;",
    )?;
    conn.execute_batch(schema::TRIGGERS)
}

/// Everything goes.
pub(super) fn wipe(conn: &Connection) -> rusqlite::Result<()> {
    conn.execute_batch("DELETE FROM drafts; DELETE FROM outbox;")?;
    forget_history(conn)
}

/// Keeps what the server says of a person.
pub(super) fn put_person(conn: &Connection, info: &PersonInfo) -> rusqlite::Result<()> {
    let mut put = conn.prepare_cached("INSERT OR REPLACE INTO people (id, facts) VALUES (?1, ?2)")?;
    put.execute(params![info.id.as_str(), json(&PersonRecord::from(info))])?;
    Ok(())
}

/// Keeps a single fact: `me`, `heard_at` or `opened`.
pub(super) fn put_meta(conn: &Connection, name: &str, value: &str) -> rusqlite::Result<()> {
    conn.prepare_cached("INSERT OR REPLACE INTO meta (name, value) VALUES (?1, ?2)")?.execute([name, value])?;
    Ok(())
}

/// A single fact.
pub(super) fn meta(conn: &Connection, name: &str) -> rusqlite::Result<Option<String>> {
    let mut meta = conn.prepare_cached("SELECT value FROM meta WHERE name = ?1")?;
    meta.query_row([name], |row| row.get(0)).optional()
}

/// Ourselves.
pub(super) fn me(conn: &Connection) -> rusqlite::Result<Option<PersonInfo>> {
    let record = meta(conn, "me")?;
    Ok(record.and_then(|json| read::<PersonRecord>(&json)).map(PersonInfo::from))
}

/// Everybody.
pub(super) fn people(conn: &Connection) -> rusqlite::Result<Vec<PersonInfo>> {
    let mut people = conn.prepare("SELECT facts FROM people")?;
    let people = people.query_map([], |row| row.get::<_, String>(0))?;
    let people = people.map(|json| Ok(read::<PersonRecord>(&json?).map(PersonInfo::from)));
    people.filter_map(Result::transpose).collect()
}

/// All rooms of which the server has told.
pub(super) fn all(conn: &Connection) -> rusqlite::Result<Vec<KeptRoom>> {
    let mut rooms = conn.prepare(
        "SELECT id, facts, last, unread, or_more, read_id, read_at FROM rooms
         WHERE id IS NOT NULL AND facts IS NOT NULL",
    )?;
    let rooms = rooms.query_map([], room)?;
    rooms.filter_map(Result::transpose).collect()
}

fn room(row: &Row<'_>) -> rusqlite::Result<Option<KeptRoom>> {
    let id = RoomId::new(&row.get::<_, String>(0)?);
    let (facts, last): (String, Option<String>) = (row.get(1)?, row.get(2)?);
    let Some(record) = read::<RoomRecord>(&facts) else { return Ok(None) };
    let last = last.and_then(|json| read::<LastRecord>(&json)).map(|last| last.of_room(&id));
    let (read_id, read_at): (Option<String>, Option<i64>) = (row.get(5)?, row.get(6)?);
    let read = read_id.zip(read_at).map(|(id, at)| ReadTo { message: MessageId::new(&id), at: Timestamp(at) });
    let unread = Unread { count: row.get(3)?, or_more: row.get(4)? };
    Ok(Some(KeptRoom { info: record.of_id(id, last), unread, read }))
}

/// The rooms in which something happened last, by number and name.
pub(super) fn recent(conn: &Connection, limit: usize) -> rusqlite::Result<Vec<(i64, RoomId)>> {
    let mut rooms = conn.prepare(
        "SELECT key, id FROM rooms WHERE id IS NOT NULL AND facts IS NOT NULL ORDER BY active_at DESC LIMIT ?1",
    )?;
    let rooms = rooms.query_map([i64::try_from(limit).unwrap_or(i64::MAX)], |row| {
        Ok((row.get(0)?, RoomId::new(&row.get::<_, String>(1)?)))
    })?;
    rooms.collect()
}
