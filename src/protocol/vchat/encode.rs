//! Requests as V Chat's calls (§2, §4).
//!
//! Everything that needs an answer is a REST call; the socket carries typing, presence and receipts. There is nothing
//! to join: the server puts a socket into all rooms of its user (§3.2).

use serde_json::{Value, json};

use crate::domain::{MemberRole, MessageId, PersonId, Request, RoomId, RoomKind};
use crate::protocol::path_segment::path_segment;
use crate::protocol::{Call, HttpMethod};

use super::adapter::VChat;
use super::call::{self, channel, emit};
use super::session::Session;
use super::{form, message, session};

/// Rooms on a page (§2.2.1).
const ROOMS: u32 = 20;

/// Messages and people on a page (§2.3.2).
pub(super) const PAGE: u32 = 30;

/// People on the one page that says who has seen a message: the most that servers give (§2.4).
const WATCHERS: u32 = 49;

/// The call that carries `request` out; `None` for what V Chat does not have, and for everything but the sign-in while
/// nobody is signed in.
pub(super) fn encode(vchat: &VChat, request: &Request) -> Option<Call> {
    if let Request::SignIn { username, name } = request {
        return Some(session::call(vchat, username, name));
    }
    let session = vchat.session.as_ref()?;
    let bearer = session.bearer();
    let get = |path: String, query: Vec<(&str, String)>| Some(call::get(bearer.clone(), path, query));
    let change = |method, path: String| Some(call::http(bearer.clone(), method, path, None));
    let write = |method, path: String, json: Value| Some(call::http(bearer.clone(), method, path, Some(json)));
    match request {
        Request::Seen { room, .. } => Some(emit("v1EnterChatRoom", &json!({"roomId": room.as_str()}))),
        Request::Delivered { room } => Some(emit("v1DeliverChatRoom", &json!({"roomId": room.as_str()}))),
        Request::Typing { room, on } => {
            let status = if *on { "typing" } else { "stop" };
            Some(emit("v1RoomStatusChange", &json!({"status": status, "roomId": room.as_str()})))
        }
        Request::Presence { people } => presence(people),
        Request::Rooms { page } => get("/api/v2/channel/".to_owned(), paged(ROOMS, *page)),
        Request::FindRooms { title, archived, page } => {
            let mut query = paged(ROOMS, *page);
            if !title.is_empty() {
                query.push(("title", title.clone()));
            }
            if *archived {
                query.push(("archiveOnly", "true".to_owned()));
            }
            get("/api/v2/channel/".to_owned(), query)
        }
        Request::Room { room } => get(channel(room, ""), Vec::new()),
        Request::History { room, before, .. } => {
            let mut query = vec![("limit", PAGE.to_string())];
            if let Some(before) = before {
                // There is no asking for what lies before a message that the server has not named.
                query.push(("lastId", message::named(before)?.to_owned()));
            }
            query.push(("filter", "all".to_owned()));
            get(channel(room, "/message/"), query)
        }
        Request::Send { room, local, content } => {
            let form = form::message(*local, content);
            Some(call::form(bearer, HttpMethod::Post, channel(room, "/message/"), form))
        }
        Request::Delete { room, message } => change(HttpMethod::Delete, of_message(room, message, "delete/all")),
        Request::DeleteForMe { room, message } => change(HttpMethod::Delete, of_message(room, message, "delete/me")),
        Request::Star { room, message, on } => {
            change(HttpMethod::Post, of_message(room, message, if *on { "star" } else { "un-star" }))
        }
        Request::Stars { room: Some(room) } => get(channel(room, "/message/stars"), Vec::new()),
        Request::Stars { room: None } => get("/api/v2/channel/messages/stars".to_owned(), Vec::new()),
        Request::SeenBy { room, kind, message, seen } => {
            let status = if *seen { "seen" } else { "deliver" };
            let path = format!("/{}/message/{}/status/{status}", many(*kind)?, path_segment(message.as_str()));
            get(channel(room, &path), paged(WATCHERS, 1))
        }
        Request::Person { username, .. } if !username.is_empty() => {
            get(format!("/api/v2/profile/users/{}/last-seen", path_segment(username)), Vec::new())
        }
        Request::FindPeople { name, page } => {
            let mut query = paged(PAGE, *page);
            if !name.is_empty() {
                query.push(("fullName", name.clone()));
            }
            get("/api/v2/profile/users".to_owned(), query)
        }
        Request::Block { username, on } => {
            let what = if *on { "ban" } else { "un-ban" };
            change(HttpMethod::Post, format!("/api/v2/user-ban/{}/{what}", path_segment(username)))
        }
        Request::OpenDirect { username } => {
            change(HttpMethod::Post, format!("/api/v2/channel/peer-room/{}", path_segment(username)))
        }
        Request::CreateGroup { title, usernames } => {
            let form = form::group("groupName", title, &others(session, usernames));
            Some(call::form(bearer, HttpMethod::Post, "/api/v2/channel/group", form))
        }
        Request::CreateBroadcast { title, usernames } => {
            let form = form::group("broadcastName", title, &others(session, usernames));
            Some(call::form(bearer, HttpMethod::Post, "/api/v2/channel/broadcast", form))
        }
        Request::AddMember { room, kind, username, .. } => {
            let path = channel(room, &format!("/{}/members", many(*kind)?));
            write(HttpMethod::Post, path, json!({"identifiers": [username]}))
        }
        // The official client never fills in whom a broadcast is to lose (§2.5, row 52); identifiers go everywhere else.
        Request::RemoveMember { room, kind, username, .. } => {
            change(HttpMethod::Delete, channel(room, &format!("/{}/members/{}", many(*kind)?, path_segment(username))))
        }
        Request::SetRole { room, username, role } => {
            let path = format!("/group/members/{}/{}", path_segment(username), role_word(*role));
            change(HttpMethod::Patch, channel(room, &path))
        }
        Request::Members { room, kind, page } => {
            get(channel(room, &format!("/{}/members", many(*kind)?)), paged(PAGE, *page))
        }
        Request::Membership { room, kind, username } => get(membership(room, *kind, username)?, Vec::new()),
        Request::Mute { room, on } => {
            change(HttpMethod::Patch, channel(room, if *on { "/notification/mute" } else { "/notification/un-mute" }))
        }
        Request::Archive { room, on } => {
            change(HttpMethod::Patch, channel(room, if *on { "/archive" } else { "/un-archive" }))
        }
        Request::Rename { room, kind, title } => {
            let path = channel(room, &format!("/{}/title", many(*kind)?));
            write(HttpMethod::Patch, path, json!({"title": title}))
        }
        Request::LeaveGroup { room } => change(HttpMethod::Post, channel(room, "/group/leave")),
        Request::DeleteRoom { room } => change(HttpMethod::Delete, channel(room, "")),
        Request::StartCall { room, video } => {
            let path = format!("/api/v2/call/create/{}", path_segment(room.as_str()));
            // `payload` is for a kind of call that is gone (§6.2).
            write(HttpMethod::Post, path, json!({"payload": null, "withVideo": video, "meetPlatform": "agora"}))
        }
        Request::AcceptCall { call } => {
            let path = format!("/api/v2/call/accept/{}", path_segment(call.as_str()));
            write(HttpMethod::Post, path, json!({"payload": null}))
        }
        Request::RejectCall { call } => {
            change(HttpMethod::Post, format!("/api/v2/call/reject/{}", path_segment(call.as_str())))
        }
        Request::EndCall { call } => {
            change(HttpMethod::Post, format!("/api/v2/call/end/v2/{}", path_segment(call.as_str())))
        }
        Request::ActiveCall => get("/api/v2/call/active".to_owned(), Vec::new()),
        Request::Calls => get("/api/v2/call/history".to_owned(), Vec::new()),
        Request::SignIn { .. }
        | Request::Announce
        | Request::Join { .. }
        | Request::Leave { .. }
        | Request::Heartbeat { .. }
        | Request::FindPerson { .. }
        | Request::Person { .. }
        | Request::Edit { .. } => None,
    }
}

