//! Calls: incoming, outgoing, accepted, declined and ended.

use minchat_tui::app::{Effect, Event, Size};
use minchat_tui::domain::{CallAccess, CallEnd, CallId, ConnectionStatus, HOUR, MINUTE, Request, SECOND, ServerEvent};
use minchat_tui::text::SafeText;

use test_support::story::vchat::*;
use test_support::story::*;

fn id(call: &str) -> CallId {
    CallId::new(call)
}

fn ended(room: &str, how: CallEnd) -> ServerEvent {
    ServerEvent::CallEnded { call: Some(id("c1")), room: room_id(room), reason: how }
}

#[test]
fn call_rings_in_every_room_and_is_accepted_with_a_key() {
    let mut story = vchat_story(100, 24);
    story.server(incoming_call("c1", "r3", "bob", true));
    let banner = "Incoming video call from Bob Brown · Alt+Y accept · Alt+N decline";
    assert!(story.screen().lines().next().is_some_and(|row| row.contains(banner)), "{}", story.screen());
    story.keys("alt+down").shows(banner).keys("ctrl+b").shows(banner).keys("esc f1").shows(banner);
    story.effects.clear();
    story.keys("alt+y");
    assert_eq!(take_requests(&mut story), [Request::AcceptCall { call: id("c1") }]);
    story.shows("Joining the video call with Bob Brown…").shows("Keys and commands");
    story.keys("esc").server(ServerEvent::Done(Request::AcceptCall { call: id("c1") }));
    story.shows("In a video call with Bob Brown since 18:00 · Alt+H hang up").shows("A terminal has no sound or video");
    story.wait(192 * SECOND).keys("alt+h");
    assert_eq!(take_requests(&mut story), [Request::EndCall { call: id("c1") }]);
    story.lacks("In a video call").server(ended("r3", CallEnd::Finished)).lacks("has ended");
}

#[test]
fn call_program_is_started_without_a_shell() {
    let mut story = vchat_story(100, 24);
    let command = ["meet", "--room={room}", "{call}", "{name}", "{url}", "{video}", "{}"];
    story.state.account_mut().profile.call_command = command.map(str::to_owned).to_vec();
    story.server(incoming_call("c1", "r3", "bob", false)).keys("alt+y");
    assert!(!story.effects.iter().any(|effect| matches!(effect, Effect::Spawn(..))), "not before the server confirms");
    story.effects.clear();
    story.server(ServerEvent::Done(Request::AcceptCall { call: id("c1") }));
    let argv = ["meet", "--room=r3", "c1", "Bob Brown", "https://api.minchat.io", "false", "{}"];
    assert_eq!(story.effects, [Effect::Spawn(argv.map(str::to_owned).to_vec(), None)]);
    story.server(ServerEvent::Done(Request::AcceptCall { call: id("c1") }));
    assert_eq!(story.effects.len(), 1, "once");
}

#[test]
fn call_program_gets_the_token_apart_from_its_arguments() {
    let access = || CallAccess { channel: "ch".into(), token: "-secret".into() };
    let answer = || ServerEvent::CallAccess { room: room_id("r3"), access: access() };
    let mut story = vchat_story(100, 24);
    story.state.account_mut().profile.call_command = ["meet", "{channel}", "{call}"].map(str::to_owned).to_vec();
    story.server(incoming_call("c1", "r3", "bob", false)).keys("alt+y").effects.clear();
    story.server(ServerEvent::Done(Request::AcceptCall { call: id("c1") }));
    assert_eq!(take_requests(&mut story), [Request::CallAccess { room: room_id("r3") }]);
    story.server(answer()).lacks("secret");
    let argv = ["meet", "ch", "c1"];
    assert_eq!(story.effects, [Effect::Spawn(argv.map(str::to_owned).to_vec(), Some(access()))]);
    story.keys("alt+h").effects.clear();
    story.server(answer());
    assert_eq!(story.effects, [], "the call is over");
}

