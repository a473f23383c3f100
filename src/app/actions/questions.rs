//! What is asked before it is done, and what is done after a yes.

use crate::app::effect::Effect;
use crate::app::overlay::{Overlay, Question};
use crate::app::state::{Focus, State};
use crate::domain::Request;
use crate::store::What;

use super::messages;

/// Quits, after a question when something would be lost by it.
pub(in crate::app) fn quit(state: &mut State, effects: &mut Vec<Effect>) {
    let drafts = !state.composer.is_empty() || state.drafts.values().any(|draft| !draft.is_empty());
    // Where all that is written is kept on disk, only what the disk has not got yet would be lost.
    let lost = if state.keeps { state.outbox.is_at_risk() } else { drafts || !state.outbox.is_empty() };
    if lost {
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
            messages::change(state, &room, What::Delete { message }, effects);
        }
        Question::DeleteForMe(room, message) => {
            state.focus = Focus::Composer;
            messages::change(state, &room, What::DeleteForMe { message }, effects);
        }
        Question::LeaveGroup(room) => effects.push(state.ask(Request::LeaveGroup { room })),
        Question::DeleteRoom(room) => effects.push(state.ask(Request::DeleteRoom { room })),
        Question::Quit => effects.push(Effect::Quit),
    }
}
