//! Encoding of requests (`docs/protocol/vchat.md` §2, §4).

use serde_json::json;

use crate::domain::{
    Attachment, AttachmentKind, CallId, Content, LocalId, MemberRole, MessageId, MessageKind, OutgoingFile, PageSerial,
    PersonId, RoomId, RoomKind, SharedKind,
};
use crate::protocol::{Call, Handshake, HttpCall, HttpMethod, Part};
use crate::text::SafeText;

use super::*;

fn call(request: &Request) -> HttpCall {
    match signed_in().encode(request) {
        Some(Call::Http(call)) => call,
        other => panic!("{request:?}: {other:?}"),
    }
}

/// Formats method, path, query and JSON body of a call.
fn format_call(request: &Request) -> String {
    let call = call(request);
    assert_eq!(call.authorization, "Bearer TOKEN.FROM.SERVER");
    let method = format!("{:?}", call.method).to_uppercase();
    let path = call.path.strip_prefix("/api/v2/").unwrap();
    let query: Vec<_> = call.query.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let query = if query.is_empty() { String::new() } else { format!("?{}", query.join("&")) };
    let body = call.json.map(|json| format!(" {json}")).unwrap_or_default();
    assert_eq!(call.form, None);
    format!("{method} {path}{query}{body}")
}

fn fields(form: Option<Vec<Part>>) -> Vec<(&'static str, String)> {
    let parts = form.unwrap().into_iter().map(|part| match part {
        Part::Field { name, value } => (name, value),
        Part::File { name, file } => (name, format!("<{}>", file.path.display())),
    });
    parts.collect()
}

