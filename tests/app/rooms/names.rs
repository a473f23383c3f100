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
