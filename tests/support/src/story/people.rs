//! Who and what the stories are about.

#[allow(unused_imports, reason = "not every test lets something fail")]
pub use minchat_tui::domain::Failure;
use minchat_tui::domain::{Capabilities, MessageId, MessageInfo, PersonId, PersonInfo, RoomId, RoomInfo, RoomKind};
use minchat_tui::protocol::minchat::MinChat;
use minchat_tui::protocol::vchat::VChat;
use minchat_tui::text::SafeText;

use super::BEGIN;

/// What MinChat can do.
pub const CAN: Capabilities = MinChat::CAPABILITIES;

/// What V Chat can do.
pub const VCHAT_CAN: Capabilities = VChat::CAPABILITIES;

pub fn me() -> PersonInfo {
    person("me", "Me Myself")
}

pub fn person(username: &str, name: &str) -> PersonInfo {
    PersonInfo {
        username: SafeText::line(username),
        name: SafeText::line(name),
        ..PersonInfo::new(PersonId::new(username))
    }
}

/// The full name of somebody of the cast.
pub fn name_of(username: &str) -> &'static str {
    match username {
        "me" => "Me Myself",
        "alice" => "Alice Archer",
        "bob" => "Bob Brown",
        "carol" => "Carol Chen",
        _ => "Somebody Else",
    }
}

pub fn person_id(username: &str) -> PersonId {
    PersonId::new(username)
}

pub fn room_id(id: &str) -> RoomId {
    RoomId::new(id)
}

pub fn message_id(id: &str) -> MessageId {
    MessageId::new(id)
}

/// A message in room `r1`, so many milliseconds after the story's beginning.
pub fn message(id: &str, author: &str, text: &str, at: i64) -> MessageInfo {
    MessageInfo {
        author_info: Some(Box::new(person(author, name_of(author)))),
        text: SafeText::block(text),
        ..MessageInfo::new(MessageId::new(id), room_id("r1"), PersonId::new(author), BEGIN + at)
    }
}

pub fn seen(message: MessageInfo) -> MessageInfo {
    MessageInfo { seen: true, ..message }
}

pub fn in_room(room: &str, message: MessageInfo) -> MessageInfo {
    MessageInfo { room: room_id(room), ..message }
}

/// A room with us and `others`; its last message has been seen.
pub fn room(id: &str, title: &str, others: &[&str], last: MessageInfo) -> RoomInfo {
    let participants = others.iter().chain(&["me"]).map(|username| PersonId::new(username)).collect();
    RoomInfo {
        title: SafeText::line(title),
        participants,
        last_message: Some(in_room(id, seen(last))),
        ..RoomInfo::new(room_id(id))
    }
}

/// That room, as the service with these capabilities tells of it: the other side of a chat of two, or nobody.
pub fn room_on(can: Capabilities, id: &str, title: &str, others: &[&str], last: MessageInfo) -> RoomInfo {
    let room = room(id, title, others, last);
    if can.unnamed_rooms {
        return room;
    }
    let (kind, peer) = match others {
        [one] => (RoomKind::Single, Some(Box::new(person(one, name_of(one))))),
        _ => (RoomKind::Group, None),
    };
    RoomInfo { kind, peer, participants: Vec::new(), unread: Some(0), ..room }
}
