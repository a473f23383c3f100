//! Rooms that the server does not have any more, because they were deleted while the client was offline.
//!
//! No service reports such a deletion; a request about the room then fails with `Failure::NotFound`. The room is
//! removed from the list and from the store. If it has unsent messages, it stays as a closed room until the user has
//! copied or discarded them.

use crate::app::features::drafts;
use crate::app::features::outbox::deleted_room_entries;
use crate::app::features::vanished_rooms::removal;
use crate::app::model::account::Account;
use crate::app::model::composer::Composer;
use crate::app::model::context::Context;
use crate::app::model::outbox::entry::OutboxEntry;
use crate::app::model::room_title::DELETED_ROOM;
use crate::app::model::timers::{AccountTimer, UiTimer};
use crate::domain::{Failure, PersonId, Room, RoomId, RoomInfo};
use crate::text::clip;

/// Maximum width of a title in a notice, in cells, because the status line is short.
const TITLE_CELLS: usize = 20;

/// Handles the response that a room does not exist.
pub(in crate::app) fn on_room_missing(cx: &mut Context<'_>, id: &RoomId) {
    let was_jump_target = cx.ui.jump.take_if(|target| target.room == *id).is_some();
    let text = take_draft(cx, id);
    deleted_room_entries::fail_room(cx, id, text);
    let unsent = deleted_room_entries::count_in(cx.scene(), id);
    let Some(room) = cx.account.rooms.get(id) else {
        if unsent > 0 {
            mark_deleted(cx, id);
            cx.notify(format!("{} kept in “{DELETED_ROOM}”.", unsent_phrase(unsent)));
        } else if was_jump_target {
            cx.notify("That room was deleted.");
        }
        return;
    };
    let (name, was_known) = (describe(cx.account, room), room.is_deleted());
    if unsent == 0 {
        return removal::remove_room(cx, id, &format!("{name} was deleted."));
    }
    mark_deleted(cx, id);
    if !was_known {
        cx.notify(format!("{name} was deleted; {unsent} unsent kept."));
    }
}

/// Handles the loss of the account with its rooms, as when the server's data were deleted. Only what the user wrote is
/// kept: queued messages and drafts fail, and their rooms stay as deleted ones. So does the text that was typed in the
/// room `open`: in the composer, it would go to the next room. `me` is the id that the user has now.
pub(in crate::app) fn on_account_lost(cx: &mut Context<'_>, open: Option<RoomId>, me: &PersonId) {
    if let Some(open) = open.filter(|_| !cx.ui.composer.is_command()) {
        // What is edited or replied to is gone.
        let text = std::mem::take(&mut cx.ui.composer);
        drafts::save_draft(cx.account, &open, Composer::with_text(text.text()));
    }
    let mut written = deleted_room_entries::rooms_with_entries(cx.scene());
    written.extend(cx.account.drafts.keys().filter(|id| !written.contains(id)).cloned().collect::<Vec<_>>());
    for id in &written {
        let text = take_draft(cx, id);
        deleted_room_entries::fail_room(cx, id, text);
    }
    written.retain(|id| deleted_room_entries::count_in(cx.scene(), id) > 0);
    let mut rooms = std::mem::take(&mut cx.account.rooms);
    for mut room in written.iter().filter_map(|id| rooms.remove(id)) {
        if let Some(former) = &cx.account.me {
            room.change_person(former, me);
        }
        cx.account.rooms.insert(room);
    }
    let people = cx.account.rooms.iter().flat_map(|room| room.info.participants.iter().cloned()).collect();
    cx.account.people.retain(&people);
    // The same people have other ids on the server now.
    cx.account.people.forget_usernames();
    for id in &written {
        mark_deleted(cx, id);
    }
    cx.notify_at_start(match written.iter().map(|id| deleted_room_entries::count_in(cx.scene(), id)).sum() {
        0 => "The server has forgotten this account. Its rooms were loaded again.".to_owned(),
        count => format!("The server has forgotten this account. {} kept.", unsent_phrase(count)),
    });
}

