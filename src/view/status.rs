//! The status line: the connection in words, who one is, and what the keys do here.

use ratatui::style::Style;

use crate::app::{Area, ConnectionState, Focus, ListTarget, Overlay, State, links_of, members_offer};
use crate::config::Role;
use crate::input::Action;
use crate::text::clip;

use super::canvas::{Canvas, cells};
use super::glyphs::Glyphs;
use super::words;

/// Columns of a host among the hints.
const HOST: usize = 30;

pub(super) fn paint(state: &State, canvas: &mut Canvas<'_>, glyphs: Glyphs) {
    let area = state.areas.status;
    if area.height == 0 {
        return;
    }
    let inner = Area { x: area.x + 1, width: area.width.saturating_sub(2), ..area };
    let (mut link, style) = link(state, canvas, glyphs);
    if let Some(at) = state.keeping.as_of() {
        // What came from disk, until the server has said it anew.
        let at = at.short(state.now, &state.options.zone);
        link.push_str(&format!(" {} as of {at}", glyphs.dot()));
    }
    let mut x = canvas.put(inner.x, inner.y, &link, inner.width, style);
    let end = inner.x + inner.width;
    let unread = state.rooms.iter().filter(|room| room.unread.any()).count();
    if unread > 0 && state.areas.rooms.height == 0 {
        // The list is not on screen to say so.
        let style = canvas.style(Role::Unread);
        let text = format!("{} {unread} unread", glyphs.dot());
        x = canvas.put(x + 1, inner.y, &text, end.saturating_sub(x + 1), style);
    }
    if let Some(notice) = &state.notice {
        let accent = canvas.style(Role::Warning);
        canvas.put(x + 2, inner.y, &notice.text, end.saturating_sub(x + 2), accent);
        return;
    }
    let dim = canvas.style(Role::Dim);
    let waiting = state.waiting();
    let words = format!("{} {waiting} waiting", glyphs.dot());
    if waiting > 0 && state.account.connection != ConnectionState::Online && x + 1 + cells(&words) <= end {
        x = canvas.put(x + 1, inner.y, &words, end - (x + 1), canvas.style(Role::Warning));
    }
    if state.areas.divider.width > 0 {
        let mut who = format!("{} {} {}", state.options.user, glyphs.dot(), state.options.profile);
        if state.keeping.problem().is_some() {
            who.push_str(&format!(" {} not kept on disk", glyphs.dot()));
        }
        x = canvas.put(x + 2, inner.y, &who, end.saturating_sub(x + 2), dim);
    }
    // Hints that do not fit are left out whole, from the end.
    let hints = hints(state);
    let separator = format!(" {} ", glyphs.dot());
    for count in (1..=hints.len()).rev() {
        let line = hints[..count].join(&separator);
        if x + 3 + cells(&line) <= end {
            canvas.put_right(inner, inner.y, &line, dim);
            break;
        }
    }
}

fn link(state: &State, canvas: &Canvas<'_>, glyphs: Glyphs) -> (String, Style) {
    match &state.account.connection {
        ConnectionState::Connecting { .. } => {
            (format!("{} connecting{}", glyphs.offline(), glyphs.dots()), canvas.style(Role::Warning))
        }
        ConnectionState::Online => (format!("{} online", glyphs.online()), canvas.style(Role::Success)),
        ConnectionState::Offline { retry_at, .. } => {
            let seconds = ((*retry_at - state.now).max(0) + 999) / 1000;
            let mut text = format!("{} offline {} retry in {seconds} s", glyphs.offline(), glyphs.dot());
            // An address that worked a moment ago is not what is wrong.
            if state.open.is_some() && state.notice.is_none() && !state.account.was_online {
                text.push_str(&what_to_do(state, glyphs));
            }
            (text, canvas.style(Role::Error))
        }
        ConnectionState::Refused { .. } => {
            (format!("{} refused{}", glyphs.offline(), what_to_do(state, glyphs)), canvas.style(Role::Error))
        }
    }
}

