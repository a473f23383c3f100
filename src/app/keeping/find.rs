//! Asking the disk for words.

use crate::app::effect::Effect;
use crate::app::search::Reach;
use crate::app::state::State;
use crate::domain::RoomId;
use crate::store::Query;

use super::flush::flush;

impl State {
    /// Where words can be looked for.
    pub fn search_reach(&self) -> Reach {
        match (self.keeping.on, self.keeping.loaded, &self.keeping.problem) {
            (false, ..) => Reach::Memory,
            (true, false, _) => Reach::Later,
            (true, true, Some(_)) => Reach::Both,
            (true, true, None) => Reach::Disk,
        }
    }
}

/// Asks for messages with these words; returns the number of the question. What has changed is told first, so that what
/// is found is what is on screen.
pub(in crate::app) fn ask_words(
    state: &mut State,
    text: &str,
    room: Option<&RoomId>,
    limit: u32,
    effects: &mut Vec<Effect>,
) -> u64 {
    flush(state, effects);
    state.keeping.questions += 1;
    let id = state.keeping.questions;
    effects.push(Effect::Query(Query::Find { id, text: text.to_owned(), room: room.cloned(), skip: 0, limit }));
    id
}
