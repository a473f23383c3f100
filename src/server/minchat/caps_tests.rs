use serde_json::json;

use crate::domain::Timestamp;
use crate::server::limits::StorageLimits;
use crate::server::minchat::model::{Id, Metadata, Refusal};
use crate::server::minchat::talk::{Change, Draft};
use crate::server::minchat::tenant::{Facts, Kind, NewChat, NewUser, Tenant};

const NOW: Timestamp = Timestamp(1_795_284_207_198);

fn user(app: &mut Tenant, username: &str) -> Result<Id, Refusal> {
    app.create_user(NOW, NewUser { username: username.to_owned(), facts: Facts::default() })
}

fn app(kept: StorageLimits) -> (Tenant, Id, Id) {
    let mut app = Tenant::keeping(Kind::Own, 1, kept);
    let members = vec![user(&mut app, "a").unwrap(), user(&mut app, "b").unwrap()];
    let (author, new) = (members[0].clone(), NewChat { members, ..NewChat::default() });
    let chat = app.start_chat(NOW, new).unwrap();
    (app, chat, author)
}

fn say(app: &mut Tenant, chat: &Id, author: &Id, text: &str) -> Result<Id, Refusal> {
    let draft = Draft { chat: chat.clone(), author: author.clone(), text: Some(text.to_owned()), ..Draft::default() };
    app.send(NOW, draft).map(|(id, _)| id)
}

fn metadata(value: &serde_json::Value) -> Metadata {
    value.as_object().cloned().unwrap()
}

#[test]
fn a_full_app_says_so_and_takes_more_once_something_was_deleted() {
    let (mut app, chat, author) = app(StorageLimits { bytes: 100_000, ..StorageLimits::default() });
    let long = "x".repeat(30_000);
    let first = say(&mut app, &chat, &author, &long).unwrap();
    let more: Vec<_> = (0..5).map(|_| say(&mut app, &chat, &author, &long)).collect();
    let Some(Err(Refusal::Full(why))) = more.last() else { panic!("{more:?}") };
    assert!(why.starts_with("The sandbox is full"), "{why}");
    assert!(say(&mut app, &chat, &author, "short").is_ok(), "what fits is taken");
    assert!(say(&mut app, &chat, &author, &long).is_err());
    app.delete_message(&first).unwrap();
    assert!(say(&mut app, &chat, &author, &long).is_ok());
}

#[test]
fn changing_the_same_thing_again_and_again_fills_nothing() {
    let (mut app, chat, author) = app(StorageLimits { bytes: 200_000, ..StorageLimits::default() });
    let id = say(&mut app, &chat, &author, "first").unwrap();
    for _ in 0..100 {
        let change = Change { text: Some("x".repeat(10_000)), ..Change::default() };
        app.edit(NOW, &id, change).unwrap();
        app.update_user(NOW, &author, Facts { name: Some("n".repeat(4_000)), ..Facts::default() }).unwrap();
        app.merge_metadata(&chat, metadata(&json!({ "k": "v".repeat(1_000) }))).unwrap();
    }
}

#[test]
fn metadata_that_grows_key_by_key_comes_to_an_end() {
    let (mut app, chat, author) = app(StorageLimits::default());
    let id = say(&mut app, &chat, &author, "first").unwrap();
    let grown = (0..1_000).map(|n| metadata(&json!({ format!("k{n}"): "v".repeat(100) })));
    let refused = grown.clone().find_map(|more| app.merge_metadata(&chat, more).err());
    assert!(matches!(refused, Some(Refusal::Invalid(why)) if why.contains("larger than")));
    let change = |more| Change { metadata: Some(more), ..Change::default() };
    assert!(grown.into_iter().any(|more| app.edit(NOW, &id, change(more)).is_err()));
}

#[test]
fn users_and_chats_are_counted_and_old_messages_give_way() {
    let (mut app, chat, author) = app(StorageLimits { users: 3, rooms: 2, messages: 5, ..StorageLimits::default() });
    user(&mut app, "c").unwrap();
    assert!(matches!(user(&mut app, "d"), Err(Refusal::Full(why)) if why.contains("at most 3 users")));
    assert!(user(&mut app, "c").is_ok(), "who is there may come again");
    let group = || NewChat { members: vec![author.clone()], group: true, ..NewChat::default() };
    app.start_chat(NOW, group()).unwrap();
    assert!(matches!(app.start_chat(NOW, group()), Err(Refusal::Full(why)) if why.contains("at most 2 chats")));
    let said: Vec<Id> = (0..7).map(|n| say(&mut app, &chat, &author, &n.to_string()).unwrap()).collect();
    assert_eq!(app.history(&chat, &author, 1).unwrap().total, 5);
    assert!(app.message(&said[1]).is_err() && app.message(&said[2]).is_ok());
}

#[test]
fn what_is_too_long_or_too_deep_is_refused() {
    let (mut app, chat, author) = app(StorageLimits::default());
    assert!(say(&mut app, &chat, &author, &"x".repeat(64 << 10)).is_ok());
    assert!(say(&mut app, &chat, &author, &"x".repeat((64 << 10) + 1)).is_err());
    assert!(user(&mut app, &"x".repeat(5_000)).is_err());
    // Stored inside of a message inside of a page, it could be read by nobody.
    let deep = (0..100).fold(json!(1), |inner, _| json!([inner]));
    let refused = app.merge_metadata(&chat, metadata(&json!({ "k": deep }))).unwrap_err();
    assert!(refused.message().contains("too deep"), "{refused:?}");
    assert!(app.typing(NOW, &chat, json!({ "id": author, "x": "y".repeat(5_000) }), true).is_err());
}
