//! Several people of one service on one screen, as `demo --as` shows them: each has a tile, and one of them has the keys.

use std::sync::Arc;

use minchat_tui::app::{Effect, Event, Profile, Size};
use minchat_tui::domain::{
    AccountId, Capabilities, ConnectionStatus, LocalId, Membership, MessageId, PersonId, Request, RoomInfo, RoomKind,
    ServerEvent,
};
use minchat_tui::input::{Key, Mouse, MouseKind};
use minchat_tui::recording::Entry;
use minchat_tui::text::SafeText;
use minchat_tui::view::paint_with_links;
use minchat_tui::wire::{
    CallBody, CallNumber, CallOutcome, Increment, Moment, Payload, Record, RecordKind, RecordSubject, StartedCall,
    Topic,
};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use test_support::story::*;

pub(crate) const ALICE: AccountId = AccountId(0);
pub(crate) const BOB: AccountId = AccountId(1);

/// The direct message of Alice and Bob as one of them sees it.
fn direct(can: Capabilities, other: &str) -> RoomInfo {
    let last = seen(message("m2", "bob", "How are you?", -60_000));
    let info = room_on(can, "r1", name_of(other), &[other], last);
    let participants =
        if info.kind == RoomKind::Direct { Vec::new() } else { ["alice", "bob"].map(PersonId::new).into() };
    RoomInfo { participants, ..info }
}

/// Alice and Bob, who look at the same two messages. Both are connected.
pub(crate) fn people(can: Capabilities, width: u16, height: u16) -> Story {
    let mut story = Story::new(width, height);
    let profile = |name: &str| Profile { name: name.into(), user: name.into(), ..story.start.profile.profile.clone() };
    (story.start.profile, story.start.others) = (profile("alice").into(), vec![profile("bob").into()]);
    story.start.side_by_side = true;
    story.state = story.start.clone().state();
    for (account, name, other) in [(ALICE, "alice", "bob"), (BOB, "bob", "alice")] {
        story.server_of(account, ServerEvent::SignedIn { me: person(name, name_of(name)), capabilities: can });
        story.server_of(account, ServerEvent::Connection(ConnectionStatus::Online));
        for _load_and_reload in 0..2 {
            story.server_of(account, ServerEvent::Rooms { page: 1, pages: 1, rooms: vec![direct(can, other)] });
            let messages = [("m1", "alice", "Hello Bob", -120_000), ("m2", "bob", "How are you?", -60_000)];
            let messages = messages.map(|(id, author, text, at)| seen(message(id, author, text, at)));
            let (room, messages) = (room_id("r1"), messages.to_vec());
            let history = ServerEvent::History { room, serial: ANY_SERIAL, page: 1, pages: 1, total: None, messages };
            story.server_of(account, history);
            let membership = Membership::default();
            story.server_of(account, ServerEvent::Membership { room: room_id("r1"), membership });
            story.wait(2_000);
        }
    }
    story.effects.clear();
    story
}

/// A message that the server sends to both.
fn arrives(story: &mut Story, id: &str, author: &str, text: &str) {
    for account in [ALICE, BOB] {
        story.server_of(account, ServerEvent::Message(message(id, author, text, 1_000)));
    }
}

/// The requests of an account since the last call.
fn requests_of(story: &mut Story, account: AccountId) -> Vec<Request> {
    let requests = story.effects.iter().filter_map(|effect| match effect {
        Effect::Request(of, request) if *of == account => Some(request.clone()),
        _ => None,
    });
    requests.collect()
}

/// The rows of the screen, each cut in two at the column between the tiles.
fn halves(story: &Story) -> (String, String) {
    let middle = usize::from(story.state.terminal.size.width) / 2;
    let cut = |row: &str| {
        let (mut left, mut right) = (String::new(), String::new());
        for (at, symbol) in row.chars().enumerate() {
            if at < middle { left.push(symbol) } else { right.push(symbol) }
        }
        (left.trim_end().to_owned() + "\n", right.trim_end().to_owned() + "\n")
    };
    story.screen().lines().map(cut).unzip()
}

