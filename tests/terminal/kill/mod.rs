//! `kill -9` at random moments, many times, with one data folder and a bad network, on both services.
//!
//! In the end, every message that was on the screen as queued or sent must be on the server, once and in order. Drafts
//! must be restored, edits and deletions must have been made, and the store must be intact.
//!
//! The short form runs with all tests; `KILLS=200 cargo test --test terminal kill::` is the long one. `KILL_SEED=8`
//! chooses another random sequence.

mod ledger;
mod screen_reader;
mod story;
mod typist;
pub(crate) mod world;

use story::Story;
use world::World;

#[test]
fn kills_on_minchat_lose_nothing() {
    Story::run(World::minchat);
}

#[test]
fn kills_on_vchat_lose_nothing() {
    Story::run(World::vchat);
}
