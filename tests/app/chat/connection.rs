//! Connecting, reconnecting and loading the history.

use minchat_tui::domain::{ConnectionStatus, Request, ServerEvent};
use minchat_tui::text::SafeText;
use test_support::story::*;

on_both! {
    missed_pages_are_fetched_until_they_reach_known_messages(100, 24);
}

fn is_second_page(request: &Request) -> bool {
    matches!(request, Request::History { page: 2, .. })
}

#[test]
fn reconnecting_joins_and_reloads_the_open_room() {
    let mut story = Story::chat(100, 24);
    story.server(ServerEvent::Connection(ConnectionStatus::Offline {
        retry_in: 4_000,
        reason: SafeText::line("The network is down."),
    }));
    story.shows("Reconnecting in 4 s");
    story.wait(1_000).shows("Reconnecting in 3 s");
    story.types("still typing").shows("› still typing");
    story
        .server(ServerEvent::Connection(ConnectionStatus::Connecting))
        .server(ServerEvent::Connection(ConnectionStatus::Online));
    let requests = story.requests();
    for expected in [
        Request::Rooms { page: 1 },
        Request::Join { room: room_id("r1") },
        Request::History { room: room_id("r1"), serial: ANY_SERIAL, page: 1, before: None },
    ] {
        assert!(requests.contains(&expected), "no {expected:?} in {requests:?}");
    }
}

/// Packets after the first one may be held back, so the room that is opened is joined first.
#[test]
fn join_precedes_what_ends_in_the_room_before() {
    let mut story = Story::chat(100, 24);
    let crew = room("r2", "Crew", &["bob", "carol"], message("g1", "bob", "Hi", -90_000));
    story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: vec![crew] });
    story.types("a").effects.clear();
    story.types("b").keys("alt+down");
    let requests = story.requests();
    let place = |wanted: &Request| requests.iter().position(|request| request == wanted);
    let typing = Request::Typing { room: room_id("r1"), on: false };
    let ends = [typing, Request::Leave { room: room_id("r1") }].map(|request| place(&request));
    assert_eq!(place(&Request::Join { room: room_id("r2") }), Some(0), "{requests:?}");
    assert!(ends.iter().all(Option::is_some), "{requests:?}");
}

/// A page was fetched while the join was on its way, and messages sent in between were in neither. A flood of messages
/// once began with number 229 for this reason.
#[test]
fn messages_sent_during_a_join_are_fetched_by_a_reload() {
    let mut story = Story::online(100, 24);
    let listed = room("r1", "Alice Archer", &["alice"], message("m1", "alice", "one", -60_000));
    story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: vec![listed] });
    let older = |n: i64| seen(message(&format!("o{n}"), "alice", "older", n - 100_000));
    let first: Vec<_> = (1..25).map(older).chain([message("m1", "alice", "one", -60_000)]).collect();
    story.history("r1", 1, 9, first);
    story.server(ServerEvent::Message(message("m90", "alice", "ninety", 9_000)));
    story.effects.clear();
    story.wait(1_499);
    let reload = Request::History { room: room_id("r1"), serial: ANY_SERIAL, page: 1, before: None };
    assert!(!story.requests().contains(&reload));
    story.wait(1);
    let requests = story.requests();
    assert!(requests.contains(&reload) && requests.contains(&Request::Rooms { page: 1 }), "{requests:?}");
    story.history("r1", 1, 9, vec![message("m60", "alice", "sixty", 6_000), message("m90", "alice", "ninety", 9_000)]);
    assert!(story.requests().iter().any(is_second_page), "the page does not reach the known messages");
    story.history("r1", 2, 9, vec![message("m1", "alice", "one", -60_000), message("m30", "alice", "thirty", 3_000)]);
    let pane = story.pane();
    let at = |text: &str| pane.find(text).unwrap_or_else(|| panic!("no {text} on\n{pane}"));
    assert!(at("one") < at("thirty") && at("thirty") < at("sixty") && at("sixty") < at("ninety"), "{pane}");
    story.wait(60_000);
    assert!(!story.requests().contains(&reload), "one reload is enough");
}

/// Opening the room cleared the notice before anybody had read it.
#[test]
fn notice_at_start_is_still_shown_once_a_room_is_open() {
    let mut story = Story::online(100, 24);
    story.state.notify_at_start("Warning: others can read it.".to_owned());
    story.shows("Warning: others can read it.");
    let last = message("m1", "alice", "one", -60_000);
    story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: vec![room("r1", "Alice Archer", &["alice"], last)] });
    assert!(story.state.ui.open.is_some());
    story.shows("Warning: others can read it.").wait(6_000).lacks("Warning");
}

/// The reason was cut after some twenty cells.
#[test]
fn connection_error_is_readable_on_eighty_columns() {
    let mut story = Story::chat(80, 24);
    let reason = "Cannot reach http://chat.example: it does not answer. Check the address and the network.";
    let offline = ConnectionStatus::Offline { retry_in: 60_000, reason: SafeText::line(reason) };
    story.server(ServerEvent::Connection(offline.clone()));
    story.shows("Cannot reach http://chat.example: it does not");
    // There has been a connection, so the address is right.
    story.shows("Reconnecting in 60 s").lacks("--url");
    story.state.account_mut().was_online = false;
    story.server(ServerEvent::Connection(offline));
    story.shows("Reconnecting in 60 s · Check the address and the network.");
    let reason = "The server refused the API key. Check that it is complete and belongs to this app.";
    story.server(ServerEvent::Connection(ConnectionStatus::Refused { reason: SafeText::line(reason) }));
    story.shows("The server refused the API key.");
    story.shows("Not connected · Check that it is complete and belongs to this app.");
}

