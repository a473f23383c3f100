//! Behaviour of the scripted people that only V Chat has: receipts, replies, voice messages and [`BotCommand`]s.

use std::ops::Range;

use crate::domain::{SECOND, Timestamp};
use crate::server::demo::{Action, DemoService, IncomingMessage, Scheduler, Sent, Topic};
use crate::server::vchat::effect::CallEvent;

use super::actions::{FollowUp, VChatAction, VChatDemo, VChatScheduler};
use super::attachments::{Outgoing, Relation};
use super::bot_commands::{BotCommand, plan_recording};
use super::calls;

/// Percentage of topic lines that are recorded instead of typed.
const VOICE_PERCENT: u32 = 8;
/// Milliseconds until a guest's message is delivered.
const DELIVERY_DELAY: Range<i64> = 60..180;
/// Milliseconds until a guest's message is seen.
const SEEN_DELAY: Range<i64> = 250..450;
/// Milliseconds between a guest's message and the start of the answer.
const ANSWER_DELAY: Range<i64> = 500..750;
/// Milliseconds that a recorded line of a topic takes, including the pause after it.
const VOICE_LINE: i64 = 5 * SECOND;
/// Milliseconds between a message and its deletion.
const DELETION_DELAY: i64 = 3 * SECOND;

impl DemoService for VChatDemo {
    type Content = Outgoing;
    type Action = VChatAction;
    type FollowUp = FollowUp;
    type Event = CallEvent;

    fn compose(_: &mut VChatScheduler, _: usize, text: String) -> (Outgoing, Option<FollowUp>) {
        (Outgoing::text(&text), None)
    }

    fn on_message(scheduler: &mut VChatScheduler, now: Timestamp, message: &IncomingMessage, present: &[usize]) {
        for person in present {
            let (person, room) = (scheduler.id(*person), message.room.clone());
            let delivered = now + scheduler.delay(DELIVERY_DELAY);
            let seen = now + scheduler.delay(SEEN_DELAY);
            // A message brings people online who have not arrived yet.
            scheduler.plan(now, Action::Connect(person.clone()));
            let (reader, place) = (person.clone(), room.clone());
            scheduler.plan_service(delivered, VChatAction::MarkDelivered { person: reader, room: place });
            scheduler.plan_service(seen, VChatAction::MarkSeen { person, room });
        }
        if let ([person], Some(command)) = (present, BotCommand::parse(&message.text)) {
            command.plan(scheduler, now, *person, message);
            return;
        }
        let Some(first) = scheduler.responder.choose(&message.text, present) else { return };
        let starts = now + scheduler.delay(ANSWER_DELAY);
        let is_reply = present.len() > 1 && scheduler.responder.rng.bool();
        let relation = is_reply.then(|| Relation::ReplyTo(message.message.clone()));
        scheduler.plan_answers(starts, first, message, present, |answer| answer.relation = relation);
    }

    fn plan_topic(scheduler: &mut VChatScheduler, now: Timestamp, topic: &Topic) {
        let mut at = now;
        for (person, text) in &topic.lines {
            at = if scheduler.chance(VOICE_PERCENT) {
                plan_recording(scheduler, at, *person, &topic.room);
                at + VOICE_LINE
            } else {
                scheduler.plan_topic_line(at, *person, &topic.room, text)
            };
        }
    }

    fn on_sent(scheduler: &mut VChatScheduler, now: Timestamp, sent: Sent, follow_up: FollowUp) {
        let Sent { person, room, message } = sent;
        match follow_up {
            FollowUp::Delete => {
                scheduler.plan_service(now + DELETION_DELAY, VChatAction::Delete { person, room, message });
            }
        }
    }

    fn on_event(scheduler: &mut Scheduler<Self>, now: Timestamp, event: CallEvent) {
        calls::on_event(scheduler, now, event);
    }

    fn reset(&mut self) {
        self.calls.clear();
    }
}

#[cfg(test)]
#[path = "behaviour_tests.rs"]
mod tests;
