//! What the disk says: what was kept, confirmations, troubles.

use crate::store::Answer;

use super::effect::Effect;
use super::outbox;
use super::state::State;
use super::{hunt, keeping, search};

pub(super) fn on_store(state: &mut State, answer: Answer, effects: &mut Vec<Effect>) {
    match answer {
        Answer::Kept { local, step, on_disk } => outbox::kept(state, local, step, on_disk, effects),
        Answer::Loaded(snapshot) => {
            keeping::on_loaded(state, *snapshot, effects);
            search::proceed(state, effects);
        }
        Answer::Past { id, room, past } => {
            keeping::on_past(state, id, &room, past);
            hunt::proceed(state, effects);
        }
        Answer::Problem(problem) => keeping::on_problem(state, &problem),
        Answer::Recovered => keeping::on_recovered(state),
        Answer::Found(found) => search::on_found(state, &found, effects),
    }
}
