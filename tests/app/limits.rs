//! Limits on the memory that a server can make the client use. Everything that grows is bounded, and the user is
//! notified where the limit is visible.

use minchat_tui::app::Overlay;
use minchat_tui::domain::{Activity, MessageInfo, Request, RoomInfo, ServerEvent};
use minchat_tui::protocol::minchat::MinChat;
use minchat_tui::protocol::vchat::{Credentials, VChat};
use minchat_tui::protocol::{Body, Frame, Protocol};
use minchat_tui::text::SafeText;
use serde_json::{Value, json};
use test_support::story::*;

/// Decodes an event.
fn decode(protocol: &mut dyn Protocol, name: &str, payload: Value) -> Vec<ServerEvent> {
    protocol.decode(Frame::Event { name: name.to_owned(), args: vec![payload] }).unwrap_or_default()
}

/// The adapters of both services.
fn back_ends() -> [Box<dyn Protocol>; 2] {
    [Box::new(MinChat::new("K")), Box::new(VChat::new(Credentials::HashKey("K".into()), "d"))]
}

/// A message with id `id` and text `text` from a person called `name`, in the format of either service.
fn message_json(id: &str, name: &str, text: &str) -> Value {
    json!({
        "id": id, "chat_id": "r1", "created_at": "2026-11-21T18:00:00Z", "text": text,
        "user": { "id": "u", "username": name, "name": name },
        "_id": id, "rId": "r1", "sId": "u", "sName": name, "sIdentifier": name, "c": text, "mT": "text",
        "createdAt": "2026-11-21T18:00:00Z",
    })
}

#[test]
fn long_message_and_name_are_shortened_with_a_notice() {
    let (long, name) = ("word ".repeat(1 << 20), "n".repeat(1 << 20));
    for (mut protocol, event) in back_ends().into_iter().zip(["message", "v1OnNewMessage"]) {
        let events = decode(&mut *protocol, event, message_json("m9", &name, &long));
        let [ServerEvent::Message(message)] = events.as_slice() else { panic!("{event}") };
        assert!(message.text.len() < 70_000, "{event}: {}", message.text.len());
        assert!(message.text.ends_with("[This message is longer than 65 kB. The rest is not shown.]"), "{event}");
        let author = message.author_info.as_ref().expect("an author");
        assert!(author.name.len() <= 1_100 && author.name.ends_with('…'), "{event}: {}", author.name.len());

        let mut story = Story::chat(80, 24);
        story.server(ServerEvent::Message(message.clone()));
        story.keys("tab z ctrl+end").shows("longer than 65 kB");
    }
}

#[test]
fn invalid_id_is_dropped() {
    let id = "x".repeat(300);
    for (mut protocol, event) in back_ends().into_iter().zip(["message", "v1OnNewMessage"]) {
        let payload = message_json(&id, "n", "t");
        let events = decode(&mut *protocol, event, payload);
        let is_kept = events.iter().any(|event| format!("{event:?}").contains(&id));
        assert!(!is_kept, "{event} keeps it");
    }
}

#[test]
fn oversized_room_is_kept_in_part() {
    let ids: Vec<String> = (0..10_000).map(|n| format!("u{n}")).collect();
    let chat = json!({
        "id": "r1", "title": "t".repeat(100_000), "avatar": format!("https://h/{}", "x".repeat(100_000)),
        "participant_user_ids": ids, "metadata": { "k": "v".repeat(1 << 20) },
    });
    let events = decode(&mut MinChat::new("K"), "chat", chat);
    let [ServerEvent::RoomChanged(room)] = events.as_slice() else { panic!("no room") };
    let RoomInfo { title, avatar, participants, metadata, .. } = &**room;
    assert!(
        title.as_ref().is_some_and(|title| title.len() <= 1_100) && participants.len() == 2_000 && metadata.is_none()
    );
    assert_eq!(avatar.as_ref().map(SafeText::as_str), Some(""), "a shortened URL would lead elsewhere");
}

