//! Stories on a service that can all that V Chat can: receipts by room, replies, stars, files, calls.

use minchat_tui::domain::{
    CallId, CallInfo, Capabilities, ConnectionStatus, Content, LocalId, MessageInfo, Quote, Request, RoomInfo,
    RoomKind, ServerEvent,
};
use minchat_tui::protocol::vchat::VChat;
use minchat_tui::text::SafeText;

use crate::story::*;

/// What V Chat can do.
pub const VCHAT: Capabilities = VChat::CAPABILITIES;

/// The identity of the send that became the message `id`.
pub fn local(id: &str) -> LocalId {
    let bits = id.bytes().fold(7u128, |bits, byte| bits * 257 + u128::from(byte));
    LocalId::from_random(bits)
}

/// A message in room `r1`, with the identity of its send.
pub fn said(id: &str, author: &str, text: &str, at: i64) -> MessageInfo {
    MessageInfo { local: Some(local(id)), ..message(id, author, text, at) }
}

/// What replies to a message quotes of it.
pub fn quote(of: &MessageInfo) -> Quote {
    Quote {
        id: of.id.clone(),
        author: of.author.clone(),
        author_name: SafeText::line(name_of(of.author.as_str())),
        text: of.text.clone(),
    }
}

/// A room of the list, of which so many messages are unread.
pub fn listed(id: &str, title: &str, kind: RoomKind, unread: u32, last: MessageInfo) -> RoomInfo {
    let peer = title.split(' ').next().unwrap_or_default().to_lowercase();
    let others: &[&str] = if kind == RoomKind::Single { &[&peer] } else { &[] };
    let info = room(id, title, others, last.clone());
    let participants = if kind == RoomKind::Single { info.participants } else { Vec::new() };
    RoomInfo { kind, unread: Some(unread), participants, last_message: Some(in_room(id, last)), ..info }
}

/// The three rooms that every story has: Alice, a group, and Bob.
pub fn three_rooms(unread: [u32; 3]) -> Vec<RoomInfo> {
    vec![
        listed("r1", "Alice Archer", RoomKind::Single, unread[0], said("m2", "alice", "How are you?", -60_000)),
        listed("r2", "Release crew", RoomKind::Group, unread[1], said("g1", "carol", "ship it", -120_000)),
        listed("r3", "Bob Brown", RoomKind::Single, unread[2], said("b1", "bob", "old news", -3_600_000)),
    ]
}

/// The newest page of the chat with Alice.
pub fn two_messages() -> Vec<MessageInfo> {
    let mine = MessageInfo { delivered: true, seen: true, ..said("m1", "me", "Hello Alice", -120_000) };
    vec![mine, said("m2", "alice", "How are you?", -60_000)]
}

/// Signed in and online, in a chat with Alice in which two messages stand, after all that follows from connecting.
pub fn vchat(width: u16, height: u16) -> Story {
    vchat_with(width, height, 1, &two_messages())
}

/// Online and in the chat with Alice, of which no page has come.
pub fn online_alone(width: u16, height: u16) -> Story {
    let mut story = Story::new(width, height);
    story.server(ServerEvent::SignedIn { me: me(), capabilities: VCHAT });
    story.server(ServerEvent::Connection(ConnectionStatus::Online));
    story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: three_rooms([0; 3]) });
    story
}

/// The same, with another newest page of the chat with Alice, of so many.
pub fn vchat_with(width: u16, height: u16, pages: u32, page: &[MessageInfo]) -> Story {
    let mut story = Story::new(width, height);
    story.server(ServerEvent::SignedIn { me: me(), capabilities: VCHAT });
    story.server(ServerEvent::Connection(ConnectionStatus::Online));
    for _first_and_second_look in 0..2 {
        story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: three_rooms([0; 3]) });
        story.history("r1", 1, pages, page.to_vec());
        story.wait(2_000);
    }
    story.effects.clear();
    story
}

/// Somebody rings in a room.
pub fn ring(id: &str, room: &str, who: &str, video: bool) -> ServerEvent {
    let caller = person(who, name_of(who));
    ServerEvent::CallRings(CallInfo { id: CallId::new(id), room: room_id(room), caller, video })
}

/// What was asked for since this was last called, without what tells who is there and who is typing.
pub fn asked(story: &mut Story) -> Vec<Request> {
    let noise = |request: &Request| {
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
    story.requests().into_iter().filter(|request| !noise(request)).collect()
}

/// The send among what was asked for.
#[track_caller]
pub fn the_send(story: &mut Story) -> (LocalId, Content, Request) {
    let sends = asked(story).into_iter().filter_map(|request| match &request {
        Request::Send { local, content, .. } => Some((*local, content.clone(), request)),
        _ => None,
    });
    let mut sends: Vec<_> = sends.collect();
    assert_eq!(sends.len(), 1, "{sends:?}");
    sends.remove(0)
}
