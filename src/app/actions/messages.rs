//! Reading, selecting and changing messages.

use crate::app::account::ConnectionState;
use crate::app::blocks::{PaneRow, body_text};
use crate::app::composer::Composer;
use crate::app::context::{Context, Scene};
use crate::app::effect::Effect;
use crate::app::outbox;
use crate::app::overlay::{Overlay, Question};
use crate::app::pane::Anchor;
use crate::app::ui::Focus;
use crate::domain::{Access, Delivery, Feature, Message, MessageId, Request, Room, RoomId, Slot};
use crate::store::OutboxPayload;

use super::{compose, rooms, unsent};

/// Shows the newest message.
pub(in crate::app) fn to_newest(cx: &mut Context<'_>) {
    cx.ui.pane.anchor = Anchor::Bottom;
    cx.ui.pane.scroll_by = 0;
    cx.ui.pane.reveal = None;
}

/// More rows than ever stand above the text of a message.
const ABOVE_TEXT: isize = 8;

/// Shows the oldest message that is here; older ones follow if there are any.
pub(in crate::app) fn to_oldest(cx: &mut Context<'_>) {
    let oldest = cx.open_room().and_then(|room| room.timeline.slot_at(0));
    if let Some(slot) = oldest {
        cx.ui.pane.anchor = Anchor::Top { slot, row: 0 };
        // Whatever stands above its text.
        cx.ui.pane.scroll_by = -ABOVE_TEXT;
        cx.ui.pane.reveal = None;
        rooms::unstick(cx);
    }
}

/// Selects the newest message on screen.
pub(in crate::app) fn select(cx: &mut Context<'_>) {
    let on_screen = cx.ui.pane.rows.iter().rev().find_map(PaneRow::message);
    match on_screen {
        Some(slot) => cx.ui.focus = Focus::Message(slot),
        None => cx.notify("There is no message to select."),
    }
}

/// Moves the selection; below the last message it goes back to the composer.
pub(in crate::app) fn step(cx: &mut Context<'_>, by: isize) {
    let Some((slot, room)) = cx.ui.selected().zip(cx.open_room()) else { return };
    let Some(position) = room.timeline.position(slot) else { return };
    let target = position.checked_add_signed(by);
    let Some(target) = target else {
        rooms::unstick(cx);
        return;
    };
    match room.timeline.slot_at(target) {
        Some(next) => {
            cx.ui.focus = Focus::Message(next);
            cx.ui.pane.reveal = Some(next);
        }
        None => cx.ui.focus = Focus::Composer,
    }
}

/// Puts the selected message into the composer.
pub(in crate::app) fn edit_selected(cx: &mut Context<'_>) {
    let Some(slot) = cx.ui.selected() else { return };
    edit(cx, slot);
}

/// Puts the newest own message into the composer. One that is not sent yet is one, too: nobody means an older one then.
pub(in crate::app) fn edit_last(cx: &mut Context<'_>) {
    let own = cx.open_room().and_then(|room| {
        let mut newest_first = room.timeline.iter().rev();
        let unsent_text =
            |message: &Message| cx.account.unsent(message).is_some() && unsent::is_text(cx.scene(), message);
        let own = |message: &Message| can_change(cx.scene(), message) || unsent_text(message);
        newest_first.find(|(_, message)| own(message)).map(|(slot, _)| slot)
    });
    match own {
        Some(slot) => edit(cx, slot),
        None if !cx.account.can(Feature::Edit) => cx.notify_unsupported(Feature::Edit),
        None => cx.notify("There is no message of yours here to edit."),
    }
}

