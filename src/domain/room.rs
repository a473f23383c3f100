//! Rooms: as servers report them ([`RoomInfo`]), and as the program holds them ([`Room`]).
//!
//! A [`Room`] owns its messages, the synchronisation state of its history, and what is unread (`unread`).

mod unread;

use serde::{Deserialize, Serialize};

use crate::text::{SafeText, has_ink};

use super::history::HistorySync;
use super::ids::{MessageId, PersonId, RoomId};
use super::member::{Membership, RoomAccess, RoomKind};
use super::message::{Message, MessageInfo};
use super::person::PersonInfo;
use super::read_state::ReadState;
use super::room_settings::RoomSettings;
use super::time::Timestamp;
use super::timeline::{Slot, Timeline};
use super::typing::Typing;
use super::unread_marker::UnreadMarker;

/// Room as a server reports it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomInfo {
    /// Server-assigned id.
    pub id: RoomId,
    /// Kind of room.
    pub kind: RoomKind,
    /// Title as the user sees it; for a direct message, the name of the other person. `None` for a room that is on no
    /// list and only known from unsent messages.
    pub title: Option<SafeText>,
    /// The user's own name for the room, which nobody else sees. It is shown instead of the title.
    pub nickname: Option<SafeText>,
    /// Address of the room's picture.
    pub avatar: Option<SafeText>,
    /// All participants including the user; empty if the server does not list them.
    pub participants: Vec<PersonId>,
    /// The other person in a direct message, if the room list names them.
    pub peer: Option<Box<PersonInfo>>,
    /// Number of unread messages, on services that count them.
    pub unread: Option<u32>,
    /// Whether notifications are muted.
    pub muted: bool,
    /// Whether the room is archived.
    pub archived: bool,
    /// Newest message.
    pub last_message: Option<MessageInfo>,
    /// When the room was created.
    pub created_at: Option<Timestamp>,
    /// Data that the service's app stores with the room: JSON with sanitised texts.
    pub metadata: Option<Box<str>>,
    /// The user's settings for the room. No server reports them.
    pub settings: RoomSettings,
}

impl RoomInfo {
    /// Whether a room in which `peer` is the only other person is the direct message with them.
    ///
    /// Some services do not tell groups of two from direct messages, but give a direct message the name of the other
    /// person (`docs/protocol/minchat.md` §3). A group with exactly that title cannot be told apart.
    pub fn may_be_direct_with(&self, peer: &PersonInfo) -> bool {
        let is_named_after = |title: &SafeText| *title == peer.name || !has_ink(title);
        self.kind != RoomKind::Unknown || self.title.as_ref().is_none_or(is_named_after)
    }

    /// Creates a room of which only the id is known; callers fill in the other fields with struct update syntax.
    pub fn new(id: RoomId) -> Self {
        Self {
            id,
            kind: RoomKind::default(),
            title: None,
            nickname: None,
            avatar: None,
            participants: Vec::new(),
            peer: None,
            unread: None,
            muted: false,
            archived: false,
            last_message: None,
            created_at: None,
            metadata: None,
            settings: RoomSettings::default(),
        }
    }

    /// Returns the approximate memory of the room without its messages, in bytes. The texts of its last message are not
    /// included.
    pub fn bytes(&self) -> usize {
        let texts = [&self.title, &self.nickname, &self.avatar].into_iter().flatten().map(|text| text.len());
        let participants = self.participants.iter().map(|id| size_of::<PersonId>() + id.as_str().len());
        let metadata = self.metadata.as_ref().map_or(0, |metadata| metadata.len());
        size_of::<Self>() + metadata + texts.chain(participants).sum::<usize>()
    }
}

/// Room with everything that the program knows about it.
#[derive(Debug, Clone)]
pub struct Room {
    /// The latest report of the server.
    pub info: RoomInfo,
    /// Loaded messages.
    pub timeline: Timeline,
    /// Synchronisation state of the history.
    pub history: HistorySync,
    /// Why the last page that failed could not be loaded.
    pub load_error: Option<SafeText>,
    /// Number of failures to load the newest page since a page was loaded last.
    pub load_failures: u8,
    /// The user's membership in the room; the default until the server has answered.
    pub membership: Membership,
    /// What the user has read.
    pub read_state: ReadState,
    /// The "New messages" line.
    pub unread_marker: UnreadMarker,
    /// People who are composing a message.
    pub typing: Vec<Typing>,
    /// Lines that are not messages, such as the actions of AI agents. Each is shown below the message that was the
    /// newest at that time.
    pub notes: Vec<Note>,
    /// Whether the room may differ from its stored copy.
    pub dirty: bool,
    /// Notes that arrived before any message was loaded.
    pub pending_notes: Vec<(Timestamp, SafeText)>,
}

