//! Puts stored rooms and messages into the state.

use crate::app::model::context::Context;
use crate::app::model::persistence::KeptFacts;
use crate::app::overlays::overlay::Overlay;
use crate::domain::{Message, Room, RoomId};
use crate::store::{Edge, KeptRoom, Past};

pub(in crate::app) fn restore_room(cx: &mut Context<'_>, KeptRoom { info, unread, read }: KeptRoom) {
    let id = info.id.clone();
    let facts = KeptFacts { info: Some(info.clone()), read, unread, ..KeptFacts::default() };
    cx.account.persistence.rooms.insert(id.clone(), facts);
    if cx.account.rooms.get(&id).is_none() {
        cx.account.rooms.insert(Room { unread, dirty: false, ..Room::new(info) });
    }
}

pub(in crate::app) fn restore_past(cx: &mut Context<'_>, id: &RoomId, Past { messages, edge }: Past) {
    let me = cx.account.me.clone();
    let Some(room) = cx.account.rooms.get_mut(id).filter(|room| room.timeline.accepted_len() == 0) else { return };
    let newest = messages.last().and_then(|last| Some((last.id.clone()?, last.sent_at)));
    room.timeline.restore(messages, me.as_ref());
    // What was said since is fetched until it meets this.
    room.history.resume_from = newest;
    let complete = edge == Edge::Start;
    room.history.complete = complete;
    if let Some(kept) = cx.account.persistence.rooms.get_mut(id) {
        kept.complete = complete;
    }
    cx.account.rooms.touch(id);
}

/// Takes a piece of the past that was asked for.
pub(in crate::app) fn take_past(cx: &mut Context<'_>, id: &RoomId, messages: Vec<Message>, edge: Edge) {
    let me = cx.account.me.clone();
    let Some(room) = cx.account.rooms.get_mut(id) else { return };
    if room.timeline.accepted_len() == 0 {
        return restore_past(cx, id, Past { messages, edge });
    }
    room.timeline.restore(messages, me.as_ref());
    if edge == Edge::Start {
        room.history.complete = true;
        if let Some(kept) = cx.account.persistence.rooms.get_mut(id) {
            kept.complete = true;
        }
    }
}

/// All that came from the server is void: the account is another one. Says whether who we were was only what was kept.
pub(in crate::app) fn forget_history(cx: &mut Context<'_>) -> bool {
    let keeping = &mut cx.account.persistence;
    let provisional = std::mem::take(&mut keeping.provisional);
    keeping.forget = keeping.on;
    keeping.rooms.clear();
    keeping.asked.clear();
    keeping.strays.clear();
    (keeping.me, keeping.opened, keeping.as_of) = (None, None, None);
    keeping.restored = false;
    cx.account.people.soil();
    cx.ui.searched = None;
    cx.ui.overlay.take_if(|overlay| matches!(overlay, Overlay::Search(_)));
    provisional
}
