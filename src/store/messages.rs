//! Messages in the database.
//!
//! The messages of a room are ordered by time, and within a millisecond by their row keys (see `sequence`).

use rusqlite::{CachedStatement, Connection, OptionalExtension, params};

use crate::domain::{LocalId, Message, MessageId, PersonId, Timestamp};
use crate::text::SafeText;

use super::answer::ForgottenFiles;
use super::authors;
use super::codes::{Coded, Continuity, flag};
use super::edits;
use super::gaps::{Position, close_gaps, pass_gap_on, set_continuity};
use super::record::{AttachmentRecord, MoreRecord, QuoteRecord, from_json, to_json};
use super::rooms;
use super::sequence::{Sequence, SequencePart};
use super::write::Batch;

/// Stores messages. Returns the key of the room and the number of messages that are new.
pub(super) fn put(conn: &Connection, batch: &Batch, forgotten: &mut ForgottenFiles) -> rusqlite::Result<(i64, u64)> {
    let room = rooms::key(conn, &batch.room)?;
    let mut writer = MessageWriter::new(conn, room)?;
    let neighbour = |id: &Option<MessageId>| -> rusqlite::Result<Option<Position>> {
        Ok(id.as_ref().map(|id| find(conn, room, id)).transpose()?.flatten())
    };
    let mut sequence = Sequence::after(neighbour(&batch.after)?, batch.messages.len());
    for message in &batch.messages {
        if let Some(id) = &message.id {
            sequence.push(writer.put(id, message, forgotten)?);
        }
    }
    // A message may quote one that follows it in the batch, or itself.
    for id in batch.messages.iter().filter(|message| message.deleted).filter_map(|message| message.id.as_ref()) {
        clear_quotes_of(conn, room, id)?;
    }
    sequence.end_before(neighbour(&batch.before)?);
    sequence.order(conn, room)?;
    let (Some((low, high)), Some((first, last))) = (sequence.bounds(), sequence.bounds_of_messages()) else {
        return Ok((room, 0));
    };
    // No message is missing in the sequence.
    close_gaps(conn, room, low, high)?;
    if batch.from_start {
        set_continuity(conn, first.1, Continuity::Start)?;
    }
    rooms::touch(conn, room, Timestamp(last.0))?;
    Ok((room, sequence.new_messages()))
}

/// Returns the position of a message, if it is stored.
pub(super) fn find(conn: &Connection, room: i64, id: &MessageId) -> rusqlite::Result<Option<Position>> {
    let mut select = conn.prepare_cached("SELECT sent_at, key FROM messages WHERE room = ?1 AND id = ?2")?;
    select.query_row(params![room, id.as_str()], |row| Ok((row.get(0)?, row.get(1)?))).optional()
}

/// Updates a message, if it is stored and its author is the same.
pub(super) fn update(
    conn: &Connection,
    room: i64,
    message: &Message,
    forgotten: &mut ForgottenFiles,
) -> rusqlite::Result<()> {
    if let Some(id) = &message.id
        && find(conn, room, id)?.is_some()
    {
        MessageWriter::new(conn, room)?.put(id, message, forgotten)?;
    }
    Ok(())
}

/// Turns a message into a tombstone. With an `author`, only if that person wrote it.
pub(super) fn tombstone(
    conn: &Connection,
    room: i64,
    id: &MessageId,
    author: Option<&PersonId>,
    forgotten: &mut ForgottenFiles,
) -> rusqlite::Result<()> {
    if !authors::may_be_by(conn, room, id, author)? {
        return Ok(());
    }
    forgotten.add(file_of(conn, room, id)?);
    let mut update = conn.prepare_cached(
        "UPDATE messages SET text = '', file = NULL, more = NULL, quoted = NULL, flags = flags | ?3
         WHERE room = ?1 AND id = ?2",
    )?;
    update.execute(params![room, id.as_str(), flag::DELETED])?;
    clear_quotes_of(conn, room, id)?;
    rooms::clear_last_message(conn, room, id)
}

/// Clears the text of the quotes of a deleted message, which may not be stored itself. A search in an index, so that
/// the length of the history does not matter.
fn clear_quotes_of(conn: &Connection, room: i64, id: &MessageId) -> rusqlite::Result<()> {
    let mut update = conn.prepare_cached(
        "UPDATE messages SET more = iif(json_valid(more), json_set(more, '$.quote.text', ''), NULL), quoted = NULL
         WHERE room = ?1 AND quoted = ?2",
    )?;
    update.execute(params![room, id.as_str()])?;
    Ok(())
}

/// Returns the address of the file of a message, if it has one.
fn file_of(conn: &Connection, room: i64, id: &MessageId) -> rusqlite::Result<Option<String>> {
    let mut select = conn.prepare_cached(
        "SELECT iif(json_valid(more), more ->> '$.attachment.url', NULL) FROM messages
         WHERE room = ?1 AND id = ?2 AND file IS NOT NULL",
    )?;
    Ok(select.query_row(params![room, id.as_str()], |row| row.get(0)).optional()?.flatten())
}

