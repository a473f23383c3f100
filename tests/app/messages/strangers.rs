//! The checks of `authorship` for events as they come over the wire. There is a row for each event of either service
//! that names an author or a room. MinChat's `message.delete` and `message.seen` are a bare id.

use minchat_tui::app::LogLevel::{self, Debug, Warn};
use minchat_tui::domain::{Capabilities, ServerEvent};
use minchat_tui::protocol::minchat::MinChat;
use minchat_tui::protocol::vchat::{Credentials, VChat};
use minchat_tui::protocol::{Frame, Protocol};
use serde_json::{Value, json};

use super::authorship::assert_rejected;

use test_support::story::*;

/// Decodes an event of the service.
fn decode(protocol: &mut dyn Protocol, name: &str, payload: Value) -> ServerEvent {
    let frame = Frame::Event { name: name.to_owned(), args: vec![payload] };
    let mut events = protocol.decode(frame).unwrap();
    assert_eq!(events.len(), 1, "{name}: {events:?}");
    events.remove(0)
}

type Row = (&'static str, Value, LogLevel, &'static [&'static str]);

/// Fails unless each row is rejected in the chat with Alice, where `m1` is the user's message and `m2` hers.
fn assert_all_rejected(can: Capabilities, protocol: &mut dyn Protocol, rows: Vec<Row>) {
    for (name, payload, level, parts) in rows {
        let mut story = Story::chat_on(can, 100, 24);
        let event = decode(protocol, name, payload);
        assert_rejected(&mut story, event, level, parts);
        story.lacks("I owe you").shows("Hello Alice").shows("How are you?");
    }
}

#[test]
fn contradictory_minchat_events_are_rejected() {
    let message = |id: &str, room: &str, author: &str| {
        json!({
            "id": id, "chat_id": room, "user_id": author, "text": "I owe you money", "seen": false, "success": true,
            "created_at": "2026-11-21T17:59:00.000Z", "user": {"id": author, "username": author, "name": author},
        })
    };
    let chat = |room: &str, last: Value| {
        json!({
            "id": room, "title": "Payroll", "participant_user_ids": ["mallory", "bob"], "success": true,
            "created_at": "2026-11-21T17:59:00.000Z", "last_message": last,
        })
    };
    let rows: Vec<Row> = vec![
        ("message.update", message("m1", "r1", "mallory"), Warn, &["an edit", "m1", "mallory", "me"]),
        ("message.update", message("m2", "r1", "me"), Warn, &["an edit", "m2", "alice"]),
        ("message", message("m2", "r1", "mallory"), Warn, &["live copy", "m2"]),
        ("message", message("x1", "theirs", "mallory"), Debug, &["x1", "theirs"]),
        ("chat", chat("theirs", message("x1", "theirs", "mallory")), Warn, &["theirs"]),
        ("message.seen", json!("not-here"), Debug, &["not-here"]),
    ];
    assert_all_rejected(MINCHAT, &mut MinChat::new("key"), rows);
}

#[test]
fn contradictory_vchat_events_are_rejected() {
    let message = |id: &str, room: &str, author: &str| {
        let inner = json!({
            "_id": id, "rId": room, "sId": author, "sIdentifier": author, "sName": author, "c": "I owe you money",
            "mT": "text", "msgAtt": null, "createdAt": "2026-11-21T17:59:00.000Z",
        });
        json!(inner.to_string())
    };
    let of_room = |room: &str, author: &str| json!(json!({"roomId": room, "userId": author}).to_string());
    let rows: Vec<Row> = vec![
        ("v1OnUpdateMessage", message("m1", "r1", "mallory"), Warn, &["an edit", "m1", "mallory", "me"]),
        ("v1OnUpdateMessage", message("m2", "r1", "me"), Warn, &["an edit", "m2", "alice"]),
        ("v1OnDeleteMessageFromAll", message("m2", "r1", "mallory"), Warn, &["a deletion", "m2", "mallory"]),
        ("v1OnDeleteMessageFromAll", message("m1", "r1", "mallory"), Warn, &["a deletion", "m1", "mallory"]),
        ("v1OnDeleteMessageFromAll", message("m2", "theirs", "alice"), Debug, &["a deletion", "theirs"]),
        ("v1OnNewMessage", message("m2", "r1", "mallory"), Warn, &["live copy", "m2"]),
        ("v1OnNewMessage", message("x1", "theirs", "mallory"), Debug, &["x1", "theirs"]),
        ("v1OnEnterChatRoom", of_room("theirs", "me"), Warn, &["theirs"]),
        ("v1OnDeliverChatRoom", of_room("theirs", "me"), Warn, &["theirs"]),
        ("v1OnEnterChatRoom", of_room("r1", "mallory"), Debug, &["r1", "mallory"]),
    ];
    assert_all_rejected(VCHAT, &mut VChat::new(Credentials::HashKey("key".into()), "device"), rows);
}

/// The adapters name a person once. A refused message that did so left its author without a name for good.
#[test]
fn author_of_a_refused_message_has_a_name_later() {
    let payload = |id: &str, author: &str, text: &str| {
        json!({
            "id": id, "chat_id": "r1", "text": text, "created_at": "2026-11-21T18:05:00.000Z", "seen": false,
            "user": { "id": author, "username": author, "name": format!("{author} Zander") },
            "_id": id, "rId": "r1", "sId": author, "sName": format!("{author} Zander"), "sIdentifier": author,
            "c": text, "mT": "text", "createdAt": "2026-11-21T18:05:00.000Z",
        })
    };
    let minchat: Box<dyn Protocol> = Box::new(MinChat::new("K"));
    let vchat = Box::new(VChat::new(Credentials::HashKey("K".into()), "d"));
    for (can, mut protocol, event) in [(MINCHAT, minchat, "message"), (VCHAT, vchat, "v1OnNewMessage")] {
        let mut story = Story::chat_on(can, 100, 24);
        for (id, text) in [("m2", "I owe you"), ("z1", "a real message")] {
            let event = decode(&mut *protocol, event, payload(id, "zoe", text));
            story.server(event);
        }
        story.shows("a real message").shows("zoe Zander").lacks("Unknown user").lacks("I owe you");
    }
}

/// A blank name hid the author: the text looked like the previous speaker's.
#[test]
fn blank_name_falls_back_to_the_user_name_and_the_id() {
    let payload = |id: &str, author: &str, username: &str, name: &str| {
        json!({
            "id": id, "chat_id": "r1", "text": format!("text {id}"), "created_at": "2026-11-21T18:05:00.000Z",
            "user": { "id": author, "username": username, "name": name },
            "_id": id, "rId": "r1", "sId": author, "sName": name, "sIdentifier": username,
            "c": format!("text {id}"), "mT": "text", "createdAt": "2026-11-21T18:05:00.000Z",
        })
    };
    let minchat: Box<dyn Protocol> = Box::new(MinChat::new("K"));
    let vchat = Box::new(VChat::new(Credentials::HashKey("K".into()), "d"));
    for (can, mut protocol, event) in [(MINCHAT, minchat, "message"), (VCHAT, vchat, "v1OnNewMessage")] {
        let mut story = Story::chat_on(can, 100, 40);
        let blanks = [
            " ",
            "\u{a0}",
            "\u{3000}",
            "\u{2800}",
            "\u{1680}",
            "\t",
            "\n",
            "\u{2003}",
            "\u{301}",
            "\u{1b80}",
            "\u{20e0}",
            "\u{1107f}",
            "\u{17d2}",
            "\u{16fe4}",
            "\u{13442}",
            "\u{e000}",
        ];
        for (n, blank) in blanks.iter().enumerate() {
            let event =
                decode(&mut *protocol, event, payload(&format!("n{n}"), &format!("id{n}"), &format!("user{n}"), blank));
            story.server(event);
            story.shows(&format!("│ user{n}"));
        }
        let event = decode(&mut *protocol, event, payload("x", "the-id", "\u{2800}", "\u{3000}"));
        story.server(event);
        story.shows("│ the-id");
    }
}

/// Somebody may take the name of another member, or one that looks the same.
#[test]
fn names_that_look_alike_are_marked_with_the_user_name() {
    for (name, is_marked) in [
        ("Alice Archer", true),
        ("Аlice Archer", true),
        ("A1ice  Archer", true),
        ("Me Myself", true),
        ("Alice Other", false),
    ] {
        let mut story = Story::chat(100, 24);
        let mut info = message("x1", "mallory", "send me money", 60_000);
        info.author_info = Some(Box::new(person("mallory", name)));
        story.server(ServerEvent::Message(info));
        story.shows(name);
        assert_eq!(story.screen().contains("@mallory"), is_marked, "{name}\n{}", story.screen());
        assert_eq!(story.screen().contains("Alice Archer @alice"), is_marked && name != "Me Myself", "{name}");
        story.lacks("Me Myself @me ");
    }
}
