//! Going from room to room.

use crate::app::access;
use crate::app::composer::Composer;
use crate::app::effect::Effect;
use crate::app::list::ListKind;
use crate::app::outbox;
use crate::app::overlay::Overlay;
use crate::app::pane::Pane;
use crate::app::state::{ConnectionState, Focus, SecondLook, State};
use crate::app::switcher::{Purpose, Switcher, Target};
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
pub(in crate::app) fn open(state: &mut State, id: &RoomId, effects: &mut Vec<Effect>) {
    state.focus = Focus::Composer;
    if state.open.as_ref() == Some(id) || state.rooms.get(id).is_none() {
        return;
    }
    let mut farewell = Vec::new();
    close(state, &mut farewell);
    state.open = Some(id.clone());
    state.notice = None;
    // What was begun before any room was open is kept: it is under somebody's fingers.
    if !state.is_closed()
        && let Some(draft) = state.drafts.remove(id)
    {
        state.composer = draft;
    }
    access::follow(state, &mut farewell);
    state.rooms.list(id);
    find_new(state);
    if state.account.connection == ConnectionState::Online {
        enter(state, effects);
    }
    // The join goes first: what is behind it on the wire may be held back for a moment.
    effects.append(&mut farewell);
}

/// Tells the server that the open room is on screen, and fetches what may be missing of it.
pub(in crate::app) fn enter(state: &mut State, effects: &mut Vec<Effect>) {
    if state.account.capabilities.is_some_and(|can| can.unnamed_rooms) {
        // Where rooms are joined one by one: elsewhere the server knows whose they are before it lets us in.
        let at = state.now + SECOND_LOOK;
        state.second_look = Some(SecondLook { at, rooms: state.second_look.is_some_and(|look| look.rooms) });
    }
    // One that was deleted is asked nothing more: the server would complain each time.
    let Some(room) = state.open_room().filter(|room| !room.is_gone()) else { return };
    let (id, fresh) = (room.info.id.clone(), room.history.fresh);
    let peer = state.account.me.as_ref().and_then(|me| room.peer(me)).cloned();
    effects.push(state.ask(Request::Join { room: id.clone() }));
    if let Some(PresenceBy::Announcement(_)) = state.account.capabilities.map(|can| can.presence) {
        effects.push(state.ask(Request::Heartbeat { room: id.clone() }));
    }
    members::ask_standing(state, &id, effects);
    if let Some(id) = peer {
        state.people.note_asked(id.clone());
        effects.extend(who_is(state, id));
    }
    if !fresh {
        ask_history(state, &id, 1, None, effects);
    }
}

/// Asks for a page of a room's messages, which begins `before` that message.
pub(in crate::app) fn ask_history(
    state: &mut State,
    id: &RoomId,
    page: u32,
    before: Option<MessageId>,
    effects: &mut Vec<Effect>,
) {
    let Some(room) = state.rooms.get_mut(id).filter(|room| !room.is_gone()) else { return };
    room.history.loading = Some(page);
    if page == 1 {
        room.history.asked = room.history.asked.saturating_add(1);
    }
    effects.push(state.ask(Request::History { room: id.clone(), page, before }));
}

/// Asks for the room list from its beginning.
pub(in crate::app) fn ask_list(state: &mut State, effects: &mut Vec<Effect>) {
    state.rooms_page = Some(1);
    effects.push(state.ask(Request::Rooms { page: 1 }));
}

/// Leaves the open room: its draft is kept, its live events are no longer listened to.
pub(in crate::app) fn close(state: &mut State, effects: &mut Vec<Effect>) {
    typing::stop_typing(state, effects);
    let Some(old) = state.open.take() else { return };
    let draft = std::mem::take(&mut state.composer);
    access::keep(state, &old, draft);
    // Where live events do not name their room, two rooms at once could not be told apart (protocol note §5).
    let listens_to_one = state.account.capabilities.is_some_and(|can| can.unnamed_rooms)
        && state.rooms.get(&old).is_some_and(|room| !room.is_gone());
    if let Some(room) = state.rooms.get_mut(&old) {
        room.forget_new();
        if listens_to_one {
            room.typing.clear();
            room.lose_track();
        }
    }
    state.rooms.put_away(&old);
    if listens_to_one && state.account.connection == ConnectionState::Online {
        effects.push(state.ask(Request::Leave { room: old }));
    }
    state.pane = Pane::default();
    state.seen_at = None;
    state.hunt = None;
}

/// Puts the "new" line above the first message that nobody has seen, and counts what is below it. Where the server
/// counts, its count says where that is.
pub(in crate::app) fn find_new(state: &mut State) {
    let me = state.account.me.clone();
    if state.counts_rooms() {
        if let Some(room) = state.open_room_mut().filter(|room| room.new_from.is_none() && room.new_due == 0) {
            room.new_due = room.unread.count;
        }
        return place_new_line(state);
    }
    if state.account.capabilities.is_none() {
        // It is not known yet what the marks on what was kept mean.
        return;
    }
    let Some(room) = state.open_room_mut() else { return };
    let Some((slot, count)) = room.unseen(me.as_ref()) else { return };
    if room.new_from.is_none() {
        room.new_from = Some(slot);
    }
    room.unread.or_more &= !room.history.fresh;
    room.unread.count = room.unread.count.max(count);
}

/// Puts the "new" line where the server's count says, once that message is here.
pub(in crate::app) fn place_new_line(state: &mut State) {
    let me = state.account.me.clone();
    if let Some(room) = state.open_room_mut() {
        room.place_new_line(me.as_ref());
    }
}

