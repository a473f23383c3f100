//! Opening and leaving a room.

use crate::app::features::history::pages::{ask_history, find_new};
use crate::app::features::people::who_is;
use crate::app::features::{drafts, membership, typing};
use crate::app::model::account::ConnectionState;
use crate::app::model::context::{Context, Scene};
use crate::app::model::pane::Pane;
use crate::app::model::timers::Timer;
use crate::app::model::ui::Focus;
use crate::domain::{PresenceSource, Request, RoomId};

/// How long a join may take to reach the server, in milliseconds. The socket library holds small packets back for some
/// 40 ms (socket note, TCP_NODELAY); the rest is for slow networks.
pub(in crate::app) const SECOND_LOOK: i64 = 1_500;

/// Opens a room: its draft comes back, its live events are listened to, its newest page is fetched.
pub(in crate::app) fn open(cx: &mut Context<'_>, id: &RoomId) {
    cx.ui.focus = Focus::Composer;
    if !cx.is_shown() || cx.ui.open.as_ref() == Some(id) || cx.account.rooms.get(id).is_none() {
        return;
    }
    let before = cx.effects.len();
    close(cx);
    cx.ui.open = Some(id.clone());
    cx.ui.notice = None;
    // What was begun before any room was open is kept: it is under somebody's fingers.
    if !cx.is_closed()
        && let Some(draft) = cx.account.drafts.remove(id)
    {
        cx.ui.composer = draft;
    }
    drafts::follow(cx);
    cx.account.rooms.show_archived(id);
    find_new(cx);
    let left = cx.effects.len();
    if cx.account.connection == ConnectionState::Online {
        enter(cx);
    }
    // The join goes before what leaving the old room caused: whatever follows it on the wire may be held back briefly.
    cx.effects[before..].rotate_left(left - before);
}

/// Tells the server that the open room is on screen, and fetches what may be missing of it.
pub(in crate::app) fn enter(cx: &mut Context<'_>) {
    if cx.account.capabilities.is_some_and(|can| can.events_omit_room) {
        // Where rooms are joined one by one: elsewhere the server knows whose they are before it lets us in.
        cx.account.resync.get_or_insert_default();
        cx.account.timers.set(Timer::Resync, cx.now + SECOND_LOOK);
    }
    // One that was deleted is asked nothing more: the server would complain each time.
    let Some(room) = cx.open_room().filter(|room| !room.is_deleted()) else { return };
    let (id, fresh) = (room.info.id.clone(), room.history.fresh);
    let peer = cx.account.me.as_ref().and_then(|me| room.peer(me)).cloned();
    cx.request(Request::Join { room: id.clone() });
    if let Some(PresenceSource::Heartbeat(_)) = cx.account.capabilities.map(|can| can.presence) {
        cx.request(Request::Heartbeat { room: id.clone() });
    }
    membership::ask_standing(cx.account, &id, cx.effects);
    if let Some(id) = peer {
        cx.account.people.mark_requested(id.clone());
        who_is(cx, id);
    }
    if !fresh {
        ask_history(cx, &id, 1, None);
    }
}

/// Asks for the room list from its beginning.
pub(in crate::app) fn ask_list(cx: &mut Context<'_>) {
    cx.account.room_sync.next_page = Some(1);
    cx.request(Request::Rooms { page: 1 });
}

/// Leaves the open room: its draft is kept, its live events are no longer listened to.
pub(in crate::app) fn close(cx: &mut Context<'_>) {
    typing::stop_typing(cx);
    let Some(old) = cx.ui.open.take() else { return };
    let draft = std::mem::take(&mut cx.ui.composer);
    drafts::keep(cx, &old, draft);
    // Where live events do not name their room, two rooms at once could not be told apart (protocol note §5).
    let listens_to_one = cx.account.capabilities.is_some_and(|can| can.events_omit_room)
        && cx.account.rooms.get(&old).is_some_and(|room| !room.is_deleted());
    if let Some(room) = cx.account.rooms.get_mut(&old) {
        room.clear_unread_marker();
        if listens_to_one {
            room.typing.clear();
            room.mark_stale();
        }
    }
    cx.account.rooms.hide_archived(&old);
    if listens_to_one && cx.account.connection == ConnectionState::Online {
        cx.request(Request::Leave { room: old });
    }
    cx.ui.pane = Pane::default();
    cx.ui.timers.clear(Timer::MarkSeen);
    cx.ui.jump = None;
}

/// The room with this id or title; a title may be given by its beginning.
pub(in crate::app) fn find(scene: Scene<'_>, wanted: &str) -> Option<RoomId> {
    let lower = wanted.to_lowercase();
    let exact = scene
        .account
        .rooms
        .iter()
        .find(|room| room.info.id.as_str() == wanted || room.info.title.to_lowercase() == lower);
    let found =
        exact.or_else(|| scene.account.rooms.iter().find(|room| room.info.title.to_lowercase().starts_with(&lower)));
    found.map(|room| room.info.id.clone())
}
