//! Answers to what we asked for.

use crate::app::actions::{lists, people};
use crate::app::composer::Composer;
use crate::app::effect::{Effect, LogLevel};
use crate::app::gone;
use crate::app::outbox;
use crate::app::state::State;
use crate::domain::{Failure, LocalId, MessageId, MessageInfo, PersonInfo, Request, RoomId};
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
    outbox::confirmed(state, local, effects);
    // What answers a send is ours, whoever it says it is by; then the id is all that is taken of it.
    let foreign = message.as_ref().is_some_and(|message| !state.is_me(&message.author));
    if foreign {
        refuse(
            effects,
            LogLevel::Warn,
            &format!("the answer to a send in room {} names another author", room.as_str()),
        );
    }
    let (message, id) = match message.filter(|_| !foreign) {
        Some(message) => (Some(message), id),
        None => (None, id),
    };
    if let Some(message) = &message {
        outbox::note_returned(state, message.local == Some(local));
    }
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
    outbox::done(state, &request, effects);
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
pub(super) fn on_failed(
    state: &mut State,
    request: Request,
    failure: Failure,
    reason: &SafeText,
    effects: &mut Vec<Effect>,
) {
    if failure == Failure::NotFound
        && let Some(room) = request.needs_room()
    {
        return gone::on_gone(state, room, matches!(request, Request::DeleteRoom { .. }), effects);
    }
    let room = outbox::room_of(state, &request);
    if outbox::failed(state, &request, failure, reason, effects) {
        return;
    }
    match request {
        Request::Edit { message, text } => {
            let room = room.or_else(|| state.rooms.holding(&message).map(|room| room.info.id.clone()));
            let given = give_back(state, room, message, &text);
            let had = if given { String::new() } else { live::had_written(&text) };
            state.say(format!("Not changed: {reason}{had}"));
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
            if let Some(known) = state.rooms.get_mut(&room).filter(|_| page == 1) {
                known.history.asked = known.history.asked.saturating_sub(1);
            }
            outbox::page_failed(state, &room, page);
            let gone_to = state.hunt.take_if(|hunt| hunt.room == room).is_some();
            if let Some(known) = state.rooms.get_mut(&room) {
                known.history.loading = known.history.loading.filter(|loading| *loading != page);
                if !known.stop_filling() {
                    known.history.stuck = true;
                    known.leave_gap(true);
                }
            }
            gone::on_refused(state, &room, failure);
            // Nobody looks at another room, and the sentence would not say which one it is.
            if gone_to || state.open.as_ref() == Some(&room) {
                state.say(format!("Messages could not be fetched: {reason}"));
            }
        }
        Request::Room { room } => {
            state.rooms_asked.remove(&room);
            gone::on_refused(state, &room, failure);
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
        Request::Send { .. }
        | Request::RejectCall { .. }
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
        | Request::Membership { .. }
        | Request::ActiveCall
        | Request::Person { .. } => {}
        request => {
            lists::failed(state, &request);
            give_back_command(state, &request);
            state.say(reason.to_string());
        }
    }
}

/// Puts the text of a refused edit back where it was written; what has been written there since stays. Says whether there
/// was a place for it.
fn give_back(state: &mut State, room: Option<RoomId>, message: MessageId, text: &str) -> bool {
    let Some(room) = room else { return false };
    let edit = Composer::edit_of(message, text);
    let waits = state.drafts.contains_key(&room);
    if state.open.as_ref() == Some(&room) && state.composer.is_blank() {
        state.composer = edit;
    } else if !waits {
        // In the open room it comes once what is being written there is sent.
        state.drafts.insert(room, edit);
    } else {
        return false;
    }
    true
}

/// Puts a command that was refused back where it was typed, if nothing has been written there since.
fn give_back_command(state: &mut State, request: &Request) {
    let line = match request {
        Request::CreateGroup { title, usernames } => format!("/group {title}: {}", usernames.join(" ")),
        Request::CreateBroadcast { title, usernames } => format!("/broadcast {title}: {}", usernames.join(" ")),
        Request::AddMember { username, .. } => format!("/add {username}"),
        Request::Rename { title, .. } => format!("/rename {title}"),
        Request::Block { username, on: true } => format!("/block {username}"),
        Request::Block { username, on: false } => format!("/unblock {username}"),
        _ => return,
    };
    if state.composer.is_empty() && state.composer.reply.is_none() && state.overlay.is_none() {
        state.composer = Composer::with_text(&line);
    }
}
