//! Messages on disk, and what is known of the places between them.
//!
//! A room's messages are ordered by time, and within a millisecond by when they came here. `joined` says of each what
//! stands before it (`codes::Joined`); whoever takes a message away hands that on to its neighbour.

use rusqlite::{CachedStatement, Connection, OptionalExtension, params};

use crate::domain::{LocalId, Message, MessageId, PersonId, Timestamp};
use crate::text::SafeText;

use super::codes::{Coded, Joined, flag};
use super::record::{AttachmentRecord, MoreRecord, QuoteRecord, json, read};
use super::rooms;
use super::write::Batch;

/// A message's place in the order of its room: its time and its number.
pub(super) type Place = (i64, i64);

/// Keeps messages; returns the room's number and how many of them are new here.
pub(super) fn put(conn: &Connection, batch: &Batch) -> rusqlite::Result<(i64, u64)> {
    let room = rooms::key(conn, &batch.room)?;
    let mut desk = Desk::new(conn, room)?;
    let mut placed: Vec<(Place, bool)> = Vec::with_capacity(batch.messages.len());
    for message in &batch.messages {
        if let Some(id) = &message.id {
            placed.push(desk.put(id, message)?);
        }
    }
    let (Some(first), Some(last)) = (placed.iter().min().copied(), placed.iter().max().copied()) else {
        return Ok((room, 0));
    };
    let after = batch.after.as_ref().map(|id| place(conn, room, id)).transpose()?.flatten();
    let before = batch.before.as_ref().map(|id| place(conn, room, id)).transpose()?.flatten();
    // Nothing is missing from `low` to `high`, so each message in between has its neighbour before it.
    let low = after.map_or(first.0, |after| after.min(first.0));
    let high = before.map_or(last.0, |before| before.max(last.0));
    join(conn, room, low, high)?;
    if batch.from_start {
        set_joined(conn, first.0.1, Joined::Start)?;
    }
    rooms::touch(conn, room, Timestamp(last.0.0))?;
    let new = placed.iter().filter(|(_, new)| *new).count();
    Ok((room, u64::try_from(new).unwrap_or(u64::MAX)))
}

/// Everything behind `low` and not behind `high` follows directly on what is kept before it.
fn join(conn: &Connection, room: i64, low: Place, high: Place) -> rusqlite::Result<()> {
    let mut join = conn.prepare_cached(
        "UPDATE messages SET joined = 0
         WHERE room = ?1 AND (sent_at, key) > (?2, ?3) AND (sent_at, key) <= (?4, ?5) AND joined <> 0",
    )?;
    join.execute(params![room, low.0, low.1, high.0, high.1])?;
    Ok(())
}

fn set_joined(conn: &Connection, key: i64, joined: Joined) -> rusqlite::Result<()> {
    let mut set = conn.prepare_cached("UPDATE messages SET joined = ?2 WHERE key = ?1")?;
    set.execute([key, joined.number()])?;
    Ok(())
}

/// Where a message stands, if it is here.
pub(super) fn place(conn: &Connection, room: i64, id: &MessageId) -> rusqlite::Result<Option<Place>> {
    let mut place = conn.prepare_cached("SELECT sent_at, key FROM messages WHERE room = ?1 AND id = ?2")?;
    place.query_row(params![room, id.as_str()], |row| Ok((row.get(0)?, row.get(1)?))).optional()
}

/// What stands before a message.
pub(super) fn joined(conn: &Connection, key: i64) -> rusqlite::Result<Joined> {
    let mut joined = conn.prepare_cached("SELECT joined FROM messages WHERE key = ?1")?;
    joined.query_row([key], |row| Ok(Joined::of(row.get(0)?)))
}

