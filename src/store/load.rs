//! What the program starts with.

use rusqlite::Connection;

use crate::domain::{RoomId, Timestamp};

use super::answer::Snapshot;
use super::{drafts, outbox, past, rooms};

/// In how many rooms messages are brought along: about what a screen's list shows.
const ROOMS: usize = 30;

/// How many messages of each: a high screen.
const MESSAGES: u32 = 50;

/// All of it, and how many entries of the outbox could not be understood.
pub(super) fn snapshot(conn: &Connection) -> rusqlite::Result<(Snapshot, usize)> {
    let mut snapshot = history(conn)?;
    let (outbox, unread) = outbox::all(conn)?;
    snapshot.outbox = outbox;
    snapshot.drafts = drafts::all(conn)?;
    Ok((snapshot, unread))
}

/// What came from the server. Drafts and the outbox belong to the one client that has the store: two that send the same
/// outbox would send everything twice.
pub(super) fn history(conn: &Connection) -> rusqlite::Result<Snapshot> {
    // One view of the file, whatever another client writes meanwhile.
    let view = conn.unchecked_transaction()?;
    let mut snapshot = Snapshot {
        me: rooms::me(&view)?,
        heard_at: rooms::meta(&view, "heard_at")?.and_then(|at| at.parse().ok()).map(Timestamp),
        opened: rooms::meta(&view, "opened")?.map(|id| RoomId::new(&id)),
        rooms: rooms::all(&view)?,
        people: rooms::people(&view)?,
        ..Snapshot::default()
    };
    for (key, room) in rooms::recent(&view, ROOMS)? {
        let past = past::newest(&view, key, MESSAGES)?;
        if !past.messages.is_empty() {
            snapshot.pasts.push((room, past));
        }
    }
    Ok(snapshot)
}
