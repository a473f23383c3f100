//! The event loop in simulated time: bursts, losses, deadlines and reconnects. An hour of silence takes no time.
//!
//! The loop is the real one; its clock, terminal, server and event feed belong to the test.

mod persistence;
mod run;

use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use minchat_tui::app::Event;
use minchat_tui::domain::{AccountId, ConnectionStatus, Request, ServerEvent};
use minchat_tui::input::{Code, Key};
use minchat_tui::net::feed;
use minchat_tui::runtime::Input;
use minchat_tui::text::SafeText;
use tokio::sync::mpsc;
use tokio::time::Instant;

use run::{CAPACITY, Run, TestServer};
use test_support::recorder::Recorder;
use test_support::story::{ANY_SERIAL, Story, in_room, message, person, room, room_id, seen};

/// Minimum time between two frames that were not caused by a key.
const FRAME: Duration = Duration::from_millis(16);

/// A message of Alice.
fn message_from_alice(number: usize) -> ServerEvent {
    let at = i64::try_from(number).unwrap();
    ServerEvent::Message(message(&format!("n{number:06}"), "alice", &format!("news {number}"), at))
}

#[tokio::test(flavor = "local", start_paused = true)]
async fn first_change_after_silence_is_drawn_at_once() {
    let mut run = Run::chat().await;
    run.advance(1_000).await;
    let before = run.frames().len();
    let now = Instant::now();
    run.server(message_from_alice(1)).await;
    run.shows("news 1");
    let frames = run.frames();
    assert_eq!(frames.len(), before + 1, "one change, one frame");
    assert_eq!(frames[before].at, now, "the frame was delayed although none had been drawn for long");
}

#[tokio::test(flavor = "local", start_paused = true)]
async fn burst_is_drawn_in_few_frames_without_loss() {
    let mut run = Run::chat().await;
    run.advance(1_000).await;
    let (before, wakes) = (run.frames().len(), run.wakes.load(Ordering::SeqCst));
    for number in 0..2_000 {
        run.feed.push(message_from_alice(number));
        tokio::time::advance(Duration::from_micros(500)).await;
        run.run_ready().await;
    }
    run.advance(100).await;
    let frames = run.frames().split_off(before);
    let close = frames.windows(2).find(|pair| pair[1].at - pair[0].at < FRAME);
    assert!(close.is_none(), "two frames within {FRAME:?}: {close:?}");
    assert!(frames.len() <= 1 + 1_100 / 16, "{} frames a second", frames.len());
    assert_eq!(frames.last().map(|frame| frame.messages), Some(2_002));
    run.shows("news 1999");
    let wakes = run.wakes.load(Ordering::SeqCst) - wakes;
    assert!(wakes <= 4 * frames.len(), "{wakes} wake-ups for {} frames: one for each message", frames.len());
}

#[tokio::test(flavor = "local", start_paused = true)]
async fn key_is_drawn_despite_a_hundred_thousand_queued_events() {
    let (inputs, keys) = mpsc::channel(64);
    // The key is pressed while the burst is being handled: right after the loop's first frame.
    let press = inputs.clone();
    let after = move |frame| {
        if frame == 1 {
            press.try_send(Input::Event(Event::Key(Key::plain(Code::Char('Q'))))).unwrap();
        }
    };
    let (display, recorded) = Recorder::with(Box::new(after));
    let (sender, receiver) = feed(AccountId(0), CAPACITY);
    for number in 0..100_000 {
        sender.push(message_from_alice(number));
    }
    let mut run = Run::with(Story::chat(100, 24).state, display, recorded, (inputs, keys), (sender, receiver));
    run.run_ready().await;
    run.advance(100).await;
    let frames = run.frames();
    let glyph = frames.iter().position(|frame| frame.screen.contains("› Q")).expect("the key on screen");
    let between = frames[glyph].messages - frames[0].messages;
    assert!(between <= 512, "{between} events were handled between the key and its frame");
    assert_eq!(frames.last().map(|frame| frame.messages), Some(100_002), "all messages arrived in the end");
}

