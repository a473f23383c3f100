//! Order and layout of messages in the pane.

use minchat_tui::app::{Anchor, Effect, Event, Focus};
use minchat_tui::domain::{MessageInfo, MessageKind, Request, ServerEvent};
use minchat_tui::text::SafeText;

use test_support::story::vchat::*;
use test_support::story::*;

/// Two sends of the same text were confused, and a message of another device was taken for a queued one.
#[test]
fn message_of_another_device_is_not_a_queued_send() {
    let mut story = vchat_story(100, 24);
    story.types("ok").keys("enter");
    let (local, ..) = take_send(&mut story);
    story.server(ServerEvent::Message(MessageInfo { local: None, ..message("m8", "me", "ok", 10) }));
    story.server(ServerEvent::Message(sent_message("m9", "me", "ok", 20)));
    let both = vec![message("m8", "me", "ok", 10), sent_message("m9", "me", "ok", 20)];
    story.history("r1", 1, 1, [two_messages(), both].concat());
    assert!(!story.state.account().outbox.is_empty(), "the queued message is not confirmed yet");
    assert_eq!(story.pane().matches("   ok ").count(), 3, "{}", story.screen());
    story.server(ServerEvent::Message(MessageInfo { local: Some(local), ..message("m10", "me", "ok", 30) }));
    assert!(story.state.account().outbox.is_empty());
    assert_eq!(story.pane().matches("   ok ").count(), 3, "{}", story.screen());
}

/// The server's version of a text was shown as an edit.
#[test]
fn servers_version_of_a_send_is_not_an_edit() {
    let mut story = vchat_story(100, 24);
    story.types("trim me  ").keys("enter");
    let (local, ..) = take_send(&mut story);
    let message = MessageInfo { local: Some(local), ..message("m3", "me", "trim me", 10) };
    story.server(ServerEvent::Accepted {
        room: room_id("r1"),
        local,
        id: Some(message.id.clone()),
        message: Some(Box::new(message.clone())),
    });
    story.history("r1", 1, 1, [two_messages(), vec![message]].concat());
    story.shows("trim me").lacks("(edited)");
}

#[test]
fn older_pages_start_before_the_oldest_message() {
    let nth = |n: i64| sent_message(&format!("p{n:02}"), "alice", &format!("line {n:02}"), -n * 60_000 - 300_000);
    let page = |numbers: std::ops::Range<i64>| numbers.map(nth).collect::<Vec<_>>();
    let mut story = vchat_story_without_page(100, 20);
    story.history("r1", 1, 9, [page(0..28), two_messages()].concat());
    let older = |before: &str, page| Request::History {
        room: room_id("r1"),
        serial: ANY_SERIAL,
        page,
        before: Some(message_id(before)),
    };
    story.effects.clear();
    story.keys("ctrl+home");
    assert_eq!(take_requests(&mut story), [older("p27", 2)]);
    story.history("r1", 2, 9, page(28..58));
    story.keys("ctrl+home");
    assert_eq!(take_requests(&mut story), [older("p57", 3)]);
    story.history("r1", 3, 9, page(58..60));
    // The newest page arrives again without anything new: older pages still start before the oldest message.
    story.history("r1", 1, 9, [page(0..28), two_messages()].concat());
    story.effects.clear();
    story.keys("ctrl+home");
    assert!(matches!(take_requests(&mut story).as_slice(), [] | [Request::History { .. }]));
    let before = story.state.scene().open_room().expect("a room").oldest_id();
    assert_eq!(before, Some(message_id("p59")));
    story.history("r1", 4, 4, Vec::new());
    story.keys("ctrl+home").shows("Start of the conversation");
}

#[test]
fn tombstone_in_the_newest_page_does_not_reload_it() {
    let nth = |n: i64| sent_message(&format!("p{n:02}"), "alice", &format!("line {n:02}"), -n * 60_000 - 300_000);
    let mut page: Vec<_> = (0..28).map(nth).collect();
    page[5].deleted = true;
    let mut story = vchat_story_without_page(100, 20);
    story.history("r1", 1, 9, [page, two_messages()].concat());
    story.effects.clear();
    story.keys("ctrl+home");
    let requested = take_requests(&mut story);
    assert!(
        matches!(requested.as_slice(), [Request::History { before: Some(before), .. }] if *before == message_id("p27")),
        "{requested:?}"
    );
}

#[test]
fn missed_pages_are_fetched_up_to_known_messages() {
    let mut story = vchat_story(100, 24);
    story.server(ServerEvent::EventsLost);
    story.history("r1", 1, 9, vec![sent_message("m9", "alice", "nine", 900)]);
    let older = Request::History { room: room_id("r1"), serial: ANY_SERIAL, page: 2, before: Some(message_id("m9")) };
    assert!(take_requests(&mut story).contains(&older));
    story.history("r1", 2, 9, [two_messages(), vec![sent_message("m8", "alice", "eight", 800)]].concat());
    assert!(!take_requests(&mut story).iter().any(|request| matches!(request, Request::History { .. })));
}

