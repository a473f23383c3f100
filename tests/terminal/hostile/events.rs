//! Events that the sandbox does not send by itself, with a payload in every field, and keys that open every overlay.

use minchat_tui::server::Service;
use serde_json::{Value, json};

/// Returns every event of the service with `payload` in all its fields; the last one says "The last word".
pub(crate) fn all(service: Service, room: &Value, payload: &str) -> Vec<String> {
    match service {
        Service::MinChat => minchat(room, payload),
        Service::VChat => vchat(room, payload),
    }
}

/// Returns keys, each with a text that is then on the screen until Esc is pressed.
pub(crate) fn walk(service: Service) -> Vec<(&'static str, &'static str)> {
    let members = if service == Service::VChat { "Members of" } else { "╭─" };
    let mut walk =
        vec![("\x1bOP", "Keys and commands"), ("\x1bOQ", members), ("\x0b", "Go to"), ("/find text\r", " match")];
    if service == Service::VChat {
        let lists = [
            ("/stars all\r", "Starred"),
            ("/calls\r", "Calls"),
            ("/people a\r", "People matching"),
            ("/rooms e\r", "Rooms matching"),
            ("/archived\r", "Archived rooms"),
        ];
        walk.extend(lists);
    }
    // The server's response to this command.
    walk.push(("/dm nobody\r", "No user is called nobody"));
    walk
}

fn minchat(room: &Value, payload: &str) -> Vec<String> {
    let short = id_part(payload);
    let id = &room["id"];
    let at = "2099-01-01T00:00:00.000Z";
    let user = |n: u32| {
        json!({
            "id": format!("p{n}{short}"), "username": format!("u{n}{payload}"), "name": format!("N{n}{payload}"),
            "metadata": {"chatbotId": payload}, "last_active": at, "avatar": payload, payload: payload,
        })
    };
    let message = |n: u32| {
        json!({
            "id": format!("hostile{n}{short}"), "chat_id": id, "user_id": format!("p{n}{short}"),
            "text": format!("Text {n}{payload}"), "created_at": at, "seen": false, "user": user(n),
            "file": {"name": format!("F{payload}.png"), "size": payload, "url": format!("https://{payload}"), "type": "image"},
            "metadata": {"key": payload},
        })
    };
    let bare = json!({"id": format!("b{short}"), "chat_id": id, "user": {"id": format!("q{short}")},
        "text": payload, "created_at": payload});
    let (mut forged, mut linked) = (message(1), message(5));
    forged["user_id"] = json!(format!("p9{short}"));
    forged["user"] = user(9);
    linked["text"] = json!(links(payload));
    let events = [
        ("message", message(1)),
        ("message", message(2)),
        ("message", bare),
        ("message.update", message(1)),
        ("message.update", forged),
        ("message", linked),
        ("message.seen", json!(format!("hostile2{short}"))),
        ("message.seen", json!(format!("nowhere{short}"))),
        ("message.delete", json!({"id": format!("hostile1{short}")})),
        ("typing.start", user(3)),
        ("typing.start", json!({"id": format!("r{short}")})),
        ("user.status", json!({"memberId": format!("p2{short}"), "status": payload})),
        (
            "chat",
            json!({
                "id": format!("c{short}"), "title": format!("T{payload}"), "avatar": payload, "created_at": at,
                "participant_user_ids": [payload, format!("p2{short}")], "metadata": {payload: payload},
                "last_message": message(4),
            }),
        ),
        (
            "ai.event",
            json!({"event": format!("handoff{payload}"), "chatbotUsername": format!("bot{payload}"), "chat_id": id}),
        ),
        ("error", json!(payload)),
        (payload, json!({payload: payload})),
        ("error", json!({"message": format!("The last word{payload}")})),
    ];
    events.into_iter().map(|(name, argument)| packet(name, &argument)).collect()
}

