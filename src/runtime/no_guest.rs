//! Stands in for `guest` on platforms where a program cannot be given the terminal while this one goes on.

use std::future::pending;
use std::path::PathBuf;

use crate::app::{EditRequest, Event, Profile};
use crate::domain::AccountId;

/// Exit code of `config add` if the user has left the questions. Errors have other ones.
pub const UNANSWERED: u8 = 4;

/// A program with the terminal, which does not exist here.
pub(super) enum Guest {}

impl Guest {
    pub(super) fn edit(_account: AccountId, _request: EditRequest) -> Result<Self, String> {
        Err("An editor can only be opened on Unix systems.".to_owned())
    }

    pub(super) fn add_profile(name: String, _config: Option<PathBuf>, _shown: &Profile) -> Result<Self, String> {
        Err(format!("Use `minchat-tui config add {name}` in another terminal."))
    }

    pub(super) fn start(&mut self, _secret_variables: &[String]) -> Result<(), String> {
        match *self {}
    }

    pub(super) async fn ended(_guest: &mut Option<Self>) {
        pending().await
    }

    pub(super) fn finish(self) -> Vec<Event> {
        match self {}
    }

    pub(super) async fn end(self, _saves_files: bool) -> Option<Event> {
        match self {}
    }
}

/// No draft is ever open.
pub(super) fn open_draft() -> Option<std::path::PathBuf> {
    None
}