#[test]
fn deletion_for_me_moves_the_selection_on() {
    let mut story = vchat_story(100, 24);
    for n in 3..6 {
        story.server(ServerEvent::Message(sent_message(&format!("m{n}"), "alice", &format!("text {n}"), n * 1_000)));
    }
    story.wait(1_000).effects.clear();
    story.keys("tab up D").shows("Delete this message for you only?");
    assert_eq!(take_requests(&mut story), []);
    story.confirms();
    let request = Request::DeleteForMe { room: room_id("r1"), message: message_id("m4") };
    assert_eq!(take_requests(&mut story), std::slice::from_ref(&request));
    story.shows("text 4").keys("tab up");
    story.server(ServerEvent::Done(request));
    story.lacks("text 4").lacks("Message deleted").shows("text 3").shows("text 5");
    let room = story.state.scene().open_room().expect("a room");
    let m5 = room.timeline.find(&message_id("m5")).expect("m5");
    assert_eq!(story.state.ui.focus, Focus::Message(m5));
    assert_eq!(room.timeline.position(m5), Some(3));
    assert_eq!(room.timeline.len(), 4);
}

#[test]
fn deleted_anchor_message_passes_to_its_neighbour() {
    let mut story = vchat_story(100, 20);
    for n in 0..60 {
        story.server(ServerEvent::Message(sent_message(&format!("n{n}"), "alice", &format!("line {n:02}"), n * 1_000)));
    }
    story.keys("pageup pageup");
    let Anchor::Top { slot, .. } = story.state.ui.pane.anchor else { panic!("scrolled") };
    let room = story.state.scene().open_room().expect("a room");
    let position = room.timeline.position(slot).expect("a position");
    let id = room.timeline.get(slot).id.clone().expect("an id");
    story.server(ServerEvent::Done(Request::DeleteForMe { room: room_id("r1"), message: id }));
    let Anchor::Top { slot, .. } = story.state.ui.pane.anchor else { panic!("it jumped to the bottom") };
    assert_eq!(story.state.scene().open_room().expect("a room").timeline.position(slot), Some(position));
}

#[test]
fn refused_deletion_is_reported_and_keeps_the_message() {
    let mut story = vchat_story(100, 24);
    let request = Request::DeleteForMe { room: room_id("r1"), message: message_id("m2") };
    story.server(ServerEvent::Failed { request, failure: Failure::Refused, reason: SafeText::line("Not yours.") });
    story.shows("Not deleted: Not yours.").shows("How are you?");
}

#[test]
fn service_messages_are_centred_without_an_author() {
    let mut story = vchat_story(100, 30);
    let info = |id: &str, kind, text: &str, at| MessageInfo { kind, ..sent_message(id, "alice", text, at) };
    story.server(ServerEvent::Message(info("i1", MessageKind::Info, "Bob Brown joined by Alice Archer", 1_000)));
    story.server(ServerEvent::Message(info("i2", MessageKind::Call, "Missed call from Alice Archer", 2_000)));
    story.server(ServerEvent::Message(info("i3", MessageKind::Text, "Sorry, wrong button", 3_000)));
    story.server(ServerEvent::Message(info("i4", MessageKind::Location, "The old mill", 4_000)));
    story.server(ServerEvent::Message(info("i5", MessageKind::Custom, "an order", 5_000)));
    story.server(ServerEvent::Message(info("i6", MessageKind::Unreadable, "a message that cannot be read", 6_000)));
    let pane = story.pane();
    let rows: Vec<&str> = pane.lines().collect();
    let at = |text: &str| {
        let row = rows.iter().position(|row| row.contains(text));
        row.unwrap_or_else(|| panic!("no {text} on\n{pane}"))
    };
    assert!(rows[at("Bob Brown joined")].starts_with("        "), "{pane}");
    assert_eq!(at("Missed call"), at("Bob Brown joined") + 1, "{pane}");
    assert_eq!(rows[at("Sorry, wrong") - 1].trim(), "Alice Archer  18:00", "the author is named again:\n{pane}");
    assert!(rows[at("Bob Brown joined") - 1].trim().is_empty(), "{pane}");
    story.shows("[location] The old mill").shows("[custom] an order").shows("a message that cannot be read");
    story.keys("tab up up up up r").shows("Only messages from people can be replied to");
    story.lacks("Replying");
}