/// A line in a room that is not a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Message below which the line is shown.
    pub below: Slot,
    /// Time of the event, by the server's clock.
    pub at: Timestamp,
    /// The line.
    pub text: SafeText,
}

impl Room {
    /// Creates a room of which only `info` is known.
    pub fn new(info: RoomInfo) -> Self {
        Self {
            read_state: ReadState::new(info.unread),
            info,
            timeline: Timeline::default(),
            history: HistorySync::default(),
            load_error: None,
            load_failures: 0,
            membership: Membership::default(),
            unread_marker: UnreadMarker::default(),
            typing: Vec::new(),
            notes: Vec::new(),
            dirty: true,
            pending_notes: Vec::new(),
        }
    }

    /// Returns why messages could not be loaded, until a page is requested again.
    pub fn load_error(&self) -> Option<&SafeText> {
        self.load_error.as_ref().filter(|_| self.history.has_load_failed() && self.can_fetch())
    }

    /// Returns the other person in a direct message.
    pub fn peer(&self, me: &PersonId) -> Option<&PersonId> {
        match self.info.participants.as_slice() {
            [one, other] | [other, one] if one == me && self.info.kind.may_be_direct() => Some(other),
            [] => self.info.peer.as_ref().map(|peer| &peer.id),
            _ => None,
        }
    }

    /// Returns the members that are known: the participants, or else the two people of a direct message.
    pub fn member_ids(&self, me: Option<&PersonId>) -> Vec<PersonId> {
        if !self.info.participants.is_empty() {
            return self.info.participants.clone();
        }
        let peer = self.info.peer.as_deref().map(|peer| peer.id.clone());
        peer.into_iter().chain(me.cloned()).collect()
    }

    /// Returns the author of a message as first reported; `None` if the message is not loaded.
    pub fn author_of(&self, message: &MessageId) -> Option<&PersonId> {
        match self.timeline.find(message) {
            Some(slot) => Some(&self.timeline.get(slot).author),
            None => self.info.last_message.as_ref().filter(|last| last.id == *message).map(|last| &last.author),
        }
    }

    /// Whether the server lists the members only on request.
    pub fn lists_members_on_request(&self) -> bool {
        matches!(self.info.kind, RoomKind::Group | RoomKind::Broadcast) && self.info.participants.is_empty()
    }

    /// Whether notifications are muted, by the service or here.
    pub fn is_muted(&self) -> bool {
        self.info.muted || self.info.settings.muted
    }

    /// Whether the room is archived, by the service or here.
    pub fn is_archived(&self) -> bool {
        self.info.archived || self.info.settings.archived
    }

    /// Whether the room is left out of the room list: it is archived, and nothing in it asks for the user. An unread
    /// mention does, and in a direct message that is not muted any unread message.
    pub fn is_hidden(&self) -> bool {
        let unread = self.unread();
        let is_addressed = unread.mentions > 0 || (unread.any() && self.is_of_two() && !self.is_muted());
        self.is_archived() && !is_addressed
    }

    /// Whether the room is a direct message, as far as that is known without the user's id.
    pub fn is_of_two(&self) -> bool {
        let is_pair = match self.info.participants.len() {
            0 => self.info.peer.is_some(),
            count => count == 2,
        };
        is_pair && self.info.kind.may_be_direct()
    }

    /// Whether the room is counted as unread and visited by the key to the next unread room. Of a muted room, only
    /// mentions ask for attention.
    pub fn needs_attention(&self) -> bool {
        self.unread().any() && !self.is_hidden() && (!self.is_muted() || self.unread().mentions > 0)
    }

    /// Whether any message of the room is known.
    pub fn has_messages(&self) -> bool {
        self.info.last_message.is_some() || !self.timeline.is_empty()
    }

    /// Returns the time of the newest message, by which rooms are sorted; without one, when the room was created.
    pub fn last_activity(&self) -> Timestamp {
        let listed = self.info.last_message.as_ref().map(|message| message.sent_at);
        let loaded = self.timeline.newest_accepted().map(|message| message.sent_at);
        listed.max(loaded).or(self.info.created_at).unwrap_or_default()
    }

