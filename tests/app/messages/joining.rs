//! Messages that are deleted or sent while a room is being joined: after a page was read, and before the server sends
//! the events of the room.

use minchat_tui::domain::{MessageInfo, Request, ServerEvent};
use test_support::story::*;

/// Size of MinChat's pages.
const PAGE_SIZE: usize = 25;

/// The messages on the server, oldest first.
fn server() -> Vec<MessageInfo> {
    (0..60).map(|n| seen(message(&format!("x{n:02}"), "alice", &format!("line {n}."), (n - 420) * 100))).collect()
}

fn without(id: &str) -> Vec<MessageInfo> {
    server().into_iter().filter(|message| message.id.as_str() != id).collect()
}

/// A room that has just been joined, on a screen for two pages.
fn joining() -> Story {
    joining_on(60)
}

/// A room that has just been joined, on a screen of this height.
fn joining_on(height: u16) -> Story {
    let mut story = Story::online(100, height);
    let last = server().pop().expect("a message");
    story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: vec![room("r1", "Alice", &["alice"], last)] });
    story
}

/// Answers the requests for pages of the messages until there are no more. Returns their numbers.
fn answer(story: &mut Story, messages: &[MessageInfo]) -> Vec<u32> {
    let count = |number: usize| u32::try_from(number).expect("a small number");
    let mut answered = Vec::new();
    loop {
        let requests = story.requests().into_iter();
        let pages = requests.filter_map(|request| match request {
            Request::History { page, .. } => Some(page),
            _ => None,
        });
        let requested: Vec<u32> = pages.collect();
        if requested.is_empty() {
            return answered;
        }
        for page in requested {
            let end = messages.len().saturating_sub((page as usize - 1) * PAGE_SIZE);
            let shown = messages[end.saturating_sub(PAGE_SIZE)..end].to_vec();
            let (pages, total) = (count(messages.len().div_ceil(PAGE_SIZE)), Some(count(messages.len())));
            let (room, serial) = (room_id("r1"), ANY_SERIAL);
            story.server(ServerEvent::History { room, serial, page, pages, total, messages: shown });
            answered.push(page);
        }
    }
}

/// The server announces the user to the room, which it does only after it has processed the join.
fn heartbeat(story: &mut Story) {
    story.server(ServerEvent::Presence { person: person_id("me"), online: true });
}

#[test]
fn older_page_read_before_the_join_is_compared_again() {
    let mut story = joining();
    assert_eq!(answer(&mut story, &server()), [1, 2, 3], "the screen holds more than a page");
    let left = without("x20");
    story.shows("line 20.").wait(2_000);
    assert_eq!(answer(&mut story, &left), [1, 2, 3], "the join has been processed");
    story.lacks("line 20.").shows("line 19.").shows("Message deleted").wait(60_000);
    assert!(answer(&mut story, &left).is_empty());
}

/// A join that is held up by the network is noticed by the first event that only those who have joined receive.
#[test]
fn join_after_the_reload_causes_another_one() {
    let mut story = joining();
    answer(&mut story, &server());
    story.wait(2_000);
    answer(&mut story, &server());
    let mut left = without("x58");
    left.push(seen(message("y1", "alice", "line after.", 3_000)));
    story.wait(2_000).shows("line 58.").effects.clear();
    heartbeat(&mut story);
    assert_eq!(answer(&mut story, &left)[..1], [1]);
    story.lacks("line 58.").shows("Message deleted").shows("line after.");
    heartbeat(&mut story);
    assert!(answer(&mut story, &left).is_empty(), "the join has been processed");
}

/// Messages before the first live one may have been missed.
#[test]
fn late_join_of_an_empty_room_loads_its_start() {
    let mut story = joining();
    answer(&mut story, &[]);
    story.wait(2_000);
    answer(&mut story, &[]);
    let messages = [("y1", "missed", 3_000), ("y2", "received", 4_000)];
    let messages = messages.map(|(id, text, at)| seen(message(id, "alice", text, at)));
    story.wait(2_000).server(ServerEvent::Message(messages[1].clone())).lacks("missed").effects.clear();
    heartbeat(&mut story);
    assert_eq!(answer(&mut story, &messages), [1]);
    story.shows("missed").shows("received");
}

#[test]
fn join_before_the_reload_causes_no_other() {
    let mut story = joining();
    answer(&mut story, &server());
    heartbeat(&mut story);
    story.wait(2_000);
    assert_eq!(answer(&mut story, &server()), [1, 2, 3]);
    heartbeat(&mut story);
    story.wait(60_000);
    assert!(answer(&mut story, &server()).is_empty());
}

/// On a small screen, only the newest page was compared before.
#[test]
fn only_the_newest_page_is_compared_again_on_a_small_screen() {
    let mut story = joining_on(20);
    assert_eq!(answer(&mut story, &server()), [1, 2]);
    heartbeat(&mut story);
    story.wait(2_000);
    assert_eq!(answer(&mut story, &server()), [1]);
    story.wait(60_000);
    assert!(answer(&mut story, &server()).is_empty());
}
