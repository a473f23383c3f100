//! Groups: roles, titles, leaving; and muting or putting away any room.

use crate::app::effect::Effect;
use crate::app::state::State;
use crate::input::Action;

/// Gives a member of the open group a role.
pub(in crate::app) fn set_role(_state: &mut State, _username: &str, _role: &str, _effects: &mut Vec<Effect>) {}

/// Asks whether to leave the open group.
pub(in crate::app) fn leave(_state: &mut State) {}

/// Gives the open group another title.
pub(in crate::app) fn rename(_state: &mut State, _title: &str, _effects: &mut Vec<Effect>) {}

/// Mutes the open room, or not any more.
pub(in crate::app) fn mute(_state: &mut State, _on: bool, _effects: &mut Vec<Effect>) {}

/// Puts the open room away, or takes it back.
pub(in crate::app) fn archive(_state: &mut State, _on: bool, _effects: &mut Vec<Effect>) {}

/// Does something with the member that the list points to.
pub(in crate::app) fn act_on_listed(_state: &mut State, _action: Action, _effects: &mut Vec<Effect>) {}
