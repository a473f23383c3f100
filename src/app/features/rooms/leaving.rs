//! Leaving a group.

use crate::app::model::account::Account;
use crate::app::model::context::Context;
use crate::app::overlays::question::Question;
use crate::domain::{Access, Room, RoomKind};

/// Opens the confirmation to leave the open group.
pub(in crate::app) fn leave(cx: &mut Context<'_>) {
    let Some(room) = cx.open_room() else { return cx.notify_no_room() };
    if let Some(refusal) = leave_refusal(cx.account, room) {
        return cx.notify(refusal);
    }
    if room.membership.access == Access::NotMember {
        return cx.notify("You are no longer in this group.");
    }
    cx.ask(Question::LeaveGroup(room.info.id.clone()));
}

/// Returns why a room cannot be left, as a sentence for the user; `None` if it can.
///
/// Some services do not tell groups from direct messages. There, a room is certainly a group only if it has not exactly
/// two members. A room of two is left if it has another title than the other person's name, but that person may have
/// been renamed, so the question says that it may be a direct message.
fn leave_refusal(account: &Account, room: &Room) -> Option<&'static str> {
    const DIRECT: &str = "Only groups can be left. /delete-chat deletes this room.";
    match room.info.kind {
        RoomKind::Group => None,
        RoomKind::Unknown if room.info.participants.is_empty() => {
            Some("The members of this room are not known yet. Try again once the room list is loaded.")
        }
        RoomKind::Unknown if account.me.as_ref().is_none_or(|me| room.peer(me).is_none()) => None,
        RoomKind::Unknown => match account.peer(room) {
            None => Some("The other person is not known yet, so this may be a direct message. Try again later."),
            Some(peer) if room.info.title.as_ref() == Some(&peer.info.name) => Some(DIRECT),
            Some(_) => None,
        },
        RoomKind::Direct | RoomKind::Broadcast | RoomKind::Order => Some(DIRECT),
    }
}
