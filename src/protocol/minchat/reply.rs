//! Replies to REST calls as domain events (§2), and refusals as sentences that say what to do.
//!
//! A status of 2xx is not yet a success: a body with `success: false` is a failure (§2.4). No page of a proxy and no
//! body of an error reaches the user, except for the `message` that MinChat words for people.

use serde_json::Value;

use crate::domain::{Failure, MessageId, Request, RoomId, RoomInfo, ServerEvent};
use crate::protocol::caps;
use crate::protocol::fields::Unreadable;
use crate::protocol::recall::Authors;
use crate::protocol::{Body, DecodeError, fields};

use super::adapter::MinChat;
use super::encode::Me;
use super::wire;

/// A full page: a reply that does not count its pages has another one after a page this full.
const PAGE: usize = 25;

/// How much of a server's own sentence is shown.
const MESSAGE_CHARS: usize = 200;

/// What 401 means, and what to do about it.
const REFUSED_KEY: &str = "The server refused the API key. Check --api-key, MINCHAT_API_KEY or the profile's api_key.";

/// What the reply to `request` means.
pub(super) fn reply(
    minchat: &mut MinChat,
    request: Request,
    status: u16,
    body: &Body,
) -> Result<ServerEvent, DecodeError> {
    let json = match body {
        Body::Json(json) => Some(json),
        Body::Other(_) => None,
    };
    let refused = json.is_some_and(|json| json.get("success") == Some(&Value::Bool(false)));
    // "Nobody of that name" is an answer, not a failure. It must come from MinChat itself, in JSON.
    let nobody = json.is_some() && (matches!(status, 400 | 404) || (refused && status < 300));
    if nobody && matches!(request, Request::FindPerson { .. } | Request::Person { .. }) {
        return Ok(ServerEvent::Person { request, person: None });
    }
    match json {
        Some(json) if (200..300).contains(&status) && !refused => {
            let what = kind(&request);
            success(minchat, request, json).map_err(|why| DecodeError { what: what.to_owned(), why: why.to_owned() })
        }
        _ => {
            let reason = caps::line(&reason(status, json));
            // Its own "no" in an answer of 2xx is as certain as a 4xx (§2.4).
            let certain = refused && status < 300;
            let failure = match if certain { Failure::Refused } else { Failure::from_status(status) } {
                Failure::Refused if request.needs_room().is_some() && json.is_some_and(tells_of_no_chat) => {
                    Failure::NotFound
                }
                failure => failure,
            };
            Ok(ServerEvent::Failed { request, failure, reason })
        }
    }
}

fn success(minchat: &mut MinChat, request: Request, json: &Value) -> Result<ServerEvent, Unreadable> {
    match request {
        Request::SignIn { ref username, .. } => sign_in(minchat, username, json),
        Request::Rooms { page } => {
            let chats = array(json, "chats").ok_or("there are no chats")?;
            let rooms = fields::list(chats, |chat| wire::room(chat, &mut minchat.recall));
            let (page, pages) = paging(json, page, chats.len());
            Ok(ServerEvent::Rooms { page, pages, rooms })
        }
        Request::History { room, page, .. } => {
            let values = array(json, "messages").ok_or("there are no messages")?;
            let messages = fields::list(values, |value| wire::message(value, &mut minchat.recall, Authors::All));
            let (page, pages) = paging(json, page, values.len());
            Ok(ServerEvent::History { room, page, pages, messages })
        }
        Request::Send { room, local, .. } => Ok(accepted(minchat, room, local, json)),
        Request::FindPerson { .. } | Request::Person { .. } => {
            let user = json.get("user").filter(|user| !user.is_null());
            let person = user.map(|user| wire::person(user, &minchat.recall)).transpose()?;
            Ok(ServerEvent::Person { request, person })
        }
        Request::OpenDirect { .. } | Request::CreateGroup { .. } => {
            opened(minchat, json).map(|room| ServerEvent::Opened(Box::new(room)))
        }
        Request::AddMember { room, person: Some(person), .. } => Ok(ServerEvent::MemberAdded { room, person }),
        Request::RemoveMember { room, person: Some(person), .. } => Ok(ServerEvent::MemberRemoved { room, person }),
        Request::DeleteRoom { room } => Ok(ServerEvent::RoomDeleted(room)),
        request => Ok(ServerEvent::Done(request)),
    }
}

