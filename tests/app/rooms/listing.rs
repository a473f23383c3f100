//! Order, filter, pins and mutes of the room list, and what is unread in it.

use minchat_tui::app::{Attention, Event, Focus, Overlay, SwitcherEntry, layout};
use minchat_tui::domain::{Capabilities, Failure, MessageInfo, Request, RoomOrder, ServerEvent};
use minchat_tui::text::SafeText;
use proptest::prelude::*;
use test_support::story::vchat::{local_id_of, take_requests};
use test_support::story::*;

/// The chat with Alice, the most recent of four rooms.
pub(super) fn four_rooms(can: Capabilities) -> Story {
    let mut story = Story::chat_on(can, 110, 24);
    let rooms = vec![
        room_on(can, "r1", "Alice Archer", &["alice"], message("m2", "alice", "How are you?", -60_000)),
        room_on(can, "r2", "Release crew", &["bob", "carol"], message("g1", "bob", "ship it", -90_000)),
        room_on(can, "r3", "Bob Brown", &["bob"], message("b1", "bob", "old news", -95_000)),
        room_on(can, "r4", "Archery", &["alice", "carol"], message("a1", "carol", "older", -99_000)),
    ];
    story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms }).wait(3_000);
    story.effects.clear();
    story
}

pub(super) fn arrives(story: &mut Story, room: &str, id: &str, author: &str, text: &str) {
    story.now = story.now + 10;
    let at = story.now - BEGIN;
    let message = MessageInfo { local: Some(local_id_of(id)), ..message(id, author, text, at) };
    story.server(ServerEvent::Message(in_room(room, message)));
}

/// The ids of the list on screen.
pub(super) fn listed(story: &Story) -> Vec<String> {
    let rooms = &story.state.account().rooms;
    (0..rooms.len()).filter_map(|place| rooms.at(place)).map(|room| room.info.id.as_str().to_owned()).collect()
}

pub(super) fn unread(story: &Story, room: &str) -> u32 {
    story.state.account().rooms.get(&room_id(room)).expect("the room").unread().count
}

/// Rooms moved away under the cursor while the list had the focus.
#[test]
fn list_keeps_its_order_while_it_has_the_focus() {
    let mut story = four_rooms(MINCHAT);
    story.keys("ctrl+b down down");
    assert_eq!(story.state.ui.focus, Focus::Rooms(2));
    arrives(&mut story, "r4", "a2", "carol", "up");
    arrives(&mut story, "r2", "g2", "bob", "up too");
    assert_eq!(listed(&story), ["r1", "r2", "r3", "r4"]);
    story.keys("esc");
    assert_eq!(listed(&story), ["r2", "r4", "r1", "r3"]);
}

#[test]
fn rooms_are_sorted_by_unread_and_name() {
    let mut story = four_rooms(MINCHAT);
    arrives(&mut story, "r3", "b2", "bob", "hi");
    arrives(&mut story, "r4", "a2", "carol", "hi @me");
    arrives(&mut story, "r3", "b3", "bob", "hi");
    assert_eq!(listed(&story), ["r3", "r4", "r1", "r2"]);
    story.types("/sort unread").keys("enter").shows("Unread rooms come first");
    assert_eq!(listed(&story), ["r4", "r3", "r1", "r2"], "mentions first");
    story.types("/sort name").keys("enter");
    assert_eq!(listed(&story), ["r1", "r4", "r3", "r2"], "Alice Archer, Archery, Bob Brown, Release crew");
    story.keys("ctrl+b s").shows("Rooms are sorted by the newest activity");
    assert_eq!(listed(&story), ["r3", "r4", "r1", "r2"]);
    story.keys("esc").state.options.rooms_order = RoomOrder::Name;
    story.state.terminal.arrangement.rooms_order = None;
    story.wait(1).event(Event::Focus(true));
    assert_eq!(listed(&story), ["r1", "r4", "r3", "r2"], "the order of the configuration");
}

