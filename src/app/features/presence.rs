//! Who is there: some services have everybody announce themselves, others answer when they are asked.

use crate::app::effect::Effect;
use crate::app::model::account::{Account, ConnectionState};
use crate::app::model::context::Context;
use crate::app::model::timers::Timer;
use crate::domain::{PersonId, PresenceSource, Request, Room, RoomId};

/// How many rooms are told; the rest of a very long list is too quiet for anybody to look.
const ROOMS_TOLD: usize = 100;

/// How many people are asked about, likewise.
const PEOPLE_ASKED: usize = 500;

/// Tells the rooms that we are online, or asks who is, and sets the time to do so again.
pub(in crate::app) fn tell_or_ask(cx: &mut Context<'_>) {
    cx.account.timers.clear(Timer::Presence);
    let Some(can) = cx.account.capabilities.filter(|_| cx.account.connection == ConnectionState::Online) else {
        return;
    };
    match can.presence {
        PresenceSource::Heartbeat(every) => {
            cx.account.timers.set(Timer::Presence, cx.now + every);
            // Time to ask again when the people in the list were last active.
            cx.account.people.clear_requested();
            let rooms = cx.account.rooms.iter().filter(|room| !room.is_deleted()).take(ROOMS_TOLD);
            cx.effects.extend(rooms.map(|room| cx.account.request(Request::Heartbeat { room: room.info.id.clone() })));
        }
        PresenceSource::Polling(every) => {
            cx.account.timers.set(Timer::Presence, cx.now + every);
            ask(cx.account, cx.account.rooms.iter(), cx.effects);
        }
    }
}

/// Rooms that have just come into the list are not kept waiting.
pub(in crate::app) fn greet(account: &Account, new: &[RoomId], effects: &mut Vec<Effect>) {
    match account.capabilities.map(|can| can.presence) {
        Some(PresenceSource::Heartbeat(_)) => {
            let told = account.rooms.len().saturating_sub(new.len()).min(ROOMS_TOLD);
            let rooms = new.iter().take(ROOMS_TOLD - told);
            effects.extend(rooms.map(|room| account.request(Request::Heartbeat { room: room.clone() })));
        }
        Some(PresenceSource::Polling(_)) => ask(account, new.iter().filter_map(|id| account.rooms.get(id)), effects),
        None => {}
    }
}

/// Asks whether the other sides of these rooms are there.
fn ask<'a>(account: &'a Account, rooms: impl Iterator<Item = &'a Room>, effects: &mut Vec<Effect>) {
    let Some(me) = &account.me else { return };
    let peers =
        rooms.filter(|room| !room.is_deleted()).filter_map(|room| Some((room.peer(me)?.clone(), room.info.id.clone())));
    let people: Vec<(PersonId, RoomId)> = peers.take(PEOPLE_ASKED).collect();
    if !people.is_empty() {
        effects.push(account.request(Request::Presence { people }));
    }
}
