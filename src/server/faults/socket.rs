//! The frames that a socket with faults has not sent yet. Pure: the time is an argument.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Buf, Bytes};
use tokio::time::Instant;

use super::fault_control::Active;
use super::frame::{disconnect_packet, event};
use super::planner::{EventFault, EventPlan, Planner, socket_rate};

/// Time that a reordered event waits for one that it could follow.
const MAX_WAIT: Duration = Duration::from_secs(1);
/// Bytes from which on the socket accepts no more.
const MAX_QUEUED: usize = 4 << 20;

/// How faults end a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// It stays open, but nothing is sent or received any more.
    HalfOpen,
    /// It is closed.
    Closed,
}

/// Bytes to be sent.
#[derive(Debug)]
struct Outgoing {
    bytes: Bytes,
    due: Instant,
    /// Whether the connection is closed after them.
    closes: bool,
}

/// The faults of a socket, and what it has not sent yet.
#[derive(Debug)]
pub(super) struct SocketFaults {
    /// The faults in force. Once there are none, only the queue is sent.
    active: Option<Arc<Active>>,
    number: u64,
    planner: Planner,
    queue: VecDeque<Outgoing>,
    queued_bytes: usize,
    /// An event that waits for the next one, and until when.
    held: Option<(Bytes, Instant)>,
    /// Whether nothing more is sent.
    is_stalled: bool,
    /// When the connection becomes half-open, and by which rule.
    half_open: Option<(Instant, usize)>,
    /// When the connection is closed, and by which rule.
    close: Option<(Instant, usize)>,
}

impl SocketFaults {
    /// Puts faults in force on the socket with this number.
    pub(super) fn new(active: Arc<Active>, number: u64, now: Instant) -> Self {
        let planner = Planner::of_socket(&active.rules, active.seed, number);
        let mut faults = Self {
            active: None,
            number,
            planner,
            queue: VecDeque::new(),
            queued_bytes: 0,
            held: None,
            is_stalled: false,
            half_open: None,
            close: None,
        };
        faults.activate(active, now);
        faults
    }

    fn activate(&mut self, active: Arc<Active>, now: Instant) {
        self.planner = Planner::of_socket(&active.rules, active.seed, self.number);
        self.half_open = self.planner.half_open(&active.rules).map(|(after, rule)| (now + after, rule));
        self.close = self.planner.close(&active.rules).map(|(after, rule)| (now + after, rule));
        if let Some((_, rule)) = socket_rate(&active.rules) {
            active.on_socket_fault(rule, self.number, "socket");
        }
        self.active = Some(active);
    }

    /// Replaces the faults. What they have delayed is sent at once; a socket that has stalled stays so.
    pub(super) fn replace(&mut self, active: Option<Arc<Active>>, now: Instant) {
        self.hurry(now);
        (self.active, self.half_open, self.close) = (None, None, None);
        if let Some(active) = active {
            self.activate(active, now);
        }
    }

    /// Makes everything due that waits.
    pub(super) fn hurry(&mut self, now: Instant) {
        if let Some((frame, _)) = self.held.take() {
            self.push(frame, now, false);
        }
        self.queue.iter_mut().for_each(|outgoing| outgoing.due = now);
    }

    /// Bytes per second, if the faults limit them.
    pub(super) fn rate(&self) -> Option<u32> {
        socket_rate(&self.active.as_ref()?.rules).map(|(rate, _)| rate)
    }

    /// Whether there is nothing left to do: the socket can go on without faults.
    pub(super) fn is_over(&self) -> bool {
        self.active.is_none() && self.queue.is_empty() && !self.is_stalled
    }

    /// Whether so much is queued that the socket should accept no more.
    pub(super) fn is_full(&self) -> bool {
        self.queued_bytes > MAX_QUEUED
    }

    /// Adds bytes that are no whole frame. They are sent unchanged.
    pub(super) fn add_bytes(&mut self, bytes: &[u8], now: Instant) {
        self.push(Bytes::copy_from_slice(bytes), now, false);
    }

