//! Properties of random stories on both services.

mod messages;
mod outbox;
mod stale_pages;

use minchat_tui::app::{Event, PaneRow, Size, layout};
use minchat_tui::domain::{
    Activity, ConnectionStatus, LocalId, Member, MemberRole, Membership, Message, MessageInfo, PageKind, Request,
    RoomAccess, RoomInfo, RoomKind, ServerEvent, Timeline,
};
use minchat_tui::text::{SafeText, width, wrap};
use proptest::prelude::*;
use test_support::story::*;

/// A step of a story.
#[derive(Debug, Clone)]
enum Step {
    Keys(&'static str),
    Types(String),
    Paste(String),
    Message(u8, String),
    Edited(u8, String),
    Deleted(u8),
    Seen(u8),
    Typing(bool),
    Page(u8),
    RoomChanged(u8, u8),
    Offline,
    Online,
    Gap,
    Answer(bool),
    Resize(u16, u16),
    Focus(bool),
    Wait(u16),
    Membership(u8, u8),
    Kicked(u8, bool),
    Blocked(u8),
    Members(u8, u8),
    People(u8, bool),
    FoundRooms(u8),
    TypingIn(u8, bool),
    Archived(u8, bool),
    Presence(bool),
    LastSeen(u16),
}

/// A random step.
fn step() -> impl Strategy<Value = Step> {
    let key = prop::sample::select(vec![
        "enter",
        "up",
        "down",
        "left",
        "esc",
        "tab",
        "e",
        "d",
        "y",
        "n",
        "r",
        "x",
        "pageup",
        "pagedown",
        "ctrl+k",
        "ctrl+f",
        "ctrl+b",
        "alt+down",
        "alt+up",
        "alt+a",
        "f1",
        "f2",
        "backspace",
        "ctrl+home",
        "ctrl+end",
        "alt+enter",
        "ctrl+w",
        "ctrl+c",
        "p",
        "home",
        "ctrl+u",
        "ctrl+y",
        "alt+y",
        "alt+p",
        "alt+n",
        "alt+t",
        "ctrl+t",
        "alt+u",
        "alt+z",
        "alt+shift+z",
        "shift+left",
        "shift+up",
        "shift+home",
        "ctrl+shift+right",
        "ctrl+x",
        "alt+e",
    ]);
    let text = prop::sample::select(vec![
        "a",
        "word and word",
        "日本語",
        "👨‍👩‍👧",
        "\u{202e}x\u{1b}[2J",
        "/go x",
        "/archived",
        "/people a",
        "/info",
        "/leave",
        "/unblock",
        "/archive",
        "//y",
        "line\nline",
        "1\n2\n3\n4\n5\n6",
        "",
    ]);
    let text = text.prop_map(str::to_owned).boxed();
    prop_oneof![
        4 => key.prop_map(Step::Keys),
        2 => text.clone().prop_map(Step::Types),
        1 => text.clone().prop_map(Step::Paste),
        4 => (0..40u8, text.clone()).prop_map(|(n, text)| Step::Message(n, text)),
        1 => (0..40u8, text).prop_map(|(n, text)| Step::Edited(n, text)),
        1 => (0..40u8).prop_map(Step::Deleted),
        1 => (0..40u8).prop_map(Step::Seen),
        1 => any::<bool>().prop_map(Step::Typing),
        2 => (1..4u8).prop_map(Step::Page),
        1 => (1..4u8, 0..40u8).prop_map(|(room, n)| Step::RoomChanged(room, n)),
        1 => Just(Step::Offline),
        1 => Just(Step::Online),
        1 => Just(Step::Gap),
        2 => any::<bool>().prop_map(Step::Answer),
        1 => (1..120u16, 1..40u16).prop_map(|(w, h)| Step::Resize(w, h)),
        1 => any::<bool>().prop_map(Step::Focus),
        2 => (1..8_000u16).prop_map(Step::Wait),
        2 => (1..4u8, 0..5u8).prop_map(|(room, access)| Step::Membership(room, access)),
        1 => (1..4u8, any::<bool>()).prop_map(|(room, me)| Step::Kicked(room, me)),
        1 => (1..4u8).prop_map(Step::Blocked),
        1 => (1..4u8, 1..3u8).prop_map(|(room, page)| Step::Members(room, page)),
        1 => (1..3u8, any::<bool>()).prop_map(|(page, more)| Step::People(page, more)),
        1 => (0..4u8).prop_map(Step::FoundRooms),
        1 => (1..4u8, any::<bool>()).prop_map(|(room, on)| Step::TypingIn(room, on)),
        1 => (1..4u8, any::<bool>()).prop_map(|(room, away)| Step::Archived(room, away)),
        1 => any::<bool>().prop_map(Step::Presence),
        1 => (0..10_000u16).prop_map(Step::LastSeen),
    ]
}

/// Message number `n` with this text.
fn nth(n: u8, text: &str) -> MessageInfo {
    let author = ["alice", "me", "bob"][usize::from(n) % 3];
    message(&format!("m{n}"), author, text, i64::from(n / 2) * 1000)
}

/// Runs a step.
fn run_step(story: &mut Story, step: Step, pending: &mut Vec<Request>) {
    match step {
        Step::Keys(key) => {
            story.keys(key);
        }
        Step::Types(text) => {
            story.types(&text.replace('\n', ""));
        }
        Step::Paste(text) => {
            story.event(Event::Paste(text));
        }
        Step::Message(n, text) => {
            story.server(ServerEvent::Message(nth(n, &text)));
        }
        Step::Edited(n, text) => {
            story.server(ServerEvent::Edited(nth(n, &text)));
        }
        Step::Deleted(n) => {
            story.server(ServerEvent::Deleted(message_id(&format!("m{n}"))));
        }
        Step::Seen(n) => {
            story.server(ServerEvent::Seen(message_id(&format!("m{n}"))));
        }
        Step::Typing(on) => {
            story.server(ServerEvent::Typing {
                person: person("alice", "Alice Archer"),
                room: None,
                activity: on.then_some(Activity::Typing),
            });
        }
        Step::Page(page) => {
            let messages = (0..25).map(|i| nth(40 - page * 10 + i % 10, "paged")).fold(Vec::new(), |mut page, info| {
                if !page.iter().any(|other: &MessageInfo| other.id == info.id) {
                    page.push(info);
                }
                page
            });
            story.history("r1", page.into(), 3, messages);
        }
        Step::RoomChanged(id, n) => {
            let info = room(&format!("r{id}"), "Some room", &["alice", "bob"], nth(n, "elsewhere"));
            story.server(ServerEvent::RoomChanged(Box::new(info)));
        }
        Step::Offline => {
            let reason = SafeText::line("The network is down.");
            story.server(ServerEvent::Connection(ConnectionStatus::Offline { retry_in: 3_000, reason }));
        }
        Step::Online => {
            story.server(ServerEvent::Connection(ConnectionStatus::Online));
        }
        Step::Gap => {
            story.server(ServerEvent::EventsLost);
        }
        Step::Answer(good) => {
            pending.extend(story.requests());
            if let Some(request) = pending.pop() {
                answer(story, request, good);
            }
        }
        Step::Resize(width, height) => {
            story.event(Event::Resize(Size { width, height }));
        }
        Step::Focus(focused) => {
            story.event(Event::Focus(focused));
        }
        Step::Wait(millis) => {
            story.wait(millis.into());
        }
        step => run_room_step(story, &step),
    }
}

/// Runs a step with an event that only some services have; the state must accept it on every service.
fn run_room_step(story: &mut Story, step: &Step) {
    let nth_room = |n: u8| room_id(&format!("r{n}"));
    let all = ["me", "alice", "bob"];
    let event = match *step {
        Step::Membership(room, access) => {
            let all = [
                RoomAccess::Open,
                RoomAccess::BlockedByMe,
                RoomAccess::BlockedByPeer,
                RoomAccess::NotMember,
                RoomAccess::Closed,
            ];
            let access = all[usize::from(access)];
            let description = Some(SafeText::block("what it is about, 日本語\nand more"));
            let membership =
                Membership { access, members: Some(12), online: Some(3), description, ..Membership::default() };
            ServerEvent::Membership { room: nth_room(room), membership }
        }
        Step::Kicked(room, me) => {
            ServerEvent::Kicked { room: nth_room(room), person: person_id(if me { "me" } else { "bob" }) }
        }
        Step::Blocked(room) => ServerEvent::BlockChanged(nth_room(room)),
        Step::Members(room, page) => {
            let members = all.map(|name| Member { person: person(name, name), role: Some(MemberRole::Member) });
            ServerEvent::Members { room: nth_room(room), page: page.into(), more: true, members: members.to_vec() }
        }
        Step::People(page, more) => {
            let people =
                (0..30).map(|n| person(&format!("p{page}-{n}"), "👨‍👩‍👧 日本語 and a long name after it")).collect();
            let request = Request::FindPeople { name: "a".into(), page: page.into() };
            ServerEvent::People { request, more, people }
        }
        Step::FoundRooms(count) => {
            let found = |n| RoomInfo { archived: true, ..room(&format!("r{n}"), "Found", &["bob"], nth(n, "found")) };
            let request = Request::FindRooms { title: String::new(), archived: true, page: 1 };
            ServerEvent::FoundRooms { request, more: true, rooms: (0..count).map(found).collect() }
        }
        Step::TypingIn(room, on) => ServerEvent::Typing {
            person: person("bob", "Bob Brown"),
            room: Some(nth_room(room)),
            activity: on.then_some(Activity::Recording),
        },
        Step::Archived(n, archived) => {
            let kind = [RoomKind::Direct, RoomKind::Group, RoomKind::Broadcast, RoomKind::Order][usize::from(n)];
            let info = room_on(VCHAT, &format!("r{n}"), "Away", &["alice"], nth(n, "away"));
            let info = RoomInfo { kind, archived, muted: archived, unread: Some(n.into()), ..info };
            ServerEvent::RoomChanged(Box::new(info))
        }
        Step::Presence(online) => ServerEvent::Presence { person: person_id("alice"), online },
        Step::LastSeen(ago) => {
            ServerEvent::LastSeen { person: person_id("alice"), at: story.now + -i64::from(ago) * 1_000 }
        }
        _ => return,
    };
    story.server(event);
}

/// Answers a request.
fn answer(story: &mut Story, request: Request, good: bool) {
    let event = match request {
        request if !good => {
            let failure = if story.now.0 % 2 == 0 { Failure::Refused } else { Failure::NotFound };
            ServerEvent::Failed { request, failure, reason: SafeText::line("No.") }
        }
        Request::Send { room, local, .. } => ServerEvent::Accepted { room, local, id: None, message: None },
        request => ServerEvent::Done(request),
    };
    story.server(event);
}

/// The status line stayed as it was when the text of an unknown command was deleted.
#[test]
fn status_line_is_drawn_when_the_composer_is_emptied() {
    let mut story = Story::chat_on(MINCHAT, 90, 24);
    let steps = [
        Step::Types("/info".to_owned()),
        Step::Resize(21, 3),
        Step::Types("a".to_owned()),
        Step::Page(1),
        Step::Keys("ctrl+u"),
    ];
    for step in steps {
        run_step(&mut story, step, &mut Vec::new());
        check(&story);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_story_keeps_the_invariants(vchat: bool, steps in prop::collection::vec(step(), 1..60)) {
        let mut story = Story::chat_on(if vchat { VCHAT } else { MINCHAT }, 90, 24);
        let mut pending = Vec::new();
        for step in steps {
            run_step(&mut story, step, &mut pending);
            check(&story);
        }
    }

    #[test]
    fn second_layout_changes_nothing(vchat: bool, steps in prop::collection::vec(step(), 1..40)) {
        let mut story = Story::chat_on(if vchat { VCHAT } else { MINCHAT }, 90, 24);
        for step in steps {
            run_step(&mut story, step, &mut Vec::new());
            let before: Vec<PaneRow> = story.state.ui.pane.rows.clone();
            layout(&mut story.state);
            prop_assert_eq!(&before, &story.state.ui.pane.rows);
        }
    }

    #[test]
    fn wrapped_rows_fit_and_lose_only_blanks(text in "[ab 日👍\n]{0,60}", cells in 1..20usize) {
        let rows = wrap(&text, cells);
        for row in &rows {
            let shown = &text[row.start as usize..row.end as usize];
            prop_assert!(width(shown) <= cells.max(2), "{shown:?} is wider than {cells}");
        }
        for pair in rows.windows(2) {
            let lost = &text[pair[0].end as usize..pair[1].start as usize];
            prop_assert!(matches!(lost, "" | " " | "\n"), "{lost:?} is lost");
        }
        prop_assert_eq!(rows.first().map(|row| row.start), Some(0));
        prop_assert_eq!(rows.last().map(|row| row.end as usize), Some(text.len()));
    }

    #[test]
    fn safe_text_cannot_control_a_terminal(raw in any::<String>()) {
        for (safe, lines) in [(SafeText::line(&raw), 0), (SafeText::block(&raw), usize::MAX)] {
            prop_assert!(!safe.chars().any(|c| c.is_control() && c != '\n'));
            prop_assert!(safe.matches('\n').count() <= lines);
            let overrides = safe.chars().any(|c| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'));
            prop_assert!(!overrides);
        }
    }

    #[test]
    fn pages_and_live_messages_merge_in_any_order(live in prop::collection::vec(0..30u8, 0..30), pages in prop::collection::vec(0..3usize, 0..6)) {
        let all: Vec<MessageInfo> = (0..30).map(|n| message(&format!("m{n:02}"), "alice", "x", i64::from(n / 4))).collect();
        let mut timeline = Timeline::default();
        timeline.enqueue(Message::queued(LocalId::from_random(1), person_id("me"), SafeText::line("mine"), BEGIN));
        let mut live = live.into_iter();
        for page in pages {
            if let Some(n) = live.next() {
                timeline.insert_live(all[usize::from(n)].clone());
            }
            let arrival = if page == 2 { PageKind::Newest } else { PageKind::Older };
            timeline.merge_page(all[page * 10..page * 10 + 10].to_vec(), arrival, None);
        }
        let ids: Vec<_> = timeline.iter().filter_map(|(_, message)| message.id.clone()).collect();
        let unique: std::collections::HashSet<_> = ids.iter().collect();
        prop_assert_eq!(unique.len(), ids.len());
        prop_assert!(timeline.iter().all(|(_, message)| !message.deleted), "a page deleted a message that it contains");
    }
}
