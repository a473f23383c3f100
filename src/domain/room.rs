//! A room: who is in it, what was said, what is unread.

use std::ops::Range;

use crate::text::SafeText;

use super::event::Activity;
use super::gap::{Filling, Gap};
use super::ids::{MessageId, PersonId, RoomId};
use super::member::{Access, Membership, RoomKind};
use super::message::{Delivery, MessageInfo};
use super::person::PersonInfo;
use super::time::Timestamp;
use super::timeline::{Slot, Timeline};

/// A room as a server reports it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoomInfo {
    /// The server's name for it.
    pub id: RoomId,
    /// What sort of room it is.
    pub kind: RoomKind,
    /// Its title, as this viewer is to see it.
    pub title: SafeText,
    /// Its picture's address, as this viewer is to see it.
    pub avatar: Option<SafeText>,
    /// Everybody in it, the viewer too; empty when the server does not say.
    pub participants: Vec<PersonId>,
    /// The other side of a one-to-one chat, where the list names them.
    pub peer: Option<Box<PersonInfo>>,
    /// How many messages are unread, where the server counts them.
    pub unread: Option<u32>,
    /// Its news are not to disturb.
    pub muted: bool,
    /// It is put away.
    pub archived: bool,
    /// The newest message.
    pub last_message: Option<MessageInfo>,
    /// When it was made.
    pub created_at: Option<Timestamp>,
    /// What the app stores with it: JSON, kept as it came.
    pub metadata: Option<Box<str>>,
}

/// How much of a room is unread.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Unread {
    /// Messages that are known to be unread.
    pub count: u32,
    /// There may be more: the list only tells of the last message.
    pub or_more: bool,
}

impl Unread {
    /// Whether anything is.
    pub fn any(self) -> bool {
        self.count > 0
    }
}

/// How much of a room's history is here.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct History {
    /// The page that has been asked for and not come.
    pub loading: Option<u32>,
    /// So many requests for the newest page have not been answered.
    pub asked: u32,
    /// The newest page has come since the connection was last made.
    pub fresh: bool,
    /// The last page that was asked for could not be had; it is not asked for again by itself.
    pub stuck: bool,
    /// An older page that brought nothing new: the next one follows it.
    pub barren: u32,
    /// The very first message is here.
    pub complete: bool,
    /// The newest message of a page that was fetched while the join was on its way; live events may have been missed
    /// after it.
    pub unsure_after: Option<(MessageId, Timestamp)>,
    /// The newest message that came live or on a newest page: all before it has come, or is known to be missing. The answer
    /// to a send proves nothing of the kind: it comes on another connection.
    pub heard: Option<(MessageId, Timestamp)>,
    /// Live events were lost after this message: pages are fetched until they reach it.
    pub resume_from: Option<(MessageId, Timestamp)>,
    /// The oldest message that those pages have brought.
    pub reached: Option<MessageId>,
    /// Where messages are missing, in no order.
    pub gaps: Vec<Gap>,
    /// The gap for which the page is that has been asked for.
    pub filling: Option<Filling>,
}

/// Somebody who is about to send something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Typing {
    /// Who.
    pub person: PersonId,
    /// What they do.
    pub activity: Activity,
    /// Until when that is believed without being repeated.
    pub until: Timestamp,
}

/// A room as the program knows it.
#[derive(Debug, Clone)]
pub struct Room {
    /// What the server said last.
    pub info: RoomInfo,
    /// The messages that are here.
    pub timeline: Timeline,
    /// How much of the past is here.
    pub history: History,
    /// How we stand in it; the default until the server was asked.
    pub membership: Membership,
    /// What is unread.
    pub unread: Unread,
    /// Somebody else wrote what nobody was told yet that it was seen. Only where receipts are about the room.
    pub news: bool,
    /// When the newest message was sent that we told was seen, since the connection was last made.
    pub told_seen: Option<Timestamp>,
    /// So many of others' newest messages are new, and the oldest of them is not here yet: the "new" line will stand
    /// above it. Only where the server counts.
    pub new_due: u32,
    /// Who is typing or recording.
    pub typing: Vec<Typing>,
    /// The first message that was new when the room was opened: the "new" line stands above it.
    pub new_from: Option<Slot>,
    /// Lines that are no messages, such as what an AI agent did, each below the message that was the last then.
    pub notes: Vec<(Slot, SafeText)>,
    /// Something of it may differ from what is on disk.
    pub touched: bool,
    /// Such lines that wait for a message to stand below.
    pub notes_due: Vec<SafeText>,
}

impl Room {
    /// A room of which only `info` is known.
    pub fn new(info: RoomInfo) -> Self {
        let unread = Unread { count: info.unread.unwrap_or(0), or_more: false };
        Self {
            info,
            timeline: Timeline::default(),
            history: History::default(),
            membership: Membership::default(),
            unread,
            news: false,
            told_seen: None,
            new_due: 0,
            typing: Vec::new(),
            new_from: None,
            notes: Vec::new(),
            touched: true,
            notes_due: Vec::new(),
        }
    }

