//! Messages that were deleted while nobody listened: the newest page no longer contains them.

use minchat_tui::domain::{ConnectionStatus, MessageInfo, Request, ServerEvent};
use minchat_tui::text::SafeText;
use test_support::story::*;

fn alice(id: &str, text: &str, at: i64) -> MessageInfo {
    seen(message(id, "alice", text, at))
}

/// A chat with three messages, just connected again. The newest page has been requested.
fn reconnected() -> Story {
    let mut story = Story::new(100, 24);
    story.server(ServerEvent::SignedIn { me: me(), capabilities: MINCHAT });
    story.server(ServerEvent::Connection(ConnectionStatus::Online));
    let last = alice("m3", "third words", -30_000);
    story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: vec![room("r1", "Alice", &["alice"], last.clone())] });
    for _load_and_reload in 0..2 {
        story.history("r1", 1, 1, all());
        story.wait(2_000);
    }
    story.shows("third words");
    reconnect(&mut story);
    story
}

fn reconnect(story: &mut Story) {
    let reason = SafeText::line("The cable is out.");
    story.server(ServerEvent::Connection(ConnectionStatus::Offline { retry_in: 1_000, reason }));
    story.server(ServerEvent::Connection(ConnectionStatus::Online));
}

/// Returns the messages of the chat.
fn all() -> Vec<MessageInfo> {
    let all = [("m1", "first words", -90_000), ("m2", "second words", -60_000), ("m3", "third words", -30_000)];
    all.map(|(id, text, at)| alice(id, text, at)).to_vec()
}

#[test]
fn newest_message_becomes_a_tombstone() {
    let mut story = reconnected();
    story.history("r1", 1, 1, vec![alice("m1", "first words", -90_000), alice("m2", "second words", -60_000)]);
    story.lacks("third words").shows("second words").shows("Message deleted");
}

#[test]
fn oldest_message_becomes_a_tombstone() {
    let mut story = reconnected();
    story.history("r1", 1, 1, vec![alice("m2", "second words", -60_000), alice("m3", "third words", -30_000)]);
    story.lacks("first words").shows("second words").shows("third words");
}

#[test]
fn everything_can_be_deleted() {
    let mut story = reconnected();
    story.history("r1", 1, 1, Vec::new());
    story.lacks("first words").lacks("second words").lacks("third words");
}

/// V Chat answers with an empty page to somebody who has left the group, whose messages stay readable.
#[test]
fn empty_page_of_a_room_that_was_left_deletes_nothing() {
    let mut story = Story::chat_on(VCHAT, 100, 24);
    story.server(ServerEvent::EventsLost);
    story.history("r1", 1, 1, Vec::new());
    story.shows("How are you?").shows("Hello Alice");
}

/// In a longer conversation, the newest page decides about the messages after its oldest one.
#[test]
fn newest_of_several_pages_decides_about_its_messages() {
    let mut story = reconnected();
    story.history("r1", 1, 3, vec![alice("m2", "second words", -60_000)]);
    story.shows("first words").shows("second words").lacks("third words").shows("Message deleted");
}

#[test]
fn older_pages_are_not_judged_by_the_newest() {
    let mut story = reconnected();
    // The server has another page, so the first two messages may be there.
    story.history("r1", 1, 2, vec![alice("m3", "third words", -30_000)]);
    story.shows("first words").shows("second words").shows("third words");
}

#[test]
fn message_after_the_request_is_kept() {
    let mut story = reconnected();
    story.server(ServerEvent::Message(alice("m4", "fourth words", 10)));
    story.history("r1", 1, 1, all());
    story.shows("fourth words").shows("third words");
}

#[test]
fn message_sent_before_and_accepted_after_the_request_is_kept() {
    let mut story = reconnected();
    story.types("mine").keys("enter");
    let requests = story.requests();
    let local = requests.iter().find_map(|request| match request {
        minchat_tui::domain::Request::Send { local, .. } => Some(*local),
        _ => None,
    });
    let (local, id) = (local.expect("a send"), Some(minchat_tui::domain::MessageId::new("m5")));
    story.server(ServerEvent::Accepted { room: room_id("r1"), local, id, message: None });
    story.history("r1", 1, 1, all());
    story.shows("mine").lacks("Message deleted");
}

