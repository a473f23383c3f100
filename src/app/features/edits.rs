//! Editing and deleting of messages. Changes go through the outbox, so they also work offline.

use crate::app::features::outbox::queue;
use crate::app::features::selection::selected_message;
use crate::app::features::{edited_text, recent_emoji, sending, unsent};
use crate::app::model::account::{Account, ConnectionState};
use crate::app::model::composer::{Composer, MAX_TEXT};
use crate::app::model::context::{Context, Scene};
use crate::app::model::message_actions;
use crate::app::model::ui::Focus;
use crate::app::overlays::question::Question;
use crate::domain::{Feature, Message, MessageId, RoomId, Slot, change_refusal, format_limit};
use crate::store::OutboxPayload;
use crate::text::replace_emoji_codes;

/// Loads the selected message into the composer for editing.
pub(in crate::app) fn edit_selected(cx: &mut Context<'_>) {
    let Some(slot) = cx.ui.selected() else { return };
    edit(cx, slot);
}

/// Loads the newest own message into the composer for editing.
///
/// An unsent message counts as well: a user who has just written it does not mean an older one.
pub(in crate::app) fn edit_last(cx: &mut Context<'_>) {
    let own = cx.open_room().and_then(|room| {
        let mut newest_first = room.timeline.iter().rev();
        let unsent_text = |message: &Message| {
            cx.account.send_status(message).is_some() && message_actions::is_text_send(cx.scene(), message)
        };
        // An edit of a file without a text would begin empty, and end as its deletion.
        let is_written = |message: &Message| is_editable(cx.account, message) && !message.text.is_empty();
        let own = |message: &Message| is_written(message) || unsent_text(message);
        newest_first.find(|(_, message)| own(message)).map(|(slot, _)| slot)
    });
    match own {
        Some(slot) => edit(cx, slot),
        None if !cx.account.can(Feature::Edit) => cx.notify_unsupported(Feature::Edit),
        None => cx.notify("You have no message here to edit."),
    }
}

/// Opens the confirmation to delete the selected message, or to discard it if it is unsent.
pub(in crate::app) fn delete_selected(cx: &mut Context<'_>) {
    let Some((message, slot)) = selected_message(cx.scene()).zip(cx.ui.selected()) else { return };
    if cx.account.send_status(message).is_some() {
        unsent::confirm_discard(cx, slot);
    } else if !cx.account.can(Feature::Delete) {
        cx.notify_unsupported(Feature::Delete);
    } else if let Some(reason) = refusal(cx.account, message, "deleted") {
        cx.notify(reason);
    } else if let Some((id, room)) = message.id.clone().zip(cx.ui.open.clone()) {
        cx.ui.pane.reveal = cx.ui.selected();
        cx.ask(Question::DeleteMessage(room, id));
    }
}

/// Opens the confirmation to delete the selected message for this account only.
pub(in crate::app) fn delete_for_me(cx: &mut Context<'_>) {
    let Some((message, room)) = selected_message(cx.scene()).zip(cx.ui.open.clone()) else { return };
    match message.id.clone() {
        Some(id) => {
            cx.ui.pane.reveal = cx.ui.selected();
            cx.ask(Question::DeleteForMe(room, id));
        }
        None => cx.notify("This message has not been sent yet. Discard it instead."),
    }
}

/// Loads a message into the composer, or shows a notice with the reason why it cannot be edited.
fn edit(cx: &mut Context<'_>, slot: Slot) {
    let Some(message) = cx.open_room().map(|room| room.timeline.get(slot)) else { return };
    if cx.account.send_status(message).is_some() {
        unsent::edit_unsent(cx, slot);
    } else if !cx.account.can(Feature::Edit) {
        cx.notify_unsupported(Feature::Edit);
    } else if let Some(reason) = refusal(cx.account, message, "edited") {
        cx.notify(reason);
    } else if let Some(reason) = cx.closed_reason().or_else(|| edited_text::unsaved_reason(cx.scene())) {
        cx.notify(reason);
    } else if let Some(id) = message.id.clone() {
        let text = cx.account.outbox.edit_of(&id).map_or_else(|| message.text.editable(), str::to_owned);
        if text.len() > MAX_TEXT {
            // The text may have been cut when it was received, and saving it would delete the rest.
            cx.notify(format!("Messages longer than {} cannot be edited here.", format_limit(MAX_TEXT as u64)));
            return;
        }
        cx.ui.composer = Composer::edit_of(id, &text);
        cx.ui.focus = Focus::Composer;
        cx.ui.pane.reveal = Some(slot);
    }
}

