//! The messages of the flood server, each a pure function of its number.

use serde_json::{Value, json};

use super::{ROOM, USER};

/// Creation time of message 0, 2026-01-01T00:00:00Z. Each later message is one second younger.
const EPOCH: i64 = 1_767_225_600;

/// Text of message `number`: a few words, and the number in a form that can be found on a screen.
pub fn text(number: u64) -> String {
    format!("#{number:07} the quick brown fox")
}

/// Message `number` as it appears in pages and events.
pub fn message(number: u64) -> Value {
    json!({
        "success": true,
        "id": format!("c{number:024}"),
        "chat_id": ROOM,
        "user_id": "u-bob",
        "text": text(number),
        "seen": false,
        "created_at": at(number),
        "updated_at": at(number),
        "user": bob(),
    })
}

/// The websocket frame that delivers message `number`.
pub fn event(number: u64) -> String {
    format!("42{}", json!(["message", message(number)]))
}

/// Page `page` of a history of `total` messages: pages are counted from 1, newest first, and are oldest first inside.
pub fn page(page: u64, total: u64) -> Value {
    const SIZE: u64 = 25;
    let page = page.max(1);
    let end = total.saturating_sub((page - 1) * SIZE);
    let messages: Vec<Value> = (end.saturating_sub(SIZE)..end).map(message).collect();
    json!({
        "success": true,
        "messages": messages,
        "page": page,
        "total_messages": total,
        "total_pages": total.div_ceil(SIZE),
    })
}

/// The room as it appears in the room list and in its own answer.
pub fn room(total: u64) -> Value {
    json!({
        "success": true,
        "id": ROOM,
        "title": "Bob",
        "participant_user_ids": ["u-guest", "u-bob"],
        "metadata": {},
        "created_at": at(0),
        "last_message": message(total.saturating_sub(1)),
    })
}

/// The person who logs in.
pub fn guest() -> Value {
    person("u-guest", USER, "Guest")
}

/// The person who writes.
pub fn bob() -> Value {
    person("u-bob", "bob", "Bob")
}

fn person(id: &str, username: &str, name: &str) -> Value {
    json!({
        "id": id,
        "username": username,
        "name": name,
        "metadata": {},
        "created_at": at(0),
        "last_active": at(0),
        "updated_at": at(0),
    })
}

fn at(number: u64) -> String {
    let second = EPOCH.saturating_add_unsigned(number);
    jiff::Timestamp::from_second(second).map(|time| format!("{time:.3}")).unwrap_or_default()
}
