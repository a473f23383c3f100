//! The handle that the program holds. None of its methods waits for a disk.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use super::answer::{Answer, Edge, Found, Past, Snapshot, Step};
use super::location::StoreLocation;
use super::problem::Problem;
use super::queue::Queue;
use super::worker::Worker;
use super::write::{OutboxWrite, Query, Write};

/// How long the end of the program waits for what is still to be kept. A disk that takes longer hangs.
const FAREWELL: Duration = Duration::from_secs(3);

/// Where the answers go. It is called on the store's thread, or from within [`Store::write`] by a store that is nowhere:
/// it must not wait for anything.
pub(super) type Sink = Box<dyn FnMut(Answer) + Send>;

/// A store. Dropping it keeps what is still to be kept, within three seconds.
pub struct Store {
    side: Side,
}

enum Side {
    /// On disk, behind a thread.
    Somewhere(Arc<Queue>),
    /// Nothing is kept, by the user's wish.
    Nowhere(Mutex<Sink>),
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.side {
            Side::Somewhere(_) => "Store::Somewhere",
            Side::Nowhere(_) => "Store::Nowhere",
        })
    }
}

impl Store {
    /// Opens the store at `place`, or makes it. Returns at once; `sink` gets [`Answer::Loaded`] when it is open, or
    /// when it is known that it will not be.
    pub fn open(place: StoreLocation, sink: impl FnMut(Answer) + Send + 'static) -> Self {
        let queue = Arc::new(Queue::default());
        let file = place.file.clone();
        // The thread fetches its worker, so that the sink is still here when there is no thread.
        let worker = Arc::new(Mutex::new(Some(Worker::new(place, Arc::clone(&queue), Box::new(sink)))));
        let fetch = |worker: &Mutex<Option<Worker>>| worker.lock().unwrap_or_else(PoisonError::into_inner).take();
        let fetched = Arc::clone(&worker);
        let thread = thread::Builder::new().name("store".to_owned()).spawn(move || {
            if let Some(worker) = fetch(&fetched) {
                worker.run();
            }
        });
        if let Err(error) = thread
            && let Some(worker) = fetch(&worker)
        {
            let mut sink = worker.into_sink();
            sink(Answer::Problem(Problem::Io { file, why: error.to_string() }));
            return Self::nowhere(sink);
        }
        Self { side: Side::Somewhere(queue) }
    }

    /// A store that keeps nothing, and otherwise answers as any other.
    pub fn nowhere(sink: impl FnMut(Answer) + Send + 'static) -> Self {
        let store = Self { side: Side::Nowhere(Mutex::new(Box::new(sink))) };
        store.say(Answer::Loaded(Box::<Snapshot>::default()));
        store
    }

    /// Keeps something. Later writes may replace it before it is carried out.
    pub fn write(&self, write: Write) {
        self.write_together(vec![write]);
    }

    /// Keeps several things. If one of them is carried out at once then all are, in one piece: a draft is not there any
    /// more when what it became is.
    pub fn write_together(&self, writes: Vec<Write>) {
        match &self.side {
            Side::Somewhere(_) if writes.is_empty() => {}
            Side::Somewhere(queue) => queue.put(|pending| writes.into_iter().for_each(|write| pending.push(write))),
            Side::Nowhere(_) => writes.iter().for_each(|write| {
                if let Write::Outbox(write) = write {
                    self.say(kept(write, false));
                }
            }),
        }
    }

    /// Asks for something. It sees what was written before.
    pub fn ask(&self, query: Query) {
        match &self.side {
            Side::Somewhere(queue) => queue.put(|pending| pending.ask(query)),
            Side::Nowhere(_) => self.say(nothing(query)),
        }
    }

    /// Carries out what is still to be done; says whether that was possible within `patience`.
    pub fn close(self, patience: Duration) -> bool {
        self.end(patience)
    }

    fn end(&self, patience: Duration) -> bool {
        let Side::Somewhere(queue) = &self.side else { return true };
        queue.close();
        queue.wait_for_end(patience)
    }

    fn say(&self, answer: Answer) {
        if let Side::Nowhere(sink) = &self.side {
            (sink.lock().unwrap_or_else(PoisonError::into_inner))(answer);
        }
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        if !self.end(FAREWELL) {
            tracing::warn!("the disk hangs: the last changes may not have been kept");
        }
    }
}

/// The confirmation of a change of the outbox.
pub(super) fn kept(write: &OutboxWrite, on_disk: bool) -> Answer {
    let step = match write {
        OutboxWrite::Put(_) => Step::Put,
        OutboxWrite::Mark { .. } => Step::Mark,
        OutboxWrite::Remove(_) => Step::Remove,
    };
    Answer::Kept { local: write.local(), step, on_disk }
}

/// The answer of a store in which there is nothing.
pub(super) fn nothing(query: Query) -> Answer {
    match query {
        Query::Past { id, room, .. } => {
            Answer::Past { id, room, past: Past { messages: Vec::new(), edge: Edge::Hole } }
        }
        Query::Find { id, .. } => Answer::Found(Found { id, hits: Vec::new(), more: false }),
    }
}
