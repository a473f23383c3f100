//! Deletions that the server reports, confirms or refuses.
//!
//! A server may confirm a deletion and keep the room, or refuse it although the room is gone. Its room list tells.

use crate::app::features::rooms::open;
use crate::app::features::vanished_rooms::removal::{discard, remove_room};
use crate::app::model::context::Context;
use crate::app::model::room_list_sync::DeletionCheck;
use crate::app::model::room_title::room_title;
use crate::domain::{Failure, Room, RoomAccess, RoomId};

/// Removes a room that was deleted and notifies the user.
///
/// The deletion of an unknown room is reported only if text is lost with it. The server may report a deletion twice.
pub(in crate::app) fn on_room_deleted(cx: &mut Context<'_>, id: &RoomId) {
    let Some(room) = cx.account.rooms.get(id) else {
        let losses = discard(cx, id);
        if !losses.is_empty() {
            cx.notify(format!("A room was deleted.{losses}"));
        }
        return;
    };
    let reason = format!("{} was deleted.", room_title(room));
    remove_room(cx, id, &reason);
}

/// Handles the confirmation that a room was deleted. A server may confirm it and still list the room, so the list is
/// requested.
pub(in crate::app) fn on_deletion_confirmed(cx: &mut Context<'_>, id: &RoomId) {
    let was_left = is_left(cx, id);
    on_room_deleted(cx, id);
    verify_in_list(cx, id, was_left);
}

/// Handles the failure of a deletion; returns whether nothing is left to do.
pub(in crate::app) fn on_deletion_failed(cx: &mut Context<'_>, id: &RoomId, failure: Failure) -> bool {
    match failure {
        // The list has no archived rooms, so it would not tell.
        Failure::NotFound if is_left(cx, id) && is_archived(cx, id) => false,
        // The server may have forgotten a group that we left, or keep it for ever. Only its list tells.
        Failure::NotFound | Failure::Refused if is_left(cx, id) && !is_archived(cx, id) => {
            verify_in_list(cx, id, true);
            true
        }
        Failure::NotFound => {
            on_room_deleted(cx, id);
            true
        }
        Failure::Refused
        | Failure::UnknownUser
        | Failure::NotMember
        | Failure::NotSent
        | Failure::RetryLater
        | Failure::Uncertain => false,
    }
}

fn is_left(cx: &Context<'_>, id: &RoomId) -> bool {
    cx.account.rooms.get(id).is_some_and(|room| room.membership.access == RoomAccess::NotMember)
}

fn is_archived(cx: &Context<'_>, id: &RoomId) -> bool {
    cx.account.rooms.get(id).is_some_and(Room::is_archived)
}

/// Loads the room list to find out whether the server deleted a room, which may be a group that we left. Pages that were
/// requested before prove nothing, so a load in progress is finished first.
fn verify_in_list(cx: &mut Context<'_>, id: &RoomId, was_left: bool) {
    let sync = &mut cx.account.room_sync;
    let is_loading = sync.is_loading();
    sync.deletion_checks.retain(|check| check.room != *id);
    sync.deletion_checks.push(DeletionCheck { room: id.clone(), was_left, next_page: (!is_loading).then_some(1) });
    if !is_loading {
        open::request_list(cx);
    }
}

/// Begins the checks that wait for the end of an earlier load of the list. Returns whether there were any, so that the
/// list is loaded again.
pub(in crate::app) fn begin_deletion_checks(cx: &mut Context<'_>) -> bool {
    let waiting = cx.account.room_sync.deletion_checks.iter_mut().filter(|check| check.next_page.is_none());
    let has_begun = waiting.map(|check| check.next_page = Some(1)).count() > 0;
    if has_begun {
        open::request_list(cx);
    }
    has_begun
}

/// Applies a page of the room list to the rooms whose deletion was requested: a room on the page was kept, and a group
/// that was left and is on no page was deleted. `is_end` tells whether it is the last page.
pub(in crate::app) fn on_list_page(cx: &mut Context<'_>, page: u32, listed: &[RoomId], is_end: bool) {
    let mut deleted = Vec::new();
    for mut check in std::mem::take(&mut cx.account.room_sync.deletion_checks) {
        let is_next = check.next_page == Some(page);
        if check.next_page.is_some() && listed.contains(&check.room) {
            notify_kept(cx, &check);
        } else if is_next && is_end {
            deleted.push(check.room);
        } else {
            check.next_page = check.next_page.map(|next| next + u32::from(is_next));
            cx.account.room_sync.deletion_checks.push(check);
        }
    }
    for id in deleted.iter().filter(|id| is_left(cx, id)).cloned().collect::<Vec<_>>() {
        on_room_deleted(cx, &id);
    }
}

fn notify_kept(cx: &mut Context<'_>, check: &DeletionCheck) {
    let Some(room) = cx.account.rooms.get(&check.room) else { return };
    let title = room_title(room).to_owned();
    cx.notify(match check.was_left {
        true => format!("{title} was not deleted: the server keeps groups that you left. /archive hides it."),
        false => format!("{title} was not deleted, although the server said so. /archive hides it."),
    });
}
