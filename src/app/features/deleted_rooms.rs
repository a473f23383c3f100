//! Chats that were deleted while nobody looked.
//!
//! No back end tells of it: it shows when something is asked of the chat (`Failure::NotFound`). Then it leaves the list, on
//! disk too. As long as something is left that was written there and could not be sent, it stays as a closed room, from
//! which that can be copied or discarded. A list that lacks a room proves nothing by itself, since lists move from page
//! to page; but when all of it fits one page, that room is asked about, once a connection.

use crate::app::features::drafts;
use crate::app::features::history::pages::ask_history;
use crate::app::features::outbox::deleted_rooms;
use crate::app::features::rooms::removal;
use crate::app::model::composer::Composer;
use crate::app::model::context::{Context, Scene};
use crate::app::model::timers::Timer;
use crate::domain::{Failure, Feature, Request, Room, RoomId, RoomInfo, RoomKind};
use crate::text::{SafeText, clip};

/// So many rooms are asked about at most after a list: many that lack at once are rather the list's fault.
const ASKED: usize = 25;

/// So much of a title stands in a sentence, in cells: the status line is short.
const TITLE: usize = 20;

/// The title of a room of which nothing is known but that it was deleted.
const NAMELESS: &str = "deleted room";

/// The title of a room that is there, and in no list.
const UNLISTED: &str = "unlisted room";

/// The server says that a room does not exist; `by_us`: to our wish to delete it.
pub(in crate::app) fn on_gone(cx: &mut Context<'_>, id: &RoomId, by_us: bool) {
    if by_us {
        return removal::on_room_deleted(cx, id);
    }
    let gone_to = cx.ui.jump.take_if(|hunt| hunt.room == *id).is_some();
    let text = take_text(cx, id);
    deleted_rooms::fail_room(cx, id, text);
    let left = deleted_rooms::count_in(cx.scene(), id);
    let Some(room) = cx.account.rooms.get(id) else {
        if left > 0 {
            close(cx, id);
            cx.notify(format!("{} kept in “{NAMELESS}”.", unsent(left)));
        } else if gone_to {
            cx.notify("That room was deleted.");
        }
        return;
    };
    let (name, told) = (name_of(cx.scene(), room), room.is_deleted());
    if left == 0 {
        return removal::drop_room(cx, id, &format!("{name} was deleted."));
    }
    close(cx, id);
    if !told {
        cx.notify(format!("{name} was deleted; not sent: {left}."));
    }
}

fn unsent(count: usize) -> String {
    match count {
        1 => "1 unsent message is".to_owned(),
        count => format!("{count} unsent messages are"),
    }
}

/// Takes what was being written in a room, if anything was. A command that is being typed stays.
fn take_text(cx: &mut Context<'_>, id: &RoomId) -> Option<String> {
    let mut texts = Vec::new();
    texts.extend(cx.account.drafts.remove(id).filter(|draft| !draft.is_command()));
    if cx.ui.open.as_ref() == Some(id) {
        // There is nobody left who could be told that we stopped.
        cx.account.typing_in = None;
        cx.account.timers.clear(Timer::StopTyping);
        if !cx.ui.composer.is_command() {
            texts.push(std::mem::take(&mut cx.ui.composer));
        }
    }
    let texts: Vec<String> = texts.iter().filter(|text| !text.is_blank()).map(Composer::text).collect();
    (!texts.is_empty()).then(|| texts.join("\n"))
}

/// Closes a room for good, which is made if it is not known.
fn close(cx: &mut Context<'_>, id: &RoomId) {
    if cx.account.rooms.get(id).is_none() {
        insert(cx, id, NAMELESS);
    }
    if let Some(room) = cx.account.rooms.get_mut(id) {
        room.mark_deleted();
    }
    if cx.ui.open.as_ref() == Some(id) {
        cx.ui.timers.clear(Timer::MarkSeen);
    }
    drafts::follow(cx);
}

