//! What describes a room: title, description, nickname and picture.

use crate::app::features::files;
use crate::app::features::rooms::open_room::open_room_of_kind;
use crate::app::model::context::Context;
use crate::domain::{Request, RoomKind};

/// Renames the open group or broadcast.
pub(in crate::app) fn rename(cx: &mut Context<'_>, title: &str) {
    let titled = |kind| matches!(kind, RoomKind::Group | RoomKind::Broadcast);
    let refusal_text = "Only groups and broadcasts can be renamed.";
    let Some(room) = open_room_of_kind(cx, titled, refusal_text) else { return };
    let kind = cx.account.rooms.get(&room).map(|room| room.info.kind).unwrap_or_default();
    cx.request(Request::Rename { room, kind, title: title.to_owned() });
}

/// Changes the description of the open group.
pub(in crate::app) fn describe(cx: &mut Context<'_>, text: &str) {
    let refusal_text = "Only groups have a description.";
    let Some(room) = open_room_of_kind(cx, |kind| kind == RoomKind::Group, refusal_text) else { return };
    cx.request(Request::SetDescription { room, text: text.to_owned() });
}

/// Gives the open room a name that only the user sees, or removes it.
pub(in crate::app) fn set_nickname(cx: &mut Context<'_>, name: &str) {
    let Some(room) = open_room_of_kind(cx, |_| true, "") else { return };
    cx.request(Request::SetNickname { room, name: name.to_owned() });
}

/// Replaces the picture of the open group or broadcast.
pub(in crate::app) fn set_picture(cx: &mut Context<'_>, path: String) {
    let pictured = |kind| matches!(kind, RoomKind::Group | RoomKind::Broadcast);
    let refusal_text = "Only groups and broadcasts have a picture. /picture changes yours.";
    let Some(room) = open_room_of_kind(cx, pictured, refusal_text) else { return };
    files::set_room_picture(cx, room, path);
}
