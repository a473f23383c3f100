//! Encodes requests as MinChat calls (`docs/protocol/minchat.md` §2, §4).
//!
//! Everything that needs an answer is a REST call; the socket carries joins, typing and presence.

use serde_json::{Value, json};

use crate::domain::{Content, Request};
use crate::protocol::path_segment::path_segment;
use crate::protocol::{Call, HttpCall, HttpMethod, Part};

use super::form;
use super::objects::LOCAL_ID_KEY;
use super::state::{Me, MinChatState};

/// Returns the call that carries out `request`. `None` if MinChat has no such call, or if it needs a user and nobody is
/// signed in.
pub(super) fn encode(state: &MinChatState, request: &Request) -> Option<Call> {
    let key = state.api_key.as_str();
    if let Request::SignIn { username, name } = request {
        // Without a name, since the call would rename an existing user to it (`docs/protocol/minchat.md` §2.1).
        let body = match name {
            Some(name) => json!({"username": username, "name": name}),
            None => json!({"username": username}),
        };
        return Some(send(key, HttpMethod::Post, "/v1/user", Some(body)));
    }
    let me = state.me.as_ref()?;
    let call = match request {
        Request::Announce => emit("room.user.join", json!({"channelUserId": me.id, "apiKey": key})),
        Request::Join { room } => emit("room.join", json!({"channelId": room.as_str(), "apiKey": key})),
        Request::Leave { room } => emit("room.leave", json!({"channelId": room.as_str(), "apiKey": key})),
        Request::Typing { room, on } => emit(
            if *on { "typing.start" } else { "typing.stop" },
            json!({"channelId": room.as_str(), "user": me.sdk_user, "apiKey": key}),
        ),
        Request::Heartbeat { room } => {
            emit("user.status", json!({"memberId": me.id, "apiKey": key, "channelId": room.as_str()}))
        }
        // Without `limit`: servers before 4.2.0 do not know it, and the default of 25 is what we want.
        Request::Rooms { page } => {
            get(key, "/v1/chat/list", vec![("user_id", me.id.clone()), ("page", page.to_string())])
        }
        Request::History { room, page, .. } => get(
            key,
            "/v1/messages",
            vec![("chat_id", room.as_str().to_owned()), ("user_id", me.id.clone()), ("page", page.to_string())],
        ),
        Request::Send { room, local, content: Content::Text { text, .. } } => {
            let metadata = json!({LOCAL_ID_KEY: local.to_string()});
            let body = json!({"chat_id": room.as_str(), "user_id": me.id, "text": text, "metadata": metadata});
            send(key, HttpMethod::Post, "/v1/messages", Some(body))
        }
        Request::Send { room, local, content: Content::File { file, .. } } => {
            send_form(key, HttpMethod::Post, "/v1/messages", form::file_message(me, room, *local, file))
        }
        // Multipart, because the official suite edits so and nothing is known to edit with JSON.
        Request::Edit { message, text } => {
            let path = format!("/v1/messages/{}", path_segment(message.as_str()));
            send_form(key, HttpMethod::Patch, path, form::edit(text))
        }
        Request::Delete { message, .. } => {
            send(key, HttpMethod::Delete, format!("/v1/messages/{}", path_segment(message.as_str())), None)
        }
        // As the official SDK does, rather than by the REST call: that takes a round trip for each message.
        Request::Seen { message, .. } => {
            emit("message.seen", json!({"lastMessageId": message.as_str(), "user": me.sdk_user, "apiKey": key}))
        }
        Request::FindPerson { username } => get(key, "/v1/user", vec![("username", username.clone())]),
        Request::Person { id, .. } => get(key, "/v1/user", vec![("id", id.as_str().to_owned())]),
        Request::OpenDirect { username } => {
            let body = json!({"usernames": [me.username, username], "user_id": me.id});
            send(key, HttpMethod::Post, "/v1/chat", Some(body))
        }
        Request::CreateGroup { title, usernames } => {
            send_form(key, HttpMethod::Post, "/v1/chat", form::group(me, title, usernames))
        }
        Request::AddMember { room, person: Some(person), .. } => {
            let path = format!("/v1/chat/{}/participants", path_segment(room.as_str()));
            send(key, HttpMethod::Post, path, Some(json!({"user_id": person.as_str()})))
        }
        Request::RemoveMember { room, person: Some(person), .. } => {
            let (room, person) = (path_segment(room.as_str()), path_segment(person.as_str()));
            send(key, HttpMethod::Delete, format!("/v1/chat/{room}/participants/{person}"), None)
        }
        // MinChat has no call for leaving; everybody may remove anybody (`docs/protocol/minchat.md` §2.2).
        Request::LeaveGroup { room } => {
            let (room, me) = (path_segment(room.as_str()), path_segment(&me.id));
            send(key, HttpMethod::Delete, format!("/v1/chat/{room}/participants/{me}"), None)
        }
        Request::SetName { name } => send_form(key, HttpMethod::Patch, user_path(me), form::name(name)),
        Request::SetPicture { file } => send_form(key, HttpMethod::Patch, user_path(me), form::picture(file)),
        Request::DeleteRoom { room } => {
            send(key, HttpMethod::Delete, format!("/v1/chat/{}", path_segment(room.as_str())), None)
        }
        // The sign-in is encoded above. MinChat has no calls for the others. Adding or removing a member needs the
        // member's id.
        Request::SignIn { .. }
        | Request::LogOut
        | Request::Send { content: Content::Forward { .. }, .. }
        | Request::DeleteForMe { .. }
        | Request::Star { .. }
        | Request::Stars { .. }
        | Request::SeenBy { .. }
        | Request::Delivered { .. }
        | Request::Presence { .. }
        | Request::FindPeople { .. }
        | Request::Block { .. }
        | Request::CreateBroadcast { .. }
        | Request::AddMember { person: None, .. }
        | Request::RemoveMember { person: None, .. }
        | Request::SetRole { .. }
        | Request::Members { .. }
        | Request::Membership { .. }
        | Request::Room { .. }
        | Request::FindRooms { .. }
        | Request::Mute { .. }
        | Request::Archive { .. }
        | Request::Rename { .. }
        | Request::SetRoomPicture { .. }
        | Request::StartCall { .. }
        | Request::AcceptCall { .. }
        | Request::DeclineCall { .. }
        | Request::EndCall { .. }
        | Request::AddablePeople { .. }
        | Request::SetDescription { .. }
        | Request::SetNickname { .. }
        | Request::Shared { .. }
        | Request::CancelUpload { .. }
        | Request::ClearCalls
        | Request::CallAccess { .. }
        | Request::ActiveCall
        | Request::Calls => return None,
    };
    Some(call)
}

fn user_path(me: &Me) -> String {
    format!("/v1/user/{}", path_segment(&me.id))
}

fn emit(event: &'static str, payload: Value) -> Call {
    Call::Emit { event, payload }
}

fn get(key: &str, path: &str, query: Vec<(&str, String)>) -> Call {
    let query = query.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    Call::Http(HttpCall { query, ..bare(key, HttpMethod::Get, path) })
}

fn send(key: &str, method: HttpMethod, path: impl Into<String>, json: Option<Value>) -> Call {
    Call::Http(HttpCall { json, ..bare(key, method, path) })
}

fn send_form(key: &str, method: HttpMethod, path: impl Into<String>, form: Vec<Part>) -> Call {
    Call::Http(HttpCall { form: Some(form), ..bare(key, method, path) })
}

fn bare(key: &str, method: HttpMethod, path: impl Into<String>) -> HttpCall {
    let authorization = format!("Bearer {key}");
    HttpCall { method, path: path.into(), query: Vec::new(), json: None, form: None, authorization }
}
