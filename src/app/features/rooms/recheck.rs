//! Rooms of which the connection receives no live events.
//!
//! Some services send a connection the events of a limited number of rooms only. With more rooms than that, the room list
//! is read again every minute. Rooms with a new message come first in it, so one page is enough, unless there are many.

use crate::app::features::rooms::open::recheck_list;
use crate::app::model::account::Account;
use crate::app::model::context::Context;
use crate::app::model::timers::AccountTimer;
use crate::domain::MINUTE;

/// Milliseconds after which the list is read again.
const INTERVAL: i64 = MINUTE;

/// Schedules the next look at the list, if there are too many rooms for the connection.
pub(in crate::app) fn schedule(cx: &mut Context<'_>) {
    if cx.account.is_online() && has_silent_rooms(cx.account) {
        cx.account.timers.set_once(AccountTimer::RecheckRooms, cx.now + INTERVAL);
    }
}

/// Looks for messages in rooms without live events, and schedules the next time.
pub(in crate::app) fn recheck(cx: &mut Context<'_>) {
    schedule(cx);
    if cx.account.timers.is_set(AccountTimer::RecheckRooms) && !cx.account.room_sync.is_loading() {
        recheck_list(cx);
    }
}

fn has_silent_rooms(account: &Account) -> bool {
    account.capabilities.and_then(|can| can.live_rooms).is_some_and(|live| account.rooms.known_len() > live)
}
