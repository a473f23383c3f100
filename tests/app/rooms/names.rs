//! Rooms whose titles look equal.

use minchat_tui::domain::{PersonInfo, RoomInfo, ServerEvent};
use minchat_tui::text::SafeText;
use test_support::story::*;

/// Two direct messages with different people called Alex, and two groups of one title.
fn namesakes() -> Story {
    let mut story = Story::online(100, 30);
    let direct = |id: &str, who: &str| room(id, "Alex", &[who], message(&format!("m-{id}"), who, "hi", -1_000));
    let group = |id: &str| {
        let last = message(&format!("m-{id}"), "bob", "hello", -2_000);
        RoomInfo { ..room(id, "Cafe\u{301}", &["bob", "carol"], last) }
    };
    let rooms = vec![direct("r1", "alex1"), direct("r2", "alex2"), group("group-aaaa"), group("group-bbbb")];
    story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms });
    for request in story.requests() {
        if let minchat_tui::domain::Request::Person { id, .. } = &request {
            let info = PersonInfo {
                id: id.clone(),
                username: SafeText::line(id.as_str()),
                name: SafeText::line("Alex"),
                last_active: None,
                agent: false,
            };
            story.server(ServerEvent::Person { request, person: Some(info) });
        }
    }
    story
}

#[test]
fn room_list_tells_equal_titles_apart() {
    namesakes().shows("Alex @alex1").shows("Alex @alex2").shows("#aaaa").shows("#bbbb");
}

#[test]
fn switcher_tells_equal_titles_apart() {
    let mut story = namesakes();
    story.keys("ctrl+k").types("alex2").keys("enter");
    assert_eq!(story.state.ui.open, Some(room_id("r2")));
}

#[test]
fn titles_are_found_however_accents_are_written() {
    for typed in ["/go Caf\u{e9}", "/go CAFE\u{301}"] {
        let mut story = namesakes();
        story.types(typed).keys("enter");
        let open = story.state.ui.open.clone().expect("a room");
        assert!(open.as_str().starts_with("group-"), "{typed}: {open:?}");
    }
}

/// Direct messages with people whose names are in other scripts, an archived room, and a group.
fn foreign() -> Story {
    let mut story = Story::online(100, 30);
    let last = |id: &str, who: &str, at: i64| message(&format!("m-{id}"), who, "hi", at);
    let rooms = vec![
        room("r1", "Release crew", &["bob", "carol"], last("r1", "bob", -1_000)),
        room("r2", "فاطمة", &["fatima"], last("r2", "fatima", -2_000)),
        room("r3", "Support war room", &["bob", "dave"], last("r3", "bob", -3_000)),
        room("r4", "Old case", &["erin", "dave"], last("r4", "erin", -4_000)),
    ];
    story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms });
    for request in story.requests() {
        if let minchat_tui::domain::Request::Person { id, .. } = &request {
            let (username, name) = (SafeText::line(id.as_str()), if id.as_str() == "fatima" { "فاطمة" } else { "X" });
            let info =
                PersonInfo { id: id.clone(), username, name: SafeText::line(name), last_active: None, agent: false };
            story.server(ServerEvent::Person { request, person: Some(info) });
        }
    }
    story
}

/// Regression test: a direct message was found by a name that not every keyboard can type.
#[test]
fn switcher_finds_a_direct_message_by_user_name() {
    let mut story = foreign();
    story.keys("ctrl+k").types("fati").shows("@fatima").keys("enter");
    assert_eq!(story.state.ui.open, Some(room_id("r2")));
}

/// Regression test: archived rooms did not exist for `/go`, and the words within a title were not looked at.
#[test]
fn go_finds_archived_rooms_and_parts_of_titles() {
    let mut story = foreign();
    story.types("/go old case").keys("enter").types("/archive").keys("enter").shows("was archived");
    for (typed, id) in [("/go war room", "r3"), ("/go old", "r4"), ("/go fatima", "r2")] {
        story.types(typed).keys("enter");
        assert_eq!(story.state.ui.open, Some(room_id(id)), "{typed}");
    }
    story.types("/go o").keys("enter").types("/go zzz").keys("enter").shows("There is no room called zzz.");
}

/// The first row was the room that is open, and unread ones came in the order of the list.
#[test]
fn switcher_begins_with_unread_rooms_and_ends_with_the_open_one() {
    let mut story = foreign();
    story.types("/go release").keys("enter");
    story.server(ServerEvent::Message(in_room("r3", message("n1", "bob", "new", 5))));
    story.types("/go release").keys("enter ctrl+k");
    let Some(minchat_tui::app::Overlay::Switcher(switcher)) = &story.state.ui.overlay else { panic!("no switcher") };
    let labels: Vec<&str> = switcher.results.iter().take(4).map(|result| result.entry.label.as_str()).collect();
    assert_eq!(labels, ["Support war room", "فاطمة", "Old case", "Release crew"]);
}