    /// The other person of a one-to-one chat.
    pub fn peer(&self, me: &PersonId) -> Option<&PersonId> {
        match self.info.participants.as_slice() {
            [one, other] | [other, one] if one == me && self.info.kind.is_of_two() => Some(other),
            [] => self.info.peer.as_ref().map(|peer| &peer.id),
            _ => None,
        }
    }

    /// Who wrote a message, as it was told first; `None`: it is not here.
    pub fn author_of(&self, message: &MessageId) -> Option<&PersonId> {
        match self.timeline.find(message) {
            Some(slot) => Some(&self.timeline.get(slot).author),
            None => self.info.last_message.as_ref().filter(|last| last.id == *message).map(|last| &last.author),
        }
    }

    /// Whether its members are only told when one asks for them.
    pub fn members_are_asked(&self) -> bool {
        matches!(self.info.kind, RoomKind::Group | RoomKind::Broadcast) && self.info.participants.is_empty()
    }

    /// When something last happened here: rooms are sorted by it.
    pub fn active_at(&self) -> Timestamp {
        let listed = self.info.last_message.as_ref().map(|message| message.sent_at);
        let held = self.timeline.last_accepted().map(|message| message.sent_at);
        listed.max(held).or(self.info.created_at).unwrap_or_default()
    }

    /// Whether it was deleted, and is only here for what was written in it.
    pub fn is_gone(&self) -> bool {
        self.membership.access == Access::Deleted
    }

    /// It was deleted: nothing more can be fetched, but what is on disk can be read. What is known to be missing between
    /// messages stays a gap.
    pub fn close_for_good(&mut self) {
        self.leave_gap(false);
        self.lose_track();
        self.history.asked = 0;
        self.membership = Membership { access: Access::Deleted, ..Membership::default() };
        self.unread = Unread::default();
        (self.news, self.new_due, self.told_seen) = (false, 0, None);
        self.typing.clear();
    }

    /// It is there after all.
    pub fn reopen(&mut self) {
        self.membership = Membership::default();
        self.lose_track();
    }

    /// Live events may have been missed: what follows the newest message that is here has to be fetched.
    pub fn lose_track(&mut self) {
        if self.is_gone() {
            return;
        }
        self.history.fresh = false;
        self.history.stuck = false;
        self.history.loading = None;
        self.history.filling = None;
        self.history.reached = None;
        self.told_seen = None;
        if self.history.resume_from.is_none() {
            let last = self.timeline.last_accepted();
            let last = || last.and_then(|last| Some((last.id.clone()?, last.sent_at)));
            self.history.resume_from = self.history.heard.clone().or_else(last);
        }
    }

    /// A message came live, or is the newest of a newest page.
    pub fn hear(&mut self, message: &MessageId, at: Timestamp) {
        if self.history.heard.as_ref().is_none_or(|(_, heard)| *heard <= at) {
            self.history.heard = Some((message.clone(), at));
        }
    }

    /// How many messages, from the oldest on, nothing is known to be missing between. What stands behind them came while
    /// something may have been missed, or is a send of ours that was answered while we heard of nothing else.
    pub fn unbroken(&self) -> usize {
        let all = self.timeline.accepted_len();
        let resume_from = self.history.resume_from.as_ref().map(|known| self.behind(known));
        resume_from.unwrap_or(if self.history.fresh { all } else { 0 }).min(self.heard_until())
    }

    /// The positions of the newest messages between each of which and the one before it nothing is missing, although
    /// something is missing further up: the pages that were fetched since events were lost, and what came live since.
    pub fn newest_stretch(&self) -> Range<usize> {
        let reached = self.history.reached.as_ref().and_then(|id| self.timeline.find(id));
        let first = reached.and_then(|slot| self.timeline.position(slot));
        first.map_or(0..0, |first| first + 1..self.heard_until())
    }

    /// How many messages, from the oldest on, are no newer than what was heard for sure.
    fn heard_until(&self) -> usize {
        let History { unsure_after, heard, .. } = &self.history;
        let sure = unsure_after.iter().chain(heard).map(|known| self.behind(known)).min();
        sure.unwrap_or(usize::MAX).min(self.timeline.accepted_len())
    }

    /// The position behind a message.
    fn behind(&self, (id, at): &(MessageId, Timestamp)) -> usize {
        let position = self.timeline.find(id).and_then(|slot| self.timeline.position(slot));
        position.map_or_else(|| self.timeline.until(*at), |position| position + 1)
    }

