//! Whether what a server tells about a message contradicts what is known.

use crate::app::model::account::Account;
use crate::domain::{MessageChange, MessageId, MessageInfo, MessageKind, PersonId, RoomAccess, RoomId};

impl Account {
    /// Returns the known author of a message if it is another one than `author`.
    pub(in crate::app) fn other_author(
        &self,
        room: &RoomId,
        message: &MessageId,
        author: &PersonId,
    ) -> Option<&PersonId> {
        self.rooms.get(room)?.author_of(message).filter(|known| *known != author)
    }

    /// Returns the known room of a message if it is another one than `room`.
    pub(in crate::app) fn other_room(&self, room: &RoomId, message: &MessageId) -> Option<&RoomId> {
        self.rooms.holder_of(message).map(|holder| &holder.info.id).filter(|known| *known != room)
    }

    /// Whether a change of a message names the author and the room that are known, as far as it names them.
    pub(in crate::app) fn is_credible(&self, change: &MessageChange) -> bool {
        let MessageChange { message, room, author, .. } = change;
        let Some(room) = room else { return true };
        let is_by_other = |author| self.other_author(room, message, author).is_some();
        !author.as_ref().is_some_and(is_by_other) && self.other_room(room, message).is_none()
    }

    /// Whether a message is for a room that we are not in. Info messages are excepted: they announce that we left or were
    /// added again.
    pub(in crate::app) fn is_for_left_room(&self, info: &MessageInfo) -> bool {
        let access = self.rooms.get(&info.room).map(|room| room.membership.access);
        access == Some(RoomAccess::NotMember) && info.kind != MessageKind::Info
    }
}
