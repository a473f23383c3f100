//! The connection status in words, as the status bar, the activity line and the welcome screen show it.

use crate::app::{ConnectionState, State};

/// Whole seconds until the next attempt to connect, rounded up; `None` unless one is scheduled.
pub(super) fn seconds_to_retry(state: &State) -> Option<i64> {
    match &state.account.connection {
        ConnectionState::Offline { retry_at, .. } => Some(((*retry_at - state.now).max(0) + 999) / 1000),
        ConnectionState::Connecting { .. } | ConnectionState::Online | ConnectionState::Refused { .. } => None,
    }
}

/// Why there is no connection, split into the problem, for the activity line, and the advice, for the status bar. If the
/// activity line is not available, the problem is empty and the advice holds everything.
pub(super) fn outage(state: &State) -> Option<(&str, &str)> {
    let reason = match &state.account.connection {
        ConnectionState::Offline { reason, .. } | ConnectionState::Refused { reason } => reason.as_str(),
        ConnectionState::Connecting { .. } | ConnectionState::Online => return None,
    };
    let taken = state.composer.editing.is_some() || state.composer.reply.is_some() || state.areas.typing.height == 0;
    if taken || state.open_room().is_none() {
        return Some(("", reason));
    }
    let end = reason.find(". ").map_or(reason.len(), |end| end + 1);
    Some((&reason[..end], reason[end..].trim_start()))
}