/// A message once waited for a frame before it was written to the disk, and for another one before it was sent.
#[tokio::test(flavor = "local", start_paused = true)]
async fn message_is_sent_before_the_frame_that_shows_it() {
    let (inputs, keys) = mpsc::channel(64);
    let server: Arc<OnceLock<TestServer>> = Arc::default();
    let sent_at: Arc<Mutex<Vec<bool>>> = Arc::default();
    let (server_of_hook, sent_at_of_hook) = (Arc::clone(&server), Arc::clone(&sent_at));
    let after = move |_| {
        let is_send = |(_, request): &(Instant, Request)| matches!(request, Request::Send { .. });
        let is_sent = server_of_hook.get().is_some_and(|server| server.received.lock().unwrap().iter().any(is_send));
        sent_at_of_hook.lock().unwrap().push(is_sent);
    };
    let (display, recorded) = Recorder::with(Box::new(after));
    let mut run =
        Run::with(Story::chat(100, 24).state, display, recorded, (inputs, keys), feed(AccountId(0), CAPACITY));
    server.set(run.server.clone()).ok().unwrap();
    run.run_ready().await;
    for code in [Code::Char('x'), Code::Char('y'), Code::Enter] {
        run.key(code).await;
    }
    let without_draft = run.frames().iter().rposition(|frame| frame.screen.contains("› xy")).unwrap() + 1;
    let sent_at = sent_at.lock().unwrap();
    assert_eq!((sent_at[without_draft - 1], sent_at[without_draft]), (false, true), "{sent_at:?}");
}

#[tokio::test(flavor = "local", start_paused = true)]
async fn other_tasks_run_during_a_burst() {
    // Signals are received by a task on the same runtime: a flood must not delay SIGTERM until it is over.
    let (inputs, keys) = mpsc::channel(64);
    let (display, recorded) = Recorder::new();
    let (sender, receiver) = feed(AccountId(0), CAPACITY);
    for number in 0..100_000 {
        sender.push(message_from_alice(number));
    }
    let run = Run::with(Story::chat(100, 24).state, display, recorded, (inputs, keys), (sender, receiver));
    let inputs = run.inputs.clone();
    tokio::spawn(async move { inputs.send(Input::End).await });
    let state = run.task.await.unwrap().unwrap();
    let taken = state.scene().open_room().map_or(0, |room| room.timeline.len());
    assert!(taken < 50_000, "the end was received only after {taken} events");
}

#[tokio::test(flavor = "local", start_paused = true)]
async fn lost_events_are_fetched_again() {
    let mut run = Run::chat().await;
    run.timed_requests();
    run.server(ServerEvent::EventsLost).await;
    let requests = run.requests();
    assert!(requests.contains(&Request::Rooms { page: 1 }), "{requests:?}");
    assert!(
        requests.contains(&Request::History { room: room_id("r1"), serial: ANY_SERIAL, page: 1, before: None }),
        "{requests:?}"
    );
    run.server(ServerEvent::History {
        room: room_id("r1"),
        serial: ANY_SERIAL,
        page: 1,
        pages: 1,
        total: None,
        messages: vec![seen(message("m2", "alice", "How are you?", -60_000)), message("lost", "alice", "found", 5)],
    })
    .await;
    run.advance(20).await;
    run.shows("found");
}

#[tokio::test(flavor = "local", start_paused = true)]
async fn overflow_causes_one_reload() {
    let (display, recorded) = Recorder::new();
    let (sender, receiver) = feed(AccountId(0), 10);
    for number in 0..100 {
        sender.push(message_from_alice(number));
    }
    let mut run = Run::with(Story::chat(100, 24).state, display, recorded, mpsc::channel(64), (sender, receiver));
    run.run_ready().await;
    let reloads = run.requests().into_iter().filter(|request| matches!(request, Request::History { page: 1, .. }));
    assert_eq!(reloads.count(), 1, "one loss, one refetch");
}

#[tokio::test(flavor = "local", start_paused = true)]
async fn typing_ends_after_two_seconds_without_keys() {
    let mut run = Run::chat().await;
    run.advance(2_000).await;
    run.timed_requests();
    run.key(Code::Char('h')).await;
    run.advance(1_500).await;
    run.key(Code::Char('i')).await;
    run.advance(10_000).await;
    let typing = |on| Request::Typing { room: room_id("r1"), on };
    let reloads = run.timed_requests();
    assert_eq!(reloads, [(2_000, typing(true)), (5_500, typing(false))]);
}

