//! Pieces of a room's history, in which nothing is ever missing.

use rusqlite::{Connection, Rows, params};

use crate::domain::{Message, RoomId};

use super::answer::{Edge, Past};
use super::codes::Joined;
use super::messages::{COLUMNS, Place, joined, place, read_row};
use super::rooms;
use super::write::At;

/// Nothing is known here.
fn nothing() -> Past {
    Past { messages: Vec::new(), edge: Edge::Hole }
}

fn edge(joined: Joined) -> Edge {
    match joined {
        Joined::Kept => Edge::More,
        Joined::Unknown => Edge::Hole,
        Joined::Start => Edge::Start,
    }
}

/// The piece of `room` that was asked for.
pub(super) fn past(conn: &Connection, room: &RoomId, at: &At, limit: u32) -> rusqlite::Result<Past> {
    let Some(room) = rooms::known_key(conn, room)? else { return Ok(nothing()) };
    match at {
        At::Newest => newest(conn, room, limit),
        At::Before(id) => {
            let Some(place) = place(conn, room, id)? else { return Ok(nothing()) };
            match joined(conn, place.1)? {
                Joined::Kept => older(conn, room, Some(place), limit),
                end => Ok(Past { messages: Vec::new(), edge: edge(end) }),
            }
        }
        At::Beyond(id) => {
            let Some(place) = place(conn, room, id)? else { return Ok(nothing()) };
            older(conn, room, Some(place), limit)
        }
        At::After(id) => {
            let Some(place) = place(conn, room, id)? else { return Ok(nothing()) };
            newer(conn, room, place, limit)
        }
    }
}

/// The newest messages of the room with this number.
pub(super) fn newest(conn: &Connection, room: i64, limit: u32) -> rusqlite::Result<Past> {
    older(conn, room, None, limit)
}

fn older(conn: &Connection, room: i64, before: Option<Place>, limit: u32) -> rusqlite::Result<Past> {
    let (at, key) = before.unwrap_or((i64::MAX, i64::MAX));
    let mut older = conn.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM messages WHERE room = ?1 AND (sent_at, key) < (?2, ?3)
         ORDER BY sent_at DESC, key DESC LIMIT ?4"
    ))?;
    let mut rows = older.query(params![room, at, key, limit])?;
    let mut messages = Vec::new();
    let mut end = Edge::Hole;
    while let Some((message, before)) = next(&mut rows)? {
        messages.push(message);
        end = edge(before);
        if before != Joined::Kept {
            break;
        }
    }
    let full = usize::try_from(limit).unwrap_or(usize::MAX);
    if end == Edge::More && messages.len() < full {
        end = Edge::Hole;
    }
    messages.reverse();
    Ok(Past { messages, edge: end })
}

fn newer(conn: &Connection, room: i64, after: Place, limit: u32) -> rusqlite::Result<Past> {
    let mut newer = conn.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM messages WHERE room = ?1 AND (sent_at, key) > (?2, ?3) ORDER BY sent_at, key LIMIT ?4"
    ))?;
    // One more than was asked for tells whether there is more.
    let mut rows = newer.query(params![room, after.0, after.1, i64::from(limit) + 1])?;
    let mut messages = Vec::new();
    let full = usize::try_from(limit).unwrap_or(usize::MAX);
    while let Some((message, before)) = next(&mut rows)? {
        if before != Joined::Kept {
            break;
        }
        if messages.len() == full {
            return Ok(Past { messages, edge: Edge::More });
        }
        messages.push(message);
    }
    Ok(Past { messages, edge: Edge::Hole })
}

fn next(rows: &mut Rows<'_>) -> rusqlite::Result<Option<(Message, Joined)>> {
    let Some(row) = rows.next()? else { return Ok(None) };
    Ok(Some((read_row(row)?, Joined::of(row.get(9)?))))
}
