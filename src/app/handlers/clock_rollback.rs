//! A clock that is set back.
//!
//! Timers hold times of day. When the clock is set back by an hour, what was due in a second would be due in an hour:
//! nothing would be retried or stored. So everything that is due moves with the clock.

use crate::app::model::account::{Account, ConnectionState};
use crate::app::model::state::State;
use crate::domain::Timestamp;

/// Moves everything that is due back by `by` milliseconds, so that it still happens after the same delay.
pub(in crate::app) fn set_back(state: &mut State, by: i64) {
    state.ui.timers.move_back(by);
    for account in state.accounts.iter_mut() {
        account.timers.move_back(by);
        for at in other_deadlines(account) {
            *at = *at + -by;
        }
    }
}

/// The deadlines that belong to something else than a timer.
fn other_deadlines(account: &mut Account) -> impl Iterator<Item = &mut Timestamp> {
    let retry = match &mut account.connection {
        ConnectionState::Offline { retry_at, .. } => Some(retry_at),
        ConnectionState::Connecting { .. } | ConnectionState::Online | ConnectionState::Refused { .. } => None,
    };
    let call = account.call.as_mut().and_then(|call| call.expires_at_mut());
    let typing = account.rooms.iter_mut().flat_map(|room| &mut room.typing).map(|typing| &mut typing.until);
    retry.into_iter().chain(call).chain(typing).chain(account.outbox.times_mut())
}
