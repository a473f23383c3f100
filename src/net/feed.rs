//! The queue of events from the network to the loop.
//!
//! A push never waits. Live events beyond the bound are dropped, and the loss becomes exactly one
//! [`ServerEvent::Gap`], in the place where the lost events would have stood. Answers are never dropped: each belongs
//! to one request, the reader of this queue is the one who asks, and the driver holds a bounded number of requests, so
//! they are bounded by what was asked for; changes of the link come a few an attempt. What a server says unasked and
//! nothing makes up for, such as a call that rings, has a bound of its own. Knows no socket.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use crate::domain::{AccountId, ServerEvent};

/// How many events the reader takes out at a time: few enough to hold the lock for microseconds, many enough that a
/// burst is not one lock and one wake-up an event.
const BATCH: usize = 256;

/// An idle queue keeps at most this much room.
const IDLE_ROOM: usize = 64;

/// Makes the queue of one account. At most `capacity` live events wait in it, and one batch at the reader.
pub fn feed(account: AccountId, capacity: usize) -> (FeedSender, FeedReceiver) {
    let queue = Queue { events: VecDeque::new(), lost: false, waiting: false, closed: false };
    let shared = Arc::new(Shared { queue: Mutex::new(queue), arrived: Notify::new(), capacity });
    (FeedSender { shared: Arc::clone(&shared) }, FeedReceiver { shared, batch: VecDeque::new(), account })
}

struct Shared {
    queue: Mutex<Queue>,
    arrived: Notify,
    capacity: usize,
}

struct Queue {
    events: VecDeque<ServerEvent>,
    /// Something was dropped after the last event in the queue, and no `Gap` says so yet.
    lost: bool,
    /// The reader sleeps and must be woken.
    waiting: bool,
    /// Nobody will push any more.
    closed: bool,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Queue> {
        // Nothing in here panics half-way through a change, so a poisoned queue is a whole one.
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The end that the network pushes into.
#[derive(Clone)]
pub struct FeedSender {
    shared: Arc<Shared>,
}

impl FeedSender {
    /// Hands an event to the loop, or drops it and remembers the loss. Never waits.
    pub fn push(&self, event: ServerEvent) {
        match &event {
            ServerEvent::Connection(link) => tracing::info!(?link, "connection"),
            ServerEvent::Failed { reason, .. } => tracing::warn!(%reason, "a request failed"),
            _ => {}
        }
        self.push_quietly(event);
        self.wake();
    }

    /// As [`FeedSender::push`], but leaves a sleeping reader asleep; `true` when it should be woken soon. In a burst
    /// one wake-up serves many events, and a wake-up costs more than an event.
    pub(super) fn push_quietly(&self, event: ServerEvent) -> bool {
        if let ServerEvent::Notice(text) = &event {
            tracing::warn!(%text, "the server says");
        }
        let mut queue = self.shared.lock();
        let most = match weight(&event) {
            Weight::Live => self.shared.capacity,
            Weight::Urgent => self.shared.capacity + URGENT,
            Weight::Answer => usize::MAX,
        };
        if queue.events.len() >= most {
            queue.lost = true;
            return queue.waiting;
        }
        // The gap goes before what came after it. With an answer it goes in even when full: the loop must see them in
        // this order, and it is one more event an answer at most.
        if queue.lost {
            queue.lost = false;
            queue.events.push_back(ServerEvent::Gap);
        }
        queue.events.push_back(event);
        queue.waiting
    }

    /// Wakes the reader if it sleeps.
    pub(super) fn wake(&self) {
        let waiting = std::mem::take(&mut self.shared.lock().waiting);
        if waiting {
            self.shared.arrived.notify_one();
        }
    }

    /// Ends the queue: the reader gets what is in it and then `None`.
    pub(super) fn close(&self) {
        self.shared.lock().closed = true;
        self.shared.arrived.notify_one();
    }
}

/// How many urgent events may wait beyond the bound of the others.
const URGENT: usize = 256;

/// What the loss of an event would mean.
enum Weight {
    /// Fetching again makes up for it.
    Live,
    /// Nothing makes up for it quite, but a server may say it at any time, and as often as it likes.
    Urgent,
    /// Somebody waits for it, who asked.
    Answer,
}

fn weight(event: &ServerEvent) -> Weight {
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
        | ServerEvent::Notice(_) => Weight::Live,
        ServerEvent::Kicked { .. }
        | ServerEvent::CallRings(_)
        | ServerEvent::CallAccepted { .. }
        | ServerEvent::CallEnded { .. } => Weight::Urgent,
        ServerEvent::Connection(_)
        | ServerEvent::SignedIn { .. }
        | ServerEvent::Clock { .. }
        | ServerEvent::Rooms { .. }
        | ServerEvent::Opened(_)
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
        | ServerEvent::Duplicate { .. }
        | ServerEvent::Done(_)
        | ServerEvent::Failed { .. }
        | ServerEvent::Gap => Weight::Answer,
    }
}

/// The end that the loop reads.
pub struct FeedReceiver {
    shared: Arc<Shared>,
    batch: VecDeque<ServerEvent>,
    account: AccountId,
}

impl FeedReceiver {
    /// Whose events these are.
    pub fn account(&self) -> AccountId {
        self.account
    }

