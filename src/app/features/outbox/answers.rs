//! Reactions of the outbox to the server's answers.
//!
//! The requests themselves are made in `queue.rs`, and uncertain messages are looked for in `reconcile.rs`.

use crate::app::effect::Effect;
use crate::app::features::outbox::transitions::{mark_stage, requeue};
use crate::app::model::context::{Context, Scene};
use crate::app::model::outbox::{Outbox, OutboxEntry, Stage, Uncertain};
use crate::domain::{Failure, LocalId, Message, Request, RoomId, SECOND, SendFailure};
use crate::store;
use crate::store::{OutboxPayload, OutboxWrite, Write};
use crate::text::SafeText;

/// Delay before a message whose request was cut off is looked for on the server, in milliseconds.
///
/// Until then the request may still be on its way.
pub(in crate::app) const RECONCILE_DELAY: i64 = 2 * SECOND;

/// Removes an entry because the server has confirmed it.
pub(in crate::app) fn on_confirmed(cx: &mut Context<'_>, local: LocalId) {
    if cx.account.outbox.remove(local).is_some() {
        cx.persist(Write::Outbox(OutboxWrite::Remove(local)));
    }
}

/// Removes the entries that a page of `room` has confirmed, once the page is in the timeline.
pub(in crate::app) fn confirm_from_page(cx: &mut Context<'_>, room: &RoomId) {
    let Some(known) = cx.account.rooms.get(room) else { return };
    let here = cx.account.outbox.entries.iter().filter(|entry| entry.room == *room);
    let confirmed: Vec<_> = here.map(|entry| entry.local).filter(|local| known.timeline.is_confirmed(*local)).collect();
    confirmed.into_iter().for_each(|local| on_confirmed(cx, local));
}

/// Removes the edit or deletion that was carried out by `request`.
pub(in crate::app) fn on_done(cx: &mut Context<'_>, request: &Request) {
    if let Some(local) = in_flight(&cx.account.outbox, request) {
        on_confirmed(cx, local);
    }
}

/// Handles a failed request and returns whether nothing is left to do.
///
/// A rejected edit or deletion is removed here, but `false` is returned: the caller restores what the user wrote.
pub(in crate::app) fn on_failed(cx: &mut Context<'_>, request: &Request, failure: Failure, reason: &SafeText) -> bool {
    let is_send = matches!(request, Request::Send { .. });
    // A message that is not being sent any more was confirmed or discarded meanwhile.
    let Some(local) = in_flight(&cx.account.outbox, request) else { return is_send };
    match failure {
        Failure::Refused | Failure::NotFound if is_send => on_rejected(cx, local, reason),
        Failure::Refused | Failure::NotFound => {
            let is_done = cx
                .account
                .outbox
                .get(local)
                .is_some_and(|entry| entry.attempts > 1 && is_already_deleted(cx.scene(), entry));
            on_confirmed(cx, local);
            return is_done;
        }
        Failure::Uncertain if is_send => on_uncertain(cx, local),
        Failure::NotSent | Failure::RetryLater | Failure::Uncertain => {
            requeue(cx, local);
            if cx.account.outbox.get(local).is_some_and(|entry| entry.failures == 1) {
                cx.notify(format!("Queued for another attempt: {reason}"));
            }
        }
    }
    true
}

fn on_rejected(cx: &mut Context<'_>, local: LocalId, reason: &SafeText) {
    let Some(entry) = cx.account.outbox.get_mut(local) else { return };
    let failure = SendFailure::Refused(reason.clone());
    entry.stage = Stage::Failed(failure.clone());
    entry.percent = None;
    let room = entry.room.clone();
    if let Some(known) = cx.account.rooms.get_mut(&room)
        && let Some(slot) = known.timeline.find_own_send(local)
    {
        known.timeline.mark_failed(slot);
    }
    mark_stage(cx, local, store::Stage::Failed(failure));
    cx.notify(format!("Not sent: {reason}"));
}

/// Schedules a search for a message that the server may have. On disk it is already marked as uncertain.
fn on_uncertain(cx: &mut Context<'_>, local: LocalId) {
    let at = cx.now + RECONCILE_DELAY;
    let Some(entry) = cx.account.outbox.get_mut(local) else { return };
    entry.stage = Stage::Uncertain(Uncertain::Pending(at));
    entry.maybe_sent = true;
    entry.percent = None;
    let room = entry.room.clone();
    if let Some(known) = cx.account.rooms.get_mut(&room)
        && let Some(slot) = known.timeline.find_own_send(local)
    {
        known.timeline.mark_uncertain(slot);
    }
}

/// Whether a rejected deletion was already carried out by an earlier attempt.
fn is_already_deleted(scene: Scene<'_>, entry: &OutboxEntry) -> bool {
    let (OutboxPayload::Delete { message } | OutboxPayload::DeleteForMe { message }) = &entry.payload else {
        return false;
    };
    let Some(room) = scene.account.rooms.get(&entry.room) else { return true };
    room.timeline.find(message).is_none_or(|slot| room.timeline.get(slot).deleted)
}

/// Returns the room of the entry that was sent as `request`.
pub(in crate::app) fn room_of_request(scene: Scene<'_>, request: &Request) -> Option<RoomId> {
    let local = in_flight(&scene.account.outbox, request)?;
    scene.account.outbox.get(local).map(|entry| entry.room.clone())
}

/// Returns the entry that was sent as `request`.
fn in_flight(outbox: &Outbox, request: &Request) -> Option<LocalId> {
    let sent = |entry: &&OutboxEntry| entry.stage == Stage::Sending;
    let mut sent = outbox.entries.iter().filter(sent);
    let found = match request {
        Request::Send { local, .. } => sent.find(|entry| entry.local == *local),
        Request::Edit { .. } | Request::Delete { .. } | Request::DeleteForMe { .. } => {
            sent.find(|entry| entry.request() == *request)
        }
        _ => None,
    };
    found.map(|entry| entry.local)
}

/// Discards all entries of a removed room and returns their number.
pub(in crate::app) fn discard_room(cx: &mut Context<'_>, room: &RoomId) -> usize {
    discard_where(cx, |entry| entry.room == *room)
}

/// Discards all entries and returns their number.
pub(in crate::app) fn discard_all(cx: &mut Context<'_>) -> usize {
    cx.account.outbox.reconciliations.clear();
    discard_where(cx, |_| true)
}

fn discard_where(cx: &mut Context<'_>, which: impl Fn(&OutboxEntry) -> bool) -> usize {
    let before = cx.account.outbox.len();
    let id = cx.account.id;
    for entry in cx.account.outbox.entries.extract_if(.., |entry| which(entry)) {
        cx.effects.push(Effect::Persist(id, Write::Outbox(OutboxWrite::Remove(entry.local))));
    }
    before - cx.account.outbox.len()
}

/// Records whether this server returns the `LocalId` of our messages.
pub(in crate::app) fn note_local_id_echo(cx: &mut Context<'_>, returned: bool) {
    let known = &mut cx.account.echoes_local_ids;
    // A returned id is proof. A missing one is weaker evidence, so it never replaces the proof.
    if returned || known.is_none() {
        *known = Some(returned);
    }
}

/// Returns whether one of the user's messages in a timeline was sent by this program.
pub(in crate::app) fn is_own_send(room: &crate::domain::Room, message: &Message) -> bool {
    let slot = message.local.as_deref().and_then(|local| room.timeline.find_own_send(*local));
    slot.is_some_and(|slot| room.timeline.get(slot).id == message.id)
}
