//! The app as a reducer: who exists, who talks with whom.

use serde_json::json;

use super::*;
use crate::server::minchat::model::News;
use crate::server::minchat::talk::Draft;

fn meta(value: &serde_json::Value) -> Metadata {
    value.as_object().cloned().unwrap_or_default()
}

fn named(name: &str) -> Facts {
    Facts { name: Some(name.to_owned()), ..Facts::default() }
}

/// An app with users of these names.
fn app(names: &[&str]) -> (Tenant, Vec<Id>) {
    let mut app = Tenant::new(Kind::Own, 1);
    let ids = (names.iter())
        .map(|&name| app.create_user(Timestamp(1), NewUser { username: name.to_owned(), facts: named(name) }).unwrap())
        .collect();
    (app, ids)
}

fn pair(app: &mut Tenant, a: &Id, b: &Id) -> Id {
    let members = vec![a.clone(), b.clone()];
    app.start_chat(Timestamp(2), NewChat { members, ..NewChat::default() }).unwrap()
}

fn group(app: &mut Tenant, members: &[Id]) -> Id {
    let new = NewChat { members: members.to_vec(), group: true, ..NewChat::default() };
    app.start_chat(Timestamp(2), new).unwrap()
}

fn say(app: &mut Tenant, at: i64, chat: &Id, author: &Id, text: &str) -> Id {
    let text = Some(text.to_owned());
    let draft = Draft { chat: chat.clone(), author: author.clone(), text, ..Draft::default() };
    app.send(Timestamp(at), draft).unwrap().0
}

#[test]
fn a_username_is_one_user() {
    let (mut app, ids) = app(&["ann"]);
    let facts = Facts { name: Some("Other".to_owned()), avatar: Some("a.png".to_owned()), metadata: None };
    let again = app.create_user(Timestamp(9), NewUser { username: "ann".to_owned(), facts }).unwrap();
    assert_eq!(again, ids[0]);
    let ann = app.user(&again).unwrap();
    assert_eq!((ann.shown(), ann.avatar.as_deref(), ann.last_active), ("ann", Some("a.png"), Timestamp(1)));
    assert!(app.create_user(Timestamp(9), NewUser::default()).is_err());
}

#[test]
fn an_update_keeps_what_is_not_given() {
    let (mut app, ids) = app(&["ann"]);
    let facts = Facts { metadata: Some(meta(&json!({ "a": 1 }))), ..Facts::default() };
    app.update_user(Timestamp(2), &ids[0], facts).unwrap();
    app.update_user(Timestamp(3), &ids[0], named("Ann")).unwrap();
    let ann = app.user(&ids[0]).unwrap();
    assert_eq!((ann.shown(), &ann.metadata), ("Ann", &Some(meta(&json!({ "a": 1 })))));
    assert!(app.update_user(Timestamp(3), "nobody", Facts::default()).is_err());
}

#[test]
fn a_one_to_one_chat_is_the_same_from_both_sides_and_a_group_never_is() {
    let (mut app, ids) = app(&["ann", "bob", "cy"]);
    let chat = pair(&mut app, &ids[0], &ids[1]);
    assert_eq!(pair(&mut app, &ids[1], &ids[0]), chat);
    assert_ne!(pair(&mut app, &ids[0], &ids[2]), chat);
    let first = group(&mut app, &ids[..2]);
    assert_ne!(first, chat);
    assert_ne!(group(&mut app, &ids[..2]), first);
    assert_eq!(pair(&mut app, &ids[0], &ids[1]), chat);
}

#[test]
fn a_title_or_a_third_member_makes_a_group() {
    let (mut app, ids) = app(&["ann", "bob", "cy"]);
    let titled = NewChat { members: ids[..2].to_vec(), title: Some("T".to_owned()), ..NewChat::default() };
    let titled = app.start_chat(Timestamp(2), titled).unwrap();
    let three = app.start_chat(Timestamp(2), NewChat { members: ids.clone(), ..NewChat::default() }).unwrap();
    assert!(app.chat(&titled).unwrap().group && app.chat(&three).unwrap().group);
}

#[test]
fn a_chat_needs_members_who_exist() {
    let (mut app, ids) = app(&["ann"]);
    assert!(app.start_chat(Timestamp(2), NewChat::default()).is_err());
    let members = vec![ids[0].clone(), "nobody".to_owned()];
    assert!(app.start_chat(Timestamp(2), NewChat { members, ..NewChat::default() }).is_err());
}