#[test]
fn filter_hides_rooms_but_not_from_the_key_to_unread() {
    for can in [MINCHAT, VCHAT] {
        let mut story = four_rooms(can);
        arrives(&mut story, "r4", "a2", "carol", "hi");
        story.types("/filter dms").keys("enter").shows("only direct messages").wait(7_000).shows("list: dms");
        assert_eq!(listed(&story), ["r1", "r3"]);
        story.keys("alt+a");
        assert_eq!(story.state.ui.open, Some(room_id("r4")));
        assert_eq!(listed(&story), ["r4", "r1", "r3"], "the open room is listed");
        story.types("/filter groups").keys("enter");
        assert_eq!(listed(&story), ["r4", "r2"]);
        story.types("/filter all").keys("enter");
        assert_eq!(listed(&story), ["r4", "r1", "r2", "r3"]);
        story.keys("ctrl+b f").shows("only unread rooms");
    }
}

#[test]
fn pinned_room_stays_on_top() {
    for can in [MINCHAT, VCHAT] {
        let mut story = four_rooms(can);
        story.keys("ctrl+b down down p").shows("Bob Brown is pinned to the top of the room list.");
        assert_eq!(listed(&story), ["r3", "r1", "r2", "r4"]);
        assert_eq!(story.state.ui.focus, Focus::Rooms(0), "the highlight stays on the room");
        story.keys("esc");
        arrives(&mut story, "r4", "a2", "carol", "hi");
        assert_eq!(listed(&story), ["r3", "r4", "r1", "r2"]);
        story.keys("ctrl+b home p esc");
        assert_eq!(listed(&story), ["r4", "r1", "r2", "r3"]);
    }
}

#[test]
fn room_is_muted_by_the_service_or_here() {
    let mut story = four_rooms(VCHAT);
    story.keys("ctrl+b down m");
    assert_eq!(take_requests(&mut story), [Request::Mute { room: room_id("r2"), on: true }]);
    let mut story = four_rooms(MINCHAT);
    story.keys("ctrl+b down m").shows("Release crew is muted.").lacks("/unmute");
    assert_eq!(take_requests(&mut story), []);
    // A list from the server does not know of it.
    let last = message("g1", "bob", "ship it", -90_000);
    let rooms = vec![room_on(MINCHAT, "r2", "Release crew", &["bob", "carol"], last)];
    story.keys("esc").server(ServerEvent::Rooms { page: 1, pages: 1, rooms });
    arrives(&mut story, "r2", "g2", "bob", "hi");
    assert_eq!((unread(&story, "r2"), story.state.account().rooms.attention().rooms), (1, 0));
    story.keys("alt+a").shows("There are no other unread rooms.");
    arrives(&mut story, "r2", "g3", "bob", "hi @me");
    let attention = Attention { rooms: 1, messages: 1, or_more: false, mentions: 1 };
    assert_eq!(story.state.account().rooms.attention(), attention, "somebody asks for the user, with one of two");
}

/// No service has a mute with an end, so the program ends it, also in a later run.
#[test]
fn mute_with_a_time_ends_by_itself() {
    for can in [MINCHAT, VCHAT] {
        let mut story = four_rooms(can);
        let is_muted = |story: &Story| story.state.account().rooms.get(&room_id("r1")).expect("the room").is_muted();
        story.types("/mute 1h").keys("enter").shows("Alice Archer is muted here until 19:00. /unmute unmutes it.");
        assert_eq!(take_requests(&mut story), []);
        story.shows("muted until 19:00").wait(59 * 60_000).shows("muted until 19:00");
        assert!(is_muted(&story));
        story.wait(60_000).lacks("muted until");
        assert!(!is_muted(&story));
        story.types("/mute 8h").keys("enter").types("/unmute").keys("enter").shows("is no longer muted.");
        assert!(!is_muted(&story));
        assert_eq!(take_requests(&mut story), [], "the service has not muted it");
        story.types("/mute 2 weeks").keys("enter").shows("Usage: /mute [1h|8h|1d|1w|…]");
    }
}

#[test]
fn mute_with_an_end_lasts_until_the_service_mutes() {
    let mut story = four_rooms(VCHAT);
    let mute = Request::Mute { room: room_id("r1"), on: true };
    story.types("/mute 1h").keys("enter").types("/mute").keys("enter");
    assert_eq!(take_requests(&mut story), std::slice::from_ref(&mute));
    let reason = SafeText::line("The server is busy.");
    story.server(ServerEvent::Failed { request: mute.clone(), failure: Failure::Refused, reason });
    story.shows("muted until 19:00");
    story.server(ServerEvent::Done(mute)).lacks("muted until").shows("muted");
    story.types("/mute 1h").keys("enter").shows("Alice Archer is already muted without an end.").lacks("muted until");
    story.types("/unmute").keys("enter");
    assert_eq!(take_requests(&mut story), [Request::Mute { room: room_id("r1"), on: false }]);
}

