//! Whether one can write in the open room, and what becomes of what was being written when one cannot.

use crate::domain::{Access, Room, RoomKind};

use super::actions::typing;
use super::composer::Composer;
use super::effect::Effect;
use super::gone;
use super::state::State;

impl State {
    /// Whether nothing can be written in the open room.
    pub fn is_closed(&self) -> bool {
        self.open_room().is_some_and(|room| room.membership.access != Access::Open)
    }

    /// Why nothing can be written in the open room, as a sentence; `None` when it can.
    pub fn closed(&self) -> Option<String> {
        let room = self.open_room()?;
        Some(match room.membership.access {
            Access::Open => return None,
            Access::BlockedByMe => format!("You have blocked {}. /unblock ends that.", self.other_side(room)),
            Access::BlockedByPeer => format!("{} has blocked you.", self.other_side(room)),
            Access::NotMember => "You are not in this group any more: it can be read only.".to_owned(),
            Access::Closed if room.info.kind == RoomKind::Order => "This order is closed.".to_owned(),
            Access::Deleted => gone::closed(self),
            Access::Closed => "This room is closed: it can be read only.".to_owned(),
        })
    }

    /// The name of the other side, or the room's title while they are not known.
    fn other_side<'a>(&'a self, room: &'a Room) -> &'a str {
        match self.peer(room) {
            Some(peer) => self.name_of(&peer.info.id),
            None => &room.info.title,
        }
    }
}

/// What was being written in a room that closes waits as its draft, and is under the fingers again when the room opens.
/// Doing it again changes nothing.
pub(super) fn follow(state: &mut State, effects: &mut Vec<Effect>) {
    let Some(id) = state.open.clone() else { return };
    if state.is_closed() {
        typing::stop_typing(state, effects);
        let begun = !state.composer.is_empty() || state.composer.reply.is_some();
        if begun && !state.composer.is_command() {
            let text = std::mem::take(&mut state.composer);
            keep(state, &id, text);
        }
    } else if state.composer.is_empty()
        && let Some(draft) = state.drafts.remove(&id)
    {
        state.composer = draft;
    }
}

/// Keeps what was written in a room as its draft; a draft that waits there already is never lost to it.
pub(super) fn keep(state: &mut State, room: &crate::domain::RoomId, text: Composer) {
    if text.is_empty() && text.reply.is_none() {
        return;
    }
    let reply = text.reply.clone();
    let mut draft = match state.drafts.remove(room) {
        None => text,
        Some(draft) if text.is_command() || draft.text() == text.text() => draft,
        Some(draft) => Composer::with_text(&format!("{}\n{}", draft.text(), text.text())),
    };
    draft.reply = draft.reply.or(reply);
    state.drafts.insert(room.clone(), draft);
}
