//! Behaviour of the people on V Chat, without a clock.

use fastrand::Rng;

use super::calls::{CALL_TIME, RING_TIME};
use super::*;
use crate::server::demo::{Event, Roster, Script};

/// A scheduler with a guest who has just connected. The person `mara` has the id `id-mara`, and the room `lounge` the
/// id `room-lounge`.
fn with_guest(seed: u64) -> VChatScheduler {
    let script = Script::load().unwrap();
    let mut roster = Roster::default();
    for person in &script.people {
        roster.insert(&person.username, format!("id-{}", person.username));
    }
    let rooms = script.rooms.iter().map(|room| (room.key.clone(), format!("room-{}", room.key))).collect();
    let mut scheduler = Scheduler::new(script, &roster, rooms, Rng::with_seed(seed), VChatDemo::default());
    scheduler.on_event(Timestamp(0), Event::Connected("guest".to_owned()));
    scheduler
}

/// Lets the guest send a message in the room `r`.
fn send(scheduler: &mut VChatScheduler, now: Timestamp, text: &str, members: &[&str]) {
    let members = members.iter().map(|&member| member.to_owned()).collect();
    let (room, message, author) = ("r".to_owned(), "m".to_owned(), "guest".to_owned());
    let message = IncomingMessage { room, message, author, text: text.to_owned(), members };
    scheduler.on_event(now, Event::Message(message));
}

/// All actions up to `to`.
fn run(scheduler: &mut VChatScheduler, to: Timestamp) -> Vec<Action<VChatDemo>> {
    let mut actions = Vec::new();
    while let Some(at) = scheduler.next_time().filter(|at| *at <= to) {
        while let Some(action) = scheduler.pop_due(at) {
            actions.push(action);
        }
    }
    actions
}

/// Actions within half a minute after a message to `id-tobi`.
fn actions_after(text: &str) -> Vec<Action<VChatDemo>> {
    let mut scheduler = with_guest(1);
    send(&mut scheduler, Timestamp(0), text, &["id-tobi"]);
    run(&mut scheduler, Timestamp(30 * SECOND))
}

fn has_service_action(actions: &[Action<VChatDemo>], is: impl Fn(&VChatAction) -> bool) -> bool {
    actions.iter().any(|action| matches!(action, Action::Service(action) if is(action)))
}

#[test]
fn nothing_is_planned_without_a_guest() {
    let mut scheduler = with_guest(1);
    assert!(scheduler.next_time().is_some());
    assert!(scheduler.on_event(Timestamp(1), Event::Disconnected("guest".to_owned())));
    assert_eq!(scheduler.next_time(), None);
    send(&mut scheduler, Timestamp(2), "hello", &["id-mara"]);
    assert_eq!(scheduler.next_time(), None);
}

#[test]
fn message_is_delivered_seen_and_answered_in_this_order() {
    for seed in 0..30 {
        let mut scheduler = with_guest(seed);
        send(&mut scheduler, Timestamp(0), "anybody here?", &["id-mara"]);
        let actions = run(&mut scheduler, Timestamp(7 * SECOND));
        let at = |is: fn(&Action<VChatDemo>) -> bool| actions.iter().position(is).unwrap();
        let delivered =
            at(|action| matches!(action, Action::Service(VChatAction::MarkDelivered { room, .. }) if room == "r"));
        let seen = at(|action| matches!(action, Action::Service(VChatAction::MarkSeen { room, .. }) if room == "r"));
        let typing = at(|action| matches!(action, Action::Typing { room, started: true, .. } if room == "r"));
        let stopped = at(|action| matches!(action, Action::Typing { room, started: false, .. } if room == "r"));
        let sent = at(|action| matches!(action, Action::Send { room, .. } if room == "r"));
        assert!([delivered, seen, typing, stopped, sent].is_sorted(), "seed {seed}");
    }
}

#[test]
fn commands_are_carried_out() {
    let is_ban = |wanted: bool| {
        move |action: &Action<VChatDemo>| match action {
            Action::Service(VChatAction::Ban { banned, .. }) => *banned == wanted,
            _ => false,
        }
    };
    let actions = actions_after("block");
    let (banned, lifted) = (actions.iter().position(is_ban(true)), actions.iter().position(is_ban(false)));
    assert!(banned.unwrap() < lifted.unwrap());
    let calls = |wanted: bool| move |action: &VChatAction| matches!(action, VChatAction::Call { video, .. } if *video == wanted);
    assert!(has_service_action(&actions_after("Video"), calls(true)));
    assert!(has_service_action(&actions_after("call!"), calls(false)));
    let records =
        |action: &VChatAction| matches!(action, VChatAction::Recording { room, started: true, .. } if room == "r");
    assert!(has_service_action(&actions_after("record"), records));
    let removes =
        |action: &VChatAction| matches!(action, VChatAction::RemoveMember { room, .. } if room == "room-release");
    assert!(has_service_action(&actions_after("kick"), removes));
    let is_deleted = |action: &Action<_>| matches!(action, Action::Send { follow_up: Some(FollowUp::Delete), .. });
    assert!(actions_after("oops").iter().any(is_deleted));
}

