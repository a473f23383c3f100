//! The events of all accounts' servers, merged for the event loop.

use futures_util::future::select_all;

use crate::app::Event;
use crate::net::FeedReceiver;

/// The events of all accounts' servers. Each account keeps its own order; accounts take turns.
#[derive(Default)]
pub struct Feeds {
    open: Vec<FeedReceiver>,
    /// Index of the feed that is read next.
    next: usize,
}

impl From<FeedReceiver> for Feeds {
    fn from(feed: FeedReceiver) -> Self {
        Self { open: vec![feed], next: 0 }
    }
}

impl Feeds {
    /// Adds the events of another account.
    pub fn add(&mut self, feed: FeedReceiver) {
        self.open.push(feed);
    }

    /// Returns the next event if one is available.
    pub(super) fn try_next(&mut self) -> Option<Event> {
        for _ in 0..self.open.len() {
            let turn = self.next % self.open.len();
            self.next = turn + 1;
            let feed = &mut self.open[turn];
            if let Some(event) = feed.try_recv() {
                return Some(Event::Server(feed.account(), event));
            }
        }
        None
    }

    /// Makes [`Self::next`] wait for many live events, or for one of another kind, instead of for any event.
    pub(super) fn set_patient(&mut self, is_patient: bool) {
        self.open.iter_mut().for_each(|feed| feed.set_patient(is_patient));
    }

    /// Whether events of the current batch are left. Newer events are not considered.
    pub(super) fn has_waiting(&self) -> bool {
        self.open.iter().any(FeedReceiver::has_more)
    }

    /// Waits for the next event. Never returns once all connections are closed and all events are read. Cancel safe.
    pub(super) async fn next(&mut self) -> Event {
        loop {
            let closed = match self.open.as_mut_slice() {
                [] => return std::future::pending().await,
                [only] => match only.recv().await {
                    Some(event) => return Event::Server(only.account(), event),
                    None => 0,
                },
                several => {
                    let waits = several.iter_mut().map(|feed| {
                        Box::pin(async {
                            let event = feed.recv().await;
                            (feed.account(), event)
                        })
                    });
                    let ((account, event), place, _) = select_all(waits).await;
                    match event {
                        Some(event) => return Event::Server(account, event),
                        None => place,
                    }
                }
            };
            self.open.remove(closed);
        }
    }
}
