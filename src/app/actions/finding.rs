//! Searching rooms and people on the server.

use crate::app::effect::Effect;
use crate::app::list::ListKind;
use crate::app::state::State;

use super::lists;

/// Shows the rooms that were put away.
pub(in crate::app) fn archived(state: &mut State, effects: &mut Vec<Effect>) {
    lists::show(state, ListKind::Rooms { title: String::new(), archived: true }, effects);
}

/// Searches rooms by title.
pub(in crate::app) fn rooms(state: &mut State, title: &str, effects: &mut Vec<Effect>) {
    lists::show(state, ListKind::Rooms { title: title.to_owned(), archived: false }, effects);
}

/// Searches people by name.
pub(in crate::app) fn people(state: &mut State, name: &str, effects: &mut Vec<Effect>) {
    lists::show(state, ListKind::People(name.to_owned()), effects);
}
