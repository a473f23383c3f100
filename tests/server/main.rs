//! Tests of the sandbox servers from outside: real HTTP requests, and websockets driven frame by frame.
#![allow(
    clippy::expect_used,
    clippy::needless_pass_by_value,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking, and payloads are written where they are sent"
)]

mod faults;
mod limits;
mod load;
mod minchat;
mod vchat;
mod web;