/// A message became a tombstone for good when the server announced it before its pages contained it.
#[test]
fn recent_message_missing_on_a_page_is_kept() {
    let mut story = reconnected();
    story.history("r1", 1, 1, all()).wait(5_000).history("r1", 1, 1, all());
    let now = story.now.0 - BEGIN.0;
    story.server(ServerEvent::Message(alice("m4", "fourth words", now)));
    reconnect(&mut story);
    story.history("r1", 1, 1, all());
    story.shows("fourth words").lacks("Message deleted");
    story.wait(3_000).history("r1", 1, 1, all());
    story.shows("fourth words").lacks("Message deleted");
    story.wait(10_000).history("r1", 1, 1, all());
    story.lacks("fourth words").shows("Message deleted");
}

/// A message that was deleted a moment after it had been sent stayed until the room was opened again: nothing asked for
/// another page.
#[test]
fn page_is_requested_again_when_recent_message_is_decided() {
    let mut story = reconnected();
    story.history("r1", 1, 1, all()).wait(5_000).history("r1", 1, 1, all());
    let sent = story.now - BEGIN;
    story.server(ServerEvent::Message(alice("m4", "fourth words", sent)));
    story.wait(3_000);
    reconnect(&mut story);
    story.history("r1", 1, 1, all()).wait(2_000).history("r1", 1, 1, all()).effects.clear();
    story.wait(sent + 9_900 - (story.now - BEGIN));
    assert_eq!(newest_requests(&mut story), 0, "nothing is asked before the page can tell");
    story.wait(200).shows("fourth words");
    assert_eq!(newest_requests(&mut story), 1);
    story.history("r1", 1, 1, all());
    story.lacks("fourth words").shows("Message deleted").wait(60_000);
    assert_eq!(newest_requests(&mut story), 0, "the page has decided");
}

#[test]
fn page_with_recent_message_is_not_requested_again() {
    let mut story = reconnected();
    story.history("r1", 1, 1, all()).wait(5_000).history("r1", 1, 1, all());
    let fourth = alice("m4", "fourth words", story.now - BEGIN);
    story.server(ServerEvent::Message(fourth.clone()));
    reconnect(&mut story);
    let page = || [all(), vec![fourth.clone()]].concat();
    story.history("r1", 1, 1, page()).wait(2_000).history("r1", 1, 1, page()).effects.clear();
    story.wait(60_000).shows("fourth words");
    assert_eq!(newest_requests(&mut story), 0);
}

/// Pages of a message stamped far in the future would never decide.
#[test]
fn message_of_the_future_causes_no_requests() {
    let mut story = reconnected();
    story.history("r1", 1, 1, all()).wait(5_000).history("r1", 1, 1, all());
    story.server(ServerEvent::Message(alice("m4", "fourth words", 3_600_000)));
    reconnect(&mut story);
    story.history("r1", 1, 1, all()).wait(2_000).history("r1", 1, 1, all()).effects.clear();
    story.wait(60_000).shows("fourth words");
    assert_eq!(newest_requests(&mut story), 0);
}

/// Another room is on screen by then; opening this one again requests its newest page anyway.
#[test]
fn closed_room_is_not_asked_about_recent_messages() {
    let mut story = reconnected();
    story.history("r1", 1, 1, all()).wait(5_000).history("r1", 1, 1, all());
    let last = message("b1", "bob", "hello", -80_000);
    story.server(ServerEvent::RoomChanged(Box::new(room("r2", "Bob Brown", &["bob"], last))));
    story.server(ServerEvent::Message(alice("m4", "fourth words", story.now - BEGIN)));
    reconnect(&mut story);
    story.history("r1", 1, 1, all()).types("/go Bob").keys("enter").wait(3_000);
    story.history("r2", 1, 1, vec![in_room("r2", message("b1", "bob", "hello", -80_000))]).wait(2_000).effects.clear();
    story.wait(60_000);
    assert_eq!(newest_requests(&mut story), 0);
}

/// Number of requests for a newest page since the last call.
fn newest_requests(story: &mut Story) -> usize {
    let is_newest = |request: &Request| matches!(request, Request::History { page: 1, .. });
    story.requests().iter().filter(|request| is_newest(request)).count()
}
