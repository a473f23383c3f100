//! What the server says of entries.

use crate::app::effect::Effect;
use crate::app::state::State;
use crate::domain::{Failure, LocalId, Message, Request, RoomId, SECOND};
use crate::store::{self, OutboxPayload, OutboxWrite, Write};
use crate::text::SafeText;

use super::steps::{mark, put_back};
use super::{Doubt, Outbox, OutboxEntry, Stage};

/// What was cut off may still be on its way into the server: it is given so long before it is looked for.
pub(super) const SETTLE: i64 = 2 * SECOND;

/// The server has a send.
pub(in crate::app) fn confirmed(state: &mut State, local: LocalId, effects: &mut Vec<Effect>) {
    if state.outbox.remove(local).is_some() {
        effects.push(Effect::Persist(Write::Outbox(OutboxWrite::Remove(local))));
    }
}

/// A page of `room` was taken in: what it confirmed is done.
pub(in crate::app) fn settled_on_page(state: &mut State, room: &RoomId, effects: &mut Vec<Effect>) {
    let Some(known) = state.rooms.get(room) else { return };
    let here = state.outbox.entries.iter().filter(|entry| entry.room == *room);
    let settled: Vec<_> = here.map(|entry| entry.local).filter(|local| known.timeline.is_confirmed(*local)).collect();
    settled.into_iter().for_each(|local| confirmed(state, local, effects));
}

/// A change was carried out.
pub(in crate::app) fn done(state: &mut State, request: &Request, effects: &mut Vec<Effect>) {
    if let Some(local) = under_way(&state.outbox, request) {
        confirmed(state, local, effects);
    }
}

/// A request failed; says whether that has been dealt with, all of it. A change that was refused has not: the entry is
/// done, and whoever calls gives back what was written.
pub(in crate::app) fn failed(
    state: &mut State,
    request: &Request,
    failure: Failure,
    reason: &SafeText,
    effects: &mut Vec<Effect>,
) -> bool {
    let is_send = matches!(request, Request::Send { .. });
    // A send that is not under way was confirmed or discarded meanwhile.
    let Some(local) = under_way(&state.outbox, request) else { return is_send };
    match failure {
        Failure::Refused | Failure::NotFound if is_send => refused(state, local, reason, effects),
        Failure::Refused | Failure::NotFound => {
            let moot = state.outbox.get(local).is_some_and(|entry| entry.attempts > 1 && is_moot(state, entry));
            confirmed(state, local, effects);
            return moot;
        }
        Failure::Uncertain if is_send => doubt(state, local),
        Failure::NotSent | Failure::Later | Failure::Uncertain => {
            put_back(state, local);
            if state.outbox.get(local).is_some_and(|entry| entry.tries == 1) {
                state.say(format!("It waits, and is tried again by itself: {reason}"));
            }
        }
    }
    true
}

fn refused(state: &mut State, local: LocalId, reason: &SafeText, effects: &mut Vec<Effect>) {
    let Some(entry) = state.outbox.get_mut(local) else { return };
    entry.stage = Stage::Failed(reason.clone());
    entry.percent = None;
    let room = entry.room.clone();
    if let Some(known) = state.rooms.get_mut(&room)
        && let Some(slot) = known.timeline.find_local(local)
    {
        known.timeline.fail(slot);
    }
    mark(state, local, store::Stage::Failed { reason: reason.clone() }, effects);
    state.say(format!("Not sent: {reason}"));
}

/// The server may have a send: it is looked for. The disk knows already.
fn doubt(state: &mut State, local: LocalId) {
    let at = state.now + SETTLE;
    let Some(entry) = state.outbox.get_mut(local) else { return };
    entry.stage = Stage::Uncertain(Doubt::Look(at));
    entry.doubtful = true;
    entry.percent = None;
    let room = entry.room.clone();
    if let Some(known) = state.rooms.get_mut(&room)
        && let Some(slot) = known.timeline.find_local(local)
    {
        known.timeline.doubt(slot);
    }
}

/// Whether a change that is refused now was carried out by an earlier attempt: what was to be deleted is gone.
fn is_moot(state: &State, entry: &OutboxEntry) -> bool {
    let (OutboxPayload::Delete { message } | OutboxPayload::DeleteForMe { message }) = &entry.what else {
        return false;
    };
    let Some(room) = state.rooms.get(&entry.room) else { return true };
    room.timeline.find(message).is_none_or(|slot| room.timeline.get(slot).deleted)
}

/// The room of the entry that was handed over as `request`.
pub(in crate::app) fn room_of(state: &State, request: &Request) -> Option<RoomId> {
    let local = under_way(&state.outbox, request)?;
    state.outbox.get(local).map(|entry| entry.room.clone())
}

/// The entry that was handed over as `request`.
fn under_way(outbox: &Outbox, request: &Request) -> Option<LocalId> {
    let sent = |entry: &&OutboxEntry| entry.stage == Stage::Sending;
    let mut sent = outbox.entries.iter().filter(sent);
    let found = match request {
        Request::Send { local, .. } => sent.find(|entry| entry.local == *local),
        Request::Edit { .. } | Request::Delete { .. } | Request::DeleteForMe { .. } => {
            sent.find(|entry| entry.request() == *request)
        }
        _ => None,
    };
    found.map(|entry| entry.local)
}

/// A room is no more: what waits for it goes with it. Says how much that was.
pub(in crate::app) fn forget_room(state: &mut State, room: &RoomId, effects: &mut Vec<Effect>) -> usize {
    forget(state, |entry| entry.room == *room, effects)
}

/// All rooms are no more.
pub(in crate::app) fn forget_all(state: &mut State, effects: &mut Vec<Effect>) -> usize {
    state.outbox.looks.clear();
    forget(state, |_| true, effects)
}

fn forget(state: &mut State, which: impl Fn(&OutboxEntry) -> bool, effects: &mut Vec<Effect>) -> usize {
    let before = state.outbox.len();
    state.outbox.entries.retain(|entry| {
        let goes = which(entry);
        if goes {
            effects.push(Effect::Persist(Write::Outbox(OutboxWrite::Remove(entry.local))));
        }
        !goes
    });
    before - state.outbox.len()
}

/// Takes note whether this server returns the `LocalId` of our sends.
pub(in crate::app) fn note_returned(state: &mut State, returned: bool) {
    let known = &mut state.account.returns_locals;
    // One that came back proves it; one that did not proves less than one that did.
    if returned || known.is_none() {
        *known = Some(returned);
    }
}

/// Whether a message of ours in a timeline is a send of this program.
pub(in crate::app) fn is_own_send(room: &crate::domain::Room, message: &Message) -> bool {
    let slot = message.local.as_deref().and_then(|local| room.timeline.find_local(*local));
    slot.is_some_and(|slot| room.timeline.get(slot).id == message.id)
}
