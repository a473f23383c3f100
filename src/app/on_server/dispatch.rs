//! Which event goes where.

use crate::app::effect::Effect;
use crate::app::hunt;
use crate::app::outbox;
use crate::app::state::State;
use crate::domain::{Delivery, Failure, Request, ServerEvent};
use crate::text::SafeText;

use super::{answers, asked, calls, found, history, link, live, members, receipts, rooms};

/// Takes something that a server said.
pub(in crate::app) fn on_server(state: &mut State, event: ServerEvent, effects: &mut Vec<Effect>) {
    match event {
        ServerEvent::Connection(link) => link::on_link(state, link, effects),
        ServerEvent::SignedIn { me, capabilities } => link::on_signed_in(state, me, capabilities, effects),
        ServerEvent::Clock { ahead } => state.account.clock_ahead = ahead,
        ServerEvent::Gap => link::on_gap(state, effects),
        ServerEvent::Rooms { page, pages, rooms } => rooms::on_rooms(state, page, pages, rooms, effects),
        ServerEvent::RoomChanged(info) => {
            rooms::on_room_changed(state, *info, effects);
            hunt::proceed(state, effects);
        }
        ServerEvent::RoomRenamed { room, title } => rooms::on_renamed(state, &room, title),
        ServerEvent::Opened(info) => rooms::on_opened(state, *info, effects),
        ServerEvent::RoomDeleted(room) => rooms::on_room_deleted(state, &room, effects),
        ServerEvent::MemberAdded { room, person } => rooms::on_member(state, &room, person, true, effects),
        ServerEvent::MemberRemoved { room, person } => rooms::on_member(state, &room, person, false, effects),
        ServerEvent::History { room, page, pages, messages } => {
            let last = page >= pages || messages.is_empty();
            let oldest = messages.iter().map(|message| (message.sent_at, message.id.clone())).min();
            history::on_history(state, &room, page, pages, messages, effects);
            outbox::on_page(state, &room, page, last, oldest, effects);
            hunt::proceed(state, effects);
        }
        ServerEvent::Message(message) => live::on_message(state, message, effects),
        ServerEvent::Edited(message) => live::on_edited(state, message, effects),
        ServerEvent::Deleted(message) => live::on_deleted(state, &message),
        ServerEvent::Revoked { room, message, author } => {
            live::on_revoked(state, &room, &message, &author, effects);
        }
        ServerEvent::Seen(message) => live::on_seen(state, &message, effects),
        ServerEvent::Typing { person, room, activity } => live::on_typing(state, person, room, activity),
        ServerEvent::RoomSeen { room, author } => {
            receipts::on_room_receipt(state, &room, &author, Delivery::Seen, effects);
        }
        ServerEvent::RoomDelivered { room, author } => {
            receipts::on_room_receipt(state, &room, &author, Delivery::Delivered, effects);
        }
        ServerEvent::Stars { room, messages } => asked::on_stars(state, room.as_ref(), messages),
        ServerEvent::SeenBy { message, seen, people } => asked::on_seen_by(state, &message, seen, people),
        ServerEvent::Progress { room, local, sent, total } => {
            receipts::on_progress(state, &room, local, sent, total);
        }
        ServerEvent::Duplicate { room, local } => receipts::on_duplicate(state, &room, local, effects),
        ServerEvent::LastSeen { person, at } => live::on_last_seen(state, &person, at),
        ServerEvent::People { request, more, people } => found::on_people(state, &request, more, people, effects),
        ServerEvent::FoundRooms { request, more, rooms } => {
            found::on_found_rooms(state, &request, more, rooms, effects);
        }
        ServerEvent::Members { room, page, more, members } => {
            members::on_members(state, &room, page, more, members, effects);
        }
        ServerEvent::Membership { room, membership } => members::on_membership(state, &room, membership, effects),
        ServerEvent::BlockChanged(room) => members::on_block_changed(state, &room, effects),
        ServerEvent::Kicked { room, person } => members::on_kicked(state, &room, &person, effects),
        ServerEvent::CallRings(call) => calls::on_rings(state, call),
        ServerEvent::CallStarted { call, room, .. } => calls::on_started(state, call, &room, effects),
        ServerEvent::CallAccepted { call, room } => calls::on_accepted(state, call.as_ref(), &room, effects),
        ServerEvent::CallEnded { call, room, how } => calls::on_ended(state, call.as_ref(), &room, how),
        ServerEvent::Calls(calls) => asked::on_calls(state, calls),
        ServerEvent::Presence { person, online } => live::on_presence(state, &person, online),
        ServerEvent::AgentAction { room, agent, action } => live::on_agent(state, room, &agent, &action),
        ServerEvent::Notice(text) => state.pass_on(&text),
        ServerEvent::Accepted { room, local, id, message } => {
            answers::on_accepted(state, &room, local, id, message, effects);
        }
        ServerEvent::Person { request, person } => answers::on_person(state, &request, person.as_ref(), effects),
        ServerEvent::Done(request) => answers::on_done(state, request, effects),
        ServerEvent::Failed { request, failure, reason } => {
            answers::on_failed(state, request, failure, &reason, effects);
        }
    }
}

/// Takes back a request that there was no room for.
pub(in crate::app) fn on_unsent(state: &mut State, request: Request, effects: &mut Vec<Effect>) {
    let reason = SafeText::line("Too much is under way at once; try again in a moment.");
    answers::on_failed(state, request, Failure::NotSent, &reason, effects);
}