/// Makes a room from what waits for it.
fn insert(cx: &mut Context<'_>, id: &RoomId, title: &str) {
    let newest = cx.account.outbox.iter().filter(|entry| entry.room == *id).map(|entry| entry.written_at).max();
    cx.account.rooms.insert(Room::new(RoomInfo {
        id: id.clone(),
        kind: RoomKind::Unknown,
        title: SafeText::line(title),
        avatar: None,
        participants: Vec::new(),
        peer: None,
        unread: None,
        muted: false,
        archived: false,
        last_message: None,
        created_at: newest,
        metadata: None,
    }));
}

/// What was on disk says which rooms were deleted: they are closed from the start.
pub(in crate::app) fn recall(cx: &mut Context<'_>) {
    for id in deleted_rooms::deleted_rooms(cx.scene()) {
        close(cx, &id);
    }
}

/// A page of a room has come: it is there, though in no list, when it is one for which only something waits.
pub(in crate::app) fn on_found(cx: &mut Context<'_>, id: &RoomId) {
    if cx.account.rooms.get(id).is_none() && deleted_rooms::count_in(cx.scene(), id) > 0 {
        insert(cx, id, UNLISTED);
    }
}

/// The server tells nothing of a room: what waits for one that is not known has to be got at all the same.
pub(in crate::app) fn on_refused(cx: &mut Context<'_>, id: &RoomId, failure: Failure) {
    if failure == Failure::Refused {
        on_found(cx, id);
    }
}

/// A deleted room is on screen, and nothing is left in it: it goes.
pub(in crate::app) fn follow(cx: &mut Context<'_>) {
    let Some(room) = cx.open_room().filter(|room| room.is_deleted()) else { return };
    let id = room.info.id.clone();
    if deleted_rooms::count_in(cx.scene(), &id) == 0 {
        let name = name_of(cx.scene(), room);
        removal::drop_room(cx, &id, &format!("{name} was deleted."));
    }
}

/// A page of the list has come.
pub(in crate::app) fn note_listed(cx: &mut Context<'_>, page: u32, rooms: &[RoomInfo]) {
    if page == 1 {
        cx.account.room_sync.first_page = rooms.iter().map(|room| room.id.clone()).collect();
    }
}

/// The list is all here, with this page, in which there was `nothing` or something: asks about rooms that it lacks.
pub(in crate::app) fn ask_about_missing(cx: &mut Context<'_>, page: u32, nothing: bool) {
    let listed = std::mem::take(&mut cx.account.room_sync.first_page);
    let mut missing = deleted_rooms::rooms_without_info(cx.scene());
    if page == 1 || (page == 2 && nothing) {
        let known =
            cx.account.rooms.known_ids().filter(|id| !listed.contains(*id)).filter_map(|id| cx.account.rooms.get(id));
        let known = known.filter(|room| !room.is_deleted() && !room.info.archived);
        // Where the newest page tells, what is open has been asked for it already.
        let asked = |room: &Room| cx.ui.open.as_ref() == Some(&room.info.id) || room.history.loading.is_some();
        let known = known.filter(|room| cx.account.can(Feature::Archive) || !asked(room));
        let mut known: Vec<RoomId> = known.map(|room| room.info.id.clone()).collect();
        known.sort_unstable_by(|a, b| a.as_str().cmp(b.as_str()));
        missing.extend(known);
    }
    for id in missing.into_iter().take(ASKED) {
        if !cx.account.room_sync.requested.insert(id.clone()) {
            continue;
        }
        if cx.account.can(Feature::Archive) {
            // It may have been put away elsewhere.
            cx.request(Request::Room { room: id });
        } else if cx.account.rooms.get(&id).is_some() {
            ask_history(cx, &id, 1, None);
        } else {
            cx.request(Request::History { room: id, page: 1, before: None });
        }
    }
}

/// A room as a sentence about its end calls it.
fn name_of(scene: Scene<'_>, room: &Room) -> String {
    if room.info.title.as_str() == NAMELESS {
        return "That room".to_owned();
    }
    let is_direct = scene.account.me.as_ref().is_some_and(|me| room.peer(me).is_some());
    let kind = if is_direct { "The direct message with" } else { "The room" };
    format!("{kind} {}", clip(&room.info.title, TITLE))
}
