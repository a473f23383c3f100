//! Completion: opens the popup for the word before the cursor, keeps it up to date, and inserts what the user accepts.
//!
//! `popup` holds the rules; `completed_word` finds what is being completed; `candidates` asks the other modules for what can be
//! inserted. Text changes only when the user accepts a row, never while it is typed.

mod candidates;
mod commands;
mod completed_word;
mod emoji;
mod paths;
mod people;
mod popup;

pub(in crate::app) use completed_word::find_word;
pub(in crate::app) use popup::{accept, accept_row, close, close_if_outdated, on_listed, open, refresh, step};
