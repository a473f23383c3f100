//! Tests of the repository: imports between layers, tables and references in the documents.
#![allow(clippy::expect_used, clippy::panic, reason = "helpers of tests may fail as tests do")]

mod copied;
mod docs;
mod layers;
mod link_order;
mod references;
#[cfg(unix)]
mod release;
mod sources;
mod timers;
