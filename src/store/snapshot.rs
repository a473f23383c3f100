//! Loading of the data with which the program starts.

use rusqlite::Connection;

use crate::domain::{RoomId, Timestamp};

use super::answer::Snapshot;
use super::limits::MAX_LOADED_BYTES;
use super::record::from_json;
use super::{drafts, history, outbox, rooms};

/// Number of rooms whose newest messages are loaded: about as many as the room list shows at once.
const ROOMS: usize = 30;

/// Number of messages loaded for each of them: enough for a tall terminal.
const MESSAGES: u32 = 50;

/// Loads everything, and returns the number of outbox entries that could not be read.
pub(super) fn load(conn: &Connection) -> rusqlite::Result<(Snapshot, usize)> {
    let mut snapshot = load_server_data(conn)?;
    let (outbox, unreadable) = outbox::all(conn)?;
    snapshot.outbox = outbox;
    snapshot.drafts = drafts::all(conn)?;
    snapshot.roomless_draft = drafts::roomless(conn)?;
    Ok((snapshot, unreadable))
}

/// Loads the data that came from the server, without drafts and outbox. Those belong to the one client that has locked
/// the store: if two clients loaded them, both would send the outbox.
pub(super) fn load_server_data(conn: &Connection) -> rusqlite::Result<Snapshot> {
    // A transaction gives one consistent view of the file, even while another client writes.
    let view = conn.unchecked_transaction()?;
    let mut snapshot = Snapshot {
        me: rooms::me(&view)?,
        synced_at: rooms::meta(&view, "heard_at")?.and_then(|at| at.parse().ok()).map(Timestamp),
        open_room: rooms::meta(&view, "opened")?.map(|id| RoomId::new(&id)),
        arrangement: rooms::meta(&view, "arrangement")?.and_then(|json| from_json(&json)).unwrap_or_default(),
        recent_emoji: rooms::meta(&view, "emoji")?.and_then(|json| from_json(&json)).unwrap_or_default(),
        rooms: rooms::all(&view)?,
        people: rooms::people(&view)?,
        ..Snapshot::default()
    };
    let mut bytes = 0;
    for (key, room) in rooms::recent(&view, ROOMS)? {
        let page = history::newest(&view, key, MESSAGES)?;
        bytes += page.messages.iter().map(|message| message.text.len()).sum::<usize>();
        if bytes > MAX_LOADED_BYTES {
            break;
        }
        if !page.messages.is_empty() {
            snapshot.histories.push((room, page));
        }
    }
    Ok(snapshot)
}
