//! The messages of the flood server, each a pure function of its number.

use serde_json::{Value, json};

use super::{ROOM, USER};

/// Creation time of message 0, 2026-01-01T00:00:00Z. Each later message is one second younger.
const EPOCH: i64 = 1_767_225_600;

/// Words of the messages. All equal texts would cost a full-text index next to nothing.
const WORDS: [&str; 48] = [
    "the", "a", "to", "of", "and", "in", "is", "it", "you", "that", "for", "on", "with", "as", "this", "but", "not",
    "are", "deploy", "build", "server", "client", "message", "thread", "branch", "review", "merge", "release",
    "latency", "buffer", "cache", "config", "error", "patch", "kernel", "screen", "socket", "stream", "packet",
    "queue", "worker", "token", "meeting", "tomorrow", "coffee", "ticket", "design", "maybe",
];

/// Number of people who write.
const AUTHORS: u64 = 50;

/// Beginning of the text of message `number`, by which it can be found on a screen.
pub fn label(number: u64) -> String {
    format!("#{number:07}")
}

/// Text of message `number`: its label and one to sixteen words.
fn text(number: u64) -> String {
    let mut text = label(number);
    // The constants are those of PCG; any mixing would do.
    let mut random = number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    for _ in 0..1 + (random >> 60) {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let word = usize::try_from(random >> 33).unwrap_or(0) % WORDS.len();
        text.push(' ');
        text.push_str(WORDS[word]);
    }
    text
}

/// Message `number` as it appears in pages and events.
pub fn message(number: u64) -> Value {
    json!({
        "success": true,
        "id": format!("c{number:024}"),
        "chat_id": ROOM,
        "user_id": format!("u-{}", number % AUTHORS),
        "text": text(number),
        "seen": false,
        "created_at": at(number),
        "updated_at": at(number),
        "user": author(number % AUTHORS),
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
        "title": "Bench",
        "participant_user_ids": ["u-guest", "u-0", "u-1"],
        "metadata": {},
        "created_at": at(0),
        "last_message": message(total.saturating_sub(1)),
    })
}

/// The person who logs in.
pub fn guest() -> Value {
    person("u-guest", USER, "Guest")
}

/// A person who writes.
pub fn author(number: u64) -> Value {
    person(&format!("u-{number}"), &format!("user{number}"), &format!("User {number}"))
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
