//! Rows 34 to 56: groups and broadcasts.

use serde_json::Value;

use crate::server::vchat::error::{ApiError, ApiResult};
use crate::server::vchat::hub::Hub;
use crate::server::vchat::model::{Actor, RoomKind};
use crate::server::vchat::world::NewRoom;

use super::request::ApiRequest;

/// Handles a request below `channel/group` or `channel/broadcast`, or about one group or broadcast.
pub(super) fn handle(hub: &Hub, actor: &Actor, request: &ApiRequest, segments: &[&str]) -> ApiResult<Value> {
    match (request.method.as_str(), segments) {
        ("POST", ["group"]) => create(hub, actor, request, RoomKind::Group),
        ("POST", ["broadcast"]) => create(hub, actor, request, RoomKind::Broadcast),
        (_, [room, "group", rest @ ..]) => group(hub, actor, request, room, rest),
        (_, [room, "broadcast", rest @ ..]) => broadcast(hub, actor, request, room, rest),
        _ => Err(request.no_such_endpoint()),
    }
}

/// Rows 34 and 48: creates a group or broadcast. The sibling's name for `identifiers` is accepted as well.
fn create(hub: &Hub, actor: &Actor, request: &ApiRequest, kind: RoomKind) -> ApiResult<Value> {
    let files = request.files(hub);
    let extra = request.object("extraData");
    let new = NewRoom {
        identifiers: request.list("identifiers").or_else(|error| request.list("peerIds").map_err(|_| error))?,
        title: request.required(if kind == RoomKind::Group { "groupName" } else { "broadcastName" })?,
        image: files.first().map(|(file, _)| file.url.clone()),
        description: request.text("groupDescription"),
        extra: extra.as_object().cloned(),
    };
    let room = hub.with_world(|world, now| match kind {
        RoomKind::Group => world.create_group(now, actor, new),
        _ => world.create_broadcast(now, actor, new),
    })?;
    for (file, upload) in files.into_iter().take(1) {
        hub.store_file(&file, upload);
    }
    Ok(room)
}

/// Rows 45 and 54: sets the image of a room.
fn set_image(hub: &Hub, actor: &Actor, request: &ApiRequest, kind: RoomKind, room: &str) -> ApiResult<Value> {
    let (file, upload) =
        request.files(hub).into_iter().next().ok_or_else(|| ApiError::bad_request("file is required"))?;
    let url = hub.with_world(|world, now| world.set_room_image(now, actor, kind, room, &file.url))?;
    hub.store_file(&file, upload);
    Ok(url)
}

/// Returns the `identifiers` of new members, or the `ids` that the sibling uses.
fn identifiers(request: &ApiRequest) -> ApiResult<Vec<String>> {
    request.list("identifiers").or_else(|error| request.list("ids").map_err(|_| error))
}

fn receipts(hub: &Hub, actor: &Actor, request: &ApiRequest, room: &str, id: &str, which: &str) -> ApiResult<Value> {
    match which {
        "seen" | "deliver" => {
            let filter = request.list_filter();
            hub.with_world(|world, _| world.receipts(actor, room, id, which == "seen", &filter))
        }
        _ => Err(request.no_such_endpoint()),
    }
}

fn group(hub: &Hub, actor: &Actor, request: &ApiRequest, room: &str, segments: &[&str]) -> ApiResult<Value> {
    match (request.method.as_str(), segments) {
        ("GET", ["my-info"]) => hub.with_world(|world, _| world.group_info(actor, room)),
        ("GET", ["my-status"]) => hub.with_world(|world, _| world.group_status(actor, room)),
        ("GET", ["members"]) => hub.with_world(|world, _| world.members(actor, room, &request.list_filter())),
        ("POST", ["members"]) => {
            let identifiers = identifiers(request)?;
            hub.with_world(|world, now| world.add_members(now, actor, room, &identifiers))
        }
        ("PATCH", ["members", user, role]) => hub.with_world(|world, now| world.set_role(now, actor, room, user, role)),
        ("DELETE", ["members", user]) => hub.with_world(|world, now| world.kick(now, actor, room, user)),
        ("POST", ["leave"]) => hub.with_world(|world, now| world.leave_group(now, actor, room)),
        ("PATCH", ["title"]) => {
            let title = request.required("title")?;
            hub.with_world(|world, now| world.set_title(now, actor, RoomKind::Group, room, &title))
        }
        ("PATCH", ["description"]) => {
            let text = request.required("description")?;
            hub.with_world(|world, _| world.set_description(actor, room, &text))
        }
        ("PATCH", ["extra-data"]) => {
            let extra = request.body_object()?;
            hub.with_world(|world, _| world.set_extra_data(actor, room, extra))
        }
        ("PATCH", ["image"]) => set_image(hub, actor, request, RoomKind::Group, room),
        ("GET", ["available-users-to-add"]) => {
            hub.with_world(|world, _| world.addable_members(actor, room, &request.list_filter()))
        }
        ("GET", ["message", id, "status", which]) => receipts(hub, actor, request, room, id, which),
        _ => Err(request.no_such_endpoint()),
    }
}

fn broadcast(hub: &Hub, actor: &Actor, request: &ApiRequest, room: &str, segments: &[&str]) -> ApiResult<Value> {
    match (request.method.as_str(), segments) {
        ("GET", ["my-info"]) => hub.with_world(|world, _| world.broadcast_info(actor, room)),
        ("GET", ["members"]) => hub.with_world(|world, _| world.recipients(actor, room, &request.list_filter())),
        ("POST", ["members"]) => {
            let identifiers = identifiers(request)?;
            hub.with_world(|world, now| world.add_recipients(now, actor, room, &identifiers))
        }
        ("DELETE", ["members", user]) => hub.with_world(|world, _| world.remove_recipient(actor, room, user)),
        ("PATCH", ["title"]) => {
            let title = request.required("title")?;
            hub.with_world(|world, now| world.set_title(now, actor, RoomKind::Broadcast, room, &title))
        }
        ("PATCH", ["image"]) => set_image(hub, actor, request, RoomKind::Broadcast, room),
        ("GET", ["available-users-to-add"]) => {
            hub.with_world(|world, _| world.addable_recipients(actor, room, &request.list_filter()))
        }
        ("GET", ["message", id, "status", which]) => receipts(hub, actor, request, room, id, which),
        _ => Err(request.no_such_endpoint()),
    }
}
