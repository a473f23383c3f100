//! Rooms: as servers report them ([`RoomInfo`]), and as the program holds them ([`Room`]).
//!
//! A [`Room`] owns its messages, the synchronisation state of its history, and what is unread.

use serde::{Deserialize, Serialize};

use crate::text::{SafeText, has_ink};

use super::history::{HistorySync, MessagePoint};
use super::ids::{MessageId, PersonId, RoomId};
use super::member::{Access, Membership, RoomKind};
use super::message::{Delivery, Message, MessageInfo};
use super::person::PersonInfo;
use super::read_state::{LastMessage, ReadState, Unread, UnreadCount};
use super::room_settings::RoomSettings;
use super::time::Timestamp;
use super::timeline::{Slot, Timeline};
use super::typing::Typing;

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
    /// Number of new messages from others while the oldest of them is not loaded yet; the "new" line will be placed
    /// above it. Only used on services that count unread messages.
    pub unread_marker_due: u32,
    /// People who are composing a message.
    pub typing: Vec<Typing>,
    /// First message that was new when the room was opened; the "new" line is shown above it.
    pub unread_marker: Option<Slot>,
    /// Message above which the "new" line belongs, while it is unloaded.
    pub unloaded_unread_marker: Option<MessageId>,
    /// Messages below the "new" line, as far as they are known, until the first of them was on screen. Until then, the
    /// line stays where it is.
    pub unread_above: Unread,
    /// Lines that are not messages, such as the actions of AI agents. Each is shown below the message that was the
    /// newest at that time.
    pub notes: Vec<Note>,
    /// Whether the room may differ from its stored copy.
    pub dirty: bool,
    /// Notes that arrived before any message was loaded.
    pub pending_notes: Vec<(Timestamp, SafeText)>,
}

