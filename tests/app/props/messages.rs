//! Properties of random stories on a service with V Chat's capabilities.

use std::collections::{HashMap, HashSet};

use minchat_tui::app::{Effect, Event, FileRequest, PaneRow, Size, layout};
use minchat_tui::domain::{
    AccountId, AttachmentKind, CallEnd, CallId, ConnectionStatus, LocalId, MessageId, MessageInfo, MessageKind,
    OutgoingFile, PageKind, Request, RoomId, ServerEvent, Timeline,
};
use minchat_tui::text::SafeText;
use proptest::prelude::*;
use test_support::story::vchat::*;
use test_support::story::*;

const ROOMS: [&str; 3] = ["r1", "r2", "r3"];

/// A step of a story.
#[derive(Debug, Clone, Copy)]
enum Step {
    Keys(&'static str),
    Types(&'static str),
    Message(usize, u8),
    List([u32; 3]),
    Page(usize, u8, bool),
    Receipt(usize, bool, bool),
    Deleted(usize, u8),
    DeletedForMe(usize, u8),
    Duplicate,
    Progress(u8),
    File(bool),
    Answer(bool),
    Call(u8),
    Online(bool),
    Gap,
    Resize(u16, u16),
    Focus(bool),
    Wait(u16),
}

/// A random step.
fn step() -> impl Strategy<Value = Step> {
    let keys = prop::sample::select(vec![
        "enter",
        "up",
        "down",
        "esc",
        "tab",
        "r",
        "f",
        "q",
        "*",
        "v",
        "D",
        "d",
        "y",
        "s",
        "x",
        "n",
        "pageup",
        "pagedown",
        "alt+down",
        "alt+up",
        "alt+a",
        "ctrl+home",
        "ctrl+end",
        "ctrl+b",
        "ctrl+k",
        "ctrl+f",
        "alt+y",
        "alt+n",
        "alt+h",
        "ctrl+up",
    ]);
    let texts = prop::sample::select(vec!["a", "日本語 word", "/send x", "/stars", "/call", "/calls", "line"]);
    prop_oneof![
        6 => keys.prop_map(Step::Keys),
        2 => texts.prop_map(Step::Types),
        5 => (0..3usize, 0..40u8).prop_map(|(room, n)| Step::Message(room, n)),
        1 => [0..5u32, 0..5u32, 0..5u32].prop_map(Step::List),
        3 => (0..3usize, 0..4u8, any::<bool>()).prop_map(|(room, page, last)| Step::Page(room, page, last)),
        2 => (0..3usize, any::<bool>(), any::<bool>()).prop_map(|(room, seen, mine)| Step::Receipt(room, seen, mine)),
        1 => (0..3usize, 0..40u8).prop_map(|(room, n)| Step::Deleted(room, n)),
        2 => (0..3usize, 0..40u8).prop_map(|(room, n)| Step::DeletedForMe(room, n)),
        1 => Just(Step::Duplicate),
        1 => any::<u8>().prop_map(Step::Progress),
        1 => any::<bool>().prop_map(Step::File),
        3 => any::<bool>().prop_map(Step::Answer),
        2 => (0..6u8).prop_map(Step::Call),
        1 => any::<bool>().prop_map(Step::Online),
        1 => Just(Step::Gap),
        1 => (1..120u16, 1..40u16).prop_map(|(w, h)| Step::Resize(w, h)),
        1 => any::<bool>().prop_map(Step::Focus),
        3 => (1..2_000u16).prop_map(Step::Wait),
    ]
}

/// Message number `n` of a room, always the same.
fn nth(room: usize, n: u8) -> MessageInfo {
    let id = format!("{}-{n:02}", ROOMS[room]);
    let author = ["alice", "me", "bob"][usize::from(n) % 3];
    let kind = if n.is_multiple_of(7) { MessageKind::Info } else { MessageKind::Text };
    let quoted =
        (n % 5 == 4).then(|| Box::new(quote(&sent_message(&format!("{}-{:02}", ROOMS[room], n / 2), "bob", "q", 0))));
    let info = MessageInfo {
        kind,
        quote: quoted,
        ..sent_message(&id, author, &format!("text {n}"), i64::from(n / 2) * 1_000)
    };
    MessageInfo { forwarded: n % 11 == 3, deleted: n % 13 == 12, ..in_room(ROOMS[room], info) }
}

/// Requests that the server and the file inspection have not answered yet.
#[derive(Default)]
struct Pending {
    requests: Vec<Request>,
    files: Vec<FileRequest>,
}

/// Runs a step.
fn run_step(story: &mut Story, step: Step, pending: &mut Pending) {
    let newest_send = |pending: &Pending| {
        pending.requests.iter().rev().find_map(|request| match request {
            Request::Send { room, local, .. } => Some((room.clone(), *local)),
            _ => None,
        })
    };
    match step {
        Step::Keys(keys) => drop(story.keys(keys)),
        Step::Types(text) => drop(story.types(text)),
        Step::Message(room, n) => drop(story.server(ServerEvent::Message(nth(room, n)))),
        Step::List(unread_counts) => {
            let rooms = three_rooms(unread_counts).into_iter().enumerate().map(|(room, mut info)| {
                info.last_message = Some(nth(room, 20));
                info
            });
            let rooms = rooms.collect();
            story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms });
        }
        Step::Page(room, page, last) => {
            let messages = (0..10).map(|i| nth(room, (3 - page.min(3)) * 10 + i)).collect();
            story.history(ROOMS[room], u32::from(page) + 1, if last { 1 } else { 9 }, messages);
        }
        Step::Receipt(room, seen, mine) => {
            let (room, author) = (room_id(ROOMS[room]), person_id(if mine { "me" } else { "bob" }));
            let receipt =
                if seen { ServerEvent::RoomSeen { room, author } } else { ServerEvent::RoomDelivered { room, author } };
            story.server(receipt);
        }
        Step::Deleted(room, n) => drop(story.server(ServerEvent::Deleted(nth(room, n).id))),
        Step::DeletedForMe(room, n) => {
            let request = Request::DeleteForMe { room: room_id(ROOMS[room]), message: nth(room, n).id };
            story.server(ServerEvent::Done(request));
        }
        Step::Duplicate => {
            if let Some((room, local)) = newest_send(pending) {
                story.server(ServerEvent::Duplicate { room, local });
            }
        }
        Step::Progress(sent) => {
            if let Some((room, local)) = newest_send(pending) {
                story.server(ServerEvent::Progress { room, local, sent: sent.into(), total: 200 });
            }
        }
        Step::File(there) => {
            if let Some(request) = pending.files.pop() {
                let (name, mime) = ("x.png".to_owned(), "image/png".to_owned());
                let path = "/x.png".into();
                let facts = OutgoingFile { path, name, kind: AttachmentKind::Image, mime, size: 5, duration: None };
                story.event(Event::File(AccountId(0), request, if there { Ok(facts) } else { Err("No.".into()) }));
            }
        }
        Step::Answer(good) => {
            if let Some(request) = pending.requests.pop() {
                answer(story, request, good);
            }
        }
        Step::Call(action) => {
            let (call, room) = (CallId::new("c1"), room_id("r1"));
            story.server(match action {
                0 => incoming_call("c1", "r3", "bob", true),
                1 => ServerEvent::CallStarted { call, room, video: false },
                2 => ServerEvent::CallAccepted { call: Some(call), room },
                3 => ServerEvent::CallEnded { call: Some(call), room, reason: CallEnd::Canceled },
                4 => ServerEvent::CallEnded { call: None, room, reason: CallEnd::TimedOut },
                _ => ServerEvent::Done(Request::AcceptCall { call }),
            });
        }
        Step::Online(true) => drop(story.server(ServerEvent::Connection(ConnectionStatus::Online))),
        Step::Online(false) => {
            let reason = SafeText::line("The network is down.");
            story.server(ServerEvent::Connection(ConnectionStatus::Offline { retry_in: 3_000, reason }));
        }
        Step::Gap => drop(story.server(ServerEvent::EventsLost)),
        Step::Resize(width, height) => drop(story.event(Event::Resize(Size { width, height }))),
        Step::Focus(focused) => drop(story.event(Event::Focus(focused))),
        Step::Wait(millis) => drop(story.wait(millis.into())),
    }
}

