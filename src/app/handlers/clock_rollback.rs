//! Deadlines, and the server's time, after the system clock was set back.
//!
//! Timers hold wall-clock times. When the clock is set back by an hour, a timer due in one second would fire an hour
//! later, and nothing would be retried or stored meanwhile. All deadlines therefore move back with the clock.

use crate::app::model::account::{Account, ConnectionState};
use crate::app::model::state::State;
use crate::domain::{SECOND, Timestamp};

/// Smallest step by which the server's clock is ahead afterwards, in milliseconds. Smaller ones correct a clock that runs
/// a little fast; they would add up.
const MIN_CLOCK_STEP: i64 = 10 * SECOND;

/// Moves every deadline back by `by` milliseconds, so that the remaining delays and the server's time stay the same.
pub(in crate::app) fn move_deadlines_back(state: &mut State, by: i64) {
    state.terminal.timers.move_back(by);
    state.ui.timers.move_back(by);
    state.parked_mut().iter_mut().for_each(|ui| ui.timers.move_back(by));
    for account in state.accounts.iter_mut() {
        account.timers.move_back(by);
        // The server's clock was not set back.
        if by >= MIN_CLOCK_STEP {
            account.server_clock_offset = account.server_clock_offset.saturating_add(by);
        }
        for at in other_deadlines(account) {
            *at = *at + -by;
        }
    }
}

/// Deadlines of an account that are stored outside its timers.
fn other_deadlines(account: &mut Account) -> impl Iterator<Item = &mut Timestamp> {
    let retry = match &mut account.connection {
        ConnectionState::Offline { retry_at, .. } => Some(retry_at),
        ConnectionState::Connecting { .. } | ConnectionState::Online | ConnectionState::Refused { .. } => None,
    };
    let call = account.call.as_mut().and_then(|call| call.expires_at_mut());
    let typing = account.rooms.iter_mut().flat_map(|room| &mut room.typing).map(|typing| &mut typing.until);
    let silence = account.silent_since.as_mut();
    retry.into_iter().chain(silence).chain(call).chain(typing).chain(account.outbox.times_mut())
}
