//! End-to-end tests: the client's connection, state and event loop against a sandbox server, over real sockets.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod client;
mod copied;
mod inspector;
mod minchat;
mod network;
mod people;
mod profiles;
mod vchat;
