//! Wire formats as pure functions: requests become calls, frames become domain events.
//!
//! [`Protocol`] is the interface between the program and a chat service. The `net` layer carries out the [`Call`]s that
//! an adapter returns and passes it every incoming [`Frame`]. An adapter does no I/O and sees neither a clock nor the
//! screen; between frames it only remembers who is signed in and which people it has reported.
//!
//! Each back end is a folder with the same core files:
//!
//! | file | contents |
//! | --- | --- |
//! | `adapter` | the type that implements [`Protocol`] |
//! | `capabilities` | features, page sizes and timing of the service |
//! | `state` | state between frames: credentials, session, known people |
//! | `encode` | requests → calls |
//! | `decode` | socket events → domain events |
//! | `reply` | REST replies → domain events |
//! | `refusal` | error replies → sentences for the user |
//!
//! To add a back end, write such a folder, then follow "How to add" in ARCHITECTURE.md. Adapters read values with
//! `fields` (lenient reading) and texts with `limits` (size limits and sanitising).

mod adapter;
mod call;
mod fields;
mod form_field;
mod frame;
mod json;
mod limits;
pub mod minchat;
mod path_segment;
mod person_cache;
#[cfg(test)]
mod secret_tests;
mod size_refusal;
pub mod vchat;

pub use adapter::{DecodeError, Protocol};
pub use call::{Call, Handshake, HttpCall, HttpMethod, Part};
pub use frame::{Body, Frame};
pub use json::{ParseError, parse};
