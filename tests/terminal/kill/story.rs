//! What happens: chance says what Alice does, what the line does, and when the program is killed.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use std::{env, fs};

use fastrand::Rng;
use rusqlite::Connection;

use super::ledger::{Change, Line as Said};
use super::screen_reader::Mark;
use super::typist::Typist;
use super::world::{ROOMS, World};
use crate::client::SOON;
use test_support::fault::{Fault, FaultProxy};

/// Kills in the short form.
const SHORT: u64 = 8;

fn number(variable: &str, otherwise: u64) -> u64 {
    env::var(variable).map_or(otherwise, |text| text.parse().unwrap())
}

/// Told only when it fails, with all that led to it.
#[allow(clippy::print_stderr, reason = "cargo test keeps it until a test fails")]
fn note(what: &str) {
    eprintln!("{what}");
}

pub(crate) struct Story {
    world: World,
    proxy: FaultProxy,
    home: tempfile::TempDir,
    alice: Typist,
    rng: Rng,
}

impl Story {
    pub(crate) fn tell(world: fn() -> World) {
        let (kills, seed) = (number("KILLS", SHORT), number("KILL_SEED", 7));
        note(&format!("KILLS={kills} KILL_SEED={seed}"));
        let world = world();
        let proxy = world.runtime.block_on(FaultProxy::start(&world.url()));
        let home = tempfile::tempdir().unwrap();
        let mut alice = Typist::start(home.path(), &world.arguments(&proxy.url));
        alice.wait("a connection", |glance| glance.online && glance.room.is_some());
        for room in 0..ROOMS.len() {
            alice.goes_to(room);
        }
        let mut story = Self { world, proxy, home, alice, rng: Rng::with_seed(seed) };
        for kill in 1..=kills {
            note(&format!("until kill {kill}"));
            story.live();
            story.die();
        }
        story.end();
    }

    /// Some deeds, the last of which is not seen to its end.
    fn live(&mut self) {
        // Now and then it does not even get to its first room.
        if self.rng.u8(0..8) == 0 {
            return;
        }
        let room = self.alice.arrive();
        note(&format!("in {}", ROOMS[room]));
        let mut deeds = self.rng.u8(1..8);
        while deeds > 0 {
            deeds -= 1;
            self.alice.rash = deeds == 0;
            self.around();
            self.deed();
        }
        self.alice.rash = false;
    }

    /// What the others do.
    fn around(&mut self) {
        match self.rng.u8(0..12) {
            0 | 1 => self.world.says(self.rng.usize(0..ROOMS.len()), "So I hear"),
            2 | 3 => {
                let fault = any(&mut self.rng);
                note(&format!("{fault:?}"));
                self.proxy.set(fault);
            }
            4 => {
                note("the server starts anew");
                self.proxy.cut();
                self.world.forget_sign_ins();
                self.proxy.restore();
            }
            5 | 6 => self.proxy.restore(),
            _ => {}
        }
    }

    fn deed(&mut self) {
        let glance = self.alice.look();
        let room = glance.room.unwrap();
        let written = self.alice.ledger.written(room).to_owned();
        let newest = glance.lines.last().filter(|(_, mark)| glance.ends_with_hers && *mark == Mark::Sent);
        let newest = newest.and_then(|(text, _)| self.alice.ledger.line(room, text));
        // One that is to be changed may be another at any moment.
        let left_alone = |line: &&mut Said| (line.edit, line.delete) == (Change::Never, Change::Never);
        let can_change = written.is_empty() && newest.as_ref().is_some_and(left_alone);
        let deed = self.rng.u8(0..16);
        note(&format!("deed {deed} in {}, {written:?} is written", ROOMS[room]));
        // What is killed in the middle of a send is of most interest.
        let sends = self.alice.rash && !written.is_empty() && self.rng.bool();
        match deed {
            _ if sends => self.alice.enters(room),
            0..=2 if !self.alice.rash => {
                let other = (room + self.rng.usize(1..ROOMS.len())) % ROOMS.len();
                self.alice.goes_to(other);
            }
            3 if can_change && self.world.edits() => self.alice.edits(room),
            4 if can_change => self.alice.deletes(room),
            5 if !written.is_empty() && !written.starts_with('✎') => self.alice.erases(room),
            6..=8 if !written.starts_with('✎') => self.alice.writes(room),
            _ if !written.is_empty() => self.alice.enters(room),
            _ => self.alice.writes(room),
        }
    }

