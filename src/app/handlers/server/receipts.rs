//! Status changes of existing messages: delivered, seen, starred, deleted for me, uploaded.

use crate::app::effect::LogLevel;
use crate::app::features::history::pages::request_page;
use crate::app::features::outbox::answers;
use crate::app::features::seen_by;
use crate::app::handlers::server::authorship::log_ignored;
use crate::app::handlers::server::subjects::{REPLY_ENDED, end_edit, end_reply};
use crate::app::model::context::Context;
use crate::app::model::pane::Anchor;
use crate::app::model::ui::Focus;
use crate::domain::{Delivery, LocalId, MessageId, PageRequest, PersonId, RoomId};

/// Marks all messages of `author` in a room as delivered or seen. Only our own messages carry these marks, so receipts
/// of others are ignored.
pub(in crate::app) fn on_room_receipt(cx: &mut Context<'_>, room: &RoomId, author: &PersonId, delivery: Delivery) {
    let mine = cx.account.is_me(author);
    let Some(known) = cx.account.rooms.get_mut(room) else {
        let what = format!("a receipt for unknown room {}", room.as_str());
        return log_ignored(cx.effects, LogLevel::Warn, &what);
    };
    if mine {
        known.timeline.apply_receipt(author, delivery);
    } else {
        // Some servers send a receipt to both sides (`docs/protocol/vchat.md` §12, question 3).
        let (room, author) = (room.as_str(), author.as_str());
        log_ignored(
            cx.effects,
            LogLevel::Debug,
            &format!("a receipt in room {room} is for a message of {author}, not of this user"),
        );
    }
}

/// Records the upload progress of a file.
pub(in crate::app) fn on_progress(cx: &mut Context<'_>, room: &RoomId, local: LocalId, sent: u64, total: u64) {
    let is_waiting = cx.account.rooms.get(room).is_some_and(|room| !room.timeline.is_confirmed(local));
    if is_waiting {
        // No row has to be computed again, because the progress is read when its row is painted.
        cx.account.outbox.set_progress(local, cx.now, sent, total);
    }
}

/// Handles the rejection of a send that the server already has. It counts as sent, and the newest page is requested to
/// load the message.
pub(in crate::app) fn on_duplicate(cx: &mut Context<'_>, room: &RoomId, local: LocalId) {
    answers::on_confirmed(cx, local);
    if let Some(known) = cx.account.rooms.get_mut(room) {
        known.timeline.accept(local, None);
        request_page(cx, room, &PageRequest::newest());
    }
}

/// Removes a message that was deleted only for us. The selection and the scroll anchor move to its neighbour.
pub(in crate::app) fn on_deleted_for_me(cx: &mut Context<'_>, id: &RoomId, message: &MessageId) {
    let open = cx.ui.open.as_ref() == Some(id);
    let Some(room) = cx.account.rooms.get_mut(id) else { return };
    let Some(slot) = room.timeline.find(message) else {
        room.info.last_message.take_if(|last| last.id == *message);
        return;
    };
    let original = room.timeline.get(slot).text.editable();
    let neighbour = room.remove_message(slot);
    if open {
        if cx.ui.focus == Focus::Message(slot) {
            cx.ui.focus = neighbour.map_or(Focus::Composer, Focus::Message);
        }
        if let Anchor::Top { slot: top, .. } = cx.ui.pane.anchor
            && top == slot
        {
            cx.ui.pane.anchor = neighbour.map_or(Anchor::Bottom, |slot| Anchor::Top { slot, row: 0 });
        }
        cx.ui.pane.reveal.take_if(|reveal| *reveal == slot);
    }
    end_reply(cx, message, REPLY_ENDED);
    end_edit(cx, message, Some(&original));
    seen_by::on_deleted(cx, message);
    cx.account.rooms.reposition(id);
}

/// Updates the star of a message.
pub(in crate::app) fn on_starred(cx: &mut Context<'_>, room: &RoomId, message: &MessageId, on: bool) {
    if let Some(room) = cx.account.rooms.get_mut(room)
        && let Some(slot) = room.timeline.find(message)
    {
        room.timeline.change(slot, |message| message.set_starred(on));
    }
}
