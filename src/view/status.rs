//! The status bar: connection, unread and queued messages, account, and hints for the keys that work right now.
//!
//! A notice replaces everything after the connection status.

use ratatui::style::Style;

use crate::app::{Attention, ConnectionState, Focus, Hint, Region, RoomFilter, Scene, hints};
use crate::config::Role;
use crate::input::Action;

use super::canvas::{Canvas, cells};
use super::connection;
use super::glyphs::Glyphs;
use super::transfer;

/// Width of the bar, in columns, below which the unread count gives way to a notice and to the keys of what is
/// selected, and the words for the connection to hints.
const MIN_WIDTH_UNREAD: u16 = 60;

/// How much of the bar is about the state, which gives way to hints where there is not enough space for both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Detail {
    /// Everything.
    Full,
    /// All but the account.
    State,
    /// The connection as a symbol, and what else the user must know.
    Symbols,
}

/// Number of hints for which the state gives way.
const WANTED_HINTS: usize = 2;

/// A part of the state: the blank cells before it, its text and its style.
type Part = (u16, String, Style);

pub(super) fn paint(scene: Scene<'_>, canvas: &mut Canvas<'_>, glyphs: Glyphs) {
    let area = scene.ui.regions.status;
    if area.height == 0 {
        return;
    }
    let inner = Region { x: area.x + 1, width: area.width.saturating_sub(2), ..area };
    if let Some(notice) = &scene.terminal.notice {
        let text = (2, notice.text.clone(), canvas.style(Role::Warning));
        // The symbol and the color are enough for the moment.
        let detail = [Detail::State, Detail::Symbols].into_iter().find(|detail| {
            let parts = connection_parts(scene, canvas, glyphs, inner, *detail);
            cells_of(&parts) + text.0 + cells(&text.1) <= inner.width
        });
        let mut parts = connection_parts(scene, canvas, glyphs, inner, detail.unwrap_or(Detail::Symbols));
        parts.push(text);
        // The sentence is cut: the list has all of it.
        let key = scene.options.keymap.shown(Action::Notices);
        let hint = format!("  {key} more");
        let mut for_parts = inner;
        if detail.is_none() && !key.is_empty() && cells(&hint) * 2 <= inner.width {
            let dim = canvas.style(Role::Dim);
            for_parts.width = canvas.put_right(inner, inner.y, &hint, dim) - inner.x;
        }
        paint_parts(canvas, for_parts, parts);
        return;
    }
    let hints: Vec<(Action, String)> = hints(scene)
        .into_iter()
        .filter_map(|Hint { action, word }| match scene.options.keymap.shown(action) {
            // An action without a key has no hint.
            key if key.is_empty() => None,
            key => Some((action, format!("{key} {word}"))),
        })
        .collect();
    let variant = |detail| {
        let mut parts = connection_parts(scene, canvas, glyphs, inner, detail);
        parts.extend(other_parts(scene, canvas, glyphs, detail));
        // Half a word is of no use.
        while parts.len() > 1 && cells_of(&parts) > inner.width {
            parts.pop();
        }
        let line = hint_line(&hints, glyphs, inner.width.saturating_sub(cells_of(&parts) + 3));
        (parts, line)
    };
    // While nothing is going on or where there is space, the words for the connection stay.
    let is_idle = scene.ui.overlay.is_none() && scene.ui.focus == Focus::Composer && scene.ui.composer.is_empty();
    let keeps_words = is_idle || inner.width >= MIN_WIDTH_UNREAD;
    let others = if keeps_words { &[Detail::State][..] } else { &[Detail::State, Detail::Symbols] };
    let shown = |line: &Option<HintLine>| line.as_ref().map_or(0, |line| 1 + line.count.min(WANTED_HINTS));
    // Of several that show as many hints, the first one tells most about the state. It is nearly always enough.
    let wanted = 1 + hints.len().min(WANTED_HINTS);
    let mut best = variant(Detail::Full);
    for detail in others {
        if shown(&best.1) >= wanted {
            break;
        }
        let next = variant(*detail);
        if shown(&next.1) > shown(&best.1) {
            best = next;
        }
    }
    let (parts, line) = best;
    paint_parts(canvas, inner, parts);
    if let Some(HintLine { text, .. }) = line {
        let dim = canvas.style(Role::Dim);
        canvas.put_right(inner, inner.y, &text, dim);
    }
}

fn cells_of(parts: &[Part]) -> u16 {
    parts.iter().map(|(gap, text, _)| gap + cells(text)).sum()
}

fn paint_parts(canvas: &mut Canvas<'_>, inner: Region, parts: Vec<Part>) {
    let (mut x, end) = (inner.x, inner.x + inner.width);
    for (gap, text, style) in parts {
        x = canvas.put(x + gap, inner.y, &text, end.saturating_sub(x + gap), style);
    }
}