fn vchat(room: &Value, payload: &str) -> Vec<String> {
    let short = id_part(payload);
    let id = &room["rId"];
    let at = "2099-01-01T00:00:00.000Z";
    let message = |n: u32, kind: &str, attachment: Value| {
        json!({
            "_id": format!("hostile{n}{short}"), "rId": id, "sId": format!("p{n}{short}"),
            "sIdentifier": format!("u{n}{payload}"), "sName": format!("N{n}{payload}"), "sImg": payload, "plm": payload,
            "c": format!("Text {n}{payload}"), "mT": kind, "msgAtt": attachment, "createdAt": at, "lId": payload,
            "linkAtt": {"title": payload}, "forId": payload, "isStared": true,
        })
    };
    let quoting = |mut message: Value, of: Value| {
        message["rTo"] = of;
        message
    };
    let file =
        json!({"name": format!("F{payload}"), "url": payload, "mimeType": payload, "fileSize": "12", "duration": 7});
    let user = json!({"_id": format!("c{short}"), "identifier": payload, "fullName": format!("C{payload}"),
        "userImages": {"fullImage": payload}});
    let mut events: Vec<(&str, Value)> = Vec::new();
    for (n, kind) in (10..).zip(["image", "file", "video", "voice"]) {
        events.push(("v1OnNewMessage", message(n, kind, file.clone())));
    }
    for (n, action) in (20..).zip(["updateTitle", "addGroupMember", "upAdmin", "leave", "kick", "createGroup", payload])
    {
        let info =
            json!({"action": action, "targetName": payload, "adminName": format!("A{payload}"), "targetId": payload});
        events.push(("v1OnNewMessage", message(n, "info", info)));
    }
    let place = json!({"lat": payload, "long": payload, "linkPreviewData": {"title": payload, "link": payload}});
    let call = json!({"callStatus": payload, "withVideo": payload, "startAt": payload});
    let first = message(1, "text", Value::Null);
    let (mut forged, mut linked) = (first.clone(), message(34, "text", Value::Null));
    forged["sId"] = json!(format!("p9{short}"));
    linked["c"] = json!(links(payload));
    events.extend([
        ("v1OnNewMessage", message(30, "location", place)),
        ("v1OnNewMessage", message(31, "custom", json!({"data": {payload: payload}}))),
        ("v1OnNewMessage", message(32, "call", call)),
        ("v1OnNewMessage", message(33, payload, Value::Null)),
        ("v1OnNewMessage", json!({"rId": id, "c": payload, "mT": "text"})),
        ("v1OnNewMessage", first.clone()),
        ("v1OnNewMessage", quoting(message(2, "text", Value::Null), first.clone())),
        ("v1OnNewMessage", quoting(message(3, "text", Value::Null), message(4, "file", file))),
        ("v1OnUpdateMessage", first),
        ("v1OnUpdateMessage", forged.clone()),
        ("v1OnDeleteMessageFromAll", forged),
        ("v1OnNewMessage", linked),
        ("v1OnDeleteMessageFromAll", json!({"_id": format!("hostile2{short}")})),
        ("v1OnMyOnline", json!([{"peerId": payload, "isOnline": payload}])),
        (
            "v1OnRoomStatusChange",
            json!({"userId": payload, "roomId": id, "name": format!("T{payload}"), "status": "typing"}),
        ),
        ("v1OnRoomStatusChange", json!({"userId": format!("x{payload}"), "roomId": id, "status": "recording"})),
        ("v1OnEnterChatRoom", json!({"roomId": id, "userId": payload})),
        ("v1OnDeliverChatRoom", json!({"roomId": id, "userId": payload})),
        ("v1OnBanUserChat", json!({"roomId": id, "x": payload})),
        ("v1OnKickGroupMember", json!({"roomId": format!("z{payload}"), "userId": payload})),
        (
            "v1OnNewCall",
            json!({"meetId": payload, "roomId": format!("k{payload}"), "userData": user, "withVideo": true}),
        ),
        ("v1OnCallTimeout", json!({"meetId": payload, "roomId": format!("k{payload}")})),
        ("v1OnException", json!(payload)),
        (payload, json!({payload: payload})),
        ("v1OnException", json!({"error": {"message": format!("The last word{payload}")}})),
    ]);
    // One JSON text each, as the service sends them.
    events.into_iter().map(|(name, argument)| packet(name, &json!(argument.to_string()))).collect()
}

fn packet(name: &str, argument: &Value) -> String {
    let packet = format!("42{}", json!([name, argument]));
    // The unpaired surrogate is only inserted into JSON inside a JSON string, as in the proxy.
    if argument.is_string() && name.starts_with("v1") {
        packet.replace(super::LONE_SURROGATE, "\\\\ud83d")
    } else {
        packet.replace(super::LONE_SURROGATE, "")
    }
}

/// Two links with as much of `payload` as a link can contain, followed by the whole payload. The second host contains a
/// letter of another script.
fn links(payload: &str) -> String {
    let payload = payload.trim_start();
    format!("See https://bank.example/{payload} https://b\u{430}nk.example/?{payload} {payload}")
}

/// The beginning of `payload`, as long as an id may be; longer ids are invalid (docs/limits.md).
fn id_part(payload: &str) -> String {
    payload.chars().take(60).collect()
}
