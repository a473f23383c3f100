//! A story with the real store in a folder of its own.

use minchat_tui::domain::AccountId;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use minchat_tui::app::{Effect, Event, PersistenceState, parting};
use minchat_tui::store::{Answer, Snapshot, Store, StoreLocation, Write};

use test_support::story::Story;

/// Long enough for a machine under load.
const SOON: Duration = Duration::from_secs(20);

/// A folder, and what runs of the program leave in it.
pub(crate) struct Disk {
    dir: tempfile::TempDir,
}

/// A run of the program on that disk.
pub(crate) struct Run {
    pub(crate) story: Story,
    /// Every write so far.
    pub(crate) writes: Vec<Write>,
    store: Store,
    answers: Receiver<Answer>,
}

impl Disk {
    pub(crate) fn new() -> Self {
        Self { dir: tempfile::tempdir().unwrap() }
    }

    /// The program as it starts; what was on disk has not come yet.
    pub(crate) fn start(&self) -> Run {
        let (sender, answers) = channel();
        let store =
            Store::open(StoreLocation::new(self.dir.path().join("x.db")), move |answer| drop(sender.send(answer)));
        let mut story = Story::new(100, 24);
        story.state.account_mut().persistence = PersistenceState::on_disk();
        Run { story, writes: Vec::new(), store, answers }
    }

    /// The same, after what was on disk has come.
    pub(crate) fn loaded(&self) -> Run {
        let mut run = self.start();
        run.answer();
        run
    }
}

impl Run {
    /// The next word of the store, and what follows from it.
    pub(crate) fn answer(&mut self) -> &mut Self {
        let answer = self.answers.recv_timeout(SOON).unwrap();
        self.story.event(Event::Store(AccountId(0), answer));
        self.settle()
    }

    /// Another word than the store's.
    pub(crate) fn loads(&mut self, snapshot: Snapshot) -> &mut Self {
        self.story.event(Event::Store(AccountId(0), Answer::Loaded(Box::new(snapshot))));
        self.settle()
    }

    /// Hands what is to be kept to the store, and has its answers taken.
    pub(crate) fn settle(&mut self) -> &mut Self {
        loop {
            // The story has confirmed these itself.
            for write in std::mem::take(&mut self.story.outbox_writes) {
                self.store.write(Write::Outbox(write));
            }
            let mut asked = 0;
            let mut rest = Vec::new();
            for effect in std::mem::take(&mut self.story.effects) {
                match effect {
                    Effect::Persist(_, write) => {
                        self.writes.push(write.clone());
                        self.store.write(write);
                    }
                    Effect::Query(_, query) => {
                        asked += 1;
                        self.store.ask(query);
                    }
                    effect => rest.push(effect),
                }
            }
            self.story.effects = rest;
            if asked == 0 {
                return self;
            }
            while asked > 0 {
                let answer = self.answers.recv_timeout(SOON).unwrap();
                asked -= i32::from(!matches!(answer, Answer::Kept { .. }));
                self.story.event(Event::Store(AccountId(0), answer));
            }
        }
    }

    /// Time passes, as in a story.
    pub(crate) fn wait(&mut self, millis: i64) -> &mut Self {
        self.story.wait(millis);
        self.settle()
    }

    /// The program is killed a second later.
    pub(crate) fn killed(mut self) {
        self.wait(1_000);
    }

    /// The program ends in good order.
    pub(crate) fn ends(mut self) {
        let now = self.story.now;
        self.story.effects.extend(parting(&mut self.story.state, now));
        self.settle();
    }
}
