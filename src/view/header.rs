//! The title of the open room, who is there, and the lines around it.

use std::borrow::Cow;

use ratatui::style::Style;

use crate::app::{Area, ConnectionState, State};
use crate::config::Role;
use crate::domain::{MemberRole, Presence, Room};

use super::canvas::{Canvas, cells};
use super::glyphs::Glyphs;
use super::words;

/// With fewer cells than this to spare, what the room is about is left out.
const LEAST: u16 = 12;

pub(super) fn paint(state: &State, canvas: &mut Canvas<'_>, glyphs: Glyphs) {
    let areas = &state.areas;
    let border = canvas.style(Role::Border);
    for rule in [areas.header_rule, areas.composer_rule] {
        if rule.height > 0 {
            canvas.rule(rule, rule.y, glyphs.horizontal(), border);
        }
    }
    let inner = Area { x: areas.header.x + 1, width: areas.header.width.saturating_sub(2), ..areas.header };
    let Some(room) = state.open_room().filter(|_| inner.height > 0) else { return };
    let (words, style) = beside(state, canvas, room);
    let separator = format!(" {} ", glyphs.dot());
    // What does not fit beside the title is left out, from the end; who is there always stands.
    let fits = |words: &[Cow<'_, str>]| cells(&room.info.title) + 1 + cells(&words.join(&separator)) <= inner.width;
    let count = (1..=words.len()).rev().find(|count| fits(&words[..*count])).unwrap_or(1);
    let words = words[..count.min(words.len())].join(&separator);
    let end = canvas.put_right(inner, inner.y, &words, style);
    let title = canvas.style(Role::Title);
    let x = canvas.put(inner.x, inner.y, &room.info.title, end.saturating_sub(inner.x + 1), title) + 2;
    if let Some(about) = room.membership.description.as_deref().filter(|about| **about != *room.info.title)
        && end.saturating_sub(x) > LEAST
    {
        let dim = canvas.style(Role::Dim);
        // One line of it: the header has no more.
        canvas.put(x, inner.y, about.lines().next().unwrap_or_default(), end - x - 2, dim);
    }
}

fn beside<'a>(state: &State, canvas: &Canvas<'_>, room: &'a Room) -> (Vec<Cow<'a, str>>, Style) {
    let mut style = canvas.style(Role::Dim);
    let mut words: Vec<Cow<'_, str>> = Vec::new();
    if let Some(peer) = state.peer(room) {
        words.push(words::presence_words(state, peer));
        if words::presence(state, peer) == Presence::Online {
            style = canvas.style(Role::Success);
        }
    } else {
        words.push(members(room, state.account.connection == ConnectionState::Online));
    }
    words.extend(room.membership.role.filter(|role| *role > MemberRole::Member).map(|role| role.word().into()));
    words.extend(room.info.muted.then_some("muted".into()));
    words.extend(room.info.archived.then_some("put away".into()));
    words.retain(|word| !word.is_empty());
    (words, style)
}

fn members(room: &Room, connected: bool) -> Cow<'static, str> {
    let told = room.membership.members.map_or(room.info.participants.len(), |members| members as usize);
    let online = room.membership.online.filter(|_| connected);
    match (told, online.unwrap_or_default()) {
        (0, _) => "".into(),
        (1, 0) => "1 member".into(),
        (count, 0) => format!("{count} members").into(),
        (1, online) => format!("1 member, {online} online").into(),
        (count, online) => format!("{count} members, {online} online").into(),
    }
}