/// A notice replaced the hints, and nothing else said that the connection is not tried again by itself.
#[test]
fn refused_connection_always_names_the_key_that_retries() {
    let refused = || {
        let reason = SafeText::line("The server refused the connection: too many clients.");
        ServerEvent::Connection(ConnectionStatus::Refused { reason })
    };
    for (width, height) in [(100, 24), (80, 24), (40, 12)] {
        let mut story = Story::chat(width, height);
        story.server(refused()).shows("F5 reconnect").wait(60_000).shows("F5 reconnect");
        story.keys("up").shows("F5 reconnect").keys("esc");
        story.types("/nonsense").keys("enter").shows("F5 reconnect");
        story.keys("f5").server(ServerEvent::Connection(ConnectionStatus::Connecting)).lacks("F5 reconnect");
    }
    let mut story = Story::online(100, 24);
    story.server(refused()).shows("The server refused the connection").shows("Press F5 to reconnect.");
}

/// The reload that follows a new connection began while the list was being read, and every page was fetched twice.
#[test]
fn long_room_list_is_fetched_once() {
    let mut story = Story::online(100, 24);
    let listed = |n: i64, last: &str, at: i64| {
        room(&format!("r{n}"), &format!("Room {n}"), &["alice"], message(last, "alice", last, at))
    };
    let page = |page: u32| {
        let first = i64::from(page - 1) * 25;
        (first..first + 25).map(|n| listed(n, &format!("m{n}"), -n * 1_000)).collect::<Vec<_>>()
    };
    let (mut waiting, mut fetched) = (std::collections::VecDeque::new(), Vec::new());
    for _answer in 0..200 {
        waiting.extend(story.wait(150).requests());
        match waiting.pop_front() {
            Some(Request::Rooms { page: number }) => {
                fetched.push(number);
                let mut rooms = page(number);
                if fetched.len() > 20 {
                    // This message was sent before the server knew the new connection.
                    rooms.insert(0, listed(499, "late", 1_000));
                }
                story.server(ServerEvent::Rooms { page: number, pages: 20, rooms });
            }
            Some(Request::History { room, page, .. }) => {
                story.server(ServerEvent::History {
                    room,
                    serial: ANY_SERIAL,
                    page,
                    pages: 1,
                    total: None,
                    messages: Vec::new(),
                });
            }
            _ => {}
        }
    }
    let expected: Vec<u32> = (1..=20).chain([1]).collect();
    assert_eq!(fetched, expected, "only the first page is read again, since nothing else can have changed");
    story.shows("Room 499");
}

fn missed_pages_are_fetched_until_they_reach_known_messages(mut story: Story) {
    story.server(ServerEvent::EventsLost);
    assert!(story.requests().contains(&Request::History {
        room: room_id("r1"),
        serial: ANY_SERIAL,
        page: 1,
        before: None
    }));
    story.history("r1", 1, 9, vec![message("m9", "alice", "nine", 900)]);
    assert!(story.requests().iter().any(is_second_page));
    let known = [message("m1", "me", "Hello Alice", -120_000), message("m2", "alice", "How are you?", -60_000)];
    story.history("r1", 2, 9, [&known[..], &[message("m8", "alice", "eight", 800)]].concat());
    assert!(
        !story.requests().iter().any(|request| matches!(request, Request::History { page: 3.., .. })),
        "it has met"
    );
    let pane = story.pane();
    let at = |text: &str| pane.find(text).unwrap_or_else(|| panic!("no {text} on\n{pane}"));
    assert!(at("How are you?") < at("eight") && at("eight") < at("nine"), "{pane}");
}

#[test]
fn scrolling_up_loads_the_history_without_moving_the_view() {
    let mut story = Story::online(100, 20);
    let page = |n: i64| {
        (0..25)
            .map(|i| seen(message(&format!("p{n}-{i}"), "alice", &format!("page {n} line {i}"), (i - n * 100) * 1000)))
            .collect::<Vec<_>>()
    };
    story.server(ServerEvent::Rooms {
        page: 1,
        pages: 1,
        rooms: vec![room("r1", "Alice Archer", &["alice"], message("p1-24", "alice", "page 1 line 24", -76_000))],
    });
    story.history("r1", 1, 3, page(1));
    story.shows("page 1 line 24");
    story.keys("pageup pageup");
    let top = story.screen().lines().nth(8).unwrap_or_default().to_owned();
    assert!(story.requests().iter().any(is_second_page));
    story.history("r1", 2, 3, page(2));
    assert_eq!(story.screen().lines().nth(8), Some(top.as_str()), "the older page moved the messages on the screen");
    story.keys("pageup pageup");
    story.history("r1", 3, 3, page(3));
    for _ in 0..9 {
        story.keys("pageup");
    }
    story.shows("Start of the conversation").shows("page 3 line 0");
    story.effects.clear();
    story.keys("pageup");
    assert!(
        !story.requests().iter().any(|request| matches!(request, Request::History { .. })),
        "there is nothing older"
    );
}