/// Returns the new text of a message with emoji instead of shortcodes. The shortcodes of a message that was sent with
/// them stay, because the edit is about something else.
pub(in crate::app) fn with_emoji(scene: Scene<'_>, id: &MessageId, text: String) -> String {
    let room = scene.open_room();
    let old = room.and_then(|room| Some(room.timeline.get(room.timeline.find(id)?).text.editable()));
    let has_codes = |old: &String| replace_emoji_codes(old) != old.as_str();
    if !scene.options.emoji_shortcodes || old.as_ref().is_some_and(has_codes) {
        return text;
    }
    replace_emoji_codes(&text).into_owned()
}

/// Queues the edit of a message and clears the composer. Without a text, offers to delete the message.
pub(in crate::app) fn save_edit(cx: &mut Context<'_>, message: MessageId, text: String) {
    if text.trim().is_empty() {
        return offer_deletion(cx, message);
    }
    let room =
        cx.account.rooms.find_by_message(&message).map(|room| room.info.id.clone()).or_else(|| cx.ui.open.clone());
    let Some(room) = room else { return };
    recent_emoji::note_in(cx, &text);
    if enqueue_change(cx, &room, OutboxPayload::Edit { message, text }) {
        sending::clear_composer(cx);
    }
}

/// Opens the confirmation to delete the message that is being edited, whose text the user has removed.
fn offer_deletion(cx: &mut Context<'_>, message: MessageId) {
    let room = cx.ui.open.clone().filter(|_| cx.account.can(Feature::Delete));
    match room {
        Some(room) => cx.ask(Question::DeleteMessage(room, message)),
        None => cx.notify("A message needs a text. Write one, or cancel editing."),
    }
}

/// Ends editing without saving. If the text was changed, the user is asked first.
pub(in crate::app) fn cancel(cx: &mut Context<'_>) {
    if let Some(local) = cx.ui.composer.edited_send() {
        return unsent::cancel_edit(cx, local);
    }
    if edited_text::has_unsaved_text(cx.scene()) {
        cx.ask(Question::DiscardEdit);
    } else {
        sending::clear_composer(cx);
    }
}

/// Ends editing without saving. The text can be inserted again like a deleted one.
pub(in crate::app) fn discard(cx: &mut Context<'_>) {
    if cx.ui.composer.editing.is_some() {
        cx.terminal.kill_ring.push(cx.ui.composer.text().to_owned());
        let is_unsent = cx.ui.composer.edited_send().is_some();
        sending::clear_composer(cx);
        if is_unsent {
            queue::advance(cx);
        }
    }
}

/// Queues the deletion of a message for everyone, and ends editing of it.
pub(in crate::app) fn delete(cx: &mut Context<'_>, room: &RoomId, message: MessageId) {
    let is_edited = cx.ui.composer.edited_message() == Some(&message);
    if enqueue_change(cx, room, OutboxPayload::Delete { message }) && is_edited {
        sending::clear_composer(cx);
    }
}

/// Queues an edit or deletion; returns whether it is in the outbox.
pub(in crate::app) fn enqueue_change(cx: &mut Context<'_>, room: &RoomId, payload: OutboxPayload) -> bool {
    let deletes = !matches!(payload, OutboxPayload::Edit { .. });
    // Only the newest change counts: an earlier edit with the same text has another one after it.
    let changes = cx.account.outbox.in_room(room).filter(|entry| entry.changed_message() == payload.changed_message());
    if changes.last().is_some_and(|newest| *newest.payload() == payload) {
        cx.notify("This change is already queued.");
        return true;
    }
    let is_queued = queue::enqueue(cx, room, payload, |_| None);
    if is_queued && cx.account.connection != ConnectionState::Online {
        let what = if deletes { "deleted" } else { "edited" };
        cx.notify(format!("The message will be {what} once you are online."));
    }
    is_queued
}

/// Whether the user can edit or delete a message: it is their own, sent and not deleted.
pub(in crate::app) fn is_editable(account: &Account, message: &Message) -> bool {
    refusal(account, message, "").is_none()
}

/// Returns the reason why a message cannot be edited or deleted; `what` is the participle for the sentence.
fn refusal(account: &Account, message: &Message, what: &str) -> Option<String> {
    let is_mine = account.is_me(&message.author) && !message.kind.is_system();
    change_refusal(is_mine, message.id.is_some(), message.deleted, what)
}
