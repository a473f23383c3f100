//! Stars on messages, and the list of starred messages.

use crate::app::features::selection::selected_message;
use crate::app::model::context::Context;
use crate::app::overlays::list::{List, ListKind};
use crate::app::overlays::overlay::Overlay;
use crate::domain::Request;

/// Stars or unstars the selected message. The star changes on screen once the server has confirmed it.
pub(in crate::app) fn toggle(cx: &mut Context<'_>) {
    let Some((message, room)) = selected_message(cx.scene()).zip(cx.ui.open.clone()) else { return };
    match message.id.clone() {
        _ if message.deleted => cx.notify("This message is deleted."),
        Some(id) => {
            let on = !message.starred;
            cx.request(Request::Star { room, message: id, on });
        }
        None => cx.notify("This message has not been sent yet."),
    }
}

/// Opens the list of starred messages of the open room, or of `all` rooms.
pub(in crate::app) fn show_starred(cx: &mut Context<'_>, all: bool) {
    let room = cx.ui.open.clone().filter(|_| !all);
    cx.ui.overlay = Some(Overlay::List(List::waiting(ListKind::Stars(room.clone()))));
    cx.request(Request::Stars { room });
}
