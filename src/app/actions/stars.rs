//! Stars on messages, and who has seen one.

use crate::app::effect::Effect;
use crate::app::state::State;

/// Stars the selected message, or takes the star away.
pub(in crate::app) fn toggle(_state: &mut State, _effects: &mut Vec<Effect>) {}

/// Shows the starred messages of the open room, or of all.
pub(in crate::app) fn list(_state: &mut State, _all: bool, _effects: &mut Vec<Effect>) {}

/// Shows who has seen the selected message.
pub(in crate::app) fn seen_by(_state: &mut State, _effects: &mut Vec<Effect>) {}
