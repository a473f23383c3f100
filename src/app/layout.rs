//! Where things are on the screen, and which rows of the messages are on it.

use crate::text::wrap;

use super::areas::{Area, Areas, PROMPT};
use super::blocks::Frame;
use super::call::Call;
use super::overlay::Overlay;
use super::search::Reach;
use super::state::{Damage, Focus, State};

/// Below this width there is one pane at a time.
const TWO_PANES: u16 = 72;
/// Below this height there are no lines between the parts.
const RULES: u16 = 18;
/// Below this height nothing stands between the messages of different authors.
const AIRY: u16 = 20;
/// Below this many rows beside the status line a call has none.
const ROWS_WITH_CALL: u16 = 3;

/// Settles where things are and which rows are on screen. Doing it again changes nothing.
pub fn layout(state: &mut State) {
    let mut areas = split(state);
    let cells = areas.composer_cells();
    let cursor_row = state.composer.cursor(cells).0;
    areas.first_composer_row = (cursor_row + 1).saturating_sub(usize::from(areas.composer.height).max(1));
    areas.first_room = first_room(state, &areas);
    if areas != state.areas {
        state.damage = Damage::Everything;
    }
    state.areas = areas;
    let help = matches!(state.overlay, Some(Overlay::Help { .. })).then(|| super::help::help_lines(state).len());
    if let Some((Overlay::Help { scroll }, lines)) = state.overlay.as_mut().zip(help) {
        *scroll =
            (*scroll).min(lines.saturating_sub(usize::from(state.size.height.saturating_sub(4 + areas.call.height))));
    }
    let noted = state.search_reach() != Reach::Disk;
    match &mut state.overlay {
        Some(Overlay::List(list)) => list.settle(state.size),
        Some(Overlay::Search(search)) => search.settle(state.size, areas.call.height, noted),
        _ => {}
    }
    let Some(room) = state.open.as_ref().and_then(|id| state.rooms.get(id)) else {
        state.pane.rows.clear();
        return;
    };
    let waiting = state.waiting_in(room);
    state.pane.settle(Frame {
        room,
        waiting: &waiting,
        cells: areas.body_cells(),
        height: areas.messages.height.into(),
        zone: &state.options.zone,
        airy: state.size.height >= AIRY,
    });
}

fn split(state: &State) -> Areas {
    let mut areas = Areas::default();
    let mut rest = Area { x: 0, y: 0, width: state.size.width, height: state.size.height };
    areas.status = rest.take_bottom(1);
    // Above everything, so that it is seen in every room; on a screen without a row to spare, what is written comes first.
    if state.call.as_ref().is_some_and(Call::is_shown) && rest.height >= ROWS_WITH_CALL {
        areas.call = rest.take_top(1);
    }
    if rest.width < TWO_PANES {
        if matches!(state.focus, Focus::Rooms(_)) {
            areas.rooms = rest;
            return areas;
        }
    } else {
        areas.rooms = rest.take_left((state.size.width * 3 / 10).clamp(24, 38));
        areas.divider = rest.take_left(1);
    }
    let rules = u16::from(state.size.height >= RULES);
    areas.composer.width = rest.width;
    let wanted = match state.closed().filter(|_| state.composer.is_empty()) {
        Some(why) => wrap(&why, usize::from(areas.composer.width.saturating_sub(PROMPT)).max(1)).len(),
        None => state.composer.rows(areas.composer_cells()).len(),
    };
    let most = (rest.height / 3).max(1);
    let composer = u16::try_from(wanted).unwrap_or(most).clamp(1, most);
    areas.header = rest.take_top(1);
    areas.header_rule = rest.take_top(rules);
    areas.composer = rest.take_bottom(composer);
    areas.composer_rule = rest.take_bottom(rules);
    areas.typing = rest.take_bottom(1);
    areas.messages = rest;
    areas
}

/// Keeps the list where it is, as far as the room that matters stays on screen.
fn first_room(state: &State, areas: &Areas) -> usize {
    let shown = areas.rooms_shown();
    let last_first = state.rooms.len().saturating_sub(shown);
    let focused = match state.focus {
        Focus::Rooms(place) => Some(place),
        Focus::Composer | Focus::Message(_) => state.open.as_ref().and_then(|open| state.rooms.place(open)),
    };
    let first = state.areas.first_room.min(last_first);
    match focused {
        Some(place) if place < first => place,
        Some(place) if shown > 0 && place >= first + shown => place + 1 - shown,
        _ => first,
    }
}
