//! The bounded queue of events from the network to the event loop.
//!
//! A push never waits. When the queue is full, live events are dropped, and exactly one [`ServerEvent::EventsLost`]
//! takes their place. Other events are treated differently, see [`Priority`]:
//!
//! - Answers to requests are never dropped. They are bounded by the number of requests that the driver accepts.
//! - Changes of the connection are never dropped. There are a few per attempt.
//! - Important events, such as incoming calls, cannot be fetched again, but the server may send any number of them. They
//!   have a small reserve of their own.
//!
//! A patient reader is not woken for live events until many of them wait: see [`FeedReceiver::set_patient`].

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use crate::domain::{AccountId, ServerEvent};
use crate::wire::Ring;

/// Maximum number of events that the reader takes at a time. Few enough to hold the lock for microseconds only, many
/// enough that a burst does not cost one lock and one wake-up per event.
const BATCH: usize = 256;

/// Capacity to which an empty queue shrinks, in events.
const IDLE_CAPACITY: usize = 64;

/// Number of important events that may wait in addition to the capacity for live events.
const IMPORTANT_RESERVE: usize = 256;

/// Number of live events that wake a patient reader. A small part of the capacity, so that none is lost.
const PATIENCE: usize = 512;

/// Creates the queue of one account. At most `capacity` live events wait in it, plus one batch at the reader.
pub fn feed(account: AccountId, capacity: usize) -> (FeedSender, FeedReceiver) {
    let queue = Queue { events: VecDeque::new(), lost: false, has_urgent: false, awaited: None, closed: false };
    let shared = Arc::new(Shared { account, capacity, queue: Mutex::new(queue), arrived: Notify::new() });
    let receiver = FeedReceiver { shared: Arc::clone(&shared), batch: VecDeque::new(), wakes_at: 1 };
    (FeedSender { shared, ring: None }, receiver)
}

struct Shared {
    account: AccountId,
    /// Maximum number of live events in the queue.
    capacity: usize,
    queue: Mutex<Queue>,
    arrived: Notify,
}

struct Queue {
    events: VecDeque<ServerEvent>,
    /// Whether events were dropped after the last event in the queue without being reported as `EventsLost` yet.
    lost: bool,
    /// Whether an event that is not a live one waits.
    has_urgent: bool,
    /// Number of events for which the reader waits, or fewer if one is urgent. `None` while it does not wait.
    awaited: Option<usize>,
    /// Whether no more events will be pushed.
    closed: bool,
}

impl Queue {
    /// Whether the reader waits for no more than there is.
    fn needs_reader(&self) -> bool {
        self.awaited.is_some_and(|count| self.has_urgent || self.events.len() >= count)
    }

