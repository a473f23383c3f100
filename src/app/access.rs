//! Whether one can write in the open room, and what becomes of what was being written when one cannot.

use crate::domain::{Access, Room, RoomKind};

use super::actions::typing;
use super::composer::Composer;
use super::context::{Context, Scene};
use super::gone;

impl<'a> Scene<'a> {
    /// Whether nothing can be written in the open room.
    pub fn is_closed(self) -> bool {
        self.open_room().is_some_and(|room| room.membership.access != Access::Open)
    }

    /// Why nothing can be written in the open room, as a sentence; `None` when it can.
    pub fn closed(self) -> Option<String> {
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
    fn other_side(self, room: &'a Room) -> &'a str {
        match self.account.peer(room) {
            Some(peer) => self.account.name_of(&peer.info.id),
            None => &room.info.title,
        }
    }
}

impl Context<'_> {
    /// Whether nothing can be written in the open room.
    pub(super) fn is_closed(&self) -> bool {
        self.scene().is_closed()
    }

    /// Why nothing can be written in the open room, as a sentence; `None` when it can.
    pub(super) fn closed(&self) -> Option<String> {
        self.scene().closed()
    }
}

/// What was being written in a room that closes waits as its draft, and is under the fingers again when the room opens.
/// Doing it again changes nothing.
pub(super) fn follow(cx: &mut Context<'_>) {
    let Some(id) = cx.ui.open.clone() else { return };
    if cx.is_closed() {
        typing::stop_typing(cx);
        let begun = !cx.ui.composer.is_empty() || cx.ui.composer.reply.is_some();
        if begun && !cx.ui.composer.is_command() {
            let text = std::mem::take(&mut cx.ui.composer);
            keep(cx, &id, text);
        }
    } else if cx.ui.composer.is_empty()
        && let Some(draft) = cx.account.drafts.remove(&id)
    {
        cx.ui.composer = draft;
    }
}

/// Keeps what was written in a room as its draft; a draft that waits there already is never lost to it.
pub(super) fn keep(cx: &mut Context<'_>, room: &crate::domain::RoomId, text: Composer) {
    if text.is_empty() && text.reply.is_none() {
        return;
    }
    let reply = text.reply.clone();
    let mut draft = match cx.account.drafts.remove(room) {
        None => text,
        Some(draft) if text.is_command() || draft.text() == text.text() => draft,
        Some(draft) => Composer::with_text(&format!("{}\n{}", draft.text(), text.text())),
    };
    draft.reply = draft.reply.or(reply);
    cx.account.drafts.insert(room.clone(), draft);
}
