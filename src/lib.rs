//! minchat-tui: a keyboard-driven terminal client for hosted Socket.IO chat services.
//!
//! Each module is a layer. `ARCHITECTURE.md` explains them, and `tests/meta/layers.rs` checks which layer imports
//! which.
//!
//! The library exists only so that tests and benchmarks can reach every layer. Its interface is not stable.

pub mod app;
pub mod cli;
pub mod config;
pub mod domain;
pub mod dump;
pub mod export;
pub mod headless;
pub mod input;
pub mod load;
pub mod net;
pub mod protocol;
pub mod recording;
pub mod runtime;
pub mod server;
pub mod store;
pub mod text;
pub mod view;
pub mod wire;
