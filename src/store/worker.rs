//! The store's thread: carries out what waits, and keeps its head when the disk does not.
//!
//! What could not be written is *owed*: it is tried again every few seconds, a send at once and on its own, until the
//! disk takes it. Nobody waits for that: a send that is not on disk is confirmed as such, and once more when it is. A
//! trouble is told once, and its end too.

use std::fs::File;
use std::mem;
use std::sync::Arc;
use std::time::Duration;

use rusqlite::{Connection, Transaction, TransactionBehavior};

use crate::domain::LocalId;

use super::answer::{Answer, Snapshot};
use super::apply::{Done, apply};
use super::file::{self, Opened};
use super::handle::{Sink, kept, nothing};
use super::location::StoreLocation;
use super::pending::{Pending, Work};
use super::problem::{Problem, Verdict};
use super::prune::{self, Counts};
use super::queue::Queue;
use super::write::{Query, Write};
use super::{load, past, search};

/// How long to wait before what is owed is tried again.
const RETRY: Duration = Duration::from_secs(5);

/// The same where there is always something to do, in rounds of a third of a second.
const RETRY_ROUNDS: u32 = 16;

/// The store's thread. Its fields go in this order: who waits for the end finds the file closed and free.
pub(super) struct Worker {
    access: Access,
    place: StoreLocation,
    sink: Sink,
    owed: Pending,
    trouble: Option<Problem>,
    /// It was told that the file refuses something, which is no trouble that passes.
    puzzled: bool,
    rounds: u32,
    counts: Option<Counts>,
    prunes: bool,
    queue: Ending,
}

/// What can be done with the file. `Later` becomes any other; from `Writing` it goes to `Never` alone.
enum Access {
    /// Everything. The lock is held by being there.
    Writing(Connection, #[expect(dead_code, reason = "held and not used")] File),
    /// Another client writes.
    Reading(Connection),
    /// Nothing yet.
    Later,
    /// Nothing any more.
    Never,
}

/// Tells the handle that the thread has ended, whatever ended it.
struct Ending(Arc<Queue>);

impl Drop for Ending {
    fn drop(&mut self) {
        self.0.end();
    }
}

impl Worker {
    /// A worker that has not looked at the disk yet.
    pub(super) fn new(place: StoreLocation, queue: Arc<Queue>, sink: Sink) -> Self {
        Self {
            access: Access::Later,
            place,
            sink,
            owed: Pending::default(),
            trouble: None,
            puzzled: false,
            rounds: 0,
            counts: None,
            prunes: false,
            queue: Ending(queue),
        }
    }

    /// The sink, of a worker that will not work.
    pub(super) fn into_sink(self) -> Sink {
        self.sink
    }

    /// Works until the handle is dropped.
    pub(super) fn run(mut self) {
        let snapshot = self.open();
        self.say(Answer::Loaded(Box::new(snapshot)));
        loop {
            let patience = match (self.prunes, self.owed.is_empty()) {
                (true, _) => Some(Duration::ZERO),
                (false, false) if self.rounds >= RETRY_ROUNDS => Some(Duration::ZERO),
                (false, false) => Some(RETRY),
                (false, true) => None,
            };
            let work = self.queue.0.next(patience);
            let last = work.last;
            self.carry_out(work);
            if last {
                return;
            }
        }
    }

    fn say(&mut self, answer: Answer) {
        (self.sink)(answer);
    }

    /// Opens the file, says what is amiss, and returns what is in it.
    fn open(&mut self) -> Snapshot {
        match file::open(&self.place) {
            Ok(Opened::Writing(conn, lock)) => {
                let loaded = load::snapshot(&conn);
                self.access = Access::Writing(conn, lock);
                match loaded {
                    Ok((snapshot, 0)) => snapshot,
                    Ok((snapshot, unread)) => {
                        self.say(Answer::Problem(Problem::Unread(unread)));
                        snapshot
                    }
                    Err(error) => {
                        self.fail(&error);
                        Snapshot::default()
                    }
                }
            }
            Ok(Opened::Reading(conn)) => {
                self.tell(Problem::InUse);
                let loaded = load::history(&conn).unwrap_or_default();
                self.access = Access::Reading(conn);
                loaded
            }
            Err(problem) => {
                self.access = if problem.may_pass() { Access::Later } else { Access::Never };
                self.tell(problem);
                Snapshot::default()
            }
        }
    }

