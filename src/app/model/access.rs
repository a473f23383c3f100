//! Whether one can write in the open room, and what becomes of what was being written when one cannot.

use crate::app::model::context::{Context, Scene};
use crate::domain::{Access, Room, RoomKind};
use crate::input::Action;

impl<'a> Scene<'a> {
    /// Whether nothing can be written in the open room.
    pub fn is_closed(self) -> bool {
        self.open_room().is_some_and(|room| room.membership.access != Access::Open)
    }

    /// Why nothing can be written in the open room, as a sentence; `None` when it can.
    pub fn closed_reason(self) -> Option<String> {
        let room = self.open_room()?;
        Some(match room.membership.access {
            Access::Open => return None,
            Access::BlockedByMe => format!("You blocked {}. Type /unblock to write again.", self.other_side(room)),
            Access::BlockedByPeer => format!("{} blocked you.", self.other_side(room)),
            Access::NotMember => "You are no longer in this group. It is read-only.".to_owned(),
            Access::Closed if room.info.kind == RoomKind::Order => "This order is closed.".to_owned(),
            Access::Deleted => deleted_reason(self),
            Access::Closed => "This room is closed. It is read-only.".to_owned(),
        })
    }

    /// The name of the other side, or the room's title while they are not known.
    fn other_side(self, room: &'a Room) -> &'a str {
        match self.account.peer(room) {
            Some(peer) => self.account.name_of(&peer.info.id),
            None => &room.info.title,
        }
    }
}

impl Context<'_> {
    /// Whether nothing can be written in the open room.
    pub(in crate::app) fn is_closed(&self) -> bool {
        self.scene().is_closed()
    }

    /// Why nothing can be written in the open room, as a sentence; `None` when it can.
    pub(in crate::app) fn closed_reason(&self) -> Option<String> {
        self.scene().closed_reason()
    }
}

/// Why nothing can be written in a deleted room, and what can be done there.
pub(in crate::app) fn deleted_reason(scene: Scene<'_>) -> String {
    let key = |action| scene.options.keymap.shown(action);
    let (copy, discard) = (key(Action::MessageCopy), key(Action::MessageDiscard));
    format!("This room was deleted. Select a message: {copy} copies it, {discard} discards it.")
}

/// Says so.
pub(in crate::app) fn notify_deleted(cx: &mut Context<'_>) {
    let sentence = deleted_reason(cx.scene());
    cx.notify(sentence);
}
