//! What a fuzz target does with its bytes. `fuzz/` gives them bytes that grew by coverage, `tests/fuzz/main.rs` gives
//! them bytes of chance: the same code under both. Each fails by panicking.

pub mod adapters;
pub mod dice;
pub mod plain;
pub mod requests;
pub mod sandbox;
pub mod script;
pub mod tale;
