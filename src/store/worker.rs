//! The store's thread: opens the file, carries out writes and queries, and keeps going when the disk fails.
//!
//! Writes that fail for a temporary reason are *unwritten*: they are retried every few seconds, urgent ones also one by
//! one, until the disk accepts them. The program never waits for that. An outbox write that fails is confirmed as not
//! on disk, and confirmed again when it gets there. Each problem is reported once, and so is its end.

mod queries;

use std::mem;
use std::sync::Arc;
use std::time::Duration;

use rusqlite::{Connection, Transaction, TransactionBehavior};

use super::answer::{Answer, ForgottenFiles, Sink, Snapshot};
use super::backlog::{Backlog, UrgentWrite, Work, confirm};
use super::executor::{RowChange, execute};
use super::file::{self, Opened, WriterLock};
use super::limits::StepLimit;
use super::location::StoreLocation;
use super::problem::{ErrorClass, Problem};
use super::pruning::Pruner;
use super::queue::Queue;
use super::search::Search;
use super::side_store::{self, SideStore};
use super::write::Write;
use super::{schema, snapshot};

/// Pause before unwritten data is retried while nothing else happens.
const RETRY: Duration = Duration::from_secs(5);

/// Number of rounds of work before unwritten data is retried while the store is never idle. A round takes about a third
/// of a second, so this is about as long as [`RETRY`].
const RETRY_ROUNDS: u32 = 16;

/// Pause after a deletion before the write-ahead log is emptied, and between the attempts to do so.
const LOG_DELAY: Duration = Duration::from_millis(500);

/// Number of attempts to empty the log after a deletion. Another client that reads makes an attempt fail.
const LOG_ATTEMPTS: u32 = 20;

/// Time for which the last attempt, before the file is closed, waits for a client that reads. Less than the time for
/// which the program waits when it quits.
const CLOSING_PATIENCE: Duration = Duration::from_secs(1);

/// The state of the store's thread.
///
/// Fields are dropped in this order: the end of the thread must be announced after the file is closed and unlocked.
pub(super) struct Worker {
    access: FileAccess,
    /// Takes drafts and the outbox while another client has locked the file, whether or not that can be read.
    side: Option<SideStore>,
    location: StoreLocation,
    step_limit: StepLimit,
    sink: Sink,
    /// Writes that the disk has not accepted yet.
    unwritten: Backlog,
    /// The problem that was reported last, while it lasts.
    problem: Option<Problem>,
    /// Whether a rejected request has been reported. It is a defect rather than a passing problem: once is enough.
    reported_rejection: bool,
    /// Rounds of work since unwritten data was last tried.
    rounds: u32,
    pruner: Pruner,
    /// Number of attempts left to empty the write-ahead log, in which a deleted text may be; 0 if none is.
    log_attempts: u32,
    /// The search in progress.
    search: Option<Search>,
    queue: EndingQueue,
}

/// Access to the file. `Unavailable` may become any other state, `Writable` only `Abandoned`. The stored data is sent when
/// the state is no longer `Unavailable`.
enum FileAccess {
    /// The file is ours. The lock is held for as long as its file is open.
    Writable(Connection, #[expect(dead_code, reason = "held, never used")] WriterLock),
    /// Another client has locked the file.
    ReadOnly(Connection),
    /// The file could not be opened or read yet, for a reason that may pass.
    Unavailable,
    /// The file is damaged, not ours, or locked and unreadable, and is not touched any more.
    Abandoned,
}

/// The queue, which learns about the end of the thread whatever ends it, even a panic.
struct EndingQueue(Arc<Queue>);

impl Drop for EndingQueue {
    fn drop(&mut self) {
        self.0.end();
    }
}

impl Worker {
    /// A worker that has not accessed the disk yet.
    pub(super) fn new(location: StoreLocation, queue: Arc<Queue>, sink: Sink) -> Self {
        Self {
            access: FileAccess::Unavailable,
            side: None,
            location,
            step_limit: StepLimit::default(),
            sink,
            unwritten: Backlog::default(),
            problem: None,
            reported_rejection: false,
            rounds: 0,
            pruner: Pruner::default(),
            log_attempts: 0,
            search: None,
            queue: EndingQueue(queue),
        }
    }

    /// Returns the sink of a worker that will never run.
    pub(super) fn into_sink(self) -> Sink {
        self.sink
    }

