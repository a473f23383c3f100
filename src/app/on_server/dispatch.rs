//! Which event goes where.

use crate::app::effect::Effect;
use crate::app::state::State;
use crate::domain::{Request, ServerEvent};
use crate::text::SafeText;

use super::{answers, history, link, live, rooms};

/// Takes something that a server said.
pub(in crate::app) fn on_server(state: &mut State, event: ServerEvent, effects: &mut Vec<Effect>) {
    match event {
        ServerEvent::Link(link) => link::on_link(state, link, effects),
        ServerEvent::SignedIn { me, capabilities } => link::on_signed_in(state, me, capabilities),
        ServerEvent::Gap => link::on_gap(state, effects),
        ServerEvent::Rooms { page, pages, rooms } => rooms::on_rooms(state, page, pages, rooms, effects),
        ServerEvent::RoomChanged(info) => rooms::on_room_changed(state, *info, effects),
        ServerEvent::Opened(info) => rooms::on_opened(state, *info, effects),
        ServerEvent::RoomDeleted(room) => rooms::on_room_deleted(state, &room, effects),
        ServerEvent::MemberAdded { room, person } => rooms::on_member(state, &room, person, true, effects),
        ServerEvent::MemberRemoved { room, person } => rooms::on_member(state, &room, person, false, effects),
        ServerEvent::History { room, page, pages, messages } => {
            history::on_history(state, &room, page, pages, messages, effects);
        }
        ServerEvent::Message(message) => live::on_message(state, message, effects),
        ServerEvent::Edited(message) => live::on_edited(state, message),
        ServerEvent::Deleted(message) => live::on_deleted(state, &message),
        ServerEvent::Seen(message) => live::on_seen(state, &message),
        ServerEvent::Typing { person, room, on } => live::on_typing(state, person, room, on),
        ServerEvent::Presence { person, online } => live::on_presence(state, &person, online),
        ServerEvent::AgentAction { room, agent, action } => live::on_agent(state, room, &agent, &action),
        ServerEvent::Notice(text) => state.say(text.to_string()),
        ServerEvent::Accepted { room, local, id, message } => answers::on_accepted(state, &room, local, id, message),
        ServerEvent::Person { request, person } => answers::on_person(state, &request, person.as_ref(), effects),
        ServerEvent::Done(request) => answers::on_done(state, request),
        ServerEvent::Failed { request, reason } => answers::on_failed(state, request, &reason),
    }
}

/// Takes back a request that there was no room for.
pub(in crate::app) fn on_unsent(state: &mut State, request: Request) {
    answers::on_failed(state, request, &SafeText::line("Too much is under way at once; try again in a moment."));
}
