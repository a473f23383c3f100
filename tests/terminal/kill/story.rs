//! [`Story`]: random decisions about what Alice does, what the network does, and when the program is killed.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use std::{env, fs};

use fastrand::Rng;
use rusqlite::Connection;

use super::ledger::{Change, Sent};
use super::screen_reader::Mark;
use super::typist::Typist;
use super::world::{ROOMS, World};
use crate::client::SOON;
use test_support::fault::{Fault, FaultProxy};

/// Number of kills in the short form.
const SHORT: u64 = 8;

/// Reads a number from an environment variable.
fn number(variable: &str, default: u64) -> u64 {
    env::var(variable).map_or(default, |text| text.parse().unwrap())
}

/// Logs a step; shown only when the test fails.
#[allow(clippy::print_stderr, reason = "cargo test keeps it until a test fails")]
fn note(what: &str) {
    eprintln!("{what}");
}

/// A run of the test: the service, the bad network, and Alice.
pub(crate) struct Story {
    world: World,
    proxy: FaultProxy,
    home: tempfile::TempDir,
    alice: Typist,
    rng: Rng,
}

impl Story {
    /// Runs the whole test on one service.
    pub(crate) fn run(world: fn() -> World) {
        let (kills, seed) = (number("KILLS", SHORT), number("KILL_SEED", 7));
        note(&format!("KILLS={kills} KILL_SEED={seed}"));
        let world = world();
        let proxy = world.runtime.block_on(FaultProxy::start(&world.url()));
        let home = tempfile::tempdir().unwrap();
        let mut alice = Typist::start(home.path(), &world.arguments(&proxy.url));
        alice.wait("a connection", |screen| screen.online && screen.room.is_some());
        for room in 0..ROOMS.len() {
            alice.go_to(room);
        }
        let mut story = Self { world, proxy, home, alice, rng: Rng::with_seed(seed) };
        for kill in 1..=kills {
            note(&format!("until kill {kill}"));
            story.act();
            story.kill();
        }
        story.finish();
    }

    /// Does a few things, the last without waiting for its effect.
    fn act(&mut self) {
        // Sometimes the program is killed before it shows its first room.
        if self.rng.u8(0..8) == 0 {
            return;
        }
        let room = self.alice.wait_room();
        note(&format!("in {}", ROOMS[room]));
        let mut actions = self.rng.u8(1..8);
        while actions > 0 {
            actions -= 1;
            self.alice.hasty = actions == 0;
            self.disturb();
            self.act_once();
        }
        self.alice.hasty = false;
    }

    /// Lets Bob write, or changes the network.
    fn disturb(&mut self) {
        match self.rng.u8(0..12) {
            0 | 1 => self.world.send_from_bob(self.rng.usize(0..ROOMS.len()), "So I hear"),
            2 | 3 => {
                let fault = random_fault(&mut self.rng);
                note(&format!("{fault:?}"));
                self.proxy.set(fault);
            }
            4 => {
                note("the server restarts");
                self.proxy.cut();
                self.world.expire_logins();
                self.proxy.restore();
            }
            5 | 6 => self.proxy.restore(),
            _ => {}
        }
    }

    /// Does one random thing that is possible now.
    fn act_once(&mut self) {
        let screen = self.alice.look();
        let room = screen.room.unwrap();
        let draft = self.alice.ledger.draft(room).to_owned();
        let newest = screen.messages.last().filter(|(_, mark)| screen.newest_is_own && *mark == Mark::Sent);
        let newest = newest.and_then(|(text, _)| self.alice.ledger.message(room, text));
        // A message with a pending edit may get another text at any moment.
        let is_unchanged =
            |message: &&mut Sent| (message.edit, message.delete) == (Change::NotRequested, Change::NotRequested);
        let can_change = draft.is_empty() && newest.as_ref().is_some_and(is_unchanged);
        let action = self.rng.u8(0..16);
        note(&format!("action {action} in {}, draft {draft:?}", ROOMS[room]));
        // A kill in the middle of a send is the most interesting one.
        let sends = self.alice.hasty && !draft.is_empty() && self.rng.bool();
        match action {
            _ if sends => self.alice.enter(room),
            0..=2 if !self.alice.hasty => {
                let other = (room + self.rng.usize(1..ROOMS.len())) % ROOMS.len();
                self.alice.go_to(other);
            }
            3 if can_change && self.world.supports_edits() => self.alice.edit(room),
            4 if can_change => self.alice.delete(room),
            5 if !draft.is_empty() && !draft.starts_with('✎') => self.alice.clear_draft(room),
            6..=8 if !draft.starts_with('✎') => self.alice.write(room),
            _ if !draft.is_empty() => self.alice.enter(room),
            _ => self.alice.write(room),
        }
    }

