//! Shapes and recipients of MinChat's objects, as the protocol notes describe them.

use super::*;
use crate::domain::Timestamp;
use crate::server::minchat::messages::{MessageEdit, NewMessage};
use crate::server::minchat::model::{NewChat, NewUser, Profile};
use crate::server::minchat::tenant::TenantKind;

const AT: Timestamp = Timestamp(1_795_284_207_198);

/// An app, its users Ann and Bob, their chat, and a message of Ann in it.
fn app(is_group: bool) -> (Tenant, Id, Id, Id, Id) {
    let mut app = Tenant::new(TenantKind::Regular, 1);
    let mut user = |name: &str| {
        let (name, avatar) = (Some(format!("{name} X")), Some(format!("{name}.png")));
        let username = name.clone().unwrap_or_default();
        app.create_user(AT, NewUser { username, profile: Profile { name, avatar, metadata: None } }).unwrap()
    };
    let (ann, bob) = (user("ann"), user("bob"));
    let members = vec![ann.clone(), bob.clone()];
    let chat = app.start_chat(AT, NewChat { members, is_group, ..NewChat::default() }).unwrap();
    let text = Some("hi".to_owned());
    let new = NewMessage { chat: chat.clone(), author: ann.clone(), text, ..NewMessage::default() };
    let (message, _) = app.send_message(AT, new).unwrap();
    (app, ann, bob, chat, message)
}

#[test]
fn times_have_milliseconds_and_a_z() {
    assert_eq!(rfc3339(AT), "2026-11-21T18:03:27.198Z");
    assert_eq!(rfc3339(Timestamp(0)), "1970-01-01T00:00:00.000Z");
    assert_eq!(rfc3339(Timestamp(i64::MAX)), "1970-01-01T00:00:00.000Z");
}

#[test]
fn message_contains_its_author_and_success() {
    let (app, ann, _, chat, id) = app(false);
    let object = message(&app, app.message(&id).unwrap());
    assert_eq!(object["success"], true);
    assert_eq!((object["chat_id"].as_str(), object["user_id"].as_str()), (Some(&*chat), Some(&*ann)));
    assert_eq!(object["user"]["name"], "ann X");
    assert_eq!(object["created_at"], "2026-11-21T18:03:27.198Z");
    assert!(object.get("file").is_none() && object.get("metadata").is_none());
}

#[test]
fn direct_chat_has_the_name_and_picture_of_the_peer() {
    let (app, ann, bob, id, _) = app(false);
    let found = app.chat(&id).unwrap();
    let (to_ann, to_bob) = (chat(&app, found, &ann), chat(&app, found, &bob));
    assert_eq!((&to_ann["title"], &to_ann["avatar"]), (&json!("bob X"), &json!("bob.png")));
    assert_eq!((&to_bob["title"], &to_bob["avatar"]), (&json!("ann X"), &json!("ann.png")));
    assert_eq!(to_ann["participant_user_ids"], json!([ann, bob]));
    assert_eq!(to_ann["last_message"]["text"], "hi");
}

#[test]
fn untitled_group_is_called_group_chat() {
    let (app, ann, _, id, _) = app(true);
    let object = chat(&app, app.chat(&id).unwrap(), &ann);
    assert_eq!(object["title"], "Group Chat");
    assert!(object.get("avatar").is_none());
}

#[test]
fn message_goes_to_the_room_and_the_chat_to_other_members() {
    let (app, _, bob, chat, id) = app(false);
    let sent = deliveries(&app, &ChatEvent::MessageSent { chat: chat.clone(), message: id });
    let recipients: Vec<_> = sent.iter().map(|to| (to.event, to.rooms.clone(), to.skip_origin)).collect();
    let message = ("message", vec![SocketRoom::Chat(chat)], true);
    assert_eq!(recipients, [message, ("chat", vec![SocketRoom::User(bob)], false)]);
    assert_eq!(sent[1].payload["title"], "ann X");
    assert_eq!(sent[1].payload["success"], true);
}

