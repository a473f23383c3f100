//! Wire formats, as pure functions: requests become calls, frames become events.
//!
//! An adapter performs nothing. It knows no socket, no clock and no screen; the `net` layer carries its calls out.

mod adapter;
pub mod minchat;

pub use adapter::{Body, Call, DecodeError, Frame, Handshake, HttpCall, HttpMethod, Part, Protocol};