/// As much of the reason for an outage as has no row of its own.
fn what_to_do(state: &State, glyphs: Glyphs) -> String {
    let rest = words::outage(state).map_or("", |(_, rest)| rest);
    if rest.is_empty() { String::new() } else { format!(" {} {rest}", glyphs.dot()) }
}

/// What the keys do here, the most useful first; only what can be done.
fn hints(state: &State) -> Vec<String> {
    let keymap = &state.options.keymap;
    let hint = |action: Action, word: &str| format!("{} {word}", keymap.shown(action));
    match (&state.overlay, state.focus) {
        (Some(Overlay::Question(_)), _) => vec![hint(Action::Yes, "yes"), hint(Action::No, "no")],
        (Some(Overlay::List(list)), _) => {
            let enter = list.chosen().and_then(|row| goes_to(state, &row.target));
            let enter = enter.map(|word| hint(Action::Confirm, word));
            let member = members_offer(state, list).map(|(action, word)| hint(action, word));
            enter.into_iter().chain([hint(Action::Cancel, "close")]).chain(member).collect()
        }
        (Some(Overlay::Search(search)), _) => {
            let enter = (!search.hits.is_empty()).then(|| hint(Action::Confirm, "go to"));
            let scope = if search.room.is_some() { "all rooms" } else { "this room" };
            let scope = state.open.is_some().then(|| hint(Action::SearchScope, scope));
            [enter, Some(hint(Action::Cancel, "back")), scope].into_iter().flatten().collect()
        }
        (Some(_), _) => vec![hint(Action::Cancel, "close")],
        (None, Focus::Message(slot)) => {
            let Some(room) = state.open_room() else { return Vec::new() };
            let message = room.timeline.get(slot);
            let opens = match links_of(message).as_slice() {
                // Where it really leads, before it is gone to.
                [link] => format!("open {}", clip(&link.shown_host(), HOST)),
                links => format!("open one of {} links", links.len()),
            };
            let all = [
                (Action::MessageRetry, "send again"),
                (Action::MessageDiscard, "take back"),
                (Action::MessageOpen, &opens),
                (Action::FoundOlder, "older hit"),
                (Action::MessageReply, "reply"),
                (Action::MessageForward, "send on"),
                (Action::MessageEdit, "edit"),
                (Action::MessageDelete, "delete"),
                (Action::MessageQuoted, "quoted"),
                (Action::MessageStar, if message.starred { "unstar" } else { "star" }),
                (Action::MessageSeenBy, "seen by"),
                (Action::MessageCopy, "copy"),
                (Action::MessageCopyLink, "copy link"),
                (Action::MessageDeleteForMe, "delete for me"),
                (Action::Cancel, "back"),
            ];
            let offered = all.into_iter().filter(|(action, _)| state.offers_on(message, *action));
            offered.map(|(action, word)| hint(action, word)).collect()
        }
        (None, Focus::Rooms(_)) => vec![hint(Action::Confirm, "open"), hint(Action::Cancel, "back")],
        (None, Focus::Composer) => {
            let quit = hint(Action::Quit, "quit");
            let is_cut_off = matches!(state.account.connection, ConnectionState::Offline { .. });
            let now = is_cut_off.then(|| hint(Action::Reconnect, "try now"));
            now.into_iter().chain([hint(Action::Switcher, "go to"), hint(Action::Help, "help"), quit]).collect()
        }
    }
}

/// What Enter does with a row of a list, if anything.
fn goes_to(state: &State, target: &ListTarget) -> Option<&'static str> {
    match target {
        ListTarget::Nothing => None,
        ListTarget::Member(member) if state.is_me(&member.person.id) => None,
        ListTarget::Member(_) | ListTarget::Person(_) => Some("chat"),
        ListTarget::Room(_) => Some("open"),
        ListTarget::Message(..) => Some("go to"),
        ListTarget::Link { open: true, .. } => Some("open it"),
        ListTarget::Link { open: false, .. } => Some("copy it"),
    }
}
