use std::collections::VecDeque;

use proptest::prelude::*;

use super::*;
use crate::domain::{
    Delivery, MessageId, MessageInfo, PageKind, PageNumbers, PageRequest, PageSerial, Paging, PersonId, Room, RoomId,
    RoomInfo, Subscription,
};

/// What happens to a room.
#[derive(Debug, Clone, Copy)]
enum Step {
    /// Somebody writes, and the message arrives live.
    Write { mine: bool },
    /// Somebody else writes, and the event is lost without anybody noticing.
    Lose,
    /// The user reads everything, with a receipt for each message or one for the room.
    Read { each: bool },
    /// The last receipt reaches the server.
    ReceiptArrives,
    /// The user reads everything on another device.
    ReadElsewhere,
    /// The server answers the request for the list; the answer is on its way.
    ListIsRead,
    /// The oldest answer arrives.
    ListArrives,
}

/// The server's list entry of the room, when it was read.
struct ListEntry {
    last: usize,
    seen: bool,
    count: u32,
}

/// A room, and what the server knows of it. Messages are numbered by their times.
struct Conversation {
    counts: bool,
    /// Whether the user has written each message.
    mine: Vec<bool>,
    room: Room,
    read_here: Option<usize>,
    receipt: Option<usize>,
    read_on_server: Option<usize>,
    answers: VecDeque<ListEntry>,
}

impl Conversation {
    fn new(counts: bool) -> Self {
        let room = Room::new(RoomInfo { unread: counts.then_some(0), ..RoomInfo::new(RoomId::new("r")) });
        let (read_here, receipt, read_on_server) = (None, None, None);
        let mut new =
            Self { counts, mine: Vec::new(), room, read_here, receipt, read_on_server, answers: VecDeque::new() };
        new.apply(Step::Write { mine: true });
        new.load_newest_page();
        new
    }

    /// Loads the history, so that nothing is missing in it.
    fn load_newest_page(&mut self) {
        let Room { history, timeline, .. } = &mut self.room;
        let (serial, paging) = (PageSerial(1), Paging { size: 10, by_number: false });
        history.on_request(serial, &PageRequest::newest(), timeline, at(0));
        let page = vec![MessageInfo::new(MessageId::new("m0"), RoomId::new("r"), PersonId::new("me"), at(0))];
        let numbers = PageNumbers { page: 1, pages: 1, total: None };
        let incoming = history.on_page(serial, numbers, &page, timeline, paging);
        let new = timeline.merge_page(page, PageKind::Newest, None);
        history.on_merged(incoming, new, Subscription::Joined, timeline, paging);
        assert!(history.is_synced() && history.is_complete());
    }

    /// Returns the number of the newest message that is loaded.
    fn newest_loaded(&self) -> Option<usize> {
        let newest = self.room.timeline.newest_accepted()?;
        usize::try_from(newest.sent_at.0 / 1_000).ok()
    }

    /// Returns the number of messages of others after a message.
    fn unread_after(&self, read: Option<usize>) -> u32 {
        let unread = self.mine.iter().skip(read.map_or(0, |read| read + 1)).filter(|mine| !**mine);
        u32::try_from(unread.count()).unwrap()
    }

    fn apply(&mut self, step: Step) {
        let newest = self.mine.len().checked_sub(1);
        let me = PersonId::new("me");
        match step {
            Step::Write { mine } => {
                let author = if mine { me } else { PersonId::new("bob") };
                let (id, at) = (MessageId::new(&format!("m{}", self.mine.len())), at(self.mine.len()));
                self.mine.push(mine);
                self.room.history.on_live(&id, at);
                self.room.timeline.insert_live(MessageInfo::new(id, RoomId::new("r"), author, at));
                if mine && !self.counts {
                    // Where only the last message tells, whoever has written it has read the others.
                    self.read_on_server = self.mine.len().checked_sub(1);
                }
                if !mine {
                    self.room.read_state.on_arrival(Arrival {
                        is_watched: false,
                        is_counted: false,
                        is_mention: false,
                        needs_receipt: self.counts,
                    });
                }
            }
            Step::Lose => self.mine.push(false),
            Step::Read { each } => {
                let newest = self.newest_loaded();
                (self.read_here, self.receipt) = (newest, newest);
                if each && !self.counts {
                    let slots: Vec<_> = self.room.timeline.iter().map(|(slot, _)| slot).collect();
                    for slot in slots {
                        self.room.timeline.change(slot, |message| message.advance(Delivery::Seen));
                    }
                    self.room.read_state.on_all_seen();
                } else {
                    self.room.read_state.on_read(newest.map(at), true);
                }
            }
            Step::ReceiptArrives => self.read_on_server = self.read_on_server.max(self.receipt.take()),
            Step::ReadElsewhere => self.read_on_server = newest,
            Step::ListIsRead => {
                let last = newest.unwrap();
                let seen = self.read_on_server >= Some(last);
                self.answers.push_back(ListEntry { last, seen, count: self.unread_after(self.read_on_server) });
            }
            Step::ListArrives => {
                let Some(ListEntry { last, seen, count }) = self.answers.pop_front() else { return };
                if self.counts {
                    let last = (MessageId::new(&format!("m{last}")), at(last));
                    return self.room.apply_unread_count(Some(count), Some(&last), Some(&me));
                }
                let at = Some(at(last));
                let slot = self.room.timeline.find(&MessageId::new(&format!("m{last}"))).unwrap();
                let is_known = self.room.timeline.get(slot).delivery >= Delivery::Seen;
                let is_unread = !seen && !is_known && !self.mine[last];
                let last = LastMessage { at, is_unread, is_missed: false, is_first: false };
                self.room.apply_last_message(last, Some(&me));
            }
        }
    }
}

