//! The title of the open room, who is there, and the lines around it.

use crate::app::{Area, State};
use crate::config::Role;
use crate::domain::{Presence, Room};

use super::canvas::Canvas;
use super::glyphs::Glyphs;
use super::words;

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
    let end = canvas.put_right(inner, inner.y, &words, style);
    let title = canvas.style(Role::Title);
    canvas.put(inner.x, inner.y, &room.info.title, end.saturating_sub(inner.x + 1), title);
}

fn beside(state: &State, canvas: &Canvas<'_>, room: &Room) -> (String, ratatui::style::Style) {
    let dim = canvas.style(Role::Dim);
    if let Some(peer) = state.peer(room) {
        let words = words::presence(peer, state.now).into_owned();
        let online = peer.presence(state.now) == Presence::Online;
        return (words, if online { canvas.style(Role::Success) } else { dim });
    }
    match room.info.participants.len() {
        0 => (String::new(), dim),
        1 => ("1 member".to_owned(), dim),
        count => (format!("{count} members"), dim),
    }
}
