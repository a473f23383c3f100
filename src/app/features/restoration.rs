//! Restoration of the stored state: at the start, before the server has answered, or later if the disk could not be read
//! then.

use crate::app::features::outbox::restore;
use crate::app::features::persistence::drafts;
use crate::app::features::persistence::stored_history::{restore_history, restore_room};
use crate::app::features::rooms::{names, open};
use crate::app::features::vanished_rooms;
use crate::app::model::context::Context;
use crate::domain::{PageSerial, RoomId};
use crate::store::{Draft, Snapshot};

/// Restores the stored state. Data that the server has already sent takes precedence.
pub(in crate::app) fn on_loaded(cx: &mut Context<'_>, snapshot: Snapshot) {
    if !cx.account.persistence.enabled || cx.account.persistence.loaded {
        return;
    }
    cx.account.persistence.loaded = true;
    cx.account.drafts_are_durable = cx.account.persistence.problem.is_none();
    let stored_me = snapshot.me.as_ref().map(|me| me.id.clone());
    if cx.account.me.is_some() && stored_me.is_some() && stored_me != cx.account.me {
        // The data belongs to another account: only what the user wrote is worth restoring.
        cx.account.persistence.clear_pending = true;
        drafts::restore(cx, snapshot.drafts);
        drafts::restore_roomless(cx, snapshot.roomless_draft);
        restore::restore_foreign(cx, snapshot.outbox);
        return;
    }
    if let Some(me) = snapshot.me {
        cx.account.people.restore(me.clone());
        if cx.account.me.is_none() {
            cx.account.me = Some(me.id.clone());
            cx.account.persistence.identity_from_store = true;
        }
        cx.account.persistence.me = Some(me);
    }
    // The server has removed them in the meantime. The next write removes them from the disk.
    let removed = cx.account.rooms.removed().to_vec();
    cx.account.persistence.restored = !snapshot.rooms.is_empty();
    cx.account.persistence.last_synced = snapshot.synced_at.filter(|_| cx.account.persistence.restored);
    cx.account.persistence.open_room = snapshot.open_room;
    let is_arranged = cx.terminal.arrangement != cx.account.persistence.arrangement;
    cx.account.persistence.arrangement = snapshot.arrangement;
    if cx.ui.has_keys() && !is_arranged {
        cx.terminal.arrangement = snapshot.arrangement;
    }
    cx.account.recent_emoji.restore(snapshot.recent_emoji);
    for person in snapshot.people {
        cx.account.people.restore(person);
    }
    for room in snapshot.rooms.into_iter().filter(|room| !removed.contains(&room.info.id)) {
        restore_room(cx, room);
    }
    for (room, page) in snapshot.histories {
        restore_history(cx, &room, PageSerial::default(), page);
    }
    let of_removed = |(room, _): &(RoomId, Draft)| removed.contains(room);
    drafts::restore(cx, snapshot.drafts.into_iter().filter(|draft| !of_removed(draft)).collect());
    drafts::restore_roomless(cx, snapshot.roomless_draft);
    restore::restore(cx, snapshot.outbox);
    vanished_rooms::restore_deleted(cx);
    open(cx);
}

/// Opens the requested room, or else the room that was open when the program ended.
fn open(cx: &mut Context<'_>) {
    if cx.ui.open.is_some() {
        return;
    }
    let known = |id: &&RoomId| cx.account.rooms.get(id).is_some();
    let id = match &cx.account.profile.room {
        // A room that is not stored may be in the server's list.
        Some(wanted) => names::find_first(cx.account, wanted),
        None => {
            cx.account.persistence.open_room.as_ref().filter(known).or_else(|| cx.account.rooms.ids().first()).cloned()
        }
    };
    let Some(id) = id else { return };
    cx.account.profile.room = None;
    open::open(cx, &id);
}
