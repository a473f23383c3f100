//! Dispatch of server events to their handlers.

use crate::app::features::history::verification;
use crate::app::features::{export, jump, vanished_rooms};
use crate::app::handlers::server::{
    calls, connection, directory, history, lists, members, messages, receipts, responses, rooms,
};
use crate::app::model::context::Context;
use crate::app::model::history_page::HistoryPage;
use crate::domain::{Delivery, Failure, Request, ServerEvent};
use crate::text::SafeText;

/// Handles an event from the server.
pub(in crate::app) fn on_server(cx: &mut Context<'_>, event: ServerEvent) {
    match event {
        ServerEvent::Connection(status) => connection::on_status(cx, status),
        ServerEvent::SignedIn { me, capabilities } => connection::on_signed_in(cx, me, capabilities),
        ServerEvent::ClockSkew { ahead } => cx.account.server_clock_offset = ahead,
        ServerEvent::EventsLost => connection::on_events_lost(cx),
        ServerEvent::Rooms { page, pages, rooms } => rooms::on_rooms(cx, page, pages, rooms),
        ServerEvent::RoomChanged(info) => {
            rooms::on_room_changed(cx, *info);
            jump::advance(cx);
        }
        ServerEvent::RoomRenamed { room, title } => rooms::on_renamed(cx, &room, title),
        ServerEvent::RoomOpened(info) => rooms::on_opened(cx, *info),
        ServerEvent::RoomDeleted(room) => vanished_rooms::on_deletion_confirmed(cx, &room),
        ServerEvent::MemberAdded { room, person } => rooms::on_member(cx, &room, person, true),
        ServerEvent::MemberRemoved { room, person } => rooms::on_member(cx, &room, person, false),
        ServerEvent::History { room, serial, page, pages, total, messages } if export::collect::awaits(cx, serial) => {
            export::collect::on_page(cx, HistoryPage { room, serial, page, pages, total, messages });
            cx.account.page_requests.end(serial);
        }
        ServerEvent::History { room, serial, page, pages, total, messages } => {
            history::on_history(cx, HistoryPage { room, serial, page, pages, total, messages });
            cx.account.page_requests.end(serial);
            jump::advance(cx);
            export::collect::advance(cx);
            verification::verify_visible(cx);
        }
        ServerEvent::Message(message) => messages::on_message(cx, message),
        ServerEvent::Edited(message) => messages::on_edited(cx, message),
        ServerEvent::Deleted(message) => messages::on_deleted(cx, None, &message),
        ServerEvent::Revoked { room, message, author } => {
            messages::on_revoked(cx, &room, &message, &author);
        }
        ServerEvent::Seen(message) => messages::on_seen(cx, &message),
        ServerEvent::Typing { person, room, activity } => messages::on_typing(cx, person, room, activity),
        ServerEvent::RoomSeen { room, author } => {
            receipts::on_room_receipt(cx, &room, &author, Delivery::Seen);
        }
        ServerEvent::RoomDelivered { room, author } => {
            receipts::on_room_receipt(cx, &room, &author, Delivery::Delivered);
        }
        ServerEvent::Stars { room, messages } => lists::on_stars(cx, room.as_ref(), messages),
        ServerEvent::SeenBy { message, seen, people, next } => lists::on_seen_by(cx, &message, seen, people, next),
        ServerEvent::Progress { room, local, sent, total } => {
            receipts::on_progress(cx, &room, local, sent, total);
        }
        ServerEvent::Duplicate { room, local } => receipts::on_duplicate(cx, &room, local),
        ServerEvent::LastSeen { person, at } => messages::on_last_seen(cx, &person, at),
        ServerEvent::People { request, more, people } => directory::on_people(cx, &request, more, &people),
        ServerEvent::FoundRooms { request, more, rooms } => {
            directory::on_found_rooms(cx, &request, more, rooms);
        }
        ServerEvent::Members { room, page, more, members } => {
            members::on_members(cx, &room, page, more, members);
        }
        ServerEvent::Membership { room, membership } => {
            let verification = vanished_rooms::finish_verification(cx, &room);
            members::on_membership(cx, &room, membership);
            responses::report_postponed(cx, &room, verification.unwrap_or_default().postponed);
        }
        ServerEvent::BlockChanged(room) => members::on_block_changed(cx, &room),
        ServerEvent::Kicked { room, person } => members::on_kicked(cx, &room, &person),
        ServerEvent::IncomingCall(call) => calls::on_incoming(cx, call),
        ServerEvent::CallStarted { call, room, .. } => calls::on_started(cx, call, &room),
        ServerEvent::CallAccepted { call, room } => calls::on_answered(cx, call.as_ref(), &room),
        ServerEvent::CallEnded { call, room, reason } => calls::on_ended(cx, call.as_ref(), &room, reason),
        ServerEvent::CallAccess { room, access } => calls::on_access(cx, &room, &access),
        ServerEvent::Shared { request, more, messages } => lists::on_shared(cx, &request, more, messages),
        ServerEvent::Calls(calls) => lists::on_calls(cx, calls),
        ServerEvent::Presence { person, online } => messages::on_presence(cx, &person, online),
        ServerEvent::AgentAction { room, agent, action } => messages::on_agent_action(cx, room, &agent, &action),
        ServerEvent::Silence(millis) => cx.account.silent_since = millis.map(|millis| cx.now + -millis),
        ServerEvent::Notice(text) => cx.notify_from_server(&text),
        // `update` has handled the end of a pause, whichever account is shown.
        // Reads that wait need no sentence: what they load shows that it is missing.
        ServerEvent::Paused(pause) => {
            pause.iter().filter(|pause| pause.has_changes).for_each(|pause| cx.notify_pause(pause));
        }
        ServerEvent::Accepted { room, local, id, message } => {
            responses::on_accepted(cx, &room, local, id, message);
        }
        ServerEvent::Person { request, person } => responses::on_person(cx, &request, person.as_ref()),
        ServerEvent::Done(request) => responses::on_done(cx, request),
        ServerEvent::Failed { request, failure, reason } => {
            responses::on_failed(cx, request, failure, &reason);
        }
    }
}

/// Handles a request that was rejected locally because the request queue was full.
pub(in crate::app) fn on_request_rejected(cx: &mut Context<'_>, request: Request) {
    let reason = SafeText::line("There are too many requests at once. Try again in a moment.");
    responses::on_failed(cx, request, Failure::NotSent, &reason);
}
