//! The start from disk: what was kept is on screen before the server has said a word.

use crate::app::access;
use crate::app::actions::rooms;
use crate::app::context::Context;
use crate::app::gone;
use crate::app::outbox;
use crate::app::overlay::Overlay;
use crate::domain::{Message, Room, RoomId};
use crate::store::{Edge, KeptRoom, Past, Snapshot};

use super::drafts;
use super::record::KeptFacts;

/// Takes what was on disk. What the server has said already wins.
pub(in crate::app) fn on_loaded(cx: &mut Context<'_>, snapshot: Snapshot) {
    if !cx.account.persistence.on || cx.account.persistence.loaded {
        return;
    }
    cx.account.persistence.loaded = true;
    cx.account.drafts_are_durable = cx.account.persistence.problem.is_none();
    let kept_as = snapshot.me.as_ref().map(|me| me.id.clone());
    if cx.account.me.is_some() && kept_as.is_some() && kept_as != cx.account.me {
        // Somebody else's: nothing of it is of any use, but for what the user wrote.
        cx.account.persistence.forget = true;
        drafts::restore(cx, snapshot.drafts);
        outbox::restore_disowned(cx, snapshot.outbox);
        return;
    }
    if let Some(me) = snapshot.me {
        cx.account.people.recall(me.clone());
        if cx.account.me.is_none() {
            cx.account.me = Some(me.id.clone());
            cx.account.persistence.provisional = true;
        }
        cx.account.persistence.me = Some(me);
    }
    cx.account.persistence.restored = !snapshot.rooms.is_empty();
    cx.account.persistence.as_of = snapshot.heard_at.filter(|_| cx.account.persistence.restored);
    cx.account.persistence.opened = snapshot.opened;
    for person in snapshot.people {
        cx.account.people.recall(person);
    }
    for room in snapshot.rooms {
        restore_room(cx, room);
    }
    for (room, past) in snapshot.pasts {
        restore_past(cx, &room, past);
    }
    drafts::restore(cx, snapshot.drafts);
    outbox::restore(cx, snapshot.outbox);
    gone::recall(cx);
    open(cx);
}

fn restore_room(cx: &mut Context<'_>, KeptRoom { info, unread, read }: KeptRoom) {
    let id = info.id.clone();
    let facts = KeptFacts { info: Some(info.clone()), read, unread, ..KeptFacts::default() };
    cx.account.persistence.rooms.insert(id.clone(), facts);
    if cx.account.rooms.get(&id).is_none() {
        cx.account.rooms.insert(Room { unread, touched: false, ..Room::new(info) });
    }
}

fn restore_past(cx: &mut Context<'_>, id: &RoomId, Past { messages, edge }: Past) {
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
pub(super) fn take_past(cx: &mut Context<'_>, id: &RoomId, messages: Vec<Message>, edge: Edge) {
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

/// Opens the room that was asked for, or else the one that was on screen when the program ended.
fn open(cx: &mut Context<'_>) {
    if cx.ui.open.is_some() {
        return;
    }
    let known = |id: &&RoomId| cx.account.rooms.get(id).is_some();
    let id = match &cx.account.profile.room {
        // One that is not here may be in the server's list.
        Some(wanted) => rooms::find(cx.scene(), wanted),
        None => {
            cx.account.persistence.opened.as_ref().filter(known).or_else(|| cx.account.rooms.ids().first()).cloned()
        }
    };
    let Some(id) = id else { return };
    cx.account.profile.room = None;
    // What was begun before any room was there follows what waits in it.
    let begun = std::mem::take(&mut cx.ui.composer);
    access::keep(cx, &id, begun);
    rooms::open(cx, &id);
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
