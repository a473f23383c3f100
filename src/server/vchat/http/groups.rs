//! Rows 34 to 56: groups and broadcasts.

use serde_json::Value;

use crate::server::vchat::hub::Hub;
use crate::server::vchat::model::{Kind, Me};
use crate::server::vchat::refusal::{Answer, Refusal};
use crate::server::vchat::world::NewRoom;

use super::ask::Ask;
use super::routes::nothing;

/// `channel/group…`, `channel/broadcast…` and what is below them in a room.
pub(super) fn answer(hub: &Hub, me: &Me, ask: &Ask, places: &[&str]) -> Answer<Value> {
    match (ask.method.as_str(), places) {
        ("POST", ["group"]) => create(hub, me, ask, Kind::Group),
        ("POST", ["broadcast"]) => create(hub, me, ask, Kind::Broadcast),
        (_, [room, "group", rest @ ..]) => group(hub, me, ask, room, rest),
        (_, [room, "broadcast", rest @ ..]) => broadcast(hub, me, ask, room, rest),
        _ => Err(nothing(ask)),
    }
}

/// Rows 34 and 48. The sibling names people `peerIds`; identifiers are taken under that name too.
fn create(hub: &Hub, me: &Me, ask: &Ask, kind: Kind) -> Answer<Value> {
    let files = ask.files(hub);
    let extra = ask.object("extraData");
    let new = NewRoom {
        identifiers: ask.list("identifiers").or_else(|refusal| ask.list("peerIds").map_err(|_| refusal))?,
        title: ask.required(if kind == Kind::Group { "groupName" } else { "broadcastName" })?,
        image: files.first().map(|(stored, _)| stored.url.clone()),
        description: ask.text("groupDescription"),
        extra: extra.as_object().cloned(),
    };
    let room = hub.act(|world, now| match kind {
        Kind::Group => world.create_group(now, me, new),
        _ => world.create_broadcast(now, me, new),
    })?;
    for (stored, upload) in files.into_iter().take(1) {
        hub.keep(&stored, upload);
    }
    Ok(room)
}

/// Rows 45 and 54.
fn image(hub: &Hub, me: &Me, ask: &Ask, kind: Kind, room: &str) -> Answer<Value> {
    let (stored, upload) = ask.files(hub).into_iter().next().ok_or_else(|| Refusal::bad("file is required"))?;
    let url = hub.act(|world, now| world.set_room_image(now, me, kind, room, &stored.url))?;
    hub.keep(&stored, upload);
    Ok(url)
}

/// Whose row is meant: `identifiers`, in the sibling `ids`.
fn identifiers(ask: &Ask) -> Answer<Vec<String>> {
    ask.list("identifiers").or_else(|refusal| ask.list("ids").map_err(|_| refusal))
}

fn status(hub: &Hub, me: &Me, ask: &Ask, room: &str, id: &str, which: &str) -> Answer<Value> {
    match which {
        "seen" | "deliver" => hub.act(|world, _| world.statuses(me, room, id, which == "seen", &ask.filter())),
        _ => Err(nothing(ask)),
    }
}

fn group(hub: &Hub, me: &Me, ask: &Ask, room: &str, places: &[&str]) -> Answer<Value> {
    match (ask.method.as_str(), places) {
        ("GET", ["my-info"]) => hub.act(|world, _| world.group_info(me, room)),
        ("GET", ["my-status"]) => hub.act(|world, _| world.group_status(me, room)),
        ("GET", ["members"]) => hub.act(|world, _| world.members(me, room, &ask.filter())),
        ("POST", ["members"]) => {
            let identifiers = identifiers(ask)?;
            hub.act(|world, now| world.add_members(now, me, room, &identifiers))
        }
        ("PATCH", ["members", who, role]) => hub.act(|world, now| world.set_role(now, me, room, who, role)),
        ("DELETE", ["members", who]) => hub.act(|world, now| world.kick(now, me, room, who)),
        ("POST", ["leave"]) => hub.act(|world, now| world.leave_group(now, me, room)),
        ("PATCH", ["title"]) => {
            let title = ask.required("title")?;
            hub.act(|world, now| world.set_title(now, me, Kind::Group, room, &title))
        }
        ("PATCH", ["description"]) => {
            let text = ask.required("description")?;
            hub.act(|world, _| world.set_description(me, room, &text))
        }
        ("PATCH", ["extra-data"]) => {
            let extra = ask.whole()?;
            hub.act(|world, _| world.set_extra(me, room, extra))
        }
        ("PATCH", ["image"]) => image(hub, me, ask, Kind::Group, room),
        ("GET", ["available-users-to-add"]) => hub.act(|world, _| world.addable(me, room, &ask.filter())),
        ("GET", ["message", id, "status", which]) => status(hub, me, ask, room, id, which),
        _ => Err(nothing(ask)),
    }
}

fn broadcast(hub: &Hub, me: &Me, ask: &Ask, room: &str, places: &[&str]) -> Answer<Value> {
    match (ask.method.as_str(), places) {
        ("GET", ["my-info"]) => hub.act(|world, _| world.broadcast_info(me, room)),
        ("GET", ["members"]) => hub.act(|world, _| world.audience(me, room, &ask.filter())),
        ("POST", ["members"]) => {
            let identifiers = identifiers(ask)?;
            hub.act(|world, now| world.add_audience(now, me, room, &identifiers))
        }
        ("DELETE", ["members", who]) => hub.act(|world, _| world.remove_audience(me, room, who)),
        ("PATCH", ["title"]) => {
            let title = ask.required("title")?;
            hub.act(|world, now| world.set_title(now, me, Kind::Broadcast, room, &title))
        }
        ("PATCH", ["image"]) => image(hub, me, ask, Kind::Broadcast, room),
        ("GET", ["available-users-to-add"]) => hub.act(|world, _| world.audience_to_add(me, room, &ask.filter())),
        ("GET", ["message", id, "status", which]) => status(hub, me, ask, room, id, which),
        _ => Err(nothing(ask)),
    }
}
