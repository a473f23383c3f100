//! Search for messages that may have been sent.
//!
//! Pages requested before a send became uncertain prove nothing about it, and requests run concurrently. The absence of
//! a message is therefore only concluded from pages requested after the search began, which their serials tell.
//!
//! The server may also process a request long after the connection that carried it was lost. The search is therefore
//! repeated until the server has had enough time.

use crate::app::features::history::pages::request_page;
use crate::app::features::outbox::answers::{on_confirmed, on_rejected, remove_canceled};
use crate::app::features::outbox::timeline_marks::show_queued;
use crate::app::model::context::{Context, Scene};
use crate::app::model::outbox::entry::OutboxEntry;
use crate::app::model::outbox::reconcile::Reconcile;
use crate::domain::{
    Content, LocalId, MAX_CLOCK_SKEW, MAX_SEARCH_PAGES, MINUTE, Message, MessagePoint, PROCESSING_TIME, PageRequest,
    PageSerial, RoomId, SEARCH_INTERVAL, SECOND, SentContent, Timestamp,
};
use crate::input::Action;
use crate::store::OutboxPayload;
use crate::text::SafeText;

/// Maximum difference between the clocks of a service's own machines, in milliseconds.
const SERVER_CLOCK_SKEW: i64 = 2 * SECOND;

/// Reason for which a file is not sent again after its upload was interrupted too often.
const INTERRUPTED: &str = "The connection was lost during every upload. Check the size of the file, then retry.";

/// Time after which a search restarts if an answer is missing, in milliseconds. Normally every request is answered.
const ANSWER_TIMEOUT: i64 = 3 * MINUTE;

/// Starts the search for all messages that may have been sent to `room`.
pub(in crate::app) fn start(cx: &mut Context<'_>, room: &RoomId) {
    let now = cx.now;
    if cx.account.rooms.get(room).is_none() {
        // The room is requested once all rooms are listed.
        return;
    }
    if cx.account.outbox.search_in(room).is_some() {
        return;
    }
    let due = cx.account.outbox.in_room(room).filter(|entry| entry.is_search_due(now));
    let Some(since) = due.map(earliest_copy).min() else { return };
    let Some(serial) = request_page(cx, room, &PageRequest::newest()) else {
        return decide_without_pages(cx, room);
    };
    let search = Reconcile::new(serial, now, since, now + ANSWER_TIMEOUT);
    cx.account.outbox.begin_search(room.clone(), search, now);
}

/// Decides about the messages that may have been sent to `room`, whose pages the server does not supply any more.
fn decide_without_pages(cx: &mut Context<'_>, room: &RoomId) {
    let now = cx.now;
    let due = cx.account.outbox.in_room(room).filter(|entry| entry.is_search_due(now));
    let due: Vec<LocalId> = due.map(OutboxEntry::local).collect();
    for local in due {
        let Some(entry) = cx.account.outbox.get_mut(local) else { continue };
        entry.start_search(now);
        let can_resend = cx.account.names_messages_by_local_id();
        apply(cx, local, if can_resend { Verdict::Resend } else { Verdict::AskUser });
    }
}

/// Returns the earliest time, by the server's clock, at which the server can have received an entry.
fn earliest_copy(entry: &OutboxEntry) -> Timestamp {
    let written = entry.written_at() + -MAX_CLOCK_SKEW;
    entry.sent_after().map_or(written, |sent_after| written.max(sent_after + -SERVER_CLOCK_SKEW))
}

/// Continues the search with a page, whose messages are in the timeline and confirmed already. `last` tells whether
/// there are no older messages.
pub(in crate::app) fn on_page(
    cx: &mut Context<'_>,
    room: &RoomId,
    serial: PageSerial,
    last: bool,
    oldest: Option<MessagePoint>,
) {
    let is_expected = |search: &&Reconcile| search.serial() == serial;
    let Some(search) = cx.account.outbox.search_in(room).filter(is_expected) else { return };
    let (page, started_at, since) = (search.page(), search.started_at(), search.since());
    let reached = last || oldest.as_ref().is_some_and(|(_, at)| *at < since);
    if reached || page >= MAX_SEARCH_PAGES || !entries_being_checked(cx.scene(), room).any(|_| true) {
        decide(cx, room, (started_at, page), reached);
        return cx.account.outbox.end_search(room, cx.now);
    }
    let before = oldest.map(|(id, _)| id);
    // The same page may have been requested already to fetch missed messages.
    let history = cx.account.rooms.get(room).map(|room| &room.history);
    let requested = history.and_then(|history| history.request_made_after(serial, page + 1, before.as_ref()));
    let next = requested.or_else(|| request_page(cx, room, &PageRequest::older(page + 1, before)));
    match next {
        Some(next) => cx.account.outbox.continue_search(room, next),
        None => cx.account.outbox.end_search(room, cx.now),
    }
}

/// Reschedules the search after a page could not be loaded.
pub(in crate::app) fn on_page_failed(cx: &mut Context<'_>, room: &RoomId, serial: PageSerial) {
    if cx.account.outbox.search_in(room).is_none_or(|search| search.serial() != serial) {
        return;
    }
    let chance = cx.rng.i64(0..=1_000);
    cx.account.outbox.on_search_failed(room, cx.now, chance);
}

