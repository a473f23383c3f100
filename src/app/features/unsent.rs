//! User actions on unconfirmed messages: retry, cancel, edit and discard.

use crate::app::features::outbox::queue;
use crate::app::features::selection::selected_message;
use crate::app::features::{drafts, edited_text, sending};
use crate::app::model::access;
use crate::app::model::composer::{Composer, Reply};
use crate::app::model::context::{Context, Scene};
use crate::app::model::message_actions::is_text_send;
use crate::app::model::outbox::entry::OutboxEntry;
use crate::app::model::send_status::SendStatus;
use crate::app::model::ui::Focus;
use crate::app::overlays::question::Question;
use crate::domain::{Content, Feature, LocalId, MessageId, Request, Room, RoomId, Slot};
use crate::input::Action;
use crate::store::OutboxPayload;
use crate::text::{SafeText, replace_emoji_codes};

/// Retries the selected message if it failed or may have been sent.
pub(in crate::app) fn retry_selected(cx: &mut Context<'_>) {
    let Some((slot, status)) = selected_status(cx.scene()) else { return };
    match status {
        Some(_) if is_room_deleted(cx.scene()) => access::notify_deleted(cx),
        Some(SendStatus::Failed | SendStatus::NeedsUser) => {
            if let Some(local) = local_of(cx.scene(), slot) {
                queue::retry(cx, local);
            }
        }
        Some(SendStatus::Queued) => cx.notify("Queued. It will be sent automatically."),
        _ => notify_impossible(cx, status),
    }
}

/// Cancels the selected message, if its status allows that.
///
/// The text of a message that was certainly not sent moves to the composer, provided that is empty, because no other
/// copy exists. Files and forwarded messages still exist elsewhere. A message whose text cannot be moved there, because
/// it may have been sent or its room was deleted, is discarded after a question.
pub(in crate::app) fn cancel_selected(cx: &mut Context<'_>) {
    let Some((slot, status)) = selected_status(cx.scene()) else { return };
    match status {
        Some(SendStatus::Failed | SendStatus::Queued) if !is_room_deleted(cx.scene()) => cancel(cx, slot),
        Some(SendStatus::Failed | SendStatus::Queued | SendStatus::NeedsUser) => confirm_discard(cx, slot),
        Some(SendStatus::Sending) => cancel_upload(cx, slot),
        _ => notify_impossible(cx, status),
    }
}

/// Cancels an upload in progress. The message goes once the connection has confirmed that the server does not have it.
fn cancel_upload(cx: &mut Context<'_>, slot: Slot) {
    let Some(local) = local_of(cx.scene(), slot) else { return };
    if cx.account.outbox.get_mut(local).is_some_and(OutboxEntry::request_cancel) {
        cx.request(Request::CancelUpload { local });
    } else {
        notify_impossible(cx, Some(SendStatus::Sending));
    }
}

/// Loads an unsent message into the composer for editing, or notifies the user if it contains no editable text. It
/// stays in the outbox, also on disk, so that nothing is lost, and is not sent meanwhile.
pub(in crate::app) fn edit_unsent(cx: &mut Context<'_>, slot: Slot) {
    let Some(message) = cx.open_room().map(|room| room.timeline.get(slot)) else { return };
    match cx.account.send_status(message) {
        Some(_) if is_room_deleted(cx.scene()) => access::notify_deleted(cx),
        Some(SendStatus::Failed | SendStatus::Queued) if is_text_send(cx.scene(), message) => begin_edit(cx, slot),
        Some(SendStatus::Failed | SendStatus::Queued) => {
            cx.notify("Only text can be edited. Cancel this message and send it again.");
        }
        status => notify_impossible(cx, status),
    }
}

