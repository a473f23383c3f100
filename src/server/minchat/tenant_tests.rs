//! Users, chats and presence of an app, without HTTP and sockets.

use serde_json::json;

use super::*;
use crate::server::minchat::messages::NewMessage;
use crate::server::minchat::model::ChatEvent;

fn metadata(value: &serde_json::Value) -> Metadata {
    value.as_object().cloned().unwrap_or_default()
}

fn named(name: &str) -> Profile {
    Profile { name: Some(name.to_owned()), ..Profile::default() }
}

/// An app with users of these names.
fn app(names: &[&str]) -> (Tenant, Vec<Id>) {
    let mut app = Tenant::new(TenantKind::Regular, 1);
    let mut create = |name: &str| {
        app.create_user(Timestamp(1), NewUser { username: name.to_owned(), profile: named(name) }).unwrap()
    };
    let ids = names.iter().map(|&name| create(name)).collect();
    (app, ids)
}

fn direct(app: &mut Tenant, a: &Id, b: &Id) -> Id {
    let members = vec![a.clone(), b.clone()];
    app.start_chat(Timestamp(2), NewChat { members, ..NewChat::default() }).unwrap()
}

fn group(app: &mut Tenant, members: &[Id]) -> Id {
    let new = NewChat { members: members.to_vec(), is_group: true, ..NewChat::default() };
    app.start_chat(Timestamp(2), new).unwrap()
}

fn send(app: &mut Tenant, at: i64, chat: &Id, author: &Id, text: &str) -> Id {
    let text = Some(text.to_owned());
    let new = NewMessage { chat: chat.clone(), author: author.clone(), text, ..NewMessage::default() };
    app.send_message(Timestamp(at), new).unwrap().0
}

#[test]
fn existing_username_returns_the_same_user() {
    let (mut app, ids) = app(&["ann"]);
    let profile = Profile { name: Some("Other".to_owned()), avatar: Some("a.png".to_owned()), metadata: None };
    let id = app.create_user(Timestamp(9), NewUser { username: "ann".to_owned(), profile }).unwrap();
    assert_eq!(id, ids[0]);
    let ann = app.user(&id).unwrap();
    assert_eq!((ann.display_name(), ann.avatar.as_deref(), ann.last_active), ("ann", Some("a.png"), Timestamp(1)));
    assert!(app.create_user(Timestamp(9), NewUser::default()).is_err());
}

#[test]
fn update_keeps_the_fields_that_are_not_given() {
    let (mut app, ids) = app(&["ann"]);
    let profile = Profile { metadata: Some(metadata(&json!({ "a": 1 }))), ..Profile::default() };
    app.update_user(Timestamp(2), &ids[0], profile).unwrap();
    app.update_user(Timestamp(3), &ids[0], named("Ann")).unwrap();
    let ann = app.user(&ids[0]).unwrap();
    assert_eq!((ann.display_name(), &ann.metadata), ("Ann", &Some(metadata(&json!({ "a": 1 })))));
    assert!(app.update_user(Timestamp(3), "nobody", Profile::default()).is_err());
}

#[test]
fn direct_chat_is_reused_and_groups_are_always_new() {
    let (mut app, ids) = app(&["ann", "bob", "cy"]);
    let chat = direct(&mut app, &ids[0], &ids[1]);
    assert_eq!(direct(&mut app, &ids[1], &ids[0]), chat);
    assert_ne!(direct(&mut app, &ids[0], &ids[2]), chat);
    let first = group(&mut app, &ids[..2]);
    assert_ne!(first, chat);
    assert_ne!(group(&mut app, &ids[..2]), first);
    assert_eq!(direct(&mut app, &ids[0], &ids[1]), chat);
}

#[test]
fn title_or_third_member_makes_a_group() {
    let (mut app, ids) = app(&["ann", "bob", "cy"]);
    let titled = NewChat { members: ids[..2].to_vec(), title: Some("T".to_owned()), ..NewChat::default() };
    let titled = app.start_chat(Timestamp(2), titled).unwrap();
    let three = app.start_chat(Timestamp(2), NewChat { members: ids.clone(), ..NewChat::default() }).unwrap();
    assert!(app.chat(&titled).unwrap().is_group && app.chat(&three).unwrap().is_group);
}

#[test]
fn chat_needs_existing_members() {
    let (mut app, ids) = app(&["ann"]);
    assert!(app.start_chat(Timestamp(2), NewChat::default()).is_err());
    let members = vec![ids[0].clone(), "nobody".to_owned()];
    assert!(app.start_chat(Timestamp(2), NewChat { members, ..NewChat::default() }).is_err());
}

#[test]
fn chats_with_messages_are_listed_newest_first() {
    let (mut app, ids) = app(&["ann", "bob"]);
    direct(&mut app, &ids[0], &ids[1]);
    assert_eq!(app.chats_of(&ids[0], 1, None).unwrap().total, 0);
    let chats: Vec<Id> = (0..30)
        .map(|n| {
            let chat = group(&mut app, &ids);
            send(&mut app, 10 + n, &chat, &ids[0], "x");
            chat
        })
        .collect();
    let first = app.chats_of(&ids[1], 1, None).unwrap();
    assert_eq!((first.items.len(), first.total, first.pages, first.page), (25, 30, 2, 1));
    assert_eq!(first.items[0].id, chats[29]);
    assert_eq!(app.chats_of(&ids[1], 2, None).unwrap().items.len(), 5);
    assert_eq!(app.chats_of(&ids[1], 3, Some(10)).unwrap().items.len(), 10);
    assert!(app.chats_of(&ids[1], usize::MAX, Some(usize::MAX)).unwrap().items.is_empty());
    assert_eq!(app.chats_of(&ids[1], 0, Some(0)).unwrap().items.len(), 1);
    assert!(app.chats_of("nobody", 1, None).is_err());
}

