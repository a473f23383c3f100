//! Bodies of the fuzz targets. `fuzz/` feeds them with bytes that grow by coverage, and `tests/fuzz/main.rs` with
//! random bytes. A body fails by panicking.

pub mod adapters;
pub mod dice;
pub mod requests;
pub mod sandbox;
pub mod script;
pub mod texts;
pub mod update;
