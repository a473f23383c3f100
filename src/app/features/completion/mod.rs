//! Completion: opens the popup for the word before the cursor, keeps it up to date, and inserts what the user accepts.
//!
//! `popup` holds the rules; `subject` finds what is being completed; `candidates` asks the other modules for what can be
//! inserted. Text changes only when the user accepts a row, never while it is typed.

mod candidates;
mod commands;
mod emoji;
mod paths;
mod people;
mod popup;
mod subject;

pub(in crate::app) use popup::{accept, accept_row, close, close_if_outdated, on_listed, open, refresh, step};
pub(in crate::app) use subject::find_subject;