    /// Works until the handle is dropped.
    pub(super) fn run(mut self) {
        self.load();
        loop {
            let is_waiting = !self.unwritten.is_empty() || matches!(self.access, FileAccess::Unavailable);
            let timeout = match (self.is_busy(), !is_waiting) {
                (true, _) => Some(Duration::ZERO),
                (false, false) if self.rounds >= RETRY_ROUNDS => Some(Duration::ZERO),
                (false, false) => Some(RETRY),
                (false, true) if self.log_attempts > 0 => Some(LOG_DELAY),
                (false, true) => None,
            };
            let work = self.queue.0.next(timeout);
            let is_last = work.is_last;
            self.carry_out(work);
            if is_last {
                // If another client has the file open, the log is not removed when this connection is closed.
                return self.empty_log(CLOSING_PATIENCE);
            }
        }
    }

    /// Whether there is work that goes on while the queue is empty.
    fn is_busy(&self) -> bool {
        self.pruner.is_due() || self.search.is_some()
    }

    fn send(&mut self, answer: Answer) {
        (self.sink)(answer);
    }

    /// Opens the file and sends the stored data. A file that cannot be read yet must not be taken for an empty one.
    fn load(&mut self) {
        let snapshot = self.open();
        if !matches!(self.access, FileAccess::Unavailable) {
            self.send(Answer::Loaded(Box::new(snapshot)));
        }
    }

    /// Opens the file, reports problems, and returns the stored data.
    fn open(&mut self) -> Snapshot {
        match file::open(&self.location, &self.step_limit) {
            Ok(Opened::Writable(mut conn, lock)) => {
                let left = side_store::take_over(&mut conn, &self.location, &self.step_limit);
                let loaded = snapshot::load(&conn);
                self.access = FileAccess::Writable(conn, lock);
                match loaded {
                    Ok((snapshot, unreadable)) => {
                        self.report_unreadable(unreadable + left);
                        snapshot
                    }
                    Err(error) => {
                        if self.on_read_error(&error).is_temporary() {
                            self.access = FileAccess::Unavailable;
                        }
                        Snapshot::default()
                    }
                }
            }
            Ok(Opened::Locked(reader)) => {
                let loaded = reader.as_ref().and_then(|conn| snapshot::load_server_data(conn).ok());
                self.access = reader.map_or(FileAccess::Abandoned, FileAccess::ReadOnly);
                let mut loaded = loaded.unwrap_or_default();
                let side = SideStore::open(&self.location, &self.step_limit);
                match side.and_then(|side| Some((side.load(&mut loaded).ok()?, side))) {
                    Some((unreadable, side)) => {
                        self.side = Some(side);
                        // Nothing is lost, so this is no problem that lasts.
                        self.send(Answer::Problem(Problem::SecondClient));
                        self.report_unreadable(unreadable);
                    }
                    None => self.report(Problem::InUse),
                }
                loaded
            }
            Err(problem) => {
                self.access = if problem.is_temporary() { FileAccess::Unavailable } else { FileAccess::Abandoned };
                self.report(problem);
                Snapshot::default()
            }
        }
    }

    fn report_unreadable(&mut self, entries: usize) {
        if entries > 0 {
            self.send(Answer::Problem(Problem::UnreadableEntries(entries)));
        }
    }

    /// Reports a problem, unless it is of the same kind as the one that was reported last.
    fn report(&mut self, problem: Problem) {
        let is_same = |known: &Problem| mem::discriminant(known) == mem::discriminant(&problem);
        if !self.problem.as_ref().is_some_and(is_same) {
            tracing::warn!(file = %self.location.file.display(), %problem, "problem with the store");
            self.send(Answer::Problem(problem.clone()));
        }
        self.problem = Some(problem);
    }

    /// Reports that the last problem is over.
    fn recover(&mut self) {
        self.rounds = 0;
        if self.problem.take().is_some() {
            self.send(Answer::Recovered);
        }
    }

    /// Classifies an error and reacts to it. A damaged file is not touched again.
    fn on_error(&mut self, error: &rusqlite::Error) -> ErrorClass {
        let class = ErrorClass::of(error, &self.location.file);
        self.react(error, &class);
        class
    }

    /// As [`Self::on_error`], for an error while reading.
    fn on_read_error(&mut self, error: &rusqlite::Error) -> ErrorClass {
        let class = ErrorClass::of_read(error, &self.location.file);
        self.react(error, &class);
        class
    }

