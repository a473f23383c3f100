//! Searching rooms and people on the server.

use crate::app::effect::Effect;
use crate::app::state::State;

/// Shows the rooms that were put away.
pub(in crate::app) fn archived(_state: &mut State, _effects: &mut Vec<Effect>) {}

/// Searches rooms by title.
pub(in crate::app) fn rooms(_state: &mut State, _title: &str, _effects: &mut Vec<Effect>) {}

/// Searches people by name.
pub(in crate::app) fn people(_state: &mut State, _name: &str, _effects: &mut Vec<Effect>) {}
