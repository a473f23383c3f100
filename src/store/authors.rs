//! Authors of stored messages, which never change.

use rusqlite::{Connection, OptionalExtension, params};

use crate::domain::{MessageId, PersonId};

use super::gaps::Position;

/// A stored message whose author was compared.
#[derive(Default)]
pub(super) struct FoundMessage {
    pub(super) position: Position,
    /// Whether the expected person wrote it.
    pub(super) is_by_author: bool,
    /// Its flags; see [`flag`](super::codes::flag).
    pub(super) flags: i64,
}

/// Returns a message, if it is stored, and whether `author` wrote it.
///
/// The author of a message never changes. A mismatch means that a server passes off somebody's message as another
/// person's; the caller ignores the change, and this function logs it.
pub(super) fn find_by_author(
    conn: &Connection,
    room: i64,
    id: &MessageId,
    author: &PersonId,
) -> rusqlite::Result<Option<FoundMessage>> {
    let mut select =
        conn.prepare_cached("SELECT sent_at, key, author, flags FROM messages WHERE room = ?1 AND id = ?2")?;
    let found = select.query_row(params![room, id.as_str()], |row| {
        let is_by_author = row.get_ref(2)?.as_str()? == author.as_str();
        Ok(FoundMessage { position: (row.get(0)?, row.get(1)?), is_by_author, flags: row.get(3)? })
    });
    let found = found.optional()?;
    if found.as_ref().is_some_and(|found| !found.is_by_author) {
        let (id, author) = (id.as_str(), author.as_str());
        tracing::warn!(id, author, "ignored a change of a stored message that names another author");
    }
    Ok(found)
}

/// Whether a message may be by this author: it is, or it is not stored, or no author is named.
pub(super) fn may_be_by(
    conn: &Connection,
    room: i64,
    id: &MessageId,
    author: Option<&PersonId>,
) -> rusqlite::Result<bool> {
    let found = author.map(|author| find_by_author(conn, room, id, author)).transpose()?.flatten();
    Ok(found.is_none_or(|found| found.is_by_author))
}
