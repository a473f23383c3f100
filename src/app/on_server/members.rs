//! Who is in a room with which rights, and how we stand in it.

use crate::app::effect::Effect;
use crate::app::state::State;
use crate::domain::{Member, PersonId, Request, RoomId, Standing};

pub(super) fn on_members(
    _state: &mut State,
    _room: &RoomId,
    _page: u32,
    _more: bool,
    _members: Vec<Member>,
    _effects: &mut Vec<Effect>,
) {
}

pub(super) fn on_standing(_state: &mut State, _room: &RoomId, _standing: Standing) {}

pub(super) fn on_block_changed(_state: &mut State, _room: &RoomId, _effects: &mut Vec<Effect>) {}

pub(super) fn on_kicked(_state: &mut State, _room: &RoomId, _person: &PersonId) {}

/// A change of a room or of who is in it was carried out.
pub(super) fn on_done(_state: &mut State, _request: Request, _effects: &mut Vec<Effect>) {}
