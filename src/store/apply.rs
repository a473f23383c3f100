//! What each write does to the file. The only place that knows all of them.

use rusqlite::Connection;

use super::record::{PersonRecord, json};
use super::write::Write;
use super::{drafts, messages, outbox, rooms};

/// What a write did, as far as the worker has to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Done {
    /// Nothing that counts.
    Plain,
    /// A room has that many messages more.
    Grown(i64, u64),
    /// Messages went, or are to go: they have to be counted again.
    Shrunk,
    /// So much went that the file should give its space back.
    Emptied,
}

/// Carries a write out, within the caller's transaction.
pub(super) fn apply(conn: &Connection, write: &Write) -> rusqlite::Result<Done> {
    match write {
        Write::Outbox(change) => outbox::change(conn, change)?,
        Write::Me(info) => rooms::put_meta(conn, "me", &json(&PersonRecord::from(info)))?,
        Write::Heard(at) => rooms::put_meta(conn, "heard_at", &at.0.to_string())?,
        Write::Opened(room) => rooms::put_meta(conn, "opened", room.as_str())?,
        Write::Rooms(infos) => infos.iter().try_for_each(|info| rooms::put(conn, info))?,
        Write::People(infos) => infos.iter().try_for_each(|info| rooms::put_person(conn, info))?,
        Write::Messages(batch) => {
            let (room, new) = messages::put(conn, batch)?;
            return Ok(Done::Grown(room, new));
        }
        Write::Change { room, message } => {
            if let Some(room) = rooms::known_key(conn, room)? {
                messages::change(conn, room, message)?;
            }
        }
        Write::Tombstone { room, message, author } => {
            if let Some(room) = rooms::known_key(conn, room)? {
                messages::bury(conn, room, message, author.as_ref())?;
            }
        }
        Write::Remove { room, message } => {
            if let Some(room) = rooms::known_key(conn, room)? {
                messages::remove(conn, room, message)?;
                return Ok(Done::Shrunk);
            }
        }
        Write::Draft { room, draft } => drafts::put(conn, room, draft.as_ref())?,
        Write::Read { room, upto, unread } => rooms::put_read(conn, room, upto.as_ref(), *unread)?,
        Write::ForgetRoom(room) => {
            rooms::forget(conn, room)?;
            return Ok(Done::Shrunk);
        }
        Write::ForgetHistory => {
            rooms::forget_history(conn)?;
            return Ok(Done::Emptied);
        }
        Write::Wipe => {
            rooms::wipe(conn)?;
            return Ok(Done::Emptied);
        }
    }
    Ok(Done::Plain)
}
