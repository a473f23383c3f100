//! Messages of an app, without HTTP and sockets.

use serde_json::json;

use super::*;
use crate::server::minchat::model::{NewChat, NewUser, Profile};
use crate::server::minchat::tenant::TenantKind;

/// An app, its users Ann and Bob, and their chat.
fn app() -> (Tenant, Id, Id, Id) {
    let mut app = Tenant::new(TenantKind::Regular, 1);
    let mut user = |name: &str| {
        app.create_user(Timestamp(1), NewUser { username: name.to_owned(), profile: Profile::default() }).unwrap()
    };
    let (ann, bob) = (user("ann"), user("bob"));
    let members = vec![ann.clone(), bob.clone()];
    let chat = app.start_chat(Timestamp(2), NewChat { members, ..NewChat::default() }).unwrap();
    (app, ann, bob, chat)
}

fn message(chat: &Id, author: &Id, text: &str) -> NewMessage {
    let text = Some(text.to_owned());
    NewMessage { chat: chat.clone(), author: author.clone(), text, ..NewMessage::default() }
}

#[test]
fn first_page_has_the_newest_messages_oldest_first() {
    let (mut app, ann, _, chat) = app();
    for n in 0..60 {
        app.send_message(Timestamp(10 + n), message(&chat, &ann, &n.to_string())).unwrap();
    }
    let texts = |app: &Tenant, page| {
        let page = app.history(&chat, &ann, page).unwrap();
        assert_eq!((page.total, page.pages), (60, 3));
        page.items.iter().map(|message| message.text.clone().unwrap().parse().unwrap()).collect::<Vec<u32>>()
    };
    assert_eq!(texts(&app, 1), (35..60).collect::<Vec<_>>());
    assert_eq!(texts(&app, 2), (10..35).collect::<Vec<_>>());
    assert_eq!(texts(&app, 3), (0..10).collect::<Vec<_>>());
    assert!(texts(&app, 4).is_empty());
    assert!(texts(&app, usize::MAX).is_empty());
    assert_eq!(texts(&app, 0), texts(&app, 1));
}

#[test]
fn history_needs_an_existing_chat_and_viewer() {
    let (app, ann, _, chat) = app();
    assert!(app.history("nowhere", &ann, 1).is_err());
    assert!(app.history(&chat, "nobody", 1).is_err());
    assert_eq!(app.history(&chat, &ann, 1).unwrap().total, 0);
}

#[test]
fn message_needs_content_and_an_author_in_the_chat() {
    let (mut app, ann, _, chat) = app();
    let cy = NewUser { username: "cy".to_owned(), profile: Profile::default() };
    let cy = app.create_user(Timestamp(1), cy).unwrap();
    for invalid in [
        message(&chat, &ann, ""),
        message(&chat, &cy, "not mine"),
        message(&chat, &"nobody".to_owned(), "x"),
        message(&"nowhere".to_owned(), &ann, "x"),
        NewMessage { text: None, ..message(&chat, &ann, "") },
    ] {
        assert!(app.send_message(Timestamp(3), invalid.clone()).is_err(), "{invalid:?}");
    }
    let file = File { kind: "image".to_owned(), url: "u".to_owned(), name: None, size: None };
    let only_file = NewMessage { text: None, file: Some(file), ..message(&chat, &ann, "") };
    assert!(app.send_message(Timestamp(3), only_file).is_ok());
}

#[test]
fn sending_updates_the_activity_and_keeps_the_metadata() {
    let (mut app, ann, _, chat) = app();
    let metadata = json!({ "localId": "x", "deep": { "a": [1, null] } }).as_object().cloned();
    let new = NewMessage { metadata: metadata.clone(), ..message(&chat, &ann, "x") };
    let (id, event) = app.send_message(Timestamp(9), new).unwrap();
    assert_eq!(event, ChatEvent::MessageSent { chat: chat.clone(), message: id.clone() });
    assert_eq!(app.message(&id).unwrap().metadata, metadata);
    assert_eq!(app.user(&ann).unwrap().last_active, Timestamp(9));
    assert_eq!(app.chat(&chat).unwrap().last_activity(), Timestamp(9));
}

#[test]
fn edit_changes_only_the_given_fields() {
    let (mut app, ann, _, chat) = app();
    let metadata = json!({ "a": 1 }).as_object().cloned();
    let (id, _) = app.send_message(Timestamp(3), NewMessage { metadata, ..message(&chat, &ann, "x") }).unwrap();
    let edit = MessageEdit { text: Some("y".to_owned()), ..MessageEdit::default() };
    let event = app.edit_message(Timestamp(7), &id, edit).unwrap();
    assert_eq!(event, ChatEvent::MessageEdited { chat, message: id.clone() });
    let metadata = json!({ "b": 2 }).as_object().cloned();
    app.edit_message(Timestamp(8), &id, MessageEdit { metadata, ..MessageEdit::default() }).unwrap();
    let edited = app.message(&id).unwrap();
    assert_eq!((edited.text.as_deref(), edited.created_at, edited.updated_at), (Some("y"), Timestamp(3), Timestamp(8)));
    assert_eq!(edited.metadata, json!({ "a": 1, "b": 2 }).as_object().cloned());
    assert!(app.edit_message(Timestamp(9), &id, MessageEdit::default()).is_err());
    let edit = MessageEdit { text: Some(String::new()), ..MessageEdit::default() };
    assert!(app.edit_message(Timestamp(9), "nothing", edit).is_err());
}

#[test]
fn message_can_be_deleted_once() {
    let (mut app, ann, _, chat) = app();
    let (id, _) = app.send_message(Timestamp(3), message(&chat, &ann, "x")).unwrap();
    let event = ChatEvent::MessageDeleted { chat: chat.clone(), message: id.clone() };
    assert_eq!(app.delete_message(&id), Ok(event));
    assert!(app.delete_message(&id).is_err() && app.message(&id).is_err());
    assert_eq!(app.history(&chat, &ann, 1).unwrap().total, 0);
}

#[test]
fn seen_event_is_repeated_for_each_request() {
    let (mut app, ann, bob, chat) = app();
    let (id, _) = app.send_message(Timestamp(3), message(&chat, &ann, "x")).unwrap();
    assert!(!app.message(&id).unwrap().seen);
    let event = ChatEvent::MessageSeen { chat, message: id.clone(), author: ann.clone(), viewer: Some(bob.clone()) };
    assert_eq!(app.mark_seen(Timestamp(4), &id, Some(&bob)), Ok(event.clone()));
    assert_eq!(app.mark_seen(Timestamp(5), &id, Some(&bob)), Ok(event));
    assert!(app.message(&id).unwrap().seen);
    assert!(app.mark_seen(Timestamp(5), &id, Some("nobody")).is_err());
    assert!(app.mark_seen(Timestamp(5), "nothing", Some(&bob)).is_err());
    assert!(app.mark_seen(Timestamp(5), &id, None).is_ok());
}

#[test]
fn typing_passes_the_user_object_on_unchanged() {
    let (mut app, ann, _, chat) = app();
    let user = json!({ "id": ann, "odd": [true] });
    let event = ChatEvent::Typing { chat: chat.clone(), user: user.clone(), started: true };
    assert_eq!(app.set_typing(Timestamp(3), &chat, user.clone(), true), Ok(event));
    assert!(app.set_typing(Timestamp(3), "nowhere", user, true).is_err());
    assert!(app.set_typing(Timestamp(3), &chat, json!("not even an object"), false).is_ok());
    assert!(app.set_typing(Timestamp(3), &chat, json!({ "id": "nobody" }), false).is_err());
}
