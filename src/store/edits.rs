//! Edits of stored messages, and the texts before them.
//!
//! An edit may reach the store without the history of the message: the message was not in memory, or a page of the
//! server has only the present text. What is stored about earlier texts is therefore joined with what is reported.

use rusqlite::{Connection, OptionalExtension, params};

use crate::domain::{EarlierTexts, Edit, EditedFile, MessageId, PersonId};
use crate::text::SafeText;

use super::answer::ForgottenFiles;
use super::authors;
use super::codes::flag;
use super::record::{AttachmentRecord, MoreRecord, from_json, to_json};

/// The texts of a stored message, from the oldest to the present one, and what else only few messages have.
struct StoredTexts {
    texts: Vec<SafeText>,
    more: MoreRecord,
}

/// Replaces the content of a message, unless it was deleted. With an author, only if that person wrote it.
pub(super) fn edit(
    conn: &Connection,
    room: i64,
    (id, author): (&MessageId, Option<&PersonId>),
    edit: &Edit,
    forgotten: &mut ForgottenFiles,
) -> rusqlite::Result<()> {
    if !authors::may_be_by(conn, room, id, author)? {
        return Ok(());
    }
    let Some(mut stored) = read(conn, room, id)? else { return Ok(()) };
    stored.more.earlier = joined(&stored.texts, std::slice::from_ref(&edit.text));
    if let EditedFile::Replaced(file) = &edit.file {
        let file = file.as_deref().map(AttachmentRecord::from);
        let before = std::mem::replace(&mut stored.more.attachment, file);
        let url = stored.more.attachment.as_ref().map(|file| &file.url);
        forgotten.add(before.map(|before| before.url).filter(|before| Some(before) != url));
    }
    let name = stored.more.attachment.as_ref().map(|file| file.name.as_str());
    let more = (!stored.more.is_empty()).then(|| to_json(&stored.more));
    let mut update = conn.prepare_cached(
        "UPDATE messages SET text = ?3, more = ?4, file = ?5, flags = flags | ?6 WHERE room = ?1 AND id = ?2",
    )?;
    update.execute(params![room, id.as_str(), edit.text.with_tabs(), more, name, flag::EDITED])?;
    Ok(())
}

/// Returns the texts of a message before edits, from the oldest: those that are stored, and those of a report that ends
/// with its present text.
pub(super) fn earlier_texts(
    conn: &Connection,
    room: i64,
    id: &MessageId,
    reported: &[SafeText],
) -> rusqlite::Result<Vec<String>> {
    let stored = read(conn, room, id)?;
    Ok(joined(stored.as_ref().map_or(&[], |stored| &stored.texts), reported))
}

/// Returns texts before edits as they are stored.
pub(super) fn to_record(texts: &[SafeText]) -> Vec<String> {
    texts.iter().map(|text| text.with_tabs().to_owned()).collect()
}

/// Returns stored texts before edits.
pub(super) fn from_record(texts: &[String]) -> Option<Box<EarlierTexts>> {
    if texts.is_empty() { None } else { EarlierTexts::new(texts.iter().map(|text| SafeText::block(text)).collect()) }
}

fn joined(stored: &[SafeText], reported: &[SafeText]) -> Vec<String> {
    EarlierTexts::joined(stored, reported).map(|earlier| to_record(earlier.texts())).unwrap_or_default()
}

fn read(conn: &Connection, room: i64, id: &MessageId) -> rusqlite::Result<Option<StoredTexts>> {
    let mut select =
        conn.prepare_cached("SELECT text, more FROM messages WHERE room = ?1 AND id = ?2 AND flags & ?3 = 0")?;
    let row = select.query_row(params![room, id.as_str(), flag::DELETED], |row| {
        Ok((row.get::<_, String>(0)?, row.get::<_, Option<String>>(1)?))
    });
    Ok(row.optional()?.map(|(text, more)| {
        let more = more.and_then(|json| from_json::<MoreRecord>(&json)).unwrap_or_default();
        let texts = more.earlier.iter().chain([&text]).map(|text| SafeText::block(text)).collect();
        StoredTexts { texts, more }
    }))
}
