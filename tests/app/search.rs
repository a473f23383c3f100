//! Search in messages that are in memory only, and the search overlay on both services.

use minchat_tui::app::{Event, Overlay, Search};
use minchat_tui::domain::{
    Attachment, AttachmentKind, DAY, HOUR, MINUTE, MessageInfo, MessageKind, Request, RoomKind, ServerEvent,
};
use minchat_tui::text::{SafeText, width};
use test_support::story::vchat::*;
use test_support::story::*;

use crate::frames::at_every_size;
use crate::search_conditions::varied;

fn search(story: &Story) -> &Search {
    match &story.state.ui.overlay {
        Some(Overlay::Search(search)) => search,
        other => panic!("{other:?} over\n{}", story.screen()),
    }
}

/// Ids of the listed matches.
pub(crate) fn listed_ids(story: &Story) -> Vec<&str> {
    search(story).results.iter().map(|result| result.message.as_str()).collect()
}

const WIDE: &str = "東京の仲間たちと桜を見る会 🌸 二〇二六年の春";

/// Three chats on MinChat with messages about noodles.
pub(crate) fn noodles(width: u16, height: u16) -> Story {
    let mut story = Story::online(width, height);
    let late = message("w3", "carol", "昼はうどん noodles にしましょう", -40 * DAY);
    let rooms = vec![
        room("r1", "Alice Archer", &["alice"], message("m2", "alice", "How are you?", -MINUTE)),
        room("r2", "Release crew", &["bob", "carol"], message("g1", "carol", "ship it", -HOUR)),
        room("r3", WIDE, &["bob", "carol"], late.clone()),
    ];
    story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms });
    let long = "There is a place behind the station that nobody knows of yet, which has been making its own noodles \
                since before any of us was born, and they are cheap";
    let messages = [
        ("r1", message("m0", "alice", "Noodles\nor rice?", -3 * DAY)),
        ("r1", message("m1", "me", "noodles, always noodles", -2 * HOUR)),
        ("r2", message("g0", "bob", long, -26 * HOUR)),
        ("r3", message("w1", "bob", "noodles 🍜 と 餃子", -400 * DAY)),
        ("r3", late),
    ];
    for (id, said) in messages {
        story.server(ServerEvent::Message(in_room(id, seen(said))));
    }
    story
}

/// V Chat's deletions stayed in the list of an open search.
#[test]
fn deleted_message_leaves_the_results_however_it_is_deleted() {
    let (room, message, author) = (room_id("r2"), message_id("g0"), person_id("bob"));
    let events = [
        ServerEvent::Deleted(message.clone()),
        ServerEvent::Revoked { room: room.clone(), message: message.clone(), author },
        ServerEvent::Done(Request::Delete { room: room.clone(), message: message.clone() }),
        ServerEvent::Done(Request::DeleteForMe { room: room.clone(), message: message.clone() }),
    ];
    for event in events {
        let mut story = noodles(80, 24);
        story.keys("ctrl+f").types("noodle").shows("making its own");
        story.server(event).lacks("making its own");
        assert_eq!(listed_ids(&story), ["m1", "m0", "w3", "w1"]);
    }
    let mut story = noodles(80, 24);
    story.keys("ctrl+f").types("noodle");
    story.server(ServerEvent::Revoked { room, message, author: person_id("mallory") }).shows("making its own");
}

#[test]
fn messages_in_memory_are_found_in_all_rooms_newest_first() {
    let mut story = noodles(80, 24);
    story.keys("ctrl+f").shows("Nothing is saved to disk").types("noodle");
    assert_eq!(listed_ids(&story), ["m1", "g0", "m0", "w3", "w1"]);
    story.types("s st");
    assert_eq!(listed_ids(&story), ["g0"]);
    story.keys("enter");
    assert_eq!(story.state.ui.open, Some(room_id("r2")));
    let slot = story.state.ui.selected().expect("a selected message");
    assert_eq!(story.state.scene().open_room().unwrap().timeline.get(slot).id, Some(message_id("g0")));
}

#[test]
fn search_in_all_rooms_on_screen() {
    at_every_size("search", |width, height| {
        let mut story = noodles(width, height);
        story.keys("ctrl+f").types("noodles").keys("down");
        story
    });
}

#[test]
fn search_in_one_room_on_screen() {
    at_every_size("search_room", |width, height| {
        let mut story = noodles(width, height);
        story.types("/go 東京").keys("enter ctrl+f tab").types("noodles");
        story
    });
}

#[test]
fn empty_search_and_no_matches_on_screen() {
    at_every_size("search_blank", |width, height| {
        let mut story = noodles(width, height);
        story.keys("ctrl+f");
        story
    });
    at_every_size("search_nothing", |width, height| {
        let mut story = noodles(width, height);
        story.types("/find dumplings").keys("enter");
        story
    });
}

