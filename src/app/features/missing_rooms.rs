//! Finds out why the server does not find a room: it was deleted, or we were removed from it.
//!
//! V Chat answers "Room not found" in both cases (docs/protocol/vchat.md §2). Only our own membership tells them apart,
//! so it is requested before anything is concluded.

use crate::app::features::membership::request_membership;
use crate::app::model::context::Context;
use crate::domain::{Access, Failure, RoomId, RoomKind};

/// Requests our membership of a room that the server did not find, if that may mean that we were removed from it. Returns
/// whether it may.
pub(in crate::app) fn verify_membership(cx: &mut Context<'_>, room: &RoomId) -> bool {
    let Some(known) = cx.account.rooms.get(room).filter(|known| known.info.kind == RoomKind::Group) else {
        return false;
    };
    match known.membership.access {
        Access::NotMember => true,
        Access::Deleted => false,
        Access::Open | Access::BlockedByMe | Access::BlockedByPeer | Access::Closed => {
            if cx.account.room_sync.verifying.insert(room.clone()) {
                request_membership(cx.account, room, cx.effects);
            }
            true
        }
    }
}

/// Records the outcome of a membership request. Returns whether it was made for a missing room and shows that the room was
/// deleted.
pub(in crate::app) fn finish_verification(cx: &mut Context<'_>, room: &RoomId, failure: Option<Failure>) -> bool {
    cx.account.room_sync.verifying.remove(room) && matches!(failure, Some(Failure::Refused | Failure::NotFound))
}
