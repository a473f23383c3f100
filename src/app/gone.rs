//! Chats that were deleted while nobody looked.
//!
//! No back end tells of it: it shows when something is asked of the chat (`Failure::NotFound`). Then it leaves the list, on
//! disk too. As long as something is left that was written there and could not be sent, it stays as a closed room, from
//! which that can be copied or discarded. A list that lacks a room proves nothing by itself, since lists move from page
//! to page; but when all of it fits one page, that room is asked about, once a connection.

use crate::domain::{Failure, Feature, Request, Room, RoomId, RoomInfo, RoomKind};
use crate::input::Action;
use crate::text::{SafeText, clip};

use super::access;
use super::actions::rooms::ask_history;
use super::effect::Effect;
use super::on_server;
use super::outbox;
use super::state::State;

/// So many rooms are asked about at most after a list: many that lack at once are rather the list's fault.
const ASKED: usize = 25;

/// So much of a title stands in a sentence, in cells: the status line is short.
const TITLE: usize = 20;

/// The title of a room of which nothing is known but that it was deleted.
const NAMELESS: &str = "deleted chat";

/// The title of a room that is there, and in no list.
const UNLISTED: &str = "unlisted chat";

/// The server says that a room does not exist; `by_us`: to our wish to delete it.
pub(super) fn on_gone(state: &mut State, id: &RoomId, by_us: bool, effects: &mut Vec<Effect>) {
    if by_us {
        return on_server::on_room_deleted(state, id, effects);
    }
    let gone_to = state.hunt.take_if(|hunt| hunt.room == *id).is_some();
    let text = take_text(state, id);
    outbox::fail_all(state, id, text, effects);
    let left = outbox::left_in(state, id);
    let Some(room) = state.rooms.get(id) else {
        if left > 0 {
            close(state, id, effects);
            state.say(format!("{} kept in “{NAMELESS}”.", unsent(left)));
        } else if gone_to {
            state.say("That chat was deleted.");
        }
        return;
    };
    let (name, told) = (name_of(state, room), room.is_gone());
    if left == 0 {
        return on_server::drop_room(state, id, &format!("{name} was deleted."), effects);
    }
    close(state, id, effects);
    if !told {
        state.say(format!("{name} was deleted; not sent: {left}."));
    }
}

fn unsent(count: usize) -> String {
    match count {
        1 => "One unsent message is".to_owned(),
        count => format!("{count} unsent messages are"),
    }
}

/// Takes what was being written in a room, if anything was. A command that is being typed stays.
fn take_text(state: &mut State, id: &RoomId) -> Option<String> {
    let mut texts = Vec::new();
    texts.extend(state.drafts.remove(id).filter(|draft| !draft.is_command()));
    if state.open.as_ref() == Some(id) {
        // There is nobody left who could be told that we stopped.
        state.typing_in = None;
        if !state.composer.is_command() {
            texts.push(std::mem::take(&mut state.composer));
        }
    }
    let texts: Vec<String> = texts.iter().filter(|text| !text.is_blank()).map(super::Composer::text).collect();
    (!texts.is_empty()).then(|| texts.join("\n"))
}

/// Closes a room for good, which is made if it is not known.
fn close(state: &mut State, id: &RoomId, effects: &mut Vec<Effect>) {
    if state.rooms.get(id).is_none() {
        insert(state, id, NAMELESS);
    }
    if let Some(room) = state.rooms.get_mut(id) {
        room.close_for_good();
    }
    if state.open.as_ref() == Some(id) {
        state.seen_at = None;
    }
    access::follow(state, effects);
}

/// Makes a room from what waits for it.
fn insert(state: &mut State, id: &RoomId, title: &str) {
    let newest = state.outbox.iter().filter(|entry| entry.room == *id).map(|entry| entry.at).max();
    state.rooms.insert(Room::new(RoomInfo {
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
pub(super) fn recall(state: &mut State, effects: &mut Vec<Effect>) {
    for id in outbox::gone_rooms(state) {
        close(state, &id, effects);
    }
}

/// A page of a room has come: it is there, though in no list, when it is one for which only something waits.
pub(super) fn on_found(state: &mut State, id: &RoomId) {
    if state.rooms.get(id).is_none() && outbox::left_in(state, id) > 0 {
        insert(state, id, UNLISTED);
    }
}

/// The server tells nothing of a room: what waits for one that is not known has to be got at all the same.
pub(super) fn on_refused(state: &mut State, id: &RoomId, failure: Failure) {
    if failure == Failure::Refused {
        on_found(state, id);
    }
}

/// A deleted room is on screen, and nothing is left in it: it goes.
pub(super) fn follow(state: &mut State, effects: &mut Vec<Effect>) {
    let Some(room) = state.open_room().filter(|room| room.is_gone()) else { return };
    let id = room.info.id.clone();
    if outbox::left_in(state, &id) == 0 {
        let name = name_of(state, room);
        on_server::drop_room(state, &id, &format!("{name} was deleted."), effects);
    }
}

/// A page of the list has come.
pub(super) fn note_listed(state: &mut State, page: u32, rooms: &[RoomInfo]) {
    if page == 1 {
        state.rooms_on_first_page = rooms.iter().map(|room| room.id.clone()).collect();
    }
}

/// The list is all here, with this page, in which there was `nothing` or something: asks about rooms that it lacks.
pub(super) fn ask_about_missing(state: &mut State, page: u32, nothing: bool, effects: &mut Vec<Effect>) {
    let listed = std::mem::take(&mut state.rooms_on_first_page);
    let mut missing = outbox::homeless(state);
    if page == 1 || (page == 2 && nothing) {
        let known = state.rooms.known_ids().filter(|id| !listed.contains(*id)).filter_map(|id| state.rooms.get(id));
        let known = known.filter(|room| !room.is_gone() && !room.info.archived);
        // Where the newest page tells, what is open has been asked for it already.
        let asked = |room: &Room| state.open.as_ref() == Some(&room.info.id) || room.history.loading.is_some();
        let known = known.filter(|room| state.can(Feature::Archive) || !asked(room));
        let mut known: Vec<RoomId> = known.map(|room| room.info.id.clone()).collect();
        known.sort_unstable_by(|a, b| a.as_str().cmp(b.as_str()));
        missing.extend(known);
    }
    for id in missing.into_iter().take(ASKED) {
        if !state.rooms_asked.insert(id.clone()) {
            continue;
        }
        if state.can(Feature::Archive) {
            // It may have been put away elsewhere.
            effects.push(state.ask(Request::Room { room: id }));
        } else if state.rooms.get(&id).is_some() {
            ask_history(state, &id, 1, None, effects);
        } else {
            effects.push(state.ask(Request::History { room: id, page: 1, before: None }));
        }
    }
}

/// A room as a sentence about its end calls it.
fn name_of(state: &State, room: &Room) -> String {
    if room.info.title.as_str() == NAMELESS {
        return "That chat".to_owned();
    }
    let of_two = state.account.me.as_ref().is_some_and(|me| room.peer(me).is_some());
    let with = if of_two { "with " } else { "" };
    format!("The chat {with}{}", clip(&room.info.title, TITLE))
}

/// Why nothing can be written in a deleted room, and what can be done there.
pub(super) fn closed(state: &State) -> String {
    let key = |action| state.options.keymap.shown(action);
    let (copy, discard) = (key(Action::MessageCopy), key(Action::MessageDiscard));
    format!("This chat was deleted. Select a message: {copy} copies it, {discard} discards it.")
}

/// Says so.
pub(super) fn say_closed(state: &mut State) {
    let sentence = closed(state);
    state.say(sentence);
}
