//! The user's own settings of a room, which the program keeps.

use crate::app::model::context::Context;
use crate::app::model::room_title::room_title;
use crate::domain::NotifyLevel;

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