#[test]
fn search_on_vchat_on_screen() {
    at_every_size("search_vchat", |width, height| {
        let file = Attachment {
            kind: AttachmentKind::File,
            name: SafeText::line("noodles-and-rice.pdf"),
            size: SafeText::line("2 MB"),
            bytes: None,
            url: SafeText::line("https://files.example/n"),
            duration: None,
        };
        let report =
            MessageInfo { kind: MessageKind::Location, ..sent_message("l1", "alice", "Noodle house", -4 * MINUTE) };
        let page = [
            MessageInfo { attachment: Some(Box::new(file)), ..sent_message("f1", "alice", "", -5 * MINUTE) },
            report,
            sent_message("s1", "alice", "שלום noodles שלום", -3 * MINUTE),
            sent_message("m2", "alice", "How are you?", -MINUTE),
        ];
        let mut story = vchat_story_with(width, height, 1, &page);
        let group = MessageInfo { ..sent_message("g2", "carol", "noodles for the crew", -2 * MINUTE) };
        story.server(ServerEvent::Message(in_room("r2", group)));
        story.keys("ctrl+f").types("noodle");
        story
    });
    assert_eq!(listed_room("r9", "x", RoomKind::Group, 0, sent_message("q", "bob", "", 0)).kind, RoomKind::Group);
}

#[test]
fn match_never_leaves_its_row_or_moves_the_border() {
    let mut story = noodles(60, 20);
    let texts = [
        "noodles \u{1b}[31m\u{1b}]0;OWNED\u{7} red",
        "\u{202e}seldoon\u{202c} noodles \u{200b}\u{200b}",
        "noodlesZ\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}",
        "👨\u{200d}👩\u{200d}👧\u{200d}👦 noodles 🇩🇪🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f} ❤\u{fe0f} ☕",
        "שלום noodles مرحبا بالعالم",
        "noodles\r\n\tand a tab",
    ];
    for (n, text) in texts.iter().enumerate() {
        let at = i64::try_from(n).unwrap() * 1_000;
        story.server(ServerEvent::Message(seen(message(&format!("h{n}"), "alice", text, at))));
    }
    for typed in ["noodles", "שלום", "☕", "red"] {
        story.keys("ctrl+f").types(typed);
        assert!(!search(&story).results.is_empty(), "{typed}");
        for _ in 0..search(&story).results.len() {
            let screen = story.screen();
            for row in screen.lines().filter(|row| row.starts_with('│')) {
                assert_eq!(width(row), 60, "{row:?} on\n{screen}");
                assert!(row.ends_with('│'), "{row:?} on\n{screen}");
                assert!(!row.contains('\u{1b}'), "{row:?}");
            }
            story.keys("down");
        }
        story.keys("esc");
    }
}

#[test]
fn match_at_the_end_of_a_long_line_is_visible() {
    let mut story = Story::chat(40, 12);
    let text = format!("{}needle", "some words before it, ".repeat(50));
    story.server(ServerEvent::Message(seen(message("x", "alice", &text, 0))));
    story.keys("ctrl+f").types("needle");
    story.shows("words before it, needle").shows("  …");
}

#[test]
fn large_memory_is_searched_in_slices() {
    let mut story = Story::chat(80, 24);
    let text = |n: i64| if n == 0 { "the needle".to_owned() } else { format!("straw {n} {}", "x ".repeat(200)) };
    let page = (0..5_000).map(|n| seen(message(&format!("s{n}"), "alice", &text(n), n))).collect();
    story.history("r1", 2, 2, page).wait(1_000);
    story.keys("ctrl+f").types("needle").shows("searching…");
    story.wait(1).shows("1 match").lacks("searching");
    story.keys("ctrl+u").types("straw");
    story.wait(1).shows("newest 200 matches");
    assert_eq!(listed_ids(&story)[0], "s4999");
}

#[test]
fn open_search_follows_deletions_and_new_messages() {
    let mut story = noodles(80, 24);
    story.keys("ctrl+f").types("noodles").keys("down");
    story.server(ServerEvent::Deleted(message_id("m1")));
    assert_eq!(listed_ids(&story), ["g0", "m0", "w3", "w1"]);
    assert_eq!(search(&story).selected, 0, "the selection stays on its message");
    story.server(ServerEvent::Message(message("m9", "alice", "fresh noodles", 0)));
    story.wait(1_000);
    assert_eq!(listed_ids(&story), ["m9", "g0", "m0", "w3", "w1"]);
    assert_eq!(search(&story).selected, 1, "the selection stays on its message");
    story.server(ServerEvent::Edited(message("m9", "alice", "fresh rice", 0)));
    story.wait(1_000);
    assert_eq!(listed_ids(&story), ["g0", "m0", "w3", "w1"]);
}

#[test]
fn pasted_text_is_one_line_of_the_query() {
    let mut story = noodles(80, 24);
    story.keys("ctrl+f").event(Event::Paste("always\r\n\u{1b}noodles".into()));
    assert_eq!(listed_ids(&story), ["m1"]);
    story.event(Event::Paste("x".repeat(100_000))).shows("No matches.");
    assert!(search(&story).query.text.len() <= 1_000);
    story.keys("ctrl+w").lacks("› always noodles").keys("ctrl+u").types("noodles").keys("backspace backspace");
    assert_eq!(listed_ids(&story).len(), 5);
}

