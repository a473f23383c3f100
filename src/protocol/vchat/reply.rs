//! Answers to REST calls as domain events (§2).
//!
//! What counts is `data` of the envelope and a status of 2xx (§1.5); an answer whose data nobody reads may hold
//! anything.

use serde_json::{Map, Value};

use crate::domain::{
    CallId, Failure, LocalId, Membership, MessageId, MessageInfo, MessageKind, PersonInfo, Request, RoomId, RoomKind,
    ServerEvent, Timestamp,
};
use crate::protocol::caps;
use crate::protocol::fields::{self, Unreadable};
use crate::protocol::recall::Authors;
use crate::protocol::{Body, DecodeError};

use super::adapter::VChat;
use super::{calls, people, refusal, rooms, session};

/// What the reply to `request` means.
pub(super) fn reply(
    vchat: &mut VChat,
    request: Request,
    status: u16,
    body: &Body,
) -> Result<Vec<ServerEvent>, DecodeError> {
    if let (200..300, Body::Json(json)) = (status, body) {
        let what = kind(&request);
        let data = json.get("data").unwrap_or(&Value::Null);
        let unreadable = |why: Unreadable| DecodeError { what: what.to_owned(), why: why.to_owned() };
        return success(vchat, request, data).map_err(unreadable);
    }
    let json = matches!(body, Body::Json(_));
    Ok(vec![match request {
        Request::Send { room, local, .. } if refusal::is_duplicate(status, body) => {
            ServerEvent::Duplicate { room, local }
        }
        // "Nobody of that name" is an answer, not a failure.
        Request::Person { .. } if json && status == 404 => ServerEvent::Person { request, person: None },
        // Only relatives of this server are known to have this address (§2.6).
        Request::Membership { room, kind: RoomKind::Order, .. } if json && status == 404 => {
            ServerEvent::Membership { room, membership: Membership::default() }
        }
        request => {
            let reason = refusal::reason(&request, &vchat.credentials, status, body);
            let gone = request.needs_room().is_some() && refusal::tells_of_no_room(status, body);
            let failure = if gone { Failure::NotFound } else { Failure::from_status(status) };
            ServerEvent::Failed { request, failure, reason: caps::line(&reason) }
        }
    }])
}

fn success(vchat: &mut VChat, request: Request, data: &Value) -> Result<Vec<ServerEvent>, Unreadable> {
    Ok(vec![match request {
        Request::SignIn { .. } => session::signed_in(vchat, &request, data)?,
        Request::Rooms { page } => {
            let docs = docs(data)?;
            // The client asks on until a page is empty, so that is what every server is made for (§2.2.1).
            let pages = if docs.is_empty() { page } else { page.saturating_add(1) };
            ServerEvent::Rooms { page, pages, rooms: fields::list(docs, |doc| rooms::room(doc, vchat, Authors::All)) }
        }
        Request::FindRooms { page, .. } => {
            let docs = docs(data)?;
            let rooms = fields::list(docs, |doc| rooms::room(doc, vchat, Authors::Strangers));
            ServerEvent::FoundRooms { request, more: more(data, page, docs.len()), rooms }
        }
        Request::Room { .. } => ServerEvent::RoomChanged(Box::new(rooms::room(data, vchat, Authors::All)?)),
        Request::OpenDirect { .. } | Request::CreateGroup { .. } | Request::CreateBroadcast { .. } => {
            ServerEvent::Opened(Box::new(rooms::room(data, vchat, Authors::All)?))
        }
        Request::History { room, page, before } => {
            let docs = docs(data)?;
            // Messages hold their author's name as it was then (§8.1): old pages rename nobody.
            let authors = if before.is_some() { Authors::Strangers } else { Authors::All };
            let mut reader = vchat.reader(authors);
            reader.room = Some(room.clone());
            let pages = if docs.is_empty() { page } else { page.saturating_add(1) };
            ServerEvent::History { page, pages, messages: reader.page(docs), room }
        }
        Request::Stars { room } => {
            let mut reader = vchat.reader(Authors::Strangers);
            reader.room.clone_from(&room);
            let mut messages = fields::list(docs(data)?, |doc| reader.message(doc));
            messages.iter_mut().for_each(|message| message.starred = Some(true));
            ServerEvent::Stars { room, messages }
        }
        Request::Send { room, local, .. } => accepted(vchat, room, local, data),
        Request::SeenBy { message, seen, .. } => {
            let time = if seen { "sAt" } else { "dAt" };
            let people = fields::list(docs(data)?, |doc| watcher(doc, time, vchat));
            ServerEvent::SeenBy { message, seen, people }
        }
        Request::Person { ref id, .. } => match data.as_str().and_then(Timestamp::parse) {
            Some(at) => ServerEvent::LastSeen { person: id.clone(), at },
            // Who hides it is not there for us (§2.1, row 8).
            None => ServerEvent::Done(request),
        },
        Request::FindPeople { page, .. } => {
            let docs = docs(data)?;
            let people = fields::list(docs, |doc| people::user(doc, &mut vchat.recall));
            ServerEvent::People { request, more: more(data, page, docs.len()), people }
        }
        Request::Members { room, page, .. } => {
            let docs = docs(data)?;
            let members = fields::list(docs, |doc| rooms::member(doc, vchat));
            ServerEvent::Members { room, page, more: more(data, page, docs.len()), members }
        }
        Request::Membership { room, kind, .. } => {
            ServerEvent::Membership { room, membership: rooms::membership(data, kind)? }
        }
        Request::AddMember { room, person: Some(person), .. } => ServerEvent::MemberAdded { room, person },
        Request::RemoveMember { room, person: Some(person), .. } => ServerEvent::MemberRemoved { room, person },
        Request::DeleteRoom { room } => ServerEvent::RoomDeleted(room),
        Request::StartCall { room, video } => {
            let id = data.as_object().and_then(|data| fields::id(data, "meetId")).ok_or("there is no meetId")?;
            ServerEvent::CallStarted { call: CallId::new(&id), room, video }
        }
        Request::ActiveCall => {
            let Some(call) = data.as_object() else { return Ok(Vec::new()) };
            ServerEvent::CallRings(calls::call(call, vchat)?)
        }
        Request::Calls => ServerEvent::Calls(fields::list(docs(data)?, |call| calls::call_record(call, vchat))),
        request => ServerEvent::Done(request),
    }])
}

