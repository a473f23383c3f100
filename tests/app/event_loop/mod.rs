//! The loop in a time of its own: bursts, losses, deadlines, reconnects. An hour of silence takes no time here.
//!
//! The loop runs as it does in the program; its clock, its terminal, its server and the network's queue are the
//! test's.

mod persistence;
mod run;

use std::sync::atomic::Ordering;
use std::time::Duration;

use minchat_tui::app::Event;
use minchat_tui::domain::{AccountId, ConnectionStatus, Request, ServerEvent};
use minchat_tui::input::{Code, Key};
use minchat_tui::net::feed;
use minchat_tui::runtime::Input;
use minchat_tui::text::SafeText;
use tokio::sync::mpsc;
use tokio::time::Instant;

use run::{PLENTY, Run};
use test_support::recorder::Recorder;
use test_support::story::{Story, in_room, message, person, room, room_id, seen};

/// The least time between two frames that nobody waits for.
const FRAME: Duration = Duration::from_millis(16);

fn news(number: usize) -> ServerEvent {
    let at = i64::try_from(number).unwrap();
    ServerEvent::Message(message(&format!("n{number:06}"), "alice", &format!("news {number}"), at))
}

#[tokio::test(flavor = "local", start_paused = true)]
async fn the_first_change_after_quiet_is_drawn_at_once() {
    let mut run = Run::chat().await;
    run.pass(1_000).await;
    let before = run.frames().len();
    let now = Instant::now();
    run.says(news(1)).await;
    run.shows("news 1");
    let frames = run.frames();
    assert_eq!(frames.len(), before + 1, "one change, one frame");
    assert_eq!(frames[before].at, now, "it waited although nothing had been drawn for long");
}

#[tokio::test(flavor = "local", start_paused = true)]
async fn a_burst_is_folded_into_few_frames_and_none_of_it_is_lost() {
    let mut run = Run::chat().await;
    run.pass(1_000).await;
    let before = run.frames().len();
    for number in 0..2_000 {
        run.feed.push(news(number));
        tokio::time::advance(Duration::from_micros(500)).await;
        run.settle().await;
    }
    run.pass(100).await;
    let frames = run.frames().split_off(before);
    let close = frames.windows(2).find(|pair| pair[1].at - pair[0].at < FRAME);
    assert!(close.is_none(), "two frames within {FRAME:?}: {close:?}");
    assert!(frames.len() <= 1 + 1_100 / 16, "{} frames a second", frames.len());
    assert_eq!(frames.last().map(|frame| frame.messages), Some(2_002));
    run.shows("news 1999");
}

#[tokio::test(flavor = "local", start_paused = true)]
async fn a_key_is_drawn_although_a_hundred_thousand_events_wait() {
    let (inputs, keys) = mpsc::channel(64);
    // The key is pressed while the burst is being worked through: right after the loop's first frame.
    let press = inputs.clone();
    let after = move |frame| {
        if frame == 1 {
            press.try_send(Input::Event(Event::Key(Key::plain(Code::Char('Q'))))).unwrap();
        }
    };
    let (display, recorded) = Recorder::with(Box::new(after));
    let (sender, receiver) = feed(AccountId(0), PLENTY);
    for number in 0..100_000 {
        sender.push(news(number));
    }
    let mut run = Run::with(Story::chat(100, 24).state, display, recorded, (inputs, keys), (sender, receiver));
    run.settle().await;
    run.pass(100).await;
    let frames = run.frames();
    let glyph = frames.iter().position(|frame| frame.screen.contains("› Q")).expect("the key on screen");
    let between = frames[glyph].messages - frames[0].messages;
    assert!(between <= 512, "{between} events were taken between the key and its glyph");
    assert_eq!(frames.last().map(|frame| frame.messages), Some(100_002), "all of them are here afterwards");
}

#[tokio::test(flavor = "local", start_paused = true)]
async fn others_get_their_turn_while_a_burst_is_worked_through() {
    // Signals come by a task on the same runtime: a flood must not keep SIGTERM waiting until it is over.
    let (inputs, keys) = mpsc::channel(64);
    let (display, recorded) = Recorder::new();
    let (sender, receiver) = feed(AccountId(0), PLENTY);
    for number in 0..100_000 {
        sender.push(news(number));
    }
    let run = Run::with(Story::chat(100, 24).state, display, recorded, (inputs, keys), (sender, receiver));
    let inputs = run.inputs.clone();
    tokio::spawn(async move { inputs.send(Input::End).await });
    let state = run.task.await.unwrap().unwrap();
    let taken = state.scene().open_room().map_or(0, |room| room.timeline.len());
    assert!(taken < 50_000, "the end was heard only after {taken} events");
}