#[test]
fn declining_or_the_caller_ends_the_ringing() {
    let mut story = vchat_story(100, 24);
    story.server(incoming_call("c1", "r1", "alice", false)).keys("alt+n");
    assert_eq!(take_requests(&mut story), [Request::DeclineCall { call: id("c1") }]);
    story.lacks("Incoming").shows("You declined the voice call from Alice Archer.");
    story.server(ServerEvent::Failed {
        request: Request::DeclineCall { call: id("c1") },
        failure: Failure::Refused,
        reason: SafeText::line("This call is gone."),
    });
    story.lacks("This call is gone.");
    story.server(incoming_call("c1", "r1", "alice", false)).server(ended("r1", CallEnd::Canceled));
    story.lacks("Incoming").wait(20 * SECOND).shows("Alice Archer canceled the call");
    story.keys("alt+y");
    assert_eq!(take_requests(&mut story), [], "the key has another meaning without a call");
    story.server(ended("r1", CallEnd::Canceled)).server(ended("r9", CallEnd::TimedOut));
    assert_eq!(story.pane().matches("canceled the call").count(), 1, "{}", story.screen());
}

/// The note had no time, and stood on the day of the message above it.
#[test]
fn note_of_a_canceled_call_is_on_its_day() {
    let days = |story: &Story| story.pane().lines().filter(|row| row.contains("── ")).count();
    let mut story = vchat_story(100, 24);
    let before = days(&story);
    story.wait(7 * HOUR).server(incoming_call("c1", "r1", "alice", false)).server(ended("r1", CallEnd::Canceled));
    let pane = story.pane();
    let at = pane.lines().position(|row| row.contains("Alice Archer canceled the call")).expect("the note");
    let rows: Vec<&str> = pane.lines().collect();
    assert!(rows[at].contains("01:00"), "{pane}");
    assert!(rows[at - 1].contains("── "), "{pane}");
    let later = sent_message("m9", "alice", "Wrong button", 7 * HOUR + MINUTE);
    story.server(ServerEvent::Message(later)).shows("Wrong button");
    assert_eq!(days(&story), before + 1, "the day is shown once\n{}", story.pane());
}

/// The service posts a message about these ends, so the client adds no note of its own.
#[test]
fn end_of_a_call_is_not_reported_twice() {
    for how in [CallEnd::Declined, CallEnd::TimedOut, CallEnd::Finished] {
        let mut story = vchat_story(100, 24);
        story.server(incoming_call("c1", "r1", "alice", false)).server(ended("r1", how));
        assert_eq!(story.state.scene().open_room().expect("a room").notes, [], "{how:?}");
        assert!(story.state.terminal.notice.is_some(), "{how:?}");
    }
}

#[test]
fn outgoing_call_is_answered() {
    let mut story = vchat_story(100, 24);
    story.types("/call").keys("enter");
    assert_eq!(take_requests(&mut story), [Request::StartCall { room: room_id("r1"), video: false }]);
    story.shows("Calling Alice Archer (voice)… · Alt+H hang up");
    story.server(ServerEvent::CallStarted { call: id("c1"), room: room_id("r1"), video: false });
    story.types("/video").keys("enter").shows("There is already a call with Alice Archer");
    story.server(ServerEvent::CallAccepted { call: Some(id("c1")), room: room_id("r1") });
    story.shows("In a voice call with Alice Archer since 18:00").wait(192 * SECOND);
    story.server(ended("r1", CallEnd::Finished)).shows("The voice call with Alice Archer ended after 3:12.");
    story.lacks("since 18:00");
}

/// A new call right after another one was ended by the end of the earlier call.
#[test]
fn end_of_an_earlier_call_does_not_end_a_new_one() {
    let mut story = vchat_story(100, 24);
    story.server(incoming_call("c1", "r1", "alice", false)).keys("alt+y");
    story.server(ServerEvent::Done(Request::AcceptCall { call: id("c1") })).keys("alt+h");
    story.types("/call").keys("enter").shows("Calling Alice Archer");
    story.server(ended("r1", CallEnd::Finished)).shows("Calling Alice Archer");
    story.server(ServerEvent::CallEnded { call: Some(id("c2")), room: room_id("r1"), reason: CallEnd::Declined });
    story.shows("Alice Archer declined the call.");
}

#[test]
fn answer_before_the_call_id_starts_the_call() {
    for call in [Some(id("c1")), None] {
        let mut story = vchat_story(100, 24);
        story.types("/call").keys("enter").shows("Calling Alice Archer (voice)…");
        story.server(ServerEvent::CallAccepted { call, room: room_id("r1") });
        story.shows("In a voice call with Alice Archer since 18:00");
        story.server(ServerEvent::CallStarted { call: id("c1"), room: room_id("r1"), video: false });
        story.shows("In a voice call with Alice Archer since 18:00").lacks("Calling").keys("alt+h");
        assert!(take_requests(&mut story).contains(&Request::EndCall { call: id("c1") }));
    }
}

