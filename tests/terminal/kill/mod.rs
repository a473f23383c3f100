//! `kill -9` at any moment, again and again: the program in a real pseudo-terminal, with one data folder, on both back
//! ends and a line that breaks. What was on screen as waiting or sent is on the server, once and in its order; what was
//! being written is back; what was edited or deleted is; and the store is whole.
//!
//! The short form runs with all tests; `KILLS=200 cargo test --test kill` is the long one. Another story comes of
//! `KILL_SEED=8`.

mod ledger;
mod screen_reader;
mod story;
mod typist;
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