#[test]
fn megabyte_of_error_becomes_one_sentence() {
    let body = Body::Json(json!({ "success": false, "message": "m".repeat(1 << 20), "data": "d".repeat(1 << 20) }));
    for mut protocol in back_ends() {
        let request = Request::Rooms { page: 1 };
        let decode = protocol.decode(Frame::Reply { request, status: 400, body: body.clone() }).unwrap();
        let [ServerEvent::Failed { reason, .. }] = decode.as_slice() else { panic!("{decode:?}") };
        assert!(reason.len() < 1_200);
    }
}

/// A page of one timestamp blocked every key for 25 seconds.
#[test]
fn long_page_is_merged_in_slices() {
    for (can, pages) in [(MINCHAT, 1), (VCHAT, 2)] {
        let mut story = Story::chat_on(can, 80, 24);
        story.requests();
        let before = story.state.account().rooms.get(&room_id("r1")).map_or(0, |room| room.timeline.len());
        let page = (0..1_700).map(|n| message(&format!("long{n:04}"), "alice", &format!("text {n}"), 60_000)).collect();
        story.history("r1", 1, pages, page);
        let timeline =
            |story: &Story| story.state.account().rooms.get(&room_id("r1")).map(|room| room.timeline.clone());
        let merged = timeline(&story).map_or(0, |timeline| timeline.len() - before);
        assert!((1..=500).contains(&merged), "{merged} in one turn");
        story.shows("text 1699").types("typed meanwhile").shows("typed meanwhile");
        story.wait(1_000);
        let timeline = timeline(&story).expect("the room");
        let order: Vec<&str> = timeline.iter().map(|(_, message)| message.text.as_str()).collect();
        let wanted: Vec<String> = (0..1_700).map(|n| format!("text {n}")).collect();
        assert_eq!(order[before..], wanted, "all messages are there, in the order of the page");
        assert!(!story.requests().iter().any(|request| matches!(request, Request::History { .. })));
    }
}

/// A history whose pages never change was requested for ever, 2,500 times a second.
#[test]
fn history_that_repeats_a_page_is_left_alone() {
    for can in [MINCHAT, VCHAT] {
        let mut story = Story::online_on(can, 80, 24);
        let page =
            || (0..5).map(|n| message(&format!("m{n}"), "alice", &format!("text {n}"), n * 1_000)).collect::<Vec<_>>();
        let rooms = vec![room_on(can, "r1", "Alice Archer", &["alice"], message("m4", "alice", "text 4", 4_000))];
        story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms });
        let answer = |story: &mut Story| {
            let mut answered = 0;
            for _ in 0..100 {
                let requests = story.wait(20).requests();
                let pages = requests.into_iter().filter_map(|request| match request {
                    Request::History { room, serial, page, .. } => Some((room, serial, page)),
                    _ => None,
                });
                for (room, serial, number) in pages.collect::<Vec<_>>() {
                    answered += 1;
                    let messages = page();
                    story.server(ServerEvent::History {
                        room,
                        serial,
                        page: number,
                        pages: u32::MAX,
                        total: None,
                        messages,
                    });
                }
            }
            answered
        };
        let requested = answer(&mut story);
        assert!((2..=10).contains(&requested), "{requested} requests");
        story.shows("The server sends the same messages again.").shows("Alt+G load");
        story.keys("alt+g");
        assert_eq!(answer(&mut story), 3, "the key tries again");
        story.shows("The server sends the same messages again.");
    }
}

#[test]
fn room_list_that_repeats_a_page_is_left_alone() {
    let mut story = Story::online(100, 24);
    let rooms = || vec![room("r1", "Alice Archer", &["alice"], message("m1", "alice", "hi", 0))];
    let mut requested = 0;
    for _ in 0..100 {
        let requests = story.wait(20).requests();
        for request in requests {
            if let Request::Rooms { page } = request {
                requested += 1;
                story.server(ServerEvent::Rooms { page, pages: u32::MAX, rooms: rooms() });
            }
        }
    }
    assert_eq!(requested, 4, "the first page, and three that bring nothing new");
    story.shows("The server repeats the same rooms. Press F5 to retry.");
}

