//! Sending files.

use crate::app::effect::Effect;
use crate::app::effect::FileWish;
use crate::app::state::State;
use crate::domain::FileFacts;

/// Asks what there is at `path`, to send it to the open room.
pub(in crate::app) fn send(_state: &mut State, _path: &str, _plain: bool, _effects: &mut Vec<Effect>) {}

/// Sends a file that was found, or says why not.
pub(in crate::app) fn inspected(
    _state: &mut State,
    _wish: FileWish,
    _found: Result<FileFacts, String>,
    _effects: &mut Vec<Effect>,
) {
}