/// Answers a request.
fn answer(story: &mut Story, request: Request, good: bool) {
    let event = match request {
        request if !good => ServerEvent::Failed { request, failure: Failure::Refused, reason: SafeText::line("No.") },
        Request::Send { room, local, .. } => {
            let id = MessageId::new(&format!("sent {local}"));
            let info = MessageInfo {
                local: Some(local),
                room: room.clone(),
                id: id.clone(),
                ..message("", "me", "x", 90_000)
            };
            ServerEvent::Accepted { room, local, id: Some(id), message: Some(Box::new(info)) }
        }
        Request::SeenBy { message, seen, .. } => {
            ServerEvent::SeenBy { message, seen, people: vec![(person("bob", "Bob"), None)], next: None }
        }
        Request::Stars { room } => ServerEvent::Stars { room, messages: vec![nth(0, 1)] },
        Request::Calls => ServerEvent::Calls(Vec::new()),
        Request::StartCall { room, video } => ServerEvent::CallStarted { call: CallId::new("c9"), room, video },
        request => ServerEvent::Done(request),
    };
    story.server(event);
}

/// Takes the story's requests; returns them.
fn collect(story: &mut Story, pending: &mut Pending) -> Vec<Request> {
    let effects = std::mem::take(&mut story.effects);
    let mut requests = Vec::new();
    for effect in effects {
        match effect {
            Effect::Request(_, request) => requests.push(request),
            Effect::Inspect(_, request) => pending.files.push(request),
            _ => {}
        }
    }
    pending.requests.extend(requests.iter().filter(|request| request.is_answered()).cloned());
    requests
}

