//! `kill -9` at any moment, again and again: the program in a real pseudo-terminal, with one data folder, on both back
//! ends and a line that breaks. What was on screen as waiting or sent is on the server, once and in its order; what was
//! being written is back; what was edited or deleted is; and the store is whole.
//!
//! The short form runs with all tests; `KILLS=200 cargo test --test kill` is the long one. Another story comes of
//! `KILL_SEED=8`.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "that is how a test fails")]

#[path = "terminal/client.rs"]
#[allow(dead_code, reason = "made for another test")]
mod client;
#[path = "common/fault/mod.rs"]
mod fault;
#[path = "kill/glance.rs"]
mod glance;
#[path = "kill/ledger.rs"]
mod ledger;
#[path = "e2e_vchat/peer.rs"]
mod peer;
#[path = "common/pty/mod.rs"]
mod pty;
#[path = "e2e/sandbox.rs"]
mod sandbox;
#[path = "kill/story.rs"]
mod story;
#[path = "kill/typist.rs"]
mod typist;
mod wire;
#[path = "kill/world.rs"]
mod world;

use story::Story;
use world::World;

#[test]
fn kill_on_minchat() {
    Story::tell(World::minchat);
}

#[test]
fn kill_on_vchat() {
    Story::tell(World::vchat);
}
