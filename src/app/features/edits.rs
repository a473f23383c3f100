//! Reading, selecting and changing messages.

use crate::app::features::outbox::{actions, queue};
use crate::app::features::selection::selected_message;
use crate::app::features::sending;
use crate::app::model::account::ConnectionState;
use crate::app::model::composer::Composer;
use crate::app::model::context::{Context, Scene};
use crate::app::model::message_actions;
use crate::app::model::ui::Focus;
use crate::app::overlays::overlay::{Overlay, Question};
use crate::domain::{Feature, Message, MessageId, RoomId, Slot};
use crate::store::OutboxPayload;

/// Puts the selected message into the composer.
pub(in crate::app) fn edit_selected(cx: &mut Context<'_>) {
    let Some(slot) = cx.ui.selected() else { return };
    edit(cx, slot);
}

/// Puts the newest own message into the composer. One that is not sent yet is one, too: nobody means an older one then.
pub(in crate::app) fn edit_last(cx: &mut Context<'_>) {
    let own = cx.open_room().and_then(|room| {
        let mut newest_first = room.timeline.iter().rev();
        let unsent_text = |message: &Message| {
            cx.account.send_status(message).is_some() && message_actions::is_text_send(cx.scene(), message)
        };
        let own = |message: &Message| can_change(cx.scene(), message) || unsent_text(message);
        newest_first.find(|(_, message)| own(message)).map(|(slot, _)| slot)
    });
    match own {
        Some(slot) => edit(cx, slot),
        None if !cx.account.can(Feature::Edit) => cx.notify_unsupported(Feature::Edit),
        None => cx.notify("You have no message here to edit."),
    }
}

/// Asks before deleting the selected message.
pub(in crate::app) fn delete_selected(cx: &mut Context<'_>) {
    let Some((message, slot)) = selected_message(cx.scene()).zip(cx.ui.selected()) else { return };
    if cx.account.send_status(message).is_some() {
        actions::confirm_discard(cx, slot);
    } else if !cx.account.can(Feature::Delete) {
        cx.notify_unsupported(Feature::Delete);
    } else if !can_change(cx.scene(), message) {
        let why = why_not(cx.scene(), message, "deleted");
        cx.notify(why);
    } else if let Some((id, room)) = message.id.clone().zip(cx.ui.open.clone()) {
        cx.ui.pane.reveal = cx.ui.selected();
        cx.ui.overlay = Some(Overlay::Question(Question::DeleteMessage(room, id)));
    }
}

fn edit(cx: &mut Context<'_>, slot: Slot) {
    let Some(message) = cx.open_room().map(|room| room.timeline.get(slot)) else { return };
    if cx.account.send_status(message).is_some() {
        actions::edit_unsent(cx, slot);
    } else if !cx.account.can(Feature::Edit) {
        cx.notify_unsupported(Feature::Edit);
    } else if !can_change(cx.scene(), message) {
        let why = why_not(cx.scene(), message, "edited");
        cx.notify(why);
    } else if let Some(why) = cx.closed_reason() {
        cx.notify(why);
    } else if (!cx.ui.composer.is_empty() && cx.ui.composer.editing.is_none()) || cx.ui.composer.reply.is_some() {
        cx.notify("Send or clear your draft first, then edit.");
    } else if let Some(id) = message.id.clone() {
        let text = cx.account.outbox.edit_of(&id).map_or_else(|| message.text.editable(), str::to_owned);
        cx.ui.composer = Composer::edit_of(id, &text);
        cx.ui.focus = Focus::Composer;
        cx.ui.pane.reveal = Some(slot);
    }
}

/// Changes a message: in its turn, and once there is a connection.
pub(in crate::app) fn save_edit(cx: &mut Context<'_>, message: MessageId, text: String) {
    let room =
        cx.account.rooms.find_by_message(&message).map(|room| room.info.id.clone()).or_else(|| cx.ui.open.clone());
    let Some(room) = room else { return };
    if change(cx, &room, OutboxPayload::Edit { message, text }) {
        sending::reset(cx);
    }
}

/// Puts a change of a message into the outbox; says whether it was taken.
pub(in crate::app) fn change(cx: &mut Context<'_>, room: &RoomId, what: OutboxPayload) -> bool {
    let deletes = !matches!(what, OutboxPayload::Edit { .. });
    if cx.account.outbox.iter().any(|entry| entry.room == *room && entry.payload == what) {
        cx.notify("This is already in progress.");
        return true;
    }
    let taken = queue::enqueue(cx, room, what, |_| None);
    if taken && cx.account.connection != ConnectionState::Online {
        let what = if deletes { "deleted" } else { "edited" };
        cx.notify(format!("The message will be {what} once you are online."));
    }
    taken
}

fn can_change(scene: Scene<'_>, message: &Message) -> bool {
    scene.account.is_me(&message.author) && message.id.is_some() && !message.deleted
}

fn why_not(scene: Scene<'_>, message: &Message, what: &str) -> String {
    if message.deleted {
        "This message is already deleted.".to_owned()
    } else if scene.account.is_me(&message.author) {
        format!("This message has not been sent yet, so it cannot be {what}.")
    } else {
        format!("Only your own messages can be {what}.")
    }
}
