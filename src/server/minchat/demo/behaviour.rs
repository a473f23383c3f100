//! Behaviour of the scripted people that only MinChat has: corrected typos, messages in the wrong room, heartbeats,
//! seen marks and the events of AI agents.

use std::convert::Infallible;
use std::ops::Range;

use crate::domain::{SECOND, Timestamp};
use crate::server::demo::{Action, DemoService, Id, IncomingMessage, Scheduler, Sent, Topic};

/// Milliseconds between the heartbeats of a person.
const HEARTBEAT_INTERVAL: i64 = 60 * SECOND;
/// Percentage of topics that begin with a message meant for another room.
const MISDIRECTED_PERCENT: u32 = 12;
/// Milliseconds until a guest's message is seen.
const SEEN_DELAY: Range<i64> = 150..350;
/// Milliseconds between a guest's message and the start of the answer.
const ANSWER_DELAY: Range<i64> = 300..550;
/// Milliseconds between a message with a typo and its correction.
const CORRECTION_DELAY: Range<i64> = 2000..4500;
/// Milliseconds between a misdirected message and its deletion.
const DELETION_DELAY: Range<i64> = 3000..6000;
/// Milliseconds for which a misdirected message is typed.
const MISDIRECTED_TYPING: i64 = 1200;
/// Milliseconds between a misdirected message and the topic.
const MISDIRECTED_PAUSE: i64 = 3000;
/// Milliseconds between an answer of an AI agent and its event.
const AGENT_EVENT_DELAY: i64 = 700;

/// MinChat's part of the demo. It has no state of its own.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct MinChatDemo;

/// Actions that only MinChat has.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum MinChatAction {
    /// A person reports that they are still online.
    Heartbeat(Id),
    /// A person edits their message.
    Edit { message: Id, text: String },
    /// A person deletes their message.
    Delete { message: Id },
    /// A person sees a message.
    MarkSeen { person: Id, message: Id },
    /// An AI agent emits an event.
    AgentEvent { person: Id, chat: Id, event: String },
}

/// Reaction of a person to a message of their own once it is sent.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum FollowUp {
    /// Edits it to this text.
    Correct(String),
    /// Deletes it.
    Delete,
}

impl DemoService for MinChatDemo {
    type Content = String;
    type Action = MinChatAction;
    type FollowUp = FollowUp;
    type Event = Infallible;

    fn compose(scheduler: &mut Scheduler<Self>, person: usize, text: String) -> (String, Option<FollowUp>) {
        match scheduler.responder.with_typo(person, &text) {
            Some(typo) => (typo, Some(FollowUp::Correct(text))),
            None => (text, None),
        }
    }

    fn on_message(scheduler: &mut Scheduler<Self>, now: Timestamp, message: &IncomingMessage, present: &[usize]) {
        let Some(first) = scheduler.responder.choose(&message.text, present) else { return };
        let seen = now + scheduler.delay(SEEN_DELAY);
        let person = scheduler.id(first);
        scheduler.plan_service(seen, MinChatAction::MarkSeen { person, message: message.message.clone() });
        let starts = now + scheduler.delay(ANSWER_DELAY);
        scheduler.plan_answers(starts, first, message, present, |_| {});
    }

    fn plan_topic(scheduler: &mut Scheduler<Self>, now: Timestamp, topic: &Topic) {
        let mut at = now;
        if scheduler.chance(MISDIRECTED_PERCENT) {
            at = plan_misdirected(scheduler, at, topic).unwrap_or(at);
        }
        for (person, text) in &topic.lines {
            at = scheduler.plan_topic_line(at, *person, &topic.room, text);
        }
    }

    fn on_sent(scheduler: &mut Scheduler<Self>, now: Timestamp, sent: Sent, follow_up: FollowUp) {
        let message = sent.message;
        match follow_up {
            FollowUp::Correct(text) => {
                let at = now + scheduler.delay(CORRECTION_DELAY);
                scheduler.plan_service(at, MinChatAction::Edit { message, text });
            }
            FollowUp::Delete => {
                let at = now + scheduler.delay(DELETION_DELAY);
                scheduler.plan_service(at, MinChatAction::Delete { message });
            }
        }
    }

    fn on_event(_: &mut Scheduler<Self>, _: Timestamp, event: Infallible) {
        match event {}
    }

    fn on_due(scheduler: &mut Scheduler<Self>, now: Timestamp, action: &Action<Self>) {
        if let Action::Connect(person) | Action::Service(MinChatAction::Heartbeat(person)) = action {
            scheduler.plan_service(now + HEARTBEAT_INTERVAL, MinChatAction::Heartbeat(person.clone()));
        }
    }

    fn on_answer_event(scheduler: &mut Scheduler<Self>, at: Timestamp, person: usize, room: &Id, event: String) {
        let (person, chat) = (scheduler.id(person), room.clone());
        scheduler.plan_service(at + AGENT_EVENT_DELAY, MinChatAction::AgentEvent { person, chat, event });
    }
}

/// Plans a message meant for another room, which the person who starts the topic sends and deletes. Returns when the
/// topic may start.
fn plan_misdirected(scheduler: &mut Scheduler<MinChatDemo>, starts: Timestamp, topic: &Topic) -> Option<Timestamp> {
    let (person, _) = topic.lines.first()?;
    let messages = &scheduler.responder.script.misdirected;
    let text = messages.get(scheduler.responder.rng.usize(..messages.len().max(1)))?.clone();
    let sent = starts + MISDIRECTED_TYPING;
    scheduler.plan_typed(starts, sent, *person, &topic.room, text, Some(FollowUp::Delete));
    Some(sent + MISDIRECTED_PAUSE)
}

#[cfg(test)]
#[path = "behaviour_tests.rs"]
mod tests;
