use serde_json::json;

use crate::domain::Timestamp;
use crate::server::limits::StorageLimits;
use crate::server::minchat::messages::{MessageEdit, NewMessage};
use crate::server::minchat::model::{ApiError, Id, Metadata, NewChat, NewUser, Profile};
use crate::server::minchat::tenant::{Tenant, TenantKind};

const NOW: Timestamp = Timestamp(1_795_284_207_198);

fn create_user(app: &mut Tenant, username: &str) -> Result<Id, ApiError> {
    app.create_user(NOW, NewUser { username: username.to_owned(), profile: Profile::default() })
}

/// An app with the users `a` and `b`, their chat, and the id of `a`.
fn app(limits: StorageLimits) -> (Tenant, Id, Id) {
    let mut app = Tenant::with_limits(TenantKind::Regular, 1, limits);
    let members = vec![create_user(&mut app, "a").unwrap(), create_user(&mut app, "b").unwrap()];
    let (author, new) = (members[0].clone(), NewChat { members, ..NewChat::default() });
    let chat = app.start_chat(NOW, new).unwrap();
    (app, chat, author)
}

fn send(app: &mut Tenant, chat: &Id, author: &Id, text: &str) -> Result<Id, ApiError> {
    let text = Some(text.to_owned());
    let new = NewMessage { chat: chat.clone(), author: author.clone(), text, ..NewMessage::default() };
    app.send_message(NOW, new).map(|(id, _)| id)
}

fn metadata(value: &serde_json::Value) -> Metadata {
    value.as_object().cloned().unwrap()
}

#[test]
fn full_app_accepts_messages_again_after_a_deletion() {
    let (mut app, chat, author) = app(StorageLimits { bytes: 100_000, ..StorageLimits::default() });
    let long = "x".repeat(30_000);
    let first = send(&mut app, &chat, &author, &long).unwrap();
    let more: Vec<_> = (0..5).map(|_| send(&mut app, &chat, &author, &long)).collect();
    let Some(Err(ApiError::StorageFull(reason))) = more.last() else { panic!("{more:?}") };
    assert!(reason.starts_with("The sandbox is full"), "{reason}");
    assert!(send(&mut app, &chat, &author, "short").is_ok(), "a message that fits is accepted");
    assert!(send(&mut app, &chat, &author, &long).is_err());
    app.delete_message(&first).unwrap();
    assert!(send(&mut app, &chat, &author, &long).is_ok());
}

#[test]
fn repeated_changes_do_not_use_up_the_quota() {
    let (mut app, chat, author) = app(StorageLimits { bytes: 200_000, ..StorageLimits::default() });
    let id = send(&mut app, &chat, &author, "first").unwrap();
    for _ in 0..100 {
        let edit = MessageEdit { text: Some("x".repeat(10_000)), ..MessageEdit::default() };
        app.edit_message(NOW, &id, edit).unwrap();
        app.update_user(NOW, &author, Profile { name: Some("n".repeat(4_000)), ..Profile::default() }).unwrap();
        app.merge_metadata(&chat, metadata(&json!({ "k": "v".repeat(1_000) }))).unwrap();
    }
}

#[test]
fn metadata_cannot_grow_without_limit() {
    let (mut app, chat, author) = app(StorageLimits::default());
    let id = send(&mut app, &chat, &author, "first").unwrap();
    let additions = (0..1_000).map(|n| metadata(&json!({ format!("k{n}"): "v".repeat(100) })));
    let refused = additions.clone().find_map(|more| app.merge_metadata(&chat, more).err());
    assert!(matches!(refused, Some(ApiError::BadRequest(reason)) if reason.contains("larger than")));
    let edit = |more| MessageEdit { metadata: Some(more), ..MessageEdit::default() };
    assert!(additions.into_iter().any(|more| app.edit_message(NOW, &id, edit(more)).is_err()));
}

#[test]
fn users_and_chats_are_limited() {
    let (mut app, _, author) = app(StorageLimits { users: 3, rooms: 2, ..StorageLimits::default() });
    create_user(&mut app, "c").unwrap();
    let refused = create_user(&mut app, "d");
    assert!(matches!(refused, Err(ApiError::StorageFull(reason)) if reason.contains("at most 3 users")));
    assert!(create_user(&mut app, "c").is_ok(), "an existing user can still log in");
    let group = || NewChat { members: vec![author.clone()], is_group: true, ..NewChat::default() };
    app.start_chat(NOW, group()).unwrap();
    let refused = app.start_chat(NOW, group());
    assert!(matches!(refused, Err(ApiError::StorageFull(reason)) if reason.contains("at most 2 chats")));
}

#[test]
fn oldest_messages_are_dropped() {
    let (mut app, chat, author) = app(StorageLimits { messages: 5, ..StorageLimits::default() });
    let sent: Vec<Id> = (0..7).map(|n| send(&mut app, &chat, &author, &n.to_string()).unwrap()).collect();
    assert_eq!(app.history(&chat, &author, 1).unwrap().total, 5);
    assert!(app.message(&sent[1]).is_err() && app.message(&sent[2]).is_ok());
}

#[test]
fn too_long_or_too_deep_values_are_refused() {
    let (mut app, chat, author) = app(StorageLimits::default());
    assert!(send(&mut app, &chat, &author, &"x".repeat(64 << 10)).is_ok());
    assert!(send(&mut app, &chat, &author, &"x".repeat((64 << 10) + 1)).is_err());
    assert!(create_user(&mut app, &"x".repeat(5_000)).is_err());
    // Inside a message inside a page, no client could parse it.
    let deep = (0..100).fold(json!(1), |inner, _| json!([inner]));
    let refused = app.merge_metadata(&chat, metadata(&json!({ "k": deep }))).unwrap_err();
    assert!(refused.message().contains("too deeply"), "{refused:?}");
    assert!(app.set_typing(NOW, &chat, json!({ "id": author, "x": "y".repeat(100_000) }), true).is_err());
}
