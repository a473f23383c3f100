//! The room list.

use crate::app::actions;
use crate::app::effect::Effect;
use crate::app::gone;
use crate::app::memory;
use crate::app::outbox;
use crate::app::presence;
use crate::app::state::State;
use crate::domain::{Delivery, MessageInfo, PersonId, Request, Room, RoomId, RoomInfo, RoomKind, Unread};
use crate::text::SafeText;

use super::authorship;
use super::link::not_sent;
use super::live;
use super::notes::note;

/// A list is not followed further than this, whatever the server says of its length.
const MOST_PAGES: u32 = 1_000;

pub(super) fn on_rooms(state: &mut State, page: u32, pages: u32, rooms: Vec<RoomInfo>, effects: &mut Vec<Effect>) {
    let nothing = rooms.is_empty();
    gone::note_listed(state, page, &rooms);
    let mut new = Vec::new();
    for mut info in rooms {
        authorship::without_forgery(state, &mut info, effects);
        let id = info.id.clone();
        if !has_room_for(state, &id) {
            break;
        }
        if list(state, info) {
            new.push(id);
        }
    }
    presence::greet(state, &new, effects);
    for id in &new {
        live::on_known(state, id, effects);
    }
    state.rooms_failed = false;
    let more = page < pages.min(MOST_PAGES) && !nothing && state.rooms.known() < memory::ROOMS;
    state.rooms_page = more.then_some(page + 1);
    state.rooms_listed |= !more;
    if more {
        effects.push(state.ask(Request::Rooms { page: page + 1 }));
    }
    if state.open.is_none() {
        open_first(state, more, effects);
    }
    if !more {
        gone::ask_about_missing(state, page, nothing, effects);
    }
}

/// Somebody wrote in a room: it may be new here.
pub(super) fn on_room_changed(state: &mut State, mut info: RoomInfo, effects: &mut Vec<Effect>) {
    if authorship::is_not_ours(state, &info, effects) {
        // The list says whether we are in it all the same.
        return live::ask_unknown(state, info.id, effects);
    }
    authorship::without_forgery(state, &mut info, effects);
    let message = info.last_message.clone();
    let id = info.id.clone();
    if !has_room_for(state, &id) {
        return;
    }
    if state.rooms.get(&id).is_none() {
        state.rooms.insert(Room::new(RoomInfo { last_message: None, ..info.clone() }));
        presence::greet(state, std::slice::from_ref(&id), effects);
    }
    // Before the room's facts: what the list told of already is not counted again.
    if let Some(message) = message {
        live::on_message(state, message, effects);
    }
    take(state, info);
    live::on_known(state, &id, effects);
    state.rooms.touch(&id);
    if state.open.is_none() {
        open_first(state, state.rooms_page.is_some(), effects);
    }
}

/// Whether a room is known or may become so; says so when there are too many.
fn has_room_for(state: &mut State, id: &RoomId) -> bool {
    let fits = state.rooms.known() < memory::ROOMS || state.rooms.get(id).is_some();
    if !fits {
        state.say(format!("There are more than {} chats, and no more are kept: delete some.", memory::ROOMS));
    }
    fits
}

/// A room got another title.
pub(super) fn on_renamed(state: &mut State, room: &RoomId, title: SafeText) {
    if let Some(room) = state.rooms.get_mut(room) {
        room.info.title = title;
    }
}

/// The room that was asked for: it is opened, whether it was known or not.
pub(super) fn on_opened(state: &mut State, mut info: RoomInfo, effects: &mut Vec<Effect>) {
    authorship::without_forgery(state, &mut info, effects);
    let id = info.id.clone();
    let new = state.rooms.get(&id).is_none();
    take(state, info);
    if new {
        presence::greet(state, std::slice::from_ref(&id), effects);
        live::on_known(state, &id, effects);
    }
    actions::rooms::open(state, &id, effects);
}

pub(in crate::app) fn on_room_deleted(state: &mut State, id: &RoomId, effects: &mut Vec<Effect>) {
    let title = state.rooms.get(id).map(|room| room.info.title.to_string()).unwrap_or_default();
    drop_room(state, id, &format!("{title} was deleted."), effects);
}

/// Takes a room out of the list, and says why.
pub(in crate::app) fn drop_room(state: &mut State, id: &RoomId, why: &str, effects: &mut Vec<Effect>) {
    if state.open.as_ref() == Some(id) {
        actions::rooms::close(state, effects);
    }
    let draft = state.drafts.remove(id).filter(|draft| !draft.is_command());
    let had = draft.map_or_else(String::new, |draft| live::had_written(&draft.text()));
    let lost = outbox::forget_room(state, id, effects);
    state.rooms.remove(id);
    if state.open.is_none()
        && let Some(next) = state.rooms.ids().first().cloned()
    {
        actions::rooms::open(state, &next, effects);
    }
    state.say(format!("{why}{}{had}", not_sent(lost)));
}

