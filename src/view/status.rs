//! The status bar: connection, unread and queued messages, account, and hints for the keys that work right now.
//!
//! A notice replaces everything after the connection status.

use std::borrow::Cow;

use ratatui::style::Style;

use crate::app::{ConnectionState, Focus, Region, Scene, links_of, overlay_hints};
use crate::config::Role;
use crate::domain::Slot;
use crate::input::{Action, Context};
use crate::text::clip;

use super::canvas::{Canvas, cells};
use super::connection;
use super::glyphs::Glyphs;

/// Maximum width of a host name in a hint, in cells.
const HOST_WIDTH: usize = 30;

pub(super) fn paint(scene: Scene<'_>, canvas: &mut Canvas<'_>, glyphs: Glyphs) {
    let area = scene.ui.regions.status;
    if area.height == 0 {
        return;
    }
    let inner = Region { x: area.x + 1, width: area.width.saturating_sub(2), ..area };
    let dot = glyphs.dot();
    let (mut status, style) = connection_status(scene, canvas, glyphs);
    if let Some(at) = scene.account.persistence.last_synced() {
        // What is on screen comes from disk until the server has sent the room list.
        let at = at.format_compact(scene.now, &scene.options.zone);
        status.push_str(&format!(" {dot} cached {dot} last synced {at}"));
    }
    let mut x = canvas.put(inner.x, inner.y, &status, inner.width, style);
    let end = inner.x + inner.width;
    // The room list shows the unread counts, if it is visible.
    let is_list_hidden = scene.ui.regions.rooms.height == 0;
    let unread = scene.account.rooms.iter().filter(|room| is_list_hidden && room.unread.any()).count();
    if unread > 0 {
        let style = canvas.style(Role::Unread);
        let text = format!("{dot} {unread} unread");
        x = canvas.put(x + 1, inner.y, &text, end.saturating_sub(x + 1), style);
    }
    if let Some(notice) = &scene.ui.notice {
        let accent = canvas.style(Role::Warning);
        canvas.put(x + 2, inner.y, &notice.text, end.saturating_sub(x + 2), accent);
        return;
    }
    let dim = canvas.style(Role::Dim);
    let queued = scene.account.queued_count();
    let text = format!("{dot} {queued} queued");
    if queued > 0 && scene.account.connection != ConnectionState::Online && x + 1 + cells(&text) <= end {
        x = canvas.put(x + 1, inner.y, &text, end - (x + 1), canvas.style(Role::Warning));
    }
    if scene.ui.regions.divider.width > 0 {
        let mut account = format!("{} {dot} {}", scene.account.profile.user, scene.account.profile.name);
        if scene.account.persistence.problem().is_some() {
            account.push_str(&format!(" {dot} not saved to disk"));
        }
        x = canvas.put(x + 2, inner.y, &account, end.saturating_sub(x + 2), dim);
    }
    // Hints that do not fit are dropped from the end.
    let mut hints = hints(scene);
    // An action without a key has no hint.
    hints.retain(|hint| !hint.starts_with(' '));
    let separator = format!(" {dot} ");
    for count in (1..=hints.len()).rev() {
        let line = hints[..count].join(&separator);
        if x + 3 + cells(&line) <= end {
            canvas.put_right(inner, inner.y, &line, dim);
            break;
        }
    }
}

