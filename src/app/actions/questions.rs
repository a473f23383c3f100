//! What is done after a yes.

use crate::app::effect::Effect;
use crate::app::overlay::Question;
use crate::app::state::{Focus, State};
use crate::domain::Request;

/// Does what was asked about.
pub(in crate::app) fn answer_yes(state: &mut State, question: Question, effects: &mut Vec<Effect>) {
    match question {
        Question::DeleteMessage(message) => {
            state.focus = Focus::Composer;
            effects.push(state.ask(Request::Delete { message }));
        }
        Question::DeleteRoom(room) => effects.push(state.ask(Request::DeleteRoom { room })),
        Question::Quit => effects.push(Effect::Quit),
    }
}
