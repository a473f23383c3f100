//! Every kind of request, for things with the id `id`: an answer may belong to any of them.

use minchat_tui::domain::{
    CallId, Content, LocalId, MemberRole, MessageId, MessageKind, PageSerial, PersonId, Request, RoomId, RoomKind,
    SharedKind,
};

/// All requests.
pub fn all(id: &str) -> Vec<Request> {
    let (room, message, person) = (RoomId::new(id), MessageId::new(id), PersonId::new(id));
    let (call, username, local) = (CallId::new(id), id.to_owned(), LocalId::from_random(1));
    let forward = Content::Forward { of: local, text: "x".into(), kind: MessageKind::Text, attachment: None };
    let mut requests = vec![
        Request::SignIn { username: username.clone(), name: Some(username.clone()) },
        Request::Announce,
        Request::SetName { name: username.clone() },
        Request::Rooms { page: 1 },
        Request::History { room: room.clone(), serial: PageSerial::default(), page: 1, before: None },
        Request::History {
            room: room.clone(),
            serial: PageSerial::default(),
            page: u32::MAX,
            before: Some(message.clone()),
        },
        Request::Send { room: room.clone(), local, content: Content::text(id) },
        Request::Send { room: room.clone(), local, content: forward },
        Request::Edit { message: message.clone(), text: id.into() },
        Request::Delete { room: room.clone(), message: message.clone() },
        Request::DeleteForMe { room: room.clone(), message: message.clone() },
        Request::Star { room: room.clone(), message: message.clone(), on: true },
        Request::Stars { room: Some(room.clone()) },
        Request::Stars { room: None },
        Request::Delivered { room: room.clone() },
        Request::Seen { room: room.clone(), message: message.clone() },
        Request::Join { room: room.clone() },
        Request::Leave { room: room.clone() },
        Request::Typing { room: room.clone(), on: true },
        Request::Heartbeat { room: room.clone() },
        Request::FindPerson { username: username.clone() },
        Request::Person { id: person.clone(), username: username.clone() },
        Request::Presence { people: vec![(person.clone(), room.clone())] },
        Request::FindPeople { name: username.clone(), page: 1 },
        Request::Block { username: username.clone(), on: true },
        Request::OpenDirect { username: username.clone() },
        Request::CreateGroup { title: id.into(), usernames: vec![username.clone()] },
        Request::CreateBroadcast { title: id.into(), usernames: vec![username.clone()] },
        Request::SetRole { room: room.clone(), username: username.clone(), role: MemberRole::Owner },
        Request::Room { room: room.clone() },
        Request::Shared { room: room.clone(), kind: SharedKind::Media, before: Some(message.clone()), page: 1 },
        Request::AddablePeople { room: room.clone(), kind: RoomKind::Group, page: 1 },
        Request::SetDescription { room: room.clone(), text: id.into() },
        Request::SetNickname { room: room.clone(), name: id.into() },
        Request::CallAccess { room: room.clone() },
        Request::ClearCalls,
        Request::LogOut,
        Request::FindRooms { title: username.clone(), archived: true, page: 1 },
        Request::Mute { room: room.clone(), on: true },
        Request::Archive { room: room.clone(), on: true },
        Request::LeaveGroup { room: room.clone() },
        Request::DeleteRoom { room: room.clone() },
        Request::StartCall { room: room.clone(), video: true },
        Request::AcceptCall { call: call.clone() },
        Request::DeclineCall { call: call.clone() },
        Request::EndCall { call },
        Request::ActiveCall,
        Request::Calls,
    ];
    for kind in [RoomKind::Unknown, RoomKind::Direct, RoomKind::Group, RoomKind::Broadcast, RoomKind::Order] {
        let (room, username, message) = (room.clone(), username.clone(), message.clone());
        let person = Some(person.clone());
        requests.extend([
            Request::SeenBy { room: room.clone(), kind, message, seen: true, page: 1 },
            Request::AddMember { room: room.clone(), kind, person: person.clone(), username: username.clone() },
            Request::RemoveMember { room: room.clone(), kind, person, username: username.clone() },
            Request::Members { room: room.clone(), kind, page: 1 },
            Request::Membership { room: room.clone(), kind, username },
            Request::Rename { room, kind, title: id.into() },
        ]);
    }
    requests
}