/// Where a message stands and whether it is this author's, if it is here. A message stays its author's: what names
/// another one is not applied, which is logged.
fn owned(conn: &Connection, room: i64, id: &MessageId, author: &PersonId) -> rusqlite::Result<Option<(Place, bool)>> {
    let mut owned = conn.prepare_cached("SELECT sent_at, key, author FROM messages WHERE room = ?1 AND id = ?2")?;
    let found = owned.query_row(params![room, id.as_str()], |row| {
        Ok(((row.get(0)?, row.get(1)?), row.get::<_, String>(2)? == author.as_str()))
    });
    let found = found.optional()?;
    if let Some((_, false)) = found {
        let (id, author) = (id.as_str(), author.as_str());
        tracing::warn!(id, author, "not applied: a change on disk names another author than the message's");
    }
    Ok(found)
}

/// A message is another now, if it is kept and still its author's.
pub(super) fn change(conn: &Connection, room: i64, message: &Message) -> rusqlite::Result<()> {
    if let Some(id) = &message.id
        && place(conn, room, id)?.is_some()
    {
        Desk::new(conn, room)?.put(id, message)?;
    }
    Ok(())
}

/// A message was taken back; if `author` is said, only one that is theirs.
pub(super) fn bury(conn: &Connection, room: i64, id: &MessageId, author: Option<&PersonId>) -> rusqlite::Result<()> {
    let owned = author.map(|author| owned(conn, room, id, author)).transpose()?.flatten();
    if let Some((_, false)) = owned {
        return Ok(());
    }
    let mut bury = conn.prepare_cached(
        "UPDATE messages SET text = '', file = NULL, more = NULL, flags = flags | ?3 WHERE room = ?1 AND id = ?2",
    )?;
    bury.execute(params![room, id.as_str(), flag::DELETED])?;
    rooms::forget_last(conn, room, id)
}

/// A message is gone without a trace.
pub(super) fn remove(conn: &Connection, room: i64, id: &MessageId) -> rusqlite::Result<()> {
    rooms::forget_last(conn, room, id)?;
    let Some(place) = place(conn, room, id)? else { return Ok(()) };
    hand_on(conn, room, place)?;
    conn.prepare_cached("DELETE FROM messages WHERE key = ?1")?.execute([place.1])?;
    Ok(())
}

/// A message leaves its place: what is missing before it is missing before its neighbour then.
fn hand_on(conn: &Connection, room: i64, place: Place) -> rusqlite::Result<()> {
    let joined = joined(conn, place.1)?;
    if joined == Joined::Kept {
        return Ok(());
    }
    let mut next = conn.prepare_cached(
        "SELECT key FROM messages WHERE room = ?1 AND (sent_at, key) > (?2, ?3) ORDER BY sent_at, key LIMIT 1",
    )?;
    let next: Option<i64> = next.query_row(params![room, place.0, place.1], |row| row.get(0)).optional()?;
    next.map_or(Ok(()), |next| set_joined(conn, next, joined))
}

/// Takes the oldest messages of a room away, `count` at most; returns how many went.
pub(super) fn shed(conn: &Connection, room: i64, count: u64) -> rusqlite::Result<u64> {
    let mut shed = conn.prepare_cached(
        "DELETE FROM messages WHERE key IN (
             SELECT key FROM messages WHERE room = ?1 ORDER BY sent_at, key LIMIT ?2)",
    )?;
    let gone = shed.execute(params![room, i64::try_from(count).unwrap_or(i64::MAX)])?;
    let mut oldest = conn.prepare_cached(
        "UPDATE messages SET joined = ?2
         WHERE key = (SELECT key FROM messages WHERE room = ?1 ORDER BY sent_at, key LIMIT 1)",
    )?;
    oldest.execute([room, Joined::Unknown.number()])?;
    Ok(u64::try_from(gone).unwrap_or(u64::MAX))
}

/// The statements that put a message, ready to be used many times.
struct Desk<'a> {
    conn: &'a Connection,
    room: i64,
    insert: CachedStatement<'a>,
    update: CachedStatement<'a>,
}