fn paged(limit: u32, page: u32) -> Vec<(&'static str, String)> {
    vec![("limit", limit.to_string()), ("page", page.to_string())]
}

fn presence(people: &[(PersonId, RoomId)]) -> Option<Call> {
    let asked = people.iter().map(|(person, room)| json!({"peerId": person.as_str(), "extra": room.as_str()}));
    (!people.is_empty()).then(|| emit("v1MyOnline", &asked.collect()))
}

fn of_message(room: &RoomId, message: &MessageId, what: &str) -> String {
    channel(room, &format!("/message/{}/{what}", path_segment(message.as_str())))
}

/// The part of the path that names a room of many; `None` for a room of two. One that does not say is a group.
fn many(kind: RoomKind) -> Option<&'static str> {
    match kind {
        RoomKind::Group | RoomKind::Unknown => Some("group"),
        RoomKind::Broadcast => Some("broadcast"),
        RoomKind::Single | RoomKind::Order => None,
    }
}

/// Where it is said how we stand in a room (§2.1 row 12, §2.4, §2.5, §2.6).
fn membership(room: &RoomId, kind: RoomKind, username: &str) -> Option<String> {
    match kind {
        RoomKind::Single => (!username.is_empty()).then(|| format!("/api/v2/user-ban/{}/ban", path_segment(username))),
        RoomKind::Order => Some(channel(room, "/order/my-info")),
        kind => Some(channel(room, &format!("/{}/my-info", many(kind)?))),
    }
}

fn role_word(role: MemberRole) -> &'static str {
    match role {
        MemberRole::Member => "member",
        MemberRole::Admin => "admin",
        MemberRole::Owner => "superAdmin",
    }
}

/// Everybody but us: who makes a group is in it, and must not say so (§2.4).
fn others<'a>(session: &Session, usernames: &'a [String]) -> Vec<&'a str> {
    usernames.iter().map(String::as_str).filter(|username| *username != session.identifier).collect()
}
