//! What becomes of own sends and of what is done to messages: seen, delivered, starred, deleted, uploaded.

use crate::app::actions::rooms::ask_history;
use crate::app::effect::{Effect, LogLevel};
use crate::app::outbox;
use crate::app::pane::Anchor;
use crate::app::state::{Focus, State};
use crate::domain::{Delivery, LocalId, MessageId, PersonId, RoomId};

use super::authorship::refuse;

/// All that `author` has sent in a room so far has come as far as `delivery`. Only our own messages carry marks: what
/// a server tells of others' is not for us.
pub(super) fn on_room_receipt(
    state: &mut State,
    room: &RoomId,
    author: &PersonId,
    delivery: Delivery,
    effects: &mut Vec<Effect>,
) {
    let mine = state.is_me(author);
    let Some(known) = state.rooms.get_mut(room) else {
        let what = format!("a receipt for room {}, which is in no list", room.as_str());
        return refuse(effects, LogLevel::Warn, &what);
    };
    if mine {
        known.timeline.advance_all(author, delivery);
    } else {
        // Some servers tell both sides (protocol note §12, 3).
        let (room, author) = (room.as_str(), author.as_str());
        refuse(effects, LogLevel::Debug, &format!("a receipt in room {room} is about what {author} wrote, not we"));
    }
}

/// How far the file of a send is.
pub(super) fn on_progress(state: &mut State, room: &RoomId, local: LocalId, sent: u64, total: u64) {
    let waits = state.rooms.get(room).is_some_and(|room| !room.timeline.is_confirmed(local));
    if waits {
        // No row changes, only what stands on one: the number is read when it is painted.
        state.outbox.set_progress(local, sent, total);
    }
}

/// The server has this send already: it counts as sent, and the newest page brings the message itself.
pub(super) fn on_duplicate(state: &mut State, room: &RoomId, local: LocalId, effects: &mut Vec<Effect>) {
    outbox::confirmed(state, local, effects);
    if let Some(known) = state.rooms.get_mut(room) {
        known.timeline.accept(local, None);
        ask_history(state, room, 1, None, effects);
    }
}

/// A message was deleted for us alone: it is not here any more. What was selected or held the screen passes to its
/// neighbour.
pub(super) fn on_deleted_for_me(state: &mut State, id: &RoomId, message: &MessageId) {
    let open = state.open.as_ref() == Some(id);
    let Some(room) = state.rooms.get_mut(id) else { return };
    let Some(slot) = room.timeline.find(message) else {
        room.info.last_message.take_if(|last| last.id == *message);
        return;
    };
    let neighbour = room.remove(slot);
    if open {
        if state.focus == Focus::Message(slot) {
            state.focus = neighbour.map_or(Focus::Composer, Focus::Message);
        }
        if let Anchor::Top { slot: top, .. } = state.pane.anchor
            && top == slot
        {
            state.pane.anchor = neighbour.map_or(Anchor::Bottom, |slot| Anchor::Top { slot, row: 0 });
        }
        state.pane.reveal.take_if(|reveal| *reveal == slot);
    }
    end_reply(state, message, "The message you were replying to is deleted.");
    state.rooms.touch(id);
}

/// A message was starred, or is not any more.
pub(super) fn on_starred(state: &mut State, room: &RoomId, message: &MessageId, on: bool) {
    if let Some(room) = state.rooms.get_mut(room)
        && let Some(slot) = room.timeline.find(message)
    {
        room.timeline.change(slot, |message| message.star(on));
    }
}

/// A reply to a message that is gone is a message of its own, here and in the drafts.
pub(super) fn end_reply(state: &mut State, message: &MessageId, why: &str) {
    let to_it = |reply: &mut Box<crate::app::composer::Reply>| reply.quote.id == *message;
    for draft in state.drafts.values_mut() {
        draft.reply.take_if(to_it);
    }
    if state.composer.reply.take_if(to_it).is_some() {
        state.say(why);
    }
}
