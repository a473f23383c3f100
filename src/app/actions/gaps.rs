//! Fetching messages that are missing.

use crate::app::blocks::PaneRow;
use crate::app::effect::Effect;
use crate::app::gone;
use crate::app::state::{ConnectionState, State};
use crate::domain::{Filling, Gap, Room, RoomId};

use super::rooms;

/// So many pages are fetched at a time.
const PAGES: u32 = 100;

/// Fetches what is missing nearest to the end of the screen, or else the newest of what is missing.
pub(in crate::app) fn fill(state: &mut State, effects: &mut Vec<Effect>) {
    let Some(room) = state.open_room() else {
        state.say("There is no chat open.");
        return;
    };
    let id = room.info.id.clone();
    if room.is_gone() {
        gone::say_closed(state);
    } else if state.account.connection != ConnectionState::Online {
        state.say("There is no connection to fetch messages with. Try again when there is.");
    } else if room.misses_newest() {
        rooms::unstick(state);
        rooms::ask_history(state, &id, 1, None, effects);
    } else if room.history.loading.is_some() {
        state.say("Messages are being fetched already.");
    } else if let Some(gap) = nearest(state) {
        let filling = Filling { after: gap.after.0.clone(), pages: PAGES };
        ask(state, &id, None, filling, effects);
    } else {
        state.say("No messages are missing here.");
    }
}

/// A page came that was fetched for a gap: the next one follows if it takes more.
pub(in crate::app) fn go_on(state: &mut State, id: &RoomId, page: u32, filling: Filling, effects: &mut Vec<Effect>) {
    let is_open = |room: &Room| room.history.gaps.iter().any(|gap| gap.after.0 == filling.after);
    if !state.rooms.get(id).is_some_and(is_open) {
        try_again(state, id, effects);
    } else if filling.pages > 0 {
        ask(state, id, Some(page + 1), filling, effects);
    }
}

/// What could not be fetched before is tried again: a connection has just shown that it works.
pub(in crate::app) fn try_again(state: &mut State, id: &RoomId, effects: &mut Vec<Effect>) {
    let Some(room) = state.rooms.get_mut(id) else { return };
    let Some(gap) = room.history.gaps.iter_mut().rev().find(|gap| gap.again) else { return };
    gap.again = false;
    let filling = Filling { after: gap.after.0.clone(), pages: PAGES };
    ask(state, id, None, filling, effects);
}

/// Asks for the page above the end of a gap; by number it is `page`, when one has come before it.
fn ask(state: &mut State, id: &RoomId, page: Option<u32>, filling: Filling, effects: &mut Vec<Effect>) {
    let page_size = state.account.capabilities.map_or(1, |can| can.page_size);
    let Some(room) = state.rooms.get_mut(id) else { return };
    let Some(gap) = room.history.gaps.iter().find(|gap| gap.after.0 == filling.after) else { return };
    let before = room.timeline.get(gap.before).id.clone();
    let page = page.unwrap_or_else(|| room.page_before(gap.before, page_size));
    room.history.filling = Some(Filling { pages: filling.pages - 1, ..filling });
    rooms::ask_history(state, id, page, before, effects);
}

fn nearest(state: &State) -> Option<&Gap> {
    let room = state.open_room()?;
    let on_screen = state.pane.rows.iter().rev().find_map(|row| match row {
        PaneRow::Missing(Some(slot)) => room.gap_above(*slot),
        _ => None,
    });
    on_screen.or_else(|| room.history.gaps.iter().max_by_key(|gap| room.timeline.position(gap.before)))
}
