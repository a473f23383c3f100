//! Pages of messages.

use crate::app::actions::rooms::{ask_history, find_new, place_new_line};
use crate::app::effect::Effect;
use crate::app::pane::Pane;
use crate::app::state::{Focus, State};
use crate::domain::{Arrival, MessageInfo, RoomId};

use super::authorship;

/// So many pages are fetched to close a gap. A longer one is not worth the wait: what lies before it is forgotten
/// here, and comes back when one scrolls up to it.
const GAP_PAGES: u32 = 400;

pub(super) fn on_history(
    state: &mut State,
    id: &RoomId,
    page: u32,
    pages: u32,
    mut messages: Vec<MessageInfo>,
    effects: &mut Vec<Effect>,
) {
    for message in &mut messages {
        if let Some(author) = message.author_info.take() {
            state.people.learn(*author);
        }
    }
    for message in &messages {
        // The timeline keeps what it has of it.
        authorship::disowns(state, id, &message.id, &message.author, "a page", effects);
    }
    let me = state.account.me.clone();
    // Where every message carries the identity of its send, none is ever recognised by its text.
    let nameless = me.as_ref().filter(|_| !state.keeps_locals());
    let open = state.open.as_ref() == Some(id);
    let Some(room) = state.rooms.get_mut(id) else { return };
    if room.history.loading == Some(page) {
        room.history.loading = None;
    }
    let last_page = page >= pages || messages.is_empty();
    let newest = messages.last().map(|message| (message.id.clone(), message.sent_at));
    let oldest = messages.first().map(|message| (message.id.clone(), message.sent_at));
    let arrival = if page == 1 { Arrival::Newest } else { Arrival::Older };
    let last_known = room.timeline.last_settled().map(|last| last.sent_at);
    let is_news = |message: &MessageInfo| Some(&message.author) != me.as_ref() && Some(message.sent_at) > last_known;
    room.news |= last_known.is_some() && messages.iter().any(is_news);
    let new = room.timeline.merge_page(messages, arrival, nameless);
    state.outbox.retain(|local| !room.timeline.is_confirmed(local));
    room.history.stuck = false;
    if page == 1 && open && state.second_look.is_some() {
        room.history.unsure_after = newest;
    }
    // The newest page of a room that was left meanwhile says nothing of what was said in it since.
    room.history.fresh |= page == 1 && open;
    room.history.barren = if new == 0 { page } else { 0 };
    room.history.complete |= last_page;
    if let Some((_, missed_after)) = &room.history.resume_from {
        let met = last_page || oldest.as_ref().is_none_or(|(_, at)| at <= missed_after);
        if met {
            room.history.resume_from = None;
        } else if page < GAP_PAGES {
            // What came may be newer than what the list has of this room.
            state.rooms.touch(id);
            return ask_history(state, id, page + 1, oldest.map(|(oldest, _)| oldest), effects);
        } else if let Some((oldest, _)) = oldest {
            room.timeline.forget_before(&oldest);
            room.history.resume_from = None;
            room.history.complete = false;
            room.forget_new();
            room.notes.clear();
            if open {
                state.pane = Pane::default();
                state.focus = Focus::Composer;
            }
        }
    }
    state.rooms.touch(id);
    if open {
        if page == 1 {
            find_new(state);
        }
        place_new_line(state);
    }
}
