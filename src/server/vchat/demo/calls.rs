//! Reactions of the scripted people to calls.

use crate::domain::{SECOND, Timestamp};
use crate::server::demo::{Action, Id};
use crate::server::vchat::effect::CallEvent;

use super::actions::{VChatAction, VChatDemo, VChatScheduler};

/// Username of the person who never answers a call.
const NEVER_ANSWERS: &str = "pip";
/// Username of the person who declines every call.
const DECLINES: &str = "oskar";
/// Time after which a call is accepted.
const ACCEPT_DELAY: i64 = 3 * SECOND;
/// Time after which a call is declined.
const DECLINE_DELAY: i64 = 4 * SECOND;
/// Time after which a person who calls the guest cancels a voice call. Video calls ring until the server ends them.
pub(super) const RING_TIME: i64 = 25 * SECOND;
/// Duration of an accepted call.
pub(super) const CALL_TIME: i64 = 30 * SECOND;

/// Handles a call event.
pub(super) fn on_event(scheduler: &mut VChatScheduler, now: Timestamp, event: CallEvent) {
    match event {
        CallEvent::Ringing { call, room, caller, callee, video } => {
            if scheduler.index(&caller).is_some() {
                on_outgoing(scheduler, now, call, room, caller, video);
            } else {
                on_incoming(scheduler, now, call, room, callee);
            }
        }
        CallEvent::Accepted(call) => {
            let known = scheduler.service.calls.values().find(|(known, _)| *known == call).cloned();
            if let Some((_, person)) = known {
                scheduler.retain(|action| !ends(action, &call));
                scheduler.plan_service(now + CALL_TIME, VChatAction::EndCall { person, call });
            }
        }
        CallEvent::Ended(call) => {
            scheduler.service.calls.retain(|_, (known, _)| *known != call);
            scheduler.retain(|action| !ends(action, &call) && !accepts(action, &call));
        }
    }
}

/// A person calls the guest.
fn on_outgoing(scheduler: &mut VChatScheduler, now: Timestamp, call: Id, room: Id, person: Id, video: bool) {
    note_call(scheduler, now, &call, room, &person);
    if !video {
        scheduler.plan_service(now + RING_TIME, VChatAction::EndCall { person, call });
    }
}

/// The guest calls a person, who accepts, declines or lets it ring.
fn on_incoming(scheduler: &mut VChatScheduler, now: Timestamp, call: Id, room: Id, person: Id) {
    let Some(index) = scheduler.index(&person) else { return };
    note_call(scheduler, now, &call, room, &person);
    match scheduler.responder.script.people[index].username.as_str() {
        NEVER_ANSWERS => {}
        DECLINES => scheduler.plan_service(now + DECLINE_DELAY, VChatAction::EndCall { person, call }),
        _ => scheduler.plan_service(now + ACCEPT_DELAY, VChatAction::AcceptCall { person, call }),
    }
}

fn note_call(scheduler: &mut VChatScheduler, now: Timestamp, call: &Id, room: Id, person: &Id) {
    scheduler.service.calls.insert(room, (call.clone(), person.clone()));
    scheduler.plan(now, Action::Connect(person.clone()));
}

fn ends(action: &Action<VChatDemo>, id: &Id) -> bool {
    matches!(action, Action::Service(VChatAction::EndCall { call, .. }) if call == id)
}

fn accepts(action: &Action<VChatDemo>, id: &Id) -> bool {
    matches!(action, Action::Service(VChatAction::AcceptCall { call, .. }) if call == id)
}
