//! Going from room to room.

use crate::app::access;
use crate::app::account::{ConnectionState, Resync};
use crate::app::composer::Composer;
use crate::app::context::{Context, Scene};
use crate::app::effect::Effect;
use crate::app::list::ListKind;
use crate::app::outbox;
use crate::app::overlay::Overlay;
use crate::app::pane::Pane;
use crate::app::switcher::{Purpose, Switcher, Target};
use crate::app::ui::Focus;
use crate::domain::{MessageId, PresenceBy, Request, RoomId};
use crate::input::Action;

use super::people::who_is;
use super::switching::candidates;
use super::typing;
use super::{lists, members};

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
    access::follow(cx);
    cx.account.rooms.list(id);
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
    if cx.account.capabilities.is_some_and(|can| can.unnamed_rooms) {
        // Where rooms are joined one by one: elsewhere the server knows whose they are before it lets us in.
        let at = cx.now + SECOND_LOOK;
        cx.account.resync = Some(Resync { at, rooms: cx.account.resync.is_some_and(|look| look.rooms) });
    }
    // One that was deleted is asked nothing more: the server would complain each time.
    let Some(room) = cx.open_room().filter(|room| !room.is_gone()) else { return };
    let (id, fresh) = (room.info.id.clone(), room.history.fresh);
    let peer = cx.account.me.as_ref().and_then(|me| room.peer(me)).cloned();
    cx.request(Request::Join { room: id.clone() });
    if let Some(PresenceBy::Announcement(_)) = cx.account.capabilities.map(|can| can.presence) {
        cx.request(Request::Heartbeat { room: id.clone() });
    }
    members::ask_standing(cx.account, &id, cx.effects);
    if let Some(id) = peer {
        cx.account.people.note_asked(id.clone());
        who_is(cx, id);
    }
    if !fresh {
        ask_history(cx, &id, 1, None);
    }
}

/// Asks for a page of a room's messages, which begins `before` that message.
pub(in crate::app) fn ask_history(cx: &mut Context<'_>, id: &RoomId, page: u32, before: Option<MessageId>) {
    let Some(room) = cx.account.rooms.get_mut(id).filter(|room| !room.is_gone()) else { return };
    room.history.loading = Some(page);
    if page == 1 {
        room.history.asked = room.history.asked.saturating_add(1);
    }
    cx.request(Request::History { room: id.clone(), page, before });
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
    access::keep(cx, &old, draft);
    // Where live events do not name their room, two rooms at once could not be told apart (protocol note §5).
    let listens_to_one = cx.account.capabilities.is_some_and(|can| can.unnamed_rooms)
        && cx.account.rooms.get(&old).is_some_and(|room| !room.is_gone());
    if let Some(room) = cx.account.rooms.get_mut(&old) {
        room.forget_new();
        if listens_to_one {
            room.typing.clear();
            room.lose_track();
        }
    }
    cx.account.rooms.put_away(&old);
    if listens_to_one && cx.account.connection == ConnectionState::Online {
        cx.request(Request::Leave { room: old });
    }
    cx.ui.pane = Pane::default();
    cx.ui.seen_at = None;
    cx.ui.jump = None;
}

/// Puts the "new" line above the first message that nobody has seen, and counts what is below it. Where the server
/// counts, its count says where that is.
pub(in crate::app) fn find_new(cx: &mut Context<'_>) {
    let me = cx.account.me.clone();
    if cx.account.counts_rooms() {
        if let Some(room) = cx.open_room_mut().filter(|room| room.new_from.is_none() && room.new_due == 0) {
            room.new_due = room.unread.count;
        }
        return place_new_line(cx);
    }
    if cx.account.capabilities.is_none() {
        // It is not known yet what the marks on what was kept mean.
        return;
    }
    let Some(room) = cx.open_room_mut() else { return };
    let Some((slot, count)) = room.unseen(me.as_ref()) else { return };
    if room.new_from.is_none() {
        room.new_from = Some(slot);
    }
    room.unread.or_more &= !room.history.fresh;
    room.unread.count = room.unread.count.max(count);
}

/// Puts the "new" line where the server's count says, once that message is here.
pub(in crate::app) fn place_new_line(cx: &mut Context<'_>) {
    let me = cx.account.me.clone();
    if let Some(room) = cx.open_room_mut() {
        room.place_new_line(me.as_ref());
    }
}

/// Opens the room above or below the open one.
pub(in crate::app) fn step(cx: &mut Context<'_>, by: isize) {
    let count = cx.account.rooms.len().cast_signed();
    let here = cx.ui.open.as_ref().and_then(|open| cx.account.rooms.place(open));
    let Some(count) = (count > 0).then_some(count) else { return };
    let place = here.map_or(0, |here| (here.cast_signed() + by).rem_euclid(count));
    open_place(cx, place.cast_unsigned());
}

