//! When the disk does not take what is to be kept: the chat goes on, and the user is told once.

use crate::app::state::State;
use crate::store::Problem;

/// Something is amiss with the store.
pub(in crate::app) fn on_problem(state: &mut State, problem: &Problem) {
    let sentence = problem.to_string();
    state.say(sentence.clone());
    state.keeping.say_again = state.open.is_none().then(|| sentence.clone());
    // A few entries that cannot be read keep nothing else from the disk.
    if !matches!(problem, Problem::Unread(_)) {
        state.keeps = false;
        state.keeping.problem = Some(sentence);
    }
}

/// All is kept again.
pub(in crate::app) fn on_recovered(state: &mut State) {
    state.keeping.problem = None;
    state.keeping.say_again = None;
    state.keeps = state.keeping.on && state.keeping.loaded;
    state.say("What you write is kept on disk again.");
}
