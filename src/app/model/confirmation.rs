//! Requests that are sent only after the user has confirmed them.
//!
//! [`Context::request`](crate::app::model::context::Context::request) asks before it sends one of these, so no feature
//! has to think of it. Messages are deleted through the outbox, which also works offline; `features/edits.rs` asks
//! before.

use crate::domain::Request;

/// Whether the user is asked before a request is sent: it changes something for others or for good, and the user cannot
/// simply undo it.
#[allow(clippy::match_same_arms, reason = "each arm has its own reason")]
pub(in crate::app) fn asks_first(request: &Request) -> bool {
    match request {
        // Somebody loses access or rights, or gains the right to take them from others.
        Request::RemoveMember { .. } | Request::SetRole { .. } | Request::Block { on: true, .. } => true,
        // Only somebody else can let the user in again.
        Request::LeaveGroup { .. } => true,
        // Nothing brings these back.
        Request::DeleteRoom { .. } | Request::ClearCalls => true,
        // The program quits, and a new login needs the password.
        Request::LogOut => true,
        // The outbox sends these. The user was asked before it got them.
        Request::Delete { .. } | Request::DeleteForMe { .. } => false,
        // A message or a new room: text that the user has written for others. It can be deleted.
        Request::Send { .. }
        | Request::OpenDirect { .. }
        | Request::CreateGroup { .. }
        | Request::CreateBroadcast { .. } => false,
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
        | Request::SetRoomPicture { .. } => false,
        // A call rings only for a moment, and can be repeated.
        Request::StartCall { .. }
        | Request::AcceptCall { .. }
        | Request::DeclineCall { .. }
        | Request::EndCall { .. }
        | Request::CallAccess { .. } => false,
        // A stopped upload can be retried.
        Request::CancelUpload { .. } => false,
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
        | Request::Calls => false,
    }
}
