//! What is asked before it is done, and what is done after a yes.

use crate::app::effect::Effect;
use crate::app::overlay::{Overlay, Question};
use crate::app::state::{Focus, State};
use crate::domain::Request;

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
        Question::LeaveGroup(room) => effects.push(state.ask(Request::LeaveGroup { room })),
        Question::DeleteRoom(room) => effects.push(state.ask(Request::DeleteRoom { room })),
        Question::Quit => effects.push(Effect::Quit),
    }
}
