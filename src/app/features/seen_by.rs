//! The people who have seen a message.
//!
//! V Chat reports receipts of direct messages only. In a group, only a request tells who has seen a message, so one is made
//! for the newest message of the user: when the group is opened, and soon after somebody else has written there. Whoever
//! has seen that one has seen all before it.

use crate::app::features::selection::selected_message;
use crate::app::model::context::Context;
use crate::app::model::message_actions::has_several_readers;
use crate::app::model::seen_by_pages::SeenByPages;
use crate::app::model::timers::AccountTimer;
use crate::app::overlays::list::{List, ListKind};
use crate::app::overlays::overlay::Overlay;
use crate::domain::{Delivery, Feature, Message, MessageId, Request};

/// Maximum number of messages among which the newest one of the user is looked for.
const MAX_LOOKED_AT: usize = 200;

/// Delay of the request after somebody has written, in milliseconds. Others who write meanwhile cause no further one.
const CHECK_DELAY: i64 = 2_000;

/// Makes [`check_newest`] follow soon, because somebody has written in the open group.
pub(in crate::app) fn check_later(cx: &mut Context<'_>) {
    let is_group = cx.open_room().is_some_and(|room| has_several_readers(room.info.kind));
    if is_group && cx.account.has_room_receipts() {
        cx.account.timers.set_once(AccountTimer::CheckReceipts, cx.now + CHECK_DELAY);
    }
}

/// Asks the service who has seen the newest message of the user in the open group, unless somebody is known to have seen
/// it. One request is made at a time.
pub(in crate::app) fn check_newest(cx: &mut Context<'_>) {
    let can = cx.account.can(Feature::SeenBy) && cx.account.has_room_receipts() && cx.account.is_online();
    let Some(room) = cx.open_room().filter(|room| can && has_several_readers(room.info.kind) && room.can_fetch())
    else {
        return;
    };
    let is_own = |message: &&Message| {
        message.id.is_some() && !message.deleted && !message.kind.is_system() && cx.account.is_me(&message.author)
    };
    let newest = room.timeline.iter().rev().take(MAX_LOOKED_AT).map(|(_, message)| message).find(is_own);
    let unseen = newest.filter(|message| message.delivery < Delivery::Seen).and_then(|message| message.id.clone());
    let (room, kind) = (room.info.id.clone(), room.info.kind);
    let Some(message) = unseen.filter(|id| cx.account.receipt_check.as_ref() != Some(id)) else { return };
    cx.account.receipt_check = Some(message.clone());
    cx.request(Request::SeenBy { room, kind, message, seen: true, page: 1 });
}

/// Ends the check of a message, and returns whether there was one.
pub(in crate::app) fn end_check(cx: &mut Context<'_>, message: &MessageId) -> bool {
    cx.account.receipt_check.take_if(|checked| checked == message).is_some()
}

/// Requests the page after one of the list of people who have seen a message, if there is one. Returns whether the list is
/// complete.
pub(in crate::app) fn request_next(cx: &mut Context<'_>, message: &MessageId, seen: bool, next: Option<u32>) -> bool {
    if let Some(page) = cx.account.seen_by.advance(seen, next)
        && let Some(room) = cx.open_room()
    {
        let (room, kind) = (room.info.id.clone(), room.info.kind);
        cx.request(Request::SeenBy { room, kind, message: message.clone(), seen, page });
    }
    cx.account.seen_by.is_complete()
}

/// Ends the check of a deleted message and closes the list of those who have seen it: the service does not know the
/// message any more.
pub(in crate::app) fn on_deleted(cx: &mut Context<'_>, message: &MessageId) {
    end_check(cx, message);
    let is_its_list = |overlay: &Overlay| listed_message(overlay) == Some(message);
    if cx.ui.close_box_if(is_its_list).is_some() {
        cx.notify("The message was deleted.");
    }
}

/// Returns the message whose readers are listed in this box.
pub(in crate::app) fn listed_message(overlay: &Overlay) -> Option<&MessageId> {
    match overlay {
        Overlay::List(List { kind: ListKind::SeenBy(message), .. }) => Some(message),
        _ => None,
    }
}

/// Opens the list of people who have seen the selected message.
///
/// In a direct message the delivery state already says so, and a notice puts it into words.
pub(in crate::app) fn show(cx: &mut Context<'_>) {
    let Some((message, room)) = selected_message(cx.scene()).zip(cx.open_room()) else { return };
    if !cx.account.is_me(&message.author) {
        cx.notify("Only your own messages show who has seen them.");
        return;
    }
    let Some(id) = message.id.clone().filter(|_| !message.deleted) else {
        let reason = if message.deleted { "This message is deleted." } else { "This message has not been sent yet." };
        cx.notify(reason);
        return;
    };
    let kind = room.info.kind;
    if !has_several_readers(kind) {
        let title = cx.account.room_label(room);
        let sentence = match message.delivery {
            Delivery::Seen => format!("{title} has seen it."),
            Delivery::Delivered => format!("Delivered to {title}, not seen yet."),
            Delivery::Sent | Delivery::Queued | Delivery::Uncertain | Delivery::Failed => {
                format!("Sent, not delivered to {title} yet.")
            }
        };
        cx.notify(sentence);
        return;
    }
    let room = room.info.id.clone();
    cx.account.seen_by = SeenByPages::begin();
    cx.ui.overlay = Some(Overlay::List(List::waiting(ListKind::SeenBy(id.clone()))));
    for seen in [true, false] {
        cx.request(Request::SeenBy { room: room.clone(), kind, message: id.clone(), seen, page: 1 });
    }
}
