//! Pages of messages.

use crate::app::features::history::gaps;
use crate::app::features::history::pages::{mark_unread, place_unread_marker, request_page};
use crate::app::features::outbox::answers;
use crate::app::features::{deleted_rooms, notes};
use crate::app::handlers::server::authorship;
use crate::app::model::context::Context;
use crate::domain::{MessageInfo, PageKind, RoomId};

/// Pages that are loaded automatically to fill a gap, and again each time the user asks for more. Older messages are
/// rarely worth the wait; a line marks what is missing.
const GAP_PAGES: u32 = 100;

pub(in crate::app) fn on_history(
    cx: &mut Context<'_>,
    id: &RoomId,
    page: u32,
    pages: u32,
    mut messages: Vec<MessageInfo>,
) {
    deleted_rooms::on_room_found(cx, id);
    for message in &mut messages {
        if let Some(author) = message.author_info.take() {
            cx.account.people.learn(*author);
        }
    }
    for message in &messages {
        // The timeline keeps its own version of the message.
        authorship::disowns(cx.account, id, &message.id, &message.author, "a page", cx.effects);
    }
    let me = cx.account.me.clone();
    // If every message carries the identity of its send, messages are never matched by text.
    let nameless =
        me.as_ref().filter(|_| !cx.account.names_messages_by_local_id() && cx.account.echoes_local_ids != Some(true));
    let unsent = nameless.map_or_else(Vec::new, |_| cx.account.outbox.never_sent(id));
    let open = cx.ui.open.as_ref() == Some(id);
    let Some(room) = cx.account.rooms.get_mut(id) else { return };
    let awaited = room.history.loading.take_if(|loading| *loading == page).is_some();
    let last_page = page >= pages || messages.is_empty();
    let newest = messages.last().map(|message| (message.id.clone(), message.sent_at));
    let oldest = messages.first().map(|message| (message.id.clone(), message.sent_at));
    let arrival = if page == 1 { PageKind::Newest } else { PageKind::Older };
    let last_known = room.timeline.newest_accepted().map(|last| last.sent_at);
    let is_news = |message: &MessageInfo| Some(&message.author) != me.as_ref() && Some(message.sent_at) > last_known;
    room.receipt_pending |= last_known.is_some() && messages.iter().any(is_news);
    if page == 1 {
        room.history.asked = room.history.asked.saturating_sub(1);
    }
    let ours = messages.iter().filter(|message| Some(&message.author) == me.as_ref());
    let ours: Vec<_> = ours.map(|message| (message.id.clone(), message.local.is_some())).collect();
    let known = room.history.resume_from.as_ref().map(|(known, _)| known);
    let holds_known = known.is_some_and(|known| messages.iter().any(|message| message.id == *known));
    let new = room.timeline.merge_page(messages, arrival, nameless.map(|me| (me, unsent.as_slice())));
    notes::place_pending(room);
    let sends = ours.iter().filter(|(id, _)| {
        let slot = room.timeline.find(id);
        slot.is_some_and(|slot| answers::is_own_send(room, room.timeline.get(slot)))
    });
    let returned: Vec<bool> = sends.map(|(_, returned)| *returned).collect();
    returned.into_iter().for_each(|returned| answers::note_local_id_echo(cx, returned));
    answers::confirm_from_page(cx, id);
    let Some(room) = cx.account.rooms.get_mut(id) else { return };
    room.history.stuck = false;
    if let Some((newest, at)) = newest.as_ref().filter(|_| page == 1) {
        room.hear(newest, *at);
    }
    if page == 1 && open && cx.account.resync.is_some() {
        room.history.unsure_after.clone_from(&newest);
    }
    // If we left the room meanwhile, its newest page misses what was written since.
    room.history.fresh |= page == 1 && open;
    room.history.barren = if new == 0 { page } else { 0 };
    room.history.complete |= last_page;
    // The newest page never fills a gap; it may have been requested in between.
    let filling = room.history.filling.take_if(|_| page > 1);
    let filled = filling.as_ref().map(|filling| &filling.after);
    if let Some((oldest, (_, newest))) = oldest.as_ref().zip(newest) {
        room.close_gaps(oldest, newest, filled);
    }
    if let Some(filled) = filled.filter(|_| last_page) {
        room.close_gap(filled);
    }
    // A gap is filled from its newer end. A page requested before the gap was known does not count.
    let follows = page == 1 || (awaited && room.history.reached.is_some());
    if let Some((_, missed_after)) = room.history.resume_from.as_ref().filter(|_| follows) {
        room.history.reached = oldest.as_ref().map(|(oldest, _)| oldest.clone());
        // Other messages may share the millisecond of the last known one.
        let met = last_page || holds_known || oldest.as_ref().is_none_or(|(_, at)| at < missed_after);
        if met {
            room.history.resume_from = None;
            room.history.reached = None;
            gaps::retry_failed(cx, id);
        } else if page < GAP_PAGES {
            // The page may be newer than the list's last message for this room.
            cx.account.rooms.reposition(id);
            return request_page(cx, id, page + 1, oldest.map(|(oldest, _)| oldest));
        } else {
            room.leave_gap(false);
        }
    } else if let Some(filling) = filling {
        gaps::on_page(cx, id, page, filling);
    }
    let deaf = !open && cx.account.capabilities.is_some_and(|can| can.events_omit_room);
    if let Some(room) = cx.account.rooms.get_mut(id).filter(|room| deaf && room.history.resume_from.is_none()) {
        // We left the room meanwhile and receive no events for it, so later messages will be missed.
        room.history.resume_from.clone_from(&room.history.heard);
    }
    cx.account.rooms.reposition(id);
    if open {
        if page == 1 {
            mark_unread(cx);
        }
        place_unread_marker(cx);
    }
}