    /// The program is killed at no particular time, and started again.
    fn die(&mut self) {
        // Time that passes is what is tested here: whatever goes on within it is cut off.
        let most = [1, 20, 120, 600, 1_500][self.rng.usize(0..5)];
        self.alice.pause(Duration::from_millis(self.rng.u64(0..most)));
        self.alice.kill();
        self.check_copy();
        if self.rng.bool() {
            self.proxy.restore();
        }
        let arguments = self.world.arguments(&self.proxy.url);
        self.alice.restart(self.home.path(), &arguments);
    }

    /// All is well again, and all that Alice wrote comes to its end.
    fn end(&mut self) {
        self.proxy.restore();
        self.alice.kill();
        let arguments = self.world.arguments(&self.proxy.url);
        self.alice.restart(self.home.path(), &arguments);
        self.alice.arrive();
        self.alice.wait("a connection", |glance| glance.online);
        for room in 0..ROOMS.len() {
            self.alice.goes_to(room);
            self.alice.wait("an end of all waiting", |glance| {
                glance.room == Some(room) && glance.lines.iter().all(|(_, mark)| *mark != Mark::Waiting)
            });
        }
        let until = Instant::now() + SOON;
        for (room, title) in ROOMS.iter().enumerate() {
            loop {
                let said = self.world.said(room);
                let Some(amiss) = self.alice.ledger.amiss(room, &said) else { break };
                assert!(Instant::now() < until, "{title}: {amiss}\non the server: {said:?}");
                self.alice.pause(Duration::from_millis(50));
            }
        }
        self.alice.quit();
        let left = Connection::open(self.file()).unwrap();
        assert_whole(&left);
        let waits: i64 = left.query_row("SELECT count(*) FROM outbox", (), |row| row.get(0)).unwrap();
        assert_eq!(waits, 0, "something waits that is on the server");
    }

    fn file(&self) -> PathBuf {
        let files = fs::read_dir(folder(self.home.path())).unwrap().map(|entry| entry.unwrap().path());
        let file = files.into_iter().find(|file| file.extension().is_some_and(|kind| kind == "db"));
        file.unwrap()
    }

    /// What the program left is whole. A copy is looked at, since a look changes it.
    fn check_copy(&self) {
        let copy = tempfile::tempdir().unwrap();
        for entry in fs::read_dir(folder(self.home.path())).unwrap() {
            let entry = entry.unwrap();
            fs::copy(entry.path(), copy.path().join(entry.file_name())).unwrap();
        }
        let name = self.file();
        assert_whole(&Connection::open(copy.path().join(name.file_name().unwrap())).unwrap());
    }
}

fn folder(home: &Path) -> PathBuf {
    home.join(".local/share/minchat-tui")
}

#[track_caller]
fn assert_whole(store: &Connection) {
    let whole: String = store.query_row("PRAGMA integrity_check", (), |row| row.get(0)).unwrap();
    assert_eq!(whole, "ok");
}

fn any(rng: &mut Rng) -> Fault {
    match rng.u8(0..8) {
        0 | 1 => Fault::Cut,
        2 => Fault::Freeze,
        3 => Fault::HalfOpen,
        4 | 5 => Fault::Delay(Duration::from_millis(rng.u64(1..150))),
        6 => Fault::Drop(rng.usize(1..1_500)),
        _ => Fault::Slow(rng.usize(2_000..50_000)),
    }
}
