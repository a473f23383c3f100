//! Pages of a room's history. A page never spans a gap.

use rusqlite::{Connection, Rows, params};

use crate::domain::{Message, RoomId};

use super::answer::{Edge, StoredPage};
use super::codes::Continuity;
use super::gaps::{Position, continuity};
use super::limits::MAX_PAGE_BYTES;
use super::messages::{COLUMNS, find, read_continuity, read_row};
use super::rooms;
use super::write::HistoryPosition;

/// The edge before a message.
fn edge_before(continuity: Continuity) -> Edge {
    match continuity {
        Continuity::Contiguous => Edge::More,
        Continuity::Gap => Edge::Gap,
        Continuity::Start => Edge::Start,
    }
}

/// Returns up to `limit` messages of `room`.
pub(super) fn page(conn: &Connection, room: &RoomId, at: &HistoryPosition, limit: u32) -> rusqlite::Result<StoredPage> {
    let Some(room) = rooms::find_key(conn, room)? else { return Ok(StoredPage::unknown()) };
    let id = match at {
        HistoryPosition::Newest => return newest(conn, room, limit),
        HistoryPosition::Before(id) | HistoryPosition::BeforeAcrossGap(id) => id,
    };
    let Some(position) = find(conn, room, id)? else { return Ok(StoredPage::unknown()) };
    match at {
        HistoryPosition::Before(_) => match continuity(conn, position.1)? {
            Continuity::Contiguous => older(conn, room, Some(position), limit),
            end => Ok(StoredPage { messages: Vec::new(), edge: edge_before(end) }),
        },
        HistoryPosition::BeforeAcrossGap(_) | HistoryPosition::Newest => older(conn, room, Some(position), limit),
    }
}

/// Returns up to `limit` of the newest messages of the room with this key.
pub(super) fn newest(conn: &Connection, room: i64, limit: u32) -> rusqlite::Result<StoredPage> {
    older(conn, room, None, limit)
}

/// Returns the messages before a position, or the newest ones, back to the first gap.
fn older(conn: &Connection, room: i64, before: Option<Position>, limit: u32) -> rusqlite::Result<StoredPage> {
    let (at, key) = before.unwrap_or((i64::MAX, i64::MAX));
    let mut select = conn.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM messages WHERE room = ?1 AND (sent_at, key) < (?2, ?3)
         ORDER BY sent_at DESC, key DESC LIMIT ?4"
    ))?;
    let mut rows = select.query(params![room, at, key, limit])?;
    let mut messages = Vec::new();
    let mut edge = Edge::Gap;
    let mut bytes = 0;
    while let Some((message, continuity)) = next(&mut rows)? {
        bytes += message.text.len();
        messages.push(message);
        edge = edge_before(continuity);
        if bytes > MAX_PAGE_BYTES && edge == Edge::More {
            messages.reverse();
            return Ok(StoredPage { messages, edge });
        }
        if continuity != Continuity::Contiguous {
            break;
        }
    }
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    if edge == Edge::More && messages.len() < limit {
        // The oldest stored message claims a predecessor that is not stored.
        edge = Edge::Gap;
    }
    messages.reverse();
    Ok(StoredPage { messages, edge })
}

fn next(rows: &mut Rows<'_>) -> rusqlite::Result<Option<(Message, Continuity)>> {
    let Some(row) = rows.next()? else { return Ok(None) };
    Ok(Some((read_row(row)?, read_continuity(row)?)))
}
