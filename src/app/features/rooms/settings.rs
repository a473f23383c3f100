//! The user's own settings of a room, which the program keeps.

use crate::app::features::rooms::open;
use crate::app::model::context::Context;
use crate::app::model::room_title::room_title;
use crate::domain::{Feature, NotifyLevel, Request, RoomId};

/// Sets about which messages of the open room to notify: a level by its name, or `default` for that of the profile.
/// Without a name, tells the present one.
pub(in crate::app) fn set_notify_level(cx: &mut Context<'_>, name: &str) {
    let of_profile = cx.account.profile.notifications.level;
    let Some(room) = cx.open_room_mut() else { return cx.notify_no_room() };
    if !name.is_empty() {
        room.info.settings.notify = NotifyLevel::by_name(name);
    }
    let (level, is_own) = (room.info.settings.notify.unwrap_or(of_profile), room.info.settings.notify.is_some());
    let muted = if room.is_muted() { " The room is muted, so there are none." } else { "" };
    let whose = if is_own { "" } else { ", as in other rooms" };
    let sentence = format!("{}: notifications for {}{whose}.{muted}", room_title(room), level.description());
    cx.notify(sentence);
}

/// Mutes or unmutes a room: on the service, or here if the service cannot.
pub(in crate::app) fn set_muted(cx: &mut Context<'_>, id: RoomId, on: bool) {
    if cx.account.can(Feature::Mute) {
        return cx.request(Request::Mute { room: id, on });
    }
    let Some(room) = cx.account.rooms.get_mut(&id) else { return };
    room.info.settings.muted = on;
    let sentence = format!("{} {}", room_title(room), muted_sentence(on));
    cx.notify(sentence);
}

/// Returns the end of the sentence about a room that was muted or unmuted.
pub(in crate::app) fn muted_sentence(on: bool) -> &'static str {
    if on { "is muted. /unmute unmutes it." } else { "is no longer muted." }
}

/// Pins a room to the top of the room list, or unpins it.
pub(in crate::app) fn set_pinned(cx: &mut Context<'_>, id: &RoomId, on: bool) {
    let Some(room) = cx.account.rooms.get_mut(id) else { return };
    room.info.settings.pinned = on;
    let what = if on { "is pinned to the top of the room list. /unpin unpins it." } else { "is no longer pinned." };
    let sentence = format!("{} {what}", room_title(room));
    cx.account.rooms.reposition(id);
    cx.notify(sentence);
}

/// Archives or unarchives a room: on the service, or here if the service cannot.
pub(in crate::app) fn set_archived(cx: &mut Context<'_>, id: RoomId, on: bool) {
    if cx.account.can(Feature::Archive) {
        return cx.request(Request::Archive { room: id, on });
    }
    let Some(room) = cx.account.rooms.get_mut(&id) else { return };
    room.info.settings.archived = on;
    on_archived(cx, &id, on);
}

/// Handles that a room was archived or unarchived.
pub(in crate::app) fn on_archived(cx: &mut Context<'_>, id: &RoomId, archived: bool) {
    let Some(room) = cx.account.rooms.get(id) else { return };
    let title = room_title(room).to_owned();
    if !archived {
        cx.account.rooms.reposition(id);
        return cx.notify(format!("{title} is no longer archived."));
    }
    if cx.ui.open.as_ref() == Some(id) {
        open::close(cx);
    } else {
        cx.account.rooms.hide_archived(id);
    }
    if cx.ui.open.is_none()
        && let Some(next) = cx.account.rooms.ids().first().cloned()
    {
        open::open(cx, &next);
    }
    // The notice comes last, because opening a room clears it.
    cx.notify(format!("{title} was archived. /archived lists it."));
}