    /// Adds a frame, and applies the faults of its event.
    pub(super) fn add_frame(&mut self, frame: Vec<u8>, now: Instant) {
        let frame = Bytes::from(frame);
        let (Some(active), Some(event)) = (self.active.clone(), event(&frame)) else {
            self.push(frame, now, false);
            return;
        };
        let EventPlan { delay, fault, fired } = self.planner.plan_event(&active.rules, event.name, event.is_ack);
        for rule in fired {
            active.on_socket_fault(rule, self.number, event.name);
        }
        let due = now + delay;
        match fault {
            Some(EventFault::Drop) => return,
            Some(EventFault::Stall) => {
                // What comes before the event has been sent.
                self.is_stalled = true;
                return;
            }
            Some(EventFault::Reorder) if self.held.is_none() => {
                self.held = Some((frame, due + MAX_WAIT));
                return;
            }
            Some(EventFault::Truncate) => {
                let half = frame.len() / 2;
                self.push(frame.slice(..half), due, true);
                return;
            }
            Some(EventFault::Dup) => {
                self.push(frame.clone(), due, false);
                self.push(frame, due, false);
            }
            Some(EventFault::Disconnect) => {
                self.push(frame, due, false);
                self.push(disconnect_packet().into(), due, false);
            }
            Some(EventFault::Reorder) | None => self.push(frame, due, false),
        }
        if let Some((held, _)) = self.held.take() {
            self.push(held, due, false);
        }
    }

    /// Queues bytes behind all others.
    fn push(&mut self, bytes: Bytes, due: Instant, closes: bool) {
        if self.is_stalled {
            return;
        }
        let due = self.queue.back().map_or(due, |last| last.due.max(due));
        self.queued_bytes += bytes.len();
        self.queue.push_back(Outgoing { bytes, due, closes });
    }

    /// Notes the time. Returns how the connection ends, if it does.
    pub(super) fn on_time(&mut self, now: Instant) -> Option<End> {
        if let Some((held, _)) = self.held.take_if(|(_, until)| *until <= now) {
            self.push(held, now, false);
        }
        for (at, end) in [(&mut self.half_open, End::HalfOpen), (&mut self.close, End::Closed)] {
            if let Some((_, rule)) = at.take_if(|(at, _)| *at <= now) {
                if let Some(active) = &self.active {
                    active.on_socket_fault(rule, self.number, "socket");
                }
                return Some(end);
            }
        }
        None
    }

    /// The next bytes that are due.
    pub(super) fn due_bytes(&self, now: Instant) -> Option<Bytes> {
        self.queue.front().filter(|next| next.due <= now).map(|next| next.bytes.clone())
    }

    /// Notes that this many of the next bytes were sent. Returns whether the connection is to be closed.
    pub(super) fn on_sent(&mut self, count: usize) -> bool {
        let Some(next) = self.queue.front_mut() else { return false };
        next.bytes.advance(count);
        self.queued_bytes -= count;
        if next.bytes.has_remaining() {
            return false;
        }
        self.queue.pop_front().is_some_and(|sent| sent.closes)
    }

    /// Whether nothing waits to be sent.
    pub(super) fn is_empty(&self) -> bool {
        self.queue.is_empty()
    }

