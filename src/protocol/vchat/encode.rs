//! Encodes requests as V Chat calls (`docs/protocol/vchat.md` §2, §4).
//!
//! Everything that needs an answer is a REST call; the socket carries typing, presence and receipts. No room has to be
//! joined: the server subscribes a socket to the rooms of its user, but to no more than
//! [`LIVE_ROOMS`](super::capabilities::LIVE_ROOMS) (`docs/protocol/vchat.md` §3.2).

use serde_json::{Value, json};

use crate::domain::{MemberRole, MessageId, PersonId, Request, RoomId, RoomKind, SharedKind};
use crate::protocol::path_segment::path_segment;
use crate::protocol::{Call, HttpMethod};

use super::capabilities::PAGE_SIZE;
use super::http::{self, room_path};
use super::state::{Session, VChatState};
use super::{form, sign_in};

/// Rooms per page (`docs/protocol/vchat.md` §2.2.1).
const ROOMS_PER_PAGE: u32 = 20;

/// People who have seen a message: the largest page that servers allow (`docs/protocol/vchat.md` §2.4).
const SEEN_BY_PAGE_SIZE: u32 = 49;

/// Returns the call that carries out `request`. `None` if V Chat has no such call, or if nobody is signed in and
/// `request` is not a sign-in.
pub(super) fn encode(state: &VChatState, request: &Request) -> Option<Call> {
    if let Request::SignIn { username, name } = request {
        return Some(sign_in::encode(state, username, name.as_deref()));
    }
    let session = state.session.as_ref()?;
    let bearer = session.bearer();
    let get = |path: String, query: Vec<(&str, String)>| Some(http::get(bearer.clone(), path, query));
    let send = |method, path: String| Some(http::send(bearer.clone(), method, path, None));
    let send_json = |method, path: String, json: Value| Some(http::send(bearer.clone(), method, path, Some(json)));
    match request {
        Request::LogOut => send(HttpMethod::Post, "/api/v2/auth/logout".to_owned()),
        Request::Seen { room, .. } => Some(emit("v1EnterChatRoom", &json!({"roomId": room.as_str()}))),
        Request::Delivered { room } => Some(emit("v1DeliverChatRoom", &json!({"roomId": room.as_str()}))),
        Request::Typing { room, on } => {
            let status = if *on { "typing" } else { "stop" };
            Some(emit("v1RoomStatusChange", &json!({"status": status, "roomId": room.as_str()})))
        }
        Request::Presence { people } => presence(people),
        Request::Rooms { page } => get("/api/v2/channel/".to_owned(), page_query(ROOMS_PER_PAGE, *page)),
        Request::FindRooms { title, archived, page } => {
            let mut query = page_query(ROOMS_PER_PAGE, *page);
            if !title.is_empty() {
                query.push(("title", title.clone()));
            }
            if *archived {
                query.push(("archiveOnly", "true".to_owned()));
            }
            get("/api/v2/channel/".to_owned(), query)
        }
        Request::Room { room } => get(room_path(room, ""), Vec::new()),
        Request::History { room, before, .. } => {
            get(room_path(room, "/message/"), message_query(before.as_ref(), "all"))
        }
        Request::Shared { room, kind, before, .. } => {
            let filter = match kind {
                SharedKind::Media => "media",
                SharedKind::Links => "links",
                SharedKind::Files => "file",
                SharedKind::Voice => "voice",
            };
            get(room_path(room, "/message/"), message_query(before.as_ref(), filter))
        }
        Request::Send { room, local, content } => {
            let form = form::message(*local, content);
            Some(http::post_form(bearer, room_path(room, "/message/"), form))
        }
        Request::Delete { room, message } => send(HttpMethod::Delete, message_path(room, message, "delete/all")),
        Request::DeleteForMe { room, message } => send(HttpMethod::Delete, message_path(room, message, "delete/me")),
        Request::Star { room, message, on } => {
            send(HttpMethod::Post, message_path(room, message, if *on { "star" } else { "un-star" }))
        }
        Request::Stars { room: Some(room) } => get(room_path(room, "/message/stars"), Vec::new()),
        Request::Stars { room: None } => get("/api/v2/channel/messages/stars".to_owned(), Vec::new()),
        Request::SeenBy { room, kind, message, seen, page } => {
            let status = if *seen { "seen" } else { "deliver" };
            let path = format!("/{}/message/{}/status/{status}", group_segment(*kind)?, path_segment(message.as_str()));
            get(room_path(room, &path), page_query(SEEN_BY_PAGE_SIZE, *page))
        }
        Request::Person { username, .. } if !username.is_empty() => {
            get(format!("/api/v2/profile/users/{}/last-seen", path_segment(username)), Vec::new())
        }
        Request::FindPeople { name, page } => {
            let mut query = page_query(PAGE_SIZE, *page);
            if !name.is_empty() {
                query.push(("fullName", name.clone()));
            }
            get("/api/v2/profile/users".to_owned(), query)
        }
        Request::Block { username, on } => {
            let action = if *on { "ban" } else { "un-ban" };
            send(HttpMethod::Post, format!("/api/v2/user-ban/{}/{action}", path_segment(username)))
        }
        Request::OpenDirect { username } => {
            send(HttpMethod::Post, format!("/api/v2/channel/peer-room/{}", path_segment(username)))
        }
        Request::CreateGroup { title, usernames } => {
            let form = form::group("groupName", title, &other_members(session, usernames));
            Some(http::post_form(bearer, "/api/v2/channel/group", form))
        }
        Request::CreateBroadcast { title, usernames } => {
            let form = form::group("broadcastName", title, &other_members(session, usernames));
            Some(http::post_form(bearer, "/api/v2/channel/broadcast", form))
        }
        Request::AddMember { room, kind, username, .. } => {
            let path = room_path(room, &format!("/{}/members", group_segment(*kind)?));
            send_json(HttpMethod::Post, path, json!({"identifiers": [username]}))
        }
        // For a broadcast, the official client sends a literal `{peerId}` instead of the member
        // (`docs/protocol/vchat.md` §2.5, row 52). All other calls contain the member's identifier, so this one does
        // too.
        Request::RemoveMember { room, kind, username, .. } => send(
            HttpMethod::Delete,
            room_path(room, &format!("/{}/members/{}", group_segment(*kind)?, path_segment(username))),
        ),
        Request::SetRole { room, username, role } => {
            let path = format!("/group/members/{}/{}", path_segment(username), role_name(*role));
            send(HttpMethod::Patch, room_path(room, &path))
        }
        Request::Members { room, kind, page } => {
            get(room_path(room, &format!("/{}/members", group_segment(*kind)?)), page_query(PAGE_SIZE, *page))
        }
        Request::Membership { room, kind, username } => get(membership_path(room, *kind, username)?, Vec::new()),
        Request::Mute { room, on } => {
            send(HttpMethod::Patch, room_path(room, if *on { "/notification/mute" } else { "/notification/un-mute" }))
        }
        Request::Archive { room, on } => {
            send(HttpMethod::Patch, room_path(room, if *on { "/archive" } else { "/un-archive" }))
        }
        Request::Rename { room, kind, title } => {
            let path = room_path(room, &format!("/{}/title", group_segment(*kind)?));
            send_json(HttpMethod::Patch, path, json!({"title": title}))
        }
        Request::AddablePeople { room, kind, page } => {
            let path = format!("/{}/available-users-to-add", group_segment(*kind)?);
            get(room_path(room, &path), page_query(PAGE_SIZE, *page))
        }
        Request::SetDescription { room, text } => {
            send_json(HttpMethod::Patch, room_path(room, "/group/description"), json!({"description": text}))
        }
        Request::SetNickname { room, name } => {
            send_json(HttpMethod::Patch, room_path(room, "/nick-name"), json!({"name": name}))
        }
        Request::SetRoomPicture { room, kind, file } => {
            let path = room_path(room, &format!("/{}/image", group_segment(*kind)?));
            Some(http::patch_picture(bearer, path, file))
        }
        Request::SetName { name } => {
            send_json(HttpMethod::Patch, "/api/v2/profile/name".to_owned(), json!({"fullName": name}))
        }
        Request::SetPicture { file } => Some(http::patch_picture(bearer, "/api/v2/profile/image", file)),
        Request::LeaveGroup { room } => send(HttpMethod::Post, room_path(room, "/group/leave")),
        Request::DeleteRoom { room } => send(HttpMethod::Delete, room_path(room, "")),
        Request::StartCall { room, video } => {
            let path = format!("/api/v2/call/create/{}", path_segment(room.as_str()));
            // `payload` belongs to WebRTC calls, which V Chat has dropped (`docs/protocol/vchat.md` §6.2).
            send_json(HttpMethod::Post, path, json!({"payload": null, "withVideo": video, "meetPlatform": "agora"}))
        }
        Request::AcceptCall { call } => {
            let path = format!("/api/v2/call/accept/{}", path_segment(call.as_str()));
            send_json(HttpMethod::Post, path, json!({"payload": null}))
        }
        Request::DeclineCall { call } => {
            send(HttpMethod::Post, format!("/api/v2/call/reject/{}", path_segment(call.as_str())))
        }
        Request::EndCall { call } => {
            send(HttpMethod::Post, format!("/api/v2/call/end/v2/{}", path_segment(call.as_str())))
        }
        Request::ActiveCall => get("/api/v2/call/active".to_owned(), Vec::new()),
        Request::Calls => get("/api/v2/call/history".to_owned(), Vec::new()),
        Request::ClearCalls => send(HttpMethod::Delete, "/api/v2/call/history/clear".to_owned()),
        Request::CallAccess { room } => {
            get(format!("/api/v2/call/agora-access/{}", path_segment(room.as_str())), Vec::new())
        }
        Request::SignIn { .. }
        | Request::Announce
        | Request::Join { .. }
        | Request::Leave { .. }
        | Request::CancelUpload { .. }
        | Request::Heartbeat { .. }
        | Request::FindPerson { .. }
        | Request::Person { .. }
        | Request::Edit { .. } => None,
    }
}

