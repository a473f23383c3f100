//! What is kept on disk and what comes back from it: stories with a disk in memory, on which every write is carried out
//! as the store's own doc comments promise. Each test is named for what a user would miss.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[path = "common/story/mod.rs"]
mod story;

#[path = "traces_keeping/disk.rs"]
mod disk;
#[path = "traces_keeping/drafts.rs"]
mod drafts;
#[path = "traces_keeping/gone.rs"]
mod gone;
#[path = "traces_keeping/history.rs"]
mod history;
#[path = "traces_keeping/search.rs"]
mod search;
#[path = "traces_keeping/start.rs"]
mod start;
