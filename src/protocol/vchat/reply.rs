//! Decodes replies to V Chat's REST calls (`docs/protocol/vchat.md` §2).
//!
//! A reply with a status of 2xx is a success, and its payload is in `data` (`docs/protocol/vchat.md` §1.5). Where no
//! payload is expected, `data` may hold anything.

use serde_json::{Map, Value};

use crate::domain::{
    CallId, Failure, LocalId, Membership, MessageId, MessageInfo, MessageKind, PersonInfo, Request, RoomId, RoomKind,
    ServerEvent, Timestamp,
};
use crate::protocol::fields::{self, Malformed};
use crate::protocol::person_cache::ReportAuthors;
use crate::protocol::{Body, DecodeError, limits};

use super::http::SIGNED_OUT;
use super::state::VChatState;
use super::{people, refusal, rooms, sign_in, voice_calls};

/// Decodes the reply to `request`.
pub(super) fn decode(
    state: &mut VChatState,
    request: Request,
    status: u16,
    body: &Body,
) -> Result<Vec<ServerEvent>, DecodeError> {
    if let (200..300, Body::Json(json)) = (status, body) {
        let subject = subject(&request);
        let data = json.get("data").unwrap_or(&Value::Null);
        return success(state, request, data)
            .map_err(|reason| DecodeError { subject: subject.to_owned(), reason: reason.to_owned() });
    }
    if matches!(request, Request::LogOut) {
        // After a failure the session goes on. A session that the server has ended already needs no logging out.
        state.logging_out = false;
        if status == SIGNED_OUT {
            return Ok(vec![ServerEvent::Done(request)]);
        }
    }
    let is_json = matches!(body, Body::Json(_));
    Ok(vec![match request {
        Request::Send { room, local, .. } if refusal::is_duplicate(status, body) => {
            ServerEvent::Duplicate { room, local }
        }
        // "Nobody has this name" is an answer and not a failure.
        Request::Person { .. } if is_json && status == 404 => ServerEvent::Person { request, person: None },
        // Only related servers are known to have this endpoint (`docs/protocol/vchat.md` §2.6).
        Request::Membership { room, kind: RoomKind::Order, .. } if is_json && status == 404 => {
            ServerEvent::Membership { room, membership: Membership::default() }
        }
        request => {
            let reason = refusal::sentence(&request, state, status, body);
            let room_is_missing = request.needs_room().is_some() && refusal::reports_missing_room(status, body);
            let user_is_missing = !request.named_users().is_empty() && refusal::reports_missing_user(status, body);
            let failure = match Failure::from_status(status) {
                _ if room_is_missing => Failure::NotFound,
                Failure::Refused if user_is_missing => Failure::UnknownUser,
                failure => failure,
            };
            ServerEvent::Failed { request, failure, reason: limits::line(&reason) }
        }
    }])
}

fn success(state: &mut VChatState, request: Request, data: &Value) -> Result<Vec<ServerEvent>, Malformed> {
    Ok(vec![match request {
        Request::SignIn { .. } => sign_in::decode(state, &request, data)?,
        Request::Rooms { page } => {
            let docs = docs(data)?;
            let rooms = fields::read_page(docs, |doc| rooms::room(doc, state, ReportAuthors::Always))?;
            ServerEvent::Rooms { page, pages: page_count(page, docs), rooms }
        }
        Request::FindRooms { page, .. } => {
            let docs = docs(data)?;
            let rooms = fields::read_page(docs, |doc| rooms::room(doc, state, ReportAuthors::IfUnknown))?;
            ServerEvent::FoundRooms { request, more: has_next_page(data, page, docs.len()), rooms }
        }
        Request::Room { .. } => ServerEvent::RoomChanged(Box::new(rooms::room(data, state, ReportAuthors::Always)?)),
        Request::OpenDirect { .. } | Request::CreateGroup { .. } | Request::CreateBroadcast { .. } => {
            ServerEvent::RoomOpened(Box::new(rooms::room(data, state, ReportAuthors::Always)?))
        }
        Request::History { room, serial, page, before } => {
            let docs = docs(data)?;
            // Messages hold the author's name at the time of sending (`docs/protocol/vchat.md` §8.1). A name from an
            // old page must not replace the current one.
            let report = if before.is_some() { ReportAuthors::IfUnknown } else { ReportAuthors::Always };
            let mut reader = state.message_reader(report);
            reader.room = Some(room.clone());
            let (pages, messages) = (page_count(page, docs), reader.page(docs)?);
            ServerEvent::History { room, serial, page, pages, total: None, messages }
        }
        Request::Stars { room } => {
            let mut reader = state.message_reader(ReportAuthors::IfUnknown);
            reader.room.clone_from(&room);
            let mut messages = fields::read_page(docs(data)?, |doc| reader.message(doc))?;
            messages.iter_mut().for_each(|message| message.starred = Some(true));
            ServerEvent::Stars { room, messages }
        }
        Request::Shared { ref room, .. } => {
            let docs = docs(data)?;
            let mut reader = state.message_reader(ReportAuthors::IfUnknown);
            reader.room = Some(room.clone());
            let messages = fields::read_page(docs, |doc| reader.message(doc))?;
            // As in the history, only an empty page is a reliable end.
            ServerEvent::Shared { request, more: !docs.is_empty(), messages }
        }
        Request::Send { room, local, .. } => accepted(state, room, local, data),
        Request::SeenBy { message, seen, page, .. } => {
            let docs = docs(data)?;
            let time_key = if seen { "sAt" } else { "dAt" };
            let people = fields::read_page(docs, |doc| recipient(doc, time_key, state))?;
            let next = has_next_page(data, page, docs.len()).then(|| page.saturating_add(1));
            ServerEvent::SeenBy { message, seen, people, next }
        }
        Request::Person { ref id, .. } => match data.as_str().and_then(Timestamp::parse) {
            Some(at) => ServerEvent::LastSeen { person: id.clone(), at },
            // The person hides the time (`docs/protocol/vchat.md` §2.1, row 8).
            None => ServerEvent::Done(request),
        },
        Request::FindPeople { page, .. } | Request::AddablePeople { page, .. } => {
            let docs = docs(data)?;
            let people = fields::read_page(docs, |doc| people::user(doc, &mut state.people))?;
            ServerEvent::People { request, more: has_next_page(data, page, docs.len()), people }
        }
        Request::Members { room, page, .. } => {
            let docs = docs(data)?;
            let members = fields::read_page(docs, |doc| rooms::member(doc, state))?;
            ServerEvent::Members { room, page, more: has_next_page(data, page, docs.len()), members }
        }
        Request::Membership { room, kind, .. } => {
            ServerEvent::Membership { room, membership: rooms::membership(data, kind)? }
        }
        Request::AddMember { room, person: Some(person), .. } => ServerEvent::MemberAdded { room, person },
        Request::RemoveMember { room, person: Some(person), .. } => ServerEvent::MemberRemoved { room, person },
        Request::DeleteRoom { room } => ServerEvent::RoomDeleted(room),
        Request::StartCall { room, video } => {
            let id = data.as_object().and_then(|data| fields::id(data, "meetId")).ok_or("no meetId")?;
            ServerEvent::CallStarted { call: CallId::new(&id), room, video }
        }
        Request::ActiveCall => {
            let Some(call) = data.as_object() else { return Ok(Vec::new()) };
            ServerEvent::IncomingCall(voice_calls::incoming_call(call, state)?)
        }
        Request::Calls => {
            ServerEvent::Calls(fields::read_page(docs(data)?, |call| voice_calls::call_record(call, state))?)
        }
        Request::CallAccess { room } => {
            let access = data.as_object().and_then(|data| voice_calls::access(data, &room, &mut state.secrets));
            let access = access.ok_or("no rtcToken")?;
            ServerEvent::CallAccess { room, access }
        }
        request => ServerEvent::Done(request),
    }])
}

