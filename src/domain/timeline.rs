//! The messages of one room, in order, each of them once.
//!
//! Messages that the server has accepted are sorted by its time; messages that still wait for it stand below them in
//! the order they were written. A [`Slot`] names a message for as long as the timeline lives, wherever it moves.
//!
//! Identity is a ladder (design §4): the server's id, else the [`LocalId`] that a send carries for ever. Text is never
//! compared, except by [`Timeline::adopt`] for servers that return neither.

mod kept;
mod size;
mod ties;

use std::collections::{HashMap, VecDeque};
use std::hash::BuildHasher;

use foldhash::fast::FixedState;
use hashbrown::HashTable;

use crate::text::SafeText;

use super::ids::{LocalId, MessageId, PersonId};
use super::message::{Delivery, Message, MessageInfo};
use super::time::{MINUTE, Timestamp};
use kept::Unkept;
use size::cost;

pub use kept::Changes;

/// How far the server's clock may be behind ours, in milliseconds, where identity rests on a text and a time.
pub const CLOCKS_DIFFER: i64 = 2 * MINUTE;

/// A message's place in memory. Stable, unlike its position in the order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slot(u32);

/// How a batch of messages came, which decides between messages of the same millisecond.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arrival {
    /// The newest page: after everything of the same time.
    Newest,
    /// An older page: before everything of the same time.
    Older,
}

/// The messages of one room.
#[derive(Debug, Clone, Default)]
pub struct Timeline {
    messages: Vec<Message>,
    /// Accepted messages, oldest first; never out of order in `sent_at`.
    accepted: VecDeque<Slot>,
    /// Own messages that the server has not confirmed, in the order they were written.
    waiting: Vec<Slot>,
    by_id: HashTable<Slot>,
    /// The sends of this program. Others' messages may carry a [`LocalId`] too, which is no identity here.
    by_local: HashMap<LocalId, Slot>,
    /// Sends of which the server has not told yet what they say there: until then the text is ours.
    drafts: Vec<Slot>,
    /// The first messages of the pages that came last.
    page_starts: VecDeque<Slot>,
    hasher: FixedState,
    tombstones: usize,
    version: u64,
    /// What the messages take, about.
    bytes: usize,
    /// What is not on disk yet.
    unkept: Unkept,
}

impl Timeline {
    /// How many messages there are, waiting ones and tombstones included.
    pub fn len(&self) -> usize {
        self.accepted.len() + self.waiting.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many of the messages the server has, as it said since the program began: neither waiting nor deleted, nor from
    /// disk and not seen again.
    pub fn on_server(&self) -> usize {
        self.accepted.len() - self.tombstones - self.unkept.hearsay.len()
    }

    /// Counts every change that may show, for caches.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// The message in `slot`.
    pub fn get(&self, slot: Slot) -> &Message {
        &self.messages[slot.0 as usize]
    }

    /// The message at `position`, counted from the oldest.
    pub fn slot_at(&self, position: usize) -> Option<Slot> {
        match position.checked_sub(self.accepted.len()) {
            None => self.accepted.get(position).copied(),
            Some(waiting) => self.waiting.get(waiting).copied(),
        }
    }

    /// Where `slot` stands, counted from the oldest.
    pub fn position(&self, slot: Slot) -> Option<usize> {
        let at = self.messages.get(slot.0 as usize)?.sent_at;
        let start = self.accepted.partition_point(|other| self.get(*other).sent_at < at);
        let same_time = self.accepted.range(start..).take_while(|other| self.get(**other).sent_at == at);
        if let Some(offset) = same_time.into_iter().position(|other| *other == slot) {
            return Some(start + offset);
        }
        self.waiting.iter().position(|other| *other == slot).map(|offset| self.accepted.len() + offset)
    }

    /// The message that the server calls `id`.
    pub fn find(&self, id: &MessageId) -> Option<Slot> {
        let hash = self.hasher.hash_one(id);
        self.by_id.find(hash, |slot| self.get(*slot).id.as_ref() == Some(id)).copied()
    }

    /// The send `local`.
    pub fn find_local(&self, local: LocalId) -> Option<Slot> {
        self.by_local.get(&local).copied()
    }

    /// Whether the server has confirmed the send `local`.
    pub fn is_confirmed(&self, local: LocalId) -> bool {
        self.find_local(local).is_some_and(|slot| self.get(slot).delivery > Delivery::Failed)
    }

    /// All messages, oldest first; can be walked from both ends.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (Slot, &Message)> + Clone {
        self.accepted.iter().chain(&self.waiting).map(|slot| (*slot, self.get(*slot)))
    }

