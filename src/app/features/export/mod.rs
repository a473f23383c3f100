//! Export of a room to a file.
//!
//! The messages are collected from the newest back to the first, a block at a time: from memory, else from the store,
//! else from the server. That is the order in which the screen gets them, so the file shows what the screen would.
//! Each step waits for the reply to the one before, so memory and the load of the server stay small. Without a
//! connection the export waits.
//!
//! Each page from the server is written to the store before the next one is requested. If the export is stopped, or the
//! program ends in any way, nothing remains of the file, but the next export finds these messages in the store and
//! requests only the others.
//!
//! `start` carries out the command, `collect` chooses the next source, `loaded` and `pages` read from memory and from
//! the server's pages, `record` describes a message, and `amendments` are edits and deletions meanwhile.

pub(in crate::app) mod amendments;
pub(in crate::app) mod collect;
mod loaded;
mod pages;
mod record;
pub(in crate::app) mod start;