#[test]
fn screens() {
    for (width, height) in [(200, 60), (120, 40), (80, 24), (40, 12)] {
        let mut story = people(MINCHAT, width, height);
        story.types("Are you there?").keys("f6").keys("ctrl+up ctrl+up");
        insta::assert_snapshot!(format!("people_{width}x{height}"), story.screen());
    }
    let mut story = people(VCHAT, 120, 24);
    story.state.options.ascii = true;
    story.server_of(
        BOB,
        ServerEvent::Connection(ConnectionStatus::Offline { retry_in: 5_000, reason: SafeText::line("No network.") }),
    );
    insta::assert_snapshot!("people_in_ascii", story.keys("ctrl+up").screen());
}

#[test]
fn keys_reach_only_the_tile_that_has_them() {
    let mut story = people(MINCHAT, 120, 30);
    story.types("from alice");
    let typing = requests_of(&mut story, ALICE);
    assert!(matches!(typing[..], [Request::Typing { on: true, .. }]), "{typing:?}");
    assert_eq!(requests_of(&mut story, BOB), []);
    story.keys("f6").types("from bob");
    let (left, right) = halves(&story);
    assert!(left.contains("› from alice") && !left.contains("from bob"), "{left}");
    assert!(right.contains("› from bob") && !right.contains("from alice"), "{right}");
    story.effects.clear();
    story.keys("enter");
    assert!(matches!(requests_of(&mut story, BOB)[..], [Request::Typing { on: false, .. }, Request::Send { .. }]));
    assert_eq!(requests_of(&mut story, ALICE), []);
    let (left, right) = halves(&story);
    assert!(left.contains("› from alice") && right.contains("  from bob"), "{left}{right}");
    story.keys("f6").types("!").shows("› from alice!");
}

/// The other half stayed roomy after "The screen is compact", and showed Markdown after a key had turned it off.
#[test]
fn settings_of_the_terminal_apply_to_every_tile() {
    let after = |keys: String| {
        let mut story = people(MINCHAT, 200, 30);
        arrives(&mut story, "m3", "alice", "This is *bold*.");
        for key in keys.split_whitespace() {
            story.keys(key);
        }
        story.wait(7_000);
        story
    };
    for change in ["f3", "f4", "f7", "f8"] {
        let (before, now) = (halves(&after(String::new())), halves(&after(change.to_owned())));
        assert!(now.0 != before.0 && now.1 != before.1, "{change}\n{}{}", now.0, now.1);
    }
    for change in ["f3", "f4", "f7", "f8", "ctrl+b s esc", "ctrl+b f esc"] {
        // It makes no difference who has made the change.
        let (by_alice, by_bob) = (after(format!("{change} f6")), after(format!("f6 {change}")));
        assert_eq!(by_alice.screen(), by_bob.screen(), "{change}");
        let (by_alice, by_bob) = (after(change.to_owned()), after(format!("f6 {change} f6")));
        assert_eq!(by_alice.screen(), by_bob.screen(), "{change}");
    }
    let mut story = after("f9 f6 f9".to_owned());
    let mouse = story.effects.drain(..).filter(|effect| matches!(effect, Effect::Mouse(_)));
    assert_eq!(mouse.collect::<Vec<_>>(), [Effect::Mouse(false), Effect::Mouse(true)]);
    // What one of them has cut, another one inserts.
    let story = after("x y z ctrl+u f6 ctrl+y".to_owned());
    assert!(halves(&story).1.contains("› xyz"), "{}", story.screen());
}