/// Returns a socket event. Its argument is JSON inside of a string (`docs/protocol/vchat.md` §3.1).
fn emit(event: &'static str, payload: &Value) -> Call {
    Call::Emit { event, payload: Value::String(payload.to_string()) }
}

fn page_query(limit: u32, page: u32) -> Vec<(&'static str, String)> {
    vec![("limit", limit.to_string()), ("page", page.to_string())]
}

fn message_query(before: Option<&MessageId>, filter: &str) -> Vec<(&'static str, String)> {
    let mut query = vec![("limit", PAGE_SIZE.to_string())];
    query.extend(before.map(|before| ("lastId", before.as_str().to_owned())));
    query.push(("filter", filter.to_owned()));
    query
}

fn presence(people: &[(PersonId, RoomId)]) -> Option<Call> {
    let peers = people.iter().map(|(person, room)| json!({"peerId": person.as_str(), "extra": room.as_str()}));
    (!people.is_empty()).then(|| emit("v1MyOnline", &peers.collect()))
}

fn message_path(room: &RoomId, message: &MessageId, action: &str) -> String {
    room_path(room, &format!("/message/{}/{action}", path_segment(message.as_str())))
}

/// Returns the path segment of a group or broadcast; `None` for a direct message or order. A room of unknown kind
/// counts as a group.
fn group_segment(kind: RoomKind) -> Option<&'static str> {
    match kind {
        RoomKind::Group | RoomKind::Unknown => Some("group"),
        RoomKind::Broadcast => Some("broadcast"),
        RoomKind::Direct | RoomKind::Order => None,
    }
}

/// Returns the path of the user's own membership in a room (`docs/protocol/vchat.md` §2.1 row 12, §2.4, §2.5, §2.6).
fn membership_path(room: &RoomId, kind: RoomKind, username: &str) -> Option<String> {
    match kind {
        RoomKind::Direct => (!username.is_empty()).then(|| format!("/api/v2/user-ban/{}/ban", path_segment(username))),
        RoomKind::Order => Some(room_path(room, "/order/my-info")),
        kind => Some(room_path(room, &format!("/{}/my-info", group_segment(kind)?))),
    }
}

fn role_name(role: MemberRole) -> &'static str {
    match role {
        MemberRole::Member => "member",
        MemberRole::Admin => "admin",
        MemberRole::Owner => "superAdmin",
    }
}

/// Returns the usernames without the user's own: the creator of a group is a member already and must not be listed
/// (`docs/protocol/vchat.md` §2.4).
fn other_members<'a>(session: &Session, usernames: &'a [String]) -> Vec<&'a str> {
    usernames.iter().map(String::as_str).filter(|username| *username != session.identifier).collect()
}
