//! Calls: who rings, and what becomes of it.

use crate::app::effect::Effect;
use crate::app::state::State;
use crate::domain::{CallEnd, CallId, CallInfo, RoomId};

pub(super) fn on_rings(_state: &mut State, _call: CallInfo) {}

pub(super) fn on_started(_state: &mut State, _call: CallId, _room: RoomId, _video: bool) {}

pub(super) fn on_accepted(_state: &mut State, _call: Option<&CallId>, _room: &RoomId, _effects: &mut Vec<Effect>) {}

pub(super) fn on_ended(_state: &mut State, _call: Option<&CallId>, _room: &RoomId, _how: CallEnd) {}
