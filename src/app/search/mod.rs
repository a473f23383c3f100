//! Searching what was said: over the screen one types words, and the messages that hold them stand below, the newest
//! first.
//!
//! The disk does the searching where there is one, with one question under way at a time: what is typed meanwhile is
//! asked when the answer has come, so that nothing piles up and nothing waits. What is kept nowhere is looked for in
//! memory, a slice at a time. Esc leaves everything as it was, since nothing below was touched.

mod hit;
mod keys;
mod memory;
mod run;
mod window;
mod words;

pub use hit::Hit;
pub(super) use keys::{older_or_newer, on_key, on_paste, open};
pub(super) use run::{follow, news_in, on_found, on_tick, proceed};
pub use window::{HIT_ROWS, Reach, Search};
