//! V Chat v2, as its official client speaks it: REST for all that needs an answer, the socket for what happens live.
//!
//! The protocol note on V Chat is the source; `§` in these files means its sections. What one server of the family
//! writes and another does not is read leniently; a message that cannot be read costs itself and no other, and stays
//! visible as such.

mod adapter;
mod body;
mod call;
mod calls;
mod decode;
mod encode;
mod form;
mod message;
mod notices;
mod people;
mod refusal;
mod reply;
mod rooms;
mod session;
#[cfg(test)]
mod tests;
mod words;

pub use adapter::VChat;
pub use session::Credentials;
