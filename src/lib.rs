//! minchat-tui: a keyboard-driven terminal client for hosted Socket.IO chat services.
//!
//! The folders are the layers; `ARCHITECTURE.md` draws them and `tests/layers.rs` holds who may import whom. The
//! library exists so that tests and benches can reach every layer; its interface is not a stable one.

pub mod domain;
pub mod protocol;
pub mod server;
pub mod text;
