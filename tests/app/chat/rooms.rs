//! The room list, the switcher and members.

use minchat_tui::domain::{ConnectionStatus, MessageInfo, Request, RoomKind, ServerEvent};
use test_support::story::*;

on_both! {
    new_room_appears(100, 24);
    switcher_finds_a_room_by_a_few_letters(100, 24);
}

#[test]
fn message_elsewhere_is_counted_and_moves_its_room_up() {
    let mut story = Story::chat(100, 24);
    let other = room("r2", "Bob Brown", &["bob"], message("b1", "bob", "old news", -3_600_000));
    story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: vec![other.clone()] });
    assert!(story.screen().lines().nth(2).is_some_and(|row| row.contains("Bob Brown")), "{}", story.screen());
    for (id, at) in [("b2", 100), ("b3", 200)] {
        let last_message = Some(in_room("r2", message(id, "bob", "fresh news", at)));
        story.server(ServerEvent::RoomChanged(Box::new(minchat_tui::domain::RoomInfo {
            last_message,
            ..other.clone()
        })));
    }
    assert!(story.screen().lines().next().is_some_and(|row| row.contains("Bob Brown")), "{}", story.screen());
    story.shows(" 2 │").keys("alt+a").wait(300);
    story.lacks(" 2 │").shows("Message Bob Brown…");
}

fn new_room_appears(mut story: Story) {
    let mut info = room("r9", "Release crew", &["bob", "carol"], message("g1", "carol", "ship it", 10));
    info.last_message = info.last_message.map(|last| MessageInfo { seen: false, ..last });
    story.server(ServerEvent::RoomChanged(Box::new(info)));
    story.shows("# Release crew").shows("Carol Chen: ship it");
}

fn switcher_finds_a_room_by_a_few_letters(mut story: Story) {
    let other = room("r2", "Release crew", &["bob", "carol"], message("b1", "bob", "hi", -3_600_000));
    story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: vec![other] });
    story.keys("ctrl+k").types("relcr").shows("Release crew");
    story.keys("enter").shows("Message Release crew…").shows("3 members");
}

/// Opening the newest room instead cleared the notice.
#[test]
fn missing_start_room_is_reported() {
    let mut story = Story::new(100, 24);
    story.state.account_mut().profile.room = Some("Nowhere".into());
    story
        .server(ServerEvent::SignedIn { me: me(), capabilities: MINCHAT })
        .server(ServerEvent::Connection(ConnectionStatus::Online));
    let listed = room("r1", "Alice Archer", &["alice"], message("m1", "alice", "one", -60_000));
    story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: vec![listed] });
    story.shows("There is no room called Nowhere.").shows("Message Alice Archer…");
}

/// Regression test: a room on the first page whose title only begins with the name was opened instead.
#[test]
fn start_room_on_a_later_page_is_found() {
    let mut story = Story::new(100, 24);
    story.state.account_mut().profile.room = Some("ann".into());
    story
        .server(ServerEvent::SignedIn { me: me(), capabilities: MINCHAT })
        .server(ServerEvent::Connection(ConnectionStatus::Online));
    let page = |page, id: &str, title: &str| {
        let last = message(id, "bob", "Hi", -60_000 * i64::from(page));
        ServerEvent::Rooms { page, pages: 2, rooms: vec![room(id, title, &["bob", "carol"], last)] }
    };
    story.server(page(1, "r1", "Anna Meyer")).lacks("Message Anna Meyer…");
    story.server(page(2, "r2", "Ann")).shows("Message Ann…");
    story.types("/go anna").keys("enter").shows("Message Anna Meyer…");
}

#[test]
fn members_are_looked_up_before_they_are_added() {
    let mut story = Story::chat(100, 24);
    let last = message("m2", "alice", "How are you?", -60_000);
    let rooms = vec![room("r1", "Crew", &["alice", "bob"], last)];
    story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms }).effects.clear();
    story.types("/add dora").keys("enter");
    assert_eq!(story.requests(), [Request::FindPerson { username: "dora".into() }]);
    let dora = person("dora", "Dora Diaz");
    story.server(ServerEvent::Person { request: Request::FindPerson { username: "dora".into() }, person: Some(dora) });
    assert_eq!(
        story.requests(),
        [Request::AddMember {
            room: room_id("r1"),
            kind: RoomKind::Unknown,
            person: Some(person_id("dora")),
            username: "dora".into(),
        }]
    );
    story.server(ServerEvent::MemberAdded { room: room_id("r1"), person: person_id("dora") });
    story.shows("Dora Diaz was added");
}

/// A group with one other member looked like a direct message, with that person's presence in its header.
#[test]
fn titled_group_of_two_is_no_direct_message() {
    let mut story = Story::chat(100, 24);
    let group = room("r2", "Book club", &["bob"], message("b1", "bob", "page 40", 10));
    let direct = room("r3", "Carol Chen", &["carol"], message("c1", "carol", "lunch?", 5));
    story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: vec![group, direct] });
    story.shows("# Book club").shows("Bob Brown: page 40").shows("○ Carol Chen").shows("   lunch?");
    story.keys("ctrl+k").types("book").keys("enter").shows("2 members");
}

/// While the room list had the focus, nothing showed which room was open.
#[test]
fn open_room_is_marked_while_another_is_highlighted() {
    let mut story = Story::chat(100, 24);
    let other = room("r2", "Release crew", &["bob", "carol"], message("b1", "bob", "hi", -3_600_000));
    story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: vec![other] });
    story.lacks("▌").keys("ctrl+b down");
    story.shows("▌○ Alice Archer").shows(" # Release crew").lacks("▌# Release crew");
    for (last, first) in [("end", "home"), ("G", "g"), ("pagedown", "pageup")] {
        story.keys(last).keys("enter").shows("Message Release crew").keys("ctrl+b").keys(first).keys("enter");
        story.shows("Message Alice Archer").keys("ctrl+b");
    }
}
