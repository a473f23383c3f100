//! Behaviour of the people on MinChat, without a clock.

use std::collections::{BTreeSet, HashMap};

use fastrand::Rng;

use super::*;
use crate::server::demo::{Event, Roster, Script};

type MinChatScheduler = Scheduler<MinChatDemo>;
type MinChatEvent = Event<Infallible>;

/// A scheduler in which the person `mara` has the id `id-mara`, and the room `lounge` the id `room-lounge`.
fn scheduler(seed: u64) -> MinChatScheduler {
    let script = Script::load().unwrap();
    let mut roster = Roster::default();
    for person in &script.people {
        roster.insert(&person.username, format!("id-{}", person.username));
    }
    let rooms: HashMap<String, Id> =
        script.rooms.iter().map(|room| (room.key.clone(), format!("room-{}", room.key))).collect();
    Scheduler::new(script, &roster, rooms, Rng::with_seed(seed), MinChatDemo)
}

/// The same, with a guest who has just connected.
fn with_guest(seed: u64) -> MinChatScheduler {
    let mut scheduler = scheduler(seed);
    scheduler.on_event(Timestamp(0), Event::Connected("guest".to_owned()));
    scheduler
}

/// A message of the guest in the room `c`.
fn message(text: &str, members: &[&str]) -> MinChatEvent {
    let members = members.iter().map(|&member| member.to_owned()).collect();
    let (room, message, author) = ("c".to_owned(), "m".to_owned(), "guest".to_owned());
    Event::Message(IncomingMessage { room, message, author, text: text.to_owned(), members })
}

/// All actions up to `to`, with their times. Every message that is sent gets the id `sent`.
fn run(scheduler: &mut MinChatScheduler, to: Timestamp) -> Vec<(Timestamp, Action<MinChatDemo>)> {
    let mut actions = Vec::new();
    while let Some(at) = scheduler.next_time().filter(|at| *at <= to) {
        while let Some(action) = scheduler.pop_due(at) {
            if let Action::Send { person, room, follow_up: Some(follow_up), .. } = action.clone() {
                scheduler.on_sent(at, Sent { person, room, message: "sent".to_owned() }, follow_up);
            }
            actions.push((at, action));
        }
    }
    actions
}

#[test]
fn nothing_is_planned_without_a_guest() {
    let mut scheduler = scheduler(1);
    assert_eq!(scheduler.next_time(), None);
    scheduler.on_event(Timestamp(0), message("hello", &["id-mara", "guest"]));
    assert_eq!(scheduler.next_time(), None);
    scheduler.on_event(Timestamp(0), Event::Connected("guest".to_owned()));
    assert!(scheduler.next_time().is_some());
    assert!(scheduler.on_event(Timestamp(1), Event::Disconnected("guest".to_owned())));
    assert_eq!(scheduler.next_time(), None);
}

#[test]
fn scripted_person_is_not_a_guest() {
    let mut scheduler = scheduler(1);
    scheduler.on_event(Timestamp(0), Event::Connected("id-mara".to_owned()));
    assert_eq!(scheduler.next_time(), None);
}

#[test]
fn people_arrive_and_type_within_five_seconds() {
    for seed in 0..50 {
        let actions = run(&mut with_guest(seed), Timestamp(5 * SECOND));
        assert!(actions.iter().any(|(_, action)| matches!(action, Action::Connect(_))));
        assert!(
            actions.iter().any(|(_, action)| matches!(action, Action::Typing { started: true, .. })),
            "seed {seed}"
        );
    }
}

#[test]
fn message_is_seen_and_answered_within_600_ms() {
    for seed in 0..50 {
        let mut scheduler = with_guest(seed);
        run(&mut scheduler, Timestamp(1000));
        scheduler.on_event(Timestamp(1000), message("anybody here?", &["guest", "id-mara"]));
        let actions = run(&mut scheduler, Timestamp(1600));
        let is_seen = |action: &Action<_>| matches!(action, Action::Service(MinChatAction::MarkSeen { .. }));
        assert!(actions.iter().any(|(_, action)| is_seen(action)), "seed {seed}");
        let is_typing =
            |action: &Action<MinChatDemo>| matches!(action, Action::Typing { room, started: true, .. } if room == "c");
        assert!(actions.iter().any(|(_, action)| is_typing(action)), "seed {seed}");
        let actions = run(&mut scheduler, Timestamp(7000));
        let is_answer = |action: &Action<MinChatDemo>| match action {
            Action::Send { person, room, .. } => room == "c" && person == "id-mara",
            _ => false,
        };
        assert!(actions.iter().any(|(_, action)| is_answer(action)), "seed {seed}");
    }
}

#[test]
fn person_who_is_named_answers() {
    for seed in 0..20 {
        let mut scheduler = with_guest(seed);
        let members = ["guest", "id-mara", "id-tobi", "id-yuki"];
        scheduler.on_event(Timestamp(0), message("Yuki, what do you think?", &members));
        let actions = run(&mut scheduler, Timestamp(600));
        let typing = actions.iter().find_map(|(_, action)| match action {
            Action::Typing { person, room, .. } if room == "c" => Some(person.clone()),
            _ => None,
        });
        assert_eq!(typing.as_deref(), Some("id-yuki"));
    }
}

#[test]
fn nobody_answers_two_messages_at_once() {
    let mut scheduler = with_guest(1);
    for _ in 0..10 {
        scheduler.on_event(Timestamp(0), message("hello", &["guest", "id-mara"]));
    }
    let actions = run(&mut scheduler, Timestamp(8 * SECOND));
    let answers = actions.iter().filter(|(_, action)| matches!(action, Action::Send { room, .. } if room == "c"));
    assert_eq!(answers.count(), 1);
}

#[test]
fn typing_stops_before_the_message_is_sent() {
    let mut scheduler = with_guest(3);
    let actions = run(&mut scheduler, Timestamp(300 * SECOND));
    let sent = actions.iter().position(|(_, action)| matches!(action, Action::Send { .. })).unwrap();
    assert!(matches!(actions[sent - 1].1, Action::Typing { started: false, .. }), "{:?}", actions[sent - 1]);
}

#[test]
fn every_kind_of_action_happens_within_half_an_hour() {
    let mut scheduler = with_guest(2);
    let mut actions = Vec::new();
    for minute in 0..30 {
        let question = message("a human please", &["guest", "id-pip", "id-tobi"]);
        scheduler.on_event(Timestamp(minute * 60 * SECOND), question);
        actions.extend(run(&mut scheduler, Timestamp((minute + 1) * 60 * SECOND - 1)));
    }
    let any = |is: fn(&MinChatAction) -> bool| {
        actions.iter().any(|(_, action)| matches!(action, Action::Service(action) if is(action)))
    };
    assert!(any(|action| matches!(action, MinChatAction::Heartbeat(_))));
    assert!(any(|action| matches!(action, MinChatAction::Edit { .. })));
    assert!(any(|action| matches!(action, MinChatAction::Delete { .. })));
    assert!(any(|action| matches!(action, MinChatAction::AgentEvent { .. })));
    let rooms: BTreeSet<&Id> = (actions.iter())
        .filter_map(|(_, action)| match action {
            Action::Send { room, .. } => Some(room),
            _ => None,
        })
        .collect();
    assert!(rooms.len() >= 4, "{rooms:?}");
}

#[test]
fn same_seed_gives_the_same_actions() {
    let actions = |seed| run(&mut with_guest(seed), Timestamp(120 * SECOND));
    assert_eq!(actions(5), actions(5));
    assert_ne!(actions(5), actions(6));
}
