//! Platforms without Unix sockets have no control socket.

use std::path::Path;

use tokio::sync::mpsc;

use super::Request;

/// Does not exist.
pub(super) enum Listener {}

impl Listener {
    pub(super) fn open(_path: &Path, _requests: mpsc::Sender<Request>) -> Result<Self, String> {
        Err("There is no control socket on this platform. Remove --control.".to_owned())
    }
}
