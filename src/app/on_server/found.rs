//! Lists that were asked for.

use crate::app::state::State;
use crate::domain::{PersonInfo, Request, RoomInfo};

pub(super) fn on_people(_state: &mut State, _request: &Request, _more: bool, _people: Vec<PersonInfo>) {}

pub(super) fn on_found_rooms(_state: &mut State, _request: &Request, _more: bool, _rooms: Vec<RoomInfo>) {}
