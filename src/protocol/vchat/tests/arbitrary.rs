//! Arbitrary input: nothing makes the adapter panic, and no id escapes its path segment.

use proptest::prelude::*;
use serde_json::json;

use crate::domain::{CallId, Content, LocalId, MemberRole, MessageId, PageSerial, PersonId, RoomId, RoomKind};
use crate::protocol::{Call, HttpCall};

use super::*;

const KEYS: [&str; 46] = [
    "_id",
    "sId",
    "sIdentifier",
    "sName",
    "rId",
    "c",
    "mT",
    "msgAtt",
    "rTo",
    "sAt",
    "dAt",
    "forId",
    "dltAt",
    "lId",
    "createdAt",
    "isStared",
    "name",
    "url",
    "fileSize",
    "duration",
    "lat",
    "long",
    "linkPreviewData",
    "callStatus",
    "action",
    "targetName",
    "data",
    "docs",
    "error",
    "roomId",
    "userId",
    "peerId",
    "isOnline",
    "status",
    "meetId",
    "userData",
    "peerUser",
    "rT",
    "t",
    "pId",
    "uC",
    "lastMessage",
    "accessToken",
    "user",
    "identifier",
    "nextPage",
];

const TEXTS: [&str; 14] = [
    "text",
    "image",
    "voice",
    "location",
    "call",
    "info",
    "custom",
    "s",
    "g",
    "o",
    "2026-11-21T18:03:27.979Z",
    "updateTitle",
    ROOM,
    "[@a:b] [@",
];

