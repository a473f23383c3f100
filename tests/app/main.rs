//! Tests that drive `update`, `layout` and `paint` directly: no socket, no terminal, and a clock of their own.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod accounts;
mod arrangement;
mod chat;
mod completion;
mod composer;
mod day;
mod event_loop;
mod export;
mod frames;
mod gaps;
mod graphemes;
mod hints;
mod input;
mod limits;
mod linear;
mod log_out;
mod messages;
mod mouse;
mod notifications;
mod outbox;
mod overlays;
mod persistence;
mod pictures;
mod privacy;
mod profile;
mod props;
mod right_to_left;
mod rooms;
mod screens;
mod screens_messages;
mod search;
mod settings;
mod times;
mod wizard;
mod writing;
