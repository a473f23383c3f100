//! Asks for our own membership in a room.

use crate::app::effect::Effect;
use crate::app::features::lists;
use crate::app::model::account::Account;
use crate::app::model::context::Context;
use crate::app::overlays::list::ListKind;
use crate::domain::{Request, RoomId, RoomKind};

/// Asks how we stand in a room, where the server can say so.
pub(in crate::app) fn ask_standing(account: &Account, id: &RoomId, effects: &mut Vec<Effect>) {
    let Some(room) = account.rooms.get(id) else { return };
    let kind = room.info.kind;
    let username = account.peer(room).map(|peer| peer.info.username.to_string()).unwrap_or_default();
    let known = match kind {
        RoomKind::Unknown => false,
        // It is about the two of us, so without the other one there is nothing to ask.
        RoomKind::Direct => !username.is_empty(),
        RoomKind::Group | RoomKind::Broadcast | RoomKind::Order => true,
    };
    if known {
        effects.push(account.request(Request::Membership { room: id.clone(), kind, username }));
    }
}

/// The members of a room, or what they may do, have changed.
pub(in crate::app) fn on_changed(cx: &mut Context<'_>, room: &RoomId) {
    lists::ask_again(cx, &ListKind::Members(room.clone()));
    if cx.ui.open.as_ref() == Some(room) {
        ask_standing(cx.account, room, cx.effects);
    }
}