fn unsent_phrase(count: usize) -> String {
    match count {
        1 => "1 unsent message is".to_owned(),
        count => format!("{count} unsent messages are"),
    }
}

/// Takes the draft and the text in the composer of a room, if there is any. A command that is being typed stays.
fn take_draft(cx: &mut Context<'_>, id: &RoomId) -> Option<String> {
    let mut texts = Vec::new();
    texts.extend(cx.account.drafts.remove(id).filter(|draft| !draft.is_command()));
    if cx.ui.open.as_ref() == Some(id) {
        // The end of typing is not reported, because the room no longer exists.
        cx.account.typing_in = None;
        cx.account.timers.clear(AccountTimer::StopTyping);
        if !cx.ui.composer.is_command() {
            texts.push(std::mem::take(&mut cx.ui.composer));
        }
    }
    let texts: Vec<String> = texts.iter().filter(|text| !text.is_blank()).map(|text| text.text().to_owned()).collect();
    (!texts.is_empty()).then(|| texts.join("\n"))
}

/// Marks a room as deleted; creates a placeholder if the room is unknown.
fn mark_deleted(cx: &mut Context<'_>, id: &RoomId) {
    if cx.account.rooms.get(id).is_none() {
        insert_placeholder(cx, id);
    }
    if let Some(room) = cx.account.rooms.get_mut(id) {
        room.mark_deleted();
    }
    if cx.ui.open.as_ref() == Some(id) {
        cx.ui.timers.clear(UiTimer::MarkSeen);
    }
    drafts::sync_draft(cx);
}

/// Inserts a room that is known only from its outbox entries.
fn insert_placeholder(cx: &mut Context<'_>, id: &RoomId) {
    let newest = cx.account.outbox.in_room(id).map(OutboxEntry::written_at).max();
    cx.account.rooms.insert(Room::new(RoomInfo { created_at: newest, ..RoomInfo::new(id.clone()) }));
}

/// Marks the rooms as deleted whose outbox entries, read from the store, say so.
pub(in crate::app) fn restore_deleted(cx: &mut Context<'_>) {
    for id in deleted_room_entries::deleted_rooms(cx.scene()) {
        mark_deleted(cx, &id);
    }
}

/// Handles a page of a room. An unknown room with outbox entries exists after all and is inserted as an unlisted room.
pub(in crate::app) fn on_room_found(cx: &mut Context<'_>, id: &RoomId) {
    if cx.account.rooms.get(id).is_none() && deleted_room_entries::count_in(cx.scene(), id) > 0 {
        insert_placeholder(cx, id);
    }
}

/// Handles the refusal of a request about a room. An unknown room with outbox entries is inserted, so that the user can
/// reach them.
pub(in crate::app) fn on_request_refused(cx: &mut Context<'_>, id: &RoomId, failure: Failure) {
    if failure == Failure::Refused {
        on_room_found(cx, id);
    }
}

/// Removes the open room if it was deleted and has no unsent messages left.
pub(in crate::app) fn remove_if_empty(cx: &mut Context<'_>) {
    let Some(room) = cx.open_room().filter(|room| room.is_deleted()) else { return };
    let id = room.info.id.clone();
    if deleted_room_entries::count_in(cx.scene(), &id) == 0 {
        let name = describe(cx.account, room);
        removal::remove_room(cx, &id, &format!("{name} was deleted."));
    }
}

/// Returns the subject of a sentence about a deleted room.
fn describe(account: &Account, room: &Room) -> String {
    let Some(title) = room.info.nickname.as_ref().or(room.info.title.as_ref()) else { return "That room".to_owned() };
    let is_direct = account.me.as_ref().is_some_and(|me| room.peer(me).is_some());
    let kind = if is_direct { "The direct message with" } else { "The room" };
    format!("{kind} {}", clip(title, TITLE_CELLS))
}