    /// Gives the memory of a burst back.
    fn shrink(&mut self) {
        if self.events.is_empty() && self.events.capacity() > IDLE_CAPACITY {
            self.events.shrink_to(IDLE_CAPACITY);
        }
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Queue> {
        // No change of the queue can panic half-way, so a poisoned queue is consistent.
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The sending end, for the network.
#[derive(Clone)]
pub struct FeedSender {
    shared: Arc<Shared>,
    ring: Option<Arc<Ring>>,
}

impl FeedSender {
    /// Returns the account whose events these are.
    pub fn account(&self) -> AccountId {
        self.shared.account
    }

    /// Makes the connection record what goes over the wire into `ring`.
    pub fn recording_into(self, ring: Arc<Ring>) -> Self {
        Self { ring: Some(ring), ..self }
    }

    /// Returns where the connection records what goes over the wire, if it does.
    pub(super) fn ring(&self) -> Option<Arc<Ring>> {
        self.ring.clone()
    }

    /// Appends an event, or drops it and remembers the loss. Never waits.
    pub fn push(&self, event: ServerEvent) {
        match &event {
            ServerEvent::Connection(status) => tracing::info!(?status, "connection"),
            ServerEvent::Failed { reason, .. } => tracing::warn!(%reason, "a request failed"),
            _ => {}
        }
        self.push_without_wakeup(event);
        self.wake();
    }

    /// Appends an event without waking the reader. Returns whether it should be woken soon. A wake-up costs more than
    /// an event, so in a burst one wake-up should serve many events.
    pub(super) fn push_without_wakeup(&self, event: ServerEvent) -> bool {
        if let ServerEvent::Notice(text) = &event {
            tracing::warn!(%text, "notice from the server");
        }
        let mut queue = self.shared.lock();
        let priority = priority(&event);
        let limit = match priority {
            Priority::Replaceable => self.shared.capacity,
            Priority::Important => self.shared.capacity + IMPORTANT_RESERVE,
            Priority::Guaranteed => usize::MAX,
        };
        if queue.events.len() >= limit {
            queue.lost = true;
            return queue.needs_reader();
        }
        // The loss is reported before the first event after it, even if that is an answer and the queue is full: the
        // event loop has to see both in this order. That adds at most one event per answer.
        if queue.lost {
            queue.lost = false;
            queue.events.push_back(ServerEvent::EventsLost);
        }
        queue.events.push_back(event);
        queue.has_urgent |= !matches!(priority, Priority::Replaceable);
        queue.needs_reader()
    }

    /// Reports that an event was lost on the way to the queue.
    pub(super) fn lose(&self) {
        let mut queue = self.shared.lock();
        queue.lost = true;
        // As if the event that reports it were in the queue already.
        queue.has_urgent = true;
        drop(queue);
        self.wake();
    }

    /// Wakes the reader if it waits for what is in the queue.
    pub(super) fn wake(&self) {
        let mut queue = self.shared.lock();
        if queue.needs_reader() {
            queue.awaited = None;
            // Otherwise the reader would have to wait for the lock at once.
            drop(queue);
            self.shared.arrived.notify_one();
        }
    }

    /// Closes the queue. The reader gets the events that are left, then `None`.
    pub(super) fn close(&self) {
        self.shared.lock().closed = true;
        self.shared.arrived.notify_one();
    }
}

/// Priority of an event when the queue is full.
enum Priority {
    /// May be dropped: the loss is repaired by fetching the data again.
    Replaceable,
    /// Dropped only when the reserve is used up as well. Fetching does not fully repair the loss, but the server may
    /// send such events at any time and without limit.
    Important,
    /// Never dropped: the answer to a request, or a change of the connection.
    Guaranteed,
}

fn priority(event: &ServerEvent) -> Priority {
    match event {
        ServerEvent::Message(_)
        | ServerEvent::Edited(_)
        | ServerEvent::Deleted(_)
        | ServerEvent::Revoked { .. }
        | ServerEvent::Seen(_)
        | ServerEvent::RoomChanged(_)
        | ServerEvent::RoomRenamed { .. }
        | ServerEvent::RoomSeen { .. }
        | ServerEvent::RoomDelivered { .. }
        | ServerEvent::BlockChanged(_)
        | ServerEvent::Progress { .. }
        | ServerEvent::Typing { .. }
        | ServerEvent::Presence { .. }
        | ServerEvent::LastSeen { .. }
        | ServerEvent::AgentAction { .. }
        | ServerEvent::Notice(_) => Priority::Replaceable,
        ServerEvent::Kicked { .. }
        | ServerEvent::IncomingCall(_)
        | ServerEvent::CallAccepted { .. }
        | ServerEvent::CallEnded { .. } => Priority::Important,
        ServerEvent::Connection(_)
        | ServerEvent::Silence(_)
        | ServerEvent::Paused(_)
        | ServerEvent::SignedIn { .. }
        | ServerEvent::ClockSkew { .. }
        | ServerEvent::Rooms { .. }
        | ServerEvent::RoomOpened(_)
        | ServerEvent::History { .. }
        | ServerEvent::Accepted { .. }
        | ServerEvent::Person { .. }
        | ServerEvent::MemberAdded { .. }
        | ServerEvent::MemberRemoved { .. }
        | ServerEvent::RoomDeleted(_)
        | ServerEvent::Stars { .. }
        | ServerEvent::SeenBy { .. }
        | ServerEvent::People { .. }
        | ServerEvent::Members { .. }
        | ServerEvent::Membership { .. }
        | ServerEvent::FoundRooms { .. }
        | ServerEvent::CallStarted { .. }
        | ServerEvent::Calls(_)
        | ServerEvent::CallAccess { .. }
        | ServerEvent::Shared { .. }
        | ServerEvent::Duplicate { .. }
        | ServerEvent::Done(_)
        | ServerEvent::Failed { .. }
        | ServerEvent::EventsLost => Priority::Guaranteed,
    }
}

/// The receiving end, for the event loop.
pub struct FeedReceiver {
    shared: Arc<Shared>,
    /// Events that were taken out of the queue but not returned yet.
    batch: VecDeque<ServerEvent>,
    /// Number of live events that wake it.
    wakes_at: usize,
}

impl FeedReceiver {
    /// Returns the account whose events these are.
    pub fn account(&self) -> AccountId {
        self.shared.account
    }

    /// Returns the next event, if there is one.
    pub fn try_recv(&mut self) -> Option<ServerEvent> {
        if self.batch.is_empty() {
            self.refill(&mut self.shared.clone().lock());
        }
        self.batch.pop_front()
    }

    /// Whether the current batch contains more events. Ignores events that were pushed since.
    pub fn has_more(&self) -> bool {
        !self.batch.is_empty()
    }

    /// Makes [`Self::recv`] wait for many live events, or for one of another kind, instead of for any event. A wake-up
    /// costs more than an event, so a reader that has to wait anyway saves most of them in a burst.
    pub fn set_patient(&mut self, is_patient: bool) {
        self.wakes_at = if is_patient { PATIENCE } else { 1 };
    }

    /// Waits for the next event. Returns `None` when the connection is closed and all events have been read.
    /// Cancel-safe: dropping the future loses no event.
    pub async fn recv(&mut self) -> Option<ServerEvent> {
        loop {
            if let Some(event) = self.batch.pop_front() {
                return Some(event);
            }
            let shared = Arc::clone(&self.shared);
            {
                let mut queue = shared.lock();
                queue.awaited = Some(self.wakes_at);
                if queue.closed || queue.needs_reader() {
                    queue.awaited = None;
                    self.refill(&mut queue);
                    // Only a closed queue has nothing to read.
                    return self.batch.pop_front();
                }
                queue.shrink();
            }
            shared.arrived.notified().await;
        }
    }

    fn refill(&mut self, queue: &mut Queue) {
        let count = queue.events.len().min(BATCH);
        self.batch.extend(queue.events.drain(..count));
        if queue.events.is_empty() {
            queue.has_urgent = false;
            if queue.lost {
                // No event came after the loss. It is reported now that the queue is empty.
                queue.lost = false;
                self.batch.push_back(ServerEvent::EventsLost);
            }
            if self.batch.is_empty() {
                queue.shrink();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::pin::Pin;
    use std::task::{Context, Waker};

    use super::*;
    use crate::domain::{ConnectionStatus, MessageId, PersonId, RoomId};

    fn live(n: usize) -> ServerEvent {
        ServerEvent::Deleted(MessageId::new(&n.to_string()))
    }

    fn is_pending(recv: Pin<&mut impl Future>) -> bool {
        recv.poll(&mut Context::from_waker(Waker::noop())).is_pending()
    }

    fn drain(receiver: &mut FeedReceiver) -> Vec<ServerEvent> {
        std::iter::from_fn(|| receiver.try_recv()).collect()
    }

    #[test]
    fn events_arrive_in_order() {
        let (sender, mut receiver) = feed(AccountId(3), 1000);
        for n in 0..1000 {
            sender.push(live(n));
        }
        assert_eq!(drain(&mut receiver), (0..1000).map(live).collect::<Vec<_>>());
        assert_eq!(receiver.account(), AccountId(3));
    }

    #[test]
    fn loss_is_reported_once_in_its_place() {
        let (sender, mut receiver) = feed(AccountId(0), 2);
        for n in 0..5 {
            sender.push(live(n));
        }
        assert_eq!(drain(&mut receiver), [live(0), live(1), ServerEvent::EventsLost]);
        for n in 5..9 {
            sender.push(live(n));
        }
        assert_eq!(receiver.try_recv(), Some(live(5)));
        sender.push(live(9));
        sender.push(live(10));
        // 5 and 6 left the queue as one batch; 7 and 8 were lost before 9 was pushed.
        assert_eq!(drain(&mut receiver), [live(6), ServerEvent::EventsLost, live(9), live(10)]);
    }

    #[test]
    fn answer_is_never_dropped_and_follows_the_loss() {
        let (sender, mut receiver) = feed(AccountId(0), 1);
        sender.push(live(0));
        sender.push(live(1));
        sender.push(ServerEvent::Connection(ConnectionStatus::Connecting));
        sender.push(live(2));
        let expected = [
            live(0),
            ServerEvent::EventsLost,
            ServerEvent::Connection(ConnectionStatus::Connecting),
            ServerEvent::EventsLost,
        ];
        assert_eq!(drain(&mut receiver), expected);
    }

    #[test]
    fn flood_of_important_events_is_bounded() {
        let (sender, mut receiver) = feed(AccountId(0), 10);
        let kicked = || ServerEvent::Kicked { room: RoomId::new("r"), person: PersonId::new("p") };
        for n in 0..10_000 {
            sender.push(live(n));
            sender.push(kicked());
        }
        let events = drain(&mut receiver);
        assert!(events.len() <= 10 + IMPORTANT_RESERVE + 1, "{} events wait", events.len());
        assert!(events.contains(&kicked()) && events.contains(&ServerEvent::EventsLost), "the loss is reported");
    }

    #[tokio::test]
    async fn sleeping_reader_is_woken_by_event_and_close() {
        let (sender, mut receiver) = feed(AccountId(0), 10);
        let reader = tokio::spawn(async move { (receiver.recv().await, receiver.recv().await) });
        tokio::task::yield_now().await;
        sender.push(live(1));
        tokio::task::yield_now().await;
        sender.close();
        assert_eq!(reader.await.unwrap(), (Some(live(1)), None));
    }

    #[tokio::test]
    async fn patient_reader_waits_for_many_live_events_or_an_urgent_one() {
        let (sender, mut receiver) = feed(AccountId(0), 1000);
        receiver.set_patient(true);
        let urgent = || ServerEvent::Connection(ConnectionStatus::Connecting);
        for (live_events, last) in [(PATIENCE - 1, live(PATIENCE - 1)), (5, urgent())] {
            let events: Vec<_> = (0..live_events).map(live).collect();
            {
                let mut recv = std::pin::pin!(receiver.recv());
                for event in events.clone() {
                    assert!(is_pending(recv.as_mut()));
                    sender.push(event);
                }
                assert!(is_pending(recv.as_mut()));
                sender.push(last.clone());
                assert_eq!(recv.await, Some(live(0)));
            }
            assert_eq!(drain(&mut receiver), [&events[1..], &[last]].concat());
        }
        sender.push(live(1));
        assert!(is_pending(std::pin::pin!(receiver.recv())));
        receiver.set_patient(false);
        assert_eq!(receiver.recv().await, Some(live(1)), "what waited is not forgotten");
        receiver.set_patient(true);
        sender.push(live(2));
        sender.close();
        assert_eq!((receiver.recv().await, receiver.recv().await), (Some(live(2)), None));
    }

    #[tokio::test]
    async fn memory_of_a_burst_is_given_back() {
        let (sender, mut receiver) = feed(AccountId(0), 10_000);
        for n in 0..10_000 {
            sender.push(live(n));
        }
        let capacity = |sender: &FeedSender| sender.shared.lock().events.capacity();
        for n in 0..10_000 {
            assert_eq!(receiver.recv().await, Some(live(n)));
        }
        assert!(capacity(&sender) >= 10_000, "a burst may go on");
        assert!(is_pending(std::pin::pin!(receiver.recv())));
        assert!(capacity(&sender) <= IDLE_CAPACITY);
    }

    #[tokio::test]
    async fn cancelled_read_loses_no_event() {
        let (sender, mut receiver) = feed(AccountId(0), 10);
        tokio::select! {
            biased;
            _ = receiver.recv() => panic!("nothing was pushed"),
            () = tokio::task::yield_now() => {}
        }
        sender.push(live(1));
        assert_eq!(receiver.recv().await, Some(live(1)));
    }
}