/// Removes a message without a trace.
pub(super) fn remove(
    conn: &Connection,
    room: i64,
    id: &MessageId,
    forgotten: &mut ForgottenFiles,
) -> rusqlite::Result<()> {
    forgotten.add(file_of(conn, room, id)?);
    rooms::clear_last_message(conn, room, id)?;
    let Some(position) = find(conn, room, id)? else { return Ok(()) };
    pass_gap_on(conn, room, position)?;
    conn.prepare_cached("DELETE FROM messages WHERE key = ?1")?.execute([position.1])?;
    Ok(())
}

/// Deletes up to `count` of the oldest messages of a room and returns their number. A gap remains in their place.
pub(super) fn delete_oldest(conn: &Connection, room: i64, count: u64) -> rusqlite::Result<u64> {
    let mut delete = conn.prepare_cached(
        "DELETE FROM messages WHERE key IN (
             SELECT key FROM messages WHERE room = ?1 ORDER BY sent_at, key LIMIT ?2)",
    )?;
    let deleted = delete.execute(params![room, i64::try_from(count).unwrap_or(i64::MAX)])?;
    let mut mark_oldest = conn.prepare_cached(
        "UPDATE messages SET joined = ?2
         WHERE key = (SELECT key FROM messages WHERE room = ?1 ORDER BY sent_at, key LIMIT 1)",
    )?;
    mark_oldest.execute([room, Continuity::Gap.number()])?;
    Ok(u64::try_from(deleted).unwrap_or(u64::MAX))
}

/// Adds the files of up to `count` of the oldest messages of a room to `forgotten`.
pub(super) fn forget_oldest_files(
    conn: &Connection,
    room: i64,
    count: u64,
    forgotten: &mut ForgottenFiles,
) -> rusqlite::Result<()> {
    let mut select = conn.prepare_cached(
        "SELECT iif(json_valid(more), more ->> '$.attachment.url', NULL) FROM (
             SELECT file, more FROM messages WHERE room = ?1 ORDER BY sent_at, key LIMIT ?2)
         WHERE file IS NOT NULL",
    )?;
    let mut rows = select.query(params![room, i64::try_from(count).unwrap_or(i64::MAX)])?;
    while let Some(row) = rows.next()? {
        forgotten.add(row.get(0)?);
    }
    Ok(())
}

/// Prepared statements that store messages of one room.
struct MessageWriter<'a> {
    conn: &'a Connection,
    room: i64,
    insert: CachedStatement<'a>,
    update: CachedStatement<'a>,
    find_tombstone: CachedStatement<'a>,
}

impl<'a> MessageWriter<'a> {
    fn new(conn: &'a Connection, room: i64) -> rusqlite::Result<Self> {
        let insert = conn.prepare_cached(
            "INSERT INTO messages (room, id, sent_at, author, kind, delivery, flags, local, text, file, more, quoted,
                 joined)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, 1) ON CONFLICT DO NOTHING",
        )?;
        // The server sends the same pages again and again; the comparison avoids writes that change nothing.
        let update = conn.prepare_cached(
            "UPDATE messages SET sent_at = ?3, kind = ?5, delivery = ?6, flags = ?7, local = ?8, text = ?9,
                 file = ?10, more = ?11, quoted = ?12
             WHERE room = ?1 AND id = ?2 AND author = ?4 AND (sent_at, kind, delivery, flags, local, text, file, more)
                 IS NOT (?3, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        )?;
        let find_tombstone =
            conn.prepare_cached("SELECT 1 FROM messages WHERE room = ?1 AND id = ?2 AND flags & ?3")?;
        Ok(Self { conn, room, insert, update, find_tombstone })
    }

    /// Returns the quote of a message, without its text if the quoted message was deleted.
    fn quote(&mut self, message: &Message) -> rusqlite::Result<Option<QuoteRecord>> {
        let mut quote = message.quote.as_deref().map(QuoteRecord::from);
        if let Some(quote) = quote.as_mut().filter(|quote| !quote.text.is_empty())
            && self.find_tombstone.exists(params![self.room, quote.id, flag::DELETED])?
        {
            quote.text.clear();
        }
        Ok(quote)
    }

    /// Stores one message. Returns its place and whether it is new. A stored message of another author is left
    /// unchanged.
    fn put(
        &mut self,
        id: &MessageId,
        message: &Message,
        forgotten: &mut ForgottenFiles,
    ) -> rusqlite::Result<SequencePart> {
        let flags = [
            (message.edited, flag::EDITED),
            (message.deleted, flag::DELETED),
            (message.forwarded, flag::FORWARDED),
            (message.starred, flag::STARRED),
        ];
        let flags: i64 = flags.iter().filter(|(is_set, _)| *is_set).map(|(_, bit)| bit).sum();
        let more = MoreRecord {
            attachment: message.attachment.as_deref().map(AttachmentRecord::from),
            quote: self.quote(message)?,
            earlier: if message.deleted { Vec::new() } else { edits::to_record(message.earlier()) },
        };
        let mut row = MessageRow { room: self.room, id, message, flags, more };
        if row.execute(&mut self.insert)? > 0 {
            let position = (message.sent_at.0, self.conn.last_insert_rowid());
            return Ok(SequencePart { position, is_new: true });
        }
        let found = authors::find_by_author(self.conn, self.room, id, &message.author)?.unwrap_or_default();
        let old = found.position;
        if !found.is_by_author {
            return Ok(SequencePart { position: old, is_new: false });
        }
        let was_edited = (found.flags | row.flags) & flag::EDITED != 0;
        if was_edited && (found.flags | row.flags) & flag::DELETED == 0 {
            let reported = [message.earlier(), std::slice::from_ref(&message.text)].concat();
            row.more.earlier = edits::earlier_texts(self.conn, self.room, id, &reported)?;
            row.flags |= flag::EDITED;
        }
        if message.deleted || message.edited {
            let file = message.attachment.as_deref().map(|file| &*file.url);
            forgotten.add(file_of(self.conn, self.room, id)?.filter(|old| Some(old.as_str()) != file));
        }
        let new = (message.sent_at.0, old.1);
        if old != new {
            // The server corrects a time that came from our clock. Nothing is known about the neighbours at the new
            // position.
            pass_gap_on(self.conn, self.room, old)?;
            set_continuity(self.conn, old.1, Continuity::Gap)?;
        }
        row.execute(&mut self.update)?;
        Ok(SequencePart { position: new, is_new: false })
    }
}

