//! Life of an outbox entry from its creation until it is handed to the connection.
//!
//! Each step is written to disk before the next one begins. Answers are handled in `answers.rs`.

use crate::app::effect::Effect;
use crate::app::features::outbox::answers::RECONCILE_DELAY;
use crate::app::features::outbox::transitions::{mark_stage, show_queued};
use crate::app::features::outbox::{display, ownership, reconcile};
use crate::app::model::access;
use crate::app::model::account::ConnectionState;
use crate::app::model::context::{Context, Scene};
use crate::app::model::outbox::{MAX_ENTRIES, OutboxEntry, Stage, Uncertain};
use crate::domain::{LocalId, Message, Room, RoomId, SECOND, Timestamp};
use crate::store;
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
    if cx.account.outbox.len() >= MAX_ENTRIES {
        cx.notify(format!("{MAX_ENTRIES} messages are queued already. Send this one later."));
        return false;
    }
    if cx.account.rooms.get(room).is_some_and(Room::is_deleted) {
        access::notify_deleted(cx);
        return false;
    }
    let local = LocalId::from_random(u128::from(cx.rng.u64(..)) << 64 | u128::from(cx.rng.u64(..)));
    let until = store_deadline(cx.scene());
    let mut entry = OutboxEntry::new(local, room.clone(), payload, cx.server_time(), Stage::Writing(until));
    entry.timeline_message = build_message(local).map(Box::new);
    if can_send_at_once(cx.scene(), &entry) {
        (entry.attempts, entry.written_as_sent) = (1, true);
    }
    cx.persist(Write::Outbox(OutboxWrite::Put(entry.to_stored())));
    cx.account.outbox.entries.push(entry);
    advance(cx);
    true
}

/// Returns whether a new entry will be sent as soon as the disk has it. The write then marks it as possibly sent as
/// well, which saves waiting for the disk a second time.
fn can_send_at_once(scene: Scene<'_>, entry: &OutboxEntry) -> bool {
    let online = scene.account.connection == ConnectionState::Online && scene.account.me.is_some();
    let mut before = scene.account.outbox.entries.iter().filter(|before| before.lane() == entry.lane());
    online && entry.is_send() && before.all(OutboxEntry::needs_user)
}

/// Continues with an entry after the disk has completed a step, or failed to (`on_disk`). Idempotent.
pub(in crate::app) fn on_written(cx: &mut Context<'_>, local: LocalId, step: OutboxStep, on_disk: bool) {
    cx.account.outbox.store_unresponsive = false;
    let now = cx.now;
    let Some(entry) = cx.account.outbox.get_mut(local) else { return };
    match step {
        OutboxStep::Put => {
            entry.on_disk |= on_disk;
            if let Stage::Writing(_) = entry.stage {
                entry.stage = Stage::Queued(now);
            }
        }
        OutboxStep::Mark => {
            entry.unconfirmed_marks = entry.unconfirmed_marks.saturating_sub(1);
            if entry.unconfirmed_marks == 0
                && let Stage::Marking(_) = entry.stage
            {
                send(cx, local);
            }
        }
        OutboxStep::Remove => {}
    }
}