#[test]
fn click_gives_the_keys_and_wheel_does_not() {
    let mut story = people(MINCHAT, 120, 30);
    story.clicks("Message Alice Archer").types("hi");
    assert_eq!(story.state.ui.shown, BOB);
    story.clicks("─ alice").types("ho");
    assert_eq!(story.state.ui.shown, ALICE);
    let (left, right) = halves(&story);
    assert!(left.contains("› ho") && right.contains("› hi"), "{left}{right}");
    for n in 0..40 {
        arrives(&mut story, &format!("n{n}"), "alice", &format!("line {n}"));
    }
    for _ in 0..8 {
        story.event(Event::Mouse(Mouse { kind: MouseKind::WheelUp, column: 90, row: 10 }));
    }
    assert_eq!(story.state.ui.shown, ALICE);
    let (left, right) = halves(&story);
    assert!(left.contains("line 39") && !right.contains("line 39") && right.contains("line 10"), "{left}{right}");
}

#[test]
fn message_is_read_in_every_tile_on_screen() {
    let mut story = people(MINCHAT, 120, 30);
    arrives(&mut story, "m3", "alice", "Do you read me?");
    story.effects.clear();
    story.wait(1_000);
    let seen = |request: &Request| matches!(request, Request::Seen { message, .. } if *message == message_id("m3"));
    assert!(requests_of(&mut story, BOB).iter().any(seen), "{:?}", story.effects);
    assert!(!requests_of(&mut story, ALICE).iter().any(seen), "nobody reads their own message");
    // Where the screen has no space for him, Bob sees nothing.
    story.event(Event::Resize(Size { width: 40, height: 12 })).shows("1 of 2 · F6 next");
    story.effects.clear();
    arrives(&mut story, "m4", "alice", "And now?");
    story.wait(1_000);
    assert!(requests_of(&mut story, BOB).iter().all(|request| !matches!(request, Request::Seen { .. })));
    story.keys("f6").shows("2 of 2").wait(1_000);
    assert!(requests_of(&mut story, BOB).iter().any(|request| matches!(request, Request::Seen { .. })));
    assert!(!story.state.is_on_screen(ALICE));
}

#[test]
fn selected_message_is_marked_in_the_other_tile() {
    let mut story = people(MINCHAT, 120, 30);
    for n in 0..60 {
        arrives(&mut story, &format!("n{n}"), "alice", &format!("line {n}"));
    }
    story.keys("ctrl+up");
    assert!(halves(&story).1.contains("◇  line 59"), "{}", story.screen());
    // It is scrolled to, and the tile returns to where it was.
    story.keys("home");
    assert!(halves(&story).1.contains("◇  Hello Bob"), "{}", story.screen());
    story.keys("esc").lacks("◇");
    assert!(halves(&story).1.contains("line 59"), "{}", story.screen());
    // A message that is edited is linked as well, and so is what another person selects.
    story.keys("up");
    assert!(halves(&story).1.contains("◇  line 59"), "{}", story.screen());
    story.keys("esc f6 ctrl+up");
    assert!(halves(&story).0.contains("◇  line 59"), "{}", story.screen());
}

/// The tile went back to its end, and the keys acted on a message that nobody saw.
#[test]
fn clicked_message_of_a_linked_tile_stays_on_screen() {
    let mut story = people(MINCHAT, 120, 30);
    for n in 0..60 {
        arrives(&mut story, &format!("n{n}"), "alice", &format!("line {n}"));
    }
    story.keys("ctrl+up home");
    let (_, row) = story.cell_of("◇  Hello Bob").expect("the linked message");
    story.event(Event::Mouse(Mouse { kind: MouseKind::Click, column: 100, row }));
    assert_eq!(story.state.ui.shown, BOB);
    assert!(halves(&story).1.contains("Hello Bob"), "{}", story.screen());
    story.keys("f6 esc");
    assert!(halves(&story).0.contains("line 59"), "{}", story.screen());
}

#[test]
fn links_of_a_tile_end_below_a_box() {
    let mut story = people(MINCHAT, 120, 30);
    arrives(&mut story, "n1", "bob", "see https://one.example/a/rather/long/path");
    let links = |story: &Story| {
        let area = Rect::new(0, 0, 120, 30);
        paint_with_links(&story.state, area, &mut Buffer::empty(area)).1.len()
    };
    assert_eq!(links(&story), 2);
    story.keys("f12").shows("Inspector");
    assert_eq!(links(&story), 0);
}