    /// The newest message that the server has.
    pub fn last_accepted(&self) -> Option<&Message> {
        self.accepted.back().map(|slot| self.get(*slot))
    }

    /// How many messages the server has accepted: those at the first positions.
    pub fn accepted_len(&self) -> usize {
        self.accepted.len()
    }

    /// How many accepted messages are not newer than `at`.
    pub fn until(&self, at: Timestamp) -> usize {
        self.after(at)
    }

    /// Puts an own message below all others, to wait for the server.
    pub fn wait(&mut self, message: Message) -> Slot {
        self.version += 1;
        let slot = self.store(message);
        self.know_local(slot);
        self.waiting.push(slot);
        self.drafts.push(slot);
        slot
    }

    /// Takes a message that the server reports live. Returns where it is and whether it is new here.
    pub fn receive(&mut self, info: MessageInfo) -> (Slot, bool) {
        let position = self.before_page(info.sent_at).unwrap_or_else(|| self.after(info.sent_at));
        self.merge(info, position)
    }

    /// Takes a page of messages, oldest first. What stood inside the page's span and is not in it any more has been
    /// deleted meanwhile and becomes a tombstone. Returns how many messages are new here.
    ///
    /// Own messages that came back without their identity are given it first, one by one: those by this author, and never
    /// that of a send which was not handed over.
    pub fn merge_page(
        &mut self,
        mut messages: Vec<MessageInfo>,
        arrival: Arrival,
        nameless: Option<(&PersonId, &[LocalId])>,
    ) -> usize {
        messages.sort_by_key(|info| info.sent_at);
        let Some((first, last)) = messages.first().zip(messages.last()) else { return 0 };
        let (span_start, span_end) = (first.sent_at, last.sent_at);
        let mut limit = match arrival {
            Arrival::Newest => self.after(span_end),
            Arrival::Older => self.accepted.partition_point(|slot| self.get(*slot).sent_at < span_end),
        };
        let mut new = 0;
        let mut present = Vec::with_capacity(messages.len());
        for mut info in messages.into_iter().rev() {
            if let Some((_, unsent)) = nameless.filter(|(me, _)| info.author == **me) {
                self.adopt(&mut info, unsent);
            }
            let position = self.after(info.sent_at).min(limit);
            let (slot, is_new) = self.merge(info, position);
            limit = self.position(slot).unwrap_or(limit);
            present.push(slot);
            new += usize::from(is_new);
        }
        self.order_page(&present, span_start, span_end);
        if span_start < span_end {
            self.note_start(present.last().copied());
        }
        self.bury_missing(&present, span_start, span_end);
        new
    }

    /// Confirms the send `local` by a response that may name the message's id and nothing else.
    pub fn accept(&mut self, local: LocalId, id: Option<MessageId>) -> Option<Slot> {
        let slot = self.find_local(local)?;
        self.change(slot, |message| message.advance(Delivery::Sent));
        let Some(id) = id else { return Some(slot) };
        if self.get(slot).id.is_some() {
            return Some(slot);
        }
        if let Some(echo) = self.find(&id) {
            if self.get(echo).author != self.get(slot).author {
                // The answer names somebody else's message: it confirms the send and tells nothing more of it.
                return Some(slot);
            }
            // The echo came first, without our identity and with another text than ours: the server's is the message.
            self.discard(slot);
            self.messages[echo.0 as usize].local = Some(Box::new(local));
            self.touch(echo);
            self.by_local.insert(local, echo);
            return Some(echo);
        }
        self.name(slot, id);
        self.settle(slot);
        Some(slot)
    }

