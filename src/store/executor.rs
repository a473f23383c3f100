//! Translation of each [`Write`] into changes of the database.

use rusqlite::Connection;

use super::answer::ForgottenFiles;
use super::record::{PersonRecord, to_json};
use super::write::Write;
use super::{drafts, edits, messages, outbox, rooms};

/// Change in the number of stored messages, which the pruner has to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RowChange {
    /// No message was added or removed.
    None,
    /// The room with this key has this many messages more.
    Added(i64, u64),
    /// Messages were removed or marked for removal, so they have to be counted again.
    Removed,
    /// Most data was removed, so the file should shrink.
    Cleared,
}

/// Carries out a write within the transaction of the caller. Adds the files of the messages that it deletes to
/// `forgotten`.
pub(super) fn execute(conn: &Connection, write: &Write, forgotten: &mut ForgottenFiles) -> rusqlite::Result<RowChange> {
    match write {
        Write::Outbox(change) => outbox::write(conn, change)?,
        Write::Me(info) => rooms::put_meta(conn, "me", &to_json(&PersonRecord::from(info)))?,
        Write::SyncedAt(at) => rooms::put_meta(conn, "heard_at", &at.0.to_string())?,
        Write::OpenRoom(room) => rooms::put_meta(conn, "opened", room.as_str())?,
        Write::Arrangement(arrangement) => rooms::put_meta(conn, "arrangement", &to_json(arrangement))?,
        Write::RecentEmoji(emoji) => rooms::put_meta(conn, "emoji", &to_json(emoji))?,
        Write::Rooms(infos) => infos.iter().try_for_each(|info| rooms::put(conn, info))?,
        Write::People(infos) => infos.iter().try_for_each(|info| rooms::put_person(conn, info))?,
        Write::Messages(batch) => {
            let (room, new) = messages::put(conn, batch, forgotten)?;
            return Ok(RowChange::Added(room, new));
        }
        Write::UpdateMessage { room, message } => {
            if let Some(room) = rooms::find_key(conn, room)? {
                messages::update(conn, room, message, forgotten)?;
            }
        }
        Write::Edit { room, message, author, edit } => {
            if let Some(room) = rooms::find_key(conn, room)? {
                edits::edit(conn, room, (message, author.as_ref()), edit, forgotten)?;
            }
        }
        Write::Tombstone { room, message, author } => {
            if let Some(room) = rooms::find_key(conn, room)? {
                messages::tombstone(conn, room, message, author.as_ref(), forgotten)?;
            }
        }
        Write::RemoveMessage { room, message } => {
            if let Some(room) = rooms::find_key(conn, room)? {
                messages::remove(conn, room, message, forgotten)?;
                return Ok(RowChange::Removed);
            }
        }
        Write::Draft { room, draft } => drafts::put(conn, room, draft.as_ref())?,
        Write::RoomlessDraft(draft) => drafts::put_roomless(conn, draft.as_ref())?,
        Write::AddToDraft { room, draft } => drafts::add(conn, room.as_ref(), draft)?,
        Write::ReadMarker { room, marker, unread } => {
            rooms::put_read_marker(conn, room, marker.as_ref(), *unread)?;
        }
        Write::ForgetRoom(room) => {
            rooms::forget(conn, room)?;
            return Ok(RowChange::Removed);
        }
        Write::ForgetHistory => {
            rooms::forget_history(conn)?;
            *forgotten = ForgottenFiles::All;
            return Ok(RowChange::Cleared);
        }
        Write::Wipe => {
            rooms::wipe(conn)?;
            *forgotten = ForgottenFiles::All;
            return Ok(RowChange::Cleared);
        }
    }
    Ok(RowChange::None)
}