impl<'a> Desk<'a> {
    fn new(conn: &'a Connection, room: i64) -> rusqlite::Result<Self> {
        let insert = conn.prepare_cached(
            "INSERT INTO messages (room, id, sent_at, author, kind, delivery, flags, local, text, file, more, joined)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, 1) ON CONFLICT DO NOTHING",
        )?;
        // Pages bring the same messages again and again: what is as it was costs no write.
        let update = conn.prepare_cached(
            "UPDATE messages SET sent_at = ?3, kind = ?5, delivery = ?6, flags = ?7, local = ?8, text = ?9,
                 file = ?10, more = ?11
             WHERE room = ?1 AND id = ?2 AND author = ?4 AND (sent_at, kind, delivery, flags, local, text, file, more)
                 IS NOT (?3, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        )?;
        Ok(Self { conn, room, insert, update })
    }

    /// Puts one message; returns its place and whether it is new here.
    fn put(&mut self, id: &MessageId, message: &Message) -> rusqlite::Result<(Place, bool)> {
        let flags = [
            (message.edited, flag::EDITED),
            (message.deleted, flag::DELETED),
            (message.forwarded, flag::FORWARDED),
            (message.starred, flag::STARRED),
        ];
        let flags: i64 = flags.iter().filter(|(is, _)| *is).map(|(_, bit)| bit).sum();
        let more = MoreRecord {
            attachment: message.attachment.as_deref().map(AttachmentRecord::from),
            quote: message.quote.as_deref().map(QuoteRecord::from),
        };
        let is_more = more.attachment.is_some() || more.quote.is_some();
        let row = params![
            self.room,
            id.as_str(),
            message.sent_at.0,
            message.author.as_str(),
            message.kind.code(),
            message.delivery.code(),
            flags,
            message.local.as_deref().map(LocalId::to_string),
            &*message.text,
            message.attachment.as_deref().map(|file| &*file.name),
            is_more.then(|| json(&more)),
        ];
        if self.insert.execute(row)? > 0 {
            return Ok(((message.sent_at.0, self.conn.last_insert_rowid()), true));
        }
        let (was, owned) = owned(self.conn, self.room, id, &message.author)?.unwrap_or_default();
        if !owned {
            return Ok((was, false));
        }
        let place = (message.sent_at.0, was.1);
        if was != place {
            // It stood where our clock had put it; of its new place nothing is known.
            hand_on(self.conn, self.room, was)?;
            set_joined(self.conn, was.1, Joined::Unknown)?;
        }
        self.update.execute(row)?;
        Ok((place, false))
    }
}

/// The columns that [`read_row`] wants first, in this order.
pub(super) const COLUMNS: &str = "messages.id, sent_at, author, kind, delivery, flags, local, text, more, joined, \
                                  messages.key";

/// The message of a row that begins with [`COLUMNS`].
pub(super) fn read_row(row: &rusqlite::Row<'_>) -> rusqlite::Result<Message> {
    let text = |column| row.get::<_, String>(column);
    let flags: i64 = row.get(5)?;
    let (local, more): (Option<String>, Option<String>) = (row.get(6)?, row.get(8)?);
    let more = more.and_then(|json| read::<MoreRecord>(&json)).unwrap_or_default();
    Ok(Message {
        id: Some(MessageId::new(&text(0)?)),
        local: local.and_then(|local| LocalId::parse(&local)).map(Box::new),
        author: PersonId::new(&text(2)?),
        sent_at: Timestamp(row.get(1)?),
        text: SafeText::block(&text(7)?),
        attachment: more.attachment.map(|file| Box::new(file.into())),
        delivery: Coded::of(&text(4)?),
        edited: flags & flag::EDITED != 0,
        deleted: flags & flag::DELETED != 0,
        kind: Coded::of(&text(3)?),
        forwarded: flags & flag::FORWARDED != 0,
        starred: flags & flag::STARRED != 0,
        quote: more.quote.map(|quote| Box::new(quote.into())),
        revision: 0,
    })
}
