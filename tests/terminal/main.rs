//! Tests of the program itself: in a real pseudo-terminal, and as a shell runs it.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod background;
mod basics;
mod bundle;
mod cli;
mod client;
mod completion;
mod control;
mod editor;
mod exit;
mod export;
mod failures;
mod headless;
mod hostile;
mod hyperlinks;
mod input;
mod kill;
mod linear;
mod persistence;
mod pictures;
mod profiles;
mod pty;
mod recording;
mod sandbox;
mod screens;
mod secrets;
mod settings;
mod sizes;
mod wizard;
