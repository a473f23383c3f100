//! Whether the user can write in the open room, and the sentence that explains why not.
//!
//! The decision follows from the room's `RoomAccess`; what happens to a draft in a deleted room is decided in
//! `features/vanished_rooms`.

use crate::app::model::context::{Context, Scene};
use crate::app::model::label::Label;
use crate::app::model::room_title::room_title;
use crate::domain::{Room, RoomAccess, RoomKind};
use crate::input::Action;

impl<'a> Scene<'a> {
    /// Whether the open room is read-only for the user.
    pub fn is_closed(self) -> bool {
        self.open_room().is_some_and(|room| room.membership.access != RoomAccess::Open)
    }

    /// Returns the sentence that explains why the open room is read-only; `None` if the user can write in it.
    pub fn closed_reason(self) -> Option<String> {
        self.closed_reason_of(self.open_room()?)
    }

    /// Returns the sentence that explains why a room is read-only; `None` if the user can write in it.
    pub(in crate::app) fn closed_reason_of(self, room: &'a Room) -> Option<String> {
        Some(match room.membership.access {
            RoomAccess::Open => return None,
            RoomAccess::BlockedByMe => format!("You blocked {}. Type /unblock to write again.", self.other_side(room)),
            RoomAccess::BlockedByPeer => format!("{} blocked you.", self.other_side(room)),
            RoomAccess::NotMember => "You are no longer in this group. It is read-only.".to_owned(),
            RoomAccess::Closed if room.info.kind == RoomKind::Order => "This order is closed.".to_owned(),
            RoomAccess::Deleted => deleted_reason(self),
            RoomAccess::Closed => "This room is closed. It is read-only.".to_owned(),
        })
    }

    /// Returns the other person's display name, or the room's title while that person is unknown.
    fn other_side(self, room: &'a Room) -> Label<'a> {
        match self.account.peer(room) {
            Some(peer) => self.account.label_of(&peer.info.id),
            None => Label::plain(room_title(room)),
        }
    }
}

impl Context<'_> {
    /// Whether the open room is read-only for the user.
    pub(in crate::app) fn is_closed(&self) -> bool {
        self.scene().is_closed()
    }

    /// Returns the sentence that explains why the open room is read-only; `None` if the user can write in it.
    pub(in crate::app) fn closed_reason(&self) -> Option<String> {
        self.scene().closed_reason()
    }
}

/// Returns the sentence that explains a deleted room and what can still be done with its messages.
pub(in crate::app) fn deleted_reason(scene: Scene<'_>) -> String {
    let key = |action| scene.options.key_name(action);
    let (copy, discard) = (key(Action::MessageCopy), key(Action::MessageDelete));
    format!("This room was deleted. Select a message: {copy} copies it, {discard} discards it.")
}

/// Tells the user, who types in a room that is read-only, why that does nothing and what to do instead.
pub(in crate::app) fn notify_closed(cx: &mut Context<'_>) {
    let is_deleted = cx.open_room().is_some_and(Room::is_deleted);
    let reason = if is_deleted {
        let other = cx.options.key_name(Action::Switcher);
        let other = if other.is_empty() { "/go ROOM".to_owned() } else { other };
        Some(format!("This room was deleted. {other} opens another, /delete-chat removes it."))
    } else {
        cx.closed_reason()
    };
    cx.notify(reason.unwrap_or_default());
}

/// Shows the notice that the room was deleted.
pub(in crate::app) fn notify_deleted(cx: &mut Context<'_>) {
    let sentence = deleted_reason(cx.scene());
    cx.notify(sentence);
}
