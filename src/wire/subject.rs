//! What a record is about, in terms of the domain: the request that caused it or the event that it became.

use crate::domain::{LocalId, MessageId, MessageInfo, Request, RoomId, ServerEvent};

/// The ids by which records are related to each other, to rooms and to messages.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RecordSubject {
    /// The request or event. `None` for what is neither, such as a ping or an unknown event.
    pub topic: Option<Topic>,
    /// The room.
    pub room: Option<RoomId>,
    /// The message, if there is exactly one.
    pub message: Option<MessageId>,
    /// Id of the send.
    pub local: Option<LocalId>,
}

/// The kind of a request or of an event of the domain, as far as it matters here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Topic {
    /// A request to send a message.
    Send,
    /// Any other request, by its name.
    Request(&'static str),
    /// A message, live from the server.
    Message,
    /// The server reports that messages were seen: one, or all of a room so far.
    Seen,
    /// The server reports that all messages of a room so far were delivered.
    Delivered,
    /// Any other event.
    Event,
}

impl RecordSubject {
    /// Returns what a request is about.
    pub fn of_request(request: &Request) -> Self {
        let (name, room, message) = named(request);
        let topic = if let Request::Send { .. } = request { Topic::Send } else { Topic::Request(name) };
        let local = match request {
            Request::Send { local, .. } | Request::CancelUpload { local } => Some(*local),
            _ => None,
        };
        Self { topic: Some(topic), room: room.cloned(), message: message.cloned(), local }
    }

    /// Returns what the events of one frame are about: the first of them that is about anything.
    pub fn of_events(events: &[ServerEvent]) -> Self {
        let mut subjects = events.iter().map(Self::of_event);
        subjects
            .find(|subject| subject.room.is_some() || subject.message.is_some())
            .unwrap_or_else(|| Self { topic: (!events.is_empty()).then_some(Topic::Event), ..Self::default() })
    }

    fn of_event(event: &ServerEvent) -> Self {
        let about = |topic, room: Option<&RoomId>, message: Option<&MessageId>| Self {
            topic: Some(topic),
            room: room.cloned(),
            message: message.cloned(),
            local: None,
        };
        match event {
            ServerEvent::Message(message) => Self::of_message(Topic::Message, message),
            ServerEvent::Edited(message) => Self::of_message(Topic::Event, message),
            ServerEvent::Deleted(message) | ServerEvent::SeenBy { message, .. } => {
                about(Topic::Event, None, Some(message))
            }
            ServerEvent::Revoked { room, message, .. } => about(Topic::Event, Some(room), Some(message)),
            ServerEvent::Seen(message) => about(Topic::Seen, None, Some(message)),
            ServerEvent::RoomSeen { room, .. } => about(Topic::Seen, Some(room), None),
            ServerEvent::RoomDelivered { room, .. } => about(Topic::Delivered, Some(room), None),
            ServerEvent::RoomChanged(info) | ServerEvent::RoomOpened(info) => about(Topic::Event, Some(&info.id), None),
            ServerEvent::Accepted { room, local, id, .. } => {
                Self { local: Some(*local), ..about(Topic::Event, Some(room), id.as_ref()) }
            }
            ServerEvent::Duplicate { room, local } | ServerEvent::Progress { room, local, .. } => {
                Self { local: Some(*local), ..about(Topic::Event, Some(room), None) }
            }
            ServerEvent::Typing { room, .. }
            | ServerEvent::AgentAction { room, .. }
            | ServerEvent::Stars { room, .. } => about(Topic::Event, room.as_ref(), None),
            ServerEvent::RoomRenamed { room, .. }
            | ServerEvent::History { room, .. }
            | ServerEvent::Members { room, .. }
            | ServerEvent::Membership { room, .. }
            | ServerEvent::BlockChanged(room)
            | ServerEvent::Kicked { room, .. }
            | ServerEvent::CallStarted { room, .. }
            | ServerEvent::CallAccepted { room, .. }
            | ServerEvent::CallEnded { room, .. }
            | ServerEvent::CallAccess { room, .. }
            | ServerEvent::MemberAdded { room, .. }
            | ServerEvent::MemberRemoved { room, .. }
            | ServerEvent::RoomDeleted(room) => about(Topic::Event, Some(room), None),
            ServerEvent::IncomingCall(call) => about(Topic::Event, Some(&call.room), None),
            ServerEvent::Done(request)
            | ServerEvent::Failed { request, .. }
            | ServerEvent::FoundRooms { request, .. }
            | ServerEvent::People { request, .. }
            | ServerEvent::Person { request, .. }
            | ServerEvent::Shared { request, .. } => Self { topic: Some(Topic::Event), ..Self::of_request(request) },
            ServerEvent::Connection(_)
            | ServerEvent::SignedIn { .. }
            | ServerEvent::ClockSkew { .. }
            | ServerEvent::Rooms { .. }
            | ServerEvent::Presence { .. }
            | ServerEvent::LastSeen { .. }
            | ServerEvent::Calls(_)
            | ServerEvent::Notice(_)
            | ServerEvent::Silence(_)
            | ServerEvent::Paused(_)
            | ServerEvent::EventsLost => about(Topic::Event, None, None),
        }
    }

