//! Pages of a room's history, which are merged in slices if they are long.

use crate::app::features::history::pages::{self, mark_unread, place_unread_marker, request_page};
use crate::app::features::outbox::{answers, reconcile};
use crate::app::features::search::SearchChange;
use crate::app::features::{deleted_rooms, jump, notes, search, seen_by};
use crate::app::handlers::server::{authorship, messages as message_events, subjects};
use crate::app::limits::MAX_MERGED_MESSAGES;
use crate::app::model::context::Context;
use crate::app::model::history_page::HistoryPage;
use crate::app::model::timers::AccountTimer;
use crate::domain::{
    Amendment, MessageId, MessageInfo, MessagePoint, PageKind, PageNumbers, PageRequest, Subscription,
};
use crate::input::Action;
use crate::text::SafeText;

/// Explanation of a server that sends the same page for ever.
const REPEATED_PAGE: &str = "The server sends the same messages again.";

/// Delay between two slices of a long page, in milliseconds: about a frame.
const FRAME: i64 = 16;

/// Merges a page into its room's timeline, confirms the sends that it contains, and requests the next page if messages
/// are still missing.
pub(in crate::app) fn on_history(cx: &mut Context<'_>, page: HistoryPage) {
    deleted_rooms::on_room_found(cx, &page.room);
    merge_slice(cx, page);
}

/// Merges the next slice of a long page, unless the room was removed meanwhile.
pub(in crate::app) fn merge_next_slice(cx: &mut Context<'_>) {
    let Some(page) = cx.account.history_rest.take() else { return };
    let room = cx.account.rooms.get(&page.room).filter(|room| !room.is_deleted());
    let (serial, is_awaited) = (page.serial, room.is_some_and(|room| room.history.awaits(page.serial)));
    if is_awaited {
        merge_slice(cx, page);
    }
    cx.account.page_requests.end(serial);
    if is_awaited {
        search::after_event(cx, &SearchChange::Updated);
        jump::advance(cx);
    }
}

