//! [`Disk`] and [`Run`]: a story with a real store in a temporary folder, over several runs of the program.

use minchat_tui::domain::{AccountId, SearchFilter};
use std::collections::VecDeque;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use minchat_tui::app::{Effect, Event, PersistenceState, final_writes};
use minchat_tui::store::{Answer, Query, Snapshot, Store, StoreLocation, Write};

use test_support::story::Story;

/// Timeout for the store's answers, long enough for a busy machine.
const TIMEOUT: Duration = Duration::from_secs(20);

/// A data folder that outlives the runs.
pub(crate) struct Disk {
    dir: tempfile::TempDir,
}

/// A run of the program with that folder.
pub(crate) struct Run {
    pub(crate) story: Story,
    /// All writes so far.
    pub(crate) writes: Vec<Write>,
    /// Answers of the store that are on their way.
    late: VecDeque<Answer>,
    store: Store,
    answers: Receiver<Answer>,
}

impl Disk {
    pub(crate) fn new() -> Self {
        Self { dir: tempfile::tempdir().unwrap() }
    }

    fn folder(&self) -> std::path::PathBuf {
        self.dir.path().join("data")
    }

    fn away(&self) -> std::path::PathBuf {
        self.dir.path().join("away")
    }

    /// Makes the data inaccessible, as a disk does that is full or not mounted.
    pub(crate) fn block(&self) {
        std::fs::rename(self.folder(), self.away()).unwrap();
        std::fs::write(self.folder(), "").unwrap();
    }

    /// Makes the data accessible again.
    pub(crate) fn unblock(&self) {
        std::fs::remove_file(self.folder()).unwrap();
        std::fs::rename(self.away(), self.folder()).unwrap();
    }

    /// Starts the program. The stored data is not loaded yet.
    pub(crate) fn start(&self) -> Run {
        let (sender, answers) = channel();
        let file = self.folder().join("x.db");
        let store = Store::open(StoreLocation::new(file), move |answer| drop(sender.send(answer)));
        let mut story = Story::new(100, 24);
        story.state.account_mut().persistence = PersistenceState::on_disk();
        Run { story, writes: Vec::new(), late: VecDeque::new(), store, answers }
    }

    /// Starts the program and loads the stored data.
    pub(crate) fn start_loaded(&self) -> Run {
        let mut run = self.start();
        run.handle_answer();
        run
    }
}

impl Run {
    /// Handles the next answer of the store.
    pub(crate) fn handle_answer(&mut self) -> &mut Self {
        let answer = self.answers.recv_timeout(TIMEOUT).unwrap();
        self.story.event(Event::Store(AccountId(0), answer));
        self.sync()
    }

    /// Handles this snapshot instead of the store's.
    pub(crate) fn load(&mut self, snapshot: Snapshot) -> &mut Self {
        self.story.event(Event::Store(AccountId(0), Answer::Loaded(Box::new(snapshot))));
        self.sync()
    }

    /// Sends all effects for the store to it, and handles its answers.
    pub(crate) fn sync(&mut self) -> &mut Self {
        while self.let_store_answer() || !self.late.is_empty() {
            while self.handle_late_answer() {}
        }
        self
    }

    /// Sends all effects for the store to it and lets it answer, but the answers are late. Returns whether there are any.
    pub(crate) fn let_store_answer(&mut self) -> bool {
        // The story has confirmed these writes itself.
        for write in std::mem::take(&mut self.story.outbox_writes) {
            self.store.write(Write::Outbox(write));
        }
        let mut open_requests = 0;
        let mut rest = Vec::new();
        for effect in std::mem::take(&mut self.story.effects) {
            match effect {
                Effect::Persist(_, write) => {
                    self.writes.push(write.clone());
                    self.store.write(write);
                }
                Effect::Query(_, query) => {
                    open_requests += 1;
                    self.store.query(query);
                }
                effect => rest.push(effect),
            }
        }
        self.story.effects = rest;
        let has_answers = open_requests > 0;
        while open_requests > 0 {
            let answer = self.answers.recv_timeout(TIMEOUT).unwrap();
            open_requests -= i32::from(!matches!(answer, Answer::OutboxConfirmed { .. }));
            self.late.push_back(answer);
        }
        has_answers
    }

    /// Handles the oldest answer that is on its way. Returns whether there is one.
    pub(crate) fn handle_late_answer(&mut self) -> bool {
        let answer = self.late.pop_front();
        answer.map(|answer| self.story.event(Event::Store(AccountId(0), answer))).is_some()
    }

    /// Lets the store try again to open its file, which it does after some rounds of work, and handles what it reports.
    pub(crate) fn retry_disk(&mut self) -> &mut Self {
        for id in 1_000_000..1_000_020 {
            let filter = SearchFilter::default();
            self.store.query(Query::Search { id, text: "x".to_owned(), filter, room: None, limit: 1 });
            loop {
                match self.answers.recv_timeout(TIMEOUT).unwrap() {
                    Answer::SearchResults(results) if results.id == id => break,
                    answer => self.story.event(Event::Store(AccountId(0), answer)),
                };
            }
            self.sync();
        }
        self
    }

    /// Lets time pass.
    pub(crate) fn wait(&mut self, millis: i64) -> &mut Self {
        self.story.wait(millis);
        self.sync()
    }

    /// Kills the program a second later.
    pub(crate) fn kill(mut self) {
        self.wait(1_000);
    }

    /// Quits the program.
    pub(crate) fn quit(mut self) {
        let now = self.story.now;
        self.story.effects.extend(final_writes(&mut self.story.state, now));
        self.sync();
    }
}
