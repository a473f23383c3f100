//! The people who have seen a message.

use crate::app::features::selection::selected_message;
use crate::app::model::context::Context;
use crate::app::model::message_actions::has_several_readers;
use crate::app::overlays::list::{List, ListKind};
use crate::app::overlays::overlay::Overlay;
use crate::domain::{Delivery, Request};

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
    cx.account.seen_by_answers = 0;
    cx.ui.overlay = Some(Overlay::List(List::waiting(ListKind::SeenBy(id.clone()))));
    for seen in [true, false] {
        cx.request(Request::SeenBy { room: room.clone(), kind, message: id.clone(), seen });
    }
}