    /// Kills the program at a random time and restarts it.
    fn kill(&mut self) {
        // The length of the pause is random, so that the kill interrupts different work each time.
        let max = [1, 20, 120, 600, 1_500][self.rng.usize(0..5)];
        self.alice.pause(Duration::from_millis(self.rng.u64(0..max)));
        self.alice.kill();
        self.check_store();
        if self.rng.bool() {
            self.proxy.restore();
        }
        let arguments = self.world.arguments(&self.proxy.url);
        self.alice.restart(self.home.path(), &arguments);
    }

    /// Restores the network, waits until nothing is queued, and compares with the server.
    fn finish(&mut self) {
        self.proxy.restore();
        self.alice.kill();
        let arguments = self.world.arguments(&self.proxy.url);
        self.alice.restart(self.home.path(), &arguments);
        self.alice.wait_room();
        self.alice.wait("a connection", |screen| screen.online);
        for room in 0..ROOMS.len() {
            self.alice.go_to(room);
            self.alice.wait("no queued message", |screen| {
                screen.room == Some(room) && screen.messages.iter().all(|(_, mark)| *mark != Mark::Queued)
            });
        }
        let until = Instant::now() + SOON;
        for (room, title) in ROOMS.iter().enumerate() {
            loop {
                let history = self.world.history(room);
                let Some(difference) = self.alice.ledger.difference(room, &history) else { break };
                assert!(Instant::now() < until, "{title}: {difference}\non the server: {history:?}");
                self.alice.pause(Duration::from_millis(50));
            }
        }
        self.alice.quit();
        let store = Connection::open(self.file()).unwrap();
        assert_intact(&store);
        let queued: i64 = store.query_row("SELECT count(*) FROM outbox", (), |row| row.get(0)).unwrap();
        assert_eq!(queued, 0, "the outbox is not empty");
    }

    /// The file of the store.
    fn file(&self) -> PathBuf {
        let files = fs::read_dir(folder(self.home.path())).unwrap().map(|entry| entry.unwrap().path());
        let file = files.into_iter().find(|file| file.extension().is_some_and(|kind| kind == "db"));
        file.unwrap()
    }

    /// Checks that the store is intact. Opening it changes it, so a copy is opened.
    fn check_store(&self) {
        let copy = tempfile::tempdir().unwrap();
        for entry in fs::read_dir(folder(self.home.path())).unwrap() {
            let entry = entry.unwrap();
            fs::copy(entry.path(), copy.path().join(entry.file_name())).unwrap();
        }
        let name = self.file();
        assert_intact(&Connection::open(copy.path().join(name.file_name().unwrap())).unwrap());
    }
}

fn folder(home: &Path) -> PathBuf {
    home.join(".local/share/minchat-tui")
}

#[track_caller]
fn assert_intact(store: &Connection) {
    let whole: String = store.query_row("PRAGMA integrity_check", (), |row| row.get(0)).unwrap();
    assert_eq!(whole, "ok");
}

fn random_fault(rng: &mut Rng) -> Fault {
    match rng.u8(0..8) {
        0 | 1 => Fault::Cut,
        2 => Fault::Freeze,
        3 => Fault::HalfOpen,
        4 | 5 => Fault::Delay(Duration::from_millis(rng.u64(1..150))),
        6 => Fault::Drop(rng.usize(1..1_500)),
        _ => Fault::Slow(rng.usize(2_000..50_000)),
    }
}