#[test]
fn commands_send_every_kind_of_message() {
    let sent = |text: &str| -> Vec<Outgoing> {
        let sent = actions_after(text).into_iter().filter_map(|action| match action {
            Action::Send { room, content, .. } if room == "r" => Some(content),
            _ => None,
        });
        sent.collect()
    };
    for (command, kind) in [
        ("photo", "image"),
        ("film", "video"),
        ("file", "file"),
        ("place", "location"),
        ("custom", "custom"),
        ("record", "voice"),
    ] {
        assert!(sent(command).iter().any(|message| message.message.kind == kind), "{command}");
    }
    let relation = |text: &str| sent(text).remove(0).relation;
    assert_eq!(relation("reply"), Some(Relation::ReplyTo("m".to_owned())));
    assert_eq!(relation("forward"), Some(Relation::ForwardOf("m".to_owned())));
}

/// The actions within 20 seconds after the guest calls a person.
fn actions_after_call(person: &str) -> Vec<Action<VChatDemo>> {
    let mut scheduler = with_guest(1);
    let (call, room, caller) = ("c".to_owned(), "r".to_owned(), "guest".to_owned());
    let ringing = CallEvent::Ringing { call, room, caller, callee: person.to_owned(), video: true };
    scheduler.on_event(Timestamp(0), Event::Service(ringing));
    run(&mut scheduler, Timestamp(20 * SECOND))
}

#[test]
fn calls_are_accepted_declined_or_ignored() {
    let accepts = |action: &VChatAction| matches!(action, VChatAction::AcceptCall { .. });
    let ends = |action: &VChatAction| matches!(action, VChatAction::EndCall { .. });
    assert!(has_service_action(&actions_after_call("id-tobi"), accepts));
    assert!(has_service_action(&actions_after_call("id-oskar"), ends));
    let ignored = actions_after_call("id-pip");
    assert!(!has_service_action(&ignored, accepts) && !has_service_action(&ignored, ends));
}

/// A scheduler in which `id-tobi` calls the guest.
fn with_call_from_tobi() -> VChatScheduler {
    let mut scheduler = with_guest(1);
    let (call, room) = ("c".to_owned(), "r".to_owned());
    let (caller, callee) = ("id-tobi".to_owned(), "guest".to_owned());
    let ringing = CallEvent::Ringing { call, room, caller, callee, video: false };
    scheduler.on_event(Timestamp(0), Event::Service(ringing));
    scheduler
}

/// Number of calls that people end up to `to`.
fn ended_calls(scheduler: &mut VChatScheduler, to: i64) -> usize {
    let actions = run(scheduler, Timestamp(to));
    actions.iter().filter(|action| matches!(action, Action::Service(VChatAction::EndCall { .. }))).count()
}

#[test]
fn unanswered_call_is_cancelled_by_the_caller() {
    assert_eq!(ended_calls(&mut with_call_from_tobi(), RING_TIME), 1);
}

#[test]
fn accepted_call_ends_after_a_while() {
    let mut scheduler = with_call_from_tobi();
    scheduler.on_event(Timestamp(SECOND), Event::Service(CallEvent::Accepted("c".to_owned())));
    assert_eq!(ended_calls(&mut scheduler, RING_TIME), 0);
    assert_eq!(ended_calls(&mut scheduler, SECOND + CALL_TIME), 1);
}

#[test]
fn call_that_has_ended_is_not_ended_again() {
    let mut scheduler = with_call_from_tobi();
    scheduler.on_event(Timestamp(SECOND), Event::Service(CallEvent::Ended("c".to_owned())));
    assert_eq!(ended_calls(&mut scheduler, 60 * SECOND), 0);
}

#[test]
fn hang_up_command_ends_the_call() {
    let mut scheduler = with_call_from_tobi();
    send(&mut scheduler, Timestamp(SECOND), "hang up", &["id-tobi"]);
    assert_eq!(ended_calls(&mut scheduler, 2 * SECOND), 1);
}

#[test]
fn people_talk_and_record_within_half_an_hour() {
    let actions = run(&mut with_guest(2), Timestamp(30 * 60 * SECOND));
    assert!(actions.iter().any(|action| matches!(action, Action::Connect(_))));
    assert!(has_service_action(&actions, |action| matches!(action, VChatAction::Recording { started: true, .. })));
    let is_text =
        |action: &Action<VChatDemo>| matches!(action, Action::Send { content, .. } if content.message.kind == "text");
    assert!(actions.iter().any(is_text));
}
