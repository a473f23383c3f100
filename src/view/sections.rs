//! The heading of a profile in the room list: its connection, its name, and whatever the user should know of it while
//! another profile is shown.

use crate::app::{Account, ConnectionState, Region, Scene};
use crate::config::Role;

use super::canvas::{Canvas, cells};
use super::connection;
use super::glyphs::Glyphs;

pub(super) fn paint(scene: Scene<'_>, canvas: &mut Canvas<'_>, glyphs: Glyphs, area: Region, account: &Account) {
    let inner = Region { x: area.x + 1, width: area.width.saturating_sub(2), ..area };
    let is_shown = account.id == scene.account.id;
    let (glyph, role) = match account.connection {
        ConnectionState::Online => (glyphs.online(), Role::Success),
        ConnectionState::Connecting { .. } => (glyphs.offline(), Role::Warning),
        ConnectionState::Offline { .. } | ConnectionState::Refused { .. } => (glyphs.offline(), Role::Error),
    };
    canvas.put(inner.x, inner.y, glyph, 1, canvas.style(role));
    let (state, role) = match state_in_words(scene.of(account), glyphs) {
        text if text.is_empty() => (account.rooms.attention().shown().unwrap_or_default(), Role::Unread),
        text => (text, role),
    };
    let title = canvas.style(if is_shown { Role::Title } else { Role::Dim });
    let name = account.profile.label();
    // The name tells the sections apart, so it has priority.
    let left = inner.width.saturating_sub(2 + cells(name) + 1);
    let x = canvas.put(inner.x + 2, inner.y, name, inner.width.saturating_sub(2), title) + 1;
    if left >= cells(&state) {
        let end = canvas.put_right(inner, inner.y, &state, canvas.style(role));
        if end > x + 1 {
            let rule = Region { x, width: end - x - 1, ..inner };
            canvas.rule(rule, rule.y, glyphs.horizontal(), canvas.style(Role::Border));
        }
    }
}

/// Why there may be nothing new in a section; empty if it is up to date.
fn state_in_words(scene: Scene<'_>, glyphs: Glyphs) -> String {
    match &scene.account.connection {
        ConnectionState::Online if scene.account.room_sync.is_first_load() => {
            format!("loading{}", glyphs.dots())
        }
        ConnectionState::Online => connection::seconds_of_silence(scene)
            .map_or_else(String::new, |seconds| format!("no response for {seconds} s")),
        ConnectionState::Connecting { .. } => format!("connecting{}", glyphs.dots()),
        ConnectionState::Offline { .. } => {
            format!("retry in {} s", connection::seconds_to_retry(scene).unwrap_or_default())
        }
        ConnectionState::Refused { .. } => "not connected".to_owned(),
    }
}
