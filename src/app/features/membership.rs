//! Requests the account's own membership in a room: role and access.

use crate::app::effect::Effect;
use crate::app::features::{lists, member_list};
use crate::app::model::account::Account;
use crate::app::model::context::Context;
use crate::app::overlays::list::ListKind;
use crate::domain::{Request, RoomId, RoomKind};

/// Requests the account's membership in a room, unless the server cannot answer for that room.
pub(in crate::app) fn request_membership(account: &mut Account, id: &RoomId, effects: &mut Vec<Effect>) {
    let Some(room) = account.rooms.get(id) else { return };
    let kind = room.info.kind;
    let username = account.peer(room).map(|peer| peer.info.username.to_string()).unwrap_or_default();
    let can_request = match kind {
        RoomKind::Unknown => false,
        // A direct message is identified by the other person, so their user name must be known.
        RoomKind::Direct => !username.is_empty(),
        RoomKind::Group | RoomKind::Broadcast | RoomKind::Order => true,
    };
    if can_request {
        account.room_sync.on_membership_requested(id);
        effects.push(account.request(Request::Membership { room: id.clone(), kind, username }));
    }
}

/// Reloads the list of members on screen and our own membership after a change in a room's members or roles.
pub(in crate::app) fn on_members_changed(cx: &mut Context<'_>, room: &RoomId) {
    lists::refresh(cx, &ListKind::Members(room.clone()));
    if cx.ui.open.as_ref() == Some(room) {
        member_list::load(cx);
        request_membership(cx.account, room, cx.effects);
    }
}