/// The message as the server stored it. An answer without it is as good: the server has it.
fn accepted(vchat: &mut VChat, room: RoomId, local: LocalId, data: &Value) -> ServerEvent {
    let id = data.as_object().and_then(|object| fields::id(object, "_id")).map(|id| MessageId::new(&id));
    let mut reader = vchat.reader(Authors::All);
    reader.room = Some(room.clone());
    let message = data.as_object().and_then(|_| reader.message(data).ok());
    let message = message.filter(|message| id.is_some() && message.kind != MessageKind::Unreadable);
    let message = message.map(|message| Box::new(MessageInfo { local: Some(local), ..message }));
    ServerEvent::Accepted { room, local, id, message }
}

/// Somebody who has seen or received a message (§2.4, row 47).
fn watcher(value: &Value, time: &str, vchat: &mut VChat) -> Result<(PersonInfo, Option<Timestamp>), Unreadable> {
    let user = value.get("userData").ok_or("there is no userData")?;
    Ok((people::user(user, &mut vchat.recall)?, value.get(time).and_then(fields::instant)))
}

/// The entries of a page object, or of a bare list.
fn docs(data: &Value) -> Result<&[Value], Unreadable> {
    data.as_array().or_else(|| data.get("docs")?.as_array()).map(Vec::as_slice).ok_or("there are no docs")
}

/// Whether another page follows, as far as the page object says so (§2.2.1).
fn more(data: &Value, page: u32, entries: usize) -> bool {
    let said = |object: &Map<String, Value>| {
        let next = object.get("hasNextPage").and_then(Value::as_bool);
        let next = next.or_else(|| object.get("nextPage").map(|next| !next.is_null()));
        next.or_else(|| fields::count(object, "totalPages").map(|pages| page < pages))
    };
    entries > 0 && data.as_object().and_then(said).unwrap_or(true)
}

fn kind(request: &Request) -> &'static str {
    match request {
        Request::SignIn { .. } => "sign-in",
        Request::Rooms { .. } | Request::FindRooms { .. } => "room list",
        Request::Room { .. }
        | Request::OpenDirect { .. }
        | Request::CreateGroup { .. }
        | Request::CreateBroadcast { .. } => "room",
        Request::History { .. } | Request::Stars { .. } => "history",
        Request::Members { .. } | Request::SeenBy { .. } => "list of members",
        Request::FindPeople { .. } => "list of people",
        Request::StartCall { .. } | Request::ActiveCall | Request::Calls => "call",
        _ => "reply",
    }
}