#[tokio::test(flavor = "local", start_paused = true)]
async fn a_loss_is_fetched_again() {
    let mut run = Run::chat().await;
    run.asked();
    run.says(ServerEvent::Gap).await;
    let requests = run.requests();
    assert!(requests.contains(&Request::Rooms { page: 1 }), "{requests:?}");
    assert!(requests.contains(&Request::History { room: room_id("r1"), page: 1, before: None }), "{requests:?}");
    run.says(ServerEvent::History {
        room: room_id("r1"),
        page: 1,
        pages: 1,
        messages: vec![seen(message("m2", "alice", "How are you?", -60_000)), message("lost", "alice", "found", 5)],
    })
    .await;
    run.pass(20).await;
    run.shows("found");
}

#[tokio::test(flavor = "local", start_paused = true)]
async fn a_queue_that_overflows_ends_in_the_same_refetch() {
    let (display, recorded) = Recorder::new();
    let (sender, receiver) = feed(AccountId(0), 10);
    for number in 0..100 {
        sender.push(news(number));
    }
    let mut run = Run::with(Story::chat(100, 24).state, display, recorded, mpsc::channel(64), (sender, receiver));
    run.settle().await;
    let asked = run.requests().into_iter().filter(|request| matches!(request, Request::History { page: 1, .. }));
    assert_eq!(asked.count(), 1, "one loss, one refetch");
}

#[tokio::test(flavor = "local", start_paused = true)]
async fn a_key_is_typing_until_two_seconds_of_quiet() {
    let mut run = Run::chat().await;
    run.pass(2_000).await;
    run.asked();
    run.key(Code::Char('h')).await;
    run.pass(1_500).await;
    run.key(Code::Char('i')).await;
    run.pass(10_000).await;
    let typing = |on| Request::Typing { room: room_id("r1"), on };
    let asked = run.asked();
    assert_eq!(asked, [(2_000, typing(true)), (5_500, typing(false))]);
}

#[tokio::test(flavor = "local", start_paused = true)]
async fn somebody_typing_is_believed_for_six_seconds() {
    let mut run = Run::chat().await;
    run.pass(1_000).await;
    run.says(ServerEvent::Typing {
        person: person("alice", "Alice Archer"),
        room: None,
        activity: Some(minchat_tui::domain::Activity::Typing),
    })
    .await;
    run.shows("Alice Archer is typing");
    run.pass(20_000).await;
    assert_eq!(run.stood("is typing"), (Some(1_000), Some(7_000)));
}

#[tokio::test(flavor = "local", start_paused = true)]
async fn a_notice_fades_after_six_seconds() {
    let mut run = Run::chat().await;
    run.pass(1_000).await;
    run.says(ServerEvent::Notice(SafeText::line("The kettle boils."))).await;
    run.pass(20_000).await;
    assert_eq!(run.stood("The kettle boils."), (Some(1_000), Some(7_000)));
}

#[tokio::test(flavor = "local", start_paused = true)]
async fn a_message_counts_as_seen_after_a_moment_on_screen() {
    let mut run = Run::chat().await;
    run.pass(2_000).await;
    run.asked();
    run.says(news(1)).await;
    run.pass(5_000).await;
    let seen = Request::Seen { room: room_id("r1"), message: test_support::story::message_id("n000001") };
    assert_eq!(run.asked(), [(2_300, seen)]);
}

#[tokio::test(flavor = "local", start_paused = true)]
async fn the_rooms_are_told_every_five_minutes_that_we_are_here() {
    let mut run = Run::chat().await;
    run.asked();
    run.pass(16 * 60_000).await;
    let beats: Vec<u128> = run
        .asked()
        .into_iter()
        .filter(|(_, request)| matches!(request, Request::Heartbeat { .. }))
        .map(|(at, _)| at / 1_000)
        .collect();
    // The chat was opened two seconds ago, by the story's clock.
    assert_eq!(beats, [298, 598, 898]);
}

#[tokio::test(flavor = "local", start_paused = true)]
async fn in_an_hour_of_silence_only_the_heartbeat_wakes_and_nothing_is_written() {
    // A group: the words beside a person's name age by the minute, and that is a change.
    let mut story = Story::online(100, 24);
    let last = message("m1", "alice", "Good night", -60_000);
    story.server(ServerEvent::Rooms {
        page: 1,
        pages: 1,
        rooms: vec![room("r1", "Group", &["alice", "bob"], last.clone())],
    });
    story.history("r1", 1, 1, vec![seen(last)]);
    let mut run = Run::of(story.state);
    run.settle().await;
    run.pass(2_000).await;
    let (wakes, frames) = (run.wakes.load(Ordering::SeqCst), run.frames().len());
    let written = run.recorded.bytes_written();
    run.pass(3_600_000).await;
    assert_eq!(run.wakes.load(Ordering::SeqCst) - wakes, 12, "one wake-up a heartbeat");
    assert!(run.frames().len() - frames <= 12);
    assert_eq!(run.recorded.bytes_written() - written, 0, "bytes to the terminal although nothing looks different");
}

