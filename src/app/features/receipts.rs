//! Read receipts: reports messages as seen once they have been on screen.

use crate::app::model::account::{Account, ConnectionState};
use crate::app::model::context::{Context, Scene};
use crate::app::model::message_rows::body_text;
use crate::app::model::pane_row::PaneRow;
use crate::config::SeenReceipts;
use crate::domain::{Delivery, MINUTE, Message, MessageId, Request, Room, RoomAccess, RoomId, Slot};

/// Maximum number of receipts that are sent at once on services with a receipt for each message.
pub(in crate::app) const MAX_AT_ONCE: usize = 50;

/// Milliseconds for which a connection may be dead before anybody notices (`net::timing`, `max_silence`). The receipts of
/// that time may be lost, since they are not answered.
const MAX_SILENCE: i64 = 3 * MINUTE;

/// Reports the visible messages as seen; clears the unread count once the newest message is visible.
///
/// Nothing is reported while the terminal has no focus or the connection is down.
pub(in crate::app) fn mark_visible_seen(cx: &mut Context<'_>) {
    if !cx.scene().has_focus() || cx.account.connection != ConnectionState::Online {
        return;
    }
    let Some(room) = cx.open_room().filter(|room| !room.info.settings.marked_unread) else { return };
    let newest = is_newest_visible(cx.scene(), room);
    let id = room.info.id.clone();
    if cx.account.profile.seen != SeenReceipts::Focused {
        return read_unreported(cx, newest);
    }
    if cx.account.has_room_receipts() {
        if newest {
            report_room_seen(cx, &id);
        }
        return;
    }
    let unseen = fully_visible(cx.scene(), room).filter(|slot| needs_receipt(cx.account, room, *slot)).collect();
    report_messages_seen(cx, &id, unseen);
    if let Some(room) = cx.open_room_mut().filter(|_| newest) {
        room.read_state.on_all_seen();
    }
}

/// Clears the unread count of the open room without telling the server, if its newest message is visible.
fn read_unreported(cx: &mut Context<'_>, newest: bool) {
    let Some(room) = cx.open_room_mut().filter(|_| newest) else { return };
    let until = room.timeline.newest_accepted().map(|last| last.sent_at);
    room.read_state.on_read(until, false);
}

/// Reports the loaded messages of a room as seen because the user has written there, if receipts are to wait for that.
pub(in crate::app) fn report_on_reply(cx: &mut Context<'_>, room: &RoomId) {
    let is_due = cx.account.profile.seen == SeenReceipts::OnReply && cx.account.connection == ConnectionState::Online;
    if !is_due {
        return;
    }
    if cx.account.has_room_receipts() {
        return report_room_seen(cx, room);
    }
    let Some(loaded) = cx.account.rooms.get(room) else { return };
    let slots = loaded.timeline.iter().rev().map(|(slot, _)| slot);
    let unseen = slots.filter(|slot| needs_receipt(cx.account, loaded, *slot)).take(MAX_AT_ONCE).collect();
    report_messages_seen(cx, room, unseen);
}

/// Reports messages as seen, with one receipt for each.
fn report_messages_seen(cx: &mut Context<'_>, id: &RoomId, unseen: Vec<Slot>) {
    let Some(room) = cx.account.rooms.get(id) else { return };
    let ids: Vec<MessageId> = unseen.iter().filter_map(|slot| room.timeline.get(*slot).id.clone()).collect();
    let ids: Vec<MessageId> = {
        let sent = &mut cx.account.sent_receipts;
        ids.into_iter().filter(|message| sent.insert(id, message, cx.now)).collect()
    };
    cx.effects.extend(ids.into_iter().map(|message| cx.account.request(Request::Seen { room: id.clone(), message })));
    let Some(room) = cx.account.rooms.get_mut(id) else { return };
    for slot in unseen {
        room.timeline.change(slot, |message| message.advance(Delivery::Seen));
    }
}

/// Reports a whole room as seen, with one receipt for all its new messages.
///
/// The next receipt follows only after somebody else has written.
fn report_room_seen(cx: &mut Context<'_>, id: &RoomId) {
    let Some(room) = cx.account.rooms.get_mut(id).filter(|room| needs_room_receipt(room)) else { return };
    let last = room.timeline.newest_accepted().and_then(|last| Some((last.id.clone()?, last.sent_at)));
    let Some((message, at)) = last else { return };
    room.read_state.on_read(Some(at), true);
    cx.account.sent_receipts.record(id, &message, cx.now);
    cx.request(Request::Seen { room: id.clone(), message });
}

