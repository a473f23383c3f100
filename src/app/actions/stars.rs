//! Stars on messages, and who has seen one.

use crate::app::allowed::is_shared;
use crate::app::effect::Effect;
use crate::app::list::{List, ListKind};
use crate::app::overlay::Overlay;
use crate::app::state::State;
use crate::domain::{Delivery, Request};

use super::messages::selected_message;

/// Stars the selected message, or takes the star away. It is shown once the server has done it.
pub(in crate::app) fn toggle(state: &mut State, effects: &mut Vec<Effect>) {
    let Some((message, room)) = selected_message(state).zip(state.open.clone()) else { return };
    match message.id.clone() {
        _ if message.deleted => state.say("This message is deleted; there is nothing left to star."),
        Some(id) => {
            let on = !message.starred;
            effects.push(state.ask(Request::Star { room, message: id, on }));
        }
        None => state.say("This message has not been sent yet; it can be starred once it has its tick."),
    }
}

/// Shows the starred messages of the open room, or of all.
pub(in crate::app) fn list(state: &mut State, all: bool, effects: &mut Vec<Effect>) {
    let room = state.open.clone().filter(|_| !all);
    state.overlay = Some(Overlay::List(List::waiting(ListKind::Stars(room.clone()))));
    effects.push(state.ask(Request::Stars { room }));
}

/// Shows who has seen the selected message. In a chat of two its marks say so already: they are put into words.
pub(in crate::app) fn seen_by(state: &mut State, effects: &mut Vec<Effect>) {
    let Some((message, room)) = selected_message(state).zip(state.open_room()) else { return };
    if !state.is_me(&message.author) {
        state.say("Who has seen a message is only told of your own.");
        return;
    }
    let Some(id) = message.id.clone().filter(|_| !message.deleted) else {
        let why = if message.deleted { "This message is deleted." } else { "This message has not been sent yet." };
        state.say(why);
        return;
    };
    let kind = room.info.kind;
    if !is_shared(kind) {
        let title = &room.info.title;
        let sentence = match message.delivery {
            Delivery::Seen => format!("{title} has seen it."),
            Delivery::Delivered => format!("It has arrived at {title}, who has not seen it yet."),
            Delivery::Sent | Delivery::Queued | Delivery::Uncertain | Delivery::Failed => {
                format!("The server has it; it has not arrived at {title} yet.")
            }
        };
        state.say(sentence);
        return;
    }
    let room = room.info.id.clone();
    state.seen_by_answers = 0;
    state.overlay = Some(Overlay::List(List::waiting(ListKind::SeenBy(id.clone()))));
    for seen in [true, false] {
        effects.push(state.ask(Request::SeenBy { room: room.clone(), kind, message: id.clone(), seen }));
    }
}
