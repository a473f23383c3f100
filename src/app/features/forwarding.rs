//! Forwarding: the rooms to choose from, and a copy of each message for the chosen room.

use crate::app::features::selection::selected_message;
use crate::app::features::{sending, switcher_entries};
use crate::app::model::context::Context;
use crate::app::model::message_actions::reference_error;
use crate::app::model::ui::Focus;
use crate::app::overlays::overlay::Overlay;
use crate::app::overlays::switcher::{Switcher, SwitcherPurpose};
use crate::domain::{Content, LocalId, Message, RoomId};

/// Opens the switcher to choose the room to which the selected message is forwarded.
pub(in crate::app) fn choose_target(cx: &mut Context<'_>) {
    let Some(message) = selected_message(cx.scene()) else { return };
    if let Some(reason) = reference_error(message) {
        cx.notify(reason);
    } else if let Some(of) = message.local.as_deref().copied() {
        choose_target_for(cx, vec![of]);
    }
}

/// Opens the switcher to choose the room to which these messages are forwarded.
pub(in crate::app) fn choose_target_for(cx: &mut Context<'_>, sends: Vec<LocalId>) {
    let mut switcher = Switcher::over(switcher_entries::room_entries(cx.account));
    switcher.purpose = SwitcherPurpose::Forward(sends);
    cx.ui.overlay = Some(Overlay::Switcher(switcher));
}

/// Forwards messages of the open room: queues a copy of each for the room `to`.
pub(in crate::app) fn forward_all(cx: &mut Context<'_>, sends: &[LocalId], to: &RoomId) {
    cx.ui.pane.marked.clear();
    for of in sends {
        forward(cx, *of, to);
    }
    if sends.len() > 1 {
        let title = cx.account.rooms.get(to).map(|room| cx.account.room_label(room).to_string()).unwrap_or_default();
        cx.notify(format!("Forwarding {} messages to {title}.", sends.len()));
    }
}

/// Forwards a message of the open room: queues a copy for the room `to`.
fn forward(cx: &mut Context<'_>, of: LocalId, to: &RoomId) {
    let source = cx.open_room().and_then(|room| Some(room.timeline.get(room.timeline.find_any_send(of)?)));
    let Some(source) = source.filter(|source| !source.deleted).cloned() else {
        cx.notify("The message no longer exists.");
        return;
    };
    let title = cx.account.rooms.get(to).map(|room| cx.account.room_label(room).to_string()).unwrap_or_default();
    let (text, kind) = (source.text.with_tabs().to_owned(), source.kind);
    let content = Content::Forward { of, text, kind, attachment: source.attachment.clone() };
    let complete =
        |message: Message| Message { attachment: source.attachment, kind: source.kind, forwarded: true, ..message };
    if sending::enqueue_message(cx, to, source.text, content, complete) {
        cx.ui.focus = Focus::Composer;
        cx.notify(format!("Forwarding to {title}."));
    }
}