#[test]
fn rest_calls_match_the_protocol_note() {
    let (room, message) = (RoomId::new("R"), MessageId::new("M"));
    let (group, broadcast) = (RoomKind::Group, RoomKind::Broadcast);
    let name = || "u/2".to_owned();
    let person = || Some(PersonId::new("P"));
    let star = |on| Request::Star { room: room.clone(), message: message.clone(), on };
    let history = |before: Option<&str>| Request::History {
        room: room.clone(),
        serial: PageSerial::default(),
        page: 2,
        before: before.map(MessageId::new),
    };
    let seen_by = |kind, seen, page| Request::SeenBy { room: room.clone(), kind, message: message.clone(), seen, page };
    let add = |kind| Request::AddMember { room: room.clone(), kind, person: None, username: name() };
    let remove = |kind| Request::RemoveMember { room: room.clone(), kind, person: person(), username: name() };
    let role = |role| Request::SetRole { room: room.clone(), username: name(), role };
    let members = |kind| Request::Members { room: room.clone(), kind, page: 3 };
    let membership = |kind| Request::Membership { room: room.clone(), kind, username: name() };
    let addable = |kind, page| Request::AddablePeople { room: room.clone(), kind, page };
    let shared = |kind, before: Option<&str>| {
        let before = before.map(MessageId::new);
        Request::Shared { room: room.clone(), kind, before, page: 1 }
    };
    let rename = |kind| Request::Rename { room: room.clone(), kind, title: "T".into() };
    for (request, expected) in [
        (Request::LogOut, "POST auth/logout"),
        (Request::Person { id: PersonId::new("P"), username: name() }, "GET profile/users/u%2F2/last-seen"),
        (Request::FindPeople { name: "bo b".into(), page: 2 }, "GET profile/users?limit=30&page=2&fullName=bo b"),
        (Request::FindPeople { name: String::new(), page: 1 }, "GET profile/users?limit=30&page=1"),
        (Request::Block { username: name(), on: true }, "POST user-ban/u%2F2/ban"),
        (Request::Block { username: name(), on: false }, "POST user-ban/u%2F2/un-ban"),
        (membership(RoomKind::Direct), "GET user-ban/u%2F2/ban"),
        (Request::Rooms { page: 2 }, "GET channel/?limit=20&page=2"),
        (
            Request::FindRooms { title: "T".into(), archived: true, page: 1 },
            "GET channel/?limit=20&page=1&title=T&archiveOnly=true",
        ),
        (Request::FindRooms { title: "T".into(), archived: false, page: 2 }, "GET channel/?limit=20&page=2&title=T"),
        (Request::Room { room: room.clone() }, "GET channel/R"),
        (Request::OpenDirect { username: name() }, "POST channel/peer-room/u%2F2"),
        (Request::DeleteRoom { room: room.clone() }, "DELETE channel/R"),
        (Request::Mute { room: room.clone(), on: true }, "PATCH channel/R/notification/mute"),
        (Request::Mute { room: room.clone(), on: false }, "PATCH channel/R/notification/un-mute"),
        (Request::Archive { room: room.clone(), on: true }, "PATCH channel/R/archive"),
        (Request::Archive { room: room.clone(), on: false }, "PATCH channel/R/un-archive"),
        (Request::Stars { room: None }, "GET channel/messages/stars"),
        (Request::Stars { room: Some(room.clone()) }, "GET channel/R/message/stars"),
        (history(None), "GET channel/R/message/?limit=30&filter=all"),
        (history(Some("M")), "GET channel/R/message/?limit=30&lastId=M&filter=all"),
        (star(true), "POST channel/R/message/M/star"),
        (star(false), "POST channel/R/message/M/un-star"),
        (Request::DeleteForMe { room: room.clone(), message: message.clone() }, "DELETE channel/R/message/M/delete/me"),
        (Request::Delete { room: room.clone(), message: message.clone() }, "DELETE channel/R/message/M/delete/all"),
        (membership(group), "GET channel/R/group/my-info"),
        (members(group), "GET channel/R/group/members?limit=30&page=3"),
        (add(group), r#"POST channel/R/group/members {"identifiers":["u/2"]}"#),
        (role(MemberRole::Member), "PATCH channel/R/group/members/u%2F2/member"),
        (role(MemberRole::Admin), "PATCH channel/R/group/members/u%2F2/admin"),
        (role(MemberRole::Owner), "PATCH channel/R/group/members/u%2F2/superAdmin"),
        (remove(group), "DELETE channel/R/group/members/u%2F2"),
        (Request::LeaveGroup { room: room.clone() }, "POST channel/R/group/leave"),
        (rename(group), r#"PATCH channel/R/group/title {"title":"T"}"#),
        (seen_by(group, true, 1), "GET channel/R/group/message/M/status/seen?limit=49&page=1"),
        (seen_by(group, false, 2), "GET channel/R/group/message/M/status/deliver?limit=49&page=2"),
        (membership(broadcast), "GET channel/R/broadcast/my-info"),
        (members(broadcast), "GET channel/R/broadcast/members?limit=30&page=3"),
        (add(broadcast), r#"POST channel/R/broadcast/members {"identifiers":["u/2"]}"#),
        (remove(broadcast), "DELETE channel/R/broadcast/members/u%2F2"),
        (rename(broadcast), r#"PATCH channel/R/broadcast/title {"title":"T"}"#),
        (seen_by(broadcast, true, 1), "GET channel/R/broadcast/message/M/status/seen?limit=49&page=1"),
        (membership(RoomKind::Order), "GET channel/R/order/my-info"),
        (Request::ActiveCall, "GET call/active"),
        (Request::Calls, "GET call/history"),
        (Request::ClearCalls, "DELETE call/history/clear"),
        (Request::CallAccess { room: room.clone() }, "GET call/agora-access/R"),
        (addable(group, 2), "GET channel/R/group/available-users-to-add?limit=30&page=2"),
        (addable(broadcast, 1), "GET channel/R/broadcast/available-users-to-add?limit=30&page=1"),
        (
            Request::SetDescription { room: room.clone(), text: "D".into() },
            r#"PATCH channel/R/group/description {"description":"D"}"#,
        ),
        (Request::SetNickname { room: room.clone(), name: "N".into() }, r#"PATCH channel/R/nick-name {"name":"N"}"#),
        (Request::SetNickname { room: room.clone(), name: String::new() }, r#"PATCH channel/R/nick-name {"name":""}"#),
        (shared(SharedKind::Media, None), "GET channel/R/message/?limit=30&filter=media"),
        (shared(SharedKind::Links, Some("M")), "GET channel/R/message/?limit=30&lastId=M&filter=links"),
        (shared(SharedKind::Files, None), "GET channel/R/message/?limit=30&filter=file"),
        (shared(SharedKind::Voice, None), "GET channel/R/message/?limit=30&filter=voice"),
        (
            Request::StartCall { room: room.clone(), video: true },
            r#"POST call/create/R {"meetPlatform":"agora","payload":null,"withVideo":true}"#,
        ),
        (Request::AcceptCall { call: CallId::new("C") }, r#"POST call/accept/C {"payload":null}"#),
        (Request::DeclineCall { call: CallId::new("C") }, "POST call/reject/C"),
        (Request::EndCall { call: CallId::new("C") }, "POST call/end/v2/C"),
    ] {
        assert_eq!(format_call(&request), expected);
    }
}

#[test]
fn socket_events_carry_json_in_a_string() {
    let room = RoomId::new("R\"");
    let emitted = |request: &Request| match signed_in().encode(request) {
        Some(Call::Emit { event, payload: Value::String(json) }) => {
            (event, serde_json::from_str::<Value>(&json).unwrap())
        }
        other => panic!("{other:?}"),
    };
    let payload = json!({"roomId": "R\""});
    let seen = Request::Seen { room: room.clone(), message: MessageId::new("M") };
    assert_eq!(emitted(&seen), ("v1EnterChatRoom", payload.clone()));
    assert_eq!(emitted(&Request::Delivered { room: room.clone() }), ("v1DeliverChatRoom", payload));
    for (on, status) in [(true, "typing"), (false, "stop")] {
        let typing = emitted(&Request::Typing { room: room.clone(), on });
        assert_eq!(typing, ("v1RoomStatusChange", json!({"status": status, "roomId": "R\""})));
    }
    let people = vec![(PersonId::new("P"), RoomId::new("R")), (PersonId::new("Q"), RoomId::new("S"))];
    let peers = json!([{"peerId": "P", "extra": "R"}, {"peerId": "Q", "extra": "S"}]);
    assert_eq!(emitted(&Request::Presence { people }), ("v1MyOnline", peers));
}

#[test]
fn unsupported_request_is_not_encoded() {
    let room = RoomId::new("R");
    let empty = String::new;
    for request in [
        Request::Announce,
        Request::Join { room: room.clone() },
        Request::Leave { room: room.clone() },
        Request::Heartbeat { room: room.clone() },
        Request::Presence { people: vec![] },
        Request::Edit { message: MessageId::new("M"), text: "x".into() },
        Request::FindPerson { username: "bob".into() },
        Request::Person { id: PersonId::new("P"), username: empty() },
        Request::Membership { room: room.clone(), kind: RoomKind::Direct, username: empty() },
        Request::Members { room: room.clone(), kind: RoomKind::Direct, page: 1 },
        Request::Rename { room, kind: RoomKind::Order, title: "T".into() },
    ] {
        assert_eq!(signed_in().encode(&request), None, "{request:?}");
    }
}

fn sent(content: Content) -> Vec<(&'static str, String)> {
    let local = LocalId::parse(LOCAL).unwrap();
    let call = call(&Request::Send { room: RoomId::new("R"), local, content });
    assert_eq!((call.method, call.path.as_str()), (HttpMethod::Post, "/api/v2/channel/R/message/"));
    fields(call.form)
}

#[test]
fn send_is_a_multipart_form() {
    let head = |content: &str, kind: &str| {
        let parts = [("content", content), ("localId", LOCAL), ("isEncrypted", "false"), ("messageType", kind)];
        parts.map(|(name, value)| (name, value.to_owned())).to_vec()
    };
    let with = |mut form: Vec<_>, more: &[(&'static str, &str)]| {
        form.extend(more.iter().map(|(name, value)| (*name, (*value).to_owned())));
        form
    };
    let other = LocalId::from_random(7);
    let other_text = other.to_string();
    assert_eq!(sent(Content::text("hi\n")), head("hi\n", "text"));
    let reply = Content::Text { text: "yes".into(), reply_to: Some(other) };
    assert_eq!(sent(reply), with(head("yes", "text"), &[("replyToLocalId", &other_text)]));

    let file = |kind, duration, reply_to| {
        let (path, name, mime) = ("/home/me/a.bin".into(), "a.bin".to_owned(), "x/y".to_owned());
        Content::File { file: Box::new(OutgoingFile { path, name, kind, mime, size: 9, duration }), reply_to }
    };
    let part = ("file", "</home/me/a.bin>");
    assert_eq!(sent(file(AttachmentKind::Image, None, None)), with(head("📷", "image"), &[part]));
    assert_eq!(sent(file(AttachmentKind::Gif, None, None)), with(head("📷", "image"), &[part]));
    let reply = sent(file(AttachmentKind::File, None, Some(other)));
    assert_eq!(reply, with(head("📁", "file"), &[("replyToLocalId", &other_text), part]));
    // A voice message without a duration is sent as a file.
    assert_eq!(sent(file(AttachmentKind::Voice, None, None)), with(head("📁", "file"), &[part]));

    for (kind, duration, content, word) in [
        (AttachmentKind::Voice, Some(67_900), "🎤 01:07", "voice"),
        (AttachmentKind::Video, Some(1000), "🎥", "video"),
        (AttachmentKind::Video, None, "🎥", "video"),
    ] {
        let form = sent(file(kind, duration, None));
        assert_eq!((form[..4].to_vec(), form[4].0, form[5].0), (head(content, word), "attachment", "file"));
        let attachment: Value = serde_json::from_str(&form[4].1).unwrap();
        assert_eq!((&attachment["name"], &attachment["fileSize"]), (&json!("a.bin"), &json!(9)));
        assert_eq!((&attachment["mimeType"], &attachment["duration"]), (&json!("x/y"), &json!(duration)));
        assert!(!form[4].1.contains("/home/me"), "the local path stays private");
    }
}

/// Regression test: a forwarded image was sent as a text "[image] cat.png".
#[test]
fn forward_has_the_type_and_content_of_its_source() {
    let of = LocalId::from_random(7);
    let forward = |text: &str, kind, attachment| {
        let form = sent(Content::Forward { of, text: text.into(), kind, attachment });
        assert_eq!((form[4].0, &form[4].1), ("forwardLocalId", &of.to_string()));
        assert!(form.iter().all(|(name, _)| *name != "file"), "nothing is uploaded again");
        let data = form.get(5).map(|(name, data)| {
            assert_eq!(*name, "attachment");
            serde_json::from_str::<Value>(data).unwrap()
        });
        (form[3].1.clone(), form[0].1.clone(), data)
    };
    let of_type = |kind: &str, content: &str, data| (kind.to_owned(), content.to_owned(), data);
    assert_eq!(forward("look", MessageKind::Text, None), of_type("text", "look", None));
    let file = |kind, duration| {
        let (name, url) = (SafeText::line("a.bin"), SafeText::line("https://f.example/a"));
        Some(Box::new(Attachment { kind, name, size: SafeText::default(), bytes: None, url, duration }))
    };
    let data = |duration: Value| Some(json!({"name": "a.bin", "url": "https://f.example/a", "duration": duration}));
    let image = file(AttachmentKind::Image, None);
    assert_eq!(forward("", MessageKind::Text, image.clone()), of_type("image", "📷", None));
    assert_eq!(forward("my cat", MessageKind::Text, image), of_type("image", "my cat", None));
    for (kind, duration, expected) in [
        (AttachmentKind::Gif, None, of_type("image", "📷", None)),
        (AttachmentKind::File, None, of_type("file", "📁", None)),
        (AttachmentKind::Video, Some(1000), of_type("video", "🎥", data(json!(1000)))),
        (AttachmentKind::Video, None, of_type("video", "🎥", data(json!(null)))),
        (AttachmentKind::Voice, Some(67_900), of_type("voice", "🎤 01:07", data(json!(67_900)))),
        (AttachmentKind::Voice, None, of_type("file", "📁", None)),
    ] {
        assert_eq!(forward("", MessageKind::Text, file(kind, duration)), expected);
    }
    let (kind, content, data) = forward("chess: e4", MessageKind::Custom, None);
    assert_eq!((kind.as_str(), content.as_str(), data), ("custom", "chess: e4", Some(json!({"data": {}}))));
}

#[test]
fn forwarded_location_keeps_its_coordinates() {
    let forwarded = |msg_att: Value| {
        let mut location = fixture!("message.text");
        location["mT"] = json!("location");
        location["msgAtt"] = msg_att;
        let text = message(&location).text.to_string();
        let of = LocalId::from_random(7);
        let form = sent(Content::Forward { of, text, kind: MessageKind::Location, attachment: None });
        assert_eq!((form[3].1.as_str(), form[0].1.as_str()), ("location", "📍"));
        serde_json::from_str::<Value>(&form[5].1).unwrap()
    };
    let data = forwarded(json!({"lat": "30.04", "long": "-31.23", "linkPreviewData":
        {"title": "Café · 1, 2", "link": "https://maps.example/?q=1"}}));
    assert_eq!((&data["lat"], &data["long"]), (&json!("30.04"), &json!("-31.23")));
    let preview = &data["linkPreviewData"];
    assert_eq!((&preview["title"], &preview["link"]), (&json!("Café · 1, 2"), &json!("https://maps.example/?q=1")));
    let data = forwarded(json!({"lat": "30.04", "long": "31.23", "linkPreviewData": {}}));
    assert_eq!(data["linkPreviewData"]["title"], json!("30.04, 31.23"), "servers require a title");
}

#[test]
fn group_form_omits_the_creator() {
    let usernames = || vec!["user1@gmail.com".to_owned(), "u\"2".to_owned(), "u3".to_owned()];
    let group = call(&Request::CreateGroup { title: "T".into(), usernames: usernames() });
    assert_eq!((group.method, group.path.as_str()), (HttpMethod::Post, "/api/v2/channel/group"));
    let others = ("identifiers", r#"["u\"2","u3"]"#.to_owned());
    assert_eq!(fields(group.form), [others.clone(), ("groupName", "T".to_owned())]);
    let broadcast = call(&Request::CreateBroadcast { title: "T".into(), usernames: usernames() });
    assert_eq!(broadcast.path, "/api/v2/channel/broadcast");
    assert_eq!(fields(broadcast.form), [others, ("broadcastName", "T".to_owned())]);
}

#[test]
fn sign_in_form_holds_the_derived_password() {
    let Some(Call::Http(call)) = new().encode(&sign_in()) else { panic!() };
    assert_eq!((call.method, call.path.as_str()), (HttpMethod::Post, "/api/v2/auth/connect"));
    assert_eq!(call.authorization, "Bearer null");
    let form = fields(call.form.clone());
    let names: Vec<_> = form.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, ["identifier", "fullName", "deviceId", "password", "language", "platform"]);
    assert_eq!((form[0].1.as_str(), form[1].1.as_str()), ("user1@gmail.com", "user 1"));
    // python3 -c 'import hashlib;print(hashlib.sha512(b"HASHKEY_user1@gmail.com").hexdigest())'
    assert_eq!(
        form[3].1,
        "776f63526dbf153053a9850ebf21d7462400447c65274698b8c239247726a15264ccea21f42ae2f121206821c9265d098af5259cdf2f274327ce84f56cf322f7"
    );
    let without_name = Request::SignIn { username: "u".into(), name: None };
    let Some(Call::Http(call)) = new().encode(&without_name) else { panic!() };
    assert!(fields(call.form.clone()).iter().all(|(name, _)| *name != "fullName"));
}

#[test]
fn token_is_checked_with_the_smallest_page() {
    let call = VChat::new(Credentials::Token("T.O.K".into()), "d").encode(&sign_in());
    let Some(Call::Http(call)) = call else { panic!() };
    assert_eq!((call.method, call.path.as_str()), (HttpMethod::Get, "/api/v2/channel/"));
    assert_eq!((call.authorization.as_str(), call.query[0].1.as_str()), ("Bearer T.O.K", "1"));
}

#[test]
fn only_sign_in_is_encoded_before_signing_in() {
    for request in arbitrary::all_requests("x").iter().filter(|request| **request != sign_in()) {
        assert_eq!(new().encode(request), None, "{request:?}");
    }
    assert_eq!(new().handshake(), Handshake::default());
    let vchat = signed_in();
    let printed = format!(
        "{vchat:?} {:?} {:?} {:?}",
        new().encode(&sign_in()),
        vchat.handshake(),
        Credentials::HashKey("HASHKEY".into())
    );
    for secret in ["HASHKEY", "TOKEN.FROM", "776f63526dbf1530"] {
        assert!(!printed.contains(secret), "{printed}");
    }
}

#[test]
fn handshake_carries_the_token() {
    let Handshake { query, headers } = signed_in().handshake();
    let bearer = || "Bearer TOKEN.FROM.SERVER".to_owned();
    assert_eq!(query, [("auth", bearer())]);
    assert_eq!(headers, [("authorization", bearer()), ("clint-version", "2.0.0".to_owned())]);
}

#[test]
fn only_a_hash_key_can_renew_the_session() {
    let token = VChat::new(Credentials::Token("T".into()), "d");
    assert!(new().has_expired(450) && !token.has_expired(450));
    for status in [200, 400, 401, 403, 404, 500] {
        assert!(!new().has_expired(status));
    }
}