    fn react(&mut self, error: &rusqlite::Error, class: &ErrorClass) {
        match class {
            ErrorClass::Temporary(problem) => self.report(problem.clone()),
            ErrorClass::Fatal(problem) => {
                if let FileAccess::Writable(conn, _) = &self.access {
                    file::skip_checkpoint_on_close(conn);
                }
                self.access = FileAccess::Abandoned;
                if self.side.is_some() {
                    // Whatever is written here is saved elsewhere, and the other client reports the problem.
                    return tracing::warn!(file = %self.location.file.display(), %error, "the store cannot be read");
                }
                self.pruner.stop();
                self.unwritten = Backlog::default();
                self.report(problem.clone());
            }
            ErrorClass::Rejected => {
                tracing::warn!(file = %self.location.file.display(), %error, "the store rejected a request");
                // Requests to an abandoned file fail as well, but that has been reported already.
                let is_abandoned = matches!(self.access, FileAccess::Abandoned);
                if !is_abandoned && !mem::replace(&mut self.reported_rejection, true) {
                    let (file, why) = (self.location.file.clone(), error.to_string());
                    self.send(Answer::Problem(Problem::Rejected { file, why }));
                }
            }
        }
    }

    fn carry_out(&mut self, work: Work) {
        self.step_limit.restart();
        let no_writes = work.urgent.is_empty() && work.deferred.is_empty() && self.unwritten.is_empty();
        let is_idle = work.urgent.is_empty() && work.deferred.is_empty() && work.queries.is_empty();
        // Without work, either the pause before a retry is over, or the queue returned at once because of other work,
        // which is no reason to retry.
        let retry = (is_idle && !self.is_busy()) || work.is_last || self.rounds >= RETRY_ROUNDS;
        if matches!(self.access, FileAccess::Unavailable) && retry {
            self.rounds = 0;
            self.load();
            // If anything is written to the file, that tells whether everything is saved.
            if matches!((&self.access, no_writes), (FileAccess::Writable(..), true)) || self.side.is_some() {
                self.recover();
            }
        }
        for urgent in work.urgent {
            self.unwritten.drop_obsolete(&urgent.write);
            self.unwritten.push_urgent(urgent);
        }
        work.deferred.into_iter().for_each(|write| self.unwritten.push(write));
        match self.access {
            FileAccess::Writable(..) => self.write(retry),
            FileAccess::Unavailable => {
                self.rounds += 1;
                self.unwritten.urgent_mut().for_each(|urgent| urgent.report_unwritten(&mut self.sink));
            }
            FileAccess::ReadOnly(_) | FileAccess::Abandoned if self.side.is_some() => self.write_beside(),
            FileAccess::ReadOnly(_) | FileAccess::Abandoned => {
                let (mut urgent, _) = self.unwritten.take_all();
                urgent.iter_mut().for_each(|urgent| urgent.report_unwritten(&mut self.sink));
            }
        }
        work.queries.into_iter().for_each(|query| self.answer(query));
        self.continue_search();
        self.prune();
        if is_idle && self.log_attempts > 0 && !self.is_busy() && self.unwritten.is_empty() {
            self.log_attempts -= 1;
            self.empty_log(Duration::ZERO);
        }
    }

    /// Empties the write-ahead log, in which a deleted text may be.
    fn empty_log(&mut self, patience: Duration) {
        let FileAccess::Writable(conn, _) = &self.access else { return };
        match file::empty_log(conn, patience) {
            Ok(true) => self.log_attempts = 0,
            Ok(false) => tracing::debug!("the write-ahead log is not emptied while another client reads"),
            Err(error) => tracing::debug!(%error, "the write-ahead log cannot be emptied"),
        }
    }

    /// Writes everything that is unwritten.
    fn write(&mut self, retry: bool) {
        let (mut urgent, deferred) = self.unwritten.take_all();
        if urgent.is_empty() && deferred.is_empty() {
            return;
        }
        let mut is_rejected = false;
        if self.problem.is_none() || retry {
            self.rounds = 0;
            match self.commit(urgent.iter().flat_map(UrgentWrite::writes).chain(&deferred)) {
                Ok(()) => {
                    urgent.iter().for_each(|urgent| confirm(&mut self.sink, &urgent.write, true));
                    return self.recover();
                }
                Err(error) => match self.on_error(&error) {
                    ErrorClass::Fatal(_) => {
                        return urgent.iter_mut().for_each(|urgent| urgent.report_unwritten(&mut self.sink));
                    }
                    ErrorClass::Rejected => is_rejected = true,
                    ErrorClass::Temporary(_) => {}
                },
            }
        }
        self.rounds += 1;
        if self.write_one_by_one(urgent) {
            // The write may have made room for the others (the disk is full, and something was deleted): retry soon.
            self.rounds = RETRY_ROUNDS;
        }
        for write in deferred {
            // After a rejection every write gets a transaction of its own, so that the culprit holds up no other.
            let is_unwritten =
                !is_rejected || self.commit([&write]).is_err_and(|error| self.on_error(&error).is_temporary());
            if is_unwritten && matches!(self.access, FileAccess::Writable(..)) {
                self.unwritten.push(write);
            }
        }
        if self.unwritten.is_empty() && matches!(self.access, FileAccess::Writable(..)) {
            self.recover();
        }
    }

