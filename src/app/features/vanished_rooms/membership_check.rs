//! Finds out why the server does not find a room: it was deleted, or we were removed from it.
//!
//! V Chat answers "Room not found" in both cases (`docs/protocol/vchat.md` §2). Only our own membership tells them
//! apart, so it is requested before anything is concluded.

use crate::app::features::membership::request_membership;
use crate::app::model::context::Context;
use crate::app::model::room_list_sync::Verification;
use crate::domain::{Failure, Request, RoomAccess, RoomId, RoomKind};
use crate::text::SafeText;

/// Reason why a message to a group was not sent, which a server states in various ways.
const NOT_A_MEMBER: &str = "You are no longer a member of this group.";

/// Requests our membership of a room that the server did not find or in which it refused a message, unless we cannot
/// have been removed from it. Returns whether we may have been removed.
pub(in crate::app) fn verify_membership(cx: &mut Context<'_>, room: &RoomId, failure: Failure) -> bool {
    let Some(known) = cx.account.rooms.get(room).filter(|known| known.info.kind == RoomKind::Group) else {
        return false;
    };
    match known.membership.access {
        RoomAccess::NotMember => true,
        RoomAccess::Deleted => false,
        RoomAccess::Open | RoomAccess::BlockedByMe | RoomAccess::BlockedByPeer | RoomAccess::Closed => {
            let is_requested = cx.account.room_sync.verifying.contains_key(room);
            let verification = cx.account.room_sync.verifying.entry(room.clone()).or_default();
            verification.is_missing |= failure == Failure::NotFound;
            if !is_requested {
                request_membership(cx.account, room, cx.effects);
            }
            true
        }
    }
}

/// Postpones the failure of a send until our membership of its room is known. Returns false if the membership has not
/// been requested, so that the failure is to be reported now.
pub(in crate::app) fn postpone_failure(cx: &mut Context<'_>, request: &Request, reason: &SafeText) -> bool {
    let Request::Send { room, .. } = request else { return false };
    let Some(verification) = cx.account.room_sync.verifying.get_mut(room) else { return false };
    verification.postponed.push((request.clone(), reason.clone()));
    true
}

/// Returns the reason why a send to this room failed: `reason`, unless we are not a member any more.
pub(in crate::app) fn explain_failure(cx: &Context<'_>, room: &RoomId, reason: SafeText) -> SafeText {
    let known = cx.account.rooms.get(room);
    let is_former_member = known.is_some_and(|room| room.membership.access == RoomAccess::NotMember);
    if is_former_member { SafeText::line(NOT_A_MEMBER) } else { reason }
}

/// Ends the wait for our membership of a room; `None` if none was waited for.
pub(in crate::app) fn finish_verification(cx: &mut Context<'_>, room: &RoomId) -> Option<Verification> {
    cx.account.room_sync.verifying.remove(room)
}

/// Whether the failure of the request for our membership shows that the room was deleted. Requests may also be refused
/// for other reasons, such as an expired token.
pub(in crate::app) fn shows_deletion(verification: &Verification, failure: Failure) -> bool {
    failure == Failure::NotFound || (verification.is_missing && failure == Failure::Refused)
}
