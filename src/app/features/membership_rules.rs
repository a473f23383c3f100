//! Rules about the rooms whose members can change.
//!
//! Some services do not tell groups from direct messages. There, a room is certainly a group only if it has not exactly
//! two members. A room of two has another title than the other person's name if it is a group, but that person may have
//! been renamed, so the user is asked.

use crate::app::model::account::Account;
use crate::domain::{Feature, Room, RoomAccess, RoomKind};

/// Change of the members of a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::app) enum Change {
    /// The user leaves.
    Leave,
    /// The user adds somebody.
    Add,
    /// The user removes somebody.
    Remove,
}

/// Returns why `change` is not possible in a room, as a sentence for the user; `None` if nothing known prevents it.
pub(in crate::app) fn refusal(account: &Account, room: &Room, change: Change) -> Option<&'static str> {
    match room.info.kind {
        RoomKind::Broadcast if change == Change::Leave => return Some(wrong_kind(account, change)),
        RoomKind::Group | RoomKind::Broadcast => {}
        RoomKind::Direct | RoomKind::Order => return Some(wrong_kind(account, change)),
        RoomKind::Unknown if room.info.participants.is_empty() => {
            return Some("The members are not known yet. Try again once the room list is loaded.");
        }
        RoomKind::Unknown if !has_two_members(account, room) => {}
        RoomKind::Unknown => match account.peer(room) {
            None => {
                return Some("Not known yet whether this is a direct message. Try again later.");
            }
            Some(peer) if room.info.title.as_ref() == Some(&peer.info.name) => {
                return Some(wrong_kind(account, change));
            }
            Some(_) => {}
        },
    }
    (room.membership.access == RoomAccess::NotMember).then_some("You are no longer in this group.")
}

/// Whether a room whose members can be changed may be a direct message all the same.
pub(in crate::app) fn may_be_direct(account: &Account, room: &Room) -> bool {
    room.info.kind == RoomKind::Unknown && has_two_members(account, room)
}

fn has_two_members(account: &Account, room: &Room) -> bool {
    account.me.as_ref().is_some_and(|me| room.peer(me).is_some())
}

fn wrong_kind(account: &Account, change: Change) -> &'static str {
    match change {
        Change::Leave => "Only groups can be left. /delete-chat deletes this room.",
        Change::Add if account.can(Feature::Broadcasts) => {
            "People can be added to groups and broadcasts only. /group creates a group."
        }
        Change::Add => "People can be added to groups only. /group creates a group.",
        Change::Remove if account.can(Feature::Broadcasts) => {
            "Only groups and broadcasts have members. /delete-chat deletes this room."
        }
        Change::Remove => "Only groups have members to remove. /delete-chat deletes this room.",
    }
}
