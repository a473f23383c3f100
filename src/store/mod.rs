//! Persistence of one account in one SQLite file: rooms, people, messages, drafts and the outbox.
//!
//! [`Store`] is the handle. It accepts a [`Write`] when something changes in memory and a [`Query`] for data that is
//! not in memory, and reports through one callback that receives [`Answer`]s. All work happens on a thread of the
//! store, so only closing a `Store` waits for the disk. A process may hold any number of stores, one for each account.
//!
//! The state in memory is authoritative while the program runs. The store knows nothing about servers, screens,
//! settings or the clock, and never holds a secret. Messages are stored unencrypted: they are protected by the
//! permissions of the file (0600) and its folder (0700) only.

mod answer;
mod arrangement;
mod authors;
mod backlog;
mod codes;
mod device_id;
mod drafts;
mod edits;
mod executor;
mod file;
mod gaps;
mod handle;
mod history;
mod limits;
mod location;
mod messages;
mod outbox;
mod outbox_payload;
mod private_file;
mod problem;
mod pruning;
mod queue;
mod record;
mod rooms;
mod schema;
mod search;
mod sequence;
mod side_store;
mod snapshot;
mod worker;
mod write;

#[cfg(test)]
mod tests;

pub use answer::{
    Answer, Edge, ForgottenFiles, OutboxStep, RoomSnapshot, SearchMatch, SearchResults, Snapshot, StoredPage,
};
pub use arrangement::Arrangement;
pub use handle::Store;
pub use location::{Retention, StoreLocation};
pub use private_file::{OpenMode, PrivateFileError, create_private_dir, open_private_file, private_dir_builder};
pub use problem::Problem;
pub use write::{
    Batch, Draft, Entry, HistoryPosition, OutboxPayload, OutboxWrite, Query, ReadMarker, StoredStage, Write,
};
