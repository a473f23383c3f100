//! A clock that is set back.
//!
//! Timers hold times of day. When the clock is set back by an hour, what was due in a second would be due in an hour: nothing
//! would be retried or stored. So every timer is moved with the clock.

use crate::app::model::account::{Account, ConnectionState};
use crate::app::model::state::State;
use crate::app::model::ui::Ui;
use crate::app::overlays::overlay::Overlay;
use crate::domain::Timestamp;

/// Moves every timer back by `by` milliseconds, so that each still fires after the same delay.
pub(in crate::app) fn set_back(state: &mut State, by: i64) {
    for at in ui_timers(&mut state.ui) {
        *at = *at + -by;
    }
    for account in state.accounts.iter_mut() {
        move_account(account, by);
    }
}

fn ui_timers(ui: &mut Ui) -> impl Iterator<Item = &mut Timestamp> {
    let search = match &mut ui.overlay {
        Some(Overlay::Search(search)) => search.wakes_at_mut(),
        _ => None,
    };
    let times =
        [ui.notice.as_mut().map(|notice| &mut notice.until), ui.quit_armed_until.as_mut(), ui.seen_at.as_mut(), search];
    times.into_iter().flatten()
}

fn move_account(account: &mut Account, by: i64) {
    let times = [
        account.typing_in.as_mut().map(|(_, quiet_at)| quiet_at),
        account.presence_at.as_mut(),
        account.resync.as_mut().map(|resync| &mut resync.at),
        account.call.as_mut().and_then(|call| call.expires_at_mut()),
        match &mut account.connection {
            ConnectionState::Offline { retry_at, .. } => Some(retry_at),
            ConnectionState::Connecting { .. } | ConnectionState::Online | ConnectionState::Refused { .. } => None,
        },
        account.persistence.due_mut(),
    ];
    let typing = account.rooms.iter_mut().flat_map(|room| &mut room.typing).map(|typing| &mut typing.until);
    for at in times.into_iter().flatten().chain(typing).chain(account.outbox.times_mut()) {
        *at = *at + -by;
    }
}