#[test]
fn tombstone_of_a_long_message_takes_one_row() {
    let mut story = vchat_story(100, 24);
    let long = sent_message("m3", "alice", "one\ntwo\nthree\nfour\nfive", 10);
    story.server(ServerEvent::Message(long)).server(ServerEvent::Message(sent_message("m4", "alice", "after", 20)));
    story.server(ServerEvent::Deleted(message_id("m3"))).shows("Message deleted");
    let rows: Vec<String> = story.pane().lines().map(|row| row.trim().to_owned()).collect();
    let tombstone = rows.iter().position(|row| row.contains("Message deleted")).expect("a tombstone");
    assert!(rows[tombstone + 1].contains("after"), "{}", story.screen());
}

/// Keys acted on a selected message that had been scrolled off the screen.
#[test]
fn scrolling_moves_the_selection_with_the_screen() {
    let mut story = vchat_story(100, 20);
    for n in 0..60 {
        story.server(ServerEvent::Message(sent_message(&format!("n{n}"), "alice", &format!("line {n:02}"), n * 1_000)));
    }
    for keys in ["tab", "pageup pageup", "pagedown", "ctrl+home", "ctrl+end"] {
        story.keys(keys);
        let Focus::Message(slot) = story.state.ui.focus else { panic!("the selection is lost") };
        let visible = story.state.ui.pane.rows.iter().any(|row| row.message() == Some(slot));
        assert!(visible, "after {keys}:\n{}", story.screen());
    }
}

/// The rows of a deleted message of several lines stayed blank until the room was left.
#[test]
fn deleted_message_of_several_lines_takes_one_row() {
    let mut story = vchat_story(100, 24);
    let long = (1..=5).map(|line| format!("line {line}\n")).collect::<String>();
    story.server(ServerEvent::Message(sent_message("l1", "alice", long.trim_end(), 10)));
    story.server(ServerEvent::Message(sent_message("l2", "alice", "after", 20)));
    story.shows("line 5").server(ServerEvent::Deleted(message_id("l1")));
    let screen = story.pane();
    let rows: Vec<&str> = screen.lines().collect();
    let tombstone = rows.iter().position(|row| row.contains("deleted")).expect("a tombstone");
    assert!(rows[tombstone + 1].contains("after"), "{}", story.screen());
}

/// The second of two keys that were read at once acted on the selected message before it was scrolled out of view.
#[test]
fn key_after_page_up_acts_on_a_visible_message() {
    let nth = |n: i64| sent_message(&format!("p{n:02}"), "me", &format!("line {n:02}"), -n * 60_000 - 300_000);
    let mut story = vchat_story_without_page(100, 20);
    story.history("r1", 1, 1, [(0..58).map(nth).collect(), two_messages()].concat());
    story.keys("tab").shows("How are you?").effects.clear();
    for key in ["pageup", "pageup", "y"] {
        story.handle(Event::Key(key.parse().unwrap()));
    }
    let copied: Vec<String> = story
        .effects
        .iter()
        .filter_map(|effect| if let Effect::Copy(text) = effect { Some(text.clone()) } else { None })
        .collect();
    let [text] = copied.as_slice() else { panic!("{:?}", story.effects) };
    story.event(Event::FrameDrawn).shows(text);
    assert!(!story.pane().contains("How are you?"), "{}", story.screen());
    // The selection begins there, too, so that the messages stay where they are.
    for key in ["pageup", "tab", "up", "y"] {
        story.handle(Event::Key(key.parse().unwrap()));
    }
    let Some(Effect::Copy(text)) = story.effects.last().cloned() else { panic!("{:?}", story.effects) };
    story.event(Event::FrameDrawn);
    let shown: Vec<String> = story.pane().lines().filter(|row| row.contains("   line ")).map(str::to_owned).collect();
    assert!(shown[shown.len() - 2].contains(&text), "{text}: {}", story.screen());
}

/// Regression test: new messages pushed the selected one off the screen, where keys acted on it unseen.
#[test]
fn new_messages_do_not_push_the_selected_one_off_the_screen() {
    for can in [MINCHAT, VCHAT] {
        let mut story = Story::chat_on(can, 80, 24);
        let arrives = |story: &mut Story, n: i64| {
            let text = format!("line {n}.");
            story.server(ServerEvent::Message(in_room("r1", message(&format!("n{n}"), "alice", &text, n))));
        };
        (1..=30).for_each(|n| arrives(&mut story, n));
        story.keys("ctrl+up").keys("up up up up up up").shows("line 24.");
        (31..=33).for_each(|n| arrives(&mut story, n));
        story.shows("line 33.");
        (34..=60).for_each(|n| arrives(&mut story, n));
        let row = story.row_with("line 24.");
        story.shows("18 new messages").lacks("line 42.").keys("y");
        assert!(!row.is_empty() && story.effects.contains(&Effect::Copy("line 24.".to_owned())));
        story.keys("esc").shows("line 60.");
    }
}
