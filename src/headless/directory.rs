//! The rooms and people that a connection has told of.

use std::collections::HashMap;

use crate::domain::{
    self, Delivery, Member, MemberRole, MessageInfo, MessageKind, NamedRoom, PersonId, PersonInfo, RoomId, RoomInfo,
    RoomKind, RoomLookup, ServerEvent,
};
use crate::export::{ExportedFile, ExportedMessage, ExportedPerson, ExportedQuote};
use crate::text::SafeText;

use super::record::{MessageRecord, PersonRecord, RoomRecord};

/// The rooms and people of an account.
#[derive(Debug, Default)]
pub struct Directory {
    me: Option<PersonInfo>,
    people: HashMap<PersonId, PersonInfo>,
    rooms: Vec<RoomInfo>,
}

impl Directory {
    /// Takes what an event says about people and rooms.
    pub fn learn(&mut self, event: &ServerEvent) {
        match event {
            ServerEvent::SignedIn { me, .. } => {
                self.learn_person(me);
                self.me = Some(me.clone());
            }
            ServerEvent::Rooms { rooms, .. } => rooms.iter().for_each(|room| self.learn_room(room)),
            ServerEvent::RoomChanged(room) | ServerEvent::RoomOpened(room) => self.learn_room(room),
            ServerEvent::RoomRenamed { room, title } => {
                if let Some(known) = self.rooms.iter_mut().find(|known| known.id == *room) {
                    known.title = Some(title.clone());
                }
            }
            ServerEvent::RoomDeleted(room) => self.rooms.retain(|known| known.id != *room),
            ServerEvent::History { messages, .. } => messages.iter().for_each(|message| self.learn_author(message)),
            ServerEvent::Message(message) | ServerEvent::Edited(message) => self.learn_author(message),
            ServerEvent::Person { person: Some(person), .. } | ServerEvent::Typing { person, .. } => {
                self.learn_person(person);
            }
            ServerEvent::People { people, .. } => people.iter().for_each(|person| self.learn_person(person)),
            ServerEvent::Members { members, .. } => {
                members.iter().for_each(|member| self.learn_person(&member.person));
            }
            _ => {}
        }
    }

    fn learn_author(&mut self, message: &MessageInfo) {
        if let Some(author) = &message.author_info {
            self.learn_person(author);
        }
    }

    fn learn_person(&mut self, person: &PersonInfo) {
        if self.people.get(&person.id) != Some(person) {
            self.people.insert(person.id.clone(), person.clone());
        }
    }

    fn learn_room(&mut self, room: &RoomInfo) {
        if let Some(peer) = &room.peer {
            self.learn_person(peer);
        }
        if let Some(message) = &room.last_message {
            self.learn_author(message);
        }
        match self.rooms.iter_mut().find(|known| known.id == room.id) {
            Some(known) => known.clone_from(room),
            None => self.rooms.push(room.clone()),
        }
    }

    /// Returns the rooms, in the order of the service.
    pub fn rooms(&self) -> &[RoomInfo] {
        &self.rooms
    }

    /// Returns a room.
    pub fn room(&self, id: &RoomId) -> Option<&RoomInfo> {
        self.rooms.iter().find(|room| room.id == *id)
    }

    /// Returns the signed-in user.
    pub fn me(&self) -> Option<&PersonInfo> {
        self.me.as_ref()
    }

    /// Returns the people of all rooms of whom only the id is known.
    pub fn unknown_people(&self, room: Option<&RoomId>) -> Vec<PersonId> {
        let rooms = self.rooms.iter().filter(|known| room.is_none_or(|room| known.id == *room));
        let mut ids: Vec<PersonId> = rooms.flat_map(|room| room.participants.iter().cloned()).collect();
        ids.sort();
        ids.dedup();
        ids.retain(|id| !self.people.contains_key(id));
        ids
    }

