//! How long sends take, and how the connections do, computed from the records alone.

use std::collections::VecDeque;

use crate::domain::{AccountId, ConnectionStatus, Timestamp};

use super::group::{GroupId, Groups};
use super::record::{CallOutcome, Record, RecordKind};
use super::subject::Topic;

/// Number of the last sends that are counted.
pub const MAX_SENDS: usize = 100;

/// The steps of the last sends, and the state of the connections.
#[derive(Debug, Clone, Default)]
pub struct Latency {
    /// Number of the last record.
    last: u64,
    groups: Groups,
    sends: VecDeque<SendSteps>,
    connections: Vec<(AccountId, ConnectionFacts)>,
}

/// The steps of one send, in microseconds since it was started.
#[derive(Debug, Clone)]
struct SendSteps {
    account: AccountId,
    group: GroupId,
    started_at: u64,
    response: Option<u64>,
    echo: Option<u64>,
    seen: Option<u64>,
}

/// Facts about a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ConnectionFacts {
    /// Arrival of the last packet or reply.
    pub last_received: Option<Timestamp>,
    /// Number of times that the connection was made, after the first one.
    pub reconnects: u32,
    /// Number of calls without a reply so far.
    pub running_calls: usize,
    was_online: bool,
}

/// Half and almost all of some durations are at most as long as this, in microseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Percentiles {
    /// Median.
    pub p50: u64,
    /// 95th percentile.
    pub p95: u64,
}

/// The durations of the last sends of an account, each since the send was started.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SendLatency {
    /// Until the response.
    pub response: Option<Percentiles>,
    /// Until the echo on the socket.
    pub echo: Option<Percentiles>,
    /// Until the first receipt of a reader.
    pub seen: Option<Percentiles>,
    /// The durations until the response, the newest at the end, in microseconds.
    pub responses: Vec<u64>,
}

impl Latency {
    /// Takes a record into account, unless it is known already.
    pub fn push(&mut self, record: &Record) {
        if record.seq <= self.last {
            return;
        }
        self.last = record.seq;
        let group = self.groups.assign(record);
        self.note_connection(record);
        let (Some(group), Some(topic)) = (group, record.subject.topic) else { return };
        if let (RecordKind::CallStarted(_), Topic::Send) = (&record.kind, topic)
            && self.send_of(group).is_none()
        {
            let (account, started_at) = (record.account, record.at.micros);
            self.sends.push_back(SendSteps { account, group, started_at, response: None, echo: None, seen: None });
            if self.sends.len() > MAX_SENDS {
                self.sends.pop_front();
            }
            return;
        }
        let at = record.at.micros;
        let Some(send) = self.send_of(group) else { return };
        let elapsed = Some(at.saturating_sub(send.started_at));
        match (&record.kind, topic) {
            (RecordKind::CallFinished { outcome: CallOutcome::Reply { status: 200..300, .. }, .. }, Topic::Send) => {
                send.response = send.response.or(elapsed);
            }
            (RecordKind::Received { .. }, Topic::Message) => send.echo = send.echo.or(elapsed),
            (RecordKind::Received { .. }, Topic::Seen) => send.seen = send.seen.or(elapsed),
            _ => {}
        }
    }

    fn send_of(&mut self, group: GroupId) -> Option<&mut SendSteps> {
        let groups = &self.groups;
        self.sends.iter_mut().rev().find(|send| groups.root(send.group) == group)
    }

    fn note_connection(&mut self, record: &Record) {
        let place = self.connections.iter().position(|(account, _)| *account == record.account);
        let place = place.unwrap_or_else(|| {
            self.connections.push((record.account, ConnectionFacts::default()));
            self.connections.len() - 1
        });
        let facts = &mut self.connections[place].1;
        match &record.kind {
            RecordKind::CallStarted(_) => facts.running_calls += 1,
            RecordKind::CallFinished { outcome, .. } => {
                facts.running_calls = facts.running_calls.saturating_sub(1);
                if let CallOutcome::Reply { .. } = outcome {
                    facts.last_received = Some(record.at.wall);
                }
            }
            RecordKind::Received { .. } => facts.last_received = Some(record.at.wall),
            RecordKind::Connection(ConnectionStatus::Online) => {
                facts.reconnects += u32::from(std::mem::replace(&mut facts.was_online, true));
            }
            RecordKind::Opening(_) | RecordKind::Emitted { .. } | RecordKind::Connection(_) => {}
        }
    }

    /// Returns what is known about the connection of an account.
    pub fn connection(&self, account: AccountId) -> ConnectionFacts {
        let found = self.connections.iter().find(|(other, _)| *other == account);
        found.map(|(_, facts)| *facts).unwrap_or_default()
    }

    /// Returns the durations of the last sends of an account.
    pub fn sends(&self, account: AccountId) -> SendLatency {
        let sends = || self.sends.iter().filter(|send| send.account == account);
        SendLatency {
            response: percentiles(sends().filter_map(|send| send.response)),
            echo: percentiles(sends().filter_map(|send| send.echo)),
            seen: percentiles(sends().filter_map(|send| send.seen)),
            responses: sends().filter_map(|send| send.response).collect(),
        }
    }
}

