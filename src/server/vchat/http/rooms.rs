//! Rows 13 to 33: rooms, their messages, and orders.

use serde_json::{Value, json};
use url::Url;

use crate::domain::Timestamp;
use crate::server::vchat::error::{ApiError, ApiResult};
use crate::server::vchat::hub::Hub;
use crate::server::vchat::model::Actor;
use crate::server::vchat::world::{HistoryQuery, NewMessage, NewOrder, RoomSetting};

use super::request::ApiRequest;

/// Handles a request below `channel`, except those about groups and broadcasts.
pub(super) fn handle(hub: &Hub, actor: &Actor, request: &ApiRequest, segments: &[&str]) -> ApiResult<Value> {
    if let [room, "message", rest @ ..] = segments {
        return messages(hub, actor, request, room, rest);
    }
    let set =
        |room: &str, setting: RoomSetting| hub.with_world(|world, _| world.set_room_setting(actor, room, setting));
    match (request.method.as_str(), segments) {
        ("GET", []) => Ok(hub.with_world(|world, _| world.rooms(actor, &request.list_filter()))),
        ("GET", ["messages", "stars"]) => Ok(hub.with_world(|world, _| world.starred_messages(actor, None))),
        ("POST", ["order"]) => order(hub, actor, request),
        ("POST", ["peer-room", user]) => hub.with_world(|world, now| world.peer_room(now, actor, user)),
        ("GET", [room]) => hub.with_world(|world, _| world.room(actor, room)),
        ("DELETE", [room]) => hub.with_world(|world, _| world.delete_room(actor, room)),
        ("DELETE", [room, "clear"]) => hub.with_world(|world, _| world.clear_room(actor, room)),
        ("PATCH", [room, "deliver"]) => hub.with_world(|world, now| world.announce_delivery(now, actor, room)),
        ("PATCH", [room, "notification", "mute"]) => set(room, RoomSetting::Muted(true)),
        ("PATCH", [room, "notification", "un-mute"]) => set(room, RoomSetting::Muted(false)),
        ("PATCH", [room, "archive"]) => set(room, RoomSetting::Archived(true)),
        ("PATCH", [room, "un-archive"]) => set(room, RoomSetting::Archived(false)),
        ("PATCH", [room, "one-seen", "on"]) => set(room, RoomSetting::ViewOnce(true)),
        ("PATCH", [room, "one-seen", "off"]) => set(room, RoomSetting::ViewOnce(false)),
        ("PATCH", [room, "nick-name"]) => set(room, RoomSetting::Nickname(request.text("name").unwrap_or_default())),
        ("PATCH", [room, "translate"]) => set(room, RoomSetting::Translation(Some(request.required("transTo")?))),
        ("PATCH", [room, "translate", "stop"]) => set(room, RoomSetting::Translation(None)),
        ("GET", [room, "un-read-count"]) => hub.with_world(|world, _| world.unread_count(actor, room)),
        ("GET", [room, "url-preview"]) => {
            hub.with_world(|world, _| world.member_room(&actor.user, room).map(|_| ()))?;
            url_preview(request.query("url").unwrap_or_default())
        }
        ("GET", [room, "single", "my-info"]) => hub.with_world(|world, _| world.single_info(actor, room)),
        ("GET", [room, "order", "my-info"]) => hub.with_world(|world, _| world.order_info(actor, room)),
        _ => Err(request.no_such_endpoint()),
    }
}

fn messages(hub: &Hub, actor: &Actor, request: &ApiRequest, room: &str, segments: &[&str]) -> ApiResult<Value> {
    match (request.method.as_str(), segments) {
        ("POST", []) => send(hub, actor, request, room),
        ("GET", []) => {
            let time = |name: &str| request.query(name).and_then(Timestamp::parse);
            let query = HistoryQuery {
                limit: request.number("limit"),
                before: request.query("lastId").map(str::to_owned),
                filter: request.query("filter").map(str::to_owned),
                text: request.query("text").map(str::to_owned),
                ascending: request.flag("isAsc"),
                from: time("from"),
                to: time("to"),
            };
            Ok(hub.with_world(|world, _| world.history(actor, room, &query)))
        }
        ("GET", ["stars"]) => Ok(hub.with_world(|world, _| world.starred_messages(actor, Some(room)))),
        ("POST", [id, "star"]) => hub.with_world(|world, _| world.set_star(actor, room, id, true)),
        ("POST", [id, "un-star"]) => hub.with_world(|world, _| world.set_star(actor, room, id, false)),
        ("PATCH", [id, "one-seen"]) => hub.with_world(|world, _| world.view_once(actor, room, id)),
        ("DELETE", [id, "delete", "me"]) => hub.with_world(|world, _| world.delete_for_me(actor, room, id)),
        ("DELETE", [id, "delete", "all"]) => hub.with_world(|world, now| world.delete_for_all(now, actor, room, id)),
        _ => Err(request.no_such_endpoint()),
    }
}

/// Row 27: sends a message.
fn send(hub: &Hub, actor: &Actor, request: &ApiRequest, room: &str) -> ApiResult<Value> {
    let files = request.files(hub);
    let text = |name: &str| request.text(name).unwrap_or_default();
    let new = NewMessage {
        content: text("content"),
        local_id: text("localId"),
        is_encrypted: request.text("isEncrypted").unwrap_or_else(|| "false".to_owned()),
        kind: text("messageType"),
        forward_of: request.text("forwardLocalId").filter(|id| !id.is_empty()),
        reply_to: request.text("replyToLocalId").filter(|id| !id.is_empty()),
        attachment: request.text("attachment"),
        link: request.text("linkAtt"),
        files: files.iter().map(|(file, _)| file.clone()).collect(),
    };
    let sent = hub.with_world(|world, now| world.send_message(now, actor, room, &new))?;
    // Files are stored only after the message was accepted, and only if the message refers to them, so that neither a
    // refused message nor a superfluous file uses memory.
    let is_used = |url: &str| {
        let is_at = |pointer: &str| sent.pointer(pointer).and_then(Value::as_str) == Some(url);
        is_at("/msgAtt/url") || is_at("/msgAtt/thumbImage/url")
    };
    for (file, upload) in files {
        if is_used(&file.url) {
            hub.store_file(&file, upload);
        }
    }
    Ok(sent)
}

fn order(hub: &Hub, actor: &Actor, request: &ApiRequest) -> ApiResult<Value> {
    let new = NewOrder {
        peer: request.text("peerId").or_else(|| request.text("identifier")).unwrap_or_default(),
        id: request.required("orderId")?,
        title: request.text("orderTitle"),
        image: request.text("orderImage"),
        data: Some(request.object("orderData")).filter(|data| !data.is_null()),
    };
    hub.with_world(|world, now| world.order_room(now, actor, new))
}

/// Row 23: previews a link. The sandbox does not load the page; the preview contains only the host name.
fn url_preview(url: &str) -> ApiResult<Value> {
    let parsed = Url::parse(url).ok().filter(Url::has_host);
    let parsed = parsed.ok_or_else(|| ApiError::bad_request("url is not valid"))?;
    Ok(json!({ "url": url, "title": parsed.host_str(), "description": null, "images": [], "favicons": [] }))
}