fn begin_edit(cx: &mut Context<'_>, slot: Slot) {
    if let Some(reason) = cx.closed_reason().or_else(|| edited_text::unsaved_reason(cx.scene())) {
        return cx.notify(reason);
    }
    let Some(local) = local_of(cx.scene(), slot) else { return };
    let Some(text) = edited_text::unsent_text(cx.scene(), local).map(str::to_owned) else { return };
    cx.ui.composer = Composer::edit_of_unsent(local, &text);
    cx.ui.focus = Focus::Composer;
    cx.ui.pane.reveal = Some(slot);
    let cancel = cx.options.key_name(Action::Cancel);
    cx.notify(format!("It is not sent while you edit it. {cancel} leaves it as it was."));
}

/// Replaces the text of an unsent message by that of the composer, and sends it when its turn comes. Without a text,
/// asks whether to discard it.
pub(in crate::app) fn save_unsent(cx: &mut Context<'_>, local: LocalId, mut text: String) {
    let own = cx.open_room().map(|room| (room.info.id.clone(), room.timeline.find_own_send(local)));
    let Some((room, slot)) = own else { return };
    let status = cx.account.outbox.get(local).map(|entry| cx.account.entry_status(entry));
    if text.trim().is_empty() {
        return match status.and(slot) {
            Some(_) => cx.ask(Question::Discard(room, local)),
            None => end_edit(cx),
        };
    }
    if cx.scene().options.emoji_shortcodes {
        text = replace_emoji_codes(&text).into_owned();
    }
    if status.is_none() {
        if sent(cx.scene(), local).is_some_and(|(_, sent_text)| sent_text == text) {
            end_edit(cx);
            return cx.notify("It has been sent already.");
        }
        // It has left the outbox meanwhile, so what was written would be lost.
        cx.ui.composer.editing = None;
        return sending::send_text(cx, text);
    }
    if !queue::rewrite(cx, local, text.clone()) {
        return notify_impossible(cx, status);
    }
    if let (Some(room), Some(slot)) = (cx.open_room_mut(), slot) {
        room.timeline.rewrite_send(slot, SafeText::block(&text));
    }
    end_edit(cx);
}

/// Returns the message that the server has by now instead of the unsent one in the composer, if this text makes it an
/// edit of that message. Where the service cannot edit, the text is a message of its own.
pub(in crate::app) fn sent_meanwhile(scene: Scene<'_>, local: LocalId, text: &str) -> Option<MessageId> {
    let is_edit = !text.trim().is_empty() && scene.account.can(Feature::Edit);
    let (message, sent_text) = sent(scene, local)?;
    (is_edit && sent_text != text).then_some(message)
}

/// Returns id and text of a message that the server has.
fn sent(scene: Scene<'_>, local: LocalId) -> Option<(MessageId, String)> {
    let room = scene.open_room().filter(|_| scene.account.outbox.get(local).is_none())?;
    let message = room.timeline.get(room.timeline.find_own_send(local)?);
    Some((message.id.clone().filter(|_| !message.deleted)?, message.text.editable()))
}

/// Ends editing of an unsent message, which stays as it was. If the text was changed, the user is asked first.
pub(in crate::app) fn cancel_edit(cx: &mut Context<'_>, local: LocalId) {
    if edited_text::unsent_text(cx.scene(), local).is_none() {
        // Without the message, this is the only copy of its text.
        cx.ui.composer.editing = None;
    } else if edited_text::has_unsaved_text(cx.scene()) {
        cx.ask(Question::DiscardEdit);
    } else {
        end_edit(cx);
    }
}

/// Clears the composer, so that the message that was edited can be sent.
fn end_edit(cx: &mut Context<'_>) {
    sending::clear_composer(cx);
    queue::advance(cx);
}

