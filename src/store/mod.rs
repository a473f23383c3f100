//! What survives a crash: rooms, people, messages, drafts, the outbox and full-text search, in one SQLite file.
//!
//! The program owns the truth while it runs; the store is told what changed (`Write`), asked for what is not in memory
//! (`Query`), and speaks through one sink (`Answer`). A thread of its own does all the work, so that no method of
//! `Store` waits for a disk. It knows nothing of servers, screens, settings or clocks, and it never holds a secret.
//!
//! What people wrote lies in the file as it is: the mode of the file (0600, in a folder of mode 0700) protects it, and
//! nothing else does.

mod answer;
mod apply;
mod codes;
mod drafts;
mod file;
mod fold;
mod handle;
mod load;
mod location;
mod messages;
mod outbox;
mod outbox_payload;
mod past;
mod pending;
mod problem;
mod prune;
mod queue;
mod record;
mod rooms;
mod schema;
mod search;
mod worker;
mod write;

#[cfg(test)]
mod tests;

pub use answer::{Answer, Edge, Found, Hit, KeptRoom, Past, Snapshot, Step};
pub use handle::Store;
pub use location::{Retention, StoreLocation};
pub use problem::Problem;
pub use write::{At, Batch, Draft, Entry, OutboxPayload, OutboxWrite, Query, ReadTo, Stage, Write};