/// Fails unless the state and the screen satisfy the invariants.
fn check(story: &Story) {
    let state = &story.state;
    for room in state.account().rooms.iter() {
        let (mut ids, mut last) = (HashSet::new(), None);
        for (slot, message) in room.timeline.iter() {
            if let Some(id) = &message.id {
                assert!(ids.insert(id.clone()), "{id:?} is there twice");
                assert!(last <= Some(message.sent_at), "out of order");
                last = Some(message.sent_at);
                assert_eq!(room.timeline.find(id), Some(slot));
            }
            assert_eq!(room.timeline.slot_at(room.timeline.position(slot).expect("a position")), Some(slot));
            let bare = message.text.is_empty() && message.attachment.is_none() && message.quote.is_none();
            assert!(!message.deleted || bare, "a deleted message kept its content");
            assert!(!message.edited, "V Chat has no edits");
        }
        let here = |slot| room.timeline.position(slot).is_some();
        assert!(room.unread_marker.slot().is_none_or(here), "the new messages line has no message");
        assert!(room.notes.iter().all(|note| here(note.below)), "a note has no message");
    }
    if let Some(slot) = state.ui.selected() {
        assert!(
            state.scene().open_room().is_some_and(|room| room.timeline.position(slot).is_some()),
            "the selected message does not exist"
        );
    }
    assert!(state.ui.pane.rows.len() <= usize::from(state.ui.regions.messages.height), "more rows than fit");
    let (buffer, cursor) = story.frame();
    assert_eq!(&buffer, story.terminal.shown(), "drawn change by change, the screen looks different");
    assert!(cursor.is_none_or(|cursor| buffer.area.contains(cursor)), "the cursor left the screen");
}