    /// The last rung of the ladder: takes `info`, an own message that came back without its [`LocalId`], for the oldest
    /// send of the same text of which the server has told no message yet, and says whether there was one. What is still
    /// `unsent` is none: somebody said the same on another device.
    pub fn adopt(&mut self, info: &mut MessageInfo, unsent: &[LocalId]) -> bool {
        if info.local.is_some() || self.find(&info.id).is_some() {
            return false;
        }
        let same = |slot: &&Slot| {
            let waiting = self.get(**slot);
            // An older message of the same text is not this one; clocks may differ a little.
            let in_time = info.sent_at >= waiting.sent_at + -CLOCKS_DIFFER;
            // What may have been sent is for the user to compare; what an answer accepted without a name is waited for.
            let undoubted = !matches!(waiting.delivery, Delivery::Uncertain | Delivery::Failed);
            let sent = waiting.local.as_deref().is_none_or(|local| !unsent.contains(local));
            waiting.text == info.text && undoubted && in_time && sent
        };
        let Some(slot) = self.waiting.iter().find(same) else { return false };
        info.local = self.get(*slot).local.as_deref().copied();
        true
    }

    /// Changes the message in `slot` in a way that leaves its place alone; returns what `change` says.
    pub fn change(&mut self, slot: Slot, change: impl FnOnce(&mut Message) -> bool) -> bool {
        self.version += 1;
        let message = &mut self.messages[slot.0 as usize];
        let (was_deleted, before) = (message.deleted, cost(message));
        let changed = change(message);
        self.bytes = (self.bytes + cost(message)).saturating_sub(before);
        if message.deleted && !was_deleted && message.id.is_some() {
            self.tombstones += 1;
            self.unkept.hearsay.remove(&slot);
        }
        if changed {
            self.touch(slot);
        }
        changed
    }

    /// Takes a waiting message out, for good: it was discarded, or its text went back into the composer.
    pub fn discard(&mut self, slot: Slot) {
        self.version += 1;
        self.waiting.retain(|other| *other != slot);
        self.drafts.retain(|other| *other != slot);
        if let Some(local) = self.messages[slot.0 as usize].local.take() {
            self.by_local.remove(&local);
        }
    }

    /// Takes a message out that the server does not show us any more. Its slot is never given to another message; the
    /// slots of all others stay, their positions close up.
    pub fn remove(&mut self, slot: Slot) {
        if self.position(slot).is_none() {
            return;
        }
        self.discard(slot);
        self.accepted.retain(|other| *other != slot);
        let message = &self.messages[slot.0 as usize];
        if let Some(id) = message.id.clone() {
            self.tombstones -= usize::from(message.deleted);
            let hash = self.hasher.hash_one(&id);
            if let Ok(entry) = self.by_id.find_entry(hash, |other| *other == slot) {
                entry.remove();
            }
            self.unkept.removed.push(id);
            self.unkept.hearsay.remove(&slot);
        }
        let message = &mut self.messages[slot.0 as usize];
        let before = cost(message);
        (message.id, message.attachment, message.quote) = (None, None, None);
        message.text = SafeText::default();
        // Its place is not given back before the timeline forgets what is old.
        self.bytes = (self.bytes + cost(message)).saturating_sub(before);
    }

    /// All that `author` has sent so far has come as far as `delivery`; says whether that changed anything.
    ///
    /// Receipts of this kind mean everything so far, so what lies below a message that had one already has it too: the
    /// cost is what is new, not the history.
    pub fn advance_all(&mut self, author: &PersonId, delivery: Delivery) -> bool {
        let mut news = Vec::new();
        for slot in self.accepted.iter().rev() {
            let message = self.get(*slot);
            if message.author == *author && !message.deleted {
                if message.delivery >= delivery {
                    break;
                }
                news.push(*slot);
            }
        }
        for slot in &news {
            self.change(*slot, |message| message.advance(delivery));
        }
        !news.is_empty()
    }