    /// The next event, if one is here.
    pub fn try_recv(&mut self) -> Option<ServerEvent> {
        if self.batch.is_empty() {
            self.refill(&mut self.shared.clone().lock());
        }
        self.batch.pop_front()
    }

    /// Whether more of a batch is here already. Says nothing about what the network has pushed since.
    pub fn waits(&self) -> bool {
        !self.batch.is_empty()
    }

    /// The next event, once there is one; `None` when the connection is closed and everything is read. May be dropped
    /// while it waits, as a loop's select does: nothing is lost.
    pub async fn recv(&mut self) -> Option<ServerEvent> {
        loop {
            if let Some(event) = self.batch.pop_front() {
                return Some(event);
            }
            let shared = Arc::clone(&self.shared);
            {
                let mut queue = shared.lock();
                self.refill(&mut queue);
                if self.batch.is_empty() {
                    if queue.closed {
                        return None;
                    }
                    queue.waiting = true;
                }
            }
            if self.batch.is_empty() {
                shared.arrived.notified().await;
            }
        }
    }

    fn refill(&mut self, queue: &mut Queue) {
        let count = queue.events.len().min(BATCH);
        self.batch.extend(queue.events.drain(..count));
        if queue.events.is_empty() {
            if queue.lost {
                // Nothing came after the loss; it is still told, now that there is room.
                queue.lost = false;
                self.batch.push_back(ServerEvent::Gap);
            }
            if self.batch.is_empty() && queue.events.capacity() > IDLE_ROOM {
                queue.events.shrink_to(IDLE_ROOM);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{ConnectionStatus, MessageId, PersonId, RoomId};

    fn live(n: usize) -> ServerEvent {
        ServerEvent::Deleted(MessageId::new(&n.to_string()))
    }

    fn drain(receiver: &mut FeedReceiver) -> Vec<ServerEvent> {
        std::iter::from_fn(|| receiver.try_recv()).collect()
    }

    #[test]
    fn events_come_out_in_order() {
        let (sender, mut receiver) = feed(AccountId(3), 1000);
        for n in 0..1000 {
            sender.push(live(n));
        }
        assert_eq!(drain(&mut receiver), (0..1000).map(live).collect::<Vec<_>>());
        assert_eq!(receiver.account(), AccountId(3));
    }

    #[test]
    fn a_loss_is_one_gap_where_it_happened() {
        let (sender, mut receiver) = feed(AccountId(0), 2);
        for n in 0..5 {
            sender.push(live(n));
        }
        assert_eq!(drain(&mut receiver), [live(0), live(1), ServerEvent::Gap]);
        for n in 5..9 {
            sender.push(live(n));
        }
        assert_eq!(receiver.try_recv(), Some(live(5)));
        sender.push(live(9));
        sender.push(live(10));
        // 5 and 6 left the queue as one batch; 7 and 8 were lost before 9 came.
        assert_eq!(drain(&mut receiver), [live(6), ServerEvent::Gap, live(9), live(10)]);
    }

    #[test]
    fn an_answer_is_never_dropped_and_stands_after_the_gap() {
        let (sender, mut receiver) = feed(AccountId(0), 1);
        sender.push(live(0));
        sender.push(live(1));
        sender.push(ServerEvent::Connection(ConnectionStatus::Connecting));
        sender.push(live(2));
        let expected =
            [live(0), ServerEvent::Gap, ServerEvent::Connection(ConnectionStatus::Connecting), ServerEvent::Gap];
        assert_eq!(drain(&mut receiver), expected);
    }

    #[test]
    fn a_server_that_rings_without_end_fills_nothing() {
        let (sender, mut receiver) = feed(AccountId(0), 10);
        let kicked = || ServerEvent::Kicked { room: RoomId::new("r"), person: PersonId::new("p") };
        for n in 0..10_000 {
            sender.push(live(n));
            sender.push(kicked());
        }
        let told = drain(&mut receiver);
        assert!(told.len() <= 10 + URGENT + 1, "{} events wait", told.len());
        assert!(told.contains(&kicked()) && told.contains(&ServerEvent::Gap), "what was lost is fetched again");
    }

    #[tokio::test]
    async fn a_sleeping_reader_is_woken_and_told_of_the_end() {
        let (sender, mut receiver) = feed(AccountId(0), 10);
        let reader = tokio::spawn(async move { (receiver.recv().await, receiver.recv().await) });
        tokio::task::yield_now().await;
        sender.push(live(1));
        tokio::task::yield_now().await;
        sender.close();
        assert_eq!(reader.await.unwrap(), (Some(live(1)), None));
    }

    #[tokio::test]
    async fn a_read_that_is_given_up_loses_nothing() {
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
