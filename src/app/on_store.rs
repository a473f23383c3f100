//! What the disk says: what was kept, confirmations, troubles.

use crate::store::Answer;

use super::effect::Effect;
use super::state::State;

pub(super) fn on_store(_state: &mut State, _answer: Answer, _effects: &mut Vec<Effect>) {}
