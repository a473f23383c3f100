//! The people, rooms and messages of the stories.

#[allow(unused_imports, reason = "not every test lets something fail")]
pub use minchat_tui::domain::Failure;
use minchat_tui::domain::{Capabilities, MessageId, MessageInfo, PersonId, PersonInfo, RoomId, RoomInfo, RoomKind};
use minchat_tui::protocol::minchat::MinChat;
use minchat_tui::protocol::vchat::VChat;
use minchat_tui::text::SafeText;

use super::BEGIN;

/// Capabilities of MinChat.
pub const MINCHAT: Capabilities = MinChat::CAPABILITIES;

/// Capabilities of V Chat.
pub const VCHAT: Capabilities = VChat::CAPABILITIES;

/// The user.
pub fn me() -> PersonInfo {
    person("me", "Me Myself")
}

/// A person, whose id is their user name.
pub fn person(username: &str, name: &str) -> PersonInfo {
    PersonInfo {
        username: SafeText::line(username),
        name: SafeText::line(name),
        ..PersonInfo::new(PersonId::new(username))
    }
}

/// The full name of a person of the stories.
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

/// A message in room `r1`, sent this many milliseconds after [`BEGIN`].
pub fn message(id: &str, author: &str, text: &str, at: i64) -> MessageInfo {
    MessageInfo {
        author_info: Some(Box::new(person(author, name_of(author)))),
        text: SafeText::block(text),
        ..MessageInfo::new(MessageId::new(id), room_id("r1"), PersonId::new(author), BEGIN + at)
    }
}

/// The message, seen by its recipient.
pub fn seen(message: MessageInfo) -> MessageInfo {
    MessageInfo { seen: true, ..message }
}

/// The message in another room.
pub fn in_room(room: &str, message: MessageInfo) -> MessageInfo {
    MessageInfo { room: room_id(room), ..message }
}

/// A room of the user and `others`, whose last message has been seen.
pub fn room(id: &str, title: &str, others: &[&str], last: MessageInfo) -> RoomInfo {
    let participants = others.iter().chain(&["me"]).map(|username| PersonId::new(username)).collect();
    RoomInfo {
        title: Some(SafeText::line(title)),
        participants,
        last_message: Some(in_room(id, seen(last))),
        ..RoomInfo::new(room_id(id))
    }
}

/// A room as the service with these capabilities describes it: V Chat's rooms have a kind, an unread count and, in
/// a direct message, the other person instead of all participants.
pub fn room_on(can: Capabilities, id: &str, title: &str, others: &[&str], last: MessageInfo) -> RoomInfo {
    let room = room(id, title, others, last);
    if can.events_omit_room {
        return room;
    }
    let (kind, peer) = match others {
        [one] => (RoomKind::Direct, Some(Box::new(person(one, name_of(one))))),
        _ => (RoomKind::Group, None),
    };
    RoomInfo { kind, peer, participants: Vec::new(), unread: Some(0), ..room }
}