    fn of_message(topic: Topic, message: &MessageInfo) -> Self {
        let (room, id) = (Some(message.room.clone()), Some(message.id.clone()));
        Self { topic: Some(topic), room, message: id, local: message.local }
    }
}

/// Returns the name of a request, its room and its message.
fn named(request: &Request) -> (&'static str, Option<&RoomId>, Option<&MessageId>) {
    match request {
        Request::SignIn { .. } => ("sign in", None, None),
        Request::LogOut => ("log out", None, None),
        Request::SetName { .. } => ("set name", None, None),
        Request::SetPicture { .. } => ("set picture", None, None),
        Request::Announce => ("announce", None, None),
        Request::Rooms { .. } => ("rooms", None, None),
        Request::History { room, .. } => ("history", Some(room), None),
        Request::Send { room, .. } => ("send", Some(room), None),
        Request::CancelUpload { .. } => ("cancel upload", None, None),
        Request::Edit { message, .. } => ("edit", None, Some(message)),
        Request::Delete { room, message } => ("delete", Some(room), Some(message)),
        Request::DeleteForMe { room, message } => ("delete for me", Some(room), Some(message)),
        Request::Star { room, message, .. } => ("star", Some(room), Some(message)),
        Request::Stars { room } => ("stars", room.as_ref(), None),
        Request::SeenBy { room, message, .. } => ("seen by", Some(room), Some(message)),
        Request::Delivered { room } => ("delivered", Some(room), None),
        Request::Seen { room, message } => ("seen", Some(room), Some(message)),
        Request::Join { room } => ("join", Some(room), None),
        Request::Leave { room } => ("leave", Some(room), None),
        Request::Typing { room, .. } => ("typing", Some(room), None),
        Request::Heartbeat { room } => ("heartbeat", Some(room), None),
        Request::FindPerson { .. } => ("find person", None, None),
        Request::Person { .. } => ("person", None, None),
        Request::Presence { .. } => ("presence", None, None),
        Request::FindPeople { .. } => ("find people", None, None),
        Request::Block { .. } => ("block", None, None),
        Request::OpenDirect { .. } => ("open direct message", None, None),
        Request::CreateGroup { .. } => ("create group", None, None),
        Request::CreateBroadcast { .. } => ("create broadcast", None, None),
        Request::AddMember { room, .. } => ("add member", Some(room), None),
        Request::RemoveMember { room, .. } => ("remove member", Some(room), None),
        Request::SetRole { room, .. } => ("set role", Some(room), None),
        Request::Members { room, .. } => ("members", Some(room), None),
        Request::Membership { room, .. } => ("membership", Some(room), None),
        Request::Room { room } => ("room", Some(room), None),
        Request::FindRooms { .. } => ("find rooms", None, None),
        Request::Mute { room, .. } => ("mute", Some(room), None),
        Request::Archive { room, .. } => ("archive", Some(room), None),
        Request::Rename { room, .. } => ("rename", Some(room), None),
        Request::SetRoomPicture { room, .. } => ("set room picture", Some(room), None),
        Request::AddablePeople { room, .. } => ("addable people", Some(room), None),
        Request::SetDescription { room, .. } => ("set description", Some(room), None),
        Request::SetNickname { room, .. } => ("set nickname", Some(room), None),
        Request::Shared { room, .. } => ("shared", Some(room), None),
        Request::LeaveGroup { room } => ("leave group", Some(room), None),
        Request::DeleteRoom { room } => ("delete room", Some(room), None),
        Request::StartCall { room, .. } => ("start call", Some(room), None),
        Request::AcceptCall { .. } => ("accept call", None, None),
        Request::DeclineCall { .. } => ("decline call", None, None),
        Request::EndCall { .. } => ("end call", None, None),
        Request::ActiveCall => ("active call", None, None),
        Request::Calls => ("calls", None, None),
        Request::ClearCalls => ("clear calls", None, None),
        Request::CallAccess { room } => ("call access", Some(room), None),
    }
}

impl Topic {
    /// Returns the name of a request.
    pub fn request(self) -> Option<&'static str> {
        match self {
            Self::Send => Some("send"),
            Self::Request(name) => Some(name),
            Self::Message | Self::Seen | Self::Delivered | Self::Event => None,
        }
    }
}
