//! Going from a list to what it lists.

use crate::app::effect::Effect;
use crate::app::list::List;
use crate::app::state::State;

/// Goes to what the list points to.
pub(in crate::app) fn go(_state: &mut State, _list: &List, _effects: &mut Vec<Effect>) {}
