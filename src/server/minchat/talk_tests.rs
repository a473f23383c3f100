//! The app as a reducer: what people say.

use serde_json::json;

use super::*;
use crate::server::minchat::tenant::{Facts, Kind, NewChat, NewUser};

/// Ann and Bob, and their chat.
fn app() -> (Tenant, Id, Id, Id) {
    let mut app = Tenant::new(Kind::Own, 1);
    let mut user = |name: &str| {
        app.create_user(Timestamp(1), NewUser { username: name.to_owned(), facts: Facts::default() }).unwrap()
    };
    let (ann, bob) = (user("ann"), user("bob"));
    let members = vec![ann.clone(), bob.clone()];
    let chat = app.start_chat(Timestamp(2), NewChat { members, ..NewChat::default() }).unwrap();
    (app, ann, bob, chat)
}

fn draft(chat: &Id, author: &Id, text: &str) -> Draft {
    let text = Some(text.to_owned());
    Draft { chat: chat.clone(), author: author.clone(), text, ..Draft::default() }
}

#[test]
fn a_page_is_25_messages_oldest_first_and_the_first_page_is_the_newest() {
    let (mut app, ann, _, chat) = app();
    for n in 0..60 {
        app.send(Timestamp(10 + n), draft(&chat, &ann, &n.to_string())).unwrap();
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
fn an_unknown_chat_or_viewer_has_no_history() {
    let (app, ann, _, chat) = app();
    assert!(app.history("nowhere", &ann, 1).is_err());
    assert!(app.history(&chat, "nobody", 1).is_err());
    assert_eq!(app.history(&chat, &ann, 1).unwrap().total, 0);
}

#[test]
fn what_is_said_needs_words_or_a_file_and_a_participant() {
    let (mut app, ann, _, chat) = app();
    let cy = app.create_user(Timestamp(1), NewUser { username: "cy".to_owned(), facts: Facts::default() }).unwrap();
    for wrong in [
        draft(&chat, &ann, ""),
        draft(&chat, &cy, "not mine"),
        draft(&chat, &"nobody".to_owned(), "x"),
        draft(&"nowhere".to_owned(), &ann, "x"),
        Draft { text: None, ..draft(&chat, &ann, "") },
    ] {
        assert!(app.send(Timestamp(3), wrong.clone()).is_err(), "{wrong:?}");
    }
    let file = File { kind: "image".to_owned(), url: "u".to_owned(), name: None, size: None };
    assert!(app.send(Timestamp(3), Draft { text: None, file: Some(file), ..draft(&chat, &ann, "") }).is_ok());
}

#[test]
fn saying_something_makes_one_active_and_keeps_the_metadata() {
    let (mut app, ann, _, chat) = app();
    let metadata = json!({ "localId": "x", "deep": { "a": [1, null] } }).as_object().cloned();
    let said = Draft { metadata: metadata.clone(), ..draft(&chat, &ann, "x") };
    let (id, news) = app.send(Timestamp(9), said).unwrap();
    assert_eq!(news, News::Sent { chat: chat.clone(), message: id.clone() });
    assert_eq!(app.message(&id).unwrap().metadata, metadata);
    assert_eq!(app.user(&ann).unwrap().last_active, Timestamp(9));
    assert_eq!(app.chat(&chat).unwrap().last_activity(), Timestamp(9));
}

#[test]
fn an_edit_changes_what_is_given_and_the_time() {
    let (mut app, ann, _, chat) = app();
    let metadata = json!({ "a": 1 }).as_object().cloned();
    let (id, _) = app.send(Timestamp(3), Draft { metadata, ..draft(&chat, &ann, "x") }).unwrap();
    let news = app.edit(Timestamp(7), &id, Change { text: Some("y".to_owned()), ..Change::default() }).unwrap();
    assert_eq!(news, News::Edited { chat, message: id.clone() });
    let more = json!({ "b": 2 }).as_object().cloned();
    app.edit(Timestamp(8), &id, Change { metadata: more, ..Change::default() }).unwrap();
    let message = app.message(&id).unwrap();
    assert_eq!(
        (message.text.as_deref(), message.created_at, message.updated_at),
        (Some("y"), Timestamp(3), Timestamp(8))
    );
    assert_eq!(message.metadata, json!({ "a": 1, "b": 2 }).as_object().cloned());
    assert!(app.edit(Timestamp(9), &id, Change::default()).is_err());
    assert!(app.edit(Timestamp(9), "nothing", Change { text: Some(String::new()), ..Change::default() }).is_err());
}

#[test]
fn a_message_can_be_taken_back_once() {
    let (mut app, ann, _, chat) = app();
    let (id, _) = app.send(Timestamp(3), draft(&chat, &ann, "x")).unwrap();
    assert_eq!(app.delete_message(&id), Ok(News::Deleted { chat: chat.clone(), message: id.clone() }));
    assert!(app.delete_message(&id).is_err() && app.message(&id).is_err());
    assert_eq!(app.history(&chat, &ann, 1).unwrap().total, 0);
}

#[test]
fn seeing_is_one_flag_and_news_each_time() {
    let (mut app, ann, bob, chat) = app();
    let (id, _) = app.send(Timestamp(3), draft(&chat, &ann, "x")).unwrap();
    assert!(!app.message(&id).unwrap().seen);
    let news = News::Seen { chat, message: id.clone(), author: ann.clone(), viewer: Some(bob.clone()) };
    assert_eq!(app.see(Timestamp(4), &id, Some(&bob)), Ok(news.clone()));
    assert_eq!(app.see(Timestamp(5), &id, Some(&bob)), Ok(news));
    assert!(app.message(&id).unwrap().seen);
    assert!(app.see(Timestamp(5), &id, Some("nobody")).is_err());
    assert!(app.see(Timestamp(5), "nothing", Some(&bob)).is_err());
    assert!(app.see(Timestamp(5), &id, None).is_ok());
}

#[test]
fn a_typist_is_passed_on_as_they_came() {
    let (mut app, ann, _, chat) = app();
    let user = json!({ "id": ann, "odd": [true] });
    let news = News::Typing { chat: chat.clone(), user: user.clone(), started: true };
    assert_eq!(app.typing(Timestamp(3), &chat, user.clone(), true), Ok(news));
    assert!(app.typing(Timestamp(3), "nowhere", user, true).is_err());
    assert!(app.typing(Timestamp(3), &chat, json!("not even an object"), false).is_ok());
    assert!(app.typing(Timestamp(3), &chat, json!({ "id": "nobody" }), false).is_err());
}