/// Opens the nearest unread room below or above the open one, round the end.
pub(in crate::app) fn step_unread(cx: &mut Context<'_>, down: bool) {
    let count = cx.account.rooms.len();
    let here = cx.ui.open.as_ref().and_then(|open| cx.account.rooms.place(open)).unwrap_or(0);
    let places = (1..count).map(|step| (here + if down { step } else { count - step }) % count);
    let unread = places.into_iter().find(|place| cx.account.rooms.at(*place).is_some_and(|room| room.unread.any()));
    match unread {
        Some(place) => open_place(cx, place),
        None => cx.notify("Nothing else is unread."),
    }
}

/// Opens a room by its title, or the beginning of it.
pub(in crate::app) fn go(cx: &mut Context<'_>, title: &str) {
    match find(cx.scene(), title) {
        Some(id) => open(cx, &id),
        None => cx.notify(format!("There is no room called {title}. Ctrl+K finds rooms by a few letters.")),
    }
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

/// Connects anew: now instead of after the delay, and also when the connection seems to stand. All that is on screen is
/// fetched again when it does.
pub(in crate::app) fn reconnect(cx: &mut Context<'_>) {
    unstick(cx);
    outbox::hurry(cx);
    outbox::proceed(cx);
    cx.effects.push(Effect::Reconnect(cx.account.id));
}

/// Opens the switcher.
pub(in crate::app) fn open_switcher(cx: &mut Context<'_>) {
    cx.ui.overlay = Some(Overlay::Switcher(Switcher::over(candidates(cx.scene()))));
}

/// Goes where the switcher points. An action is not done here but returned.
pub(in crate::app) fn switch_to(cx: &mut Context<'_>, switcher: &Switcher) -> Option<Action> {
    let target = &switcher.found.get(switcher.chosen)?.target;
    if let (Purpose::SendOn(of), Target::Room(id)) = (switcher.purpose, target) {
        super::quotes::send_on(cx, of, id);
        return None;
    }
    match target {
        Target::Room(id) => open(cx, id),
        Target::Person(id) => {
            let person = cx.account.people.get(id).map(|person| person.info.username.to_string());
            cx.effects.extend(person.map(|username| cx.account.request(Request::OpenDirect { username })));
        }
        Target::Action(action) => return Some(*action),
        Target::Command(command) => {
            cx.ui.focus = Focus::Composer;
            if cx.ui.composer.is_empty() {
                let reply = cx.ui.composer.reply.take();
                cx.ui.composer = Composer::with_text(&format!("/{} ", command.name));
                cx.ui.composer.reply = reply;
            } else {
                cx.notify(format!("Send or clear what you are writing, then type /{}.", command.name));
            }
        }
    }
    None
}

/// Gives the keys to the room list.
pub(in crate::app) fn focus_list(cx: &mut Context<'_>) {
    let here = cx.ui.open.as_ref().and_then(|open| cx.account.rooms.place(open));
    cx.ui.focus = match cx.ui.focus {
        Focus::Rooms(_) => Focus::Composer,
        Focus::Composer | Focus::Message(_) => Focus::Rooms(here.unwrap_or(0)),
    };
}

/// Moves along the room list.
pub(in crate::app) fn step_list(cx: &mut Context<'_>, by: isize) {
    if let Focus::Rooms(place) = cx.ui.focus {
        let last = cx.account.rooms.len().saturating_sub(1);
        cx.ui.focus = Focus::Rooms(place.saturating_add_signed(by).min(last));
    }
}

/// Opens the room that the list points to.
pub(in crate::app) fn open_listed(cx: &mut Context<'_>) {
    if let Focus::Rooms(place) = cx.ui.focus {
        open_place(cx, place);
    }
}

/// Shows who is in the open room; those who are not known yet are asked for.
pub(in crate::app) fn show_info(cx: &mut Context<'_>) {
    let Some(room) = cx.open_room() else {
        cx.notify("There is no chat open.");
        return;
    };
    if room.members_are_asked() {
        let members = ListKind::Members(room.info.id.clone());
        return lists::show(cx, members);
    }
    let unknown: Vec<_> =
        room.info.participants.iter().filter(|id| cx.account.people.get(id).is_none()).cloned().collect();
    for id in unknown {
        who_is(cx, id);
    }
    cx.ui.overlay = Some(Overlay::Info);
}

/// The user wants to see older messages: a page that could not be had may be asked for again.
pub(in crate::app) fn unstick(cx: &mut Context<'_>) {
    if let Some(room) = cx.open_room_mut() {
        room.history.stuck = false;
    }
}

fn open_place(cx: &mut Context<'_>, place: usize) {
    if let Some(id) = cx.account.rooms.at(place).map(|room| room.info.id.clone()) {
        open(cx, &id);
    }
}
