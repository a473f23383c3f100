//! The user's own settings of a room, which the program keeps.

use crate::app::features::rooms::open;
use crate::app::model::context::Context;
use crate::app::model::room_title::room_title;
use crate::app::model::timers::AccountTimer;
use crate::app::model::ui::Focus;
use crate::domain::{Feature, NotifyLevel, Request, Room, RoomId};

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
    let sentence = format!("{}: {}{whose}.{muted}", room_title(room), level.description());
    cx.notify(sentence);
}

/// Mutes or unmutes a room without an end: on the service, or here if the service cannot.
pub(in crate::app) fn set_muted(cx: &mut Context<'_>, id: RoomId, on: bool) {
    let is_of_service = cx.account.can(Feature::Mute);
    if on && is_of_service {
        // A mute with an end goes on until the service has accepted this one.
        return cx.request(Request::Mute { room: id, on });
    }
    let Some(room) = cx.account.rooms.get_mut(&id) else { return };
    let was_muted = std::mem::replace(&mut room.info.settings.muted, on);
    room.info.settings.muted_until = None;
    if is_of_service && (room.info.muted || !was_muted) {
        return cx.request(Request::Mute { room: id, on });
    }
    if !on && !was_muted {
        return notify_about(cx, &id, "is not muted", None);
    }
    on_muted(cx, &id, on);
}

/// Mutes a room for some time, in milliseconds. No service has a mute with an end, so the room is muted here only. It
/// ends at a time of the clock, which may pass while the program is not running.
pub(in crate::app) fn mute_for(cx: &mut Context<'_>, id: &RoomId, time: i64) {
    let until = cx.now + time;
    let Some(room) = cx.account.rooms.get_mut(id) else { return };
    if room.info.muted {
        return notify_about(cx, id, "is already muted without an end", Some("/unmute unmutes it."));
    }
    (room.info.settings.muted, room.info.settings.muted_until) = (true, Some(until));
    end_mutes(cx);
    let until = cx.options.times.date_time(until, cx.now);
    notify_about(cx, id, &format!("is muted here until {until}"), Some("/unmute unmutes it."));
}

/// Unmutes the rooms whose time is over, and sets the timer for the next one.
pub(in crate::app) fn end_mutes(cx: &mut Context<'_>) {
    let end_of = |room: &Room| room.info.settings.muted_until.map(|until| (room.info.id.clone(), until));
    let (over, later): (Vec<_>, Vec<_>) =
        cx.account.rooms.known().filter_map(end_of).partition(|(_, until)| *until <= cx.now);
    for (id, _) in over {
        if let Some(room) = cx.account.rooms.get_mut(&id) {
            (room.info.settings.muted, room.info.settings.muted_until) = (false, None);
        }
    }
    match later.into_iter().map(|(_, until)| until).min() {
        Some(next) => cx.account.timers.set(AccountTimer::MuteEnds, next),
        None => cx.account.timers.clear(AccountTimer::MuteEnds),
    }
}

/// Tells that a room was muted or unmuted.
pub(in crate::app) fn on_muted(cx: &mut Context<'_>, id: &RoomId, on: bool) {
    notify_about(cx, id, if on { "is muted" } else { "is no longer muted" }, on.then_some("/unmute unmutes it."));
}

/// Tells something about a room. The advice is about a command, which changes the open room.
fn notify_about(cx: &mut Context<'_>, id: &RoomId, what: &str, advice: Option<&str>) {
    let Some(room) = cx.account.rooms.get(id) else { return };
    let advice = advice.filter(|_| cx.scene().is_open(id)).map(|advice| format!(" {advice}"));
    let sentence = format!("{} {what}.{}", room_title(room), advice.unwrap_or_default());
    cx.notify(sentence);
}

/// Pins a room to the top of the room list, or unpins it.
pub(in crate::app) fn set_pinned(cx: &mut Context<'_>, id: &RoomId, on: bool) {
    let Some(room) = cx.account.rooms.get_mut(id) else { return };
    room.info.settings.pinned = on;
    cx.account.rooms.reposition(id);
    let what = if on { "is pinned to the top of the room list" } else { "is no longer pinned" };
    notify_about(cx, id, what, on.then_some("/unpin unpins it."));
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
    if let Some(room) = cx.account.rooms.get_mut(id) {
        // The user knows of the messages so far. The next one that asks for the user brings the room back.
        room.set_aside();
    }
    if cx.ui.open.as_ref() == Some(id) {
        open::close(cx).into_iter().for_each(|request| cx.request(request));
    } else {
        cx.account.rooms.hide_archived(id);
    }
    if cx.ui.open.is_none()
        && let Some(next) = cx.account.rooms.ids().first().cloned()
    {
        let focus = cx.ui.focus;
        open::open(cx, &next);
        if let Focus::Rooms(_) = focus {
            // The user archives one room after the other.
            cx.ui.focus = focus;
        }
    }
    // The notice comes last, because opening a room clears it.
    cx.notify(format!("{title} was archived. /archived lists it."));
}
