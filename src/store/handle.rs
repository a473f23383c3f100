//! The handle through which the program uses a store. None of its methods waits for a disk, except closing.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use super::answer::{Answer, Sink, Snapshot};
use super::location::StoreLocation;
use super::problem::Problem;
use super::queue::Queue;
use super::worker::Worker;
use super::write::{Query, Write};

/// Time that dropping a store waits for outstanding writes. A disk that takes longer hangs, and the user wants to quit.
const DROP_TIMEOUT: Duration = Duration::from_secs(3);

/// A store of one account. Dropping it carries out the outstanding writes, for up to three seconds.
pub struct Store {
    backing: Backing,
    /// Whether `close` was called, so that dropping the store does not wait again.
    closed: bool,
}

enum Backing {
    /// A file, served by a thread that takes its work from this queue.
    Disk(Arc<Queue>),
    /// No file: nothing is saved, because the user chose so or the thread could not be started.
    Disabled(Mutex<Sink>),
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.backing {
            Backing::Disk(_) => "Store::Disk",
            Backing::Disabled(_) => "Store::Disabled",
        })
    }
}

impl Store {
    /// Opens the store at `location`, creating it if it does not exist. Returns immediately; `sink` receives
    /// [`Answer::Loaded`] once the store has been read or has turned out to be unusable.
    ///
    /// `sink` runs on the store's thread and must not block.
    pub fn open(location: StoreLocation, sink: impl FnMut(Answer) + Send + 'static) -> Self {
        let queue = Arc::new(Queue::default());
        let file = location.file.clone();
        // The thread takes the worker out of this slot. If no thread can be started, the worker and its sink are still
        // here.
        let slot = Arc::new(Mutex::new(Some(Worker::new(location, Arc::clone(&queue), Box::new(sink)))));
        let take = |slot: &Mutex<Option<Worker>>| slot.lock().unwrap_or_else(PoisonError::into_inner).take();
        let thread_slot = Arc::clone(&slot);
        let thread = thread::Builder::new().name("store".to_owned()).spawn(move || {
            if let Some(worker) = take(&thread_slot) {
                worker.run();
            }
        });
        if let Err(error) = thread
            && let Some(worker) = take(&slot)
        {
            let mut sink = worker.into_sink();
            sink(Answer::Problem(Problem::Io { file, why: error.to_string() }));
            return Self::disabled(sink);
        }
        Self { backing: Backing::Disk(queue), closed: false }
    }

    /// A store that saves nothing, is always empty, and otherwise answers like any other. It calls `sink` from within
    /// [`Store::write`] and [`Store::query`].
    pub fn disabled(sink: impl FnMut(Answer) + Send + 'static) -> Self {
        let store = Self { backing: Backing::Disabled(Mutex::new(Box::new(sink))), closed: false };
        store.answer(Answer::Loaded(Box::<Snapshot>::default()));
        store
    }

    /// Queues a write. A later write may replace it before it is carried out.
    pub fn write(&self, write: Write) {
        self.write_atomic(vec![write]);
    }

    /// Queues several writes. The drafts among them are carried out in one transaction with the outbox write, so that a
    /// draft is never on disk beside the outbox entry that it became.
    pub fn write_atomic(&self, writes: Vec<Write>) {
        match &self.backing {
            Backing::Disk(_) if writes.is_empty() => {}
            Backing::Disk(queue) => queue.add(|backlog| backlog.push_all(writes)),
            Backing::Disabled(_) => writes.iter().for_each(|write| {
                if let Write::Outbox(write) = write {
                    self.answer(Answer::confirming(write, false));
                }
            }),
        }
    }

    /// Queues a query. Its answer reflects all writes that were queued before it.
    pub fn query(&self, query: Query) {
        match &self.backing {
            Backing::Disk(queue) => queue.add(|backlog| backlog.query(query)),
            Backing::Disabled(_) => self.answer(Answer::empty(query)),
        }
    }

    /// Starts to carry out all outstanding writes and to close the file, without waiting for it. To close several
    /// stores, call this on each of them before the first call of `close`.
    pub fn start_closing(&self) {
        if let Backing::Disk(queue) = &self.backing {
            queue.close();
        }
    }

    /// Carries out all outstanding writes and closes the file. Returns whether that was done within `timeout`.
    pub fn close(mut self, timeout: Duration) -> bool {
        self.closed = true;
        self.shut_down(timeout)
    }

    fn shut_down(&self, timeout: Duration) -> bool {
        let Backing::Disk(queue) = &self.backing else { return true };
        queue.close();
        queue.wait_until_ended(timeout)
    }

    /// Passes `answer` to the sink of a disabled store.
    fn answer(&self, answer: Answer) {
        if let Backing::Disabled(sink) = &self.backing {
            (sink.lock().unwrap_or_else(PoisonError::into_inner))(answer);
        }
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        if !self.closed && !self.shut_down(DROP_TIMEOUT) {
            tracing::warn!("the disk does not respond; the last changes may be lost");
        }
    }
}