#[test]
fn edit_goes_to_the_whole_room() {
    let (mut app, _, _, chat, id) = app(false);
    let edit = MessageEdit { text: Some("ho".to_owned()), ..MessageEdit::default() };
    let event = app.edit_message(AT, &id, edit).unwrap();
    let edited = deliveries(&app, &event);
    assert_eq!(
        (edited[0].event, &edited[0].rooms, edited[0].skip_origin),
        ("message.update", &vec![SocketRoom::Chat(chat)], false)
    );
    assert_eq!(edited[0].payload["text"], "ho");
}

#[test]
fn deletions_and_seen_marks_are_plain_ids() {
    let (mut app, ann, bob, chat, id) = app(false);
    let event = app.mark_seen(AT, &id, Some(&bob)).unwrap();
    let seen = deliveries(&app, &event);
    assert_eq!((seen[0].event, seen[0].payload.as_str()), ("message.seen", Some(&*id)));
    assert_eq!(seen[0].rooms, [SocketRoom::Chat(chat.clone()), SocketRoom::User(ann), SocketRoom::User(bob)]);
    let event = app.delete_message(&id).unwrap();
    let deleted = deliveries(&app, &event);
    assert_eq!(
        (deleted[0].event, deleted[0].payload.as_str(), &deleted[0].rooms),
        ("message.delete", Some(&*id), &vec![SocketRoom::Chat(chat)])
    );
}

#[test]
fn typing_skips_the_origin() {
    let (mut app, ann, _, chat, _) = app(false);
    let event = app.set_typing(AT, &chat, json!({ "id": ann }), true).unwrap();
    let typing = deliveries(&app, &event);
    assert_eq!(
        (typing[0].event, typing[0].skip_origin, &typing[0].payload),
        ("typing.start", true, &json!({ "id": ann }))
    );
}

#[test]
fn presence_goes_to_every_chat() {
    let (app, ann, _, _, _) = app(false);
    let chats = vec!["a".to_owned(), "b".to_owned()];
    let presence = deliveries(&app, &ChatEvent::PresenceChanged { chats, user: ann.clone(), online: false });
    assert_eq!(presence[0].payload, json!({ "memberId": ann, "status": "offline" }));
    assert_eq!(presence[0].rooms.len(), 2);
}

#[test]
fn agent_event_names_the_agent() {
    let (app, _, _, chat, _) = app(false);
    let event = ChatEvent::AgentEvent { chat, username: "bot".to_owned(), event: "ai_handoff".to_owned() };
    assert_eq!(deliveries(&app, &event)[0].payload["chatbotUsername"], "bot");
}

#[test]
fn events_about_deleted_messages_are_dropped() {
    let (app, _, _, chat, _) = app(false);
    let sent = ChatEvent::MessageSent { chat: chat.clone(), message: "deleted".to_owned() };
    assert!(deliveries(&app, &sent).is_empty());
    assert!(deliveries(&app, &ChatEvent::MessageEdited { chat, message: "deleted".to_owned() }).is_empty());
}

#[test]
fn page_contains_its_counts() {
    let listed = page("chats", &Page { items: vec![json!(1)], page: 2, total: 26, pages: 2 });
    let expected = json!({ "success": true, "chats": [1], "page": 2, "total_chats": 26, "total_pages": 2 });
    assert_eq!(listed, expected);
}

#[test]
fn file_has_the_kind_and_size_of_the_sdk() {
    let file = |mime: &str, len: usize| {
        let (name, mime) = (Some("x".to_owned()), Some(mime.to_owned()));
        describe_file(&Upload { name, mime, bytes: vec![0; len].into() }, "u".to_owned())
    };
    let cat = file("image/gif", 12_595);
    assert_eq!((cat.kind.as_str(), cat.size.as_deref(), cat.url.as_str()), ("gif", Some("12.30 KB"), "u"));
    assert_eq!(file("image/png", 4).size.as_deref(), Some("4 B"), "the SDK would write 0.00 KB");
    assert_eq!(file("image/png", 1).kind, "image");
    assert_eq!(file("video/mp4", 3 << 20).size.as_deref(), Some("3.00 MB"));
    assert_eq!(file("nonsense", 1).kind, "file");
}
