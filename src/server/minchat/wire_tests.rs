//! MinChat's shapes and recipients, as the protocol note has them.

use super::*;
use crate::domain::Timestamp;
use crate::server::minchat::talk::{Change, Draft};
use crate::server::minchat::tenant::{Facts, Kind, NewChat, NewUser};

const AT: Timestamp = Timestamp(1_795_284_207_198);

/// Ann and Bob, their chat, and what Ann said in it.
fn app(group: bool) -> (Tenant, Id, Id, Id, Id) {
    let mut app = Tenant::new(Kind::Own, 1);
    let mut user = |name: &str| {
        let (name, avatar) = (Some(format!("{name} X")), Some(format!("{name}.png")));
        let username = name.clone().unwrap_or_default();
        app.create_user(AT, NewUser { username, facts: Facts { name, avatar, metadata: None } }).unwrap()
    };
    let (ann, bob) = (user("ann"), user("bob"));
    let members = vec![ann.clone(), bob.clone()];
    let chat = app.start_chat(AT, NewChat { members, group, ..NewChat::default() }).unwrap();
    let text = Some("hi".to_owned());
    let draft = Draft { chat: chat.clone(), author: ann.clone(), text, ..Draft::default() };
    let (message, _) = app.send(AT, draft).unwrap();
    (app, ann, bob, chat, message)
}

#[test]
fn instants_have_milliseconds_and_a_z() {
    assert_eq!(rfc3339(AT), "2026-11-21T18:03:27.198Z");
    assert_eq!(rfc3339(Timestamp(0)), "1970-01-01T00:00:00.000Z");
    assert_eq!(rfc3339(Timestamp(i64::MAX)), "1970-01-01T00:00:00.000Z");
}

#[test]
fn a_message_has_its_author_and_says_success() {
    let (app, ann, _, chat, id) = app(false);
    let object = message(&app, app.message(&id).unwrap());
    assert_eq!(object["success"], true);
    assert_eq!((object["chat_id"].as_str(), object["user_id"].as_str()), (Some(&*chat), Some(&*ann)));
    assert_eq!(object["user"]["name"], "ann X");
    assert_eq!(object["created_at"], "2026-11-21T18:03:27.198Z");
    assert!(object.get("file").is_none() && object.get("metadata").is_none());
}

#[test]
fn a_one_to_one_chat_has_the_other_ones_name_and_picture() {
    let (app, ann, bob, id, _) = app(false);
    let found = app.chat(&id).unwrap();
    let (to_ann, to_bob) = (chat(&app, found, &ann), chat(&app, found, &bob));
    assert_eq!((&to_ann["title"], &to_ann["avatar"]), (&json!("bob X"), &json!("bob.png")));
    assert_eq!((&to_bob["title"], &to_bob["avatar"]), (&json!("ann X"), &json!("ann.png")));
    assert_eq!(to_ann["participant_user_ids"], json!([ann, bob]));
    assert_eq!(to_ann["last_message"]["text"], "hi");
}

#[test]
fn a_group_without_a_title_is_called_group_chat() {
    let (app, ann, _, id, _) = app(true);
    let object = chat(&app, app.chat(&id).unwrap(), &ann);
    assert_eq!(object["title"], "Group Chat");
    assert!(object.get("avatar").is_none());
}

#[test]
fn a_message_goes_to_the_room_and_the_chat_to_the_others() {
    let (app, _, bob, chat, id) = app(false);
    let casts = casts(&app, &News::Sent { chat: chat.clone(), message: id });
    let told: Vec<_> = casts.iter().map(|cast| (cast.event, cast.rooms.clone(), cast.spare_cause)).collect();
    assert_eq!(told, [("message", vec![Room::Chat(chat)], true), ("chat", vec![Room::Person(bob)], false)]);
    assert_eq!(casts[1].payload["title"], "ann X");
    assert_eq!(casts[1].payload["success"], true);
}

#[test]
fn an_edit_goes_to_the_whole_room() {
    let (mut app, _, _, chat, id) = app(false);
    let news = app.edit(AT, &id, Change { text: Some("ho".to_owned()), ..Change::default() }).unwrap();
    let casts = casts(&app, &news);
    assert_eq!(
        (casts[0].event, &casts[0].rooms, casts[0].spare_cause),
        ("message.update", &vec![Room::Chat(chat)], false)
    );
    assert_eq!(casts[0].payload["text"], "ho");
}

#[test]
fn deletion_and_sight_are_bare_ids() {
    let (mut app, ann, bob, chat, id) = app(false);
    let news = app.see(AT, &id, Some(&bob)).unwrap();
    let seen = casts(&app, &news);
    assert_eq!((seen[0].event, seen[0].payload.as_str()), ("message.seen", Some(&*id)));
    assert_eq!(seen[0].rooms, [Room::Chat(chat.clone()), Room::Person(ann), Room::Person(bob)]);
    let news = app.delete_message(&id).unwrap();
    let gone = casts(&app, &news);
    assert_eq!(
        (gone[0].event, gone[0].payload.as_str(), &gone[0].rooms),
        ("message.delete", Some(&*id), &vec![Room::Chat(chat)])
    );
}

#[test]
fn typing_spares_the_typist_and_presence_goes_to_every_room() {
    let (mut app, ann, _, chat, _) = app(false);
    let news = app.typing(AT, &chat, json!({ "id": ann }), true).unwrap();
    let typing = casts(&app, &news);
    assert_eq!(
        (typing[0].event, typing[0].spare_cause, &typing[0].payload),
        ("typing.start", true, &json!({ "id": ann }))
    );
    let news = News::Status { chats: vec!["a".to_owned(), "b".to_owned()], user: ann.clone(), online: false };
    let status = casts(&app, &news);
    assert_eq!(status[0].payload, json!({ "memberId": ann, "status": "offline" }));
    assert_eq!(status[0].rooms.len(), 2);
    let news = News::Agent { chat, username: "bot".to_owned(), event: "ai_handoff".to_owned() };
    assert_eq!(casts(&app, &news)[0].payload["chatbotUsername"], "bot");
}

#[test]
fn news_of_what_is_gone_is_nothing() {
    let (app, _, _, chat, _) = app(false);
    assert!(casts(&app, &News::Sent { chat: chat.clone(), message: "gone".to_owned() }).is_empty());
    assert!(casts(&app, &News::Edited { chat, message: "gone".to_owned() }).is_empty());
}

#[test]
fn a_page_counts_what_it_lists() {
    let listed = page("chats", &Page { items: vec![json!(1)], page: 2, total: 26, pages: 2 });
    let expected = json!({ "success": true, "chats": [1], "page": 2, "total_chats": 26, "total_pages": 2 });
    assert_eq!(listed, expected);
}

#[test]
fn a_file_is_described_as_the_sdk_describes_it() {
    let file = |mime: &str, len: usize| {
        let (name, mime) = (Some("x".to_owned()), Some(mime.to_owned()));
        described(&Upload { name, mime, bytes: vec![0; len].into() }, "u".to_owned())
    };
    let cat = file("image/gif", 12_595);
    assert_eq!((cat.kind.as_str(), cat.size.as_deref(), cat.url.as_str()), ("gif", Some("12.30 KB"), "u"));
    assert_eq!(file("image/png", 1).kind, "image");
    assert_eq!(file("video/mp4", 3 << 20).size.as_deref(), Some("3.00 MB"));
    assert_eq!(file("nonsense", 1).kind, "file");
}