/// Unread counts of all rooms, archived ones too.
fn unread_counts(story: &Story) -> HashMap<RoomId, u32> {
    let rooms = &story.state.account().rooms;
    let known = ROOMS.iter().filter_map(|room| rooms.get(&room_id(room)));
    known.map(|room| (room.info.id.clone(), room.unread().count)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_story_keeps_the_invariants(steps in prop::collection::vec(step(), 1..60)) {
        let (mut story, mut pending) = (vchat_story(90, 24), Pending::default());
        for step in steps {
            run_step(&mut story, step, &mut pending);
            collect(&mut story, &mut pending);
            check(&story);
            let before: Vec<PaneRow> = story.state.ui.pane.rows.clone();
            layout(&mut story.state);
            prop_assert_eq!(&before, &story.state.ui.pane.rows);
        }
    }

    /// A receipt is sent once for new messages, and an unread count grows by at most one for a message of another
    /// person.
    #[test]
    fn receipts_and_counts_follow_new_messages(steps in prop::collection::vec(step(), 1..60)) {
        let (mut story, mut pending) = (vchat_story(90, 24), Pending::default());
        // Rooms with a reason for a receipt.
        let mut with_news: HashSet<RoomId> = HashSet::new();
        for step in steps {
            let before = unread_counts(&story);
            let all = || ROOMS.iter().map(|room| room_id(room));
            let wrote = match &step {
                Step::Message(room, n) => {
                    let author = nth(*room, *n).author;
                    if author != person_id("me") {
                        with_news.insert(room_id(ROOMS[*room]));
                    }
                    Some((room_id(ROOMS[*room]), author))
                }
                Step::List(_) | Step::Page(..) | Step::Gap | Step::Online(_) => {
                    with_news.extend(all());
                    None
                }
                _ => None,
            };
            run_step(&mut story, step, &mut pending);
            let after = unread_counts(&story);
            if let Some((room, author)) = wrote {
                let (old_count, new_count) = (before[&room], after[&room]);
                prop_assert!(new_count <= old_count + 1, "{room:?}: {old_count} became {new_count}");
                prop_assert!(author != person_id("me") || new_count <= old_count, "an own message was counted");
            }
            for request in collect(&mut story, &mut pending) {
                match request {
                    Request::Seen { room, message } => {
                        prop_assert!(with_news.remove(&room), "{room:?} was reported seen without new messages");
                        // Of a room that is marked as read in the list, only the last message may be known.
                        let reported = story.state.account().rooms.get(&room);
                        let is_here = reported.is_some_and(|room| {
                            let listed = room.info.last_message.as_ref().is_some_and(|last| last.id == message);
                            listed || room.timeline.find(&message).is_some()
                        });
                        prop_assert!(is_here, "the message reported as seen does not exist");
                        prop_assert_eq!(after.get(&room), Some(&0));
                    }
                    Request::Delivered { room } => {
                        prop_assert!(story.state.account().rooms.get(&room).is_some());
                    }
                    _ => {}
                }
            }
        }
    }

    #[test]
    fn removals_leave_a_consistent_timeline(
        steps in prop::collection::vec((0..3u8, 0..20u8), 0..60),
    ) {
        let info = |n: u8| sent_message(&format!("m{n:02}"), "alice", "x", i64::from(n / 3));
        let (mut timeline, mut model) = (Timeline::default(), std::collections::BTreeSet::new());
        for (action, n) in steps {
            match action {
                0 => {
                    timeline.insert_live(info(n));
                    model.insert(n);
                }
                1 => {
                    if let Some(slot) = timeline.find(&info(n).id) {
                        timeline.remove(slot);
                    }
                    model.remove(&n);
                }
                _ => {
                    let page: Vec<u8> = (n..n + 3).collect();
                    timeline.merge_page(page.iter().map(|n| info(*n)).collect(), PageKind::Older, None);
                    model.extend(page);
                }
            }
            let actual: HashSet<String> = timeline.iter().filter_map(|(_, m)| m.id.as_ref()).map(|id| id.as_str().to_owned()).collect();
            let expected: HashSet<String> = model.iter().map(|n| info(*n).id.as_str().to_owned()).collect();
            prop_assert_eq!(actual, expected);
            prop_assert_eq!(timeline.len(), model.len());
            let times: Vec<_> = timeline.iter().map(|(_, message)| message.sent_at).collect();
            prop_assert!(times.is_sorted());
            for (slot, _) in timeline.iter() {
                prop_assert_eq!(timeline.position(slot).and_then(|place| timeline.slot_at(place)), Some(slot));
            }
            prop_assert!(timeline.server_len() <= timeline.len());
        }
    }

    #[test]
    fn local_id_of_others_never_matches_our_sends(bits in any::<u128>()) {
        let local = LocalId::from_random(bits);
        let mut timeline = Timeline::default();
        timeline.insert_live(MessageInfo { local: Some(local), ..message("theirs", "bob", "x", 1) });
        prop_assert_eq!(timeline.find_own_send(local), None);
        prop_assert!(timeline.find_any_send(local).is_some());
    }
}