fn connection_status(scene: Scene<'_>, canvas: &Canvas<'_>, glyphs: Glyphs) -> (String, Style) {
    match &scene.account.connection {
        ConnectionState::Connecting { .. } => {
            (format!("{} Connecting{}", glyphs.offline(), glyphs.dots()), canvas.style(Role::Warning))
        }
        ConnectionState::Online => (format!("{} Online", glyphs.online()), canvas.style(Role::Success)),
        ConnectionState::Offline { .. } => {
            let seconds = connection::seconds_to_retry(scene).unwrap_or_default();
            let mut text = format!("{} Reconnecting in {seconds} s", glyphs.offline());
            // After a successful connection the settings are right, so advice about them would mislead.
            if scene.ui.open.is_some() && scene.ui.notice.is_none() && !scene.account.was_online {
                text.push_str(&advice(scene, glyphs));
            }
            (text, canvas.style(Role::Error))
        }
        ConnectionState::Refused { .. } => {
            // The activity line shows the key together with the problem.
            let is_split = connection::outage(scene).is_some_and(|(problem, _)| !problem.is_empty());
            let hint = connection::reconnect_hint(scene).filter(|_| !is_split);
            let hint = hint.map_or_else(String::new, |hint| format!(" {} {hint}", glyphs.dot()));
            let text = format!("{} Not connected{hint}{}", glyphs.offline(), advice(scene, glyphs));
            (text, canvas.style(Role::Error))
        }
    }
}

/// The part of the reason for an outage that the activity line does not show.
fn advice(scene: Scene<'_>, glyphs: Glyphs) -> String {
    let advice = connection::outage(scene).map_or("", |(_, advice)| advice);
    if advice.is_empty() { String::new() } else { format!(" {} {advice}", glyphs.dot()) }
}

/// Hints for the keys that do something right now, the most useful first.
fn hints(scene: Scene<'_>) -> Vec<String> {
    let hint = |action: Action, word: &str| format!("{} {word}", scene.options.keymap.shown(action));
    match (&scene.ui.overlay, scene.ui.focus) {
        (Some(_), _) => overlay_hints(scene).into_iter().map(|(action, word)| hint(action, word)).collect(),
        (None, Focus::Message(slot)) => message_hints(scene, slot),
        (None, Focus::Rooms(_)) => vec![hint(Action::Confirm, "open"), hint(Action::Cancel, "back")],
        (None, Focus::Composer) => composer_hints(scene).map(|(action, word)| hint(action, word)).collect(),
    }
}

/// What can be done with the text in the composer, then the keys that work anywhere.
fn composer_hints(scene: Scene<'_>) -> impl Iterator<Item = (Action, &'static str)> {
    let composer = &scene.ui.composer;
    let (is_edit, is_reply) = (composer.editing.is_some(), composer.reply.is_some());
    let cancel = if is_edit { Some("cancel") } else { is_reply.then_some("cancel reply") };
    let enter = match composer.is_empty() {
        _ if is_edit => Some("save"),
        false if composer.is_command() => Some("run"),
        false if scene.ui.open.is_some() => Some("send"),
        _ => None,
    };
    let is_offline = matches!(scene.account.connection, ConnectionState::Offline { .. });
    let own = [
        enter.map(|word| (Action::Send, word)),
        cancel.map(|word| (Action::Cancel, word)),
        enter.filter(|word| *word != "run").map(|_| (Action::NewLine, "new line")),
        is_offline.then_some((Action::Reconnect, "reconnect")),
    ];
    own.into_iter().flatten().chain([(Action::Switcher, "go to"), (Action::Help, "help"), (Action::Quit, "quit")])
}

/// Hints for what can be done with the selected message, taken from the action table.
fn message_hints(scene: Scene<'_>, slot: Slot) -> Vec<String> {
    let Some(room) = scene.open_room() else { return Vec::new() };
    let message = room.timeline.get(slot);
    let word = |action: Action, word: &'static str| -> Cow<'static, str> {
        match action {
            Action::MessageOpen => match links_of(message).as_slice() {
                // The real host is shown before the link is opened.
                [link] => format!("open {}", clip(&link.display_host(), HOST_WIDTH)).into(),
                links => format!("open one of {} links", links.len()).into(),
            },
            Action::MessageStar if message.starred => "unstar".into(),
            Action::MessageDelete if scene.account.send_status(message).is_some() => "discard".into(),
            _ => word.into(),
        }
    };
    Action::hinted(Context::Message)
        .into_iter()
        .chain([(Action::Cancel, "back")])
        .filter(|(action, _)| scene.offers_on(message, *action))
        .map(|(action, default)| format!("{} {}", scene.options.keymap.shown(action), word(action, default)))
        .collect()
}