fn sign_in(minchat: &mut MinChat, username: &str, json: &Value) -> Result<ServerEvent, Unreadable> {
    let user = json.get("user").ok_or("there is no user")?;
    let me = wire::person(user, &minchat.recall)?;
    minchat.me = Me::read(user, username);
    Ok(ServerEvent::SignedIn { me, capabilities: MinChat::CAPABILITIES })
}

/// What a send is answered with is read by no known client (§2, row 15): take whatever of it can be read. Whether the
/// message names its send is left as it is: the outbox learns by it whether this server returns that.
fn accepted(minchat: &mut MinChat, room: RoomId, local: crate::domain::LocalId, json: &Value) -> ServerEvent {
    let object = match json.get("message") {
        Some(inner) if inner.is_object() => inner,
        _ => json,
    };
    let message = wire::message(object, &mut minchat.recall, Authors::All).ok();
    let id = object.as_object().and_then(|object| fields::id(object, "id")).map(|id| MessageId::new(&id));
    ServerEvent::Accepted { room, local, id, message: message.map(Box::new) }
}

/// The chat object, at top level (§2, rows 6 and 7) or wrapped.
fn opened(minchat: &mut MinChat, json: &Value) -> Result<RoomInfo, Unreadable> {
    let wrapped = json.get("chat").filter(|chat| chat.is_object());
    wire::room(wrapped.unwrap_or(json), &mut minchat.recall)
}

fn array<'a>(json: &'a Value, key: &str) -> Option<&'a [Value]> {
    json.get(key)?.as_array().map(Vec::as_slice)
}

fn paging(json: &Value, asked: u32, entries: usize) -> (u32, u32) {
    let object = json.as_object();
    // The page that was asked for, whatever the reply calls it: it may count from 0.
    let guess = if entries < PAGE { asked } else { asked.saturating_add(1) };
    (asked, object.and_then(|object| fields::count(object, "total_pages")).unwrap_or(guess))
}

/// Why it did not work, as a sentence that says what to do.
fn reason(status: u16, json: Option<&Value>) -> String {
    match status {
        300..=399 => return format!("The server sends us elsewhere (HTTP {status}). Check the address (--url)."),
        401 | 403 => return REFUSED_KEY.to_owned(),
        429 => return "The server asks to slow down. Try again in a minute.".to_owned(),
        500.. => return format!("The server has a problem (HTTP {status}). Try again later."),
        _ => {}
    }
    let message = json.and_then(|json| fields::text(json.as_object()?, "message"));
    match message {
        Some(message) => {
            let text: String = message.chars().take(MESSAGE_CHARS).collect();
            format!("The server refused it: {}", text.trim())
        }
        None if json.is_none() && status < 400 => {
            "What answered is not a MinChat server. Check the address (--url), or the proxy in between.".to_owned()
        }
        None if status == 404 => "The server does not know this address. Check --url.".to_owned(),
        None if status < 400 => "The server refused it without saying why.".to_owned(),
        None => format!("The server refused it (HTTP {status})."),
    }
}

/// Whether it says that there is no such chat. MinChat answers 400 with a sentence for people, and no field says which
/// of its 400s this is (§2.4); what cannot be understood is a refusal like any other.
pub(super) fn tells_of_no_chat(json: &Value) -> bool {
    let message = json.as_object().and_then(|object| fields::text(object, "message"));
    let message = message.map(|message| message.to_lowercase()).unwrap_or_default();
    ["chat", "channel", "conversation"].iter().any(|chat| {
        let said = |ending: &str| message.contains(&format!("{chat} {ending}"));
        ["not found", "was not found", "does not exist", "doesn't exist", "no longer exists"].into_iter().any(said)
            || message.contains(&format!("no such {chat}"))
    })
}

fn kind(request: &Request) -> &'static str {
    match request {
        Request::SignIn { .. } => "sign-in",
        Request::Rooms { .. } => "room list",
        Request::History { .. } => "history",
        Request::FindPerson { .. } | Request::Person { .. } => "user",
        Request::OpenDirect { .. } | Request::CreateGroup { .. } => "chat",
        _ => "reply",
    }
}