#[test]
fn room_is_marked_as_read_without_opening_it() {
    let mut story = four_rooms(VCHAT);
    arrives(&mut story, "r2", "g2", "bob", "hi");
    story.effects.clear();
    story.keys("ctrl+b down down");
    while story.state.account().rooms.at(0).is_some_and(|room| room.info.id != room_id("r2")) {
        story.keys("esc").keys("ctrl+b");
    }
    story.keys("home r").shows("1 room was marked as read.");
    assert_eq!(unread(&story, "r2"), 0);
    assert_eq!(take_requests(&mut story), [Request::Seen { room: room_id("r2"), message: message_id("g2") }]);
    story.types("").keys("esc").types("/read all").keys("enter").shows("Nothing is unread.");
}

#[test]
fn all_rooms_are_marked_as_read_on_both_services() {
    for can in [MINCHAT, VCHAT] {
        let mut story = four_rooms(can);
        for (room, id) in [("r2", "g2"), ("r3", "b2"), ("r4", "a2")] {
            arrives(&mut story, room, id, if room == "r4" { "carol" } else { "bob" }, "hi @me");
        }
        story.effects.clear();
        story.keys("alt+s").shows("Mark 3 rooms as read?").wait(400).keys("n");
        assert_eq!(take_requests(&mut story), [], "nothing is sent before the answer");
        story.keys("alt+s").confirms().shows("3 rooms were marked as read.");
        let seen = take_requests(&mut story).into_iter().filter(|request| matches!(request, Request::Seen { .. }));
        assert_eq!(seen.count(), 3);
        assert_eq!(story.state.account().rooms.attention(), Default::default());
        story.keys("alt+a").shows("There are no other unread rooms.");
    }
}

#[test]
fn esc_marks_the_open_room_as_read() {
    let mut story = four_rooms(MINCHAT);
    story.event(Event::Focus(false));
    arrives(&mut story, "r1", "m3", "alice", "hi");
    assert_eq!(unread(&story, "r1"), 1);
    story.keys("esc");
    assert_eq!(unread(&story, "r1"), 0);
}

#[test]
fn messages_are_marked_as_unread_from_the_selected_one() {
    for can in [MINCHAT, VCHAT] {
        let mut story = four_rooms(can);
        arrives(&mut story, "r1", "m3", "alice", "one");
        arrives(&mut story, "r1", "m4", "alice", "two");
        story.wait(2_000);
        assert_eq!(unread(&story, "r1"), 0);
        story.keys("ctrl+up up u").shows("Marked as unread").wait(3_000);
        assert_eq!(unread(&story, "r1"), 2, "although it is on screen");
        // The service takes the room for read.
        let last = message("m4", "alice", "two", 5_000);
        let rooms = vec![room_on(can, "r1", "Alice Archer", &["alice"], last)];
        story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms });
        assert_eq!(unread(&story, "r1"), 2);
        story.types("/go Bob").keys("enter").wait(1_000).types("/go Alice").keys("enter").wait(3_000);
        assert!(!story.state.account().rooms.get(&room_id("r1")).expect("it").info.settings.marked_unread);
    }
}

/// Regression test: the key that leaves a selection marked what had just been marked as unread as read.
#[test]
fn esc_keeps_what_was_marked_as_unread() {
    let mut story = four_rooms(MINCHAT);
    arrives(&mut story, "r1", "m3", "alice", "one");
    story.wait(2_000).keys("ctrl+up u esc esc").wait(3_000);
    assert_eq!(unread(&story, "r1"), 1);
}

/// Regression test: a list without space moved its first row back and forth, so that every frame was drawn as a whole.
#[test]
fn hidden_list_keeps_its_place() {
    let mut story = four_rooms(MINCHAT);
    story.keys("alt+down alt+down f4");
    let places: Vec<usize> = (0..3)
        .map(|_| {
            layout(&mut story.state);
            story.state.ui.regions.first_room
        })
        .collect();
    assert!(places.iter().all(|place| *place == places[0]), "{places:?}");
}

