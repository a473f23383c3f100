//! What follows from the rows being on screen: older pages are asked for, and messages count as seen.

use crate::domain::Request;

use super::actions::messages::{awaits_receipt, needs_receipt, read_through, shows_newest};
use super::actions::people::who_is;
use super::actions::rooms::ask_history;
use super::effect::Effect;
use super::keeping;
use super::memory;
use super::state::{ConnectionState, State};

/// How long a message is on screen before it counts as seen, in milliseconds: what only rushes past was not read.
const SEEN_AFTER: i64 = 300;

/// Older messages are asked for when fewer than this are left above the screen.
pub(super) const MESSAGES_AHEAD: usize = 20;

pub(super) fn on_drawn(state: &mut State, effects: &mut Vec<Effect>) {
    memory::tidy(state);
    report_arrived(state, effects);
    ask_for_older(state, effects);
    ask_for_peers(state, effects);
    let reading = state.focused && state.account.connection == ConnectionState::Online;
    if state.seen_at.is_none() && reading && state.overlay.is_none() && something_unseen(state) {
        state.seen_at = Some(state.now + SEEN_AFTER);
    }
}

/// Tells the senders of what came since the last frame that it is here, once a room: a burst is one report.
fn report_arrived(state: &mut State, effects: &mut Vec<Effect>) {
    let rooms = std::mem::take(&mut state.arrived);
    if state.account.connection == ConnectionState::Online {
        effects.extend(rooms.into_iter().map(|room| state.ask(Request::Delivered { room })));
    }
}

fn ask_for_older(state: &mut State, effects: &mut Vec<Effect>) {
    let on_disk = keeping::ask_disk(state, effects);
    let page_size = state.account.capabilities.map_or(1, |can| can.page_size);
    if state.account.connection != ConnectionState::Online {
        return;
    }
    let Some(room) = state.open_room() else { return };
    let newest = room.needs_newest_page();
    let older = room.next_older_page(page_size).filter(|_| !on_disk && state.pane.above < MESSAGES_AHEAD);
    let Some(page) = newest.then_some(1).or(older) else { return };
    // By number an older page may be the first again, after deletions; by place it never is.
    let (id, before) = (room.info.id.clone(), room.older_than().filter(|_| !newest));
    ask_history(state, &id, page, before, effects);
}

/// Asks who the other side of each chat in the list is, for the glyph beside it: once, and again after a heartbeat.
fn ask_for_peers(state: &mut State, effects: &mut Vec<Effect>) {
    let online = state.account.connection == ConnectionState::Online;
    let Some(me) = state.account.me.clone().filter(|_| online) else { return };
    let shown = state.rooms.iter().skip(state.areas.first_room).take(state.areas.rooms_shown());
    let peers = shown.filter_map(|room| room.peer(&me));
    let unknown: Vec<_> = peers.filter(|peer| !state.people.was_asked(peer)).cloned().collect();
    for id in unknown {
        state.people.note_asked(id.clone());
        effects.extend(who_is(state, id));
    }
}

fn something_unseen(state: &State) -> bool {
    let Some(room) = state.open_room().filter(|room| !room.is_gone()) else { return false };
    if state.counts_rooms() {
        return awaits_receipt(room) && shows_newest(state, room);
    }
    read_through(state, room).any(|slot| needs_receipt(state, room, slot))
        || (room.unread.any() && shows_newest(state, room))
}