fn any_json() -> impl Strategy<Value = Value> {
    let key = prop_oneof![1 => "[a-z]{1,3}", 6 => proptest::sample::select(KEYS.to_vec()).prop_map(str::to_owned)];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".*".prop_map(Value::from),
        proptest::sample::select(TEXTS.to_vec()).prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 64, 8, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            proptest::collection::btree_map(key.clone(), inner, 0..16)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

/// Returns every request, with `id` as the id of everything.
pub(super) fn all_requests(id: &str) -> Vec<Request> {
    let (room, message, person) = (RoomId::new(id), MessageId::new(id), PersonId::new(id));
    let (call, username, local) = (CallId::new(id), id.to_owned(), LocalId::from_random(1));
    let mut requests = vec![
        sign_in(),
        Request::Announce,
        Request::Rooms { page: 1 },
        Request::History { room: room.clone(), serial: PageSerial::default(), page: 2, before: Some(message.clone()) },
        Request::Send { room: room.clone(), local, content: Content::text("x") },
        Request::Edit { message: message.clone(), text: "x".into() },
        Request::Delete { room: room.clone(), message: message.clone() },
        Request::DeleteForMe { room: room.clone(), message: message.clone() },
        Request::Star { room: room.clone(), message: message.clone(), on: true },
        Request::Stars { room: Some(room.clone()) },
        Request::Stars { room: None },
        Request::Delivered { room: room.clone() },
        Request::Seen { room: room.clone(), message: message.clone() },
        Request::Join { room: room.clone() },
        Request::Leave { room: room.clone() },
        Request::Typing { room: room.clone(), on: true },
        Request::Heartbeat { room: room.clone() },
        Request::FindPerson { username: username.clone() },
        Request::Person { id: person.clone(), username: username.clone() },
        Request::Presence { people: vec![(person.clone(), room.clone())] },
        Request::FindPeople { name: username.clone(), page: 1 },
        Request::Block { username: username.clone(), on: true },
        Request::OpenDirect { username: username.clone() },
        Request::CreateGroup { title: "x".into(), usernames: vec![username.clone()] },
        Request::CreateBroadcast { title: "x".into(), usernames: vec![username.clone()] },
        Request::SetRole { room: room.clone(), username: username.clone(), role: MemberRole::Owner },
        Request::Room { room: room.clone() },
        Request::FindRooms { title: username.clone(), archived: true, page: 1 },
        Request::Mute { room: room.clone(), on: true },
        Request::Archive { room: room.clone(), on: true },
        Request::LeaveGroup { room: room.clone() },
        Request::DeleteRoom { room: room.clone() },
        Request::StartCall { room: room.clone(), video: true },
        Request::AcceptCall { call: call.clone() },
        Request::DeclineCall { call: call.clone() },
        Request::EndCall { call },
        Request::ActiveCall,
        Request::Calls,
    ];
    for kind in [RoomKind::Unknown, RoomKind::Direct, RoomKind::Group, RoomKind::Broadcast, RoomKind::Order] {
        let (room, username) = (room.clone(), username.clone());
        let (person, message) = (Some(person.clone()), message.clone());
        requests.extend([
            Request::SeenBy { room: room.clone(), kind, message, seen: true, page: 1 },
            Request::AddMember { room: room.clone(), kind, person: person.clone(), username: username.clone() },
            Request::RemoveMember { room: room.clone(), kind, person, username: username.clone() },
            Request::Members { room: room.clone(), kind, page: 1 },
            Request::Membership { room: room.clone(), kind, username },
            Request::Rename { room, kind, title: "x".into() },
        ]);
    }
    requests
}

fn path(request: &Request) -> Option<String> {
    match signed_in().encode(request) {
        Some(Call::Http(HttpCall { path, .. })) => Some(path),
        _ => None,
    }
}

/// Counts the segments of a path as a URL parser does.
fn segments(path: &str) -> usize {
    let url = url::Url::parse(&format!("http://h{path}")).unwrap();
    assert_eq!((url.query(), url.fragment()), (None, None), "{path}");
    url.path().split('/').count()
}

proptest! {
    #[test]
    fn hostile_id_stays_one_path_segment(id in prop_oneof![".{1,12}", "[./\\\\?#%@: ]{1,6}"]) {
        for (plain, hostile) in all_requests("plain").iter().zip(&all_requests(&id)) {
            let (plain, hostile) = (path(plain), path(hostile));
            prop_assert_eq!(plain.as_deref().map(segments), hostile.as_deref().map(segments), "{:?}", hostile);
        }
    }

    #[test]
    fn arbitrary_event_does_not_panic(
        name in proptest::sample::select(vec![
            "v1OnNewMessage", "v1OnUpdateMessage", "v1OnDeleteMessageFromAll", "v1OnEnterChatRoom",
            "v1OnDeliverChatRoom", "v1OnMyOnline", "v1OnRoomStatusChange", "v1OnBanUserChat", "v1OnKickGroupMember",
            "v1OnException", "v1OnNewCall", "v1OnCallAccepted", "v1OnCallEnded", "v1OnIceCandidate", "other",
        ]),
        args in proptest::collection::vec(any_json(), 0..3),
        as_string in any::<bool>(),
    ) {
        let args = if as_string { args.iter().map(|arg| Value::String(arg.to_string())).collect() } else { args };
        let _ = raw(&mut signed_in(), name, args);
    }

    #[test]
    fn arbitrary_reply_yields_at_most_one_event_without_panic(
        request in proptest::sample::select(all_requests("x")),
        status in prop_oneof![Just(200), Just(201), 100_u16..600],
        body in prop_oneof![
            any_json().prop_map(Body::Json),
            any_json().prop_map(|data| Body::Json(json!({"code": 2000, "data": data}))),
            proptest::collection::vec(any_json(), 0..4)
                .prop_map(|docs| Body::Json(json!({"code": 2000, "data": {"docs": docs}}))),
            ".*".prop_map(Body::Other),
        ],
        token in any::<bool>(),
    ) {
        let mut vchat = if token { VChat::new(Credentials::Token("a.b.c".into()), "d") } else { signed_in() };
        if let Ok(events) = vchat.decode(Frame::Reply { request: request.clone(), status, body }) {
            let may_be_empty = matches!(request, Request::ActiveCall);
            prop_assert!(events.len() == 1 || (may_be_empty && events.is_empty()), "{:?}", events);
        }
    }
}
