//! Stands in for `editor` on platforms where a program cannot be given the terminal while this one goes on.

use std::future::pending;

use crate::app::EditRequest;
use crate::domain::AccountId;

/// An editor, which cannot be opened here.
pub(super) enum Editor {}

impl Editor {
    pub(super) fn prepare(_account: AccountId, _request: EditRequest) -> Result<Self, String> {
        Err("An editor can only be opened on Unix systems.".to_owned())
    }

    pub(super) fn start(&mut self, _secret_variables: &[String]) -> Result<(), String> {
        match *self {}
    }

    pub(super) async fn ended(_editor: &mut Option<Self>) {
        pending().await
    }

    pub(super) fn finish(self) -> (AccountId, EditRequest, Result<String, String>) {
        match self {}
    }

    pub(super) async fn end(self) -> (AccountId, EditRequest, Result<String, String>) {
        match self {}
    }
}

/// There is no draft to remove.
pub(super) fn remove_draft() {}
