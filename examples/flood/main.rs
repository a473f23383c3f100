//! A flood of MinChat messages, and what it costs. Prints figures; asserts nothing.
//!
//! `cargo run --release --example flood [COUNT]` starts a server that writes COUNT ready-made websocket frames as fast
//! as the kernel takes them, and receives them in four ways, each in a process of its own: with the socket library
//! and an empty callback (`bare`), with frames handed through a channel to a decoding thread (`channel`), with
//! decoding in the callback (`callback`), and with the whole network layer (`ours`).

#[cfg(target_os = "linux")]
mod linux;

#[cfg(target_os = "linux")]
fn main() -> linux::Outcome<()> {
    linux::run()
}

#[cfg(not(target_os = "linux"))]
fn main() {}
