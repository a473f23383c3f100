//! Rooms, people and facts about the account in the database.

use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::domain::{MessageId, PersonInfo, RoomId, RoomInfo, Timestamp, Unread};

use super::answer::RoomSnapshot;
use super::limits::{MAX_LOADED_PEOPLE, MAX_LOADED_ROOMS, read_within_limits};
use super::record::{LastRecord, PersonRecord, RoomRecord, from_json, to_json};
use super::write::ReadMarker;

/// Returns the key of a room, inserting the room if it is new.
pub(super) fn key(conn: &Connection, room: &RoomId) -> rusqlite::Result<i64> {
    if let Some(key) = find_key(conn, room)? {
        return Ok(key);
    }
    conn.prepare_cached("INSERT INTO rooms (id) VALUES (?1)")?.execute([room.as_str()])?;
    Ok(conn.last_insert_rowid())
}

/// Returns the key of a room, if the room is stored.
pub(super) fn find_key(conn: &Connection, room: &RoomId) -> rusqlite::Result<Option<i64>> {
    conn.prepare_cached("SELECT key FROM rooms WHERE id = ?1")?.query_row([room.as_str()], |row| row.get(0)).optional()
}

/// Stores a room as the server reports it.
pub(super) fn put(conn: &Connection, info: &RoomInfo) -> rusqlite::Result<()> {
    let last = info.last_message.as_ref();
    let active_at = last.map(|last| last.sent_at).or(info.created_at).unwrap_or_default();
    let mut update = conn.prepare_cached(
        "UPDATE rooms SET facts = ?2, last = ?3, last_id = ?4, active_at = max(active_at, ?5) WHERE key = ?1",
    )?;
    let last_json = last.map(|last| to_json(&LastRecord::from(last)));
    let last_id = last.map(|last| last.id.as_str());
    update.execute(params![key(conn, &info.id)?, to_json(&RoomRecord::from(info)), last_json, last_id, active_at.0])?;
    Ok(())
}

/// Notes activity in a room at `at`.
pub(super) fn touch(conn: &Connection, key: i64, at: Timestamp) -> rusqlite::Result<()> {
    let mut update = conn.prepare_cached("UPDATE rooms SET active_at = ?2 WHERE key = ?1 AND active_at < ?2")?;
    update.execute(params![key, at.0])?;
    Ok(())
}

/// Clears the newest message of a room if it is `message`, so that the room list never shows a deleted text.
pub(super) fn clear_last_message(conn: &Connection, key: i64, message: &MessageId) -> rusqlite::Result<()> {
    let mut update =
        conn.prepare_cached("UPDATE rooms SET last = NULL, last_id = NULL WHERE key = ?1 AND last_id = ?2")?;
    update.execute(params![key, message.as_str()])?;
    Ok(())
}

/// Stores the read marker of a room.
pub(super) fn put_read_marker(
    conn: &Connection,
    room: &RoomId,
    marker: Option<&ReadMarker>,
    unread: Unread,
) -> rusqlite::Result<()> {
    let mut update = conn.prepare_cached(
        "UPDATE rooms SET read_id = ?2, read_at = ?3, unread = ?4, or_more = ?5, mentions = ?6 WHERE key = ?1",
    )?;
    let (message, at) = (marker.map(|marker| marker.message.as_str()), marker.map(|marker| marker.at.0));
    update.execute(params![key(conn, room)?, message, at, unread.count, unread.or_more, unread.mentions])?;
    Ok(())
}

/// Forgets a room. It may have many messages: they stay behind under a room without an id, and the pruner deletes them
/// in small batches.
pub(super) fn forget(conn: &Connection, room: &RoomId) -> rusqlite::Result<()> {
    let Some(key) = find_key(conn, room)? else { return Ok(()) };
    conn.execute("DELETE FROM drafts WHERE room = ?1", [key])?;
    conn.execute("DELETE FROM outbox WHERE room = ?1", [key])?;
    conn.execute(
        "UPDATE rooms SET id = NULL, facts = NULL, last = NULL, last_id = NULL, read_id = NULL WHERE key = ?1",
        [key],
    )?;
    Ok(())
}

/// Deletes everything that came from the server.
pub(super) fn forget_history(conn: &Connection) -> rusqlite::Result<()> {
    conn.execute_batch(
        "DELETE FROM messages;
         DELETE FROM people;
         DELETE FROM meta WHERE name <> 'draft';
         DELETE FROM rooms WHERE key NOT IN (SELECT room FROM drafts UNION SELECT room FROM outbox);
         UPDATE rooms SET active_at = 0, facts = NULL, last = NULL, last_id = NULL, unread = 0, or_more = 0,
             mentions = 0, read_id = NULL, read_at = NULL;",
    )
}

