//! Life of an outbox entry from its creation until it is handed to the connection.
//!
//! Each step is written to disk before the next one begins. Answers are handled in `answers.rs`.

use crate::app::features::outbox::answers::RECONCILE_DELAY;
use crate::app::features::outbox::timeline_marks::show_queued;
use crate::app::features::outbox::{display, ownership, reconcile};
use crate::app::model::access;
use crate::app::model::account::ConnectionState;
use crate::app::model::context::{Context, Scene};
use crate::app::model::outbox::entry::OutboxEntry;
use crate::domain::{LocalId, Message, Room, RoomId, SECOND, Timestamp};
use crate::store::{OutboxPayload, OutboxStep, OutboxWrite, Write};
use std::collections::HashSet;

/// Maximum time to wait for the disk before sending continues without it, in milliseconds.
const STORE_TIMEOUT: i64 = SECOND;

/// Adds an entry, which is written to disk first and shown after that.
///
/// Returns `false` and notifies the user if the queue is full or the room was deleted.
pub(in crate::app) fn enqueue(
    cx: &mut Context<'_>,
    room: &RoomId,
    payload: OutboxPayload,
    build_message: impl FnOnce(LocalId) -> Option<Message>,
) -> bool {
    if let Some(reason) = cx.account.outbox.full_reason() {
        cx.notify(reason);
        return false;
    }
    if cx.account.rooms.get(room).is_some_and(Room::is_deleted) {
        access::notify_deleted(cx);
        return false;
    }
    let local = LocalId::from_random(u128::from(cx.rng.u64(..)) << 64 | u128::from(cx.rng.u64(..)));
    let until = store_deadline(cx.scene());
    let entry = OutboxEntry::new(local, room.clone(), payload, cx.server_time(), until);
    let mut entry = entry.with_message(build_message(local));
    if can_send_at_once(cx.scene(), &entry) {
        entry = entry.written_as_sent();
    }
    cx.persist(Write::Outbox(OutboxWrite::Put(entry.to_stored())));
    cx.account.outbox.push(entry);
    advance(cx);
    true
}

/// Returns whether a new entry will be sent as soon as the disk has it. The write then marks it as possibly sent as
/// well, which saves waiting for the disk a second time.
fn can_send_at_once(scene: Scene<'_>, entry: &OutboxEntry) -> bool {
    let online = scene.account.connection == ConnectionState::Online && scene.account.me.is_some();
    let mut before = scene.account.outbox.iter().filter(|before| before.lane() == entry.lane());
    online && entry.is_send() && before.all(OutboxEntry::needs_user)
}

/// Continues with an entry after the disk has completed a step, or failed to (`on_disk`). Idempotent.
pub(in crate::app) fn on_written(cx: &mut Context<'_>, local: LocalId, step: OutboxStep, on_disk: bool) {
    cx.account.outbox.on_store_answer();
    let now = cx.now;
    let Some(entry) = cx.account.outbox.get_mut(local) else { return };
    match step {
        OutboxStep::Put => entry.on_stored(on_disk, now),
        OutboxStep::Mark => {
            entry.on_mark_stored();
            send_if_marked(cx, local);
        }
        OutboxStep::Remove => {}
    }
}

/// Starts everything that is due now. Idempotent.
pub(in crate::app) fn advance(cx: &mut Context<'_>) {
    if cx.account.outbox.is_empty() {
        cx.account.outbox.end_all_searches(cx.now);
        cx.account.outbox.set_next_wake(None);
        return;
    }
    skip_unresponsive_store(cx);
    display::show_sends(cx);
    reconcile::restart_overdue(cx);
    // A rejected entry makes room for the next one in its lane, so the lanes are checked again.
    while cx.account.connection == ConnectionState::Online && cx.account.me.is_some() {
        let (mut ready, mut uncertain) = (Vec::new(), Vec::new());
        for entry in lane_heads(cx.scene()) {
            if entry.due_at().is_none_or(|at| at > cx.now) {
                continue;
            }
            if entry.needs_search() {
                uncertain.push(entry.room().clone());
            } else if !is_being_edited(cx.scene(), entry.local()) {
                ready.push(entry.local());
            }
        }
        let before = ready.len();
        ready.retain(|local| !ownership::reject_foreign_change(cx, *local));
        let has_rejected = ready.len() < before;
        ready.into_iter().for_each(|local| start_send(cx, local));
        uncertain.into_iter().for_each(|room| reconcile::start(cx, &room));
        if !has_rejected {
            break;
        }
    }
    let wakes_at = wakes_at(cx.scene());
    cx.account.outbox.set_next_wake(wakes_at);
}

/// Returns the first entry of each lane that has no entry being sent.
fn lane_heads(scene: Scene<'_>) -> Vec<&OutboxEntry> {
    let entries = || scene.account.outbox.iter();
    let in_flight = entries().filter(|entry| entry.is_in_flight());
    let mut busy: HashSet<_> = in_flight.map(OutboxEntry::lane).collect();
    entries().filter(|entry| !entry.needs_user() && busy.insert(entry.lane())).collect()
}

