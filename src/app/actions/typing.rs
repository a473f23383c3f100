//! Telling the room that one is typing.

use crate::app::effect::Effect;
use crate::app::state::{ConnectionState, State};
use crate::domain::Request;

/// Something was typed: the room is told so, once.
pub(in crate::app) fn typed(state: &mut State, effects: &mut Vec<Effect>) {
    let Some(room) = state.open.clone() else { return };
    let command = !state.composer.literal && state.composer.lines().first().is_some_and(|line| line.starts_with('/'));
    if state.composer.is_empty() || command || state.composer.editing.is_some() || state.is_closed() {
        stop_typing(state, effects);
        return;
    }
    if state.account.connection != ConnectionState::Online {
        return;
    }
    if state.typing_in.is_none() {
        effects.push(state.ask(Request::Typing { room: room.clone(), on: true }));
    }
    let quiet = state.account.capabilities.map_or(0, |can| can.typing_quiet);
    state.typing_in = Some((room, state.now + quiet));
}

/// Typing is over: the room is told so, if it was told that it began.
pub(in crate::app) fn stop_typing(state: &mut State, effects: &mut Vec<Effect>) {
    if let Some((room, _)) = state.typing_in.take() {
        effects.push(state.ask(Request::Typing { room, on: false }));
    }
}
