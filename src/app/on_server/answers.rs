//! Answers to what we asked for.

use crate::app::actions::{lists, people};
use crate::app::composer::Composer;
use crate::app::effect::{Effect, Weight};
use crate::app::state::State;
use crate::domain::{LocalId, MessageId, MessageInfo, PersonInfo, Request, RoomId};
use crate::text::SafeText;

use super::authorship::refuse;
use super::{asked, calls, live, members, receipts};

/// The server took a send.
pub(super) fn on_accepted(
    state: &mut State,
    room: &RoomId,
    local: LocalId,
    id: Option<MessageId>,
    message: Option<Box<MessageInfo>>,
    effects: &mut Vec<Effect>,
) {
    state.outbox.remove(local);
    // What answers a send is ours, whoever it says it is by; then the id is all that is taken of it.
    let foreign = message.as_ref().is_some_and(|message| !state.is_me(&message.author));
    if foreign {
        refuse(effects, Weight::Odd, &format!("the answer to a send in room {} names another author", room.as_str()));
    }
    let (message, id) = match message.filter(|_| !foreign) {
        Some(message) => (Some(message), id),
        None => (None, id),
    };
    let Some(known) = state.rooms.get_mut(room) else { return };
    match message {
        Some(mut message) => {
            // First by the id alone: the echo may have come before, with another text than ours.
            known.timeline.accept(local, Some(message.id.clone()));
            message.local = Some(local);
            message.author_info = None;
            known.timeline.receive(*message);
        }
        None => drop(known.timeline.accept(local, id)),
    }
    state.rooms.touch(room);
}

/// Somebody was looked up.
pub(super) fn on_person(state: &mut State, request: &Request, person: Option<&PersonInfo>, effects: &mut Vec<Effect>) {
    if let Some(person) = person {
        state.people.learn(person.clone());
    }
    if let Request::FindPerson { username } = request {
        people::found(state, username, person, effects);
    }
}

/// A request was carried out.
pub(super) fn on_done(state: &mut State, request: Request, effects: &mut Vec<Effect>) {
    match request {
        Request::Edit { message, text } => {
            if let Some(room) = state.rooms.holding(&message) {
                live::set_text(room, &message, SafeText::block(&text));
            }
        }
        Request::Delete { message, .. } => live::on_deleted(state, &message),
        Request::DeleteForMe { room, message } => receipts::on_deleted_for_me(state, &room, &message),
        Request::Star { room, message, on } => receipts::on_starred(state, &room, &message, on),
        Request::AcceptCall { call } => calls::on_taken(state, &call, effects),
        Request::RejectCall { .. } | Request::EndCall { .. } => {}
        request => members::on_done(state, request, effects),
    }
}

/// A request was not carried out. Nothing that was written is lost by it.
pub(super) fn on_failed(state: &mut State, request: Request, reason: &SafeText) {
    match request {
        Request::Send { room, local, .. } => {
            let Some(known) = state.rooms.get_mut(&room) else { return };
            if known.timeline.is_confirmed(local) {
                return;
            }
            if let Some(slot) = known.timeline.find_local(local) {
                known.timeline.fail(slot);
            }
            state.outbox.set_reason(local, Some(reason.clone()));
            state.say(format!("Not sent: {reason}"));
        }
        Request::Edit { message, text } => {
            state.say(format!("Not changed: {reason}"));
            give_back(state, message, &text);
        }
        Request::Delete { .. } | Request::DeleteForMe { .. } => state.say(format!("Not deleted: {reason}")),
        Request::Star { on, .. } => {
            let what = if on { "Not starred" } else { "The star stays" };
            state.say(format!("{what}: {reason}"));
        }
        Request::Stars { .. } | Request::SeenBy { .. } | Request::Calls => {
            asked::on_list_failed(state, &request);
            state.say(reason.to_string());
        }
        Request::StartCall { .. } | Request::AcceptCall { .. } => calls::on_refused(state, &request, reason),
        Request::History { room, page, .. } => {
            state.hunt.take_if(|hunt| hunt.room == room);
            if let Some(room) = state.rooms.get_mut(&room) {
                room.history.loading = room.history.loading.filter(|loading| *loading != page);
                room.history.stuck = true;
            }
            state.say(format!("Messages could not be fetched: {reason}"));
        }
        Request::Room { room } => {
            state.rooms_asked.remove(&room);
            if state.hunt.take_if(|hunt| hunt.room == room).is_some() {
                state.say(format!("That chat cannot be opened: {reason}"));
            }
        }
        Request::Rooms { .. } => {
            state.rooms_page = None;
            state.rooms_failed = true;
            state.say(format!("The room list could not be fetched: {reason}"));
        }
        Request::FindPerson { username } => {
            state.lookups.retain(|lookup| lookup.username != username);
            state.say(reason.to_string());
        }
        Request::OpenDirect { username } => {
            state.say(format!("{username}: {reason}"));
            if state.composer.is_empty() {
                state.composer = Composer::with_text(&format!("/dm {username}"));
            }
        }
        // Of a call that was refused or hung up nothing is left to be told.
        Request::RejectCall { .. }
        | Request::EndCall { .. }
        | Request::SignIn { .. }
        | Request::Announce
        | Request::Seen { .. }
        | Request::Join { .. }
        | Request::Leave { .. }
        | Request::Typing { .. }
        | Request::Heartbeat { .. }
        | Request::Delivered { .. }
        | Request::Presence { .. }
        | Request::Standing { .. }
        | Request::ActiveCall
        | Request::Person { .. } => {}
        request => {
            lists::failed(state, &request);
            state.say(reason.to_string());
        }
    }
}

/// Puts the text of a refused edit back where it was written; what has been written there since stays.
fn give_back(state: &mut State, message: MessageId, text: &str) {
    let room = state.rooms.holding(&message).map(|room| room.info.id.clone());
    let edit = Composer::edit_of(message, text);
    if room == state.open {
        if state.composer.is_empty() {
            state.composer = edit;
        }
    } else if let Some(room) = room {
        state.drafts.entry(room).or_insert(edit);
    }
}
