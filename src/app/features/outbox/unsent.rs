//! Sends that the server has not confirmed: sending them again, taking them back, throwing them away.

use crate::app::features::drafts;
use crate::app::features::outbox::queue;
use crate::app::features::selection::selected_message;
use crate::app::model::access;
use crate::app::model::composer::{Composer, Reply};
use crate::app::model::context::{Context, Scene};
use crate::app::model::message_actions::is_text;
use crate::app::model::send_status::Unsent;
use crate::app::model::ui::Focus;
use crate::app::overlays::overlay::{Overlay, Question};
use crate::domain::{Content, LocalId, Room, RoomId, Slot};
use crate::store::OutboxPayload;
use crate::text::SafeText;

/// Sends the selected message again, which failed or may have been sent.
pub(in crate::app) fn retry_selected(cx: &mut Context<'_>) {
    let Some((slot, unsent)) = selected_unsent(cx.scene()) else { return };
    match unsent {
        Some(_) if is_gone(cx.scene()) => access::say_closed(cx),
        Some(Unsent::Failed | Unsent::Asks) => {
            if let Some(local) = local_of(cx.scene(), slot) {
                queue::again(cx, local);
            }
        }
        Some(Unsent::Waits) => cx.notify("Queued. It will be sent automatically."),
        _ => say_why_not(cx, unsent),
    }
}

/// Takes the selected message back, if that is the user's to say. A text that is certainly not there goes into the
/// composer, if that is empty: it is nowhere else. A file and a message that was sent on are where they were. What may
/// have been sent is only forgotten here: the server may have it.
pub(in crate::app) fn take_back_selected(cx: &mut Context<'_>) {
    let Some((slot, unsent)) = selected_unsent(cx.scene()) else { return };
    match unsent {
        Some(Unsent::Failed | Unsent::Waits) => take_back(cx, slot),
        Some(Unsent::Asks) => {
            remove(cx, slot);
            cx.notify("Discarded here. If it was sent, it stays sent.");
        }
        _ => say_why_not(cx, unsent),
    }
}

/// Takes a message back to be corrected; says so where it holds nothing that can be.
pub(in crate::app) fn correct(cx: &mut Context<'_>, slot: Slot) {
    let Some(message) = cx.open_room().map(|room| room.timeline.get(slot)) else { return };
    match cx.account.unsent(message) {
        Some(_) if is_gone(cx.scene()) => access::say_closed(cx),
        Some(Unsent::Failed | Unsent::Waits) if is_text(cx.scene(), message) => take_back(cx, slot),
        Some(Unsent::Failed | Unsent::Waits) => {
            cx.notify("Only text can be edited. Cancel this message and send it again.");
        }
        unsent => say_why_not(cx, unsent),
    }
}

/// Asks before throwing the selected message away.
pub(in crate::app) fn ask_to_discard(cx: &mut Context<'_>, slot: Slot) {
    let Some(room) = cx.open_room() else { return };
    let unsent = cx.account.unsent(room.timeline.get(slot));
    let (room, local) = (room.info.id.clone(), local_of(cx.scene(), slot));
    match (unsent, local) {
        (Some(Unsent::Failed | Unsent::Waits | Unsent::Asks), Some(local)) => {
            cx.ui.pane.reveal = Some(slot);
            cx.ui.overlay = Some(Overlay::Question(Question::Discard(room, local)));
        }
        _ => say_why_not(cx, unsent),
    }
}

/// Throws a message away that was asked about, unless it went out meanwhile.
pub(in crate::app) fn discard(cx: &mut Context<'_>, room: &RoomId, local: LocalId) {
    let Some(slot) =
        cx.open_room().filter(|open| open.info.id == *room).and_then(|room| room.timeline.find_own_send(local))
    else {
        return;
    };
    let unsent = cx.open_room().and_then(|room| cx.account.unsent(room.timeline.get(slot)));
    match unsent {
        Some(Unsent::Failed | Unsent::Waits | Unsent::Asks) => {
            remove(cx, slot);
            cx.notify("Discarded.");
        }
        _ => cx.notify("It is already being sent. Delete it once it is sent."),
    }
}

fn is_gone(scene: Scene<'_>) -> bool {
    scene.open_room().is_some_and(Room::is_deleted)
}

fn take_back(cx: &mut Context<'_>, slot: Slot) {
    if is_gone(cx.scene()) {
        // There is nothing to write it into.
        remove(cx, slot);
        cx.notify("Discarded.");
        return;
    }
    let Some(message) = cx.open_room().map(|room| room.timeline.get(slot)) else { return };
    if is_text(cx.scene(), message) && !cx.ui.composer.is_blank() {
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
        Content::Forward { .. } => cx.notify("Forwarding canceled."),
    }
    if cx.is_closed() {
        drafts::follow(cx);
        cx.notify("Saved as a draft until you can write here again.");
    }
}

/// Takes a send out of the room and the outbox, on disk too.
fn remove(cx: &mut Context<'_>, slot: Slot) -> Option<OutboxPayload> {
    let local = local_of(cx.scene(), slot)?;
    cx.open_room_mut()?.remove_message(slot);
    cx.ui.focus = Focus::Composer;
    queue::discard(cx, local).map(|entry| entry.what)
}

fn local_of(scene: Scene<'_>, slot: Slot) -> Option<LocalId> {
    scene.open_room()?.timeline.get(slot).local.as_deref().copied()
}

fn selected_unsent(scene: Scene<'_>) -> Option<(Slot, Option<Unsent>)> {
    Some((scene.ui.selected()?, scene.account.unsent(selected_message(scene)?)))
}

fn say_why_not(cx: &mut Context<'_>, unsent: Option<Unsent>) {
    cx.notify(match unsent {
        Some(Unsent::LookedFor) => "It may have been sent. The server is checked as soon as you are online.",
        Some(Unsent::UnderWay) => "It is being sent. You can edit or delete it once it is sent.",
        Some(Unsent::Asks) => "It may have been sent. Retry or discard it first.",
        _ => "Only failed messages can be retried, and only queued or failed ones canceled.",
    });
}
