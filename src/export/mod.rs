//! Formats of exported rooms: what a file contains, and how it is written.
//!
//! [`write_room`] writes a whole room to anything that can be written to, message by message, so that memory does not
//! depend on the length of the history. Plain text and Markdown contain no control characters, whatever others wrote;
//! JSON contains every text as it was written, with such characters escaped.
//!
//! This module opens no file and does not know where the messages come from.

mod document;
mod format;
mod header;
mod json;
mod markdown;
mod message;
mod plain;
#[cfg(test)]
mod tests;

pub use document::write_room;
pub use format::ExportFormat;
pub use header::ExportHeader;
pub use json::write_json;
pub use message::{ExportedFile, ExportedMessage, ExportedPerson, ExportedQuote};