/// Returns the percentiles by the nearest rank; `None` if there is no duration.
fn percentiles(durations: impl Iterator<Item = u64>) -> Option<Percentiles> {
    let mut sorted: Vec<u64> = durations.collect();
    sorted.sort_unstable();
    let rank = |percent: usize| sorted.get((sorted.len() * percent).div_ceil(100).checked_sub(1)?).copied();
    Some(Percentiles { p50: rank(50)?, p95: rank(95)? })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::{LocalId, MessageId, RoomId};
    use crate::wire::{CallBody, CallNumber, Moment, Payload, RecordSubject, StartedCall};

    const ACCOUNT: AccountId = AccountId(0);

    #[derive(Default)]
    struct Story {
        latency: Latency,
        seq: u64,
        now: u64,
    }

    impl Story {
        fn record(&mut self, subject: RecordSubject, kind: RecordKind) {
            self.seq += 1;
            let wall = Timestamp(i64::try_from(self.now / 1_000).unwrap());
            let at = Moment { wall, micros: self.now };
            self.latency.push(&Record { seq: self.seq, at, account: ACCOUNT, subject, kind });
        }

        fn wait(&mut self, micros: u64) {
            self.now += micros;
        }

        fn start(&mut self, number: u64) {
            let call = StartedCall {
                call: CallNumber(number),
                method: "POST",
                base: "".into(),
                path: "".into(),
                query: Vec::new(),
                headers: Vec::new(),
                body: CallBody::Empty,
            };
            self.record(send(number), RecordKind::CallStarted(Box::new(call)));
        }

        fn finish(&mut self, number: u64, status: u16) {
            let outcome = CallOutcome::Reply { status, body: Payload::default(), problem: None };
            let subject = RecordSubject { message: Some(message(number)), ..send(number) };
            self.record(subject, RecordKind::CallFinished { call: CallNumber(number), micros: 0, outcome });
        }

        fn receive(&mut self, topic: Topic, number: u64) {
            let subject =
                RecordSubject { topic: Some(topic), message: Some(message(number)), ..RecordSubject::default() };
            self.record(subject, RecordKind::Received { payload: Payload::default(), problem: None });
        }
    }

    fn message(number: u64) -> MessageId {
        MessageId::new(&number.to_string())
    }

    fn send(number: u64) -> RecordSubject {
        let local = Some(LocalId::from_random(number.into()));
        RecordSubject { topic: Some(Topic::Send), room: Some(RoomId::new("r")), local, message: None }
    }

    fn both(micros: u64) -> Option<Percentiles> {
        Some(Percentiles { p50: micros, p95: micros })
    }

    #[test]
    fn steps_of_a_send_are_measured_from_its_start() {
        let mut story = Story::default();
        story.wait(5_000);
        story.start(1);
        assert_eq!(story.latency.connection(ACCOUNT).running_calls, 1);
        story.wait(300);
        story.finish(1, 201);
        story.wait(20);
        story.receive(Topic::Message, 1);
        story.wait(1_000_000);
        story.receive(Topic::Seen, 1);
        story.wait(1_000_000);
        story.receive(Topic::Seen, 1);
        let sends = story.latency.sends(ACCOUNT);
        assert_eq!((sends.response, sends.echo, sends.seen), (both(300), both(320), both(1_000_320)));
        assert_eq!(sends.responses, [300]);
        let connection = story.latency.connection(ACCOUNT);
        assert_eq!((connection.running_calls, connection.last_received), (0, Some(Timestamp(2_005))));
        assert_eq!(story.latency.sends(AccountId(1)), SendLatency::default());
    }

    #[test]
    fn echo_may_overtake_the_response() {
        let mut story = Story::default();
        story.start(1);
        story.wait(200);
        story.receive(Topic::Message, 1);
        story.wait(100);
        story.finish(1, 200);
        let sends = story.latency.sends(ACCOUNT);
        assert_eq!(sends.response, both(300));
    }

    #[test]
    fn refused_and_repeated_sends_count_once() {
        let mut story = Story::default();
        story.start(1);
        story.wait(100);
        story.finish(1, 429);
        story.wait(900);
        story.start(1);
        story.wait(100);
        story.finish(1, 200);
        assert_eq!(story.latency.sends(ACCOUNT).responses, [1_100]);
    }

    #[test]
    fn only_the_last_sends_count() {
        let mut story = Story::default();
        for number in 1..=250 {
            story.start(number);
            story.wait(number);
            story.finish(number, 200);
        }
        let sends = story.latency.sends(ACCOUNT);
        assert_eq!(sends.responses.len(), MAX_SENDS);
        assert_eq!(sends.response, Some(Percentiles { p50: 200, p95: 245 }));
    }

    #[test]
    fn reconnects_are_counted_after_the_first_connection() {
        let mut story = Story::default();
        for _ in 0..3 {
            story.record(RecordSubject::default(), RecordKind::Connection(ConnectionStatus::Connecting));
            story.record(RecordSubject::default(), RecordKind::Connection(ConnectionStatus::Online));
        }
        assert_eq!(story.latency.connection(ACCOUNT).reconnects, 2);
    }

    proptest! {
        #[test]
        fn percentiles_are_durations_that_occurred(durations in prop::collection::vec(0..1_000u64, 1..120)) {
            let Percentiles { p50, p95 } = percentiles(durations.iter().copied()).unwrap();
            prop_assert!(durations.contains(&p50) && durations.contains(&p95) && p50 <= p95);
            let at_most = |limit| durations.iter().filter(|duration| **duration <= limit).count();
            prop_assert!(at_most(p50) * 2 >= durations.len() && at_most(p95) * 100 >= durations.len() * 95);
        }
    }
}
