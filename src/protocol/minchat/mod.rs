//! The MinChat back end: REST for everything that needs an answer, the socket for live events.
//!
//! The protocol is described in `docs/protocol/minchat.md`, as the official SDKs speak it. Decoding is lenient about
//! the wire format (a number for a string, missing optional fields, unknown fields) and strict about what the domain
//! requires: a message needs an id, a room, an author and a time.

mod adapter;
mod capabilities;
mod decode;
mod encode;
mod file_size;
mod form;
mod objects;
mod refusal;
mod reply;
mod state;
#[cfg(test)]
mod tests;

pub use adapter::MinChat;
pub use decode::EVENTS;
