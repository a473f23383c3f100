//! The V Chat v2 back end: REST for everything that needs an answer, the socket for live events.
//!
//! The protocol is described in `docs/protocol/vchat.md`, as the official client speaks it. Servers of this family
//! differ in details, so decoding is lenient. A message that cannot be read affects no other message and stays visible
//! as a notice.

mod account_secrets;
mod adapter;
mod capabilities;
mod decode;
mod encode;
mod form;
mod http;
mod mentions;
mod message;
mod message_body;
mod notices;
mod people;
mod placeholders;
mod refusal;
mod reply;
mod rooms;
mod sign_in;
mod state;
#[cfg(test)]
mod tests;
mod voice_calls;

pub use adapter::VChat;
pub use decode::EVENTS;
pub use state::Credentials;
