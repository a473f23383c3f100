//! Decodes replies to MinChat's REST calls (`docs/protocol/minchat.md` §2).
//!
//! A status of 2xx alone is no success: a body with `success: false` is a failure (`docs/protocol/minchat.md` §2.4).

use serde_json::Value;

use crate::domain::{Failure, LocalId, MessageId, Request, RoomId, RoomInfo, RoomKind, ServerEvent};
use crate::protocol::fields::Malformed;
use crate::protocol::person_cache::ReportAuthors;
use crate::protocol::{Body, DecodeError, fields, limits};

use super::capabilities::{CAPABILITIES, PAGE_SIZE};
use super::state::{Me, MinChatState};
use super::{objects, refusal};

/// The API key of demo mode, and the id of its viewer: as in the SDK, everybody may look around there without being a
/// user (`docs/protocol/minchat.md` §1).
const DEMO: &str = "demo";

/// Decodes the reply to `request`.
pub(super) fn decode(
    state: &mut MinChatState,
    request: Request,
    status: u16,
    body: &Body,
) -> Result<ServerEvent, DecodeError> {
    let json = match body {
        Body::Json(json) => Some(json),
        Body::Other(_) => None,
    };
    let refused = json.is_some_and(|json| json.get("success") == Some(&Value::Bool(false)));
    // "Nobody has this name" is an answer and not a failure, if it comes from MinChat itself, which replies in JSON.
    let nobody = json.is_some() && (matches!(status, 400 | 404) || (refused && status < 300));
    if nobody && matches!(request, Request::FindPerson { .. } | Request::Person { .. }) {
        return Ok(ServerEvent::Person { request, person: None });
    }
    if let Request::SignIn { username, .. } = &request
        && state.api_key == DEMO
        && Failure::from_status(status) == Failure::Refused
        && status >= 400
    {
        let viewer = serde_json::json!({"user": {"id": DEMO, "username": username}});
        return sign_in(state, username, &viewer)
            .map_err(|reason| DecodeError { subject: subject(&request).to_owned(), reason: reason.to_owned() });
    }
    match json {
        Some(json) if (200..300).contains(&status) && !refused => {
            let subject = subject(&request);
            success(state, request, json)
                .map_err(|reason| DecodeError { subject: subject.to_owned(), reason: reason.to_owned() })
        }
        _ => {
            let reason = limits::line(&refusal::sentence(&request, &state.secrets, status, json));
            // `success: false` in a 2xx reply is as certain as a 4xx status (`docs/protocol/minchat.md` §2.4).
            let failure = if refused && status < 300 { Failure::Refused } else { Failure::from_status(status) };
            let is_send = matches!(request, Request::Send { .. });
            let (names_room, names_user) = (request.needs_room().is_some(), !request.named_users().is_empty());
            let failure = match failure {
                Failure::Refused if names_user && json.is_some_and(refusal::reports_missing_user) => {
                    Failure::UnknownUser
                }
                Failure::Refused if is_send && json.is_some_and(refusal::reports_non_member) => Failure::NotMember,
                Failure::Refused if names_room && json.is_some_and(refusal::reports_missing_chat) => Failure::NotFound,
                failure => failure,
            };
            Ok(ServerEvent::Failed { request, failure, reason })
        }
    }
}