    /// The message that was sent as `local`, whoever sent it. Looks through all of them: for what the user asks, not for
    /// what a frame needs.
    pub fn sent_as(&self, local: LocalId) -> Option<Slot> {
        self.iter().rev().find(|(_, message)| message.local.as_deref() == Some(&local)).map(|(slot, _)| slot)
    }

    /// What a deleted message said is gone from the messages that quote it, too.
    pub fn unquote(&mut self, id: &MessageId) {
        for (slot, message) in (0..).map(Slot).zip(&mut self.messages) {
            if let Some(quote) = message.quote.as_mut().filter(|quote| quote.id == *id && !quote.text.is_empty()) {
                quote.text = SafeText::default();
                message.revision += 1;
                self.version += 1;
                self.unkept.note(slot);
            }
        }
    }

    /// Makes a send that failed, or may have been sent, wait again where it stands; says whether there was one.
    pub fn retry(&mut self, slot: Slot) -> bool {
        self.version += 1;
        let message = &mut self.messages[slot.0 as usize];
        if !matches!(message.delivery, Delivery::Failed | Delivery::Uncertain) {
            return false;
        }
        message.delivery = Delivery::Queued;
        message.revision += 1;
        true
    }

    /// Marks a waiting send as failed.
    pub fn fail(&mut self, slot: Slot) {
        self.end_wait(slot, Delivery::Failed);
    }

    /// Marks a waiting send as one that the server may have.
    pub fn doubt(&mut self, slot: Slot) {
        self.end_wait(slot, Delivery::Uncertain);
    }

    fn end_wait(&mut self, slot: Slot, delivery: Delivery) {
        self.version += 1;
        let message = &mut self.messages[slot.0 as usize];
        if matches!(message.delivery, Delivery::Queued | Delivery::Uncertain) {
            message.delivery = delivery;
            message.revision += 1;
        }
    }

    fn merge(&mut self, info: MessageInfo, position: usize) -> (Slot, bool) {
        self.version += 1;
        // What others write into their messages' metadata is theirs to choose: it names a send only while that waits.
        let waits = |slot: &Slot| self.get(*slot).id.is_none() && self.get(*slot).author == info.author;
        let sent = || info.local.and_then(|local| self.find_local(local)).filter(waits);
        let Some(slot) = self.find(&info.id).or_else(sent) else {
            let slot = self.store(info.into());
            self.accepted.insert(position, slot);
            self.tombstones += usize::from(self.get(slot).deleted);
            return (slot, true);
        };
        // Whatever else is wrong with what it says, the server has such a message.
        self.unkept.hearsay.remove(&slot);
        if self.get(slot).author != info.author {
            // A message stays its author's: what names another one says nothing of it.
            return (slot, false);
        }
        let (id, sent_at) = (info.id.clone(), info.sent_at);
        let was_named = self.get(slot).id.is_some();
        let draft = self.drafts.iter().position(|other| *other == slot);
        if let Some(place) = draft {
            self.drafts.swap_remove(place);
        }
        if !was_named {
            self.messages[slot.0 as usize].sent_at = sent_at;
            self.name(slot, id);
        }
        self.change(slot, |message| message.renew(info, draft.is_some()));
        if !was_named {
            self.settle(slot);
        } else if self.get(slot).sent_at != sent_at {
            // It was accepted without the server's time, and stood where our clock put it.
            self.accepted.retain(|other| *other != slot);
            self.messages[slot.0 as usize].sent_at = sent_at;
            self.settle(slot);
        }
        (slot, false)
    }

    fn bury_missing(&mut self, present: &[Slot], span_start: Timestamp, span_end: Timestamp) {
        let from = self.after(span_start);
        let inside = self.accepted.range(from..).take_while(|slot| self.get(**slot).sent_at < span_end);
        let missing: Vec<Slot> = inside.filter(|slot| !present.contains(slot)).copied().collect();
        for slot in missing {
            self.change(slot, Message::delete);
        }
    }

    fn store(&mut self, message: Message) -> Slot {
        let slot = Slot(u32::try_from(self.messages.len()).unwrap_or(u32::MAX));
        self.bytes += cost(&message);
        self.messages.push(message);
        self.index(slot);
        slot
    }

