//! Decoding of the bytes that a terminal sends: keys, mouse, focus and pasted text.
//!
//! [`Decoder`] is pure: bytes and the time go in, [`TerminalEvent`]s come out. Its parts:
//!
//! - `stream.rs` takes the bytes and keeps the time;
//! - `parser.rs` splits the bytes into characters, control codes and escape sequences, however they are cut into pieces;
//!   `rest.rs` tells what completes a sequence that was given up too early;
//! - `keys.rs`, `codes.rs` and `mouse.rs` translate these into keys and mouse events;
//! - `paste.rs` collects a bracketed paste;
//! - `burst.rs` recognises a paste without brackets by its speed.
//!
//! Time matters because some inputs are prefixes of others: ESC is a key, or Alt together with the next key, or the
//! start of a sequence. Bytes that arrive before [`Decoder::deadline`] belong together; after it, [`Decoder::expire`]
//! decides without them. Input that is no key, such as an answer to a query of another program, is dropped as a whole
//! and never taken for text.

mod burst;
mod codes;
mod event;
mod keys;
mod mouse;
mod parser;
mod paste;
mod rest;
mod state;
mod stream;
#[cfg(test)]
mod tests;

pub use event::TerminalEvent;
pub use paste::{MAX_PASTE, Pasted};
pub use stream::Decoder;