fn at(number: usize) -> Timestamp {
    Timestamp(i64::try_from(number).unwrap() * 1_000)
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => any::<bool>().prop_map(|mine| Step::Write { mine }),
        1 => any::<bool>().prop_map(|each| Step::Read { each }),
        1 => Just(Step::ReceiptArrives),
        1 => Just(Step::ReadElsewhere),
        2 => Just(Step::ListIsRead),
        2 => Just(Step::ListArrives),
    ]
}

proptest! {
    /// However late the server's lists arrive, no unread message is forgotten, and in the end the count is right.
    #[test]
    fn late_lists_forget_no_unread_message(counts: bool, steps in prop::collection::vec(step(), 0..40)) {
        let (mut room, mut doubtful) = (Conversation::new(counts), 0);
        for step in steps {
            room.apply(step);
            let unread = room.room.unread().count;
            let least = room.unread_after(room.read_here.max(room.read_on_server));
            prop_assert!(unread >= least, "{step:?}: {unread} of at least {least}");
            let most = room.unread_after(room.read_here);
            if counts && most == 0 {
                // Nothing has arrived since, so the server's count may be about messages whose events were lost.
                doubtful = unread;
            }
            prop_assert!(unread <= most + doubtful, "{step:?}: {unread} of at most {most} and {doubtful}");
        }
        room.apply(Step::ReceiptArrives);
        room.apply(Step::ListIsRead);
        while !room.answers.is_empty() {
            room.apply(Step::ListArrives);
        }
        let (unread, expected) = (room.room.unread(), room.unread_after(room.read_on_server));
        prop_assert_eq!(unread.any(), expected > 0);
        prop_assert!(!counts || unread.count == expected, "{} instead of {expected}", unread.count);
    }
}

proptest! {
    /// The server's count is the only sign of a message whose event was lost.
    #[test]
    fn room_with_a_lost_message_is_unread(steps in prop::collection::vec(prop_oneof![4 => step(), 1 => Just(Step::Lose)], 0..40)) {
        let mut room = Conversation::new(true);
        steps.into_iter().for_each(|step| room.apply(step));
        room.apply(Step::ReceiptArrives);
        room.apply(Step::ListIsRead);
        while !room.answers.is_empty() {
            room.apply(Step::ListArrives);
        }
        prop_assert_eq!(room.room.unread().any(), room.unread_after(room.read_on_server) > 0);
    }
}

/// Regression test: a list that was read before our receipt, but after another message, counted what was read here.
#[test]
fn count_leaves_out_what_was_read_here() {
    let mut room = Conversation::new(true);
    for step in [
        Step::Write { mine: false },
        Step::Write { mine: false },
        Step::Read { each: false },
        Step::Write { mine: false },
        Step::ListIsRead,
        Step::ReceiptArrives,
        Step::ListArrives,
    ] {
        room.apply(step);
    }
    assert_eq!(room.room.unread().count, 1);
}

#[test]
fn counts_stay_within_their_range() {
    let mut state = ReadState::new(Some(u32::MAX));
    let arrival = Arrival { is_watched: false, is_counted: false, is_mention: true, needs_receipt: true };
    state.on_arrival(arrival);
    assert_eq!(state.unread(), Unread { count: u32::MAX, or_more: false, mentions: 1 });
    let report = |count, newer, until| UnreadCount { count, until, newer, since_read: None };
    state.on_count(report(u32::MAX, u32::MAX, None), false);
    assert_eq!(state.unread().count, u32::MAX);
    state.on_count(report(0, 0, None), false);
    assert_eq!(state.unread(), Unread::default(), "mentions are unread messages");
}

#[test]
fn room_that_is_marked_as_unread_stays_so() {
    let unread = Unread { count: 3, or_more: false, mentions: 1 };
    let mut state = ReadState::default();
    state.on_read(Some(Timestamp(5)), true);
    state.on_marked_unread(unread);
    state.on_count(UnreadCount { count: 0, until: Some(Timestamp(5)), newer: 0, since_read: None }, true);
    state.on_last_message(
        LastMessage { at: Some(Timestamp(5)), is_unread: false, is_missed: false, is_first: false },
        0,
        true,
    );
    assert_eq!(state.unread(), unread);
    state.on_read(Some(Timestamp(5)), true);
    assert_eq!(state.unread(), Unread::default());
}

#[test]
fn receipt_is_due_until_it_is_sent_and_again_when_it_is_lost() {
    let arrival = Arrival { is_watched: true, is_counted: false, is_mention: false, needs_receipt: true };
    let mut state = ReadState::default();
    state.on_arrival(arrival);
    assert!(state.needs_receipt() && !state.unread().any(), "the user is looking at it");
    state.on_read(Some(Timestamp(5)), false);
    assert!(state.needs_receipt(), "it may follow with a reply");
    state.on_read(Some(Timestamp(5)), true);
    assert!(!state.needs_receipt());
    state.on_receipt_lost();
    assert!(state.needs_receipt() && state.read_until().is_none());
}
