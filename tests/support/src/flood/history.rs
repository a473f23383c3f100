//! The messages, each a pure function of its number.

use serde_json::{Value, json};

use super::{ROOM, USER};

/// 2026-01-01T00:00:00Z. Message 0 was written then, each next one a second later.
const EPOCH: i64 = 1_767_225_600;

/// What message `number` says: a few words, and its number in a form that is found on a screen.
pub fn text(number: u64) -> String {
    format!("#{number:07} the quick brown fox")
}

/// Message `number` as it stands in pages and events.
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

/// The websocket frame that brings message `number`.
pub fn event(number: u64) -> String {
    format!("42{}", json!(["message", message(number)]))
}

/// Page `page` (from 1, newest first, oldest first within) of a history of `total` messages.
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

/// The room as its list and its own page show it.
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

/// Who logs in.
pub fn guest() -> Value {
    person("u-guest", USER, "Guest")
}

/// Who writes.
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
