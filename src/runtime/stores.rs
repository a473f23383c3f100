//! The stores of all accounts, as the event loop uses them.
//!
//! Each account has a store of its own. Their answers share one queue, so that no store ever waits for the loop.

use std::path::PathBuf;

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::app::Event;
use crate::config::Settings;
use crate::domain::AccountId;
use crate::store::{Answer, Query, Retention, Store, StoreLocation, Write};

/// The stores of all accounts. Dropping it writes what is still to be written, within the stores' own time limit.
#[derive(Debug)]
pub struct Stores {
    open: Vec<(AccountId, Store)>,
    sender: UnboundedSender<(AccountId, Answer)>,
    answers: UnboundedReceiver<(AccountId, Answer)>,
}

impl Default for Stores {
    fn default() -> Self {
        let (sender, answers) = unbounded_channel();
        Self { open: Vec::new(), sender, answers }
    }
}

impl Stores {
    /// Opens the store of `account` at `location`. Without a location nothing is kept, and every write is answered at once.
    pub fn open(&mut self, account: AccountId, location: Option<StoreLocation>) {
        let sender = self.sender.clone();
        // After the loop has ended nobody receives.
        let sink = move |answer| drop(sender.send((account, answer)));
        let store = match location {
            Some(location) => Store::open(location, sink),
            None => Store::disabled(sink),
        };
        self.open.push((account, store));
    }

    /// The next answer, if there is one already.
    pub(super) fn try_next(&mut self) -> Option<Event> {
        self.answers.try_recv().ok().map(|(account, answer)| Event::Store(account, answer))
    }

    /// The next answer. Cancel safe.
    pub(super) async fn next(&mut self) -> Event {
        match self.answers.recv().await {
            Some((account, answer)) => Event::Store(account, answer),
            None => std::future::pending().await,
        }
    }

    /// Writes the changes of one event, those of an account in one transaction.
    pub(super) fn write(&self, mut writes: Vec<(AccountId, Write)>) {
        for (account, store) in &self.open {
            let own: Vec<Write> = writes.extract_if(.., |(id, _)| id == account).map(|(_, write)| write).collect();
            store.write_atomic(own);
        }
    }

    /// Asks the store of `account`.
    pub(super) fn query(&self, account: AccountId, query: Query) {
        if let Some((_, store)) = self.open.iter().find(|(id, _)| *id == account) {
            store.query(query);
        }
    }
}

/// The location of the store for these settings; `None` when nothing is to be kept.
pub fn location_of(settings: &Settings) -> Option<StoreLocation> {
    let dir = settings.data_dir.as_path();
    if !settings.history || dir.as_os_str().is_empty() {
        return None;
    }
    let account = [settings.backend.name(), &settings.url, &settings.user];
    let mut location = StoreLocation::for_account(dir, &settings.profile, &account);
    let total = settings.keep_messages;
    // One busy room may use half of the space.
    location.retention = Retention { total, per_room: total.div_ceil(2) };
    Some(location)
}

/// The database file for these settings; `None` when nothing is to be kept.
pub fn store_file(settings: &Settings) -> Option<PathBuf> {
    location_of(settings).map(|location| location.file)
}
