//! What a fuzz target does with its bytes. `fuzz/` gives them bytes that grew by coverage, `tests/fuzz/main.rs` gives
//! them bytes of chance: the same code under both. Each fails by panicking.

#![allow(dead_code, reason = "each fuzz target uses one of these")]
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, reason = "a body fails by panicking")]

pub(crate) mod adapters;
pub(crate) mod dice;
pub(crate) mod plain;
pub(crate) mod requests;
pub(crate) mod sandbox;
pub(crate) mod script;
pub(crate) mod tale;
