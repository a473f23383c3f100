//! What the disk says: what was kept, confirmations, troubles.

use crate::store::Answer;

use super::effect::Effect;
use super::outbox;
use super::state::State;

pub(super) fn on_store(state: &mut State, answer: Answer, effects: &mut Vec<Effect>) {
    match answer {
        Answer::Kept { local, step, on_disk } => outbox::kept(state, local, step, on_disk, effects),
        Answer::Loaded(snapshot) => drop(snapshot),
        Answer::Past { .. } | Answer::Found(_) | Answer::Problem(_) | Answer::Recovered => {}
    }
}