/// Starts everything that is due now. Idempotent.
pub(in crate::app) fn advance(cx: &mut Context<'_>) {
    if cx.account.outbox.is_empty() {
        cx.account.outbox.reconciliations.clear();
        cx.account.outbox.wake_at = None;
        return;
    }
    skip_unresponsive_store(cx);
    display::show_sends(cx);
    reconcile::restart_overdue(cx);
    // A rejected entry makes room for the next one in its lane, so the lanes are checked again.
    while cx.account.connection == ConnectionState::Online && cx.account.me.is_some() {
        let (mut ready, mut uncertain) = (Vec::new(), Vec::new());
        for entry in lane_heads(cx.scene()) {
            match entry.stage {
                Stage::Queued(at) if at <= cx.now => ready.push(entry.local),
                Stage::Uncertain(Uncertain::Pending(at)) if at <= cx.now && entry.is_send() => {
                    uncertain.push(entry.room.clone());
                }
                Stage::Uncertain(Uncertain::Pending(at)) if at <= cx.now => ready.push(entry.local),
                _ => {}
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
    cx.account.outbox.wake_at = wakes_at(cx.scene());
}

/// Returns the first entry of each lane that has no entry being sent.
fn lane_heads(scene: Scene<'_>) -> Vec<&OutboxEntry> {
    let entries = || scene.account.outbox.entries.iter();
    let in_flight = entries().filter(|entry| matches!(entry.stage, Stage::Marking(_) | Stage::Sending));
    let mut busy: HashSet<_> = in_flight.map(OutboxEntry::lane).collect();
    entries().filter(|entry| !entry.needs_user() && busy.insert(entry.lane())).collect()
}

/// Returns the time at which the outbox has to act without any event.
fn wakes_at(scene: Scene<'_>) -> Option<Timestamp> {
    let disk = scene.account.outbox.entries.iter().filter_map(|entry| match entry.stage {
        Stage::Writing(until) | Stage::Marking(until) => Some(until),
        _ => None,
    });
    let online = scene.account.connection == ConnectionState::Online && scene.account.me.is_some();
    let line = lane_heads(scene).into_iter().filter(|_| online).filter_map(|entry| match entry.stage {
        // An overdue entry waits for something else, such as its room to be listed.
        Stage::Queued(at) | Stage::Uncertain(Uncertain::Pending(at)) => Some(at).filter(|at| *at > scene.now),
        _ => None,
    });
    disk.chain(line).chain(reconcile::next_restart(scene)).min()
}

/// Marks an entry on disk as possibly sent, unless it is already. It is sent once the disk has confirmed the mark.
fn start_send(cx: &mut Context<'_>, local: LocalId) {
    let (until, by_server) = (store_deadline(cx.scene()), cx.server_time());
    let Some(entry) = cx.account.outbox.get_mut(local) else { return };
    if std::mem::take(&mut entry.written_as_sent) {
        if entry.written_at <= by_server {
            return send(cx, local);
        }
        entry.attempts = 0;
    }
    if entry.written_at > by_server {
        // The entry was written while the local clock was ahead. An entry sent now cannot have been written later than
        // now.
        entry.written_at = by_server;
        let write = OutboxWrite::Put(entry.to_stored());
        cx.effects.push(Effect::Persist(cx.account.id, Write::Outbox(write)));
    }
    entry.attempts = entry.attempts.saturating_add(1);
    entry.stage = Stage::Marking(until);
    mark_stage(cx, local, store::Stage::Uncertain);
}

fn send(cx: &mut Context<'_>, local: LocalId) {
    let Some(entry) = cx.account.outbox.get_mut(local) else { return };
    entry.stage = Stage::Sending;
    entry.attempted_at = Some(cx.now);
    entry.percent = None;
    entry.sent_after = cx.account.rooms.get(&entry.room).and_then(|room| room.history.synced_to());
    let request = entry.request();
    cx.request(request);
}

/// Returns the time until which to wait for the disk.
fn store_deadline(scene: Scene<'_>) -> Timestamp {
    if scene.account.outbox.store_unresponsive { scene.now } else { scene.now + STORE_TIMEOUT }
}

/// Continues with the entries that the disk has not confirmed in time.
fn skip_unresponsive_store(cx: &mut Context<'_>) {
    let now = cx.now;
    let late = |entry: &&OutboxEntry| match entry.stage {
        Stage::Writing(until) | Stage::Marking(until) => until <= now,
        _ => false,
    };
    let late: Vec<LocalId> = cx.account.outbox.entries.iter().filter(late).map(|entry| entry.local).collect();
    if late.is_empty() {
        return;
    }
    if !std::mem::replace(&mut cx.account.outbox.store_unresponsive, true) {
        cx.notify("The disk does not respond. Messages are still sent, but unsent ones are lost if you quit now.");
    }
    for local in late {
        let Some(entry) = cx.account.outbox.get_mut(local) else { continue };
        entry.unconfirmed_marks = 0;
        if let Stage::Writing(_) = entry.stage {
            entry.stage = Stage::Queued(now);
        } else {
            send(cx, local);
        }
    }
}

/// Makes all waiting entries due: the connection is back, or the user asked for a retry.
pub(in crate::app) fn retry_now(cx: &mut Context<'_>) {
    let now = cx.now;
    for entry in &mut cx.account.outbox.entries {
        entry.failures = 0;
        match &mut entry.stage {
            Stage::Queued(at) => *at = (*at).min(now),
            // Its request may have been cut off a moment ago and still be on its way.
            Stage::Uncertain(Uncertain::Pending(at)) => *at = (*at).min(now + RECONCILE_DELAY),
            _ => {}
        }
    }
}

/// Restarts all searches for uncertain messages after the connection was lost.
pub(in crate::app) fn on_disconnect(cx: &mut Context<'_>) {
    cx.account.outbox.reconciliations.clear();
    for entry in &mut cx.account.outbox.entries {
        if entry.stage == Stage::Uncertain(Uncertain::Checking) {
            entry.stage = Stage::Uncertain(Uncertain::Pending(cx.now));
        }
    }
}

/// Queues an entry again at the user's request, if it failed or may have been sent.
pub(in crate::app) fn retry(cx: &mut Context<'_>, local: LocalId) {
    let now = cx.now;
    let Some(entry) = cx.account.outbox.get_mut(local).filter(|entry| entry.needs_user()) else { return };
    entry.stage = Stage::Queued(now);
    entry.failures = 0;
    entry.percent = None;
    // The store is told below that the entry was not sent, so the next attempt has to be written again.
    entry.written_as_sent = false;
    let room = entry.room.clone();
    show_queued(cx, &room, local);
    mark_stage(cx, local, store::Stage::Queued);
    advance(cx);
}

/// Removes an entry for good, also from the disk.
pub(in crate::app) fn discard(cx: &mut Context<'_>, local: LocalId) -> Option<OutboxEntry> {
    let entry = cx.account.outbox.remove(local)?;
    cx.persist(Write::Outbox(OutboxWrite::Remove(local)));
    advance(cx);
    Some(entry)
}