#[test]
fn lists_and_boxes_of_a_tile_are_about_one_person() {
    let mut story = people(MINCHAT, 120, 30);
    story.keys("f6 ctrl+k");
    let (left, right) = halves(&story);
    assert!(right.contains("Go to") && !left.contains("Go to"), "{left}{right}");
    assert!(right.contains("Alice Archer") && !right.contains("Profile alice"), "{right}");
    // Neither the key nor a click outside takes the keys from an open box.
    story.keys("f6").clicks("─ alice");
    assert_eq!(story.state.ui.shown, BOB);
    story.keys("esc f12");
    let (column, _) = story.cell_of("Inspector").expect("the inspector");
    assert!(column < 60, "what concerns the program has the whole screen\n{}", story.screen());
}

/// What Alice sends, Bob's copy, his receipt and her tick, with a packet of somebody else in between.
fn exchange() -> Event {
    let about = |topic, message: Option<&str>, local: Option<u128>| RecordSubject {
        topic: Some(topic),
        room: Some(room_id("r1")),
        message: message.map(MessageId::new),
        local: local.map(LocalId::from_random),
    };
    let call = |number, path: &str| {
        let (base, path) = ("http://h".into(), path.into());
        let (query, headers, body) = (Vec::new(), Vec::new(), CallBody::Empty);
        let call = CallNumber(number);
        RecordKind::CallStarted(Box::new(StartedCall { call, method: "POST", base, path, query, headers, body }))
    };
    let packet = |event: &str| {
        let text = format!(r#"42["{event}",{{}}]"#);
        RecordKind::Received { payload: Payload::new(text.clone(), text.len()), problem: None }
    };
    let reply = RecordKind::CallFinished { call: CallNumber(1), micros: 900, outcome: CallOutcome::Canceled };
    let records = [
        (ALICE, about(Topic::Send, None, Some(1)), call(1, "/v1/messages")),
        (BOB, about(Topic::Message, Some("m8"), None), packet("message")),
        (ALICE, about(Topic::Send, Some("m9"), Some(1)), reply),
        (BOB, about(Topic::Message, Some("m9"), None), packet("message")),
        (BOB, about(Topic::Request("seen"), Some("m9"), None), call(2, "/v1/messages/m9/seen")),
        (ALICE, about(Topic::Seen, Some("m9"), None), packet("message.seen")),
    ];
    let records = records.into_iter().zip(1..).map(|((account, subject, kind), seq)| {
        let at = Moment { wall: BEGIN, micros: seq * 1_000 };
        Arc::new(Record { seq, at, account, subject, kind })
    });
    Event::Wire(Increment { records: records.collect(), missed: 0 })
}

#[test]
fn inspector_tells_one_story_of_several_people() {
    let mut story = people(MINCHAT, 120, 30);
    story.keys("f12").event(exchange()).keys("g");
    let rows = |story: &Story| {
        let screen = story.screen();
        let rows = screen.lines().filter_map(|row| row.split_once("18:00:00.000").map(|(_, row)| row.to_owned()));
        rows.map(|row| row.split('│').next().unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" "))
            .collect::<Vec<_>>()
    };
    let expected = [
        "alice → POST /v1/messages",
        "+2.0 ms alice · POST /v1/messages can…",
        "+1.0 ms bob ← message 16 B",
        "+1.0 ms bob → POST /v1/messages/m9/seen",
        "+1.0 ms alice ← message.seen 21 B",
        "bob ← message 16 B",
    ];
    assert_eq!(rows(&story), expected, "{}", story.screen());
    story.keys("f").types("as:bob out").keys("enter");
    assert_eq!(rows(&story).len(), 1, "{}", story.screen());
    // Its message is in Bob's tile.
    arrives(&mut story, "m9", "alice", "the ninth");
    story.keys("enter");
    assert_eq!(story.state.ui.shown, BOB);
    assert!(halves(&story).0.contains("◇  the ninth"), "{}", story.screen());
}

