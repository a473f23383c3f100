//! Reactions of the outbox to the server's answers.
//!
//! The requests themselves are made in `queue.rs`, and uncertain messages are looked for in `reconcile.rs`.

use crate::app::features::outbox::timeline_marks::{show_failed, show_uncertain};
use crate::app::model::context::{Context, Scene};
use crate::app::model::outbox::entry::OutboxEntry;
use crate::app::model::outbox::queue::Outbox;
use crate::app::model::outbox::stage::OutboxStage;
use crate::app::model::pane::Anchor;
use crate::app::model::pane_row::PaneRow;
use crate::domain::{Content, Failure, LocalId, Message, Request, RoomId, SECOND, Slot};
use crate::store::{OutboxPayload, OutboxWrite, Write};
use crate::text::SafeText;

/// Delay before a message whose request was cut off is looked for on the server, in milliseconds.
///
/// Until then the request may still be on its way.
pub(in crate::app) const RECONCILE_DELAY: i64 = 2 * SECOND;

/// Time by which a message must be ahead of the server's clock to count as stamped in the future, in milliseconds.
const CLOCK_TOLERANCE: i64 = 10 * SECOND;

/// Removes an entry because the server has confirmed it.
pub(in crate::app) fn on_confirmed(cx: &mut Context<'_>, local: LocalId) {
    if let Some(entry) = cx.account.outbox.remove(local) {
        keep_visible(cx, entry.room(), local);
        if entry.is_canceled() {
            cx.notify("The file was sent before it could be canceled. You can delete the message instead.");
        }
        cx.persist(Write::Outbox(OutboxWrite::Remove(local)));
    }
}

/// Keeps an accepted message on screen. It would leave the screen if many messages are stamped with a time in the
/// future, because accepted messages are sorted by time.
fn keep_visible(cx: &mut Context<'_>, room: &RoomId, local: LocalId) {
    let Some(known) = cx.account.rooms.get(room).filter(|_| cx.ui.open.as_ref() == Some(room)) else { return };
    let newest = known.timeline.newest_accepted().map(|newest| newest.sent_at);
    let is_ahead = newest > Some(cx.server_time() + CLOCK_TOLERANCE);
    let Some(slot) = known.timeline.find_own_send(local).filter(|_| is_ahead) else { return };
    // The rows are those of the last frame. The server may answer before there was one with the message, which would
    // have been at the bottom, unless that frame already shows a message that was sent later.
    let drawn = || cx.ui.pane.rows.iter().filter_map(PaneRow::message);
    let is_later_send = |other: Slot| other > slot && known.timeline.get(other).id.is_none();
    let is_visible = drawn().any(|other| other == slot) || !drawn().any(is_later_send);
    if is_visible && cx.ui.pane.anchor == Anchor::Bottom {
        (cx.ui.pane.reveal, cx.ui.pane.reveal_around) = (Some(slot), true);
    }
}

/// Removes the entries that a page of `room` has confirmed, once the page is in the timeline.
pub(in crate::app) fn confirm_from_page(cx: &mut Context<'_>, room: &RoomId) {
    let Some(known) = cx.account.rooms.get(room) else { return };
    let here = cx.account.outbox.in_room(room).map(OutboxEntry::local);
    let confirmed: Vec<_> = here.filter(|local| known.timeline.is_confirmed(*local)).collect();
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
    if cx.account.outbox.get(local).is_some_and(OutboxEntry::is_canceled) && failure != Failure::Uncertain {
        remove_canceled(cx, local);
        return true;
    }
    match failure {
        Failure::Refused | Failure::NotFound | Failure::UnknownUser | Failure::NotMember if is_send => {
            on_rejected(cx, local, reason);
        }
        Failure::Refused | Failure::NotFound | Failure::UnknownUser | Failure::NotMember => {
            let is_done = cx
                .account
                .outbox
                .get(local)
                .is_some_and(|entry| entry.attempts() > 1 && is_already_deleted(cx.scene(), entry));
            on_confirmed(cx, local);
            return is_done;
        }
        Failure::Uncertain if is_send => on_uncertain(cx, local),
        Failure::NotSent | Failure::RetryLater | Failure::Uncertain => {
            let chance = cx.rng.i64(0..=1_000);
            let Some(entry) = cx.account.outbox.get_mut(local) else { return true };
            if failure != Failure::RetryLater {
                entry.on_interrupted();
            }
            if entry.is_interrupted_too_often() {
                on_rejected(cx, local, reason);
                return true;
            }
            entry.requeue(cx.now, chance);
            if entry.failures() == 1 {
                cx.notify(format!("Queued for another attempt: {reason}"));
            }
        }
    }
    true
}