#[test]
fn call_can_be_accepted_during_a_search() {
    let mut story = vchat_story(80, 24);
    story.keys("ctrl+f").types("how");
    story.server(incoming_call("c1", "r1", "alice", false));
    story.shows("1 match").keys("alt+y").shows("1 match");
}

#[test]
fn next_match_without_a_search_names_the_search_key() {
    let mut story = noodles(80, 24);
    story.keys("tab n").shows("Press Ctrl+F to search first.");
}

#[test]
fn hints_offer_the_next_match_only_on_a_match() {
    let mut story = noodles(100, 24);
    story.keys("ctrl+f").types("noodles").keys("enter").shows("n older match");
    story.keys("down").lacks("older match");
}

#[test]
fn reopened_search_keeps_its_query_until_typing() {
    let mut story = noodles(80, 24);
    story.keys("ctrl+f").types("noodles").keys("down down enter ctrl+f");
    assert_eq!((listed_ids(&story).len(), search(&story).selected), (5, 2));
    story.keys("down enter ctrl+f");
    assert_eq!(search(&story).selected, 3);
    story.types("Carol").shows("› Carol").keys("esc ctrl+f").shows("› noodles").keys("backspace");
    story.shows("Type to search").keys("esc ctrl+f").types("x").shows("› x").keys("esc");
    // A message deleted meanwhile does not reappear even for a moment.
    story.server(ServerEvent::Deleted(message_id("w3")));
    story.keys("ctrl+f");
    assert_eq!(listed_ids(&story), ["m1", "g0", "m0", "w1"]);
}

#[test]
fn search_is_cleared_when_the_account_changes() {
    let mut story = noodles(80, 24);
    story.keys("ctrl+f").types("noodles").keys("enter ctrl+f").shows("5 matches");
    story.server(ServerEvent::SignedIn { me: person("other", "Other One"), capabilities: MINCHAT });
    story.lacks("noodles").keys("ctrl+f").shows("Type to search");
}

#[test]
fn new_messages_do_not_affect_other_overlays() {
    let mut story = noodles(80, 24);
    story.keys("ctrl+f").types("noodles").keys("enter f1").shows("Keys and commands");
    story.server(ServerEvent::Message(message("m9", "alice", "fresh noodles", 0)));
    story.shows("Keys and commands");
}

/// The refresh was due an hour later when the clock was set back by an hour.
#[test]
fn search_refreshes_although_the_clock_is_set_back() {
    let mut story = noodles(100, 24);
    story.keys("ctrl+f").types("noodles").wait(2_000);
    let before = listed_ids(&story).len();
    story.server(ServerEvent::Message(in_room("r1", message("m9", "alice", "more noodles", 1_000))));
    story.now = story.now + -HOUR;
    story.event(Event::Tick).wait(1_000);
    assert_eq!(listed_ids(&story).len(), before + 1);
}

#[test]
fn place_among_the_matches_is_shown() {
    let mut story = varied();
    story.keys("ctrl+f").types("tent").wait(1_000).keys("enter").shows("n older match (1 of 4)");
    story.keys("n").shows("n older match (2 of 4)");
}

/// The texts of the cells that the theme emphasises as found, row by row.
fn found(story: &Story) -> Vec<String> {
    let found = story.state.options.theme.style(minchat_tui::config::Role::Found);
    let Some(minchat_tui::config::Color::Indexed(color)) = found.fg else { panic!("{found:?}") };
    let (buffer, _) = story.frame();
    // The prompt of the composer, below the messages, has the same color.
    let is_found = |x, y: u16| y < 20 && buffer[(x, y)].style().fg == Some(ratatui::style::Color::Indexed(color));
    let rows = (0..buffer.area.height).map(|y| {
        let cells = (30..buffer.area.width).filter(|x| is_found(*x, y));
        cells.map(|x| buffer[(x, y)].symbol()).collect::<String>()
    });
    rows.filter(|row| !row.is_empty()).collect()
}

#[test]
fn every_match_of_a_search_is_marked_in_the_messages() {
    let mut story = Story::chat(100, 24);
    for (id, text) in [("n1", "noodles and **noodles**"), ("n2", "rice"), ("n3", "More Noodles\nthan before")] {
        story.server(ServerEvent::Message(seen(message(id, "alice", text, MINUTE))));
    }
    assert_eq!(found(&story), [""; 0]);
    story.keys("ctrl+f").types("noodle").keys("enter").shows("n older match");
    assert_eq!(found(&story), ["noodlesnoodles", "Noodles"]);
    story.keys("n");
    assert_eq!(found(&story), ["noodlesnoodles", "Noodles"], "while the user walks through them");
    story.keys("esc");
    assert_eq!(found(&story), [""; 0]);
}
