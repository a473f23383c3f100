//! Pages of a room's history, which are merged in slices if they are long.

use crate::app::features::history::pages::{self, mark_unread, place_unread_marker, request_page};
use crate::app::features::outbox::{answers, reconcile};
use crate::app::features::search::SearchChange;
use crate::app::features::{jump, notes, search, seen_by, vanished_rooms};
use crate::app::handlers::server::{authorship, messages as message_events, subjects};
use crate::app::limits::MAX_MERGED_MESSAGES;
use crate::app::model::context::Context;
use crate::app::model::history_page::HistoryPage;
use crate::app::model::timers::AccountTimer;
use crate::domain::{
    Amendment, IncomingPage, MessageId, MessageInfo, MessagePoint, PageKind, PageNumbers, PageRequest, PersonId, Room,
    RoomId, Subscription,
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
    vanished_rooms::on_room_found(cx, &page.room);
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
    learn_people(cx, &mut page.messages);
    log_forged(cx, &page);
    let Some(incoming) = receive(cx, &page) else { return };
    let (is_last, oldest) = (incoming.is_last(), incoming.oldest().cloned());
    let rest = rest.filter(|_| !incoming.is_stale());
    let new = merge_messages(cx, &mut page, &incoming, &changes);
    let was_resuming = is_resuming(cx, &page.room);
    let Ok(next) = advance(cx, &page, incoming, new) else {
        // The page proves nothing about uncertain sends either.
        return reconcile::on_page_failed(cx, &page.room, page.serial);
    };
    // Only one page is kept in this way; what is left of another is requested again when it is needed.
    if let Some(rest) = rest.filter(|_| cx.account.history_rest.is_none()) {
        keep_rest(cx, rest, next, oldest.as_ref());
    } else if let Some(next) = next {
        request_page(cx, &page.room, &next);
    }
    cx.account.rooms.reposition(&page.room);
    if cx.ui.open.as_ref() == Some(&page.room) {
        mark_unread_on_page(cx, &page, was_resuming);
    }
    reconcile::on_page(cx, &page.room, page.serial, is_last, oldest);
}

fn learn_people(cx: &mut Context<'_>, messages: &mut [MessageInfo]) {
    for message in messages {
        if let Some(author) = message.author_info.take() {
            cx.account.people.learn(*author);
        }
        cx.account.people.learn_quoted(message.quote.as_deref());
    }
}

/// Writes forged messages to the log. The timeline never changes the author of a known message.
fn log_forged(cx: &mut Context<'_>, page: &HistoryPage) {
    for message in &page.messages {
        authorship::log_if_forged(cx.account, &page.room, &message.id, &message.author, "a page", cx.effects);
    }
}

/// Ends the request for a page. An outdated page is requested again if it is needed, and `None` is returned.
fn receive(cx: &mut Context<'_>, page: &HistoryPage) -> Option<IncomingPage> {
    let is_open = cx.ui.open.as_ref() == Some(&page.room);
    let paging = cx.account.paging();
    let room = cx.account.rooms.get_mut(&page.room)?;
    let numbers = PageNumbers { page: page.page, pages: page.pages, total: page.total };
    let incoming = room.history.on_page(page.serial, numbers, &page.messages, &room.timeline, paging);
    if !incoming.is_outdated() {
        return Some(incoming);
    }
    let is_needed = is_open && room.history.needs_newest_page();
    // Its messages are not looked at, so it proves nothing about uncertain sends either.
    reconcile::on_page_failed(cx, &page.room, page.serial);
    if is_needed {
        request_page(cx, &page.room, &PageRequest::newest());
    }
    None
}

/// Takes the messages of a page into the timeline, and draws the conclusions about sends and deletions. Returns the number
/// of messages that the server had not reported before.
fn merge_messages(
    cx: &mut Context<'_>,
    page: &mut HistoryPage,
    incoming: &IncomingPage,
    changes: &[(MessageId, Vec<Amendment>)],
) -> usize {
    let messages = std::mem::take(&mut page.messages);
    let me = cx.account.me.clone();
    // Messages are matched to sends by their text only if the service may not return the `LocalId` of our messages.
    let matched_by_text =
        me.as_ref().filter(|_| !cx.account.names_messages_by_local_id() && cx.account.echoes_local_ids != Some(true));
    let unsent = matched_by_text.map_or_else(Vec::new, |_| cx.account.outbox.never_sent(&page.room));
    let Some(room) = cx.account.rooms.get_mut(&page.room) else { return 0 };
    note_newer(room, &messages, me.as_ref());
    let ours = messages.iter().filter(|message| Some(&message.author) == me.as_ref());
    let ours: Vec<_> = ours.map(|message| (message.id.clone(), message.local.is_some())).collect();
    let kind = if page.page == 1 { PageKind::Newest } else { PageKind::Older };
    let new = room.timeline.merge_page(messages, kind, matched_by_text.map(|me| (me, unsent.as_slice())));
    changes.iter().for_each(|(id, amendments)| room.timeline.amend(id, amendments));
    room.unread_marker.on_loaded(&room.timeline);
    notes::place_pending(room);
    confirm_sends(cx, &page.room, &ours);
    delete_missing(cx, &page.room, incoming);
    new
}

