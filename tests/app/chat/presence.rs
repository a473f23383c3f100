//! Typing notifications, presence and heartbeats.

use minchat_tui::domain::{Activity, ConnectionStatus, MINUTE, Request, SECOND, ServerEvent};
use minchat_tui::text::SafeText;
use test_support::story::*;

on_both! {
    command_is_not_announced_as_typing(100, 24);
    message_ends_its_authors_typing(100, 24);
}

#[test]
fn unrepeated_typing_lasts_until_the_text_is_cleared() {
    let mut story = Story::chat_on(VCHAT, 100, 24);
    story.types("Hi");
    let typing = |on| Request::Typing { room: room_id("r1"), on };
    assert_eq!(story.requests().iter().filter(|request| **request == typing(true)).count(), 1);
    story.wait(30 * SECOND).effects.clear();
    story.keys("backspace").keys("backspace");
    assert_eq!(story.requests(), [typing(false)]);
}

#[test]
fn typing_is_announced_once_and_stopped_after_two_seconds() {
    let mut story = Story::chat(100, 24);
    let typing = |on| Request::Typing { room: room_id("r1"), on };
    story.types("abc");
    assert_eq!(story.requests(), [typing(true)]);
    story.wait(1_900).types("d").wait(1_900);
    assert_eq!(story.requests(), []);
    story.wait(100);
    assert_eq!(story.requests(), [typing(false)]);
    story.types("e").keys("enter");
    assert!(matches!(
        story.requests().as_slice(),
        [Request::Typing { on: true, .. }, Request::Typing { on: false, .. }, Request::Send { .. }]
    ));
}

fn command_is_not_announced_as_typing(mut story: Story) {
    story.types("/quit");
    assert_eq!(story.requests(), []);
}

#[test]
fn typing_person_is_shown_by_name_for_six_seconds() {
    let mut story = Story::chat(100, 24);
    story.server(ServerEvent::Typing {
        person: person("alice", "Alice Archer"),
        room: None,
        activity: Some(Activity::Typing),
    });
    story.shows("Alice Archer is typing…");
    story.wait(5_900).shows("is typing…");
    story.wait(100).lacks("is typing…");
}

#[test]
fn each_person_stops_typing_in_time() {
    let mut story = Story::chat(100, 24);
    let other = room("r2", "Bob Brown", &["bob"], message("b1", "bob", "hi", -3_600_000));
    story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: vec![other] });
    let typing = |who: &str, room| ServerEvent::Typing {
        person: person(who, name_of(who)),
        room: Some(room_id(room)),
        activity: Some(Activity::Typing),
    };
    let count = |story: &Story| {
        ["r1", "r2"].map(|id| story.state.account().rooms.get(&room_id(id)).map_or(0, |room| room.typing.len()))
    };
    story.server(typing("alice", "r1")).wait(2_000);
    story.server(typing("bob", "r2")).wait(3_999);
    assert_eq!(count(&story), [1, 1]);
    story.server(typing("bob", "r2")).wait(1);
    assert_eq!(count(&story), [0, 1]);
    story.wait(5_998);
    assert_eq!(count(&story), [0, 1]);
    story.wait(1);
    assert_eq!(count(&story), [0, 0]);
}

fn message_ends_its_authors_typing(mut story: Story) {
    story.server(ServerEvent::Typing {
        person: person("alice", "Alice Archer"),
        room: None,
        activity: Some(Activity::Typing),
    });
    story.server(ServerEvent::Message(message("m3", "alice", "done", 10)));
    story.lacks("is typing…");
}

#[test]
fn presence_is_shown_in_words_and_updated_each_minute() {
    let mut story = Story::chat(100, 24);
    story.server(ServerEvent::Presence { person: person_id("alice"), online: true });
    story.shows("online").shows("● Alice Archer");
    story.server(ServerEvent::Presence { person: person_id("alice"), online: false });
    story.shows("last seen 1 min ago").shows("○ Alice Archer");
    story.wait(4 * MINUTE).shows("last seen 5 min ago");
}

/// People were shown as online for hours after the connection was lost.
#[test]
fn nobody_looks_online_without_a_connection() {
    let mut story = Story::chat(100, 24);
    story.server(ServerEvent::Presence { person: person_id("alice"), online: true });
    story.shows("● Alice Archer").shows("● Online");
    let offline = ConnectionStatus::Offline { retry_in: 60_000, reason: SafeText::line("The cable is out.") };
    story.server(ServerEvent::Connection(offline)).shows("○ Alice Archer").lacks("online");
    story
        .server(ServerEvent::Connection(ConnectionStatus::Connecting))
        .server(ServerEvent::Connection(ConnectionStatus::Online))
        .shows("● Alice Archer");
}

#[test]
fn heartbeats_are_sent_at_once_and_every_five_minutes() {
    let mut story = Story::chat(100, 24);
    let heartbeat = Request::Heartbeat { room: room_id("r1") };
    story.wait(5 * MINUTE);
    assert_eq!(story.requests().iter().filter(|request| **request == heartbeat).count(), 1);
}

#[test]
fn idle_program_has_no_deadline_for_minutes() {
    let mut story = Story::chat(100, 24);
    story.wait(MINUTE);
    // The other person was never reported online, and the next heartbeat is minutes away.
    let next = minchat_tui::app::deadline(&story.state).expect("the heartbeat");
    assert!(next - story.now > 3 * MINUTE);
}
