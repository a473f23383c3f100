//! Outbox entries of rooms that were deleted or are unknown.

use crate::app::features::outbox::answers;
use crate::app::features::outbox::timeline_marks::show_failed;
use crate::app::model::context::{Context, Scene};
use crate::app::model::outbox::entry::OutboxEntry;
use crate::domain::{Content, LocalId, RoomId, SendFailure};
use crate::store::{OutboxPayload, OutboxWrite, Write};

/// Marks all entries of a deleted room as failed and stores `draft` as a failed message.
///
/// Edits become failed messages, so that their text is preserved; deletions have become pointless and are removed.
pub(in crate::app) fn fail_room(cx: &mut Context<'_>, room: &RoomId, draft: Option<String>) {
    cx.account.outbox.end_search(room, cx.now);
    if let Some(text) = draft {
        let local = LocalId::from_random(u128::from(cx.rng.u64(..)) << 64 | u128::from(cx.rng.u64(..)));
        let payload = OutboxPayload::Send(Content::text(text));
        let entry = OutboxEntry::new(local, room.clone(), payload, cx.server_time(), cx.now);
        cx.persist(Write::Outbox(OutboxWrite::Put(entry.to_stored())));
        cx.account.outbox.push(entry);
    }
    let here: Vec<LocalId> = cx.account.outbox.in_room(room).map(OutboxEntry::local).collect();
    for local in here {
        fail(cx, local);
    }
}

fn fail(cx: &mut Context<'_>, local: LocalId) {
    let Some(entry) = cx.account.outbox.get_mut(local) else { return };
    if let OutboxPayload::Delete { .. } | OutboxPayload::DeleteForMe { .. } = entry.payload() {
        return answers::on_confirmed(cx, local);
    }
    let writes = entry.on_room_deleted();
    if !writes.is_empty() {
        show_failed(cx, local);
    }
    writes.into_iter().for_each(|write| cx.persist(Write::Outbox(write)));
}

/// Returns the number of entries for a room.
pub(in crate::app) fn count_in(scene: Scene<'_>, room: &RoomId) -> usize {
    scene.account.outbox.in_room(room).count()
}

/// Returns the rooms that are known to be deleted because entries failed with that cause.
pub(in crate::app) fn deleted_rooms(scene: Scene<'_>) -> Vec<RoomId> {
    rooms(scene, |entry| entry.failure() == Some(&SendFailure::RoomDeleted))
}

/// Returns the rooms that have entries.
pub(in crate::app) fn rooms_with_entries(scene: Scene<'_>) -> Vec<RoomId> {
    rooms(scene, |_| true)
}

/// Returns the rooms that have entries but are not in the room list.
pub(in crate::app) fn rooms_without_info(scene: Scene<'_>) -> Vec<RoomId> {
    rooms(scene, |entry| scene.account.rooms.get(entry.room()).is_none())
}

fn rooms(scene: Scene<'_>, which: impl Fn(&OutboxEntry) -> bool) -> Vec<RoomId> {
    let mut rooms = Vec::new();
    for entry in scene.account.outbox.iter().filter(|entry| which(entry)) {
        if !rooms.contains(entry.room()) {
            rooms.push(entry.room().clone());
        }
    }
    rooms
}