/// Regression test: a room that became unread while the list had the focus was missing from it afterwards.
#[test]
fn filtered_list_is_brought_up_to_date_when_it_loses_the_focus() {
    let mut story = four_rooms(MINCHAT);
    story.types("/filter unread").keys("enter ctrl+b");
    arrives(&mut story, "r3", "b2", "bob", "hi");
    assert_eq!(listed(&story), ["r1"], "nothing moves while the list has the focus");
    story.keys("esc");
    assert_eq!(listed(&story), ["r3", "r1"]);
}

/// Regression test: the highlight jumped to the open room.
#[test]
fn next_room_follows_one_that_leaves_the_filter() {
    let mut story = four_rooms(MINCHAT);
    for (room, id) in [("r2", "g2"), ("r3", "b2"), ("r4", "a2")] {
        arrives(&mut story, room, id, "bob", "hi");
    }
    story.types("/filter unread").keys("enter");
    assert_eq!(listed(&story), ["r4", "r3", "r2", "r1"]);
    story.keys("ctrl+b home r");
    assert_eq!((listed(&story), story.state.ui.focus), (vec!["r3".into(), "r2".into(), "r1".into()], Focus::Rooms(0)));
    story.keys("r");
    assert_eq!((unread(&story, "r3"), story.state.ui.focus), (0, Focus::Rooms(0)));
}

/// Regression test: more receipts were sent at once than the connection accepts, which ended it.
#[test]
fn many_rooms_are_marked_as_read_in_parts() {
    for can in [MINCHAT, VCHAT] {
        let mut story = four_rooms(can);
        let last = |n: i64| message(&format!("x{n}"), "bob", "hi", -200_000 - n);
        let rooms = (0..300).map(|n| {
            let (id, title) = (format!("n{n}"), format!("Room {n}"));
            let info = room_on(can, &id, &title, &["bob", "carol"], last(n));
            minchat_tui::domain::RoomInfo { unread: (can == VCHAT).then_some(2), ..info }
        });
        story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: rooms.collect() }).wait(3_000);
        if can == MINCHAT {
            // Its list does not count.
            (0..300).for_each(|n| arrives(&mut story, &format!("n{n}"), &format!("y{n}"), "bob", "hi"));
        }
        let attention = |story: &Story| story.state.account().rooms.attention().rooms;
        let before = attention(&story);
        take_requests(&mut story);
        story.types("/read all").keys("enter").shows("200 rooms were marked as read. Repeat it for the others.");
        assert_eq!(attention(&story), before - 200);
        assert!(take_requests(&mut story).len() < 1_000);
        story.types("/read all").keys("enter");
        assert_eq!(attention(&story), 0);
    }
}

#[test]
fn key_goes_from_mention_to_mention() {
    let mut story = four_rooms(VCHAT);
    story.event(Event::Focus(false));
    for (id, text) in [("m3", "first @me"), ("m4", "nothing"), ("m5", "second @me")] {
        arrives(&mut story, "r1", id, "alice", text);
    }
    let selected = |story: &Story| {
        let room = story.state.account().rooms.get(&room_id("r1")).expect("the room");
        story.state.ui.selected().map(|slot| room.timeline.get(slot).text.to_string())
    };
    story.keys("alt+m");
    assert_eq!(selected(&story).as_deref(), Some("first @me"));
    story.keys("alt+m");
    assert_eq!(selected(&story).as_deref(), Some("second @me"));
}

/// Something that changes what is unread.
#[derive(Debug, Clone)]
enum Step {
    Arrives { room: usize, mention: bool },
    Opens(usize),
    Waits,
    Focuses(bool),
    Toggles { room: usize, muted: bool, archived: bool, pinned: bool },
    Sorts(usize),
    Keys(&'static str),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0..4usize, any::<bool>()).prop_map(|(room, mention)| Step::Arrives { room, mention }),
        2 => (0..4usize).prop_map(Step::Opens),
        1 => Just(Step::Waits),
        1 => any::<bool>().prop_map(Step::Focuses),
        1 => (0..4usize, any::<bool>(), any::<bool>(), any::<bool>())
            .prop_map(|(room, muted, archived, pinned)| Step::Toggles { room, muted, archived, pinned }),
        1 => (0..3usize).prop_map(Step::Sorts),
        1 => proptest::sample::select(vec!["alt+a", "alt+m", "alt+s", "esc", "ctrl+b", "f4", "ctrl+up u"])
            .prop_map(Step::Keys),
    ]
}