    /// Writes drafts and outbox to the side store. If that fails, nothing more is saved.
    fn write_beside(&mut self) {
        let (mut urgent, deferred) = self.unwritten.take_all();
        let writes = urgent.iter().flat_map(UrgentWrite::writes).chain(&deferred);
        let written = self.side.as_mut().map(|store| store.write(writes));
        if matches!(written, Some(Ok(()))) {
            return urgent.iter().for_each(|urgent| confirm(&mut self.sink, &urgent.write, true));
        }
        self.side = None;
        self.report(Problem::InUse);
        urgent.iter_mut().for_each(|urgent| urgent.report_unwritten(&mut self.sink));
    }

    /// Writes each urgent write and its drafts in a transaction of their own, since the disk may have room for one and
    /// not for all. A write never overtakes an earlier one about the same entry or draft. Returns whether any was
    /// written.
    fn write_one_by_one(&mut self, all: Vec<UrgentWrite>) -> bool {
        let mut any_written = false;
        let mut stuck: Vec<UrgentWrite> = Vec::new();
        let mut is_blocked = false;
        for mut urgent in all {
            let follows_stuck = stuck.iter().any(|stuck| stuck.has_subject_of(&urgent));
            let result = if is_blocked || follows_stuck { None } else { Some(self.commit(urgent.writes())) };
            let write = &urgent.write;
            let is_unwritten = match result {
                Some(Ok(())) => {
                    self.unwritten.drop_obsolete(write);
                    confirm(&mut self.sink, write, true);
                    any_written = true;
                    continue;
                }
                Some(Err(error)) => self.on_error(&error).is_temporary(),
                None => true,
            };
            if is_unwritten {
                urgent.report_unwritten(&mut self.sink);
            } else {
                confirm(&mut self.sink, write, false);
                urgent.drafts.drain(..).for_each(|draft| self.unwritten.push(draft));
            }
            if is_unwritten && matches!(self.access, FileAccess::Writable(..)) {
                // A deletion of rooms must not be overtaken by anything.
                is_blocked |= !matches!(urgent.write, Write::Outbox(_));
                stuck.push(urgent);
            }
        }
        stuck.into_iter().for_each(|urgent| self.unwritten.push_urgent(urgent));
        any_written
    }

    /// Carries out `writes` in one transaction: all or none.
    fn commit<'a>(&mut self, writes: impl IntoIterator<Item = &'a Write>) -> rusqlite::Result<()> {
        // An earlier error may have made the file unusable meanwhile.
        let FileAccess::Writable(conn, _) = &mut self.access else { return Err(rusqlite::Error::InvalidQuery) };
        let transaction = Transaction::new(conn, TransactionBehavior::Immediate)?;
        let (mut is_deletion, mut forgotten) = (false, ForgottenFiles::default());
        let changes = writes.into_iter().map(|write| {
            is_deletion |= write.is_deletion();
            execute(&transaction, write, &mut forgotten)
        });
        let changes = changes.collect::<rusqlite::Result<Vec<RowChange>>>()?;
        forgotten.report(&mut self.sink);
        transaction.commit()?;
        if is_deletion {
            self.log_attempts = LOG_ATTEMPTS;
        }
        if changes.contains(&RowChange::Cleared) {
            schema::compact(conn);
        }
        changes.into_iter().for_each(|change| self.pruner.note(change));
        Ok(())
    }

    /// Deletes one batch of old messages, if there are too many.
    fn prune(&mut self) {
        let FileAccess::Writable(conn, _) = &mut self.access else { return };
        if !self.pruner.is_due() {
            return;
        }
        match self.pruner.step(conn, self.location.retention, &mut self.sink) {
            Ok(true) => {}
            Ok(false) => {
                if self.problem.is_some() {
                    // Pruning may have made room.
                    self.rounds = RETRY_ROUNDS;
                }
            }
            Err(error) => {
                // A full disk is reported when something has to be written, not here.
                if let ErrorClass::Fatal(_) = ErrorClass::of(&error, &self.location.file) {
                    self.on_error(&error);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