/// Whether the text of an entry is in the composer or in a draft. It is not sent until that is saved or canceled, and
/// neither are the later ones of its lane.
fn is_being_edited(scene: Scene<'_>, local: LocalId) -> bool {
    let mut composers = scene.account.drafts.values().chain([&scene.ui.composer]);
    composers.any(|composer| composer.edited_send() == Some(local))
}

/// Returns the time at which the outbox has to act without any event.
fn wakes_at(scene: Scene<'_>) -> Option<Timestamp> {
    let disk = scene.account.outbox.iter().filter_map(OutboxEntry::store_deadline);
    let online = scene.account.connection == ConnectionState::Online && scene.account.me.is_some();
    let lanes = lane_heads(scene).into_iter().filter(|_| online).filter_map(OutboxEntry::due_at);
    // An overdue entry waits for something else, such as its room to be listed.
    disk.chain(lanes.filter(|at| *at > scene.now)).chain(reconcile::next_restart(scene)).min()
}

/// Marks an entry on disk as possibly sent, unless it is already. It is sent once the disk has confirmed the mark.
fn start_send(cx: &mut Context<'_>, local: LocalId) {
    let (until, by_server) = (store_deadline(cx.scene()), cx.server_time());
    let Some(entry) = cx.account.outbox.get_mut(local) else { return };
    let writes = entry.begin_attempt(by_server, until);
    writes.into_iter().for_each(|write| cx.persist(Write::Outbox(write)));
    send_if_marked(cx, local);
}

/// Hands an entry over to the connection if the disk lists it as possibly sent.
fn send_if_marked(cx: &mut Context<'_>, local: LocalId) {
    let Some(entry) = cx.account.outbox.get_mut(local) else { return };
    let synced_to = cx.account.rooms.get(entry.room()).and_then(|room| room.history.synced_to());
    if let Some(request) = entry.hand_over(cx.now, synced_to) {
        cx.request(request);
    }
}

/// Returns the time until which to wait for the disk.
fn store_deadline(scene: Scene<'_>) -> Timestamp {
    if scene.account.outbox.is_store_unresponsive() { scene.now } else { scene.now + STORE_TIMEOUT }
}

/// Continues with the entries that the disk has not confirmed in time.
fn skip_unresponsive_store(cx: &mut Context<'_>) {
    let now = cx.now;
    let late = |entry: &&OutboxEntry| entry.store_deadline().is_some_and(|until| until <= now);
    let late: Vec<LocalId> = cx.account.outbox.iter().filter(late).map(OutboxEntry::local).collect();
    if late.is_empty() {
        return;
    }
    if cx.account.outbox.on_store_timeout() {
        cx.notify("The disk does not respond. Messages are still sent, but unsent ones are lost if you quit now.");
    }
    for local in late {
        let Some(entry) = cx.account.outbox.get_mut(local) else { continue };
        entry.on_store_timeout(now);
        send_if_marked(cx, local);
    }
}

/// Makes all waiting entries due: the connection is back, or the user asked for a retry.
pub(in crate::app) fn retry_now(cx: &mut Context<'_>) {
    // The request of an uncertain entry may have been cut off a moment ago and still be on its way.
    cx.account.outbox.expedite(cx.now, cx.now + RECONCILE_DELAY);
}

/// Restarts all searches for uncertain messages after the connection was lost.
pub(in crate::app) fn on_disconnect(cx: &mut Context<'_>) {
    cx.account.outbox.end_all_searches(cx.now);
}

/// Queues an entry again at the user's request, if it failed or may have been sent.
pub(in crate::app) fn retry(cx: &mut Context<'_>, local: LocalId) {
    let now = cx.now;
    let Some(write) = cx.account.outbox.get_mut(local).and_then(|entry| entry.retry(now)) else { return };
    show_queued(cx, local);
    cx.persist(Write::Outbox(write));
    advance(cx);
}

/// Replaces the text of a message that was not sent, and queues it again if it has failed. Returns whether the message
/// could be changed.
pub(in crate::app) fn rewrite(cx: &mut Context<'_>, local: LocalId, text: String) -> bool {
    let Some(write) = cx.account.outbox.get_mut(local).and_then(|entry| entry.rewrite(text)) else { return false };
    cx.persist(Write::Outbox(write));
    retry(cx, local);
    true
}

/// Removes an entry for good, also from the disk.
pub(in crate::app) fn discard(cx: &mut Context<'_>, local: LocalId) -> Option<OutboxEntry> {
    let entry = cx.account.outbox.remove(local)?;
    cx.persist(Write::Outbox(OutboxWrite::Remove(local)));
    advance(cx);
    Some(entry)
}