#[test]
fn quitting_asks_about_a_draft_of_another_person() {
    let mut story = people(MINCHAT, 120, 30);
    story.types("half a sentence").keys("f6 ctrl+q").shows("Quit");
    assert!(!story.effects.contains(&Effect::Quit));
    let mut story = people(MINCHAT, 120, 30);
    story.keys("f6 ctrl+q");
    assert!(story.effects.contains(&Effect::Quit));
}

#[test]
fn closed_person_leaves_the_whole_screen_to_the_other() {
    let mut story = people(MINCHAT, 120, 30);
    story.types("/close-profile bob").keys("enter");
    story.shows("The profile bob is closed.").lacks("▸ alice");
    let profile = Profile { name: "bob".into(), user: "bob".into(), ..story.start.profile.profile.clone() };
    story.event(Event::ProfileOpened(Box::new(profile.into()))).shows("▸ bob").shows("─ alice");
}

#[test]
fn next_profile_needs_another_one() {
    let mut story = Story::chat(100, 24);
    story.keys("f6").shows("No other profile is open.");
    let profile = Profile { name: "home".into(), user: "me".into(), ..Profile::default() };
    story.state.open_account(profile);
    story.keys("f6");
    assert_eq!(story.state.ui.shown, BOB);
    assert!(!story.state.is_on_screen(ALICE), "profiles are shown one at a time");
}

/// A replay has to show the same tiles.
#[test]
fn recording_knows_of_the_tiles() {
    let story = people(MINCHAT, 120, 30);
    let text = serde_json::to_string(&story.start).expect("text");
    let start: minchat_tui::app::Start = serde_json::from_str(&text).expect("a start");
    let mut state = start.state();
    for Entry { at, event } in story.entries.clone() {
        minchat_tui::app::update(&mut state, at, event);
        minchat_tui::app::layout(&mut state);
    }
    assert_eq!(screen_of(&state), story.screen());
}

#[test]
fn random_keys_and_sizes_keep_the_tiles_apart() {
    let keys =
        "f6 f6 ctrl+up up down enter esc tab ctrl+k ctrl+b f1 f3 f4 f7 f11 f12 home end pageup a b r e d y ctrl+o";
    let keys: Vec<Key> = keys.split(' ').map(|key| key.parse().expect("a key")).collect();
    for seed in 0..12 {
        let mut rng = fastrand::Rng::with_seed(seed);
        let can = if seed % 2 == 0 { MINCHAT } else { VCHAT };
        let mut story = people(can, 120, 30);
        for step in 0..120 {
            match rng.u8(..10) {
                0 => drop(story.event(Event::Resize(Size { width: rng.u16(0..220), height: rng.u16(0..70) }))),
                1 => {
                    let kind = if rng.bool() { MouseKind::Click } else { MouseKind::WheelUp };
                    story.event(Event::Mouse(Mouse { kind, column: rng.u16(..220), row: rng.u16(..70) }));
                }
                2 => arrives(&mut story, &format!("n{step}"), if rng.bool() { "alice" } else { "bob" }, "more"),
                3 => drop(story.wait(400)),
                _ => drop(story.event(Event::Key(keys[rng.usize(..keys.len())]))),
            }
            for scene in story.state.other_tiles() {
                let (area, regions) = (scene.area(), scene.ui.regions);
                for region in [regions.header, regions.messages, regions.composer, regions.rooms, regions.typing] {
                    let is_inside = region.x >= area.x
                        && region.y >= area.y
                        && region.x + region.width <= area.x + area.width
                        && region.y + region.height <= area.y + area.height;
                    assert!(is_inside || region.width == 0 || region.height == 0, "{region:?} {area:?} seed {seed}");
                }
                assert_eq!(regions.status.height, 0);
            }
        }
    }
}