    /// Whether the newest page has to be fetched, although nothing has asked for it.
    pub fn needs_newest_page(&self) -> bool {
        let History { loading, fresh, stuck, resume_from, .. } = &self.history;
        loading.is_none() && !stuck && (!fresh || resume_from.is_some())
    }

    /// The page on which the next older messages are, if there are any and they have not been asked for.
    pub fn next_older_page(&self, page_size: u32) -> Option<u32> {
        let History { loading, fresh, stuck, barren, complete, resume_from, .. } = &self.history;
        if loading.is_some() || !fresh || *stuck || *complete || resume_from.is_some() {
            return None;
        }
        let held = u32::try_from(self.timeline.on_server()).unwrap_or(u32::MAX);
        Some((held / page_size.max(1)).max(*barren) + 1)
    }

    /// The message before which the next older page begins: the oldest that is here, whatever page came last.
    pub fn older_than(&self) -> Option<MessageId> {
        self.timeline.iter().next().and_then(|(_, message)| message.id.clone())
    }

    /// Takes the server's count of what is unread as of the message at `until`, if it counts. The answer may be older than
    /// what is known here: what was told to be seen since is not counted again, what came since is not forgotten.
    pub fn take_count(&mut self, count: Option<u32>, until: Option<Timestamp>, me: Option<&PersonId>) {
        let Some(count) = count else { return };
        let count = if self.told_seen >= until && self.told_seen.is_some() { 0 } else { count };
        let known = self.told_seen.max(until);
        let since = self.timeline.iter().rev().take_while(|(_, message)| Some(message.sent_at) > known);
        let since = since.filter(|(_, message)| message.id.is_some() && Some(&message.author) != me).count();
        let since = if until.is_some() { u32::try_from(since).unwrap_or(u32::MAX) } else { 0 };
        self.unread = Unread { count: count.saturating_add(since), or_more: false };
    }

    /// Nothing is new any more, to the eye: the "new" line goes.
    pub fn forget_new(&mut self) {
        self.new_from = None;
        self.new_due = 0;
    }

    /// Puts the "new" line above the `new_due`-th newest message of others, if that is here.
    pub fn place_new_line(&mut self, me: Option<&PersonId>) {
        let Some(wanted) = self.new_due.checked_sub(1).and_then(|wanted| usize::try_from(wanted).ok()) else { return };
        if !self.history.fresh || self.history.resume_from.is_some() {
            // What was missed is not here yet: counting would go too far back.
            return;
        }
        // What lies before a gap cannot be counted: the line stands at the gap then.
        let gap = self.history.gaps.iter().filter_map(|gap| self.timeline.position(gap.before)).max();
        let held = self.timeline.len() - gap.unwrap_or(0);
        let newest = self.timeline.iter().rev().take(held);
        let mut others = newest.filter(|(_, message)| Some(&message.author) != me);
        let oldest = others.clone().last().filter(|_| self.history.complete || gap.is_some());
        let first = others.nth(wanted).or(oldest);
        if let Some((slot, _)) = first {
            self.new_from = self.new_from.or(Some(slot));
            self.new_due = 0;
        }
    }

    /// Takes out a message that the server does not show us any more. What stood on it goes to a neighbour, which is
    /// returned: the message that followed it, else the one before.
    pub fn remove(&mut self, slot: Slot) -> Option<Slot> {
        let position = self.timeline.position(slot)?;
        let after = self.timeline.slot_at(position + 1);
        let before = position.checked_sub(1).and_then(|before| self.timeline.slot_at(before));
        let neighbour = after.or(before);
        if self.new_from == Some(slot) {
            self.new_from = after;
        }
        self.move_gap(slot, after);
        // A note tells of what came after a message; above the first there is no place for one.
        match before.or(after) {
            Some(other) => {
                let moved = self.notes.iter_mut().filter(|(below, _)| *below == slot);
                moved.for_each(|(below, _)| *below = other);
            }
            None => self.notes.clear(),
        }
        let id = self.timeline.get(slot).id.clone();
        self.timeline.remove(slot);
        self.info.last_message.take_if(|last| Some(&last.id) == id.as_ref());
        neighbour
    }

    /// The newest messages of others that nobody has seen: the first of them, and how many.
    pub fn unseen(&self, me: Option<&PersonId>) -> Option<(Slot, u32)> {
        let unseen = self.timeline.iter().rev().take_while(|(_, message)| {
            message.deleted || (Some(&message.author) != me && message.delivery < Delivery::Seen)
        });
        let unseen = unseen.filter(|(_, message)| !message.deleted);
        unseen.fold(None, |found, (slot, _)| Some((slot, found.map_or(1, |(_, count)| count + 1))))
    }

    /// Whether `person` is in it, as far as is known: nobody is ruled out of a room whose members are unknown.
    pub fn may_hold(&self, person: &PersonId) -> bool {
        self.info.participants.is_empty() || self.info.participants.contains(person)
    }
}
