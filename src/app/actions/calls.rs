//! Ringing, answering, hanging up.

use crate::app::effect::Effect;
use crate::app::state::State;

/// Rings the other side of the open chat.
pub(in crate::app) fn start(_state: &mut State, _video: bool, _effects: &mut Vec<Effect>) {}

/// Takes the call that rings.
pub(in crate::app) fn accept(_state: &mut State, _effects: &mut Vec<Effect>) {}

/// Refuses the call that rings.
pub(in crate::app) fn reject(_state: &mut State, _effects: &mut Vec<Effect>) {}

/// Hangs up, or gives up ringing.
pub(in crate::app) fn hang_up(_state: &mut State, _effects: &mut Vec<Effect>) {}

/// Shows the calls of the past.
pub(in crate::app) fn history(_state: &mut State, _effects: &mut Vec<Effect>) {}