    /// Whether the room was deleted and is only kept because of unsent messages.
    pub fn is_deleted(&self) -> bool {
        self.membership.access == RoomAccess::Deleted
    }

    /// Whether the server supplies messages of this room. It does not after the room was deleted, and not to former
    /// members.
    pub fn can_fetch(&self) -> bool {
        !matches!(self.membership.access, RoomAccess::Deleted | RoomAccess::NotMember)
    }

    /// Records that the room was deleted. Nothing more can be fetched, but stored messages can still be read, and known
    /// gaps remain.
    pub fn mark_deleted(&mut self) {
        self.history.on_deleted(&self.timeline);
        self.membership = Membership { access: RoomAccess::Deleted, ..Membership::default() };
        self.read_state = ReadState::default();
        self.unread_marker.on_room_deleted();
        self.typing.clear();
    }

    /// Records that the room exists although it was believed to be deleted, or that we are in it although we were
    /// believed not to be.
    pub fn mark_existing(&mut self) {
        self.membership = Membership::default();
        self.mark_stale();
    }

    /// Records that live events of this room may have been missed. Does nothing if the room was deleted.
    pub fn mark_stale(&mut self) {
        if self.is_deleted() {
            return;
        }
        self.history.mark_stale(&self.timeline);
        self.load_failures = 0;
        self.read_state.on_stale();
    }

    /// Unloads the `count` oldest accepted messages; they can be fetched again.
    ///
    /// The "New messages" line returns with its message. Notes below unloaded messages are lost. Returns the messages that were
    /// edited, deleted or starred and whose change is not in the store yet.
    pub fn unload_oldest(&mut self, count: usize) -> Vec<Message> {
        let marked = self.unread_marker.slot().and_then(|slot| self.timeline.get(slot).id.clone());
        let is_contiguous = count < self.history.contiguous_len(&self.timeline)
            && self.history.breaks(&self.timeline).binary_search(&count).is_err();
        let changed = self.timeline.unload_oldest(count, is_contiguous);
        self.history.on_unloaded(&self.timeline);
        self.unread_marker.on_unloaded(&self.timeline, marked);
        self.notes.retain(|note| self.timeline.position(note.below).is_some());
        changed
    }

    /// Returns the id of the oldest loaded message, before which the next older page ends.
    pub fn oldest_id(&self) -> Option<MessageId> {
        self.timeline.iter().next().and_then(|(_, message)| message.id.clone())
    }

    /// Removes a message that the server no longer shows to the user. Notes, gaps and the "New messages" line attached to it
    /// move to a neighbour. Returns that neighbour: the next message, or else the previous one.
    pub fn remove_message(&mut self, slot: Slot) -> Option<Slot> {
        let position = self.timeline.position(slot)?;
        let after = self.timeline.slot_at(position + 1);
        let before = position.checked_sub(1).and_then(|before| self.timeline.slot_at(before));
        let neighbour = after.or(before);
        self.unread_marker.on_removed(slot, after);
        self.history.on_removed(slot, after);
        // A note is shown below a message; without a message there is no place for it.
        match before.or(after) {
            Some(other) => {
                let moved = self.notes.iter_mut().filter(|note| note.below == slot);
                moved.for_each(|note| note.below = other);
            }
            None => self.notes.clear(),
        }
        let id = self.timeline.get(slot).id.clone();
        self.timeline.remove(slot);
        self.info.last_message.take_if(|last| Some(&last.id) == id.as_ref());
        neighbour
    }

    /// Records that a person has another id now.
    pub fn change_person(&mut self, former: &PersonId, now: &PersonId) {
        let is_former = |person: &&mut PersonId| **person == *former;
        self.info.participants.iter_mut().filter(is_former).for_each(|person| person.clone_from(now));
        if let Some(last) = self.info.last_message.as_mut().filter(|last| last.author == *former) {
            last.author.clone_from(now);
        }
        let own = self.timeline.iter().filter(|(_, message)| message.author == *former);
        for slot in own.map(|(slot, _)| slot).collect::<Vec<_>>() {
            self.timeline.change(slot, |message| {
                message.author.clone_from(now);
                true
            });
        }
    }

    /// Whether `person` may be in this room. If the participants are unknown, everybody may be.
    pub fn may_contain(&self, person: &PersonId) -> bool {
        self.info.participants.is_empty() || self.info.participants.contains(person)
    }
}