#[test]
fn unanswered_call_ends() {
    let mut story = vchat_story(100, 24);
    story.types("/video").keys("enter").shows("Calling Alice Archer (video)…");
    story.server(ServerEvent::CallStarted { call: id("c1"), room: room_id("r1"), video: true });
    story.server(ended("r1", CallEnd::TimedOut)).shows("Alice Archer did not answer.").lacks("Calling");
    story.server(incoming_call("c2", "r1", "alice", false)).wait(74 * SECOND).shows("call from Alice Archer");
    story.wait(SECOND).lacks("call from Alice Archer").shows("The voice call with Alice Archer timed out.");
    story.server(ServerEvent::CallAccepted { call: Some(id("c2")), room: room_id("r1") }).lacks("In a call");
}

#[test]
fn cancelling_before_the_call_id_ends_the_call_later() {
    let mut story = vchat_story(100, 24);
    story.types("/call").keys("enter alt+h").lacks("Calling");
    story.effects.clear();
    story.server(ServerEvent::CallStarted { call: id("c1"), room: room_id("r1"), video: false });
    assert_eq!(take_requests(&mut story), [Request::EndCall { call: id("c1") }]);
    story.lacks("Calling");
}

#[test]
fn refused_call_shows_the_reason() {
    let mut story = vchat_story(100, 24);
    story.types("/call").keys("enter");
    let request = take_requests(&mut story).remove(0);
    story.server(ServerEvent::Failed {
        request,
        failure: Failure::Refused,
        reason: SafeText::line("Alice is in a call."),
    });
    story.shows("Call failed: Alice is in a call.").lacks("Calling");
    story.server(incoming_call("c1", "r1", "alice", false)).keys("alt+y");
    let request = Request::AcceptCall { call: id("c1") };
    story.server(ServerEvent::Failed {
        request,
        failure: Failure::Refused,
        reason: SafeText::line("It no longer rings."),
    });
    story.shows("Could not join the call: It no longer rings.").lacks("Joining");
}

#[test]
fn only_direct_messages_can_call() {
    let mut story = vchat_story(100, 24);
    story.keys("alt+down").types("/call").keys("enter").shows("Calls work only in direct messages.");
    assert!(!take_requests(&mut story).iter().any(|request| matches!(request, Request::StartCall { .. })));
}

#[test]
fn reconnecting_asks_for_active_calls() {
    let mut story = vchat_story(100, 24);
    story.server(incoming_call("c1", "r1", "alice", false));
    story.server(ServerEvent::Connection(ConnectionStatus::Offline {
        retry_in: 4_000,
        reason: SafeText::line("The network is down."),
    }));
    story.effects.clear();
    story.server(ServerEvent::Connection(ConnectionStatus::Online)).lacks("call from Alice Archer");
    assert!(take_requests(&mut story).contains(&Request::ActiveCall));
    story.server(incoming_call("c1", "r1", "alice", false)).shows("call from Alice Archer");
    story.server(ServerEvent::EventsLost);
    assert!(take_requests(&mut story).contains(&Request::ActiveCall));
}

#[test]
fn smallest_screens_can_show_a_call() {
    let mut story = vchat_story(100, 24);
    story.server(incoming_call("c1", "r1", "alice", true));
    for (width, height) in [(40, 12), (20, 5), (10, 4), (3, 3), (1, 1), (200, 1), (1, 60)] {
        story.event(Event::Resize(Size { width, height })).keys("alt+down ctrl+b esc");
    }
    story.event(Event::Resize(Size { width: 60, height: 12 })).shows("Alt+Y accept · Alt+N decline");
    story.event(Event::Resize(Size { width: 45, height: 12 })).shows("Alice Archer calling · Alt+Y yes · Alt+N no");
}

/// Regression test: the other side rang on if the connection was established anew before the id arrived.
#[test]
fn call_canceled_before_a_reconnect_is_ended() {
    let mut story = vchat_story(100, 24);
    story.types("/call").keys("enter alt+h").lacks("Calling");
    let reason = SafeText::line("The network is down.");
    story.server(ServerEvent::Connection(ConnectionStatus::Offline { retry_in: 4_000, reason }));
    story.server(ServerEvent::Connection(ConnectionStatus::Online)).lacks("Calling").effects.clear();
    story.server(ServerEvent::CallStarted { call: id("c1"), room: room_id("r1"), video: false });
    assert_eq!(take_requests(&mut story), [Request::EndCall { call: id("c1") }]);
    story.types("/call").keys("enter").shows("Calling Alice Archer");
}