const ROOMS: [&str; 4] = ["r1", "r2", "r3", "r4"];

fn apply(story: &mut Story, number: usize, step: &Step) {
    match step {
        Step::Arrives { room, mention } => {
            let text = if *mention { "hi @me" } else { "hi" };
            arrives(story, ROOMS[*room], &format!("n{number}"), ["alice", "bob", "bob", "carol"][*room], text);
        }
        Step::Opens(room) => {
            let title = ["Alice Archer", "Release crew", "Bob Brown", "Archery"][*room];
            story.keys("esc esc esc").types(&format!("/go {title}")).keys("enter");
        }
        Step::Waits => drop(story.wait(2_000)),
        Step::Focuses(focused) => drop(story.event(Event::Focus(*focused))),
        Step::Toggles { room, muted, archived, pinned } => {
            let rooms = &mut story.state.account_mut().rooms;
            let id = room_id(ROOMS[*room]);
            if let Some(room) = rooms.get_mut(&id) {
                let settings = &mut room.info.settings;
                (settings.muted, settings.archived, settings.pinned) = (*muted, *archived, *pinned);
            }
            if *archived {
                rooms.hide_archived(&id);
            } else {
                rooms.reposition(&id);
            }
            story.event(Event::Focus(true));
        }
        Step::Sorts(order) => {
            story.state.terminal.arrangement.rooms_order = Some(RoomOrder::ALL[*order]);
            story.event(Event::Focus(true));
        }
        Step::Keys(keys) => drop(story.keys(keys)),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    /// The room list, the window title, the status line, the switcher and the key to the next unread room agree.
    #[test]
    fn all_places_agree_about_what_is_unread(steps in proptest::collection::vec(step(), 1..25)) {
        let mut story = four_rooms(MINCHAT);
        story.state.options.window_title = true;
        for (number, step) in steps.iter().enumerate() {
            apply(&mut story, number, step);
            let asking: Vec<_> =
                story.state.account().rooms.iter().filter(|room| room.needs_attention()).collect();
            let mentions: u32 = asking.iter().map(|room| room.unread().mentions).sum();
            let count = asking.len();
            let attention = story.state.account().rooms.attention();
            prop_assert_eq!((attention.rooms, attention.mentions), (count, mentions));
            let prefix = match (count, mentions) {
                (0, _) => String::new(),
                (count, 0) => format!("({count}) "),
                (count, mentions) => format!("({count}, {mentions} @) "),
            };
            let title = story.state.terminal.window_title.clone();
            prop_assert!(title.starts_with(&prefix) && (count > 0 || !title.starts_with('(')), "{}", title);
            // None is lost in the list, and none is there twice.
            let mut ids: Vec<_> = story.state.account().rooms.ids().to_vec();
            let len = ids.len();
            ids.sort();
            ids.dedup();
            prop_assert_eq!(ids.len(), len);
        }
        story.keys("esc esc esc").event(Event::Focus(false));
        let asking: std::collections::HashSet<_> = story.state.account().rooms.iter()
            .filter(|room| room.needs_attention()).map(|room| room.info.id.clone()).collect();
        story.keys("ctrl+k");
        let Some(Overlay::Switcher(switcher)) = &story.state.ui.overlay else { panic!("no switcher") };
        let unread = switcher.results.iter().filter(|result| {
            let SwitcherEntry { hint, .. } = &result.entry;
            hint == "unread"
        });
        prop_assert_eq!(unread.count(), asking.len());
        story.keys("esc");
        // Without focus nothing is read, so the key visits each unread room.
        let mut visited: std::collections::HashSet<_> = story.state.ui.open.clone().into_iter().collect();
        for _ in 0..4 {
            story.keys("alt+a");
            visited.extend(story.state.ui.open.clone());
        }
        prop_assert!(asking.is_subset(&visited), "{:?} of {:?}", visited, asking);
    }
}