/// Removes a message whose upload was canceled, and which the server does not have.
pub(in crate::app) fn remove_canceled(cx: &mut Context<'_>, local: LocalId) {
    let Some(entry) = cx.account.outbox.remove(local) else { return };
    cx.persist(Write::Outbox(OutboxWrite::Remove(local)));
    if let Some(room) = cx.account.rooms.get_mut(entry.room())
        && let Some(slot) = room.timeline.find_own_send(local)
    {
        room.remove_message(slot);
    }
    if let OutboxPayload::Send(Content::File { file, .. }) = entry.payload() {
        cx.notify(format!("Canceled: {}", SafeText::line(&file.name)));
    }
}

/// Shows an entry as failed. It is not sent again unless the user wants it.
pub(in crate::app) fn on_rejected(cx: &mut Context<'_>, local: LocalId, reason: &SafeText) {
    let entry = cx.account.outbox.get_mut(local);
    let Some(write) = entry.and_then(|entry| entry.on_rejected(reason.clone())) else { return };
    show_failed(cx, local);
    cx.persist(Write::Outbox(write));
    cx.notify(format!("Not sent: {reason}"));
}

/// Schedules a search for a message that the server may have. On disk it is already marked as uncertain.
fn on_uncertain(cx: &mut Context<'_>, local: LocalId) {
    let now = cx.now;
    let Some(entry) = cx.account.outbox.get_mut(local) else { return };
    entry.on_uncertain(now, now + RECONCILE_DELAY);
    show_uncertain(cx, local);
}

/// Whether a rejected deletion was already carried out by an earlier attempt.
fn is_already_deleted(scene: Scene<'_>, entry: &OutboxEntry) -> bool {
    let (OutboxPayload::Delete { message } | OutboxPayload::DeleteForMe { message }) = entry.payload() else {
        return false;
    };
    let Some(room) = scene.account.rooms.get(entry.room()) else { return true };
    room.timeline.find(message).is_none_or(|slot| room.timeline.get(slot).deleted)
}

/// Returns the room of the entry that was sent as `request`.
pub(in crate::app) fn room_of_request(scene: Scene<'_>, request: &Request) -> Option<RoomId> {
    let local = in_flight(&scene.account.outbox, request)?;
    scene.account.outbox.get(local).map(|entry| entry.room().clone())
}

/// Returns the entry that was sent as `request`.
fn in_flight(outbox: &Outbox, request: &Request) -> Option<LocalId> {
    let sent = |entry: &&OutboxEntry| *entry.stage() == OutboxStage::Sending;
    let mut sent = outbox.iter().filter(sent);
    let found = match request {
        Request::Send { local, .. } => sent.find(|entry| entry.local() == *local),
        Request::Edit { .. } | Request::Delete { .. } | Request::DeleteForMe { .. } => {
            sent.find(|entry| entry.request() == *request)
        }
        _ => None,
    };
    found.map(OutboxEntry::local)
}

/// Discards all entries of a removed room and returns their number.
pub(in crate::app) fn discard_room(cx: &mut Context<'_>, room: &RoomId) -> usize {
    discard_where(cx, |entry| entry.room() == room)
}

fn discard_where(cx: &mut Context<'_>, which: impl Fn(&OutboxEntry) -> bool) -> usize {
    let removed = cx.account.outbox.remove_where(which);
    removed.iter().for_each(|entry| cx.persist(Write::Outbox(OutboxWrite::Remove(entry.local()))));
    removed.len()
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
