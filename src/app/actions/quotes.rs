//! Replies, the messages they quote, and sending messages on.

use crate::app::effect::Effect;
use crate::app::state::State;
use crate::domain::{MessageId, RoomId};

/// Begins a reply to the selected message.
pub(in crate::app) fn reply(_state: &mut State) {}

/// Goes to the message that the selected one replies to.
pub(in crate::app) fn to_quoted(_state: &mut State, _effects: &mut Vec<Effect>) {}

/// Asks where to send the selected message on to.
pub(in crate::app) fn forward(_state: &mut State) {}

/// Asks whether to delete the selected message for oneself.
pub(in crate::app) fn delete_for_me(_state: &mut State) {}

/// Opens a room and goes to one of its messages, fetching older pages until it is there.
pub(in crate::app) fn go_to(_state: &mut State, _room: &RoomId, _message: &MessageId, _effects: &mut Vec<Effect>) {}