/// Opens the room above or below the open one.
pub(in crate::app) fn step(state: &mut State, by: isize, effects: &mut Vec<Effect>) {
    let count = state.rooms.len().cast_signed();
    let here = state.open.as_ref().and_then(|open| state.rooms.place(open));
    let Some(count) = (count > 0).then_some(count) else { return };
    let place = here.map_or(0, |here| (here.cast_signed() + by).rem_euclid(count));
    open_place(state, place.cast_unsigned(), effects);
}

/// Opens the nearest unread room below or above the open one, round the end.
pub(in crate::app) fn step_unread(state: &mut State, down: bool, effects: &mut Vec<Effect>) {
    let count = state.rooms.len();
    let here = state.open.as_ref().and_then(|open| state.rooms.place(open)).unwrap_or(0);
    let places = (1..count).map(|step| (here + if down { step } else { count - step }) % count);
    let unread = places.into_iter().find(|place| state.rooms.at(*place).is_some_and(|room| room.unread.any()));
    match unread {
        Some(place) => open_place(state, place, effects),
        None => state.say("Nothing else is unread."),
    }
}

/// Opens a room by its title, or the beginning of it.
pub(in crate::app) fn go(state: &mut State, title: &str, effects: &mut Vec<Effect>) {
    match find(state, title) {
        Some(id) => open(state, &id, effects),
        None => state.say(format!("There is no room called {title}. Ctrl+K finds rooms by a few letters.")),
    }
}

/// The room with this id or title; a title may be given by its beginning.
pub(in crate::app) fn find(state: &State, wanted: &str) -> Option<RoomId> {
    let lower = wanted.to_lowercase();
    let exact =
        state.rooms.iter().find(|room| room.info.id.as_str() == wanted || room.info.title.to_lowercase() == lower);
    let found = exact.or_else(|| state.rooms.iter().find(|room| room.info.title.to_lowercase().starts_with(&lower)));
    found.map(|room| room.info.id.clone())
}

/// Connects anew: now instead of after the delay, and also when the connection seems to stand. All that is on screen is
/// fetched again when it does.
pub(in crate::app) fn reconnect(state: &mut State, effects: &mut Vec<Effect>) {
    unstick(state);
    outbox::hurry(state);
    outbox::proceed(state, effects);
    effects.push(Effect::Reconnect(state.account.id));
}

/// Opens the switcher.
pub(in crate::app) fn open_switcher(state: &mut State) {
    state.overlay = Some(Overlay::Switcher(Switcher::over(candidates(state))));
}

/// Goes where the switcher points. An action is not done here but returned.
pub(in crate::app) fn switch_to(state: &mut State, switcher: &Switcher, effects: &mut Vec<Effect>) -> Option<Action> {
    let target = &switcher.found.get(switcher.chosen)?.target;
    if let (Purpose::SendOn(of), Target::Room(id)) = (switcher.purpose, target) {
        super::quotes::send_on(state, of, id, effects);
        return None;
    }
    match target {
        Target::Room(id) => open(state, id, effects),
        Target::Person(id) => {
            let person = state.people.get(id).map(|person| person.info.username.to_string());
            effects.extend(person.map(|username| state.ask(Request::OpenDirect { username })));
        }
        Target::Action(action) => return Some(*action),
        Target::Command(command) => {
            state.focus = Focus::Composer;
            if state.composer.is_empty() {
                let reply = state.composer.reply.take();
                state.composer = Composer::with_text(&format!("/{} ", command.name));
                state.composer.reply = reply;
            } else {
                state.say(format!("Send or clear what you are writing, then type /{}.", command.name));
            }
        }
    }
    None
}

/// Gives the keys to the room list.
pub(in crate::app) fn focus_list(state: &mut State) {
    let here = state.open.as_ref().and_then(|open| state.rooms.place(open));
    state.focus = match state.focus {
        Focus::Rooms(_) => Focus::Composer,
        Focus::Composer | Focus::Message(_) => Focus::Rooms(here.unwrap_or(0)),
    };
}

/// Moves along the room list.
pub(in crate::app) fn step_list(state: &mut State, by: isize) {
    if let Focus::Rooms(place) = state.focus {
        let last = state.rooms.len().saturating_sub(1);
        state.focus = Focus::Rooms(place.saturating_add_signed(by).min(last));
    }
}

/// Opens the room that the list points to.
pub(in crate::app) fn open_listed(state: &mut State, effects: &mut Vec<Effect>) {
    if let Focus::Rooms(place) = state.focus {
        open_place(state, place, effects);
    }
}

/// Shows who is in the open room; those who are not known yet are asked for.
pub(in crate::app) fn show_info(state: &mut State, effects: &mut Vec<Effect>) {
    let Some(room) = state.open_room() else {
        state.say("There is no chat open.");
        return;
    };
    if room.members_are_asked() {
        let members = ListKind::Members(room.info.id.clone());
        return lists::show(state, members, effects);
    }
    let unknown: Vec<_> = room.info.participants.iter().filter(|id| state.people.get(id).is_none()).cloned().collect();
    effects.extend(unknown.into_iter().filter_map(|id| who_is(state, id)));
    state.overlay = Some(Overlay::Info);
}

/// The user wants to see older messages: a page that could not be had may be asked for again.
pub(in crate::app) fn unstick(state: &mut State) {
    if let Some(room) = state.open_room_mut() {
        room.history.stuck = false;
    }
}

fn open_place(state: &mut State, place: usize, effects: &mut Vec<Effect>) {
    if let Some(id) = state.rooms.at(place).map(|room| room.info.id.clone()) {
        open(state, &id, effects);
    }
}