    /// Tells a trouble, unless it is the one that was told last.
    fn tell(&mut self, problem: Problem) {
        let same = |told: &Problem| mem::discriminant(told) == mem::discriminant(&problem);
        if !self.trouble.as_ref().is_some_and(same) {
            tracing::warn!(%problem, "the store");
            self.say(Answer::Problem(problem.clone()));
        }
        self.trouble = Some(problem);
    }

    fn recover(&mut self) {
        self.rounds = 0;
        if self.trouble.take().is_some() {
            self.say(Answer::Recovered);
        }
    }

    /// Draws the consequence of a complaint; a damaged file is not touched again.
    fn fail(&mut self, error: &rusqlite::Error) -> Verdict {
        let verdict = Verdict::of(error, &self.place.file);
        match &verdict {
            Verdict::Passing(problem) => self.tell(problem.clone()),
            Verdict::Dead(problem) => {
                if let Access::Writing(conn, _) = &self.access {
                    file::leave_alone(conn);
                }
                self.access = Access::Never;
                self.prunes = false;
                self.owed = Pending::default();
                self.tell(problem.clone());
            }
            Verdict::Senseless => {
                tracing::warn!(%error, "the store refuses a request");
                // What comes after the file's end makes no sense either, and that has been told.
                if !matches!(self.access, Access::Never) && !mem::replace(&mut self.puzzled, true) {
                    let (file, why) = (self.place.file.clone(), error.to_string());
                    self.say(Answer::Problem(Problem::Refused { file, why }));
                }
            }
        }
        verdict
    }

    fn carry_out(&mut self, work: Work) {
        let idle = work.urgent.is_empty() && work.lazy.is_empty() && work.queries.is_empty();
        // It comes back at once while there is something to prune, and that is no reason to try again.
        let due = (idle && !self.prunes) || work.last || self.rounds >= RETRY_ROUNDS;
        if matches!(self.access, Access::Later) && due && !(idle && self.owed.is_empty()) {
            self.rounds = 0;
            self.open();
        }
        let mut waiting = self.owed.urgent();
        for write in work.urgent.into_iter().chain(work.lazy) {
            waiting -= self.owed.void(&write, waiting);
            self.owed.push(write);
        }
        match self.access {
            Access::Writing(..) => self.write(waiting, due),
            Access::Later => {
                self.rounds += 1;
                let (urgent, lazy) = self.owed.take_all();
                urgent.iter().skip(waiting).for_each(|write| self.confirm(write, false));
                urgent.into_iter().chain(lazy).for_each(|write| self.owed.push(write));
            }
            Access::Reading(_) | Access::Never => {
                let (urgent, _) = self.owed.take_all();
                urgent.iter().skip(waiting).for_each(|write| self.confirm(write, false));
            }
        }
        work.queries.into_iter().for_each(|query| self.answer(query));
        self.prune();
    }

    fn confirm(&mut self, write: &Write, on_disk: bool) {
        if let Write::Outbox(write) = write {
            self.say(kept(write, on_disk));
        }
    }

    /// Writes what is owed; the first `waiting` of the urgent ones have been told to wait before.
    fn write(&mut self, waiting: usize, due: bool) {
        let (urgent, lazy) = self.owed.take_all();
        if urgent.is_empty() && lazy.is_empty() {
            return;
        }
        let mut senseless = false;
        if self.trouble.is_none() || due {
            self.rounds = 0;
            match self.commit(urgent.iter().chain(&lazy)) {
                Ok(()) => {
                    urgent.iter().for_each(|write| self.confirm(write, true));
                    return self.recover();
                }
                Err(error) => match self.fail(&error) {
                    Verdict::Dead(_) => {
                        return urgent.iter().skip(waiting).for_each(|write| self.confirm(write, false));
                    }
                    Verdict::Senseless => senseless = true,
                    Verdict::Passing(_) => {}
                },
            }
        }
        self.rounds += 1;
        if self.write_singly(urgent, waiting) {
            // What went may have made room for the rest.
            self.rounds = RETRY_ROUNDS;
        }
        for write in lazy {
            // One write that makes no sense must not keep all others from the disk.
            let owed = !senseless || self.commit([&write]).is_err_and(|error| self.fail(&error).passes());
            if owed && matches!(self.access, Access::Writing(..)) {
                self.owed.push(write);
            }
        }
        if self.owed.is_empty() && matches!(self.access, Access::Writing(..)) {
            self.recover();
        }
    }