/// Marks a room as read, on screen or not, and reports that unless the user wants receipts only for a reply, or none. On
/// services with a receipt for each message, at most `most` are sent.
pub(in crate::app) fn mark_read(cx: &mut Context<'_>, id: &RoomId, most: usize) {
    let is_reported = cx.account.profile.seen == SeenReceipts::Focused;
    let is_for_room = cx.account.has_room_receipts();
    let Some(room) = cx.account.rooms.get_mut(id) else { return };
    let loaded = room.timeline.newest_accepted().and_then(|last| Some((last.id.clone()?, last.sent_at)));
    let listed = room.info.last_message.as_mut().map(|last| {
        last.seen = true;
        (last.id.clone(), last.sent_at)
    });
    let is_loaded = loaded.is_some() && loaded.as_ref().map(|last| last.1) >= listed.as_ref().map(|last| last.1);
    let last = if is_loaded { loaded } else { listed };
    room.info.settings.marked_unread = false;
    room.unread_marker.clear();
    let is_reported = is_reported && room.membership.access != RoomAccess::NotMember && !room.is_deleted();
    room.read_state.on_read(last.as_ref().map(|last| last.1), is_reported);
    if !is_reported {
        return;
    }
    if is_for_room {
        let Some((message, _)) = last else { return };
        cx.account.sent_receipts.record(id, &message, cx.now);
        return cx.request(Request::Seen { room: id.clone(), message });
    }
    let Some(known) = cx.account.rooms.get(id) else { return };
    let slots = known.timeline.iter().rev().map(|(slot, _)| slot);
    let unseen = slots.filter(|slot| needs_receipt(cx.account, known, *slot)).take(most).collect();
    report_messages_seen(cx, id, unseen);
    // Of a room that is not loaded, only the last message is known. By that one, the service takes the room for read.
    if let Some((message, _)) = last.filter(|_| !is_loaded)
        && cx.account.sent_receipts.insert(id, &message, cx.now)
    {
        cx.request(Request::Seen { room: id.clone(), message });
    }
}

/// Handles a read receipt that did not reach the server: it is repeated as soon as the message is on screen while the
/// connection is up.
pub(in crate::app) fn on_not_reported(cx: &mut Context<'_>, room: &RoomId, message: &MessageId) {
    cx.account.sent_receipts.remove(message);
    let is_for_room = cx.account.has_room_receipts();
    let Some(room) = cx.account.rooms.get_mut(room) else { return };
    room.read_state.on_receipt_lost();
    if let Some(slot) = room.timeline.find(message).filter(|_| !is_for_room) {
        room.timeline.change(slot, Message::retract_seen);
    }
}

/// Handles the loss of the connection, which may have taken the last receipts with it. They are repeated, unless the
/// server turns out to know them.
pub(in crate::app) fn on_disconnect(cx: &mut Context<'_>) {
    for (room, message) in cx.account.sent_receipts.since(cx.now + -MAX_SILENCE) {
        on_not_reported(cx, &room, &message);
    }
}

/// Whether a read receipt for a room is due: messages in it are unread or have no receipt, and all of them are loaded.
pub(in crate::app) fn needs_room_receipt(room: &Room) -> bool {
    let is_member = room.membership.access != RoomAccess::NotMember;
    is_member && room.read_state.needs_receipt() && room.history.is_synced()
}

/// Whether a message was written by somebody else and has not been reported as seen.
pub(in crate::app) fn needs_receipt(account: &Account, room: &Room, slot: Slot) -> bool {
    let message = room.timeline.get(slot);
    message.delivery < Delivery::Seen && message.id.is_some() && !account.is_me(&message.author)
}

/// Iterates over the messages whose last row is on screen. Each occurs once.
pub(in crate::app) fn fully_visible<'a>(scene: Scene<'a>, room: &'a Room) -> impl Iterator<Item = Slot> + 'a {
    let mut previous = None;
    let ends = scene.ui.pane.rows.iter().filter_map(|row| match row {
        // A file is shown below the text.
        PaneRow::Fold { slot, .. } => room.timeline.get(*slot).attachment.is_none().then_some(*slot),
        PaneRow::Styled { slot, last, .. } => (*last && room.timeline.get(*slot).attachment.is_none()).then_some(*slot),
        PaneRow::Body { slot, bytes, .. } | PaneRow::System { slot, bytes, .. } => {
            let message = room.timeline.get(*slot);
            let is_last = message.attachment.is_none() || message.kind.is_system();
            (is_last && bytes.end as usize >= body_text(message).len()).then_some(*slot)
        }
        PaneRow::Attachment { slot, .. } => Some(*slot),
        _ => None,
    });
    // A line break at the end of a text is followed by an empty row, which ends the message as well.
    ends.filter(move |slot| previous.replace(*slot) != Some(*slot))
}

/// Whether the newest message is on screen.
pub(in crate::app) fn is_newest_visible(scene: Scene<'_>, room: &Room) -> bool {
    let newest = room.timeline.iter().next_back().map(|(slot, _)| slot);
    newest.is_some_and(|newest| scene.ui.pane.rows.iter().any(|row| row.message() == Some(newest)))
}