/// Asks before deleting the selected message.
pub(in crate::app) fn delete_selected(cx: &mut Context<'_>) {
    let Some((message, slot)) = selected_message(cx.scene()).zip(cx.ui.selected()) else { return };
    if cx.account.unsent(message).is_some() {
        unsent::ask_to_discard(cx, slot);
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

/// Puts the selected message's text into the clipboard, as it stands on the screen: with badges for what cannot be seen.
/// What is pasted into a shell or an editor is then what was read, with its line breaks and nothing that hides.
pub(in crate::app) fn copy_selected(cx: &mut Context<'_>) {
    let Some(message) = selected_message(cx.scene()).filter(|message| !message.deleted) else { return };
    let text = match &message.attachment {
        Some(file) if message.text.is_empty() => file.url.to_string(),
        _ => message.text.to_string(),
    };
    cx.effects.push(Effect::Copy(text));
    cx.notify("Copied.");
}

/// Reports what is on screen as seen; the room is read once its newest message is on screen.
pub(in crate::app) fn mark_visible_seen(cx: &mut Context<'_>) {
    if !cx.ui.focused || cx.account.connection != ConnectionState::Online {
        return;
    }
    let Some(room) = cx.open_room() else { return };
    let newest = shows_newest(cx.scene(), room);
    let id = room.info.id.clone();
    if cx.account.counts_rooms() {
        return room_seen(cx, newest);
    }
    let unseen: Vec<Slot> =
        read_through(cx.scene(), room).filter(|slot| needs_receipt(cx.scene(), room, *slot)).collect();
    let ids: Vec<MessageId> = unseen.iter().filter_map(|slot| room.timeline.get(*slot).id.clone()).collect();
    cx.effects.extend(ids.into_iter().map(|message| cx.account.request(Request::Seen { room: id.clone(), message })));
    let Some(room) = cx.open_room_mut() else { return };
    for slot in unseen {
        room.timeline.change(slot, |message| message.advance(Delivery::Seen));
    }
    if newest {
        room.unread = Default::default();
    }
}

/// Reports a room as seen, once for all that is new in it: what was seen is told again only when somebody else has
/// written more.
fn room_seen(cx: &mut Context<'_>, newest: bool) {
    let Some(room) = cx.open_room_mut().filter(|room| newest && awaits_receipt(room)) else { return };
    let last = room.timeline.last_accepted().and_then(|last| Some((last.id.clone()?, last.sent_at)));
    let Some((message, at)) = last else { return };
    room.news = false;
    room.told_seen = Some(at);
    room.unread = Default::default();
    let room = room.info.id.clone();
    cx.request(Request::Seen { room, message });
}

/// Whether something in a room is new to the server's eyes, and all of it is here to be seen.
pub(in crate::app) fn awaits_receipt(room: &Room) -> bool {
    let heard = room.membership.access != Access::NotMember;
    heard && (room.news || room.unread.any()) && room.history.fresh && room.history.resume_from.is_none()
}

/// Whether a message is somebody else's and nobody has seen it.
pub(in crate::app) fn needs_receipt(scene: Scene<'_>, room: &Room, slot: Slot) -> bool {
    let message = room.timeline.get(slot);
    message.delivery < Delivery::Seen && message.id.is_some() && !scene.account.is_me(&message.author)
}

/// The messages whose end is on screen.
pub(in crate::app) fn read_through<'a>(scene: Scene<'a>, room: &'a Room) -> impl Iterator<Item = Slot> + 'a {
    scene.ui.pane.rows.iter().filter_map(|row| match row {
        PaneRow::Body { slot, bytes, .. } | PaneRow::Report { slot, bytes, .. } => {
            let ends = bytes.end as usize >= body_text(room.timeline.get(*slot)).len();
            ends.then_some(*slot)
        }
        PaneRow::Attachment { slot, .. } => Some(*slot),
        _ => None,
    })
}

/// Whether the newest message is on screen.
pub(in crate::app) fn shows_newest(scene: Scene<'_>, room: &Room) -> bool {
    let newest = room.timeline.iter().next_back().map(|(slot, _)| slot);
    newest.is_some_and(|newest| scene.ui.pane.rows.iter().any(|row| row.message() == Some(newest)))
}

fn edit(cx: &mut Context<'_>, slot: Slot) {
    let Some(message) = cx.open_room().map(|room| room.timeline.get(slot)) else { return };
    if cx.account.unsent(message).is_some() {
        unsent::correct(cx, slot);
    } else if !cx.account.can(Feature::Edit) {
        cx.notify_unsupported(Feature::Edit);
    } else if !can_change(cx.scene(), message) {
        let why = why_not(cx.scene(), message, "edited");
        cx.notify(why);
    } else if let Some(why) = cx.closed() {
        cx.notify(why);
    } else if (!cx.ui.composer.is_empty() && cx.ui.composer.editing.is_none()) || cx.ui.composer.reply.is_some() {
        cx.notify("Send or clear what you are writing first; then edit.");
    } else if let Some(id) = message.id.clone() {
        let text = cx.account.outbox.edit_of(&id).map_or_else(|| message.text.editable(), str::to_owned);
        cx.ui.composer = Composer::edit_of(id, &text);
        cx.ui.focus = Focus::Composer;
        cx.ui.pane.reveal = Some(slot);
    }
}

/// Changes a message: in its turn, and once there is a connection.
pub(super) fn save_edit(cx: &mut Context<'_>, message: MessageId, text: String) {
    let room = cx.account.rooms.holding(&message).map(|room| room.info.id.clone()).or_else(|| cx.ui.open.clone());
    let Some(room) = room else { return };
    if change(cx, &room, OutboxPayload::Edit { message, text }) {
        compose::reset(cx);
    }
}

/// Puts a change of a message into the outbox; says whether it was taken.
pub(super) fn change(cx: &mut Context<'_>, room: &RoomId, what: OutboxPayload) -> bool {
    let deletes = !matches!(what, OutboxPayload::Edit { .. });
    if cx.account.outbox.iter().any(|entry| entry.room == *room && entry.what == what) {
        cx.notify("That is under way already.");
        return true;
    }
    let taken = outbox::put(cx, room, what, |_| None);
    if taken && cx.account.connection != ConnectionState::Online {
        let what = if deletes { "The message will be deleted" } else { "The change waits, and is made" };
        cx.notify(format!("{what} once there is a connection."));
    }
    taken
}

fn can_change(scene: Scene<'_>, message: &Message) -> bool {
    scene.account.is_me(&message.author) && message.id.is_some() && !message.deleted
}

fn why_not(scene: Scene<'_>, message: &Message, what: &str) -> String {
    if message.deleted {
        "This message is deleted already.".to_owned()
    } else if scene.account.is_me(&message.author) {
        format!("This message has not been sent; it cannot be {what} yet.")
    } else {
        format!("Only your own messages can be {what}.")
    }
}

pub(super) fn selected_message(scene: Scene<'_>) -> Option<&Message> {
    Some(scene.open_room()?.timeline.get(scene.ui.selected()?))
}
