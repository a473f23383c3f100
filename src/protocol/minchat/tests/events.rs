//! Socket events (`docs/protocol/minchat.md` §5).

use serde_json::json;

use crate::domain::{Activity, AttachmentKind, LocalId, MessageId, PageSerial, PersonId, RoomId, Timestamp};

use super::*;

#[test]
fn message_is_read_as_plain_text() {
    let hello = message(event("message", fixture!("event.message")));
    assert_eq!(hello.id, MessageId::new(MESSAGE));
    assert_eq!(hello.room, RoomId::new(CHAT));
    assert_eq!(hello.author, PersonId::new(ALICE));
    assert_eq!(&*hello.text, "Hello, <b>Bob</b>\n**how** are you?");
    assert_eq!(Some(hello.sent_at), Timestamp::parse("2026-11-21T18:03:23.979Z"));
    assert_eq!((hello.seen, hello.local, hello.attachment), (false, None, None));
    assert_eq!(&*hello.author_info.unwrap().username, "alice");
}

#[test]
fn message_variants_are_read() {
    let file = message(event("message", fixture!("event.message.file"))).attachment.unwrap();
    assert_eq!((file.kind, &*file.name, &*file.size), (AttachmentKind::Gif, "cat.gif", "2.1 MB"));
    assert_eq!(message(event("message", fixture!("event.message.own"))).local, LocalId::parse(LOCAL));
    let docs = message(event("message", fixture!("event.message.docs")));
    assert_eq!((docs.author, docs.author_info), (PersonId::new(ALICE), None));
}

#[test]
fn author_is_reported_once_live_and_always_in_replies() {
    let mut minchat = signed_in();
    let mut live = |payload| message(events(&mut minchat, "message", payload).unwrap().remove(0)).author_info;
    assert!(live(fixture!("event.message")).is_some());
    assert!(live(fixture!("event.message")).is_none());
    let mut renamed = fixture!("event.message");
    renamed["user"]["name"] = json!("Alicia");
    assert_eq!(&*live(renamed).unwrap().name, "Alicia");
    // A reply makes up for lost events, so it includes the author every time.
    let history = Request::History { room: RoomId::new(CHAT), serial: PageSerial::default(), page: 1, before: None };
    let ServerEvent::History { messages, .. } = reply(&mut minchat, history, 200, fixture!("reply.history")) else {
        panic!()
    };
    assert!(messages.iter().all(|message| message.author_info.is_some()));
}

/// Regression test: the room info showed control sequences in the metadata in full, as JSON escapes.
#[test]
fn control_sequences_in_metadata_are_removed() {
    let mut chat = fixture!("event.chat");
    chat["metadata"] = json!({"a\u{1b}]0;OWNED\u{7}": ["b\u{1b}]2;OWNED\u{7}", {"c": "d\u{1b}[2J"}, 1, true, null]});
    let ServerEvent::RoomChanged(room) = event("chat", chat) else { panic!() };
    let clean = |raw: &str| crate::text::SafeText::block(raw).to_string();
    let (a, b, d) = (clean("a\u{1b}]0;OWNED\u{7}"), clean("b\u{1b}]2;OWNED\u{7}"), clean("d\u{1b}[2J"));
    let expected = json!({a: [b, {"c": d}, 1, true, null]}).to_string();
    assert_eq!(room.metadata.as_deref(), Some(expected.as_str()));
    assert!(!expected.contains("OWNED") && !expected.contains("\\u"), "{expected}");
}

#[test]
fn other_events_are_read() {
    assert_eq!(&*message(event("message.update", fixture!("event.message.update"))).text, "Hello, edited");
    let id = MessageId::new(MESSAGE);
    assert_eq!(event("message.delete", fixture!("event.message.delete")), ServerEvent::Deleted(id.clone()));
    assert_eq!(event("message.seen", fixture!("event.message.seen")), ServerEvent::Seen(id.clone()));
    assert_eq!(event("message.seen", json!({"id": MESSAGE})), ServerEvent::Seen(id));

    let ServerEvent::RoomChanged(room) = event("chat", fixture!("event.chat")) else { panic!() };
    assert_eq!((room.title.as_deref(), room.participants.len()), (Some("Alice A"), 2));
    assert_eq!(room.metadata.as_deref(), Some(r#"{"topic":"demo"}"#));
    assert_eq!(&*room.last_message.unwrap().text, "Hello");

    for (name, payload, expected) in
        [("typing.start", fixture!("event.typing.start"), true), ("typing.stop", fixture!("event.typing.stop"), false)]
    {
        let ServerEvent::Typing { person, room, activity } = event(name, payload) else { panic!() };
        assert_eq!((&*person.name, room, activity), ("Alice A", None, expected.then_some(Activity::Typing)));
        assert_eq!(person.last_active, Timestamp::parse("2026-11-21T18:03:27.207Z"));
    }
    let person = PersonId::new(ALICE);
    let online = ServerEvent::Presence { person: person.clone(), online: true };
    assert_eq!(event("user.status", fixture!("event.user.status")), online);
    let offline = ServerEvent::Presence { person, online: false };
    assert_eq!(event("user.status", fixture!("event.user.status.offline")), offline);

    let ServerEvent::AgentAction { room, agent, action } = event("ai.event", fixture!("event.ai.event")) else {
        panic!()
    };
    assert_eq!((room, &*agent, &*action), (Some(RoomId::new(CHAT)), "sample_bot", "ai_handoff"));
    let ServerEvent::Notice(text) = event("error", fixture!("event.error")) else { panic!() };
    assert_eq!(&*text, "You are not a member of this chat");
}

#[test]
fn unknown_event_is_ignored_and_malformed_one_is_an_error() {
    let mut minchat = MinChat::new("KEY");
    assert_eq!(events(&mut minchat, "unheard.of", json!({})), Ok(vec![]));
    assert_eq!(events(&mut minchat, "message", json!("typing.stop")), Ok(vec![]));
    assert_eq!(events(&mut minchat, "message", json!({"success": false, "message": "no"})), Ok(vec![]));
    assert_eq!(minchat.decode(Frame::Event { name: "message".into(), args: vec![] }), Ok(vec![]));
    for field in ["id", "chat_id", "created_at"] {
        let mut broken = fixture!("event.message");
        broken.as_object_mut().unwrap().remove(field);
        let error = events(&mut minchat, "message", broken).unwrap_err();
        assert_eq!((error.subject.as_str(), error.reason.as_str()), ("message", &*format!("a message has no {field}")));
    }
    let mut bare = fixture!("event.message");
    bare.as_object_mut().unwrap().retain(|key, _| !key.starts_with("user"));
    assert_eq!(events(&mut minchat, "message", bare).unwrap_err().reason, "a message has no user");
}

#[test]
fn control_sequences_are_sanitised() {
    let mut hostile = fixture!("event.message");
    hostile["text"] = json!("\u{1b}]0;x\u{7}a\nb");
    hostile["user"]["name"] = json!("A\u{1b}[2J\nB");
    let hostile = message(event("message", hostile));
    assert_eq!(&*hostile.text, "␛a\nb");
    assert_eq!(&*hostile.author_info.unwrap().name, "A␛ B");
}
