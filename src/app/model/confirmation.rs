//! Requests that are sent only after the user has confirmed them.
//!
//! [`Context::request`](crate::app::model::context::Context::request) asks before it sends one of these, so no feature
//! has to think of it. Messages are deleted through the outbox, which also works offline; `features/edits.rs` asks
//! before.

use crate::domain::{MemberRole, Request, RoomId};

/// A request that the user has to confirm: it changes something for others or for good, and the user cannot simply undo
/// it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::app) enum Confirmation<'a> {
    /// Somebody loses access.
    RemoveMember {
        /// The room.
        room: &'a RoomId,
        /// User name of the member.
        username: &'a str,
    },
    /// Somebody loses rights, or gains the right to take them from others.
    SetRole {
        /// The room.
        room: &'a RoomId,
        /// User name of the member.
        username: &'a str,
        /// The new role.
        role: MemberRole,
    },
    /// Somebody can no longer write to the user.
    Block {
        /// User name of the person.
        username: &'a str,
    },
    /// Only somebody else can let the user in again.
    LeaveGroup(&'a RoomId),
    /// Nothing brings the room back.
    DeleteRoom(&'a RoomId),
    /// Nothing brings the list of calls back.
    ClearCalls,
    /// The program quits, and a new login needs the password.
    LogOut,
}

/// Returns what the user has to confirm before a request is sent; `None` if nothing.
#[allow(clippy::match_same_arms, reason = "each arm has its own reason")]
pub(in crate::app) fn confirmation(request: &Request) -> Option<Confirmation<'_>> {
    Some(match request {
        Request::RemoveMember { room, username, .. } => Confirmation::RemoveMember { room, username },
        Request::SetRole { room, username, role } => Confirmation::SetRole { room, username, role: *role },
        Request::Block { username, on: true } => Confirmation::Block { username },
        Request::LeaveGroup { room } => Confirmation::LeaveGroup(room),
        Request::DeleteRoom { room } => Confirmation::DeleteRoom(room),
        Request::ClearCalls => Confirmation::ClearCalls,
        Request::LogOut => Confirmation::LogOut,
        // The outbox sends these. The user was asked before it got them.
        Request::Delete { .. } | Request::DeleteForMe { .. } => return None,
        // A message or a new room: text that the user has written for others. It can be deleted.
        Request::Send { .. }
        | Request::OpenDirect { .. }
        | Request::CreateGroup { .. }
        | Request::CreateBroadcast { .. } => return None,
        // The same command or key reverses it.
        Request::Edit { .. }
        | Request::Star { .. }
        | Request::Mute { .. }
        | Request::Archive { .. }
        | Request::Block { on: false, .. }
        | Request::AddMember { .. }
        | Request::Rename { .. }
        | Request::SetDescription { .. }
        | Request::SetNickname { .. }
        | Request::SetName { .. }
        | Request::SetPicture { .. }
        | Request::SetRoomPicture { .. } => return None,
        // A call rings only for a moment, and can be repeated.
        Request::StartCall { .. }
        | Request::AcceptCall { .. }
        | Request::DeclineCall { .. }
        | Request::EndCall { .. }
        | Request::CallAccess { .. } => return None,
        // A stopped upload can be retried.
        Request::CancelUpload { .. } => return None,
        // The program's own, or only a question to the server.
        Request::SignIn { .. }
        | Request::Announce
        | Request::Rooms { .. }
        | Request::History { .. }
        | Request::Stars { .. }
        | Request::SeenBy { .. }
        | Request::Delivered { .. }
        | Request::Seen { .. }
        | Request::Join { .. }
        | Request::Leave { .. }
        | Request::Typing { .. }
        | Request::Heartbeat { .. }
        | Request::FindPerson { .. }
        | Request::Person { .. }
        | Request::Presence { .. }
        | Request::FindPeople { .. }
        | Request::Members { .. }
        | Request::Membership { .. }
        | Request::Room { .. }
        | Request::FindRooms { .. }
        | Request::AddablePeople { .. }
        | Request::Shared { .. }
        | Request::ActiveCall
        | Request::Calls => return None,
    })
}