/// A list that arrives in one answer had no limit.
#[test]
fn list_in_one_answer_is_cut() {
    let mut story = Story::chat_on(VCHAT, 80, 24);
    story.types("/stars").keys("enter");
    let messages = (0..30_000).map(|n| message(&format!("s{n}"), "alice", "starred", 0)).collect();
    story.server(ServerEvent::Stars { room: Some(room_id("r1")), messages });
    let Some(Overlay::List(list)) = &story.state.ui.overlay else { panic!("no list on\n{}", story.screen()) };
    let last = list.rows.last().map(|row| row.text.as_str());
    assert_eq!((list.rows.len(), last), (10_001, Some("Only the first 10000 are shown.")));
}

#[test]
fn typing_people_notes_and_unknown_rooms_are_bounded() {
    let mut story = Story::chat_on(VCHAT, 80, 24);
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
fn endless_room_list_is_not_followed() {
    let mut story = Story::chat(80, 24);
    // Archived rooms, because rooms that are not drawn are handled faster.
    let archived_room =
        |n: u32| RoomInfo { archived: true, ..room(&format!("x{n}"), "Away", &["bob"], message("m", "bob", "x", 0)) };
    for page in 0..12_u32 {
        let rooms = (0..1_000).map(|n| archived_room(page * 1_000 + n)).collect();
        story.requests();
        story.server(ServerEvent::Rooms { page: page + 1, pages: u32::MAX, rooms });
    }
    let known = (0..12_000).filter(|n| story.state.account().rooms.get(&room_id(&format!("x{n}"))).is_some()).count();
    assert!((9_990..=10_000).contains(&known), "{known} rooms are kept");
    assert!(!story.requests().iter().any(|request| matches!(request, Request::Rooms { .. })));
    story.shows("Only the first 10000 rooms are listed");
}

/// Regression test: list pages with large rooms took 744 MB after 39 pages, and more with each further one.
#[test]
fn room_list_ends_when_rooms_take_too_much_memory() {
    let mut story = Story::chat(80, 24);
    let metadata: Option<Box<str>> = Some("x".repeat(60_000).into());
    let mut page = 1;
    loop {
        let rooms = (0..500).map(|n| RoomInfo {
            archived: true,
            metadata: metadata.clone(),
            ..room(&format!("{page}.{n}"), "Away", &["bob"], message("m", "bob", "x", 0))
        });
        let rooms = rooms.collect();
        story.requests();
        story.server(ServerEvent::Rooms { page, pages: u32::MAX, rooms });
        if !story.requests().iter().any(|request| matches!(request, Request::Rooms { .. })) {
            break;
        }
        page += 1;
    }
    assert!((4..=5).contains(&page), "page {page} was the last one");
    let live = RoomInfo { metadata: metadata.clone(), ..room("live", "Live", &["bob"], message("m", "bob", "x", 0)) };
    story.server(ServerEvent::RoomChanged(Box::new(live)));
    assert!(story.state.account().rooms.get(&room_id("live")).is_none());
    story.shows("rooms are listed. Delete some");
    // Known rooms do not grow any more either.
    let update = RoomInfo { metadata, ..room("r1", "Alice", &["alice"], message("m9", "alice", "new", 0)) };
    story.server(ServerEvent::RoomChanged(Box::new(update)));
    let known = &story.state.account().rooms.get(&room_id("r1")).expect("a known room").info;
    assert_eq!((known.title.as_deref(), &known.metadata), (Some("Alice"), &None));
}

/// Regression test: each room kept the whole text of its last message, up to 384 KiB.
#[test]
fn room_list_keeps_only_the_beginning_of_a_last_message() {
    let mut story = Story::chat(80, 24);
    let long = "long ".repeat(10_000);
    let info = room("r2", "Bob Brown", &["bob"], message("m5", "bob", &long, 0));
    story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: vec![info] });
    story.shows("long long");
    let last_length = |story: &Story| {
        let info = &story.state.account().rooms.get(&room_id("r2")).expect("the room").info;
        info.last_message.as_ref().map(|last| last.text.len())
    };
    assert_eq!(last_length(&story), Some(256));
    let edit = MessageInfo { room: room_id("r2"), ..message("m5", "bob", &long, 0) };
    story.server(ServerEvent::Edited(edit));
    assert_eq!(last_length(&story), Some(256));
}

/// Without a store, notes for the store were never taken: each person and each removed room used memory for good.
#[test]
fn nothing_is_noted_for_a_store_that_is_off() {
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
    assert!(rooms.contains("removed: []"), "{rooms}");
}
