//! A server that says more than anybody can keep: what grows comes to an end, and the user is told where it shows.

use minchat_tui::domain::{Activity, Request, RoomInfo, ServerEvent};
use minchat_tui::protocol::minchat::MinChat;
use minchat_tui::protocol::vchat::{Credentials, VChat};
use minchat_tui::protocol::{Body, Frame, Protocol};
use minchat_tui::text::SafeText;
use serde_json::{Value, json};
use test_support::story::*;

fn told(protocol: &mut dyn Protocol, name: &str, payload: Value) -> Vec<ServerEvent> {
    protocol.decode(Frame::Event { name: name.to_owned(), args: vec![payload] }).unwrap_or_default()
}

fn back_ends() -> [Box<dyn Protocol>; 2] {
    [Box::new(MinChat::new("K")), Box::new(VChat::new(Credentials::HashKey("K".into()), "d"))]
}

/// A message of either service, `text` by `name`, under `id`.
fn said(id: &str, name: &str, text: &str) -> Value {
    json!({
        "id": id, "chat_id": "r1", "created_at": "2026-11-21T18:00:00Z", "text": text,
        "user": { "id": "u", "username": name, "name": name },
        "_id": id, "rId": "r1", "sId": "u", "sName": name, "sIdentifier": name, "c": text, "mT": "text",
        "createdAt": "2026-11-21T18:00:00Z",
    })
}

#[test]
fn a_message_and_a_name_that_are_too_long_are_cut_and_the_message_says_so() {
    let (long, name) = ("word ".repeat(1 << 20), "n".repeat(1 << 20));
    for (mut protocol, event) in back_ends().into_iter().zip(["message", "v1OnNewMessage"]) {
        let events = told(&mut *protocol, event, said("m9", &name, &long));
        let [ServerEvent::Message(message)] = events.as_slice() else { panic!("{event}") };
        assert!(message.text.len() < 70_000, "{event}: {}", message.text.len());
        assert!(message.text.ends_with("[This message is longer than 64 KiB. The rest is not shown.]"), "{event}");
        let author = message.author_info.as_ref().expect("an author");
        assert!(author.name.len() <= 1_100 && author.name.ends_with('…'), "{event}: {}", author.name.len());

        let mut story = Story::chat(80, 24);
        story.server(ServerEvent::Message(message.clone()));
        story.shows("longer than 64 KiB");
    }
}

#[test]
fn an_id_that_no_service_gives_is_none() {
    let id = "x".repeat(300);
    for (mut protocol, event) in back_ends().into_iter().zip(["message", "v1OnNewMessage"]) {
        let payload = said(&id, "n", "t");
        let events = told(&mut *protocol, event, payload);
        let kept = events.iter().any(|event| format!("{event:?}").contains(&id));
        assert!(!kept, "{event} keeps it");
    }
}

#[test]
fn a_room_of_too_many_and_with_too_much_is_kept_in_part() {
    let ids: Vec<String> = (0..10_000).map(|n| format!("u{n}")).collect();
    let chat = json!({
        "id": "r1", "title": "t".repeat(100_000), "avatar": format!("https://h/{}", "x".repeat(100_000)),
        "participant_user_ids": ids, "metadata": { "k": "v".repeat(1 << 20) },
    });
    let events = told(&mut MinChat::new("K"), "chat", chat);
    let [ServerEvent::RoomChanged(room)] = events.as_slice() else { panic!("no room") };
    let RoomInfo { title, avatar, participants, metadata, .. } = &**room;
    assert!(title.len() <= 1_100 && participants.len() == 2_000 && metadata.is_none());
    assert_eq!(avatar.as_ref().map(SafeText::as_str), Some(""), "cut, it would lead elsewhere");
}

#[test]
fn an_error_of_a_megabyte_is_a_sentence() {
    let body = Body::Json(json!({ "success": false, "message": "m".repeat(1 << 20), "data": "d".repeat(1 << 20) }));
    for mut protocol in back_ends() {
        let request = Request::Rooms { page: 1 };
        let told = protocol.decode(Frame::Reply { request, status: 400, body: body.clone() }).unwrap();
        let [ServerEvent::Failed { reason, .. }] = told.as_slice() else { panic!("{told:?}") };
        assert!(reason.len() < 1_200);
    }
}

#[test]
fn typists_notes_and_unknown_rooms_come_to_an_end() {
    let mut story = Story::chat_on(VCHAT_CAN, 80, 24);
    for n in 0..1_100 {
        let person = person(&format!("p{n}"), "Somebody");
        let activity = Some(Activity::Typing);
        story.server(ServerEvent::Typing { person, room: Some(room_id("r1")), activity });
        let (agent, action) = (SafeText::line("bot"), SafeText::line("did something"));
        story.server(ServerEvent::AgentAction { room: Some(room_id("r1")), agent, action });
        let elsewhere = in_room(&format!("x{n}"), message("m9", "alice", "x", 0));
        story.server(ServerEvent::Message(elsewhere));
    }
    let room = story.state.account().rooms.get(&room_id("r1")).expect("the room");
    assert!(room.typing.len() <= 32, "{} type", room.typing.len());
    assert!(room.notes.len() <= 200, "{} notes", room.notes.len());
    assert!(
        story.state.account().room_sync.requested.len() <= 1_000,
        "{} rooms are asked for",
        story.state.account().room_sync.requested.len()
    );
}

#[test]
fn a_list_of_rooms_without_an_end_is_not_followed() {
    let mut story = Story::chat(80, 24);
    // Put away, since what is not drawn is told quickly.
    let away =
        |n: u32| RoomInfo { archived: true, ..room(&format!("x{n}"), "Away", &["bob"], message("m", "bob", "x", 0)) };
    for page in 0..12_u32 {
        let rooms = (0..1_000).map(|n| away(page * 1_000 + n)).collect();
        story.requests();
        story.server(ServerEvent::Rooms { page: page + 1, pages: u32::MAX, rooms });
    }
    let known = (0..12_000).filter(|n| story.state.account().rooms.get(&room_id(&format!("x{n}"))).is_some()).count();
    assert!((9_990..=10_000).contains(&known), "{known} rooms are kept");
    assert!(!story.requests().iter().any(|request| matches!(request, Request::Rooms { .. })));
    story.shows("There are more than 10000 chats");
}

/// What was noted for the disk was never taken where nothing is kept: each person and each room that went cost memory for
/// good.
#[test]
fn where_nothing_is_kept_nothing_is_noted_for_the_disk() {
    let mut story = Story::chat(100, 24);
    for n in 0..10 {
        let last = message(&format!("x{n}"), "alice", "hi", 5);
        let info = room(&format!("room-{n}"), "Crowd", &["alice"], last);
        let id = info.id.clone();
        let person = Some(person(&format!("somebody-{n}"), "X"));
        let request = Request::FindPerson { username: "x".into() };
        story.server(ServerEvent::RoomChanged(Box::new(info)));
        story.server(ServerEvent::RoomDeleted(id)).server(ServerEvent::Person { request, person });
    }
    let (people, rooms) = (format!("{:?}", story.state.account().people), format!("{:?}", story.state.account().rooms));
    assert!(people.contains("somebody-9") && people.contains("dirty: {}"), "{people}");
    assert!(rooms.contains("gone: []"), "{rooms}");
}
