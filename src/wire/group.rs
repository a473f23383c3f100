//! Groups records by their cause: a send, its reply, its echo and its receipts belong together, and so do a REST call
//! and its reply.

use std::collections::HashMap;

use crate::domain::{AccountId, LocalId, MessageId, RoomId};

use super::record::{CallNumber, Record, RecordKind};
use super::subject::Topic;

/// Identifies a group: the number of one of its records, usually the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GroupId(pub u64);

/// Maximum number of ids that are remembered. They are forgotten together; records that come later start new groups.
const MAX_IDS: usize = 16_384;

/// Assigns records to groups, one after another in the order of their numbers.
#[derive(Debug, Clone, Default)]
pub struct Groups {
    of: HashMap<Id, GroupId>,
    /// Groups that turned out to be the same as another one.
    merged: HashMap<GroupId, GroupId>,
}

/// An id that records of one group share.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Id {
    Call(CallNumber),
    Local(AccountId, LocalId),
    Message(AccountId, MessageId),
    /// The latest send in a room, to which receipts for a whole room refer.
    LatestSend(AccountId, RoomId),
}

impl Groups {
    /// Returns the group of the next record, or `None` if nothing else can belong to it. Records of other accounts never
    /// do.
    pub fn assign(&mut self, record: &Record) -> Option<GroupId> {
        self.assign_on(record.account, record)
    }

    /// Like [`assign`](Self::assign), for several accounts of one service. Their records belong together if they are about
    /// the same message. `service` identifies the service: it is the same account for all of them.
    pub fn assign_on(&mut self, service: AccountId, record: &Record) -> Option<GroupId> {
        let (account, subject) = (record.account, &record.subject);
        let mut ids = Vec::new();
        ids.extend(record.call().map(Id::Call));
        ids.extend(subject.local.map(|local| Id::Local(service, local)));
        ids.extend(subject.message.clone().map(|message| Id::Message(service, message)));
        let is_receipt = matches!(subject.topic, Some(Topic::Seen | Topic::Delivered));
        let known: Vec<GroupId> = ids.iter().filter_map(|id| self.of.get(id)).map(|group| self.root(*group)).collect();
        let known = known.into_iter().reduce(|first, other| self.merge(first, other));
        let group = match &subject.room {
            _ if !ids.is_empty() => known.unwrap_or(GroupId(record.seq)),
            Some(room) if is_receipt => self.root(*self.of.get(&Id::LatestSend(account, room.clone()))?),
            _ => return None,
        };
        if let (RecordKind::CallStarted(_), Some(Topic::Send), Some(room)) =
            (&record.kind, subject.topic, &subject.room)
        {
            ids.push(Id::LatestSend(account, room.clone()));
        }
        if self.of.len() + ids.len() > MAX_IDS {
            self.of.clear();
            self.merged.clear();
        }
        for id in ids {
            let is_latest = matches!(id, Id::LatestSend(..));
            let entry = self.of.entry(id).or_insert(group);
            if is_latest {
                *entry = group;
            }
        }
        Some(group)
    }

    /// Returns the group that a group is part of now. An echo that overtakes the reply to its send starts a group of its
    /// own if only the reply tells that they belong together.
    pub fn root(&self, group: GroupId) -> GroupId {
        let mut root = group;
        while let Some(other) = self.merged.get(&root) {
            root = *other;
        }
        root
    }

    fn merge(&mut self, one: GroupId, other: GroupId) -> GroupId {
        let root = one.min(other);
        if one != other {
            self.merged.insert(one.max(other), root);
        }
        root
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Timestamp;
    use crate::wire::{CallBody, CallOutcome, Moment, Payload, RecordSubject, StartedCall};

    const ACCOUNT: AccountId = AccountId(0);

    /// Assigns records to groups and numbers them.
    #[derive(Default)]
    struct Story {
        groups: Groups,
        seq: u64,
    }

    impl Story {
        fn next(&mut self, subject: RecordSubject, kind: RecordKind) -> Option<u64> {
            self.seq += 1;
            let at = Moment { wall: Timestamp(0), micros: self.seq };
            self.groups.assign(&Record { seq: self.seq, at, account: ACCOUNT, subject, kind }).map(|group| group.0)
        }

        fn start(&mut self, call: u64, subject: RecordSubject) -> Option<u64> {
            let call = CallNumber(call);
            let none = || "".into();
            let started = StartedCall {
                call,
                method: "POST",
                base: none(),
                path: none(),
                query: Vec::new(),
                headers: Vec::new(),
                body: CallBody::Empty,
            };
            self.next(subject, RecordKind::CallStarted(Box::new(started)))
        }

        fn finish(&mut self, call: u64, subject: RecordSubject) -> Option<u64> {
            let outcome = CallOutcome::Canceled;
            self.next(subject, RecordKind::CallFinished { call: CallNumber(call), micros: 1, outcome })
        }

        fn receive(&mut self, topic: Topic, room: &str, message: Option<&str>, local: Option<u128>) -> Option<u64> {
            let subject = RecordSubject {
                topic: Some(topic),
                room: Some(RoomId::new(room)),
                message: message.map(MessageId::new),
                local: local.map(LocalId::from_random),
            };
            self.next(subject, RecordKind::Received { payload: Payload::default(), problem: None })
        }
    }

    fn send(room: &str, local: u128) -> RecordSubject {
        let (room, local) = (Some(RoomId::new(room)), Some(LocalId::from_random(local)));
        RecordSubject { topic: Some(Topic::Send), room, local, message: None }
    }

    #[test]
    fn send_reply_echo_and_receipt_form_one_group() {
        let mut story = Story::default();
        assert_eq!(story.start(1, send("a", 1)), Some(1));
        assert_eq!(story.start(2, send("b", 2)), Some(2));
        assert_eq!(story.receive(Topic::Message, "a", Some("m1"), Some(1)), Some(1), "the echo may overtake the reply");
        assert_eq!(story.finish(1, send("a", 1)), Some(1));
        assert_eq!(story.receive(Topic::Message, "a", Some("other"), None), Some(5));
        assert_eq!(story.receive(Topic::Seen, "a", Some("m1"), None), Some(1));
        assert_eq!(story.receive(Topic::Delivered, "b", None, None), Some(2), "a receipt for the whole room");
        assert_eq!(story.receive(Topic::Event, "b", None, None), None);
    }

    #[test]
    fn echo_without_the_id_of_the_send_may_overtake_the_reply() {
        let mut story = Story::default();
        assert_eq!(story.start(1, send("a", 1)), Some(1));
        assert_eq!(story.receive(Topic::Message, "a", Some("m1"), None), Some(2));
        assert_eq!(story.finish(1, RecordSubject { message: Some(MessageId::new("m1")), ..send("a", 1) }), Some(1));
        assert_eq!(story.groups.root(GroupId(2)), GroupId(1));
        assert_eq!(story.receive(Topic::Seen, "a", Some("m1"), None), Some(1));
    }

    #[test]
    fn repeated_send_stays_in_its_group() {
        let mut story = Story::default();
        story.start(1, send("a", 1));
        story.finish(1, send("a", 1));
        assert_eq!(story.start(2, send("a", 1)), Some(1));
        assert_eq!(story.finish(2, RecordSubject::default()), Some(1));
    }

    #[test]
    fn memory_of_ids_is_bounded() {
        let mut story = Story::default();
        for call in 0..100_000 {
            story.start(call, RecordSubject::default());
        }
        assert!(story.groups.of.len() <= MAX_IDS);
    }
}
