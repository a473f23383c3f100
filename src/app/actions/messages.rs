//! Reading, selecting and changing messages.

use crate::app::blocks::{PaneRow, body_text};
use crate::app::composer::Composer;
use crate::app::effect::Effect;
use crate::app::outbox;
use crate::app::overlay::{Overlay, Question};
use crate::app::pane::Anchor;
use crate::app::state::{ConnectionState, Focus, State};
use crate::domain::{Access, Delivery, Feature, Message, MessageId, Request, Room, RoomId, Slot};
use crate::store::OutboxPayload;

use super::{compose, rooms, unsent};

/// Shows the newest message.
pub(in crate::app) fn to_newest(state: &mut State) {
    state.pane.anchor = Anchor::Bottom;
    state.pane.scroll_by = 0;
    state.pane.reveal = None;
}

/// More rows than ever stand above the text of a message.
const ABOVE_TEXT: isize = 8;

/// Shows the oldest message that is here; older ones follow if there are any.
pub(in crate::app) fn to_oldest(state: &mut State) {
    let oldest = state.open_room().and_then(|room| room.timeline.slot_at(0));
    if let Some(slot) = oldest {
        state.pane.anchor = Anchor::Top { slot, row: 0 };
        // Whatever stands above its text.
        state.pane.scroll_by = -ABOVE_TEXT;
        state.pane.reveal = None;
        rooms::unstick(state);
    }
}

/// Selects the newest message on screen.
pub(in crate::app) fn select(state: &mut State) {
    let on_screen = state.pane.rows.iter().rev().find_map(PaneRow::message);
    match on_screen {
        Some(slot) => state.focus = Focus::Message(slot),
        None => state.say("There is no message to select."),
    }
}

/// Moves the selection; below the last message it goes back to the composer.
pub(in crate::app) fn step(state: &mut State, by: isize) {
    let Some((slot, room)) = state.selected().zip(state.open_room()) else { return };
    let Some(position) = room.timeline.position(slot) else { return };
    let target = position.checked_add_signed(by);
    let Some(target) = target else {
        rooms::unstick(state);
        return;
    };
    match room.timeline.slot_at(target) {
        Some(next) => {
            state.focus = Focus::Message(next);
            state.pane.reveal = Some(next);
        }
        None => state.focus = Focus::Composer,
    }
}

/// Puts the selected message into the composer.
pub(in crate::app) fn edit_selected(state: &mut State, effects: &mut Vec<Effect>) {
    let Some(slot) = state.selected() else { return };
    edit(state, slot, effects);
}

/// Puts the newest own message into the composer. One that is not sent yet is one, too: nobody means an older one then.
pub(in crate::app) fn edit_last(state: &mut State, effects: &mut Vec<Effect>) {
    let own = state.open_room().and_then(|room| {
        let mut newest_first = room.timeline.iter().rev();
        let unsent_text = |message: &Message| state.unsent(message).is_some() && unsent::is_text(state, message);
        let own = |message: &Message| can_change(state, message) || unsent_text(message);
        newest_first.find(|(_, message)| own(message)).map(|(slot, _)| slot)
    });
    match own {
        Some(slot) => edit(state, slot, effects),
        None if !state.can(Feature::Edit) => state.say_impossible(Feature::Edit),
        None => state.say("There is no message of yours here to edit."),
    }
}

/// Asks before deleting the selected message.
pub(in crate::app) fn delete_selected(state: &mut State) {
    let Some((message, slot)) = selected_message(state).zip(state.selected()) else { return };
    if state.unsent(message).is_some() {
        unsent::ask_to_discard(state, slot);
    } else if !state.can(Feature::Delete) {
        state.say_impossible(Feature::Delete);
    } else if !can_change(state, message) {
        let why = why_not(state, message, "deleted");
        state.say(why);
    } else if let Some((id, room)) = message.id.clone().zip(state.open.clone()) {
        state.pane.reveal = state.selected();
        state.overlay = Some(Overlay::Question(Question::DeleteMessage(room, id)));
    }
}

/// Puts the selected message's text into the clipboard, as it stands on the screen: with badges for what cannot be seen.
/// What is pasted into a shell or an editor is then what was read, with its line breaks and nothing that hides.
pub(in crate::app) fn copy_selected(state: &mut State, effects: &mut Vec<Effect>) {
    let Some(message) = selected_message(state).filter(|message| !message.deleted) else { return };
    let text = match &message.attachment {
        Some(file) if message.text.is_empty() => file.url.to_string(),
        _ => message.text.to_string(),
    };
    effects.push(Effect::Copy(text));
    state.say("Copied.");
}

/// Reports what is on screen as seen; the room is read once its newest message is on screen.
pub(in crate::app) fn mark_visible_seen(state: &mut State, effects: &mut Vec<Effect>) {
    if !state.focused || state.account.connection != ConnectionState::Online {
        return;
    }
    let Some(room) = state.open_room() else { return };
    let newest = shows_newest(state, room);
    let id = room.info.id.clone();
    if state.counts_rooms() {
        return room_seen(state, newest, effects);
    }
    let unseen: Vec<Slot> = read_through(state, room).filter(|slot| needs_receipt(state, room, *slot)).collect();
    let ids: Vec<MessageId> = unseen.iter().filter_map(|slot| room.timeline.get(*slot).id.clone()).collect();
    effects.extend(ids.into_iter().map(|message| state.ask(Request::Seen { room: id.clone(), message })));
    let Some(room) = state.open_room_mut() else { return };
    for slot in unseen {
        room.timeline.change(slot, |message| message.advance(Delivery::Seen));
    }
    if newest {
        room.unread = Default::default();
    }
}