#[tokio::test(flavor = "local", start_paused = true)]
async fn while_it_waits_for_the_first_answer_it_never_wakes() {
    let mut run = Run::of(Story::new(100, 24).state);
    run.settle().await;
    run.shows("Connecting to https://api.minchat.io");
    let wakes = run.wakes.load(Ordering::SeqCst);
    run.pass(3_600_000).await;
    assert_eq!(run.wakes.load(Ordering::SeqCst), wakes);
    assert_eq!(run.frames().len(), 1);
}

#[tokio::test(flavor = "local", start_paused = true)]
async fn while_offline_the_seconds_are_counted_down() {
    let mut run = Run::chat().await;
    run.pass(1_000).await;
    let reason = SafeText::line("The cable is out.");
    run.says(ServerEvent::Connection(ConnectionStatus::Offline { retry_in: 4_300, reason })).await;
    let frames = run.frames().len();
    run.pass(10_000).await;
    // What is left is rounded up: "5 s" stands for 300 ms, each of the others for a second.
    for (seconds, from, to) in
        [(5, 1_000, 1_300), (4, 1_300, 2_300), (3, 2_300, 3_300), (2, 3_300, 4_300), (1, 4_300, 5_300)]
    {
        assert_eq!(run.stood(&format!("Reconnecting in {seconds} s")), (Some(from), Some(to)), "{}", run.screen());
    }
    assert_eq!(run.frames().len() - frames, 5, "one frame a second and no more");
    run.shows("The cable is out.");
}

#[tokio::test(flavor = "local", start_paused = true)]
async fn after_a_reconnect_everything_is_joined_and_fetched_again() {
    let mut run = Run::chat().await;
    let reason = SafeText::line("The cable is out.");
    run.says(ServerEvent::Connection(ConnectionStatus::Offline { retry_in: 1_000, reason })).await;
    run.pass(1_000).await;
    run.says(ServerEvent::Connection(ConnectionStatus::Connecting)).await;
    run.pass(20).await;
    run.shows("Connecting");
    run.asked();
    run.says(ServerEvent::Connection(ConnectionStatus::Online)).await;
    run.pass(20).await;
    run.shows("● Online");
    let requests = run.requests();
    for wanted in [
        Request::Join { room: room_id("r1") },
        Request::History { room: room_id("r1"), page: 1, before: None },
        Request::Rooms { page: 1 },
        Request::Heartbeat { room: room_id("r1") },
    ] {
        assert!(requests.contains(&wanted), "no {wanted:?} among {requests:?}");
    }
}

#[tokio::test(flavor = "local", start_paused = true)]
async fn a_send_for_which_there_is_no_room_waits_and_goes_out_by_itself() {
    let mut run = Run::chat().await;
    run.server.full.store(true, Ordering::SeqCst);
    for c in "hello".chars() {
        run.key(Code::Char(c)).await;
    }
    run.key(Code::Enter).await;
    run.pass(20).await;
    run.shows("It waits, and is tried again by itself: Too much is under way at once");
    run.lacks("✗");
    run.server.full.store(false, Ordering::SeqCst);
    run.asked();
    run.pass(1_100).await;
    assert!(
        run.requests().iter().any(|request| matches!(request, Request::Send { content, .. } if *content == minchat_tui::domain::Content::text("hello")))
    );
}

/// What was to be tried again in a second, or kept on disk in a third of one, was due a day later.
#[tokio::test(flavor = "local", start_paused = true)]
async fn a_clock_that_is_set_back_delays_nothing() {
    let mut run = Run::chat().await;
    run.server.full.store(true, Ordering::SeqCst);
    run.key(Code::Char('x')).await;
    run.key(Code::Enter).await;
    run.pass(300).await;
    run.back.store(86_400_000, Ordering::SeqCst);
    run.server.full.store(false, Ordering::SeqCst);
    run.pass(2_100).await;
    assert!(run.requests().iter().any(|request| matches!(request, Request::Send { .. })), "{}", run.screen());
    let wakes = run.wakes.load(Ordering::SeqCst);
    run.pass(10_000).await;
    assert!(run.wakes.load(Ordering::SeqCst) - wakes < 10, "it wakes for nothing");
}

#[tokio::test(flavor = "local", start_paused = true)]
async fn news_elsewhere_moves_its_room_up_at_once() {
    let mut run = Run::chat().await;
    let info = room("r2", "Kitchen", &["alice", "bob"], message("k1", "bob", "Tea?", 10));
    run.says(ServerEvent::RoomChanged(Box::new(info))).await;
    run.says(ServerEvent::Message(in_room("r2", message("k2", "bob", "Anybody?", 20)))).await;
    run.pass(20).await;
    run.shows("Bob Brown: Anybody?");
}

#[tokio::test(flavor = "local", start_paused = true)]
async fn the_end_of_the_terminal_ends_the_loop() {
    let run = Run::chat().await;
    let Run { inputs, task, .. } = run;
    drop(inputs);
    assert!(task.await.unwrap().is_ok());
}