    fn touch(&mut self, slot: Slot) {
        self.unkept.note(slot);
    }

    fn know_local(&mut self, slot: Slot) {
        if let Some(local) = self.get(slot).local.as_deref().copied() {
            self.by_local.entry(local).or_insert(slot);
        }
    }

    fn name(&mut self, slot: Slot, id: MessageId) {
        self.messages[slot.0 as usize].id = Some(id);
        self.index(slot);
        self.touch(slot);
    }

    fn index(&mut self, slot: Slot) {
        let Self { messages, by_id, hasher, .. } = self;
        let hash = |slot: &Slot| messages[slot.0 as usize].id.as_ref().map_or(0, |id| hasher.hash_one(id));
        if messages[slot.0 as usize].id.is_some() {
            by_id.insert_unique(hash(&slot), slot, hash);
        }
    }

    /// Moves a message that the server has just named from the waiting to its place in time.
    fn settle(&mut self, slot: Slot) {
        self.version += 1;
        self.touch(slot);
        self.waiting.retain(|other| *other != slot);
        let position = self.after(self.get(slot).sent_at);
        self.accepted.insert(position, slot);
    }

    /// The position after every settled message of `at` or before.
    fn after(&self, at: Timestamp) -> usize {
        match self.accepted.back() {
            Some(last) if self.get(*last).sent_at > at => {
                self.accepted.partition_point(|slot| self.get(*slot).sent_at <= at)
            }
            _ => self.accepted.len(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{MessageKind, PersonId, RoomId};

    fn info(id: &str, at: i64) -> MessageInfo {
        MessageInfo {
            id: MessageId::new(id),
            room: RoomId::new("r"),
            author: PersonId::new("a"),
            author_info: None,
            sent_at: Timestamp(at),
            text: SafeText::block(id),
            attachment: None,
            delivered: false,
            seen: false,
            kind: MessageKind::Text,
            quote: None,
            forwarded: false,
            starred: None,
            deleted: false,
            local: None,
        }
    }

    fn ids(timeline: &Timeline) -> Vec<&str> {
        timeline.iter().map(|(_, message)| message.id.as_ref().map_or("?", MessageId::as_str)).collect()
    }

    #[test]
    fn a_page_and_a_live_message_meet() {
        let mut timeline = Timeline::default();
        timeline.receive(info("c", 30));
        assert_eq!(timeline.merge_page(vec![info("a", 10), info("b", 20), info("c", 30)], Arrival::Newest, None), 2);
        assert_eq!(ids(&timeline), ["a", "b", "c"]);
    }

    #[test]
    fn messages_of_one_millisecond_keep_the_servers_order_across_pages() {
        let mut timeline = Timeline::default();
        timeline.merge_page(vec![info("c", 5), info("d", 5)], Arrival::Newest, None);
        timeline.merge_page(vec![info("a", 5), info("b", 5)], Arrival::Older, None);
        timeline.receive(info("e", 5));
        assert_eq!(ids(&timeline), ["a", "b", "c", "d", "e"]);
    }

    #[test]
    fn a_message_that_left_the_page_is_a_tombstone() {
        let mut timeline = Timeline::default();
        timeline.merge_page(vec![info("a", 1), info("b", 2), info("c", 3)], Arrival::Newest, None);
        timeline.merge_page(vec![info("a", 1), info("c", 3)], Arrival::Newest, None);
        let b = timeline.find(&MessageId::new("b")).map(|slot| timeline.get(slot).deleted);
        assert_eq!(b, Some(true));
        assert_eq!(timeline.on_server(), 2);
    }

    #[test]
    fn echo_response_and_page_of_one_send_are_one_message_in_any_order() {
        let local = LocalId::from_random(7);
        let echo = MessageInfo { local: Some(local), ..info("m", 50) };
        for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
            let mut timeline = Timeline::default();
            timeline.receive(info("z", 99));
            timeline.wait(Message::queued(local, PersonId::new("a"), SafeText::block("m"), Timestamp(60)));
            for step in order {
                match step {
                    0 => drop(timeline.receive(echo.clone())),
                    1 => drop(timeline.accept(local, Some(MessageId::new("m")))),
                    _ => drop(timeline.merge_page(vec![echo.clone()], Arrival::Newest, None)),
                }
            }
            assert_eq!(timeline.len(), 2, "{order:?}");
            assert!(timeline.iter().all(|(_, message)| !message.edited), "{order:?}");
        }
    }

    /// A bot that answered with the metadata it was sent overwrote the message that it answered.
    #[test]
    fn metadata_that_somebody_copied_is_not_identity() {
        let (mut timeline, local) = (Timeline::default(), LocalId::from_random(7));
        timeline.receive(MessageInfo { local: Some(local), ..info("mine", 50) });
        let copy = MessageInfo { local: Some(local), author: PersonId::new("bot"), ..info("answer", 60) };
        timeline.receive(copy);
        assert_eq!(ids(&timeline), ["mine", "answer"]);
        assert!(timeline.iter().all(|(_, message)| !message.edited));
    }

    #[test]
    fn what_names_another_author_changes_no_message_and_buries_none() {
        let mut timeline = Timeline::default();
        timeline.merge_page(vec![info("a", 1), info("b", 2), info("c", 3)], Arrival::Newest, None);
        let text = SafeText::block("forged");
        let forged = MessageInfo { author: PersonId::new("mallory"), text, seen: true, ..info("b", 2) };
        timeline.merge_page(vec![info("a", 1), forged.clone(), info("c", 3)], Arrival::Newest, None);
        assert!(!timeline.receive(MessageInfo { deleted: true, ..forged }).1);
        let b = timeline.find(&MessageId::new("b")).map(|slot| timeline.get(slot).clone()).expect("it is here");
        assert_eq!((b, timeline.on_server()), (info("b", 2).into(), 3));
    }

    #[test]
    fn an_older_message_of_the_same_text_is_not_taken_for_a_new_send() {
        let (mut timeline, me) = (Timeline::default(), PersonId::new("a"));
        let (now, local) = (Timestamp(10 * MINUTE), LocalId::from_random(7));
        timeline.wait(Message::queued(local, me.clone(), SafeText::block("ok"), now));
        let page = vec![MessageInfo { text: SafeText::block("ok"), ..info("old", MINUTE) }];
        timeline.merge_page(page, Arrival::Newest, Some((&me, &[])));
        assert_eq!(ids(&timeline), ["old", "?"]);
    }

    /// An answer and an event of the same millisecond came the other way round, and the soak test of bad networks told.
    #[test]
    fn a_page_says_in_which_order_messages_of_the_same_time_stand() {
        let mut timeline = Timeline::default();
        for id in ["mine", "his", "third"] {
            timeline.receive(info(id, 5));
        }
        timeline.receive(info("later", 6));
        let page = ["his", "mine", "fourth"].map(|id| info(id, 5));
        timeline.merge_page([&page[..], &[info("later", 6)]].concat(), Arrival::Newest, None);
        let order = ids(&timeline);
        let his = order.iter().position(|id| *id == "his");
        assert!(his < order.iter().position(|id| *id == "mine"), "{order:?}");
        assert_eq!((order.len(), order.last()), (5, Some(&"later")));
    }

    /// A page ended between messages of one millisecond, and one of them came live before the next page: a burst on a busy
    /// machine stood in another order than on the server.
    #[test]
    fn messages_of_the_same_time_on_two_pages_stand_as_the_pages_do() {
        let mut timeline = Timeline::default();
        timeline.receive(info("a", 1));
        timeline.merge_page(vec![info("c", 5), info("d", 6)], Arrival::Newest, None);
        timeline.receive(info("b", 5));
        timeline.merge_page(vec![info("a", 1), info("b", 5)], Arrival::Older, None);
        assert_eq!(ids(&timeline), ["a", "b", "c", "d"]);
        timeline.receive(info("late", 6));
        timeline.merge_page(vec![info("c", 5), info("d", 6)], Arrival::Newest, None);
        assert_eq!(ids(&timeline), ["a", "b", "c", "d", "late"]);
    }

    /// On a busy machine the newest page overtakes live messages: those of the millisecond at which it begins stood behind
    /// its first one.
    #[test]
    fn live_messages_that_a_page_overtook_stand_before_it() {
        let mut timeline = Timeline::default();
        timeline.receive(info("a", 1));
        timeline.merge_page(vec![info("d", 5), info("e", 6)], Arrival::Newest, None);
        for id in ["b", "c", "d", "e"] {
            timeline.receive(info(id, if id == "e" { 6 } else { 5 }));
        }
        timeline.receive(info("f", 6));
        assert_eq!(ids(&timeline), ["a", "b", "c", "d", "e", "f"]);
    }

    #[test]
    fn the_servers_time_replaces_ours() {
        let (mut timeline, local) = (Timeline::default(), LocalId::from_random(7));
        timeline.receive(info("before", 50));
        timeline.wait(Message::queued(local, PersonId::new("a"), SafeText::block("m"), Timestamp(999)));
        timeline.accept(local, Some(MessageId::new("m")));
        timeline.receive(info("m", 40));
        assert_eq!(ids(&timeline), ["m", "before"]);
    }

    #[test]
    fn an_echo_that_cannot_be_recognised_is_one_message_with_its_response() {
        let (mut timeline, local) = (Timeline::default(), LocalId::from_random(7));
        timeline.wait(Message::queued(local, PersonId::new("a"), SafeText::block("m "), Timestamp(60)));
        let mut echo = info("m", 50);
        assert!(!timeline.adopt(&mut echo, &[]), "the server trimmed the text");
        timeline.receive(echo);
        timeline.accept(local, Some(MessageId::new("m")));
        assert_eq!(ids(&timeline), ["m"]);
    }

    #[test]
    fn what_is_removed_leaves_no_hole_and_does_not_come_back_as_another() {
        let mut timeline = Timeline::default();
        timeline.merge_page(vec![info("a", 1), info("b", 2), info("c", 3)], Arrival::Newest, None);
        let slots: Vec<Slot> = timeline.iter().map(|(slot, _)| slot).collect();
        timeline.remove(slots[1]);
        timeline.remove(slots[1]);
        assert_eq!(ids(&timeline), ["a", "c"]);
        assert_eq!((timeline.find(&MessageId::new("b")), timeline.position(slots[1])), (None, None));
        assert_eq!((timeline.position(slots[2]), timeline.on_server()), (Some(1), 2));
        let (again, is_new) = timeline.receive(info("b", 2));
        assert!(is_new && again != slots[1]);
        assert_eq!(ids(&timeline), ["a", "b", "c"]);
    }

    #[test]
    fn a_removed_tombstone_is_not_counted_as_one() {
        let mut timeline = Timeline::default();
        timeline.receive(MessageInfo { deleted: true, ..info("a", 1) });
        timeline.receive(info("b", 2));
        assert_eq!(timeline.on_server(), 1);
        timeline.remove(timeline.find(&MessageId::new("a")).unwrap_or(Slot(9)));
        assert_eq!(timeline.on_server(), 1);
    }

    #[test]
    fn a_receipt_of_the_room_stops_where_it_has_nothing_to_say() {
        let (mut timeline, me) = (Timeline::default(), PersonId::new("a"));
        let page = vec![MessageInfo { seen: true, ..info("a", 1) }, info("b", 2), info("c", 3)];
        timeline.merge_page(page, Arrival::Newest, None);
        timeline.wait(Message::queued(LocalId::from_random(7), me.clone(), SafeText::block("d"), Timestamp(4)));
        assert!(timeline.advance_all(&me, Delivery::Delivered));
        let states = |timeline: &Timeline| timeline.iter().map(|(_, message)| message.delivery).collect::<Vec<_>>();
        use Delivery::{Delivered, Queued, Seen};
        assert_eq!(states(&timeline), [Seen, Delivered, Delivered, Queued]);
        assert!(!timeline.advance_all(&me, Delivery::Delivered));
        assert!(!timeline.advance_all(&PersonId::new("b"), Delivery::Seen));
    }
}