#[test]
fn the_list_shows_chats_with_a_message_newest_first_page_by_page() {
    let (mut app, ids) = app(&["ann", "bob"]);
    pair(&mut app, &ids[0], &ids[1]);
    assert_eq!(app.chats_of(&ids[0], 1, None).unwrap().total, 0);
    let chats: Vec<Id> = (0..30)
        .map(|n| {
            let chat = group(&mut app, &ids);
            say(&mut app, 10 + n, &chat, &ids[0], "x");
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
fn metadata_is_merged() {
    let (mut app, ids) = app(&["ann", "bob"]);
    let chat = pair(&mut app, &ids[0], &ids[1]);
    app.merge_metadata(&chat, meta(&json!({ "a": 1, "b": 1 }))).unwrap();
    assert_eq!(*app.merge_metadata(&chat, meta(&json!({ "b": 2 }))).unwrap(), meta(&json!({ "a": 1, "b": 2 })));
    assert!(app.merge_metadata("nowhere", Metadata::new()).is_err());
}

#[test]
fn a_chat_can_be_deleted_once() {
    let (mut app, ids) = app(&["ann", "bob"]);
    let chat = pair(&mut app, &ids[0], &ids[1]);
    let message = say(&mut app, 3, &chat, &ids[0], "x");
    app.delete_chat(&chat).unwrap();
    assert!(app.delete_chat(&chat).is_err());
    assert!(app.message(&message).is_err());
    assert!(app.history(&chat, &ids[0], 1).is_err());
}

#[test]
fn members_come_and_go_quietly() {
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
fn somebody_added_to_a_one_to_one_chat_makes_it_a_group() {
    let (mut app, ids) = app(&["ann", "bob", "cy"]);
    let chat = pair(&mut app, &ids[0], &ids[1]);
    app.add_member(&chat, &ids[2]).unwrap();
    app.remove_member(&chat, &ids[2]).unwrap();
    assert_ne!(pair(&mut app, &ids[0], &ids[1]), chat);
}

#[test]
fn a_deleted_user_takes_their_words_along() {
    let (mut app, ids) = app(&["ann", "bob"]);
    let (own, shared) = (group(&mut app, &ids), group(&mut app, &ids));
    let gone = say(&mut app, 3, &own, &ids[0], "only ann");
    say(&mut app, 4, &shared, &ids[0], "ann");
    let kept = say(&mut app, 5, &shared, &ids[1], "bob");
    app.delete_user(&ids[0]).unwrap();
    let chats = app.chats_of(&ids[1], 1, None).unwrap();
    assert_eq!((chats.total, &chats.items[0].id), (1, &shared));
    assert_eq!(app.history(&shared, &ids[1], 1).unwrap().total, 1);
    assert!(app.message(&gone).is_err() && app.message(&kept).is_ok());
    assert!(app.chats_of(&ids[0], 1, None).is_err() && app.history(&shared, &ids[0], 1).is_err());
    assert!(app.user_named("ann").is_err() && app.delete_user(&ids[0]).is_err());
}

#[test]
fn a_user_is_there_as_long_as_one_connection_is() {
    let (mut app, ids) = app(&["ann", "bob"]);
    let chat = pair(&mut app, &ids[0], &ids[1]);
    assert!(!app.is_online(&ids[0]));
    app.connect(Timestamp(5), &ids[0]).unwrap();
    app.connect(Timestamp(6), &ids[0]).unwrap();
    assert!(app.disconnect(Timestamp(7), &ids[0]).is_empty());
    assert!(app.is_online(&ids[0]));
    let left = News::Status { chats: vec![chat], user: ids[0].clone(), online: false };
    assert_eq!(app.disconnect(Timestamp(8), &ids[0]), [left]);
    assert!(!app.is_online(&ids[0]));
    assert!(app.disconnect(Timestamp(9), &ids[0]).is_empty());
    assert_eq!(app.user(&ids[0]).unwrap().last_active, Timestamp(8));
    assert!(app.connect(Timestamp(9), "nobody").is_err());
}

#[test]
fn an_agent_is_always_there() {
    let (mut app, ids) = app(&["bot"]);
    let facts = Facts { metadata: Some(meta(&json!({ "chatbotId": "b" }))), ..Facts::default() };
    app.update_user(Timestamp(2), &ids[0], facts).unwrap();
    assert!(app.is_online(&ids[0]));
}

#[test]
fn a_heartbeat_needs_a_user_and_a_chat() {
    let (mut app, ids) = app(&["ann", "bob"]);
    let chat = pair(&mut app, &ids[0], &ids[1]);
    let news = News::Status { chats: vec![chat.clone()], user: ids[0].clone(), online: true };
    assert_eq!(app.heartbeat(Timestamp(9), &ids[0], &chat), Ok(news));
    assert_eq!(app.user(&ids[0]).unwrap().last_active, Timestamp(9));
    assert!(app.heartbeat(Timestamp(9), "nobody", &chat).is_err());
    assert!(app.heartbeat(Timestamp(9), &ids[0], "nowhere").is_err());
}