/// Name of the fact that holds the draft without a room, which the user wrote.
pub(super) const ROOMLESS_DRAFT: &str = "draft";

/// Deletes everything.
pub(super) fn wipe(conn: &Connection) -> rusqlite::Result<()> {
    conn.execute_batch("DELETE FROM drafts; DELETE FROM outbox; DELETE FROM meta;")?;
    forget_history(conn)
}

/// Stores a person as the server reports them.
pub(super) fn put_person(conn: &Connection, info: &PersonInfo) -> rusqlite::Result<()> {
    let mut insert = conn.prepare_cached("INSERT OR REPLACE INTO people (id, facts) VALUES (?1, ?2)")?;
    insert.execute(params![info.id.as_str(), to_json(&PersonRecord::from(info))])?;
    Ok(())
}

/// Stores a fact about the account, such as `me` or `opened`.
pub(super) fn put_meta(conn: &Connection, name: &str, value: &str) -> rusqlite::Result<()> {
    conn.prepare_cached("INSERT OR REPLACE INTO meta (name, value) VALUES (?1, ?2)")?.execute([name, value])?;
    Ok(())
}

/// Removes a fact about the account.
pub(super) fn remove_meta(conn: &Connection, name: &str) -> rusqlite::Result<()> {
    conn.prepare_cached("DELETE FROM meta WHERE name = ?1")?.execute([name])?;
    Ok(())
}

/// Returns a fact about the account.
pub(super) fn meta(conn: &Connection, name: &str) -> rusqlite::Result<Option<String>> {
    let mut select = conn.prepare_cached("SELECT value FROM meta WHERE name = ?1")?;
    select.query_row([name], |row| row.get(0)).optional()
}

/// Returns the signed-in user.
pub(super) fn me(conn: &Connection) -> rusqlite::Result<Option<PersonInfo>> {
    let record = meta(conn, "me")?;
    Ok(record.and_then(|json| from_json::<PersonRecord>(&json)).map(PersonInfo::from))
}

/// Returns the people, within the limits on what is loaded.
pub(super) fn people(conn: &Connection) -> rusqlite::Result<Vec<PersonInfo>> {
    let mut select = conn.prepare("SELECT facts, octet_length(facts) FROM people LIMIT ?1")?;
    let people = read_within_limits(select.query([MAX_LOADED_PEOPLE])?, 1, |row| {
        Ok(from_json::<PersonRecord>(row.get_ref(0)?.as_str()?).map(PersonInfo::from))
    })?;
    Ok(people.into_iter().flatten().collect())
}

/// Returns the rooms that the server has reported, most recently active first, within the limits on what is loaded.
pub(super) fn all(conn: &Connection) -> rusqlite::Result<Vec<RoomSnapshot>> {
    let mut select = conn.prepare(
        "SELECT id, facts, last, unread, or_more, read_id, read_at, mentions,
             octet_length(facts) + octet_length(ifnull(last, ''))
         FROM rooms WHERE id IS NOT NULL AND facts IS NOT NULL ORDER BY active_at DESC, key LIMIT ?1",
    )?;
    let rooms = read_within_limits(select.query([MAX_LOADED_ROOMS])?, 8, read_row)?;
    Ok(rooms.into_iter().flatten().collect())
}

fn read_row(row: &Row<'_>) -> rusqlite::Result<Option<RoomSnapshot>> {
    let id = RoomId::new(&row.get::<_, String>(0)?);
    let (facts, last): (String, Option<String>) = (row.get(1)?, row.get(2)?);
    let Some(record) = from_json::<RoomRecord>(&facts) else { return Ok(None) };
    let last = last.and_then(|json| from_json::<LastRecord>(&json)).map(|last| last.into_message(&id));
    let (read_id, read_at): (Option<String>, Option<i64>) = (row.get(5)?, row.get(6)?);
    let read_marker =
        read_id.zip(read_at).map(|(id, at)| ReadMarker { message: MessageId::new(&id), at: Timestamp(at) });
    let unread = Unread { count: row.get(3)?, or_more: row.get(4)?, mentions: row.get(7)? };
    Ok(Some(RoomSnapshot { info: record.into_room(id, last), unread, read_marker }))
}

/// Returns the keys and ids of the most recently active rooms.
pub(super) fn recent(conn: &Connection, limit: usize) -> rusqlite::Result<Vec<(i64, RoomId)>> {
    let mut select = conn.prepare(
        "SELECT key, id FROM rooms WHERE id IS NOT NULL AND facts IS NOT NULL ORDER BY active_at DESC LIMIT ?1",
    )?;
    let rooms = select.query_map([i64::try_from(limit).unwrap_or(i64::MAX)], |row| {
        Ok((row.get(0)?, RoomId::new(&row.get::<_, String>(1)?)))
    })?;
    rooms.collect()
}