/// Asks for confirmation before the selected message is discarded.
pub(in crate::app) fn confirm_discard(cx: &mut Context<'_>, slot: Slot) {
    let Some(room) = cx.open_room() else { return };
    let status = cx.account.send_status(room.timeline.get(slot));
    let (room, local) = (room.info.id.clone(), local_of(cx.scene(), slot));
    match (status, local) {
        (Some(SendStatus::Failed | SendStatus::Queued | SendStatus::NeedsUser), Some(local)) => {
            cx.ui.pane.reveal = Some(slot);
            cx.ask(Question::Discard(room, local));
        }
        _ => notify_impossible(cx, status),
    }
}

/// Discards a message after confirmation, unless it is being sent by then.
pub(in crate::app) fn discard(cx: &mut Context<'_>, room: &RoomId, local: LocalId) {
    let Some(slot) =
        cx.open_room().filter(|open| open.info.id == *room).and_then(|room| room.timeline.find_own_send(local))
    else {
        return;
    };
    let status = cx.open_room().and_then(|room| cx.account.send_status(room.timeline.get(slot)));
    match status {
        Some(SendStatus::Failed | SendStatus::Queued) => {
            remove(cx, slot);
            if cx.ui.composer.edited_send() == Some(local) {
                sending::clear_composer(cx);
            }
            cx.notify("Discarded.");
        }
        Some(SendStatus::NeedsUser) => {
            remove(cx, slot);
            cx.notify("Discarded here. If it was sent, it stays sent.");
        }
        _ => cx.notify("It is already being sent. Delete it once it is sent."),
    }
}

fn is_room_deleted(scene: Scene<'_>) -> bool {
    scene.open_room().is_some_and(Room::is_deleted)
}

fn cancel(cx: &mut Context<'_>, slot: Slot) {
    let Some(message) = cx.open_room().map(|room| room.timeline.get(slot)) else { return };
    if is_text_send(cx.scene(), message) && !cx.ui.composer.is_blank() {
        cx.notify("Send or clear your draft first, then cancel this message.");
        return;
    }
    let quote = message.quote.clone();
    let Some(OutboxPayload::Send(content)) = remove(cx, slot) else { return };
    match content {
        Content::Text { text, reply_to } => {
            cx.ui.composer = Composer::with_text(&text);
            cx.ui.composer.literal = true;
            cx.ui.composer.reply = reply_to.zip(quote).map(|(to, quote)| Box::new(Reply { to, quote: *quote }));
        }
        Content::File { file, .. } => cx.notify(format!("Canceled: {}", SafeText::line(&file.name))),
        Content::Forward { .. } => cx.notify("Canceled. The message was not forwarded."),
    }
    if cx.is_closed() {
        drafts::sync_draft(cx);
        cx.notify("Saved as a draft until you can write here again.");
    }
}

/// Removes a message from its room and from the outbox, including the copy on disk.
fn remove(cx: &mut Context<'_>, slot: Slot) -> Option<OutboxPayload> {
    let local = local_of(cx.scene(), slot)?;
    cx.open_room_mut()?.remove_message(slot);
    cx.ui.focus = Focus::Composer;
    queue::discard(cx, local).map(OutboxEntry::into_payload)
}

fn local_of(scene: Scene<'_>, slot: Slot) -> Option<LocalId> {
    scene.open_room()?.timeline.get(slot).local.as_deref().copied()
}

fn selected_status(scene: Scene<'_>) -> Option<(Slot, Option<SendStatus>)> {
    Some((scene.ui.selected()?, scene.account.send_status(selected_message(scene)?)))
}

fn notify_impossible(cx: &mut Context<'_>, status: Option<SendStatus>) {
    cx.notify(match status {
        Some(SendStatus::Checking) if cx.account.is_online() => "It may have been sent. The server is being checked.",
        Some(SendStatus::Checking) => "It may have been sent. The server is checked as soon as you are online.",
        Some(SendStatus::Sending) => "It is being sent. You can edit or delete it once it is sent.",
        Some(SendStatus::NeedsUser) => "It may have been sent. Retry or discard it first.",
        _ => "Only failed messages can be retried, and only queued or failed ones canceled.",
    });
}