    /// When something happens without being caused by a client.
    pub(super) fn deadline(&self) -> Option<Instant> {
        let queue = self.queue.front().map(|next| next.due);
        let held = self.held.as_ref().map(|(_, until)| *until);
        let ends = [self.half_open, self.close].into_iter().flatten().map(|(at, _)| at);
        ends.chain(queue).chain(held).min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::faults::{FaultControl, FaultRules};
    use crate::server::options::Service;

    /// A socket with these faults.
    fn socket(text: &str, now: Instant) -> SocketFaults {
        let rules: FaultRules = text.parse().unwrap();
        SocketFaults::new(FaultControl::new(Service::MinChat, rules, 1).current().unwrap(), 1, now)
    }

    fn frame(text: &str) -> Vec<u8> {
        [&[0x81, text.len() as u8], text.as_bytes()].concat()
    }

    /// Adds an event with a single character as its name.
    fn add(socket: &mut SocketFaults, names: &str, now: Instant) {
        names.chars().for_each(|name| socket.add_frame(frame(&format!("42[\"{name}\"]")), now));
    }

    /// Sends what is due, and returns the names of the events; `-` is a disconnection, `!` the end of the connection.
    fn sent(socket: &mut SocketFaults, now: Instant) -> String {
        let mut names = String::new();
        while let Some(bytes) = socket.due_bytes(now) {
            let (text, count) = (String::from_utf8_lossy(&bytes[2..]).into_owned(), bytes.len());
            names.push(if text == "41" { '-' } else { text.chars().nth(4).unwrap_or('?') });
            if socket.on_sent(count) {
                names.push('!');
            }
        }
        names
    }

    /// What arrives of the events `a` to `f` with these faults.
    fn outcome(text: &str) -> String {
        let now = Instant::now();
        let mut socket = socket(text, now);
        add(&mut socket, "abcdef", now);
        sent(&mut socket, now)
    }

    #[test]
    fn each_fault_changes_what_arrives() {
        for (text, expected) in [
            ("429=100%", "abcdef"),
            ("drop=1/3", "abde"),
            ("drop@c=100%", "abdef"),
            ("dup=1/3", "abccdeff"),
            ("reorder@c=100%", "abdcef"),
            ("reorder=1/2", "acbed"),
            ("disconnect@c=100%", "abc-def"),
            ("stall@c=100%", "ab"),
        ] {
            assert_eq!(outcome(text), expected, "{text}");
        }
        assert!(outcome("truncate@c=100%").starts_with("ab"), "{}", outcome("truncate@c=100%"));
        assert!(outcome("truncate@c=100%").contains('!'));
    }

    #[test]
    fn reordered_event_without_a_successor_is_sent_late() {
        let now = Instant::now();
        let mut socket = socket("reorder=100%", now);
        add(&mut socket, "a", now);
        assert_eq!((sent(&mut socket, now), socket.deadline()), (String::new(), Some(now + MAX_WAIT)));
        assert_eq!(socket.on_time(now + MAX_WAIT), None);
        assert_eq!(sent(&mut socket, now + MAX_WAIT), "a");
    }

    #[test]
    fn delayed_event_delays_those_behind_it() {
        let now = Instant::now();
        let mut socket = socket("latency@a=2s", now);
        add(&mut socket, "ab", now);
        socket.add_frame(frame("2"), now);
        assert_eq!((sent(&mut socket, now), socket.deadline()), (String::new(), Some(now + Duration::from_secs(2))));
        assert_eq!(sent(&mut socket, now + Duration::from_secs(2)), "ab?");
    }

    #[test]
    fn end_of_the_faults_sends_what_waits() {
        let now = Instant::now();
        let mut socket = socket("latency=2s,reorder@c=100%", now);
        add(&mut socket, "abc", now);
        socket.replace(None, now);
        assert_eq!((sent(&mut socket, now), socket.is_over()), ("abc".to_owned(), true));
    }

    #[test]
    fn connection_ends_when_its_time_has_come() {
        let now = Instant::now();
        let mut half_open = socket("half-open=30s", now);
        assert_eq!(half_open.on_time(now + Duration::from_secs(29)), None);
        assert_eq!(half_open.on_time(now + Duration::from_secs(30)), Some(End::HalfOpen));
        let mut closed = socket("close=1/min", now);
        let at = closed.deadline().unwrap();
        assert!((30..=90).contains(&(at - now).as_secs()));
        assert_eq!(closed.on_time(at), Some(End::Closed));
    }
}
