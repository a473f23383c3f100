//! The status bar: connection, unread and queued messages, account, and hints for the keys that work right now.
//!
//! A notice replaces everything after the connection status.

use ratatui::style::Style;

use crate::app::{ConnectionState, Focus, Hint, Region, RoomFilter, Scene, hints};
use crate::config::Role;
use crate::input::Action;

use super::canvas::{Canvas, cells};
use super::connection;
use super::glyphs::Glyphs;
use super::transfer;

/// Width of the bar, in columns, below which the unread count gives way to hints.
const MIN_WIDTH_UNREAD: u16 = 60;

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
        let at = scene.options.times.compact(at, scene.now);
        status.push_str(&format!(" {dot} cached {dot} last synced {at}"));
    }
    if scene.ui.regions.divider.width == 0 {
        // Where there is no room list, its headings cannot tell about the other profiles.
        let away = scene.others.iter().filter(|account| account.connection != ConnectionState::Online);
        away.for_each(|account| status.push_str(&format!(" {dot} {} offline", account.profile.name)));
    }
    let end = inner.x + inner.width;
    let notice = scene.ui.notice.as_ref();
    if notice.is_some_and(|notice| cells(&status) + 2 + cells(&notice.text) > inner.width) {
        // The symbol and the color are enough for the moment.
        status.truncate(status.chars().next().map_or(0, char::len_utf8));
    }
    let mut x = canvas.put(inner.x, inner.y, &status, inner.width, style);
    // The room list shows the unread counts, if it is visible, or else the title of the tile.
    let is_list_hidden = scene.ui.regions.rooms.height == 0 && scene.ui.tile.is_none();
    let attention = scene.accounts().map(|account| account.rooms.attention().rooms);
    let unread = if is_list_hidden { attention.sum() } else { 0 };
    let is_writing = scene.ui.focus != Focus::Composer || !scene.ui.composer.is_empty();
    let has_space = inner.width >= MIN_WIDTH_UNREAD || !(is_writing || notice.is_some());
    if unread > 0 && has_space {
        let style = canvas.style(Role::Unread);
        let text = format!("{dot} {unread} unread");
        x = canvas.put(x + 1, inner.y, &text, end.saturating_sub(x + 1), style);
    }
    if scene.ui.room_filter != RoomFilter::All && has_space {
        // Nothing else tells why rooms are missing from the list.
        let text = format!("{dot} list: {}", scene.ui.room_filter.name());
        x = canvas.put(x + 1, inner.y, &text, end.saturating_sub(x + 1), canvas.style(Role::Accent));
    }
    if let Some(notice) = notice {
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
    let marked = scene.ui.pane.marked.len();
    if marked > 0 {
        let text = format!("{dot} {marked} marked");
        x = canvas.put(x + 1, inner.y, &text, end.saturating_sub(x + 1), canvas.style(Role::Accent));
    } else if let Some(export) = &scene.account.export {
        let text = format!("{dot} {}", transfer::export_line(scene, export));
        x = canvas.put(x + 1, inner.y, &text, end.saturating_sub(x + 1), canvas.style(Role::Accent));
    } else if scene.ui.regions.divider.width > 0 && scene.ui.tile.is_none() {
        let mut account = format!("{} {dot} {}", scene.account.profile.user, scene.account.profile.name);
        if scene.account.persistence.problem().is_some() {
            account.push_str(&format!(" {dot} not saved to disk"));
        }
        x = canvas.put(x + 2, inner.y, &account, end.saturating_sub(x + 2), dim);
    }
    let hints: Vec<(Action, String)> = hints(scene)
        .into_iter()
        .filter_map(|Hint { action, word }| match scene.options.keymap.shown(action) {
            // An action without a key has no hint.
            key if key.is_empty() => None,
            key => Some((action, format!("{key} {word}"))),
        })
        .collect();
    if let Some(line) = hint_line(&hints, glyphs, end.saturating_sub(x + 3)) {
        canvas.put_right(inner, inner.y, &line, dim);
    }
}

/// Joins the hints that fit into so many cells, the first ones and the way out, with an ellipsis for the others.
fn hint_line(hints: &[(Action, String)], glyphs: Glyphs, width: u16) -> Option<String> {
    let separator = format!(" {} ", glyphs.dot());
    let lines = (0..=hints.len()).rev().map(|count| {
        let (shown, others) = hints.split_at(count);
        let way_out = others.iter().find(|(action, _)| *action == Action::Cancel);
        let is_cut = others.len() > usize::from(way_out.is_some());
        let shown = shown.iter().chain(way_out).map(|(_, hint)| hint.as_str());
        let mut parts: Vec<&str> = shown.collect();
        if is_cut && !parts.is_empty() {
            parts.insert(count, glyphs.dots());
        }
        parts.join(&separator)
    });
    lines.into_iter().find(|line| !line.is_empty() && cells(line) <= width)
}

/// The state of the connection, and its style.
pub(super) fn connection_status(scene: Scene<'_>, canvas: &Canvas<'_>, glyphs: Glyphs) -> (String, Style) {
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
