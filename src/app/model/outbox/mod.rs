//! Durable send queue: messages, edits and deletions that the server has not confirmed yet.
//!
//! This module holds the entries (`queue.rs`). Each of them is a state machine (`entry.rs`) that passes through the
//! stages in `stage.rs`. `features/outbox` decides which transition happens when, writes the entries to the store and
//! reconciles those that the server may already have.

pub(in crate::app) mod entry;
pub(in crate::app) mod queue;
pub(in crate::app) mod reconcile;
pub(in crate::app) mod stage;