/// Returns the connection, and what is unread or left out of the list.
fn connection_parts(scene: Scene<'_>, canvas: &Canvas<'_>, glyphs: Glyphs, inner: Region, detail: Detail) -> Vec<Part> {
    let dot = glyphs.dot();
    let (mut status, style) = connection_status(scene, canvas, glyphs);
    if detail == Detail::Symbols {
        status = short_status(scene, glyphs, status);
    } else if let Some(at) = scene.account.persistence.last_synced() {
        // What is on screen comes from disk until the server has sent the room list.
        let at = scene.options.times.compact(at, scene.now);
        status.push_str(&format!(" {dot} cached {dot} last synced {at}"));
    }
    if scene.ui.regions.divider.width == 0 && detail != Detail::Symbols {
        // Where there is no room list, its headings cannot tell about the other profiles.
        let away = scene.others.iter().filter(|account| account.connection != ConnectionState::Online);
        away.for_each(|account| status.push_str(&format!(" {dot} {} offline", account.profile.label())));
    }
    let mut parts = vec![(0, status, style)];
    // The room list shows the unread counts, if it is visible, or else the title of the tile.
    let is_list_hidden = scene.ui.regions.rooms.height == 0 && scene.ui.tile().is_none();
    let attention = scene.accounts().map(|account| account.rooms.attention());
    let unread = attention.fold(Attention::default(), Attention::and).shown().filter(|_| is_list_hidden);
    let is_choosing = scene.ui.focus != Focus::Composer || scene.ui.completion.popup.is_some();
    let has_space = inner.width >= MIN_WIDTH_UNREAD || !(is_choosing || scene.terminal.notice.is_some());
    if let Some(unread) = unread.filter(|_| has_space) {
        parts.push((1, format!("{dot} {unread}"), canvas.style(Role::Unread)));
    }
    if scene.terminal.room_filter != RoomFilter::All && has_space {
        // Nothing else tells why rooms are missing from the list.
        let text = format!("{dot} list: {}", scene.terminal.room_filter.name());
        parts.push((1, text, canvas.style(Role::Accent)));
    }
    parts
}

/// Returns what is queued, not sent, marked or exported, or else the account.
fn other_parts(scene: Scene<'_>, canvas: &Canvas<'_>, glyphs: Glyphs, detail: Detail) -> Vec<Part> {
    let (dot, accent) = (glyphs.dot(), canvas.style(Role::Accent));
    let mut parts = Vec::new();
    let queued = scene.account.queued_count();
    if queued > 0 && scene.account.connection != ConnectionState::Online {
        parts.push((1, format!("{dot} {queued} queued"), canvas.style(Role::Warning)));
    }
    let unsent = scene.account.unsent_count();
    if unsent > 0 {
        parts.push((1, format!("{dot} {unsent} not sent"), canvas.style(Role::Error)));
    }
    let marked = scene.ui.pane.marked.len();
    if marked > 0 {
        parts.push((1, format!("{dot} {marked} marked"), accent));
    } else if let Some(export) = &scene.account.export {
        parts.push((1, format!("{dot} {}", transfer::export_line(scene, export)), accent));
    } else if scene.ui.regions.divider.width > 0 && scene.ui.tile().is_none() && detail == Detail::Full {
        let profile = &scene.account.profile;
        let mut account = if profile.label.is_empty() {
            format!("{} {dot} {}", profile.user, profile.name)
        } else {
            profile.label.clone()
        };
        if scene.account.persistence.problem().is_some() {
            account.push_str(&format!(" {dot} not saved to disk"));
        }
        parts.push((2, account, canvas.style(Role::Dim)));
    }
    parts
}

/// The hints that fit.
pub(super) struct HintLine {
    pub(super) text: String,
    /// Number of hints besides the way out.
    count: usize,
}

/// Joins the hints that fit into so many cells, the first ones and the way out, with an ellipsis for the others.
pub(super) fn hint_line(hints: &[(Action, String)], glyphs: Glyphs, width: u16) -> Option<HintLine> {
    let is_way_out = |action: Action| matches!(action, Action::Cancel | Action::CompletionClose);
    let separator = format!(" {} ", glyphs.dot());
    let lines = (0..=hints.len()).rev().map(|count| {
        let (shown, others) = hints.split_at(count);
        let way_out = others.iter().find(|(action, _)| is_way_out(*action));
        let is_cut = others.len() > usize::from(way_out.is_some());
        let shown = shown.iter().chain(way_out).map(|(_, hint)| hint.as_str());
        let mut parts: Vec<&str> = shown.collect();
        if is_cut && !parts.is_empty() {
            parts.insert(count, glyphs.dots());
        }
        HintLine { text: parts.join(&separator), count }
    });
    lines.into_iter().find(|line| !line.text.is_empty() && cells(&line.text) <= width)
}

/// The state of the connection in as few cells as possible.
fn short_status(scene: Scene<'_>, glyphs: Glyphs, status: String) -> String {
    if scene.terminal.notice.is_some() {
        return status.chars().take(1).collect();
    }
    match &scene.account.connection {
        ConnectionState::Online => match connection::seconds_of_silence(scene) {
            Some(seconds) => format!("{} {seconds} s?", glyphs.online()),
            None => glyphs.online().to_owned(),
        },
        ConnectionState::Connecting { .. } => format!("{} {}", glyphs.offline(), glyphs.dots()),
        ConnectionState::Offline { .. } => {
            let seconds = connection::seconds_to_retry(scene).unwrap_or_default();
            format!("{} {seconds} s", glyphs.offline())
        }
        ConnectionState::Refused { .. } => status,
    }
}

/// The state of the connection, and its style.
pub(super) fn connection_status(scene: Scene<'_>, canvas: &Canvas<'_>, glyphs: Glyphs) -> (String, Style) {
    match &scene.account.connection {
        ConnectionState::Connecting { .. } => {
            (format!("{} Connecting{}", glyphs.offline(), glyphs.dots()), canvas.style(Role::Warning))
        }
        ConnectionState::Online => match connection::seconds_of_silence(scene) {
            Some(seconds) => {
                let text = format!("{} Online {} no response for {seconds} s", glyphs.online(), glyphs.dot());
                (text, canvas.style(Role::Warning))
            }
            None => (format!("{} Online", glyphs.online()), canvas.style(Role::Success)),
        },
        ConnectionState::Offline { .. } => {
            let seconds = connection::seconds_to_retry(scene).unwrap_or_default();
            let mut text = format!("{} Reconnecting in {seconds} s", glyphs.offline());
            // After a successful connection the settings are right, so advice about them would mislead.
            if scene.ui.open.is_some() && scene.terminal.notice.is_none() && !scene.account.was_online {
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