/// A message as it is stored.
struct MessageRow<'a> {
    room: i64,
    id: &'a MessageId,
    message: &'a Message,
    flags: i64,
    more: MoreRecord,
}

impl MessageRow<'_> {
    /// Executes a statement with the columns of the message as its parameters. Returns the number of rows changed.
    fn execute(&self, statement: &mut CachedStatement<'_>) -> rusqlite::Result<usize> {
        let Self { room, id, message, flags, more } = self;
        let quoted = more.quote.as_ref().filter(|quote| !quote.text.is_empty()).map(|quote| &*quote.id);
        statement.execute(params![
            room,
            id.as_str(),
            message.sent_at.0,
            message.author.as_str(),
            message.kind.code(),
            message.delivery.code(),
            flags,
            message.local.as_deref().map(LocalId::to_string),
            message.text.with_tabs(),
            message.attachment.as_deref().map(|file| &*file.name),
            (!more.is_empty()).then(|| to_json(more)),
            quoted,
        ])
    }
}

/// The columns that [`read_row`] expects, in this order.
pub(super) const COLUMNS: &str = "messages.id, sent_at, author, kind, delivery, flags, local, text, more, joined, \
                                  messages.key";

/// Index of the text in [`COLUMNS`].
pub(super) const TEXT_COLUMN: usize = 7;

/// Reads the message in a row that begins with [`COLUMNS`].
pub(super) fn read_row(row: &rusqlite::Row<'_>) -> rusqlite::Result<Message> {
    let text = |column| row.get::<_, String>(column);
    let flags: i64 = row.get(5)?;
    let (local, more): (Option<String>, Option<String>) = (row.get(6)?, row.get(8)?);
    let more = more.and_then(|json| from_json::<MoreRecord>(&json)).unwrap_or_default();
    Ok(Message {
        id: Some(MessageId::new(&text(0)?)),
        local: local.and_then(|local| LocalId::parse(&local)).map(Box::new),
        author: PersonId::new(&text(2)?),
        sent_at: Timestamp(row.get(1)?),
        text: SafeText::block(&text(TEXT_COLUMN)?),
        attachment: more.attachment.map(|file| Box::new(file.into())),
        earlier: edits::from_record(&more.earlier),
        delivery: Coded::from_code(&text(4)?),
        edited: flags & flag::EDITED != 0,
        deleted: flags & flag::DELETED != 0,
        kind: Coded::from_code(&text(3)?),
        forwarded: flags & flag::FORWARDED != 0,
        starred: flags & flag::STARRED != 0,
        quote: more.quote.map(|quote| Box::new(quote.into())),
        revision: 0,
    })
}

/// Reads the continuity in a row that begins with [`COLUMNS`].
pub(super) fn read_continuity(row: &rusqlite::Row<'_>) -> rusqlite::Result<Continuity> {
    Ok(Continuity::from_number(row.get(9)?))
}
