//! Events of a service as records.

use crate::domain::{Activity, ConnectionStatus, Pause, RoomId, ServerEvent};

use super::directory::Directory;
use super::record::Record;

/// Returns the record of an event that is no new message. `only` is the only room of interest, and `all` says whether
/// typing, presence and receipts are of interest too.
pub fn describe_event(directory: &Directory, only: Option<&RoomId>, event: &ServerEvent, all: bool) -> Option<Record> {
    let id = |room: &RoomId| room.as_str().to_owned();
    // Where events do not name their room, they belong to the only one that was joined.
    let room_of = |room: Option<&RoomId>| room.or(only).map(id);
    let ours = |room: &RoomId| only.is_none_or(|only| only == room).then_some(());
    match event {
        ServerEvent::Edited(message) => {
            ours(&message.room)?;
            Some(Record::MessageEdited(Box::new(directory.describe_message(message))))
        }
        ServerEvent::Deleted(message) => {
            Some(Record::MessageDeleted { id: message.as_str().to_owned(), room: room_of(None) })
        }
        ServerEvent::Revoked { room, message, .. } => {
            ours(room)?;
            Some(Record::MessageDeleted { id: message.as_str().to_owned(), room: Some(id(room)) })
        }
        ServerEvent::RoomRenamed { room, title } => {
            ours(room)?;
            Some(Record::RoomRenamed { id: id(room), title: title.editable() })
        }
        ServerEvent::RoomDeleted(room) => {
            ours(room)?;
            Some(Record::RoomDeleted { id: id(room) })
        }
        ServerEvent::MemberAdded { room, person } => {
            ours(room)?;
            Some(Record::Member { room: id(room), person: directory.person(person), change: "added" })
        }
        ServerEvent::MemberRemoved { room, person } => {
            ours(room)?;
            Some(Record::Member { room: id(room), person: directory.person(person), change: "removed" })
        }
        ServerEvent::Kicked { room, person } => {
            ours(room)?;
            Some(Record::Member { room: id(room), person: directory.person(person), change: "kicked" })
        }
        ServerEvent::IncomingCall(call) => {
            ours(&call.room)?;
            Some(Record::Call { room: id(&call.room), state: "ringing" })
        }
        ServerEvent::CallAccepted { room, .. } => {
            ours(room)?;
            Some(Record::Call { room: id(room), state: "accepted" })
        }
        ServerEvent::CallEnded { room, .. } => {
            ours(room)?;
            Some(Record::Call { room: id(room), state: "ended" })
        }
        ServerEvent::Notice(text) | ServerEvent::Paused(Some(Pause { sentence: text, has_changes: true, .. })) => {
            Some(Record::Notice { text: text.editable() })
        }
        ServerEvent::Connection(ConnectionStatus::Offline { reason, .. } | ConnectionStatus::Refused { reason }) => {
            Some(Record::Connection { status: "offline", reason: Some(reason.to_string()) })
        }
        _ if !all => None,
        ServerEvent::Typing { person, room, activity } => {
            let activity = match activity {
                Some(Activity::Typing) => "typing",
                Some(Activity::Recording) => "recording",
                None => "stopped",
            };
            room.as_ref().map_or(Some(()), ours)?;
            Some(Record::Typing { person: directory.person(&person.id), room: room_of(room.as_ref()), activity })
        }
        ServerEvent::Presence { person, online } => {
            Some(Record::Presence { person: directory.person(person), online: *online })
        }
        ServerEvent::Seen(message) => {
            let message = Some(message.as_str().to_owned());
            Some(Record::Receipt { status: "seen", message, room: room_of(None), author: None })
        }
        ServerEvent::RoomSeen { room, author } => {
            ours(room)?;
            let author = Some(author.as_str().to_owned());
            Some(Record::Receipt { status: "seen", message: None, room: Some(id(room)), author })
        }
        ServerEvent::RoomDelivered { room, author } => {
            ours(room)?;
            let author = Some(author.as_str().to_owned());
            Some(Record::Receipt { status: "delivered", message: None, room: Some(id(room)), author })
        }
        _ => None,
    }
}
