//! The stores of all accounts, as the event loop uses them.
//!
//! Each account has a store of its own. Their answers share one queue, so that no store ever waits for the loop. The
//! queue has no capacity, and needs none: a store answers each query and each outbox write a fixed number of times and
//! otherwise reports only when its state changes, so its answers are as few as what the loop has requested.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::app::Event;
use crate::config::Settings;
use crate::domain::AccountId;
use crate::runtime::pictures::PictureCache;
use crate::store::{Answer, Query, Retention, Store, StoreLocation, Write};

/// Time that closing all stores waits for outstanding writes. A disk that takes longer hangs, and the user wants to
/// quit.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(3);

/// The store of an account.
#[derive(Debug)]
struct OpenStore {
    account: AccountId,
    /// Its file; `None` if nothing is stored.
    file: Option<PathBuf>,
    store: Store,
}

/// The stores of all accounts. Dropping it closes all of them at the same time.
#[derive(Debug)]
pub struct Stores {
    open: Vec<OpenStore>,
    /// The stores of closed accounts, which may still be writing.
    closing: Vec<OpenStore>,
    sender: UnboundedSender<(AccountId, Answer)>,
    answers: UnboundedReceiver<(AccountId, Answer)>,
}

impl Default for Stores {
    fn default() -> Self {
        let (sender, answers) = unbounded_channel();
        Self { open: Vec::new(), closing: Vec::new(), sender, answers }
    }
}

impl Stores {
    /// Opens the store of `account` at `location`. Without a location nothing is stored, and every write is answered
    /// immediately. The pictures of messages that are deleted there are removed from `pictures`.
    pub fn open(&mut self, account: AccountId, location: Option<StoreLocation>, pictures: Arc<PictureCache>) {
        // The profile may have been open before. Its store is closed before it is opened again, which waits for its
        // writes; those of other profiles do not matter.
        let file = location.as_ref().map(|location| location.file.clone());
        self.closing.retain(|closing| closing.file.is_none() || closing.file != file);
        let sender = self.sender.clone();
        let sink = move |answer| {
            // Here, on the thread of the store, which finishes before the program ends.
            if let Answer::FilesForgotten(files) = &answer {
                pictures.remove(files);
            }
            // The receiver is dropped when the loop ends.
            drop(sender.send((account, answer)));
        };
        let store = match location {
            Some(location) => Store::open(location, sink),
            None => Store::disabled(sink),
        };
        self.open.push(OpenStore { account, file, store });
    }

    /// Whether anything is stored on disk.
    pub(super) fn has_files(&self) -> bool {
        self.open.iter().any(|open| open.file.is_some())
    }

    /// Starts to close the store of `account`. Its outstanding writes are carried out.
    pub(super) fn close_account(&mut self, account: AccountId) {
        for closing in self.open.extract_if(.., |open| open.account == account) {
            closing.store.start_closing();
            self.closing.push(closing);
        }
    }

    /// Returns the next answer, if there is one already.
    pub(super) fn try_next(&mut self) -> Option<Event> {
        self.answers.try_recv().ok().map(|(account, answer)| Event::Store(account, answer))
    }

    /// Waits for the next answer. Cancel safe.
    pub(super) async fn next(&mut self) -> Event {
        match self.answers.recv().await {
            Some((account, answer)) => Event::Store(account, answer),
            None => std::future::pending().await,
        }
    }

    /// Queues the writes of one turn, those of each account as one transaction.
    pub(super) fn write(&self, mut writes: Vec<(AccountId, Write)>) {
        for OpenStore { account, store, .. } in &self.open {
            let own: Vec<Write> = writes.extract_if(.., |(id, _)| id == account).map(|(_, write)| write).collect();
            store.write_atomic(own);
        }
    }

    /// Queries the store of `account`.
    pub(super) fn query(&self, account: AccountId, query: Query) {
        if let Some(open) = self.open.iter().find(|open| open.account == account) {
            open.store.query(query);
        }
    }

    /// Carries out all outstanding writes and closes the stores, all at the same time. Returns whether that was done
    /// within `CLOSE_TIMEOUT`.
    fn close(&mut self) -> bool {
        self.open.iter().for_each(|open| open.store.start_closing());
        let deadline = Instant::now() + CLOSE_TIMEOUT;
        let stores = self.open.drain(..).chain(self.closing.drain(..)).map(|open| open.store);
        let closed = stores.map(|store| store.close(deadline.saturating_duration_since(Instant::now())));
        // Not `all`, which would drop the remaining stores without waiting after the first that is not closed in time.
        closed.filter(|closed| !closed).count() == 0
    }
}

impl Drop for Stores {
    fn drop(&mut self) {
        if !self.close() {
            tracing::warn!("the disk does not respond; the last changes may be lost");
        }
    }
}

/// Returns the location of the store for these settings; `None` if the history is not stored.
pub fn location_of(settings: &Settings) -> Option<StoreLocation> {
    let dir = settings.data_dir.as_path();
    if !settings.history || dir.as_os_str().is_empty() {
        return None;
    }
    let account = [settings.backend.name(), &settings.url, &settings.user];
    let mut location = StoreLocation::for_account(dir, &settings.profile, &account);
    let total = settings.keep_messages;
    // A busy room may use half of the space.
    location.retention = Retention { total, per_room: total.div_ceil(2) };
    Some(location)
}

/// Returns the database file for these settings; `None` if the history is not stored.
pub fn store_file(settings: &Settings) -> Option<PathBuf> {
    location_of(settings).map(|location| location.file)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Regression test: the stores were closed one after the other, each with a time limit of its own.
    #[test]
    fn stores_are_closed_at_the_same_time() {
        let dir = tempfile::tempdir().unwrap();
        let location = |name: &str| StoreLocation::new(dir.path().join(name));
        let (owned_by_second, second_ended) = std::sync::mpsc::channel::<()>();
        // The thread of the first store waits until that of the second has ended and dropped its end of the channel.
        let first = Store::open(location("first.db"), move |_| assert!(second_ended.recv().is_err()));
        let second = Store::open(location("second.db"), move |_| drop(owned_by_second.clone()));
        let mut stores = Stores::default();
        let open = |number, store| OpenStore { account: AccountId(number), file: None, store };
        stores.open.extend([open(0, first), open(1, second)]);
        assert!(stores.close(), "the first store was waited for before the second was closed");
    }
}