pub(super) fn on_member(state: &mut State, room: &RoomId, person: PersonId, joined: bool, effects: &mut Vec<Effect>) {
    if !joined && state.is_me(&person) {
        let title = state.rooms.get(room).map(|room| room.info.title.to_string()).unwrap_or_default();
        drop_room(state, room, &format!("You have left {title}."), effects);
        return;
    }
    let name = state.name_of(&person).to_owned();
    let Some(known) = state.rooms.get_mut(room) else { return };
    known.info.participants.retain(|other| *other != person);
    let what = if joined { "was added" } else { "was removed" };
    if joined {
        known.info.participants.push(person);
    }
    note(state, room, &format!("{name} {what}"));
}

/// Takes what the list says of a room; says whether it is new here.
fn list(state: &mut State, info: RoomInfo) -> bool {
    let id = info.id.clone();
    let new = state.rooms.get(&id).is_none();
    let counted = info.unread.is_some();
    let unread = info.last_message.as_ref().is_some_and(|last| is_unread(state, last));
    if let Some(author) = info.last_message.as_ref().and_then(|last| last.author_info.clone()) {
        state.people.learn(*author);
    }
    let missed = state.rooms.get(&id).is_some_and(|room| {
        let last = info.last_message.as_ref();
        !room.timeline.is_empty() && last.is_some_and(|last| room.timeline.find(&last.id).is_none())
    });
    take(state, info);
    if let Some(room) = state.rooms.get_mut(&id) {
        if missed {
            room.lose_track();
        }
        if counted {
            // The server counts: nothing has to be guessed from the last message.
            state.rooms.touch(&id);
            return new;
        }
        if missed {
            room.unread.or_more |= unread;
        }
        if !unread {
            room.unread = Unread::default();
        }
        if unread && (missed || room.timeline.is_empty()) && !room.unread.any() {
            room.unread.count = 1;
            room.unread.or_more = true;
        }
    }
    state.rooms.touch(&id);
    new
}

/// Unread, as far as the list tells (protocol note §6): somebody else's, and nobody has seen it.
fn is_unread(state: &State, last: &MessageInfo) -> bool {
    let known = state.rooms.get(&last.room).and_then(|room| {
        let slot = room.timeline.find(&last.id)?;
        Some(room.timeline.get(slot).delivery >= Delivery::Seen)
    });
    !last.seen && !state.is_me(&last.author) && known != Some(true)
}

/// Takes what the server says of a room, which may be new here.
fn take(state: &mut State, info: RoomInfo) {
    if let Some(peer) = &info.peer {
        state.people.learn((**peer).clone());
    }
    let (id, me) = (info.id.clone(), state.account.me.clone());
    state.rooms_asked.remove(&id);
    let open = state.open.as_ref() == Some(&id);
    match state.rooms.get_mut(&id) {
        Some(room) => renew(room, info, me.as_ref()),
        None => state.rooms.insert(Room::new(info)),
    }
    if !open {
        state.rooms.put_away(&id);
    }
}

/// Takes newer facts about a room; what the news leaves out stays.
fn renew(room: &mut Room, info: RoomInfo, me: Option<&PersonId>) {
    let until = info.last_message.as_ref().map(|last| last.sent_at);
    room.take_count(info.unread, until, me);
    if room.is_gone() {
        room.reopen();
    }
    let old = std::mem::replace(&mut room.info, info);
    let new = &mut room.info;
    new.avatar = new.avatar.take().or(old.avatar);
    new.metadata = new.metadata.take().or(old.metadata);
    new.created_at = new.created_at.or(old.created_at);
    new.last_message = new.last_message.take().or(old.last_message);
    new.peer = new.peer.take().or(old.peer);
    new.unread = new.unread.or(old.unread);
    if new.participants.is_empty() {
        new.participants = old.participants;
    }
    if new.kind == RoomKind::Unknown {
        new.kind = old.kind;
    }
}

/// Opens the room that was asked for on the command line, or the one with the newest activity.
fn open_first(state: &mut State, more: bool, effects: &mut Vec<Effect>) {
    let wanted = state.options.room.clone();
    let found = wanted.as_ref().and_then(|wanted| actions::rooms::find(state, wanted));
    if wanted.is_some() && found.is_none() && more {
        return;
    }
    state.options.room = None;
    let missing = wanted.filter(|_| found.is_none());
    if let Some(id) = found.or_else(|| state.rooms.ids().first().cloned()) {
        actions::rooms::open(state, &id, effects);
    }
    // Last, since a room that opens clears the line.
    if let Some(missing) = missing {
        state.say(format!("There is no room called {missing}. Ctrl+K finds rooms by a few letters."));
    }
}