    /// Each on its own, for there may be room for one and not for all; but nothing overtakes what it follows on.
    /// Returns whether one went.
    fn write_singly(&mut self, urgent: Vec<Write>, waiting: usize) -> bool {
        let mut went = false;
        let mut stuck: Vec<LocalId> = Vec::new();
        let mut blocked = false;
        for (place, write) in urgent.into_iter().enumerate() {
            let follows = matches!(&write, Write::Outbox(change) if stuck.contains(&change.local()));
            let result = if blocked || follows { None } else { Some(self.commit([&write])) };
            let owed = match result {
                Some(Ok(())) => {
                    let told = self.owed.urgent();
                    self.owed.void(&write, told);
                    self.confirm(&write, true);
                    went = true;
                    continue;
                }
                Some(Err(error)) => self.fail(&error).passes(),
                None => true,
            };
            if place >= waiting || !owed {
                self.confirm(&write, false);
            }
            if owed && matches!(self.access, Access::Writing(..)) {
                match &write {
                    Write::Outbox(change) => stuck.push(change.local()),
                    _ => blocked = true,
                }
                self.owed.push(write);
            }
        }
        went
    }

    /// Writes all of it or nothing.
    fn commit<'a>(&mut self, writes: impl IntoIterator<Item = &'a Write>) -> rusqlite::Result<()> {
        // It has failed for good meanwhile.
        let Access::Writing(conn, _) = &mut self.access else { return Err(rusqlite::Error::InvalidQuery) };
        let change = Transaction::new(conn, TransactionBehavior::Immediate)?;
        let done = writes.into_iter().map(|write| apply(&change, write)).collect::<rusqlite::Result<Vec<Done>>>()?;
        change.commit()?;
        if done.contains(&Done::Emptied) {
            // It is gone without this, too, only that its space is not free. So it may fail.
            if let Err(error) = conn.execute_batch("VACUUM; PRAGMA wal_checkpoint(TRUNCATE)") {
                tracing::warn!(%error, "the store keeps its size");
            }
        }
        for done in done {
            match (done, &mut self.counts) {
                (Done::Grown(room, new), Some(counts)) => counts.grow(room, new),
                (Done::Plain, _) | (Done::Grown(..), None) => {}
                (Done::Shrunk | Done::Emptied, _) => self.counts = None,
            }
            self.prunes |= done != Done::Plain;
        }
        Ok(())
    }

    fn prune(&mut self) {
        let Access::Writing(conn, _) = &mut self.access else { return };
        if !self.prunes {
            return;
        }
        let mut step = || {
            let mut counts = match self.counts.take() {
                Some(counts) => counts,
                None => Counts::read(conn)?,
            };
            let change = Transaction::new(conn, TransactionBehavior::Immediate)?;
            let more = prune::step(&change, &mut counts, self.place.keep)?;
            change.commit()?;
            self.counts = Some(counts);
            rusqlite::Result::Ok(more)
        };
        match step() {
            Ok(true) => {}
            Ok(false) => {
                self.prunes = false;
                if self.trouble.is_some() {
                    self.rounds = RETRY_ROUNDS;
                }
            }
            Err(error) => {
                self.prunes = false;
                // That there is no room to make room is told when something is to be kept.
                if let Verdict::Dead(_) = Verdict::of(&error, &self.place.file) {
                    self.fail(&error);
                }
            }
        }
    }

    fn answer(&mut self, query: Query) {
        let (Access::Writing(conn, _) | Access::Reading(conn)) = &self.access else {
            return self.say(nothing(query));
        };
        let answer = match &query {
            Query::Past { id, room, at, limit } => {
                let past = past::past(conn, room, at, *limit);
                past.map(|past| Answer::Past { id: *id, room: room.clone(), past })
            }
            Query::Find { id, text, room, skip, limit } => {
                search::find(conn, (*id, text), room.as_ref(), (*skip, *limit)).map(Answer::Found)
            }
        };
        match answer {
            Ok(answer) => self.say(answer),
            Err(error) => {
                self.fail(&error);
                self.say(nothing(query));
            }
        }
    }
}
