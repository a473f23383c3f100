//! What is asked before it is done, and what is done after a yes.

use crate::app::effect::Effect;
use crate::app::list::ListKind;
use crate::app::on_server;
use crate::app::overlay::{Overlay, Question, Removal};
use crate::app::state::{Focus, State};
use crate::domain::{Access, Request};

use super::lists;

/// Quits, after a question when something would be lost by it.
pub(in crate::app) fn quit(state: &mut State, effects: &mut Vec<Effect>) {
    let drafts = !state.keeps && (!state.composer.is_empty() || state.drafts.values().any(|draft| !draft.is_empty()));
    if drafts || !state.outbox.is_empty() {
        state.overlay = Some(Overlay::Question(Question::Quit));
    } else {
        effects.push(Effect::Quit);
    }
}

/// Does what was asked about.
pub(in crate::app) fn answer_yes(state: &mut State, question: Question, effects: &mut Vec<Effect>) {
    match question {
        Question::DeleteMessage(room, message) => {
            state.focus = Focus::Composer;
            effects.push(state.ask(Request::Delete { room, message }));
        }
        Question::DeleteForMe(room, message) => {
            state.focus = Focus::Composer;
            effects.push(state.ask(Request::DeleteForMe { room, message }));
        }
        Question::RemoveMember(Removal { room, kind, person, username }) => {
            lists::show(state, ListKind::Members(room.clone()), effects);
            effects.push(state.ask(Request::RemoveMember { room, kind, person, username }));
        }
        Question::LeaveGroup(room) => effects.push(state.ask(Request::LeaveGroup { room })),
        // A group that one has left cannot be deleted over there; here it can.
        Question::DeleteRoom(room)
            if state.rooms.get(&room).is_some_and(|room| room.standing.access == Access::Out) =>
        {
            on_server::on_room_deleted(state, &room, effects);
        }
        Question::DeleteRoom(room) => effects.push(state.ask(Request::DeleteRoom { room })),
        Question::Quit => effects.push(Effect::Quit),
    }
}
