//! Lists that were asked for.

use crate::app::state::State;
use crate::domain::{CallRecord, MessageId, MessageInfo, PersonInfo, Request, RoomId, RoomInfo, Timestamp};

pub(super) fn on_stars(_state: &mut State, _room: Option<&RoomId>, _messages: Vec<MessageInfo>) {}

pub(super) fn on_seen_by(
    _state: &mut State,
    _message: &MessageId,
    _seen: bool,
    _people: Vec<(PersonInfo, Option<Timestamp>)>,
) {
}

pub(super) fn on_people(_state: &mut State, _request: &Request, _more: bool, _people: Vec<PersonInfo>) {}

pub(super) fn on_found_rooms(_state: &mut State, _request: &Request, _more: bool, _rooms: Vec<RoomInfo>) {}

pub(super) fn on_calls(_state: &mut State, _calls: Vec<CallRecord>) {}
