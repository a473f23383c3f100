//! Going to a message that is not here yet: older pages are fetched until it is.

use crate::domain::{MessageId, RoomId};
use crate::input::Action;

use super::actions::rooms;
use super::effect::Effect;
use super::keeping;
use super::state::{ConnectionState, Focus, State};

/// So many pages are fetched for it. What lies further back is found faster by scrolling, at the same cost.
pub(super) const MOST_PAGES: u32 = 60;

/// A message that is being gone to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JumpTarget {
    /// Where it is.
    pub room: RoomId,
    /// The message.
    pub message: MessageId,
    /// How many more pages may be fetched for it.
    pub pages: u32,
}

/// Takes the next step towards the message, if one is gone to: selects it, fetches the next page, waits for the one that
/// is on its way, or says why it cannot be had.
pub(super) fn proceed(state: &mut State, effects: &mut Vec<Effect>) {
    let Some(hunt) = state.hunt.clone() else { return };
    if state.open.as_ref() != Some(&hunt.room) && state.rooms.get(&hunt.room).is_some() {
        rooms::open(state, &hunt.room, effects);
        // Opening a room ends whatever was gone to; not this.
        state.hunt = Some(hunt.clone());
    }
    let page_size = state.account.capabilities.map_or(1, |can| can.page_size);
    let Some(room) = state.rooms.get(&hunt.room) else { return };
    let gone = room.is_gone();
    let (stuck, complete, loading) = (room.history.stuck, room.history.complete, room.history.loading.is_some());
    if let Some(slot) = room.timeline.find(&hunt.message) {
        state.focus = Focus::Message(slot);
        (state.pane.reveal, state.pane.reveal_around) = (Some(slot), true);
        end(state);
    } else if keeping::ask_further(state, effects) {
        say_looking(state);
    } else if gone {
        give_up(state, "It is not here, and the chat was deleted: it cannot be fetched any more.");
    } else if state.account.connection != ConnectionState::Online {
        give_up(state, "It is not here, and there is no connection to fetch it. Try again when there is.");
    } else if loading {
        say_looking(state);
    } else if complete {
        give_up(state, "It is not in this chat any more.");
    } else if stuck {
        give_up(state, "The messages before these could not be fetched; scroll up to try again.");
    } else if hunt.pages == 0 {
        give_up(state, "It lies too far back; scroll up to come nearer, then try again.");
    } else if let Some((page, before)) = next_page(state, &hunt.room, page_size) {
        state.hunt = Some(JumpTarget { pages: hunt.pages - 1, ..hunt.clone() });
        rooms::ask_history(state, &hunt.room, page, before, effects);
        say_looking(state);
    }
}

fn next_page(state: &State, room: &RoomId, page_size: u32) -> Option<(u32, Option<MessageId>)> {
    let room = state.rooms.get(room)?;
    room.next_older_page(page_size).map(|page| (page, room.older_than()))
}

/// Stops looking; says whether something was looked for.
pub(super) fn stop(state: &mut State) -> bool {
    let stopped = state.hunt.take().is_some();
    if stopped {
        state.say("Stopped looking.");
    }
    stopped
}

fn say_looking(state: &mut State) {
    let cancel = state.options.keymap.shown(Action::Cancel);
    state.say(format!("Looking for it further back; {cancel} stops that."));
}

fn end(state: &mut State) {
    state.hunt = None;
    state.notice = None;
}

fn give_up(state: &mut State, why: &str) {
    state.hunt = None;
    state.say(why);
}
