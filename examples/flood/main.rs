//! Measures the cost of receiving a flood of MinChat messages. It prints figures, asserts nothing, and works on Linux
//! only, since the figures come from `/proc`.
//!
//! `cargo run --release --example flood [COUNT]` starts a server that writes COUNT prepared websocket frames as fast as
//! the kernel accepts them. Each of four clients receives them three times, in a process of its own:
//!
//! - `bare`: the socket library with an empty callback
//! - `channel`: frames sent through a channel to a decoding thread
//! - `callback`: frames decoded in the callback
//! - `full`: the whole network layer
//!
//! `cargo run --release --example flood decode` measures decoding alone.

#[cfg(target_os = "linux")]
mod clients;
#[cfg(target_os = "linux")]
mod decode;
#[cfg(target_os = "linux")]
mod meter;
#[cfg(target_os = "linux")]
mod run;
#[cfg(target_os = "linux")]
mod server;

#[cfg(target_os = "linux")]
fn main() -> run::Outcome<()> {
    run::run()
}

#[cfg(not(target_os = "linux"))]
fn main() {}
