//! The results of background work, on their way to the event loop.

use tokio::sync::mpsc;

use crate::app::Event;

/// Capacity of the queue. When it is full, finished tasks wait until the loop has taken a result.
const CAPACITY: usize = 16;

/// The queue of results. It is created when it is first needed.
#[derive(Default)]
pub(super) struct Results {
    queue: Option<(mpsc::Sender<Event>, mpsc::Receiver<Event>)>,
}

impl Results {
    /// Waits for the next result. Cancel safe.
    pub(super) async fn next(&mut self) -> Event {
        match &mut self.queue {
            // `self` holds a sender as well, so the queue never closes.
            Some((_, results)) => match results.recv().await {
                Some(event) => event,
                None => std::future::pending().await,
            },
            None => std::future::pending().await,
        }
    }

    /// Returns a sender for work that reports several results.
    pub(super) fn sender(&mut self) -> mpsc::Sender<Event> {
        self.queue.get_or_insert_with(|| mpsc::channel(CAPACITY)).0.clone()
    }

    /// Passes on a result that is known already, such as a failure. It waits while the queue is full, because whoever
    /// asked is promised an answer.
    pub(super) fn post(&mut self, event: Event) {
        let results = self.sender();
        tokio::spawn(async move { drop(results.send(event).await) });
    }

    /// Does work that may block on another thread, and passes on its result, or `failed` if the thread panics.
    pub(super) fn work(&mut self, work: impl FnOnce() -> Event + Send + 'static, failed: Event) {
        let results = self.sender();
        tokio::spawn(async move {
            let event = tokio::task::spawn_blocking(work).await.unwrap_or(failed);
            let _ = results.send(event).await;
        });
    }

    /// Does work that may block on another thread, and shows the sentence that it returns, or `failed` if the thread
    /// panics.
    pub(super) fn tell(&mut self, work: impl FnOnce() -> Result<String, String> + Send + 'static, failed: &str) {
        let work = move || Event::Notice(work().unwrap_or_else(|problem| problem));
        self.work(work, Event::Notice(failed.to_owned()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Regression test: a failure that happened while the queue was full was lost, and what waited for it waited for
    /// ever.
    #[tokio::test]
    async fn no_answer_is_lost_while_the_queue_is_full() {
        let mut results = Results::default();
        let notices: Vec<Event> = (0..3 * CAPACITY).map(|number| Event::Notice(number.to_string())).collect();
        notices.iter().for_each(|notice| results.post(notice.clone()));
        tokio::task::yield_now().await;
        for notice in notices {
            assert_eq!(results.next().await, notice);
        }
    }

    #[tokio::test]
    async fn panic_of_the_work_is_answered_too() {
        let mut results = Results::default();
        results.tell(|| panic!("on purpose"), "It failed. Try again.");
        assert_eq!(results.next().await, Event::Notice("It failed. Try again.".to_owned()));
    }
}
