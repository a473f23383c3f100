//! Export of a room to a file.
//!
//! The messages are collected from the newest back to the first, a block at a time: from memory, else from the store,
//! else from the server. That is the order in which the screen gets them, so the file shows what the screen would.
//! Each step waits for the reply to the one before, so memory and the load of the server stay small. Without a
//! connection the export waits. If it is stopped, or the program ends, nothing remains of it, and the next export
//! begins anew.
//!
//! `start` carries out the command, `collect` chooses the next source, `loaded` and `pages` read from memory and from
//! the server's pages, and `record` describes a message.

pub(in crate::app) mod collect;
mod loaded;
mod pages;
mod record;
pub(in crate::app) mod start;
