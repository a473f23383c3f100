//! Sends that the server has not confirmed: sending them again, taking them back, throwing them away.

use crate::app::access;
use crate::app::composer::{Composer, Reply};
use crate::app::effect::Effect;
use crate::app::gone;
use crate::app::outbox;
use crate::app::overlay::{Overlay, Question};
use crate::app::state::{Focus, State};
use crate::app::waiting::Unsent;
use crate::domain::{Content, LocalId, Message, Room, RoomId, Slot};
use crate::store::OutboxPayload;
use crate::text::SafeText;

use super::messages::selected_message;

/// Sends the selected message again, which failed or may have been sent.
pub(in crate::app) fn retry_selected(state: &mut State, effects: &mut Vec<Effect>) {
    let Some((slot, unsent)) = selected_unsent(state) else { return };
    match unsent {
        Some(_) if is_gone(state) => gone::say_closed(state),
        Some(Unsent::Failed | Unsent::Asks) => {
            if let Some(local) = local_of(state, slot) {
                outbox::again(state, local, effects);
            }
        }
        Some(Unsent::Waits) => state.say("It waits, and goes out by itself as soon as it can."),
        _ => say_why_not(state, unsent),
    }
}

/// Takes the selected message back, if that is the user's to say. A text that is certainly not there goes into the
/// composer, if that is empty: it is nowhere else. A file and a message that was sent on are where they were. What may
/// have been sent is only forgotten here: the server may have it.
pub(in crate::app) fn take_back_selected(state: &mut State, effects: &mut Vec<Effect>) {
    let Some((slot, unsent)) = selected_unsent(state) else { return };
    match unsent {
        Some(Unsent::Failed | Unsent::Waits) => take_back(state, slot, effects),
        Some(Unsent::Asks) => {
            remove(state, slot, effects);
            state.say("Discarded here. If it had been sent, it stays sent.");
        }
        _ => say_why_not(state, unsent),
    }
}

/// Takes a message back to be corrected; says so where it holds nothing that can be.
pub(super) fn correct(state: &mut State, slot: Slot, effects: &mut Vec<Effect>) {
    let Some(message) = state.open_room().map(|room| room.timeline.get(slot)) else { return };
    match state.unsent(message) {
        Some(_) if is_gone(state) => gone::say_closed(state),
        Some(Unsent::Failed | Unsent::Waits) if is_text(state, message) => take_back(state, slot, effects),
        Some(Unsent::Failed | Unsent::Waits) => {
            state.say("Only a text can be edited. This can be taken back, and sent anew.");
        }
        unsent => say_why_not(state, unsent),
    }
}

/// Asks before throwing the selected message away.
pub(super) fn ask_to_discard(state: &mut State, slot: Slot) {
    let Some(room) = state.open_room() else { return };
    let unsent = state.unsent(room.timeline.get(slot));
    let (room, local) = (room.info.id.clone(), local_of(state, slot));
    match (unsent, local) {
        (Some(Unsent::Failed | Unsent::Waits | Unsent::Asks), Some(local)) => {
            state.pane.reveal = Some(slot);
            state.overlay = Some(Overlay::Question(Question::Discard(room, local)));
        }
        _ => say_why_not(state, unsent),
    }
}

/// Throws a message away that was asked about, unless it went out meanwhile.
pub(super) fn discard(state: &mut State, room: &RoomId, local: LocalId, effects: &mut Vec<Effect>) {
    let Some(slot) =
        state.open_room().filter(|open| open.info.id == *room).and_then(|room| room.timeline.find_local(local))
    else {
        return;
    };
    let unsent = state.open_room().and_then(|room| state.unsent(room.timeline.get(slot)));
    match unsent {
        Some(Unsent::Failed | Unsent::Waits | Unsent::Asks) => {
            remove(state, slot, effects);
            state.say("Discarded.");
        }
        _ => state.say("It went out before that: delete it once it has its tick."),
    }
}

/// Whether a send is a text of the user's own: what can be corrected.
pub(in crate::app) fn is_text(state: &State, message: &Message) -> bool {
    let entry = message.local.as_deref().and_then(|local| state.outbox.get(*local));
    entry.is_none_or(|entry| matches!(entry.what, OutboxPayload::Send(Content::Text { .. })))
}

fn is_gone(state: &State) -> bool {
    state.open_room().is_some_and(Room::is_gone)
}

fn take_back(state: &mut State, slot: Slot, effects: &mut Vec<Effect>) {
    if is_gone(state) {
        // There is nothing to write it into.
        remove(state, slot, effects);
        state.say("Discarded.");
        return;
    }
    let Some(message) = state.open_room().map(|room| room.timeline.get(slot)) else { return };
    if is_text(state, message) && !state.composer.is_blank() {
        state.say("Send or clear what you are writing first; then take this back.");
        return;
    }
    let quote = message.quote.clone();
    let Some(OutboxPayload::Send(content)) = remove(state, slot, effects) else { return };
    match content {
        Content::Text { text, reply_to } => {
            state.composer = Composer::with_text(&text);
            state.composer.literal = true;
            state.composer.reply = reply_to.zip(quote).map(|(to, quote)| Box::new(Reply { to, quote: *quote }));
        }
        Content::File { file, .. } => state.say(format!("{} is not sent.", SafeText::line(&file.name))),
        Content::Forward { .. } => state.say("The message is not sent on."),
    }
    if state.is_closed() {
        access::follow(state, &mut Vec::new());
        state.say("It waits as a draft until you can write here again.");
    }
}

/// Takes a send out of the room and the outbox, on disk too.
fn remove(state: &mut State, slot: Slot, effects: &mut Vec<Effect>) -> Option<OutboxPayload> {
    let local = local_of(state, slot)?;
    state.open_room_mut()?.remove(slot);
    state.focus = Focus::Composer;
    outbox::discard(state, local, effects).map(|entry| entry.what)
}

fn local_of(state: &State, slot: Slot) -> Option<LocalId> {
    state.open_room()?.timeline.get(slot).local.as_deref().copied()
}

fn selected_unsent(state: &State) -> Option<(Slot, Option<Unsent>)> {
    Some((state.selected()?, state.unsent(selected_message(state)?)))
}

fn say_why_not(state: &mut State, unsent: Option<Unsent>) {
    state.say(match unsent {
        Some(Unsent::LookedFor) => {
            "It may have been sent: it is looked for on the server first, as soon as there is a connection."
        }
        Some(Unsent::UnderWay) => "It is on its way. Once it has its tick it can be edited or deleted over there.",
        Some(Unsent::Asks) => "It may have been sent. Send it again or discard it first.",
        _ => "Only a message that failed can be sent again, and only one that failed or waits taken back.",
    });
}