/// Records that a read receipt is due if a page has newer messages of others than those that are loaded.
fn note_newer(room: &mut Room, messages: &[MessageInfo], me: Option<&PersonId>) {
    let last_known = room.timeline.newest_accepted().map(|last| last.sent_at);
    let is_unseen = |message: &MessageInfo| Some(&message.author) != me && Some(message.sent_at) > last_known;
    if last_known.is_some() && messages.iter().any(is_unseen) {
        room.read_state.on_newer_page();
    }
}

/// Confirms the sends that are among our messages on a page. Each comes with whether the server has returned its
/// `LocalId`.
fn confirm_sends(cx: &mut Context<'_>, id: &RoomId, ours: &[(MessageId, bool)]) {
    let Some(room) = cx.account.rooms.get(id) else { return };
    let sends = ours.iter().filter(|(message, _)| {
        let slot = room.timeline.find(message);
        slot.is_some_and(|slot| answers::is_own_send(room, room.timeline.get(slot)))
    });
    let returned: Vec<bool> = sends.map(|(_, returned)| *returned).collect();
    returned.into_iter().for_each(|returned| answers::note_local_id_echo(cx, returned));
    answers::confirm_from_page(cx, id);
}

/// Deletes the loaded messages that would be on a page and are not, where pages omit deleted messages. Those that were too
/// new for the page are compared with a later one.
fn delete_missing(cx: &mut Context<'_>, id: &RoomId, incoming: &IncomingPage) {
    let is_open = cx.ui.open.as_ref() == Some(id);
    let omits_deleted = cx.account.capabilities.filter(|can| can.pages_omit_deleted);
    if let Some((can, room)) = omits_deleted.zip(cx.account.rooms.get(id)) {
        let deleted = incoming.deleted(&room.timeline, can.paging);
        let undecided_until = incoming.undecided_until(&room.timeline).filter(|_| is_open);
        if let Some(due) = undecided_until {
            pages::verify_recent_at(cx, due);
        }
        deleted.iter().for_each(|message| message_events::on_deleted(cx, None, message));
    }
    subjects::end_deleted(cx, id);
}

/// Whether missed messages of a room are being fetched.
fn is_resuming(cx: &Context<'_>, id: &RoomId) -> bool {
    cx.account.rooms.get(id).is_some_and(|room| room.history.is_resuming())
}

/// A page that does not lead further back.
struct UselessPage;

/// Advances the history of a room past a merged page. Returns the page to request next, if messages are still missing.
fn advance(
    cx: &mut Context<'_>,
    page: &HistoryPage,
    incoming: IncomingPage,
    new: usize,
) -> Result<Option<PageRequest>, UselessPage> {
    let is_open = cx.ui.open.as_ref() == Some(&page.room);
    let (subscription, paging) = (subscription(cx, is_open), cx.account.paging());
    let room = cx.account.rooms.get_mut(&page.room).ok_or(UselessPage)?;
    let is_implausible = room.history.is_implausible(&incoming, &room.timeline);
    let next = room.history.on_merged(incoming, new, subscription, &room.timeline, paging);
    if is_implausible {
        pages::on_implausible_page(cx, &page.room, page.page);
        return Err(UselessPage);
    }
    room.load_failures = 0;
    if room.history.is_repeating() {
        room.load_error = Some(SafeText::line(REPEATED_PAGE));
        if is_open {
            let press = cx.options.press(Action::FillGap);
            cx.notify(format!("{REPEATED_PAGE} {press} to retry."));
        }
        return Err(UselessPage);
    }
    Ok(next)
}

/// Returns how live events of a room arrive.
fn subscription(cx: &Context<'_>, is_open: bool) -> Subscription {
    match (is_open, cx.account.capabilities.is_some_and(|can| can.events_omit_room)) {
        (true, _) if cx.account.resync.is_some() => Subscription::Joining,
        (true, _) => Subscription::Joined,
        (false, true) => Subscription::None,
        (false, false) => Subscription::Background,
    }
}

/// Marks what is unread in the open room after a page was merged.
fn mark_unread_on_page(cx: &mut Context<'_>, page: &HistoryPage, was_resuming: bool) {
    // The server's count is only placed once nothing is missing, which may be after another page.
    let is_countable = !(is_resuming(cx, &page.room) && cx.account.has_room_receipts());
    if (page.page == 1 || was_resuming) && is_countable {
        mark_unread(cx);
        seen_by::check_newest(cx);
    }
    place_unread_marker(cx);
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