/// Merges the newest messages of a page, and leaves the others for a later turn: a server may send any number at once.
fn merge_slice(cx: &mut Context<'_>, mut page: HistoryPage) {
    let changes = amend(cx, &mut page);
    let rest = page.split_off_older(MAX_MERGED_MESSAGES);
    let HistoryPage { room: id, serial, page, pages, total, mut messages } = page;
    let id = &id;
    for message in &mut messages {
        if let Some(author) = message.author_info.take() {
            cx.account.people.learn(*author);
        }
        cx.account.people.learn_quoted(message.quote.as_deref());
    }
    for message in &messages {
        // This only writes the log: the timeline never changes the author of a known message.
        authorship::log_if_forged(cx.account, id, &message.id, &message.author, "a page", cx.effects);
    }
    let me = cx.account.me.clone();
    // Messages are matched to sends by their text only if the service may not return the `LocalId` of our messages.
    let matched_by_text =
        me.as_ref().filter(|_| !cx.account.names_messages_by_local_id() && cx.account.echoes_local_ids != Some(true));
    let unsent = matched_by_text.map_or_else(Vec::new, |_| cx.account.outbox.never_sent(id));
    let open = cx.ui.open.as_ref() == Some(id);
    let paging = cx.account.paging();
    let Some(room) = cx.account.rooms.get_mut(id) else { return };
    let incoming = room.history.on_page(serial, PageNumbers { page, pages, total }, &messages, &room.timeline, paging);
    if incoming.is_outdated() {
        let is_needed = open && room.history.needs_newest_page();
        // Its messages are not looked at, so it proves nothing about uncertain sends either.
        reconcile::on_page_failed(cx, id, serial);
        if is_needed {
            request_page(cx, id, &PageRequest::newest());
        }
        return;
    }
    let (is_last, oldest) = (incoming.is_last(), incoming.oldest().cloned());
    let rest = rest.filter(|_| !incoming.is_stale());
    let kind = if page == 1 { PageKind::Newest } else { PageKind::Older };
    let last_known = room.timeline.newest_accepted().map(|last| last.sent_at);
    let is_unseen = |message: &MessageInfo| Some(&message.author) != me.as_ref() && Some(message.sent_at) > last_known;
    if last_known.is_some() && messages.iter().any(is_unseen) {
        room.read_state.on_newer_page();
    }
    let ours = messages.iter().filter(|message| Some(&message.author) == me.as_ref());
    let ours: Vec<_> = ours.map(|message| (message.id.clone(), message.local.is_some())).collect();
    let new = room.timeline.merge_page(messages, kind, matched_by_text.map(|me| (me, unsent.as_slice())));
    let omits_deleted = cx.account.capabilities.filter(|can| can.pages_omit_deleted);
    changes.iter().for_each(|(id, amendments)| room.timeline.amend(id, amendments));
    let deleted = omits_deleted.map_or_else(Vec::new, |can| incoming.deleted(&room.timeline, can.paging));
    let undecided_until = omits_deleted.filter(|_| open).and_then(|_| incoming.undecided_until(&room.timeline));
    room.unread_marker.on_loaded(&room.timeline);
    notes::place_pending(room);
    let sends = ours.iter().filter(|(id, _)| {
        let slot = room.timeline.find(id);
        slot.is_some_and(|slot| answers::is_own_send(room, room.timeline.get(slot)))
    });
    let returned: Vec<bool> = sends.map(|(_, returned)| *returned).collect();
    returned.into_iter().for_each(|returned| answers::note_local_id_echo(cx, returned));
    answers::confirm_from_page(cx, id);
    if let Some(due) = undecided_until {
        pages::verify_recent_at(cx, due);
    }
    deleted.iter().for_each(|id| message_events::on_deleted(cx, None, id));
    subjects::end_deleted(cx, id);
    let subscription = match (open, cx.account.capabilities.is_some_and(|can| can.events_omit_room)) {
        (true, _) if cx.account.resync.is_some() => Subscription::Joining,
        (true, _) => Subscription::Joined,
        (false, true) => Subscription::None,
        (false, false) => Subscription::Background,
    };
    let Some(room) = cx.account.rooms.get_mut(id) else { return };
    let was_resuming = room.history.is_resuming();
    let is_implausible = room.history.is_implausible(&incoming, &room.timeline);
    let next = room.history.on_merged(incoming, new, subscription, &room.timeline, paging);
    if is_implausible {
        pages::on_implausible_page(cx, id, page);
        // The page proves nothing about uncertain sends either.
        return reconcile::on_page_failed(cx, id, serial);
    }
    room.load_failures = 0;
    if room.history.is_repeating() {
        room.load_error = Some(SafeText::line(REPEATED_PAGE));
        if open {
            let key = cx.options.keymap.shown(Action::FillGap);
            cx.notify(format!("{REPEATED_PAGE} Press {key} to retry."));
        }
        return reconcile::on_page_failed(cx, id, serial);
    }
    let is_resuming = room.history.is_resuming();
    // Only one page is kept in this way; what is left of another is requested again when it is needed.
    if let Some(rest) = rest.filter(|_| cx.account.history_rest.is_none()) {
        keep_rest(cx, rest, next, oldest.as_ref());
    } else if let Some(next) = next {
        request_page(cx, id, &next);
    }
    cx.account.rooms.reposition(id);
    if open {
        // The server's count is only placed once nothing is missing, which may be after another page.
        let is_countable = !(is_resuming && cx.account.has_room_receipts());
        if (page == 1 || was_resuming) && is_countable {
            mark_unread(cx);
            seen_by::check_newest(cx);
        }
        place_unread_marker(cx);
    }
    reconcile::on_page(cx, id, serial, is_last, oldest);
}

/// Applies what has changed since the page was requested to its messages. Returns the changes of those that are not
/// loaded yet.
fn amend(cx: &Context<'_>, page: &mut HistoryPage) -> Vec<(MessageId, Vec<Amendment>)> {
    let Some(room) = cx.account.rooms.get(&page.room) else { return Vec::new() };
    let is_loaded = |id: &MessageId| room.timeline.find(id).is_some();
    cx.account.page_requests.amend(page.serial, &page.room, &mut page.messages, is_loaded)
}

/// Keeps the rest of a long page until the next frame. It answers the request for the page before `oldest`, which is
/// then not sent.
fn keep_rest(cx: &mut Context<'_>, rest: HistoryPage, next: Option<PageRequest>, oldest: Option<&MessagePoint>) {
    let next = next.unwrap_or_else(|| PageRequest::older(rest.page, oldest.map(|(id, _)| id.clone())));
    if !next.ends_before(oldest) {
        request_page(cx, &rest.room, &next);
        return;
    }
    let (serial, now) = (cx.account.page_requests.begin(), cx.server_time());
    if let Some(room) = cx.account.rooms.get_mut(&rest.room) {
        room.history.on_request(serial, &next, &room.timeline, now);
        cx.account.history_rest = Some(HistoryPage { serial, ..rest });
        cx.account.timers.set(AccountTimer::MergeHistory, cx.now + FRAME);
    }
}