fn success(state: &mut MinChatState, request: Request, json: &Value) -> Result<ServerEvent, Malformed> {
    // Pages keep the number that was requested: a reply may count from 0.
    match request {
        Request::SignIn { ref username, .. } => sign_in(state, username, json),
        Request::Rooms { page } => {
            let chats = array(json, "chats").ok_or("no chats")?;
            let rooms = fields::read_page(chats, |chat| objects::room(chat, &mut state.people))?;
            Ok(ServerEvent::Rooms { page, pages: page_count(json, page, chats.len()), rooms })
        }
        Request::History { room, serial, page, .. } => {
            let values = array(json, "messages").ok_or("no messages")?;
            let read = |value: &Value| objects::message(value, &mut state.people, ReportAuthors::Always, Some(&room));
            let messages = fields::read_page(values, read)?;
            let pages = page_count(json, page, values.len());
            let total = json.as_object().and_then(|object| fields::count(object, "total_messages"));
            Ok(ServerEvent::History { room, serial, page, pages, total, messages })
        }
        Request::Send { room, local, .. } => Ok(accepted(state, room, local, json)),
        Request::FindPerson { .. } | Request::Person { .. } => {
            let user = json.get("user").filter(|user| !user.is_null());
            let person = user.map(|user| objects::person(user, &state.people)).transpose()?;
            Ok(ServerEvent::Person { request, person })
        }
        Request::OpenDirect { .. } => opened(state, json).map(|room| ServerEvent::RoomOpened(Box::new(room))),
        Request::CreateGroup { .. } => {
            let room = opened(state, json)?;
            Ok(ServerEvent::RoomOpened(Box::new(RoomInfo { kind: RoomKind::Group, ..room })))
        }
        Request::AddMember { room, person: Some(person), .. } => Ok(ServerEvent::MemberAdded { room, person }),
        Request::RemoveMember { room, person: Some(person), .. } => Ok(ServerEvent::MemberRemoved { room, person }),
        Request::LeaveGroup { room } => {
            let me = state.me.as_ref().ok_or("nobody is signed in")?;
            Ok(ServerEvent::MemberRemoved { room, person: state.people.person_id(&me.id) })
        }
        Request::SetName { .. } | Request::SetPicture { .. } => {
            // Typing events carry the user object.
            let me = state.me.as_ref().and_then(|me| Me::read(json.get("user")?, &me.username));
            state.me = me.or(state.me.take());
            Ok(ServerEvent::Done(request))
        }
        Request::DeleteRoom { room } => Ok(ServerEvent::RoomDeleted(room)),
        request => Ok(ServerEvent::Done(request)),
    }
}

fn sign_in(state: &mut MinChatState, username: &str, json: &Value) -> Result<ServerEvent, Malformed> {
    let user = json.get("user").ok_or("no user")?;
    let me = objects::person(user, &state.people)?;
    state.me = Me::read(user, username);
    Ok(ServerEvent::SignedIn { me, capabilities: CAPABILITIES })
}

/// Reads as much as the reply to a send contains, because no known client shows its format (`docs/protocol/minchat.md`
/// §2, row 15).
///
/// The message's own [`LocalId`] is not filled in from the request: the outbox must learn whether this server returns
/// it.
fn accepted(state: &mut MinChatState, room: RoomId, local: LocalId, json: &Value) -> ServerEvent {
    let object = match json.get("message") {
        Some(inner) if inner.is_object() => inner,
        _ => json,
    };
    let message = objects::message(object, &mut state.people, ReportAuthors::Always, Some(&room)).ok();
    let id = object.as_object().and_then(|object| fields::id(object, "id")).map(|id| MessageId::new(&id));
    ServerEvent::Accepted { room, local, id, message: message.map(Box::new) }
}

/// Reads a chat object, either at top level (`docs/protocol/minchat.md` §2, rows 6 and 7) or wrapped in `chat`.
fn opened(state: &mut MinChatState, json: &Value) -> Result<RoomInfo, Malformed> {
    let wrapped = json.get("chat").filter(|chat| chat.is_object());
    objects::room(wrapped.unwrap_or(json), &mut state.people)
}

fn array<'a>(json: &'a Value, key: &str) -> Option<&'a [Value]> {
    json.get(key)?.as_array().map(Vec::as_slice)
}

/// Returns the number of pages. A server that does not report it is assumed to have another page after a full one.
fn page_count(json: &Value, page: u32, entries: usize) -> u32 {
    let reported = json.as_object().and_then(|object| fields::count(object, "total_pages"));
    let is_full = u32::try_from(entries).is_ok_and(|entries| entries >= PAGE_SIZE);
    reported.unwrap_or(if is_full { page.saturating_add(1) } else { page })
}

/// Names the reply to `request` for error messages.
fn subject(request: &Request) -> &'static str {
    match request {
        Request::SignIn { .. } => "sign-in reply",
        Request::Rooms { .. } => "room list",
        Request::History { .. } => "history",
        Request::FindPerson { .. } | Request::Person { .. } => "user",
        Request::OpenDirect { .. } | Request::CreateGroup { .. } => "chat",
        _ => "reply",
    }
}