#[test]
fn metadata_is_merged_by_key() {
    let (mut app, ids) = app(&["ann", "bob"]);
    let chat = direct(&mut app, &ids[0], &ids[1]);
    app.merge_metadata(&chat, metadata(&json!({ "a": 1, "b": 1 }))).unwrap();
    let merged = app.merge_metadata(&chat, metadata(&json!({ "b": 2 }))).unwrap();
    assert_eq!(*merged, metadata(&json!({ "a": 1, "b": 2 })));
    assert!(app.merge_metadata("nowhere", Metadata::new()).is_err());
}

#[test]
fn chat_can_be_deleted_once() {
    let (mut app, ids) = app(&["ann", "bob"]);
    let chat = direct(&mut app, &ids[0], &ids[1]);
    let message = send(&mut app, 3, &chat, &ids[0], "x");
    app.delete_chat(&chat).unwrap();
    assert!(app.delete_chat(&chat).is_err());
    assert!(app.message(&message).is_err());
    assert!(app.history(&chat, &ids[0], 1).is_err());
}

#[test]
fn adding_or_removing_a_member_twice_changes_nothing() {
    let (mut app, ids) = app(&["ann", "bob", "cy"]);
    let chat = group(&mut app, &ids[..2]);
    app.add_member(&chat, &ids[2]).unwrap();
    app.add_member(&chat, &ids[2]).unwrap();
    app.remove_member(&chat, &ids[0]).unwrap();
    app.remove_member(&chat, &ids[0]).unwrap();
    assert_eq!(app.chat(&chat).unwrap().members, [ids[1].clone(), ids[2].clone()]);
    app.add_member(&chat, &ids[0]).unwrap();
    assert_eq!(app.chat(&chat).unwrap().members.len(), 3);
    assert!(app.add_member(&chat, "nobody").is_err());
    assert!(app.add_member("nowhere", &ids[0]).is_err());
}

#[test]
fn third_member_turns_a_direct_chat_into_a_group() {
    let (mut app, ids) = app(&["ann", "bob", "cy"]);
    let chat = direct(&mut app, &ids[0], &ids[1]);
    app.add_member(&chat, &ids[2]).unwrap();
    app.remove_member(&chat, &ids[2]).unwrap();
    assert_ne!(direct(&mut app, &ids[0], &ids[1]), chat);
}

#[test]
fn deleting_a_user_deletes_their_messages() {
    let (mut app, ids) = app(&["ann", "bob"]);
    let (own, shared) = (group(&mut app, &ids), group(&mut app, &ids));
    let deleted = send(&mut app, 3, &own, &ids[0], "only ann");
    send(&mut app, 4, &shared, &ids[0], "ann");
    let kept = send(&mut app, 5, &shared, &ids[1], "bob");
    app.delete_user(&ids[0]).unwrap();
    let chats = app.chats_of(&ids[1], 1, None).unwrap();
    assert_eq!((chats.total, &chats.items[0].id), (1, &shared));
    assert_eq!(app.history(&shared, &ids[1], 1).unwrap().total, 1);
    assert!(app.message(&deleted).is_err() && app.message(&kept).is_ok());
    assert!(app.chats_of(&ids[0], 1, None).is_err() && app.history(&shared, &ids[0], 1).is_err());
    assert!(app.user_by_username("ann").is_err() && app.delete_user(&ids[0]).is_err());
}

#[test]
fn user_is_online_until_the_last_connection_ends() {
    let (mut app, ids) = app(&["ann", "bob"]);
    let chat = direct(&mut app, &ids[0], &ids[1]);
    assert!(!app.is_online(&ids[0]));
    app.connect(Timestamp(5), &ids[0]).unwrap();
    app.connect(Timestamp(6), &ids[0]).unwrap();
    assert!(app.disconnect(Timestamp(7), &ids[0]).is_empty());
    assert!(app.is_online(&ids[0]));
    let offline = ChatEvent::PresenceChanged { chats: vec![chat], user: ids[0].clone(), online: false };
    assert_eq!(app.disconnect(Timestamp(8), &ids[0]), [offline]);
    assert!(!app.is_online(&ids[0]));
    assert!(app.disconnect(Timestamp(9), &ids[0]).is_empty());
    assert_eq!(app.user(&ids[0]).unwrap().last_active, Timestamp(8));
    assert!(app.connect(Timestamp(9), "nobody").is_err());
}

#[test]
fn agent_is_always_online() {
    let (mut app, ids) = app(&["bot"]);
    let profile = Profile { metadata: Some(metadata(&json!({ "chatbotId": "b" }))), ..Profile::default() };
    app.update_user(Timestamp(2), &ids[0], profile).unwrap();
    assert!(app.is_online(&ids[0]));
}

#[test]
fn heartbeat_needs_an_existing_user_and_chat() {
    let (mut app, ids) = app(&["ann", "bob"]);
    let chat = direct(&mut app, &ids[0], &ids[1]);
    let online = ChatEvent::PresenceChanged { chats: vec![chat.clone()], user: ids[0].clone(), online: true };
    assert_eq!(app.heartbeat(Timestamp(9), &ids[0], &chat), Ok(online));
    assert_eq!(app.user(&ids[0]).unwrap().last_active, Timestamp(9));
    assert!(app.heartbeat(Timestamp(9), "nobody", &chat).is_err());
    assert!(app.heartbeat(Timestamp(9), &ids[0], "nowhere").is_err());
}