#[tokio::test(flavor = "local", start_paused = true)]
async fn typing_person_is_shown_for_six_seconds() {
    let mut run = Run::chat().await;
    run.advance(1_000).await;
    run.server(ServerEvent::Typing {
        person: person("alice", "Alice Archer"),
        room: None,
        activity: Some(minchat_tui::domain::Activity::Typing),
    })
    .await;
    run.shows("Alice Archer is typing");
    run.advance(20_000).await;
    assert_eq!(run.shown_between("is typing"), (Some(1_000), Some(7_000)));
}

#[tokio::test(flavor = "local", start_paused = true)]
async fn notice_disappears_after_six_seconds() {
    let mut run = Run::chat().await;
    run.advance(1_000).await;
    run.server(ServerEvent::Notice(SafeText::line("The kettle boils."))).await;
    run.advance(20_000).await;
    assert_eq!(run.shown_between("The kettle boils."), (Some(1_000), Some(7_000)));
}

#[tokio::test(flavor = "local", start_paused = true)]
async fn message_is_seen_after_a_moment_on_the_screen() {
    let mut run = Run::chat().await;
    run.advance(2_000).await;
    run.timed_requests();
    run.server(message_from_alice(1)).await;
    run.advance(5_000).await;
    let seen = Request::Seen { room: room_id("r1"), message: test_support::story::message_id("n000001") };
    assert_eq!(run.timed_requests(), [(2_300, seen)]);
}

/// Regression test: a message was followed by another frame for its receipt, in which nothing had changed.
#[tokio::test(flavor = "local", start_paused = true)]
async fn receipt_draws_no_frame() {
    let mut run = Run::chat().await;
    run.advance(2_000).await;
    let before = run.frames().len();
    run.server(message_from_alice(1)).await;
    run.advance(200).await;
    assert_eq!(run.frames().len() - before, 1, "the message");
    run.advance(400).await;
    assert!(run.requests().into_iter().any(|request| matches!(request, Request::Seen { .. })));
    assert_eq!(run.frames().len() - before, 1, "the receipt was sent");
    run.server(message_from_alice(2)).await;
    run.shows("news 2");
}

#[tokio::test(flavor = "local", start_paused = true)]
async fn heartbeats_are_sent_every_five_minutes() {
    let mut run = Run::chat().await;
    run.timed_requests();
    run.advance(16 * 60_000).await;
    let beats: Vec<u128> = run
        .timed_requests()
        .into_iter()
        .filter(|(_, request)| matches!(request, Request::Heartbeat { .. }))
        .map(|(at, _)| at / 1_000)
        .collect();
    // By the story's clock, the chat was opened two seconds ago.
    assert_eq!(beats, [298, 598, 898]);
}

#[tokio::test(flavor = "local", start_paused = true)]
async fn only_heartbeats_wake_the_loop_in_an_hour_of_silence() {
    // A group, because presence next to a person's name changes every minute.
    let mut story = Story::online(100, 24);
    let last = message("m1", "alice", "Good night", -60_000);
    story.server(ServerEvent::Rooms {
        page: 1,
        pages: 1,
        rooms: vec![room("r1", "Group", &["alice", "bob"], last.clone())],
    });
    story.history("r1", 1, 1, vec![seen(last)]);
    let mut run = Run::of(story.state);
    run.run_ready().await;
    run.advance(2_000).await;
    let (wakes, frames) = (run.wakes.load(Ordering::SeqCst), run.frames().len());
    let written = run.recorded.bytes_written();
    run.advance(3_600_000).await;
    assert_eq!(run.wakes.load(Ordering::SeqCst) - wakes, 12, "one wake-up per heartbeat");
    assert!(run.frames().len() - frames <= 12);
    assert_eq!(run.recorded.bytes_written() - written, 0, "bytes were written although the screen did not change");
}

#[tokio::test(flavor = "local", start_paused = true)]
async fn loop_sleeps_until_the_first_answer() {
    let mut run = Run::of(Story::new(100, 24).state);
    run.run_ready().await;
    run.shows("Connecting to https://api.minchat.io");
    let wakes = run.wakes.load(Ordering::SeqCst);
    run.advance(3_600_000).await;
    assert_eq!(run.wakes.load(Ordering::SeqCst), wakes);
    assert_eq!(run.frames().len(), 1);
}

