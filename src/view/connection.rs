//! The connection status in words, as the status bar, the activity line and the welcome screen show it.

use crate::app::{ConnectionState, Scene};
use crate::domain::SECOND;
use crate::input::Action;

/// Whole seconds until the next attempt to connect, rounded up; `None` unless one is scheduled.
pub(super) fn seconds_to_retry(scene: Scene<'_>) -> Option<i64> {
    match &scene.account.connection {
        ConnectionState::Offline { retry_at, .. } => Some(((*retry_at - scene.now).max(0) + 999) / 1000),
        ConnectionState::Connecting { .. } | ConnectionState::Online | ConnectionState::Refused { .. } => None,
    }
}

/// Whole seconds for which the server has not responded; `None` if it responds or there is no connection.
pub(super) fn seconds_of_silence(scene: Scene<'_>) -> Option<i64> {
    scene.account.silent_since.map(|since| (scene.now - since).max(0) / SECOND)
}

/// The reason for a missing connection, split into the problem, for the activity line, and the advice, for the status
/// bar. If the activity line is not available, the problem is empty and the advice is the whole reason.
pub(super) fn outage(scene: Scene<'_>) -> Option<(&str, &str)> {
    let reason = match &scene.account.connection {
        ConnectionState::Offline { reason, .. } | ConnectionState::Refused { reason } => reason.as_str(),
        ConnectionState::Connecting { .. } | ConnectionState::Online => return None,
    };
    let activity_line_is_taken =
        scene.ui.composer.editing.is_some() || scene.ui.composer.reply.is_some() || scene.ui.regions.typing.height == 0;
    if activity_line_is_taken || scene.open_room().is_none() {
        return Some(("", reason));
    }
    let end = reason.find(". ").map_or(reason.len(), |end| end + 1);
    Some((&reason[..end], reason[end..].trim_start()))
}

/// The key that tries again, where nothing else does; `None` if another attempt follows or the action has no key.
pub(super) fn reconnect_hint(scene: Scene<'_>) -> Option<String> {
    let key = scene.options.key_name(Action::Reconnect);
    let is_refused = matches!(scene.account.connection, ConnectionState::Refused { .. });
    (is_refused && !key.is_empty()).then(|| format!("{key} reconnect"))
}
