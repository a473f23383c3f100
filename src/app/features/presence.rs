//! Presence: whether people are online.
//!
//! On some services each client announces itself to its rooms; on others the client queries the presence of its peers.
//! Both are repeated at the interval in the capabilities of the service.

use crate::app::effect::Effect;
use crate::app::features::membership;
use crate::app::model::account::{Account, ConnectionState};
use crate::app::model::context::Context;
use crate::app::model::timers::AccountTimer;
use crate::domain::{MINUTE, PersonId, PresenceSource, Request, Room, RoomId, SECOND};

/// Maximum number of rooms to which the account announces itself. Rooms further down a long list are rarely active.
const MAX_ANNOUNCED_ROOMS: usize = 100;

/// Maximum number of people whose presence is queried, for the same reason.
const MAX_QUERIED_PEOPLE: usize = 500;

/// Milliseconds after which the number of people online in the open room is requested again.
const COUNT_INTERVAL: i64 = MINUTE;

/// Milliseconds from a change in somebody's presence to the next such request. A reply contains many changes.
const COUNT_DELAY: i64 = SECOND;

/// Announces the account to its rooms, or queries the presence of its peers, and schedules the next time.
pub(in crate::app) fn refresh_presence(cx: &mut Context<'_>) {
    cx.account.timers.clear(AccountTimer::Presence);
    let Some(can) = cx.account.capabilities.filter(|_| cx.account.connection == ConnectionState::Online) else {
        return;
    };
    match can.presence {
        PresenceSource::Heartbeat(every) => {
            cx.account.timers.set(AccountTimer::Presence, cx.now + every);
            // People's last activity is requested again in each interval.
            cx.account.people.clear_requested();
            let rooms = cx.account.rooms.iter().filter(|room| !room.is_deleted()).take(MAX_ANNOUNCED_ROOMS);
            cx.effects.extend(rooms.map(|room| cx.account.request(Request::Heartbeat { room: room.info.id.clone() })));
        }
        PresenceSource::Polling(every) => {
            cx.account.timers.set(AccountTimer::Presence, cx.now + every);
            request_presence(cx.account, cx.account.rooms.iter(), cx.effects);
        }
    }
}

/// Announces the account to new rooms, or queries the presence of their peers, without waiting for the next interval.
pub(in crate::app) fn include_new_rooms(account: &Account, new: &[RoomId], effects: &mut Vec<Effect>) {
    match account.capabilities.map(|can| can.presence) {
        Some(PresenceSource::Heartbeat(_)) => {
            let announced = account.rooms.ids().len().saturating_sub(new.len()).min(MAX_ANNOUNCED_ROOMS);
            let rooms = new.iter().take(MAX_ANNOUNCED_ROOMS - announced);
            effects.extend(rooms.map(|room| account.request(Request::Heartbeat { room: room.clone() })));
        }
        Some(PresenceSource::Polling(_)) => {
            request_presence(account, new.iter().filter_map(|id| account.rooms.get(id)), effects);
        }
        None => {}
    }
}

/// Requests the presence of the other person in each of these direct messages.
fn request_presence<'a>(account: &'a Account, rooms: impl Iterator<Item = &'a Room>, effects: &mut Vec<Effect>) {
    let Some(me) = &account.me else { return };
    let peers =
        rooms.filter(|room| !room.is_deleted()).filter_map(|room| Some((room.peer(me)?.clone(), room.info.id.clone())));
    let people: Vec<(PersonId, RoomId)> = peers.take(MAX_QUERIED_PEOPLE).collect();
    if !people.is_empty() {
        effects.push(account.request(Request::Presence { people }));
    }
}

/// Requests the number of people online in the open room, if the server counts them, and schedules the next time.
pub(in crate::app) fn refresh_online_count(cx: &mut Context<'_>) {
    let Some(room) = cx.open_room().filter(|room| room.membership.online.is_some()) else { return };
    let id = room.info.id.clone();
    if cx.account.connection == ConnectionState::Online {
        membership::request_membership(cx.account, &id, cx.effects);
    }
    schedule_online_count(cx);
}

/// Schedules the next request for the number of people online in the open room, if the server counts them.
pub(in crate::app) fn schedule_online_count(cx: &mut Context<'_>) {
    if cx.open_room().is_some_and(|room| room.membership.online.is_some()) {
        cx.account.timers.set(AccountTimer::OnlineCount, cx.now + COUNT_INTERVAL);
    }
}

/// Brings the next request for the number of people online forward, because somebody has come or gone.
pub(in crate::app) fn on_presence_changed(cx: &mut Context<'_>) {
    let soon = cx.now + COUNT_DELAY;
    if cx.account.timers.get(AccountTimer::OnlineCount).is_some_and(|at| at > soon) {
        cx.account.timers.set(AccountTimer::OnlineCount, soon);
    }
}