    /// Returns the people of a room, or of all rooms, in the order of their names.
    pub fn people(&self, room: Option<&RoomId>) -> Vec<PersonRecord> {
        let rooms = self.rooms.iter().filter(|known| room.is_none_or(|room| known.id == *room));
        let peers = |room: &RoomInfo| room.peer.as_ref().map(|peer| peer.id.clone());
        let mut ids: Vec<PersonId> =
            rooms.flat_map(|room| room.participants.iter().cloned().chain(peers(room))).collect();
        ids.extend(self.me.as_ref().map(|me| me.id.clone()));
        ids.sort();
        ids.dedup();
        let mut people: Vec<PersonRecord> = ids.iter().map(|id| self.person(id)).collect();
        people.sort_by(|a, b| (&a.name, &a.id).cmp(&(&b.name, &b.id)));
        people
    }

    /// Finds the room that a name stands for.
    pub fn find_room(&self, name: &str) -> RoomLookup<'_> {
        domain::find_room(self.rooms.iter().map(|room| NamedRoom::new(room, self.peer_of(room))), name)
    }

    /// Returns the direct message with a person.
    pub fn direct_room(&self, person: &PersonId) -> Option<&RoomId> {
        let is_direct = |room: &&RoomInfo| self.peer_id(room) == Some(person);
        self.rooms.iter().find(is_direct).map(|room| &room.id)
    }

    /// Returns the other person of a direct message.
    pub fn peer_id<'a>(&self, room: &'a RoomInfo) -> Option<&'a PersonId> {
        let me = self.me.as_ref().map(|me| &me.id);
        match room.participants.as_slice() {
            _ if !room.kind.may_be_direct() => None,
            [one, other] | [other, one] if Some(one) == me && self.may_be_direct(room, other) => Some(other),
            _ => room.peer.as_ref().map(|peer| &peer.id),
        }
    }

    /// Whether a room of the user and `peer` may be their direct message, by its title.
    fn may_be_direct(&self, room: &RoomInfo, peer: &PersonId) -> bool {
        self.people.get(peer).is_none_or(|peer| room.may_be_direct_with(peer))
    }

    fn peer_of(&self, room: &RoomInfo) -> Option<&PersonInfo> {
        self.people.get(self.peer_id(room)?)
    }

    /// Returns the title of a room, if known.
    pub fn title(&self, room: &RoomId) -> Option<String> {
        let room = self.room(room)?;
        room.nickname.as_ref().or(room.title.as_ref()).map(SafeText::editable)
    }

    /// Describes a person.
    pub fn person(&self, id: &PersonId) -> PersonRecord {
        let unknown = || PersonInfo::new(id.clone());
        let person = self.people.get(id).cloned().unwrap_or_else(unknown);
        self.describe(person)
    }

    /// Describes a member of a room.
    pub fn member(&self, member: &Member) -> PersonRecord {
        let role = member.role.map(MemberRole::label);
        PersonRecord { role, ..self.describe(member.person.clone()) }
    }

    fn describe(&self, person: PersonInfo) -> PersonRecord {
        let me = self.me.as_ref().is_some_and(|me| me.id == person.id);
        let person = person.with_visible_name();
        PersonRecord {
            id: person.id.as_str().to_owned(),
            username: person.username.editable(),
            name: person.name.editable(),
            agent: person.agent,
            role: None,
            me,
        }
    }

    /// Describes a room.
    pub fn describe_room(&self, room: &RoomInfo) -> RoomRecord {
        // Where the service does not count, only the last message tells.
        let last = room.last_message.as_ref().filter(|_| room.unread.is_none());
        let is_mine = |author: &PersonId| self.me.as_ref().is_some_and(|me| me.id == *author);
        let is_last_unread = last.is_some_and(|last| !last.seen && !last.deleted && !is_mine(&last.author));
        RoomRecord {
            id: room.id.as_str().to_owned(),
            kind: match room.kind {
                RoomKind::Unknown if self.peer_id(room).is_some() => "direct",
                RoomKind::Unknown if room.participants.len() > 1 => "group",
                RoomKind::Unknown => "unknown",
                RoomKind::Direct => "direct",
                RoomKind::Group => "group",
                RoomKind::Broadcast => "broadcast",
                RoomKind::Order => "order",
            },
            title: room.title.as_ref().map(SafeText::editable),
            nickname: room.nickname.as_ref().map(SafeText::editable),
            peer: self.peer_id(room).map(|peer| self.person(peer)),
            participants: Some(room.participants.len()).filter(|count| *count > 0),
            unread: room.unread.or(is_last_unread.then_some(1)),
            or_more: is_last_unread,
            muted: room.muted,
            archived: room.archived,
            last_message: room.last_message.as_ref().map(|message| Box::new(self.describe_message(message))),
        }
    }

    /// Describes a message.
    pub fn describe_message(&self, message: &MessageInfo) -> MessageRecord {
        let author = self.person(&message.author);
        let mine = author.me;
        let author = (!message.kind.is_system()).then_some(ExportedPerson {
            id: author.id,
            username: author.username,
            name: author.name,
        });
        let is_deleted = message.deleted;
        let quote = message.quote.as_ref().filter(|_| !is_deleted);
        let file = message.attachment.as_ref().filter(|_| !is_deleted);
        MessageRecord {
            room: message.room.as_str().to_owned(),
            room_title: self.title(&message.room),
            message: ExportedMessage {
                id: message.id.as_str().to_owned(),
                sent_at: message.sent_at,
                author,
                text: if is_deleted { String::new() } else { message.text.editable() },
                earlier_texts: Vec::new(),
                edited: false,
                deleted: is_deleted,
                forwarded: message.forwarded,
                starred: message.starred == Some(true),
                reply_to: quote.map(|quote| ExportedQuote {
                    id: quote.id.as_str().to_owned(),
                    author: quote.author_name.editable(),
                    text: quote.text.editable(),
                }),
                file: file.map(|file| ExportedFile {
                    kind: file.kind.label().to_owned(),
                    name: file.name.editable(),
                    size: file.size.editable(),
                    bytes: file.bytes,
                    url: file.url.editable(),
                }),
                gap_after: false,
            },
            kind: kind_name(message.kind).to_owned(),
            local_id: message.local.map(|local| local.to_string()),
            mine,
            delivery: match message.delivery() {
                Delivery::Seen => "seen",
                Delivery::Delivered => "delivered",
                _ => "sent",
            }
            .to_owned(),
        }
    }
}

