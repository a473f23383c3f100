//! A clock that is set back.
//!
//! Times at which something is to be done are times of day. When the clock is set back by an hour, what was due in a
//! second would be due in an hour: nothing would be tried again, and nothing kept on disk. So they are moved with it.

use super::state::{ConnectionState, State};

/// The clock went back by `by` milliseconds: what was due in a while is due in that while still.
pub(super) fn set_back(state: &mut State, by: i64) {
    let times = [
        state.notice.as_mut().map(|notice| &mut notice.until),
        state.quit_armed_until.as_mut(),
        state.typing_in.as_mut().map(|(_, quiet_at)| quiet_at),
        state.seen_at.as_mut(),
        state.presence_at.as_mut(),
        state.second_look.as_mut().map(|look| &mut look.at),
        state.call.as_mut().and_then(|call| call.expires_at_mut()),
        match &mut state.account.connection {
            ConnectionState::Offline { retry_at, .. } => Some(retry_at),
            ConnectionState::Connecting { .. } | ConnectionState::Online | ConnectionState::Refused { .. } => None,
        },
        state.keeping.due_mut(),
    ];
    let typing = state.rooms.iter_mut().flat_map(|room| &mut room.typing).map(|typing| &mut typing.until);
    for at in times.into_iter().flatten().chain(typing).chain(state.outbox.times_mut()) {
        *at = *at + -by;
    }
}
