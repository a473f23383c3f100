//! Stories on a service with all capabilities of V Chat: receipts per room, replies, stars, files, calls.

use minchat_tui::domain::{
    CallId, CallInfo, ConnectionStatus, Content, LocalId, MessageInfo, Quote, Request, RoomInfo, RoomKind, ServerEvent,
};
use minchat_tui::text::SafeText;

use crate::story::*;

/// The local id under which the message `id` was sent.
pub fn local_id_of(id: &str) -> LocalId {
    let bits = id.bytes().fold(7u128, |bits, byte| bits * 257 + u128::from(byte));
    LocalId::from_random(bits)
}

/// A message in room `r1` with its local id.
pub fn sent_message(id: &str, author: &str, text: &str, at: i64) -> MessageInfo {
    MessageInfo { local: Some(local_id_of(id)), ..message(id, author, text, at) }
}

/// The quotation of a message in its reply.
pub fn quote(of: &MessageInfo) -> Quote {
    Quote {
        id: of.id.clone(),
        author: of.author.clone(),
        author_name: SafeText::line(name_of(of.author.as_str())),
        text: of.text.clone(),
    }
}

/// A room of the list with this many unread messages.
pub fn listed_room(id: &str, title: &str, kind: RoomKind, unread: u32, last: MessageInfo) -> RoomInfo {
    let peer = title.split(' ').next().unwrap_or_default().to_lowercase();
    let others: &[&str] = if kind == RoomKind::Direct { &[&peer] } else { &[] };
    let info = room(id, title, others, last.clone());
    let participants = if kind == RoomKind::Direct { info.participants } else { Vec::new() };
    RoomInfo { kind, unread: Some(unread), participants, last_message: Some(in_room(id, last)), ..info }
}

/// The three rooms of every story: Alice, a group, and Bob.
pub fn three_rooms(unread: [u32; 3]) -> Vec<RoomInfo> {
    vec![
        listed_room(
            "r1",
            "Alice Archer",
            RoomKind::Direct,
            unread[0],
            sent_message("m2", "alice", "How are you?", -60_000),
        ),
        listed_room("r2", "Release crew", RoomKind::Group, unread[1], sent_message("g1", "carol", "ship it", -120_000)),
        listed_room("r3", "Bob Brown", RoomKind::Direct, unread[2], sent_message("b1", "bob", "old news", -3_600_000)),
    ]
}

/// The newest page of the chat with Alice.
pub fn two_messages() -> Vec<MessageInfo> {
    let mine = MessageInfo { delivered: true, seen: true, ..sent_message("m1", "me", "Hello Alice", -120_000) };
    vec![mine, sent_message("m2", "alice", "How are you?", -60_000)]
}

/// The program after connecting, in a chat with Alice that has two messages.
pub fn vchat_story(width: u16, height: u16) -> Story {
    vchat_story_with(width, height, 1, &two_messages())
}

/// The program online in the chat with Alice, before any page arrived.
pub fn vchat_story_without_page(width: u16, height: u16) -> Story {
    let mut story = Story::new(width, height);
    story.server(ServerEvent::SignedIn { me: me(), capabilities: VCHAT });
    story.server(ServerEvent::Connection(ConnectionStatus::Online));
    story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: three_rooms([0; 3]) });
    story
}

/// Like [`vchat_story`], with `page` as the newest of `pages` pages of the chat with Alice.
pub fn vchat_story_with(width: u16, height: u16, pages: u32, page: &[MessageInfo]) -> Story {
    let mut story = Story::new(width, height);
    story.server(ServerEvent::SignedIn { me: me(), capabilities: VCHAT });
    story.server(ServerEvent::Connection(ConnectionStatus::Online));
    for _load_and_reload in 0..2 {
        story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: three_rooms([0; 3]) });
        story.history("r1", 1, pages, page.to_vec());
        story.wait(2_000);
    }
    story.effects.clear();
    story
}

/// An incoming call in a room.
pub fn incoming_call(id: &str, room: &str, who: &str, video: bool) -> ServerEvent {
    let caller = person(who, name_of(who));
    ServerEvent::IncomingCall(CallInfo { id: CallId::new(id), room: room_id(room), caller, video })
}

/// Takes the requests since the last call, without those about presence, typing and members.
pub fn take_requests(story: &mut Story) -> Vec<Request> {
    let is_background = |request: &Request| {
        matches!(
            request,
            Request::Heartbeat { .. }
                | Request::Presence { .. }
                | Request::Join { .. }
                | Request::Leave { .. }
                | Request::Typing { .. }
                | Request::Membership { .. }
                | Request::Person { .. }
                | Request::Members { .. }
        )
    };
    story.requests().into_iter().filter(|request| !is_background(request)).collect()
}

/// Returns the only send among the requests.
#[track_caller]
pub fn take_send(story: &mut Story) -> (LocalId, Content, Request) {
    let sends = take_requests(story).into_iter().filter_map(|request| match &request {
        Request::Send { local, content, .. } => Some((*local, content.clone(), request)),
        _ => None,
    });
    let mut sends: Vec<_> = sends.collect();
    assert_eq!(sends.len(), 1, "{sends:?}");
    sends.remove(0)
}
