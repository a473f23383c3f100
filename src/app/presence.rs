//! Who is there: some services have everybody announce themselves, others answer when they are asked.

use crate::domain::{PersonId, PresenceBy, Request, Room, RoomId};

use super::effect::Effect;
use super::state::{ConnectionState, State};

/// How many rooms are told; the rest of a very long list is too quiet for anybody to look.
const ROOMS_TOLD: usize = 100;

/// How many people are asked about, likewise.
const PEOPLE_ASKED: usize = 500;

/// Tells the rooms that we are online, or asks who is, and sets the time to do so again.
pub(super) fn tell_or_ask(state: &mut State, effects: &mut Vec<Effect>) {
    state.presence_at = None;
    let Some(can) = state.account.capabilities.filter(|_| state.account.connection == ConnectionState::Online) else {
        return;
    };
    match can.presence {
        PresenceBy::Announcement(every) => {
            state.presence_at = Some(state.now + every);
            // Time to ask again when the people in the list were last active.
            state.people.forget_asked();
            let rooms = state.rooms.iter().filter(|room| !room.is_gone()).take(ROOMS_TOLD);
            effects.extend(rooms.map(|room| state.ask(Request::Heartbeat { room: room.info.id.clone() })));
        }
        PresenceBy::Asking(every) => {
            state.presence_at = Some(state.now + every);
            ask(state, state.rooms.iter(), effects);
        }
    }
}

/// Rooms that have just come into the list are not kept waiting.
pub(super) fn greet(state: &State, new: &[RoomId], effects: &mut Vec<Effect>) {
    match state.account.capabilities.map(|can| can.presence) {
        Some(PresenceBy::Announcement(_)) => {
            let told = state.rooms.len().saturating_sub(new.len()).min(ROOMS_TOLD);
            let rooms = new.iter().take(ROOMS_TOLD - told);
            effects.extend(rooms.map(|room| state.ask(Request::Heartbeat { room: room.clone() })));
        }
        Some(PresenceBy::Asking(_)) => ask(state, new.iter().filter_map(|id| state.rooms.get(id)), effects),
        None => {}
    }
}

/// Asks whether the other sides of these rooms are there.
fn ask<'a>(state: &'a State, rooms: impl Iterator<Item = &'a Room>, effects: &mut Vec<Effect>) {
    let Some(me) = &state.account.me else { return };
    let peers =
        rooms.filter(|room| !room.is_gone()).filter_map(|room| Some((room.peer(me)?.clone(), room.info.id.clone())));
    let people: Vec<(PersonId, RoomId)> = peers.take(PEOPLE_ASKED).collect();
    if !people.is_empty() {
        effects.push(state.ask(Request::Presence { people }));
    }
}