fn kind_name(kind: MessageKind) -> &'static str {
    match kind {
        MessageKind::Text => "text",
        MessageKind::Location => "location",
        MessageKind::Custom => "custom",
        MessageKind::Call => "call",
        MessageKind::Info => "info",
        MessageKind::Unreadable => "unreadable",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(id: &str, username: &str) -> PersonInfo {
        PersonInfo { username: SafeText::line(username), ..PersonInfo::new(PersonId::new(id)) }
    }

    fn directory(rooms: &[(&str, &str)]) -> Directory {
        let mut directory = Directory { me: Some(person("me", "alice")), ..Directory::default() };
        let rooms = rooms
            .iter()
            .map(|(id, title)| RoomInfo { title: Some(SafeText::line(title)), ..RoomInfo::new(RoomId::new(id)) });
        directory.learn(&ServerEvent::Rooms { page: 1, pages: 1, rooms: rooms.collect() });
        directory
    }

    /// Regression test: a group with one other person was listed as a direct message, and was sent what was meant for
    /// that person.
    #[test]
    fn group_of_two_is_no_direct_message() {
        let mut directory = directory(&[("g", "Ops"), ("d", "Bob Brown")]);
        let bob = PersonInfo { name: SafeText::line("Bob Brown"), ..person("b", "bob") };
        directory.learn_person(&bob);
        for room in &mut directory.rooms {
            room.participants = vec![PersonId::new("me"), PersonId::new("b")];
        }
        let kinds: Vec<_> = directory.rooms.iter().map(|room| directory.describe_room(room).kind).collect();
        assert_eq!(kinds, ["group", "direct"]);
        assert_eq!(directory.direct_room(&PersonId::new("b")), Some(&RoomId::new("d")));
        assert!(matches!(directory.find_room("bob"), RoomLookup::Found(room) if room.as_str() == "d"));
    }

    #[test]
    fn deleted_message_has_no_text() {
        let directory = directory(&[]);
        let (id, room, author) = (crate::domain::MessageId::new("m"), RoomId::new("r"), PersonId::new("me"));
        let message = MessageInfo::new(id, room, author, crate::domain::Timestamp(0));
        let message = MessageInfo { text: SafeText::block("secret"), deleted: true, ..message };
        let record = directory.describe_message(&message);
        assert!(record.mine && record.message.text.is_empty() && record.message.deleted);
    }
}
