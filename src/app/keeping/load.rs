//! The start from disk: what was kept is on screen before the server has said a word.

use crate::app::access;
use crate::app::actions::rooms;
use crate::app::effect::Effect;
use crate::app::gone;
use crate::app::outbox;
use crate::app::overlay::Overlay;
use crate::app::state::State;
use crate::domain::{Message, Room, RoomId};
use crate::store::{Edge, KeptRoom, Past, Snapshot};

use super::drafts;
use super::record::KeptFacts;

/// Takes what was on disk. What the server has said already wins.
pub(in crate::app) fn on_loaded(state: &mut State, snapshot: Snapshot, effects: &mut Vec<Effect>) {
    if !state.keeping.on || state.keeping.loaded {
        return;
    }
    state.keeping.loaded = true;
    state.keeps = state.keeping.problem.is_none();
    let kept_as = snapshot.me.as_ref().map(|me| me.id.clone());
    if state.account.me.is_some() && kept_as.is_some() && kept_as != state.account.me {
        // Somebody else's: nothing of it is of any use, but for what the user wrote.
        state.keeping.forget = true;
        drafts::restore(state, snapshot.drafts);
        outbox::restore_disowned(state, snapshot.outbox, effects);
        return;
    }
    if let Some(me) = snapshot.me {
        state.people.recall(me.clone());
        if state.account.me.is_none() {
            state.account.me = Some(me.id.clone());
            state.keeping.provisional = true;
        }
        state.keeping.me = Some(me);
    }
    state.keeping.restored = !snapshot.rooms.is_empty();
    state.keeping.as_of = snapshot.heard_at.filter(|_| state.keeping.restored);
    state.keeping.opened = snapshot.opened;
    for person in snapshot.people {
        state.people.recall(person);
    }
    for room in snapshot.rooms {
        restore_room(state, room);
    }
    for (room, past) in snapshot.pasts {
        restore_past(state, &room, past);
    }
    drafts::restore(state, snapshot.drafts);
    outbox::restore(state, snapshot.outbox, effects);
    gone::recall(state, effects);
    open(state, effects);
}

fn restore_room(state: &mut State, KeptRoom { info, unread, read }: KeptRoom) {
    let id = info.id.clone();
    let facts = KeptFacts { info: Some(info.clone()), read, unread, ..KeptFacts::default() };
    state.keeping.rooms.insert(id.clone(), facts);
    if state.rooms.get(&id).is_none() {
        state.rooms.insert(Room { unread, touched: false, ..Room::new(info) });
    }
}

fn restore_past(state: &mut State, id: &RoomId, Past { messages, edge }: Past) {
    let me = state.account.me.clone();
    let Some(room) = state.rooms.get_mut(id).filter(|room| room.timeline.accepted_len() == 0) else { return };
    let newest = messages.last().and_then(|last| Some((last.id.clone()?, last.sent_at)));
    room.timeline.restore(messages, me.as_ref());
    // What was said since is fetched until it meets this.
    room.history.resume_from = newest;
    let complete = edge == Edge::Start;
    room.history.complete = complete;
    if let Some(kept) = state.keeping.rooms.get_mut(id) {
        kept.complete = complete;
    }
    state.rooms.touch(id);
}

/// Takes a piece of the past that was asked for.
pub(super) fn take_past(state: &mut State, id: &RoomId, messages: Vec<Message>, edge: Edge) {
    let me = state.account.me.clone();
    let Some(room) = state.rooms.get_mut(id) else { return };
    if room.timeline.accepted_len() == 0 {
        return restore_past(state, id, Past { messages, edge });
    }
    room.timeline.restore(messages, me.as_ref());
    if edge == Edge::Start {
        room.history.complete = true;
        if let Some(kept) = state.keeping.rooms.get_mut(id) {
            kept.complete = true;
        }
    }
}

/// Opens the room that was asked for, or else the one that was on screen when the program ended.
fn open(state: &mut State, effects: &mut Vec<Effect>) {
    if state.open.is_some() {
        return;
    }
    let known = |id: &&RoomId| state.rooms.get(id).is_some();
    let id = match &state.options.room {
        // One that is not here may be in the server's list.
        Some(wanted) => rooms::find(state, wanted),
        None => state.keeping.opened.as_ref().filter(known).or_else(|| state.rooms.ids().first()).cloned(),
    };
    let Some(id) = id else { return };
    state.options.room = None;
    // What was begun before any room was there follows what waits in it.
    let begun = std::mem::take(&mut state.composer);
    access::keep(state, &id, begun);
    rooms::open(state, &id, effects);
}

/// All that came from the server is void: the account is another one. Says whether who we were was only what was kept.
pub(in crate::app) fn forget_history(state: &mut State) -> bool {
    let keeping = &mut state.keeping;
    let provisional = std::mem::take(&mut keeping.provisional);
    keeping.forget = keeping.on;
    keeping.rooms.clear();
    keeping.asked.clear();
    keeping.strays.clear();
    (keeping.me, keeping.opened, keeping.as_of) = (None, None, None);
    keeping.restored = false;
    state.people.soil();
    state.searched = None;
    state.overlay.take_if(|overlay| matches!(overlay, Overlay::Search(_)));
    provisional
}
