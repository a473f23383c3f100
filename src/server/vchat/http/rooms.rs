//! Rows 13 to 33: rooms, what is said in them, and orders.

use serde_json::{Value, json};
use url::Url;

use crate::domain::Timestamp;
use crate::server::vchat::hub::Hub;
use crate::server::vchat::model::Me;
use crate::server::vchat::refusal::{Answer, Refusal};
use crate::server::vchat::world::{Draft, NewOrder, Setting, Wanted};

use super::ask::Ask;
use super::routes::nothing;

/// All below `channel` but groups and broadcasts.
pub(super) fn answer(hub: &Hub, me: &Me, ask: &Ask, places: &[&str]) -> Answer<Value> {
    if let [room, "message", rest @ ..] = places {
        return messages(hub, me, ask, room, rest);
    }
    let set = |room: &str, setting: Setting| hub.act(|world, _| world.set(me, room, setting));
    match (ask.method.as_str(), places) {
        ("GET", []) => Ok(hub.act(|world, _| world.rooms(me, &ask.filter()))),
        ("GET", ["messages", "stars"]) => Ok(hub.act(|world, _| world.stars(me, None))),
        ("POST", ["order"]) => order(hub, me, ask),
        ("POST", ["peer-room", who]) => hub.act(|world, now| world.peer_room(now, me, who)),
        ("GET", [room]) => hub.act(|world, _| world.room(me, room)),
        ("DELETE", [room]) => hub.act(|world, _| world.delete_room(me, room)),
        ("DELETE", [room, "clear"]) => hub.act(|world, _| world.clear_room(me, room)),
        ("PATCH", [room, "deliver"]) => hub.act(|world, now| world.deliver_to_room(now, me, room)),
        ("PATCH", [room, "notification", "mute"]) => set(room, Setting::Muted(true)),
        ("PATCH", [room, "notification", "un-mute"]) => set(room, Setting::Muted(false)),
        ("PATCH", [room, "archive"]) => set(room, Setting::Archived(true)),
        ("PATCH", [room, "un-archive"]) => set(room, Setting::Archived(false)),
        ("PATCH", [room, "one-seen", "on"]) => set(room, Setting::OneSeen(true)),
        ("PATCH", [room, "one-seen", "off"]) => set(room, Setting::OneSeen(false)),
        ("PATCH", [room, "nick-name"]) => set(room, Setting::Nick(ask.text("name").unwrap_or_default())),
        ("PATCH", [room, "translate"]) => set(room, Setting::Translation(Some(ask.required("transTo")?))),
        ("PATCH", [room, "translate", "stop"]) => set(room, Setting::Translation(None)),
        ("GET", [room, "un-read-count"]) => hub.act(|world, _| world.unread(me, room)),
        ("GET", [room, "url-preview"]) => {
            hub.act(|world, _| world.room_of(&me.user, room).map(|_| ()))?;
            preview(ask.query("url").unwrap_or_default())
        }
        ("GET", [room, "single", "my-info"]) => hub.act(|world, _| world.single_info(me, room)),
        ("GET", [room, "order", "my-info"]) => hub.act(|world, _| world.order_info(me, room)),
        _ => Err(nothing(ask)),
    }
}

fn messages(hub: &Hub, me: &Me, ask: &Ask, room: &str, places: &[&str]) -> Answer<Value> {
    match (ask.method.as_str(), places) {
        ("POST", []) => send(hub, me, ask, room),
        ("GET", []) => {
            let time = |name: &str| ask.query(name).and_then(Timestamp::parse);
            let wanted = Wanted {
                limit: ask.number("limit"),
                before: ask.query("lastId").map(str::to_owned),
                filter: ask.query("filter").map(str::to_owned),
                text: ask.query("text").map(str::to_owned),
                ascending: ask.flag("isAsc"),
                from: time("from"),
                to: time("to"),
            };
            Ok(hub.act(|world, _| world.history(me, room, &wanted)))
        }
        ("GET", ["stars"]) => Ok(hub.act(|world, _| world.stars(me, Some(room)))),
        ("POST", [id, "star"]) => hub.act(|world, _| world.star(me, room, id, true)),
        ("POST", [id, "un-star"]) => hub.act(|world, _| world.star(me, room, id, false)),
        ("PATCH", [id, "one-seen"]) => hub.act(|world, _| world.look_once(me, room, id)),
        ("DELETE", [id, "delete", "me"]) => hub.act(|world, _| world.delete_for_me(me, room, id)),
        ("DELETE", [id, "delete", "all"]) => hub.act(|world, now| world.delete_for_all(now, me, room, id)),
        _ => Err(nothing(ask)),
    }
}

/// Row 27.
fn send(hub: &Hub, me: &Me, ask: &Ask, room: &str) -> Answer<Value> {
    let files = ask.files(hub);
    let text = |name: &str| ask.text(name).unwrap_or_default();
    let draft = Draft {
        content: text("content"),
        local: text("localId"),
        encrypted: ask.text("isEncrypted").unwrap_or_else(|| "false".to_owned()),
        sort: text("messageType"),
        forward_of: ask.text("forwardLocalId").filter(|local| !local.is_empty()),
        reply_to: ask.text("replyToLocalId").filter(|local| !local.is_empty()),
        attachment: ask.text("attachment"),
        link: ask.text("linkAtt"),
        files: files.iter().map(|(stored, _)| stored.clone()).collect(),
    };
    let said = hub.act(|world, now| world.send(now, me, room, &draft))?;
    // StorageLimits only now, and only what is named: a refused message, or one without room for it, leaves nothing behind.
    let named = |url: &str| {
        let at = |pointer: &str| said.pointer(pointer).and_then(Value::as_str) == Some(url);
        at("/msgAtt/url") || at("/msgAtt/thumbImage/url")
    };
    for (stored, upload) in files {
        if named(&stored.url) {
            hub.keep(&stored, upload);
        }
    }
    Ok(said)
}

fn order(hub: &Hub, me: &Me, ask: &Ask) -> Answer<Value> {
    let new = NewOrder {
        peer: ask.text("peerId").or_else(|| ask.text("identifier")).unwrap_or_default(),
        id: ask.required("orderId")?,
        title: ask.text("orderTitle"),
        image: ask.text("orderImage"),
        data: Some(ask.object("orderData")).filter(|data| !data.is_null()),
    };
    hub.act(|world, now| world.order_room(now, me, new))
}

/// Row 23. The sandbox asks nobody: it says of an address what is in it.
fn preview(url: &str) -> Answer<Value> {
    let parsed = Url::parse(url).ok().filter(Url::has_host).ok_or_else(|| Refusal::bad("url is not valid"))?;
    Ok(json!({ "url": url, "title": parsed.host_str(), "description": null, "images": [], "favicons": [] }))
}