/// Reports a room as seen, once for all that is new in it: what was seen is told again only when somebody else has
/// written more.
fn room_seen(state: &mut State, newest: bool, effects: &mut Vec<Effect>) {
    let Some(room) = state.open_room_mut().filter(|room| newest && awaits_receipt(room)) else { return };
    let last = room.timeline.last_accepted().and_then(|last| Some((last.id.clone()?, last.sent_at)));
    let Some((message, at)) = last else { return };
    room.news = false;
    room.told_seen = Some(at);
    room.unread = Default::default();
    let room = room.info.id.clone();
    effects.push(state.ask(Request::Seen { room, message }));
}

/// Whether something in a room is new to the server's eyes, and all of it is here to be seen.
pub(in crate::app) fn awaits_receipt(room: &Room) -> bool {
    let heard = room.membership.access != Access::NotMember;
    heard && (room.news || room.unread.any()) && room.history.fresh && room.history.resume_from.is_none()
}

/// Whether a message is somebody else's and nobody has seen it.
pub(in crate::app) fn needs_receipt(state: &State, room: &Room, slot: Slot) -> bool {
    let message = room.timeline.get(slot);
    message.delivery < Delivery::Seen && message.id.is_some() && !state.is_me(&message.author)
}

/// The messages whose end is on screen.
pub(in crate::app) fn read_through<'a>(state: &'a State, room: &'a Room) -> impl Iterator<Item = Slot> + 'a {
    state.pane.rows.iter().filter_map(|row| match row {
        PaneRow::Body { slot, bytes, .. } | PaneRow::Report { slot, bytes, .. } => {
            let ends = bytes.end as usize >= body_text(room.timeline.get(*slot)).len();
            ends.then_some(*slot)
        }
        PaneRow::Attachment { slot, .. } => Some(*slot),
        _ => None,
    })
}

/// Whether the newest message is on screen.
pub(in crate::app) fn shows_newest(state: &State, room: &Room) -> bool {
    let newest = room.timeline.iter().next_back().map(|(slot, _)| slot);
    newest.is_some_and(|newest| state.pane.rows.iter().any(|row| row.message() == Some(newest)))
}

fn edit(state: &mut State, slot: Slot, effects: &mut Vec<Effect>) {
    let Some(message) = state.open_room().map(|room| room.timeline.get(slot)) else { return };
    if state.unsent(message).is_some() {
        unsent::correct(state, slot, effects);
    } else if !state.can(Feature::Edit) {
        state.say_impossible(Feature::Edit);
    } else if !can_change(state, message) {
        let why = why_not(state, message, "edited");
        state.say(why);
    } else if let Some(why) = state.closed() {
        state.say(why);
    } else if (!state.composer.is_empty() && state.composer.editing.is_none()) || state.composer.reply.is_some() {
        state.say("Send or clear what you are writing first; then edit.");
    } else if let Some(id) = message.id.clone() {
        let text = state.outbox.edit_of(&id).map_or_else(|| message.text.editable(), str::to_owned);
        state.composer = Composer::edit_of(id, &text);
        state.focus = Focus::Composer;
        state.pane.reveal = Some(slot);
    }
}

/// Changes a message: in its turn, and once there is a connection.
pub(super) fn save_edit(state: &mut State, message: MessageId, text: String, effects: &mut Vec<Effect>) {
    let room = state.rooms.holding(&message).map(|room| room.info.id.clone()).or_else(|| state.open.clone());
    let Some(room) = room else { return };
    if change(state, &room, OutboxPayload::Edit { message, text }, effects) {
        compose::reset(state, effects);
    }
}

/// Puts a change of a message into the outbox; says whether it was taken.
pub(super) fn change(state: &mut State, room: &RoomId, what: OutboxPayload, effects: &mut Vec<Effect>) -> bool {
    let deletes = !matches!(what, OutboxPayload::Edit { .. });
    if state.outbox.iter().any(|entry| entry.room == *room && entry.what == what) {
        state.say("That is under way already.");
        return true;
    }
    let taken = outbox::put(state, room, what, |_| None, effects);
    if taken && state.account.connection != ConnectionState::Online {
        let what = if deletes { "The message will be deleted" } else { "The change waits, and is made" };
        state.say(format!("{what} once there is a connection."));
    }
    taken
}

fn can_change(state: &State, message: &Message) -> bool {
    state.is_me(&message.author) && message.id.is_some() && !message.deleted
}

fn why_not(state: &State, message: &Message, what: &str) -> String {
    if message.deleted {
        "This message is deleted already.".to_owned()
    } else if state.is_me(&message.author) {
        format!("This message has not been sent; it cannot be {what} yet.")
    } else {
        format!("Only your own messages can be {what}.")
    }
}

pub(super) fn selected_message(state: &State) -> Option<&Message> {
    Some(state.open_room()?.timeline.get(state.selected()?))
}
