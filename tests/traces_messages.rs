//! Messages on a service like V Chat: keys and server events in, effects and screens out. Each test is named for what a
//! user would miss, or for a bug.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[path = "common/story/mod.rs"]
mod story;
#[path = "common/story/vchat.rs"]
mod vchat;

#[path = "traces_messages/authorship.rs"]
mod authorship;
#[path = "traces_messages/calls.rs"]
mod calls;
#[path = "traces_messages/files.rs"]
mod files;
#[path = "traces_messages/links.rs"]
mod links;
#[path = "traces_messages/receipts.rs"]
mod receipts;
#[path = "traces_messages/replies.rs"]
mod replies;
#[path = "traces_messages/stars.rs"]
mod stars;
#[path = "traces_messages/strangers.rs"]
mod strangers;
#[path = "traces_messages/timeline.rs"]
mod timeline;