/// Reads the stored message from the reply to a send. A reply without one is accepted: the server has the message.
fn accepted(state: &mut VChatState, room: RoomId, local: LocalId, data: &Value) -> ServerEvent {
    let id = data.as_object().and_then(|object| fields::id(object, "_id")).map(|id| MessageId::new(&id));
    let mut reader = state.message_reader(ReportAuthors::Always);
    reader.room = Some(room.clone());
    let message = data.as_object().and_then(|_| reader.message(data).ok());
    let message = message.filter(|message| id.is_some() && message.kind != MessageKind::Unreadable);
    let message = message.map(|message| Box::new(MessageInfo { local: Some(local), ..message }));
    ServerEvent::Accepted { room, local, id, message }
}

/// Reads a person who has seen or received a message, and when (`docs/protocol/vchat.md` §2.4, row 47).
fn recipient(
    value: &Value,
    time_key: &str,
    state: &mut VChatState,
) -> Result<(PersonInfo, Option<Timestamp>), Malformed> {
    let user = value.get("userData").ok_or("no userData")?;
    Ok((people::user(user, &mut state.people)?, value.get(time_key).and_then(fields::time_value)))
}

/// Returns the entries of a page object, or of a bare list.
fn docs(data: &Value) -> Result<&[Value], Malformed> {
    data.as_array().or_else(|| data.get("docs")?.as_array()).map(Vec::as_slice).ok_or("no docs")
}

/// Returns the number of pages, given one of them. The official client reads on until a page is empty, so only an empty
/// page is a reliable end (`docs/protocol/vchat.md` §2.2.1).
fn page_count(page: u32, docs: &[Value]) -> u32 {
    if docs.is_empty() { page } else { page.saturating_add(1) }
}

/// Whether another page follows, as far as the page object says so (`docs/protocol/vchat.md` §2.2.1).
fn has_next_page(data: &Value, page: u32, entries: usize) -> bool {
    let reported = |object: &Map<String, Value>| {
        let next = object.get("hasNextPage").and_then(Value::as_bool);
        let next = next.or_else(|| object.get("nextPage").map(|next| !next.is_null()));
        next.or_else(|| fields::count(object, "totalPages").map(|pages| page < pages))
    };
    entries > 0 && data.as_object().and_then(reported).unwrap_or(true)
}

/// Names the reply to `request` for error messages.
fn subject(request: &Request) -> &'static str {
    match request {
        Request::SignIn { .. } => "sign-in reply",
        Request::Rooms { .. } | Request::FindRooms { .. } => "room list",
        Request::Room { .. }
        | Request::OpenDirect { .. }
        | Request::CreateGroup { .. }
        | Request::CreateBroadcast { .. } => "room",
        Request::History { .. } | Request::Stars { .. } | Request::Shared { .. } => "history",
        Request::Members { .. } | Request::SeenBy { .. } => "member list",
        Request::FindPeople { .. } | Request::AddablePeople { .. } => "list of people",
        Request::CallAccess { .. } | Request::StartCall { .. } | Request::ActiveCall | Request::Calls => "call",
        _ => "reply",
    }
}
