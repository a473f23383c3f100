//! The commands for scripts: one connection, one task, records on standard output, and an exit code.
//!
//! Each task is a file. It asks the [`Session`](session::Session) for answers and events, and gives [`Record`](crate::headless::Record)s
//! to the [`Output`](output::Output). Nothing of this opens the database, so that the commands can run beside a chat of the same profile.
//! On disk are only the [`journal`] of `send`, the id of the device that the chat uses as well, and for a moment the
//! messages that `history` and `tail` collect.

mod changes;
mod doctor;
mod file;
mod history;
mod job;
pub(super) mod joined_rooms;
mod journal;
mod lists;
mod output;
mod raw;
mod send;
pub(super) mod session;
mod tail;
mod typing;

pub use job::run_job;