/// The first unread message that is loaded.
struct FirstUnread {
    first: Slot,
    /// Number of unread messages between it and the "new" line.
    above: u32,
    /// Whether no earlier message can be unread.
    is_certain: bool,
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
            unread_marker_due: 0,
            typing: Vec::new(),
            unread_marker: None,
            unloaded_unread_marker: None,
            unread_above: Unread::default(),
            notes: Vec::new(),
            dirty: true,
            pending_notes: Vec::new(),
        }
    }

    /// Returns the unread messages.
    pub fn unread(&self) -> Unread {
        self.read_state.unread()
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

    /// Whether the room is left out of the room list: it is archived, and no unread message mentions the user.
    pub fn is_hidden(&self) -> bool {
        self.is_archived() && self.unread().mentions == 0
    }

    /// Whether the room is counted as unread and visited by the key to the next unread room. Of a muted room, only
    /// mentions ask for attention.
    pub fn needs_attention(&self) -> bool {
        self.unread().any() && !self.is_hidden() && (!self.is_muted() || self.unread().mentions > 0)
    }

    /// Returns the time of the newest message, by which rooms are sorted; without one, when the room was created.
    pub fn last_activity(&self) -> Timestamp {
        let listed = self.info.last_message.as_ref().map(|message| message.sent_at);
        let loaded = self.timeline.newest_accepted().map(|message| message.sent_at);
        listed.max(loaded).or(self.info.created_at).unwrap_or_default()
    }

    /// Whether the room was deleted and is only kept because of unsent messages.
    pub fn is_deleted(&self) -> bool {
        self.membership.access == Access::Deleted
    }

    /// Whether the server supplies messages of this room. It does not after the room was deleted, and not to former
    /// members.
    pub fn can_fetch(&self) -> bool {
        !matches!(self.membership.access, Access::Deleted | Access::NotMember)
    }

    /// Records that the room was deleted. Nothing more can be fetched, but stored messages can still be read, and known
    /// gaps remain.
    pub fn mark_deleted(&mut self) {
        self.history.on_deleted(&self.timeline);
        self.membership = Membership { access: Access::Deleted, ..Membership::default() };
        self.read_state = ReadState::default();
        (self.unread_marker_due, self.unread_above) = (0, Unread::default());
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
    /// The "new" line returns with its message. Notes below unloaded messages are lost. Returns the messages that were
    /// edited, deleted or starred and whose change is not in the store yet.
    pub fn unload_oldest(&mut self, count: usize) -> Vec<Message> {
        let marked = self.unread_marker.and_then(|slot| self.timeline.get(slot).id.clone());
        let is_contiguous = count < self.history.contiguous_len(&self.timeline)
            && self.history.breaks(&self.timeline).binary_search(&count).is_err();
        let changed = self.timeline.unload_oldest(count, is_contiguous);
        self.history.on_unloaded(&self.timeline);
        if self.unread_marker.is_some_and(|slot| self.timeline.position(slot).is_none()) {
            self.unread_marker = None;
            self.unloaded_unread_marker = marked;
        }
        self.notes.retain(|note| self.timeline.position(note.below).is_some());
        changed
    }

    /// Puts the "new" line back above its message if that was unloaded and is loaded again.
    pub fn restore_unread_marker(&mut self) {
        if let Some(slot) = self.unloaded_unread_marker.as_ref().and_then(|id| self.timeline.find(id)) {
            self.unread_marker = Some(slot);
            self.unloaded_unread_marker = None;
        }
    }

    /// Returns the id of the oldest loaded message, before which the next older page ends.
    pub fn oldest_id(&self) -> Option<MessageId> {
        self.timeline.iter().next().and_then(|(_, message)| message.id.clone())
    }

    /// Applies the server's unread count, on services that count. `last` is the newest message that it has counted.
    pub fn apply_unread_count(&mut self, count: Option<u32>, last: Option<&MessagePoint>, me: Option<&PersonId>) {
        let Some(count) = count else { return };
        let until = last.map(|(_, at)| *at);
        let known = self.read_state.read_until().max(until);
        let newer = if until.is_some() { self.of_others_after(known, me).count() } else { 0 };
        let newer = u32::try_from(newer).unwrap_or(u32::MAX);
        let since_read = last.and_then(|last| self.arrived_since_read(last, me));
        self.read_state.on_count(UnreadCount { count, until, newer, since_read }, self.info.settings.marked_unread);
    }

    /// Counts the messages of others after those read here, up to the message `last`; `None` if some of them may not be
    /// loaded.
    fn arrived_since_read(&self, (last, until): &MessagePoint, me: Option<&PersonId>) -> Option<u32> {
        let read_until = self.read_state.read_until()?;
        let (timeline, history) = (&self.timeline, &self.history);
        let end = timeline.position(timeline.find(last)?)?;
        let is_read =
            |position: &usize| timeline.slot_at(*position).is_some_and(|slot| timeline.get(slot).sent_at <= read_until);
        let read = (0..end).rev().find(is_read)?;
        let is_certain = history.is_synced() && end < history.contiguous_len(timeline);
        if !is_certain || history.breaks(timeline).iter().any(|gap| (read + 1..=end).contains(gap)) {
            return None;
        }
        let arrived = self.of_others_after(Some(read_until), me).filter(|message| message.sent_at <= *until);
        u32::try_from(arrived.count()).ok()
    }

    /// Applies what a list says about the last message, on services that do not count.
    pub fn apply_last_message(&mut self, last: LastMessage, me: Option<&PersonId>) {
        let is_unseen = |message: &&Message| !message.deleted && message.delivery < Delivery::Seen;
        let newer = self.of_others_after(last.at, me).filter(is_unseen).count();
        let newer = u32::try_from(newer).unwrap_or(u32::MAX);
        self.read_state.on_last_message(last, newer, self.info.settings.marked_unread);
    }

    /// Iterates over the loaded messages of others after a time, newest first.
    fn of_others_after<'a>(
        &'a self,
        known: Option<Timestamp>,
        me: Option<&'a PersonId>,
    ) -> impl Iterator<Item = &'a Message> {
        let after = self.timeline.iter().rev().take_while(move |(_, message)| Some(message.sent_at) > known);
        after.map(|(_, message)| message).filter(move |message| message.id.is_some() && Some(&message.author) != me)
    }

    /// Removes the "new" line.
    pub fn clear_unread_marker(&mut self) {
        (self.unread_marker, self.unloaded_unread_marker) = (None, None);
        (self.unread_marker_due, self.unread_above) = (0, Unread::default());
    }

    /// Moves the "new" line, of which the message below was not on screen yet, up to the first unread message that is
    /// loaded. Only used where each message tells whether `reader` has seen it.
    pub fn raise_unread_marker(&mut self, reader: &PersonId) {
        let Some(marker) = self.unread_marker.filter(|_| self.unread_above.any()) else { return };
        let Some(raised) = self.unread_from(marker, reader) else { return };
        self.unread_marker = Some(raised.first);
        self.unread_above.count = self.unread_above.count.saturating_add(raised.above);
        self.unread_above.or_more = !raised.is_certain || self.history.is_resuming();
    }

    /// Places the "new" line above the `unread_marker_due`-th newest message from others, if that is loaded.
    pub fn place_unread_marker(&mut self, me: Option<&PersonId>) {
        let Some(wanted) = self.unread_marker_due.checked_sub(1).and_then(|wanted| usize::try_from(wanted).ok()) else {
            return;
        };
        if !self.history.is_synced() {
            // Missed messages are not loaded yet, so counting would go back too far.
            return;
        }
        // Messages before a gap cannot be counted, so the line is placed at the gap.
        let gap = self.history.newest_gap(&self.timeline).and_then(|slot| self.timeline.position(slot));
        let countable = self.timeline.len() - gap.unwrap_or(0);
        let newest = self.timeline.iter().rev().take(countable);
        let mut others = newest.filter(|(_, message)| Some(&message.author) != me);
        let oldest = others.clone().last().filter(|_| self.history.is_complete() || gap.is_some());
        let first = others.nth(wanted).or(oldest);
        if let Some((slot, _)) = first {
            self.unread_marker = self.unread_marker.or(Some(slot));
            self.unread_marker_due = 0;
        }
    }

    /// Removes a message that the server no longer shows to the user. Notes, gaps and the "new" line attached to it
    /// move to a neighbour. Returns that neighbour: the next message, or else the previous one.
    pub fn remove_message(&mut self, slot: Slot) -> Option<Slot> {
        let position = self.timeline.position(slot)?;
        let after = self.timeline.slot_at(position + 1);
        let before = position.checked_sub(1).and_then(|before| self.timeline.slot_at(before));
        let neighbour = after.or(before);
        if self.unread_marker == Some(slot) {
            self.unread_marker = after;
        }
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

    /// Returns the unseen messages from others at the end of the timeline: the first of them, and their number.
    pub fn unseen(&self, me: Option<&PersonId>) -> Option<(Slot, u32)> {
        let unseen = self.timeline.iter().rev().take_while(|(_, message)| {
            message.deleted || (Some(&message.author) != me && message.delivery < Delivery::Seen)
        });
        let unseen = unseen.filter(|(_, message)| !message.deleted);
        unseen.fold(None, |found, (slot, _)| Some((slot, found.map_or(1, |(_, count)| count + 1))))
    }

    /// Returns the first unread message, if no earlier one can be unread: the "new" line, or the first message of
    /// others above it that was not seen either. `reader` is the user where each message tells whether it was seen.
    pub fn first_unread(&self, reader: Option<&PersonId>) -> Option<Slot> {
        let marker = self.unread_marker?;
        let Some(reader) = reader else { return Some(marker) };
        self.unread_from(marker, reader).filter(|unread| unread.is_certain).map(|unread| unread.first)
    }

    /// Looks for unread messages above the one at the "new" line.
    fn unread_from(&self, marker: Slot, reader: &PersonId) -> Option<FirstUnread> {
        let (mut first, mut above) = (marker, 0);
        for position in (0..=self.timeline.position(marker)?).rev() {
            let slot = self.timeline.slot_at(position)?;
            let message = self.timeline.get(slot);
            let is_read = message.author == *reader || message.delivery >= Delivery::Seen;
            if slot != marker && !message.deleted {
                if is_read {
                    return Some(FirstUnread { first, above, is_certain: true });
                }
                (first, above) = (slot, above + 1);
            }
            // Whether a missing message was seen is unknown.
            if self.history.has_gap_above(slot) {
                return Some(FirstUnread { first, above, is_certain: true });
            }
        }
        Some(FirstUnread { first, above, is_certain: self.history.is_complete() })
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
