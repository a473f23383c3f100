//! minchat-tui: a keyboard-driven terminal client for hosted Socket.IO chat services.
//!
//! The folders are the layers; `ARCHITECTURE.md` draws them and `tests/layers.rs` holds who may import whom. The
//! library exists so that tests and benches can reach every layer; its interface is not a stable one.

pub mod app;
pub mod cli;
pub mod config;
pub mod domain;
pub mod input;
pub mod net;
pub mod protocol;
pub mod runtime;
pub mod server;
pub mod store;
pub mod text;
pub mod view;