#[tokio::test(flavor = "local", start_paused = true)]
async fn offline_countdown_is_drawn_once_per_second() {
    let mut run = Run::chat().await;
    run.advance(1_000).await;
    let reason = SafeText::line("The cable is out.");
    run.server(ServerEvent::Connection(ConnectionStatus::Offline { retry_in: 4_300, reason })).await;
    let frames = run.frames().len();
    run.advance(10_000).await;
    // The seconds are rounded up: "5 s" is shown for 300 ms, each other number for a second.
    for (seconds, from, to) in
        [(5, 1_000, 1_300), (4, 1_300, 2_300), (3, 2_300, 3_300), (2, 3_300, 4_300), (1, 4_300, 5_300)]
    {
        assert_eq!(
            run.shown_between(&format!("Reconnecting in {seconds} s")),
            (Some(from), Some(to)),
            "{}",
            run.screen()
        );
    }
    assert_eq!(run.frames().len() - frames, 5, "one frame per second");
    run.shows("The cable is out.");
}

#[tokio::test(flavor = "local", start_paused = true)]
async fn reconnecting_joins_and_reloads_everything() {
    let mut run = Run::chat().await;
    let reason = SafeText::line("The cable is out.");
    run.server(ServerEvent::Connection(ConnectionStatus::Offline { retry_in: 1_000, reason })).await;
    run.advance(1_000).await;
    run.server(ServerEvent::Connection(ConnectionStatus::Connecting)).await;
    run.advance(20).await;
    run.shows("Connecting");
    run.timed_requests();
    run.server(ServerEvent::Connection(ConnectionStatus::Online)).await;
    run.advance(20).await;
    run.shows("● Online");
    let requests = run.requests();
    for expected in [
        Request::Join { room: room_id("r1") },
        Request::History { room: room_id("r1"), serial: ANY_SERIAL, page: 1, before: None },
        Request::Rooms { page: 1 },
        Request::Heartbeat { room: room_id("r1") },
    ] {
        assert!(requests.contains(&expected), "no {expected:?} among {requests:?}");
    }
}

#[tokio::test(flavor = "local", start_paused = true)]
async fn rejected_request_is_queued_and_sent_later() {
    let mut run = Run::chat().await;
    run.server.full.store(true, Ordering::SeqCst);
    for c in "hello".chars() {
        run.key(Code::Char(c)).await;
    }
    run.key(Code::Enter).await;
    run.advance(20).await;
    run.shows("Queued for another attempt: There are too many requests at once");
    run.lacks("✗");
    run.server.full.store(false, Ordering::SeqCst);
    run.timed_requests();
    run.advance(1_100).await;
    assert!(
        run.requests().iter().any(|request| matches!(request, Request::Send { content, .. } if *content == minchat_tui::domain::Content::text("hello")))
    );
}

/// Anything due in a second was due a day later.
#[tokio::test(flavor = "local", start_paused = true)]
async fn clock_rollback_delays_nothing() {
    let mut run = Run::chat().await;
    run.server.full.store(true, Ordering::SeqCst);
    run.key(Code::Char('x')).await;
    run.key(Code::Enter).await;
    run.advance(300).await;
    run.back.store(86_400_000, Ordering::SeqCst);
    run.server.full.store(false, Ordering::SeqCst);
    run.advance(2_100).await;
    assert!(run.requests().iter().any(|request| matches!(request, Request::Send { .. })), "{}", run.screen());
    let wakes = run.wakes.load(Ordering::SeqCst);
    run.advance(10_000).await;
    assert!(run.wakes.load(Ordering::SeqCst) - wakes < 10, "the loop wakes up for nothing");
}

#[tokio::test(flavor = "local", start_paused = true)]
async fn message_elsewhere_moves_its_room_up_at_once() {
    let mut run = Run::chat().await;
    let info = room("r2", "Kitchen", &["alice", "bob"], message("k1", "bob", "Tea?", 10));
    run.server(ServerEvent::RoomChanged(Box::new(info))).await;
    run.server(ServerEvent::Message(in_room("r2", message("k2", "bob", "Anybody?", 20)))).await;
    run.advance(20).await;
    run.shows("Bob Brown: Anybody?");
}

#[tokio::test(flavor = "local", start_paused = true)]
async fn end_of_the_terminal_ends_the_loop() {
    let run = Run::chat().await;
    let Run { inputs, task, .. } = run;
    drop(inputs);
    assert!(task.await.unwrap().is_ok());
}
