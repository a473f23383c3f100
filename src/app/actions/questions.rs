//! What is asked before it is done, and what is done after a yes.

use crate::app::call::CallStage;
use crate::app::effect::Effect;
use crate::app::list::ListKind;
use crate::app::on_server;
use crate::app::overlay::{Overlay, Question, Removal};
use crate::app::state::{Focus, State};
use crate::domain::{Access, Request};
use crate::store::OutboxPayload;

use super::{lists, messages, unsent};

/// Quits, after a question when something would be lost by it.
pub(in crate::app) fn quit(state: &mut State, effects: &mut Vec<Effect>) {
    let drafts = !state.composer.is_empty() || state.drafts.values().any(|draft| !draft.is_empty());
    // Where all that is written is kept on disk, only what the disk has not got yet would be lost.
    let lost = if state.keeps { state.outbox.is_at_risk() } else { drafts || !state.outbox.is_empty() };
    if lost {
        state.overlay = Some(Overlay::Question(Question::Quit));
    } else {
        leave(state, effects);
    }
}

/// Ends the program, and the call that would else ring on over there.
fn leave(state: &mut State, effects: &mut Vec<Effect>) {
    let ours = state.call.take().filter(|call| matches!(call.stage, CallStage::Out(_) | CallStage::Held(_)));
    effects.extend(ours.and_then(|call| call.id).map(|call| state.ask(Request::EndCall { call })));
    effects.push(Effect::Quit);
}

/// Does what was asked about.
pub(in crate::app) fn answer_yes(state: &mut State, question: Question, effects: &mut Vec<Effect>) {
    match question {
        Question::DeleteMessage(room, message) => {
            state.focus = Focus::Composer;
            messages::change(state, &room, OutboxPayload::Delete { message }, effects);
        }
        Question::DeleteForMe(room, message) => {
            state.focus = Focus::Composer;
            messages::change(state, &room, OutboxPayload::DeleteForMe { message }, effects);
        }
        Question::Discard(room, local) => unsent::discard(state, &room, local, effects),
        Question::RemoveMember(Removal { room, kind, person, username }) => {
            lists::show(state, ListKind::Members(room.clone()), effects);
            effects.push(state.ask(Request::RemoveMember { room, kind, person, username }));
        }
        Question::LeaveGroup(room) => effects.push(state.ask(Request::LeaveGroup { room })),
        // A group that one has left cannot be deleted over there; here it can.
        Question::DeleteRoom(room)
            if state.rooms.get(&room).is_some_and(|room| room.membership.access == Access::NotMember) =>
        {
            on_server::on_room_deleted(state, &room, effects);
        }
        Question::DeleteRoom(room) => effects.push(state.ask(Request::DeleteRoom { room })),
        Question::Quit => leave(state, effects),
    }
}
