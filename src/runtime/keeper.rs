//! The store beside the loop: what it has to say waits here, and never keeps the store waiting.

use std::path::PathBuf;

use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use crate::app::Event;
use crate::config::Settings;
use crate::store::{Answer, Query, Retention, Store, StoreLocation, Write};

/// A store and its answers. Dropping it keeps what is still to be kept, within the store's own limit.
#[derive(Debug)]
pub struct Keeper {
    store: Store,
    answers: UnboundedReceiver<Answer>,
}

impl Keeper {
    /// Opens the store at `place`; with none, nothing is kept.
    pub fn open(place: Option<StoreLocation>) -> Self {
        let (sender, answers) = unbounded_channel();
        // Nobody listens any more once the loop has ended.
        let sink = move |answer| drop(sender.send(answer));
        let store = match place {
            Some(place) => Store::open(place, sink),
            None => Store::nowhere(sink),
        };
        Self { store, answers }
    }

    /// The next answer, if there is one already.
    pub(super) fn try_next(&mut self) -> Option<Event> {
        self.answers.try_recv().ok().map(Event::Store)
    }

    /// The next answer. May be dropped while it waits; nothing is lost by that.
    pub(super) async fn next(&mut self) -> Event {
        match self.answers.recv().await {
            Some(answer) => Event::Store(answer),
            None => std::future::pending().await,
        }
    }

    /// Keeps what one event brought about, in one piece.
    pub(super) fn write(&self, writes: Vec<Write>) {
        self.store.write_together(writes);
    }

    pub(super) fn ask(&self, query: Query) {
        self.store.ask(query);
    }
}

/// Where the store of these settings lies; `None` when nothing is to be kept.
pub fn place_of(settings: &Settings) -> Option<StoreLocation> {
    let dir = settings.data_dir.as_path();
    if !settings.history || dir.as_os_str().is_empty() {
        return None;
    }
    let account = [settings.backend.name(), &settings.url, &settings.user];
    let mut place = StoreLocation::of(dir, &settings.profile, &account);
    let overall = settings.keep_messages;
    // One busy room may take half of it.
    place.keep = Retention { overall, per_room: overall.div_ceil(2) };
    Some(place)
}

/// The file in which these settings keep the chat, if they keep it.
pub fn store_file(settings: &Settings) -> Option<PathBuf> {
    place_of(settings).map(|place| place.file)
}
