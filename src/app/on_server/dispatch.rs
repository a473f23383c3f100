//! Which event goes where.

use crate::app::context::Context;
use crate::app::hunt;
use crate::app::outbox;
use crate::domain::{Delivery, Failure, Request, ServerEvent};
use crate::text::SafeText;

use super::{answers, asked, calls, found, history, link, live, members, receipts, rooms};

/// Takes something that a server said.
pub(in crate::app) fn on_server(cx: &mut Context<'_>, event: ServerEvent) {
    match event {
        ServerEvent::Connection(link) => link::on_link(cx, link),
        ServerEvent::SignedIn { me, capabilities } => link::on_signed_in(cx, me, capabilities),
        ServerEvent::Clock { ahead } => cx.account.clock_ahead = ahead,
        ServerEvent::Gap => link::on_gap(cx),
        ServerEvent::Rooms { page, pages, rooms } => rooms::on_rooms(cx, page, pages, rooms),
        ServerEvent::RoomChanged(info) => {
            rooms::on_room_changed(cx, *info);
            hunt::proceed(cx);
        }
        ServerEvent::RoomRenamed { room, title } => rooms::on_renamed(cx, &room, title),
        ServerEvent::Opened(info) => rooms::on_opened(cx, *info),
        ServerEvent::RoomDeleted(room) => rooms::on_room_deleted(cx, &room),
        ServerEvent::MemberAdded { room, person } => rooms::on_member(cx, &room, person, true),
        ServerEvent::MemberRemoved { room, person } => rooms::on_member(cx, &room, person, false),
        ServerEvent::History { room, page, pages, messages } => {
            let last = page >= pages || messages.is_empty();
            let oldest = messages.iter().map(|message| (message.sent_at, message.id.clone())).min();
            history::on_history(cx, &room, page, pages, messages);
            outbox::on_page(cx, &room, page, last, oldest);
            hunt::proceed(cx);
        }
        ServerEvent::Message(message) => live::on_message(cx, message),
        ServerEvent::Edited(message) => live::on_edited(cx, message),
        ServerEvent::Deleted(message) => live::on_deleted(cx, &message),
        ServerEvent::Revoked { room, message, author } => {
            live::on_revoked(cx, &room, &message, &author);
        }
        ServerEvent::Seen(message) => live::on_seen(cx, &message),
        ServerEvent::Typing { person, room, activity } => live::on_typing(cx, person, room, activity),
        ServerEvent::RoomSeen { room, author } => {
            receipts::on_room_receipt(cx, &room, &author, Delivery::Seen);
        }
        ServerEvent::RoomDelivered { room, author } => {
            receipts::on_room_receipt(cx, &room, &author, Delivery::Delivered);
        }
        ServerEvent::Stars { room, messages } => asked::on_stars(cx, room.as_ref(), messages),
        ServerEvent::SeenBy { message, seen, people } => asked::on_seen_by(cx, &message, seen, people),
        ServerEvent::Progress { room, local, sent, total } => {
            receipts::on_progress(cx, &room, local, sent, total);
        }
        ServerEvent::Duplicate { room, local } => receipts::on_duplicate(cx, &room, local),
        ServerEvent::LastSeen { person, at } => live::on_last_seen(cx, &person, at),
        ServerEvent::People { request, more, people } => found::on_people(cx, &request, more, people),
        ServerEvent::FoundRooms { request, more, rooms } => {
            found::on_found_rooms(cx, &request, more, rooms);
        }
        ServerEvent::Members { room, page, more, members } => {
            members::on_members(cx, &room, page, more, members);
        }
        ServerEvent::Membership { room, membership } => members::on_membership(cx, &room, membership),
        ServerEvent::BlockChanged(room) => members::on_block_changed(cx, &room),
        ServerEvent::Kicked { room, person } => members::on_kicked(cx, &room, &person),
        ServerEvent::CallRings(call) => calls::on_rings(cx, call),
        ServerEvent::CallStarted { call, room, .. } => calls::on_started(cx, call, &room),
        ServerEvent::CallAccepted { call, room } => calls::on_accepted(cx, call.as_ref(), &room),
        ServerEvent::CallEnded { call, room, how } => calls::on_ended(cx, call.as_ref(), &room, how),
        ServerEvent::Calls(calls) => asked::on_calls(cx, calls),
        ServerEvent::Presence { person, online } => live::on_presence(cx, &person, online),
        ServerEvent::AgentAction { room, agent, action } => live::on_agent(cx, room, &agent, &action),
        ServerEvent::Notice(text) => cx.notify_from_server(&text),
        ServerEvent::Accepted { room, local, id, message } => {
            answers::on_accepted(cx, &room, local, id, message);
        }
        ServerEvent::Person { request, person } => answers::on_person(cx, &request, person.as_ref()),
        ServerEvent::Done(request) => answers::on_done(cx, request),
        ServerEvent::Failed { request, failure, reason } => {
            answers::on_failed(cx, request, failure, &reason);
        }
    }
}

/// Takes back a request that there was no room for.
pub(in crate::app) fn on_unsent(cx: &mut Context<'_>, request: Request) {
    let reason = SafeText::line("Too much is under way at once; try again in a moment.");
    answers::on_failed(cx, request, Failure::NotSent, &reason);
}
