//! Wire formats, as pure functions: requests become calls, frames become events.
//!
//! An adapter performs nothing. It knows no socket, no clock and no screen; the `net` layer carries its calls out.

mod adapter;
mod caps;
mod fields;
mod json;
pub mod minchat;
mod path_segment;
mod recall;
pub mod vchat;

pub use adapter::{Body, Call, DecodeError, Frame, Handshake, HttpCall, HttpMethod, Part, Protocol};
pub use json::parse;
