//! Replies, jumping to quoted messages, forwarding, and deleting messages for oneself.

use crate::app::features::jump::jump_to;
use crate::app::features::outbox::actions::retry_selected;
use crate::app::features::quotes::reply_to;
use crate::app::features::selection::selected_message;
use crate::app::features::{sending, switcher_entries};
use crate::app::model::context::Context;
use crate::app::model::message_actions::reference_error;
use crate::app::model::send_status::SendStatus;
use crate::app::model::ui::Focus;
use crate::app::overlays::overlay::Overlay;
use crate::app::overlays::question::Question;
use crate::app::overlays::switcher::{Purpose, Switcher};
use crate::domain::{Content, LocalId, Message, RoomId};
use crate::input::Action;

/// Begins a reply to the selected message.
///
/// A message that failed or whose delivery is uncertain is retried instead: it cannot be replied to yet, and other
/// clients use the same key to retry.
pub(in crate::app) fn reply(cx: &mut Context<'_>) {
    let Some(message) = selected_message(cx.scene()) else { return };
    if matches!(
        cx.account.send_status(message),
        Some(SendStatus::Failed | SendStatus::NeedsUser | SendStatus::Checking)
    ) {
        return retry_selected(cx);
    }
    if let Some(reason) = reference_error(message) {
        cx.notify(reason);
    } else if let Some(reason) = cx.closed_reason() {
        cx.notify(reason);
    } else if cx.ui.composer.editing.is_some() {
        let cancel = cx.options.keymap.shown(Action::Cancel);
        cx.notify(format!("Finish editing first, or press {cancel} to cancel it."));
    } else if let Some(reply) = reply_to(cx.account, message) {
        cx.ui.pane.reveal = cx.ui.selected();
        cx.ui.composer.reply = Some(Box::new(reply));
        cx.ui.focus = Focus::Composer;
    }
}

/// Jumps to the message that the selected one replies to.
pub(in crate::app) fn jump_to_quoted(cx: &mut Context<'_>) {
    let Some((message, room)) = selected_message(cx.scene()).zip(cx.ui.open.clone()) else { return };
    match message.quote.as_ref().map(|quote| quote.id.clone()) {
        Some(quoted) => jump_to(cx, &room, &quoted),
        None => cx.notify("This message is not a reply."),
    }
}

/// Opens the switcher to choose the room to which the selected message is forwarded.
pub(in crate::app) fn choose_forward_target(cx: &mut Context<'_>) {
    let Some(message) = selected_message(cx.scene()) else { return };
    if let Some(reason) = reference_error(message) {
        cx.notify(reason);
    } else if let Some(of) = message.local.as_deref().copied() {
        choose_forward_target_for(cx, vec![of]);
    }
}

/// Opens the switcher to choose the room to which these messages are forwarded.
pub(in crate::app) fn choose_forward_target_for(cx: &mut Context<'_>, sends: Vec<LocalId>) {
    let mut switcher = Switcher::over(switcher_entries::room_entries(cx.account));
    switcher.purpose = Purpose::Forward(sends);
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
    let (text, kind) = (source.text.to_string(), source.kind);
    let content = Content::Forward { of, text, kind, attachment: source.attachment.clone() };
    let complete =
        |message: Message| Message { attachment: source.attachment, kind: source.kind, forwarded: true, ..message };
    if sending::enqueue_message(cx, to, source.text, content, complete) {
        cx.ui.focus = Focus::Composer;
        cx.notify(format!("Forwarding to {title}."));
    }
}

/// Opens the confirmation to delete the selected message for this account only.
pub(in crate::app) fn delete_for_me(cx: &mut Context<'_>) {
    let Some((message, room)) = selected_message(cx.scene()).zip(cx.ui.open.clone()) else { return };
    match message.id.clone() {
        Some(id) => {
            cx.ui.pane.reveal = cx.ui.selected();
            cx.ui.overlay = Some(Overlay::Question(Question::DeleteForMe(room, id)));
        }
        None => cx.notify("This message has not been sent yet. Discard it instead."),
    }
}
