//! MinChat, as its official SDKs speak it: REST for all that needs an answer, the socket for what happens live.
//!
//! The protocol note is the source; `§` in these files means its sections. What the server leaves open is read
//! leniently on the wire (a number for a string, a missing optional field, unknown fields) and strictly in the domain
//! (no message without an id, a room, an author and a time).

mod adapter;
mod decode;
mod encode;
mod reply;
#[cfg(test)]
mod tests;
mod wire;

pub use adapter::MinChat;
