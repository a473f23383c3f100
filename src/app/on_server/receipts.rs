//! What becomes of own sends: seen, delivered, starred, deleted, uploaded.

use crate::app::effect::Effect;
use crate::app::state::State;
use crate::domain::{Delivery, LocalId, MessageId, PersonId, RoomId};

/// All that `author` has sent in a room so far has come as far as `delivery`.
pub(super) fn on_room_receipt(_state: &mut State, _room: &RoomId, _author: &PersonId, _delivery: Delivery) {}

/// How far the file of a send is.
pub(super) fn on_progress(_state: &mut State, _room: &RoomId, _local: LocalId, _sent: u64, _total: u64) {}

/// The server has this send already.
pub(super) fn on_duplicate(_state: &mut State, _room: &RoomId, _local: LocalId, _effects: &mut Vec<Effect>) {}

/// A message was deleted for us alone.
pub(super) fn on_deleted_for_me(_state: &mut State, _room: &RoomId, _message: &MessageId) {}

/// A message was starred, or is not any more.
pub(super) fn on_starred(_state: &mut State, _room: &RoomId, _message: &MessageId, _on: bool) {}