/// Restarts searches whose answer is overdue.
pub(in crate::app) fn restart_overdue(cx: &mut Context<'_>) {
    let now = cx.now;
    let late = cx.account.outbox.searches().filter(|(_, search)| search.restart_at() <= now);
    let late: Vec<(RoomId, PageSerial)> = late.map(|(room, search)| (room.clone(), search.serial())).collect();
    for (room, serial) in late {
        if let Some(room) = cx.account.rooms.get_mut(&room) {
            room.history.give_up(serial);
        }
        on_page_failed(cx, &room, serial);
    }
}

/// Returns the time at which the next search restarts if its answer is missing.
pub(in crate::app) fn next_restart(scene: Scene<'_>) -> Option<Timestamp> {
    scene.account.outbox.searches().map(|(_, search)| search.restart_at()).min()
}

fn entries_being_checked<'a>(scene: Scene<'a>, room: &'a RoomId) -> impl Iterator<Item = &'a OutboxEntry> {
    scene.account.outbox.in_room(room).filter(|entry| entry.is_being_checked())
}

/// Decides about the messages that the search did not find.
///
/// `reached` says whether the pages go back to before the messages were written; `search` is when the search began and
/// the number of pages it took.
fn decide(cx: &mut Context<'_>, room: &RoomId, search: (Timestamp, u32), reached: bool) {
    let verdicts: Vec<(LocalId, Verdict)> = entries_being_checked(cx.scene(), room)
        .map(|entry| (entry.local(), verdict(cx.scene(), entry, search, reached)))
        .collect();
    for (local, verdict) in verdicts {
        apply(cx, local, verdict);
    }
}

fn apply(cx: &mut Context<'_>, local: LocalId, verdict: Verdict) {
    let now = cx.now;
    let Some(entry) = cx.account.outbox.get_mut(local) else { return };
    match verdict {
        Verdict::Found => on_confirmed(cx, local),
        Verdict::SearchAgain(at) => entry.search_again(at),
        Verdict::Resend if entry.is_canceled() => remove_canceled(cx, local),
        Verdict::Resend if entry.is_interrupted_too_often() => on_rejected(cx, local, &SafeText::line(INTERRUPTED)),
        Verdict::Resend => {
            entry.resend(now);
            show_queued(cx, local);
        }
        Verdict::AskUser => {
            entry.ask_user();
            let retry = cx.options.to_press(Action::MessageRetry);
            let discard = cx.options.key_name(Action::MessageDelete);
            cx.notify(format!(
                "A message may have been sent already. Select it, then {retry} to retry or {discard} to discard."
            ));
        }
    }
}

#[derive(Clone, Copy)]
enum Verdict {
    Found,
    /// The server may still be processing the send; search again at this time.
    SearchAgain(Timestamp),
    Resend,
    AskUser,
}

fn verdict(scene: Scene<'_>, entry: &OutboxEntry, (started_at, pages): (Timestamp, u32), reached: bool) -> Verdict {
    if scene.account.rooms.get(entry.room()).is_some_and(|room| room.timeline.is_confirmed(entry.local())) {
        return Verdict::Found;
    }
    if scene.account.names_messages_by_local_id() {
        // The server recognises a second copy.
        return Verdict::Resend;
    }
    let processed_at = entry.attempted_at().map(|at| at + PROCESSING_TIME).filter(|at| *at > started_at);
    if let Some(processed_at) = processed_at {
        // A search of many pages is only repeated once.
        let next = if pages == 1 { scene.now + SEARCH_INTERVAL } else { processed_at };
        return Verdict::SearchAgain(processed_at.min(next));
    }
    match scene.account.echoes_local_ids {
        // Files are sent in another format than text, so a server that returns the ids of texts may not return theirs.
        Some(true) if reached && !(is_file(entry) && has_likely_copy(scene, entry)) => Verdict::Resend,
        None if reached && !has_likely_copy(scene, entry) => Verdict::Resend,
        _ => Verdict::AskUser,
    }
}

fn is_file(entry: &OutboxEntry) -> bool {
    matches!(entry.payload(), OutboxPayload::Send(Content::File { .. }))
}

/// Returns whether the room contains a message of ours with the same content that does not name its `LocalId`.
fn has_likely_copy(scene: Scene<'_>, entry: &OutboxEntry) -> bool {
    let OutboxPayload::Send(content) = entry.payload() else { return true };
    let sent = SentContent::of(content);
    let Some(room) = scene.account.rooms.get(entry.room()) else { return false };
    let since = entry.written_at() + -MAX_CLOCK_SKEW;
    let is_copy = |message: &Message| sent.may_be(&message.text, message.attachment.is_some());
    let settled = room.timeline.iter().rev().filter(|(_, message)| message.id.is_some());
    let mut recent = settled.take_while(|(_, message)| message.sent_at >= since);
    recent.any(|(_, message)| scene.account.is_me(&message.author) && message.local.is_none() && is_copy(message))
}
