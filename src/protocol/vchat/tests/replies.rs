//! Replies to REST calls (`docs/protocol/vchat.md` §2).

use serde_json::json;

use crate::domain::{
    AttachmentKind, CallEnd, CallId, CallStatus, LocalId, MemberRole, Membership, MessageId, MessageKind, PageSerial,
    PersonId, RoomAccess, RoomId, RoomKind, SharedKind, Timestamp,
};

use super::*;

#[test]
fn sign_in_reply_names_the_user() {
    let mut vchat = new();
    let ServerEvent::SignedIn { me, capabilities } = reply(&mut vchat, sign_in(), 201, fixture!("reply.connect"))
    else {
        panic!()
    };
    assert_eq!((me.id.as_str(), &*me.username, &*me.name), (ME, "user1@gmail.com", "user 1"));
    assert_eq!(capabilities, VChat::CAPABILITIES);
    for broken in [json!({}), json!({"data": {}}), json!({"data": {"accessToken": "T", "user": {}}})] {
        assert_eq!(replies(&mut new(), sign_in(), 201, broken).unwrap_err().subject, "sign-in reply");
    }
    let mut tokenless = fixture!("reply.connect");
    tokenless["data"]["accessToken"] = json!(null);
    assert_eq!(replies(&mut new(), sign_in(), 201, tokenless).unwrap_err().reason, "no accessToken");
}

#[test]
fn token_or_room_list_names_the_user() {
    let with = |token: &str, body: Value| {
        let mut vchat = VChat::new(Credentials::Token(token.into()), "d");
        let event = replies(&mut vchat, sign_in(), 200, body)?.remove(0);
        let ServerEvent::SignedIn { me, .. } = event else { panic!() };
        assert_eq!((&*me.username, &*me.name), ("user1@gmail.com", "user 1"));
        assert_eq!(vchat.handshake().query[0].1, format!("Bearer {token}"));
        Ok::<_, DecodeError>(me.id.as_str().to_owned())
    };
    // {"id":"63d6683a88c3d52e0e6dffa4","deviceId":"d"}
    let token = "e30.eyJpZCI6IjYzZDY2ODNhODhjM2Q1MmUwZTZkZmZhNCIsImRldmljZUlkIjoiZCJ9.s";
    assert_eq!(with(token, json!({"data": {"docs": []}})).as_deref(), Ok(ME));
    assert_eq!(with("opaque", fixture!("reply.rooms")).as_deref(), Ok(ME));
    assert_eq!(with("opaque", json!({"data": {"docs": []}})).unwrap_err().reason, "the token does not name its owner");
}

#[test]
fn malformed_room_does_not_affect_its_page() {
    let mut vchat = signed_in();
    let event = reply(&mut vchat, Request::Rooms { page: 1 }, 200, fixture!("reply.rooms"));
    let ServerEvent::Rooms { page: 1, pages: 2, rooms } = event else { panic!("{event:?}") };
    let kinds: Vec<_> = rooms.iter().map(|room| room.kind).collect();
    assert_eq!(kinds, [RoomKind::Direct, RoomKind::Group, RoomKind::Order, RoomKind::Broadcast]);
    let [single, group, order, broadcast] = rooms.as_slice() else { panic!() };
    let pair = [PersonId::new(ME), PersonId::new(BOB)];
    assert_eq!((single.id.as_str(), single.title.as_deref(), single.unread), (ROOM, Some("User Two"), Some(3)));
    assert_eq!((single.muted, single.archived, single.participants.as_slice()), (false, false, &pair[..]));
    assert_eq!(single.avatar.as_deref(), Some("https://s3.example/r.jpg"));
    assert_eq!(single.created_at, Timestamp::parse("2023-02-14T19:46:14.000Z"));
    assert_eq!(&*single.last_message.as_ref().unwrap().text, "latest");
    let peer = single.peer.as_deref().unwrap();
    assert_eq!((peer.id.as_str(), &*peer.username, &*peer.name), (BOB, "user2@gmail.com", "User Two"));
    assert_eq!((group.muted, group.archived, group.participants.len(), &group.peer), (true, true, 0, &None));
    assert!(group.last_message.as_ref().unwrap().attachment.is_some());
    // The title of an order may be its own, so it does not rename a known person.
    let peer = order.peer.as_deref().unwrap();
    assert_eq!((order.title.as_deref(), &*peer.name, order.participants.len()), (Some("Order 17"), "User Two", 2));
    assert_eq!((broadcast.participants.len(), broadcast.last_message.is_none()), (0, true));
    let empty = json!({"data": {"docs": [], "totalPages": 7, "hasNextPage": true}});
    let event = reply(&mut vchat, Request::Rooms { page: 3 }, 200, empty);
    assert_eq!(event, ServerEvent::Rooms { page: 3, pages: 3, rooms: vec![] });
}

#[test]
fn room_replies_are_read() {
    let mut vchat = signed_in();
    let find = Request::FindRooms { title: "u".into(), archived: false, page: 1 };
    let ServerEvent::FoundRooms { more: false, rooms, .. } = reply(&mut vchat, find, 200, fixture!("reply.rooms"))
    else {
        panic!()
    };
    assert_eq!(rooms.len(), 4);
    let room = reply(&mut vchat, Request::Room { room: RoomId::new(ROOM) }, 200, fixture!("reply.room"));
    assert!(matches!(room, ServerEvent::RoomChanged(room) if room.id.as_str() == ROOM));
    for request in [
        Request::OpenDirect { username: "u".into() },
        Request::CreateGroup { title: "t".into(), usernames: vec![] },
        Request::CreateBroadcast { title: "t".into(), usernames: vec![] },
    ] {
        let opened = reply(&mut vchat, request, 201, fixture!("reply.room"));
        assert!(matches!(opened, ServerEvent::RoomOpened(room) if room.id.as_str() == ROOM));
    }
    // A new room has no last message, or an empty one.
    let mut new_room = fixture!("reply.room");
    new_room["data"]["lastMessage"] = json!({});
    let ServerEvent::RoomOpened(room) = reply(&mut vchat, Request::OpenDirect { username: "u".into() }, 201, new_room)
    else {
        panic!()
    };
    assert_eq!(room.last_message, None);
}

#[test]
fn history_is_oldest_first_and_ends_with_an_empty_page() {
    let mut vchat = signed_in();
    let page = |page, before: Option<&str>| Request::History {
        room: RoomId::new(ROOM),
        serial: PageSerial::default(),
        page,
        before: before.map(MessageId::new),
    };
    let event = reply(&mut vchat, page(1, None), 200, fixture!("reply.history"));
    let ServerEvent::History { page: 1, pages: 2, messages, .. } = event else { panic!("{event:?}") };
    let texts: Vec<_> = messages.iter().map(|message| &*message.text).collect();
    assert_eq!(texts, ["first", "🐱", "third"]);
    assert_eq!(messages[1].kind, MessageKind::Custom);
    assert!(messages.iter().all(|message| message.author_info.is_some() && message.starred == Some(false)));
    // Names on old pages may be outdated, so they do not rename anybody.
    let mut old = fixture!("reply.history");
    old["data"]["docs"][0]["sName"] = json!("Bobby of old");
    let event = reply(&mut vchat, page(2, Some(MESSAGE)), 200, old);
    let ServerEvent::History { page: 2, pages: 3, messages, .. } = event else { panic!("{event:?}") };
    assert!(messages.iter().all(|message| message.author_info.is_none()));
    let event = reply(&mut vchat, page(3, Some(MESSAGE)), 200, json!({"data": {"docs": []}}));
    assert!(matches!(event, ServerEvent::History { page: 3, pages: 3, .. }));
    assert_eq!(replies(&mut vchat, page(1, None), 200, json!({"data": {}})).unwrap_err().subject, "history");
}

/// Regression test: entries without an id were kept as placeholders, and no page could be requested that ends before
/// one of them.
#[test]
fn history_entries_without_an_id_are_skipped() {
    let mut body = fixture!("reply.history");
    let docs = body["data"]["docs"].as_array_mut().unwrap();
    docs[2].as_object_mut().unwrap().remove("_id");
    docs.extend([json!(null), json!("x"), json!({"c": "no id, no time"}), json!({"_id": {}, "c": "no id"})]);
    let request = Request::History { room: RoomId::new(ROOM), serial: PageSerial::default(), page: 1, before: None };
    let ServerEvent::History { messages, .. } = reply(&mut signed_in(), request, 200, body) else { panic!() };
    let ids: Vec<&str> = messages.iter().map(|message| message.id.as_str()).collect();
    assert_eq!((ids.len(), ids[0]), (2, "6406443f14eb1e120ecd9102"), "{ids:?}");
    assert!(messages.is_sorted_by_key(|message| message.sent_at));
}

/// Regression test: messages that were skipped left no trace in the log.
#[test]
fn skipped_messages_are_logged() {
    let mut body = fixture!("reply.history");
    body["data"]["docs"][2].as_object_mut().unwrap().remove("_id");
    let request = Request::History { room: RoomId::new(ROOM), serial: PageSerial::default(), page: 1, before: None };
    let log = log_of(|| drop(reply(&mut signed_in(), request, 200, body)));
    assert_eq!(log.matches("a message has no _id").count(), 1, "{log}");
    let mut body = fixture!("reply.rooms");
    body["data"]["docs"][0]["lastMessage"]["_id"] = json!({});
    let log = log_of(|| drop(reply(&mut signed_in(), Request::Rooms { page: 1 }, 200, body)));
    assert_eq!(log.matches("a message has no _id").count(), 1, "{log}");
}

/// Returns everything that `action` logs, at the level debug and above.
fn log_of(action: impl FnOnce()) -> String {
    let file = tempfile::NamedTempFile::new().unwrap();
    let writer = std::sync::Mutex::new(file.reopen().unwrap());
    let log = tracing_subscriber::fmt().with_max_level(tracing::Level::DEBUG).with_ansi(false).with_writer(writer);
    tracing::subscriber::with_default(log.finish(), action);
    std::fs::read_to_string(file.path()).unwrap()
}

/// Regression test: such a page looked like an empty list: "You have no chats yet."
#[test]
fn page_of_unreadable_entries_is_an_error() {
    let room = || RoomId::new(ROOM);
    for request in [
        Request::Rooms { page: 1 },
        Request::FindRooms { title: "x".into(), archived: false, page: 1 },
        Request::History { room: room(), serial: PageSerial::default(), page: 1, before: None },
        Request::Stars { room: None },
        Request::SeenBy { room: room(), kind: RoomKind::Group, message: MessageId::new("m"), seen: true, page: 1 },
        Request::FindPeople { name: "x".into(), page: 1 },
        Request::Members { room: room(), kind: RoomKind::Group, page: 1 },
        Request::Calls,
    ] {
        for entry in [json!(null), json!("x"), json!({}), json!({"name": "x"})] {
            let body = json!({"data": {"docs": [entry, entry]}});
            let result = replies(&mut signed_in(), request.clone(), 200, body);
            assert!(result.is_err(), "{request:?} {entry}: {result:?}");
        }
        assert!(replies(&mut signed_in(), request, 200, json!({"data": {"docs": []}})).is_ok());
    }
}

#[test]
fn send_is_accepted_with_any_reply_body() {
    let mut vchat = signed_in();
    let local = LocalId::parse(LOCAL).unwrap();
    let mut unreadable = fixture!("reply.sent");
    (unreadable["data"]["mT"], unreadable["data"]["c"]) = (json!("sticker"), json!(null));
    for (body, id, whole) in [
        (fixture!("reply.sent"), Some(MESSAGE), true),
        (unreadable, Some(MESSAGE), false),
        (json!({"data": {"_id": 7}}), Some("7"), false),
        (json!({"data": "sent"}), None, false),
        (json!(null), None, false),
    ] {
        let ServerEvent::Accepted { id: got, message, .. } = reply(&mut vchat, send(), 201, body) else { panic!() };
        assert_eq!((got, message.is_some()), (id.map(MessageId::new), whole));
        assert!(message.is_none_or(|message| message.local == Some(local)));
    }
}

#[test]
fn people_and_members_are_read() {
    let mut vchat = signed_in();
    let find = Request::FindPeople { name: "u".into(), page: 1 };
    let event = reply(&mut vchat, find.clone(), 200, fixture!("reply.users"));
    let ServerEvent::People { more: true, people, .. } = event else { panic!("{event:?}") };
    assert_eq!((people.len(), &*people[0].username, &*people[1].name), (2, "user2@gmail.com", "User Three"));
    let room = RoomId::new(GROUP);
    let members = |kind| Request::Members { room: room.clone(), kind, page: 1 };
    let event = reply(&mut vchat, members(RoomKind::Group), 200, fixture!("reply.members"));
    let ServerEvent::Members { more: false, members: listed, .. } = event else { panic!("{event:?}") };
    let roles: Vec<_> = listed.iter().map(|member| member.role).collect();
    assert_eq!(roles, [Some(MemberRole::Owner), Some(MemberRole::Member)]);
    let event = reply(&mut vchat, members(RoomKind::Broadcast), 200, fixture!("reply.broadcast_members"));
    assert!(matches!(event, ServerEvent::Members { members, .. } if members.len() == 1 && members[0].role.is_none()));
    let user = fixture!("reply.users")["data"]["docs"][0].clone();
    for (page, more) in [
        (json!({"docs": [user], "hasNextPage": true}), true),
        (json!({"docs": [user], "nextPage": null}), false),
        (json!({"docs": [user], "nextPage": 2}), true),
        (json!({"docs": [user], "totalPages": 1}), false),
        (json!({"docs": [user]}), true),
        (json!({"docs": [], "hasNextPage": true}), false),
        (json!([user]), true),
    ] {
        let event = reply(&mut vchat, find.clone(), 200, json!({"data": page}));
        assert!(matches!(event, ServerEvent::People { more: got, .. } if got == more), "{page}");
    }
}

#[test]
fn membership_is_read_for_every_room_kind() {
    let mut vchat = signed_in();
    let mut membership = |kind, body: Value| {
        let request = Request::Membership { room: RoomId::new(ROOM), kind, username: "u".into() };
        match reply(&mut vchat, request, 200, body) {
            ServerEvent::Membership { membership, .. } => membership,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(membership(RoomKind::Direct, fixture!("reply.ban")).access, RoomAccess::BlockedByPeer);
    for (mine, theirs, access) in [
        (true, true, RoomAccess::BlockedByMe),
        (true, false, RoomAccess::BlockedByMe),
        (false, false, RoomAccess::Open),
    ] {
        let body = json!({"data": {"isMeBanner": mine, "isPeerBanner": theirs}});
        assert_eq!(membership(RoomKind::Direct, body).access, access);
    }
    let group = membership(RoomKind::Group, fixture!("reply.group_info"));
    assert_eq!((group.access, group.role), (RoomAccess::Open, Some(MemberRole::Admin)));
    assert_eq!((group.members, group.online, group.description.as_deref()), (Some(12), Some(3), Some("Where to?")));
    let out = json!({"data": {"isMeOut": true, "membersCount": 0, "totalOnline": 0, "groupSettings": null}});
    assert_eq!(membership(RoomKind::Group, out), Membership { access: RoomAccess::NotMember, ..Membership::default() });
    let order = membership(RoomKind::Order, fixture!("reply.order_info"));
    assert_eq!((order.access, order.description.as_deref()), (RoomAccess::Closed, Some("Two pizzas")));
    assert_eq!(membership(RoomKind::Broadcast, fixture!("reply.broadcast_info")).members, Some(7));
    // Some servers lack this endpoint; then nothing is known about the membership.
    let request = Request::Membership { room: RoomId::new(ROOM), kind: RoomKind::Order, username: String::new() };
    let event = reply(&mut vchat, request, 404, json!({"data": "Cannot GET"}));
    assert!(matches!(event, ServerEvent::Membership { membership, .. } if membership == Membership::default()));
}

#[test]
fn last_seen_may_be_hidden() {
    let mut vchat = signed_in();
    let request = Request::Person { id: PersonId::new(BOB), username: "u".into() };
    let at = Timestamp::parse("2023-03-06T19:51:27.582Z").unwrap();
    let seen = ServerEvent::LastSeen { person: PersonId::new(BOB), at };
    assert_eq!(reply(&mut vchat, request.clone(), 200, fixture!("reply.last_seen")), seen);
    let hidden = reply(&mut vchat, request.clone(), 200, json!({"data": null}));
    assert_eq!(hidden, ServerEvent::Done(request.clone()));
    let not_found = ServerEvent::Person { request: request.clone(), person: None };
    assert_eq!(reply(&mut vchat, request, 404, json!({"data": "User not found"})), not_found);
}

#[test]
fn seen_by_list_has_people_and_times() {
    let mut vchat = signed_in();
    for (seen, time) in [(true, "2023-03-06T19:53:00.000Z"), (false, "2023-03-06T19:52:00.000Z")] {
        let message = MessageId::new("M");
        let request = Request::SeenBy { room: RoomId::new(GROUP), kind: RoomKind::Group, message, seen, page: 1 };
        let ServerEvent::SeenBy { people, seen: reported, next, .. } =
            reply(&mut vchat, request, 200, fixture!("reply.status"))
        else {
            panic!()
        };
        assert_eq!((reported, &*people[0].0.name, people[0].1), (seen, "User Two", Timestamp::parse(time)));
        assert_eq!(next, None);
    }
}

#[test]
fn starred_messages_are_marked() {
    let event = reply(&mut signed_in(), Request::Stars { room: None }, 200, fixture!("reply.history"));
    let ServerEvent::Stars { room: None, messages } = event else { panic!("{event:?}") };
    assert_eq!((messages.len(), &*messages[0].text), (3, "third"));
    assert!(messages.iter().all(|message| message.starred == Some(true)));
}

#[test]
fn call_replies_are_read() {
    let mut vchat = signed_in();
    let (call, room) = (CallId::new(CALL), RoomId::new(ROOM));
    let start = Request::StartCall { room: room.clone(), video: true };
    let started = ServerEvent::CallStarted { call: call.clone(), room, video: true };
    assert_eq!(reply(&mut vchat, start.clone(), 201, fixture!("reply.call")), started);
    assert_eq!(replies(&mut vchat, start, 201, json!({"data": {}})).unwrap_err().subject, "call");
    assert_eq!(replies(&mut vchat, Request::ActiveCall, 200, fixture!("reply.no_active")), Ok(vec![]));
    let rings = reply(&mut vchat, Request::ActiveCall, 200, fixture!("reply.active"));
    assert!(matches!(rings, ServerEvent::IncomingCall(ring) if ring.id == call && &*ring.caller.name == "User Two"));
    let ServerEvent::Calls(calls) = reply(&mut vchat, Request::Calls, 200, fixture!("reply.calls")) else { panic!() };
    let entries: Vec<_> = calls.iter().map(|call| (call.status, call.video, call.ended_at.is_some())).collect();
    assert_eq!(entries, [(CallStatus::Ended(CallEnd::Finished), false, true), (CallStatus::Broken, true, false)]);
}

#[test]
fn request_without_payload_is_done() {
    let mut vchat = signed_in();
    let (room, message, person) = (RoomId::new(ROOM), MessageId::new("M"), PersonId::new(BOB));
    let kind = RoomKind::Group;
    let (username, title) = ("u".to_owned(), "T".to_owned());
    for request in [
        Request::Delete { room: room.clone(), message: message.clone() },
        Request::DeleteForMe { room: room.clone(), message: message.clone() },
        Request::Star { room: room.clone(), message, on: true },
        Request::Block { username: username.clone(), on: true },
        Request::AddMember { room: room.clone(), kind, person: None, username: username.clone() },
        Request::RemoveMember { room: room.clone(), kind, person: None, username: username.clone() },
        Request::SetRole { room: room.clone(), username: username.clone(), role: MemberRole::Admin },
        Request::Mute { room: room.clone(), on: true },
        Request::Archive { room: room.clone(), on: true },
        Request::Rename { room: room.clone(), kind, title },
        Request::LeaveGroup { room: room.clone() },
        Request::SetDescription { room: room.clone(), text: "D".to_owned() },
        Request::SetNickname { room: room.clone(), name: "N".to_owned() },
        Request::ClearCalls,
        Request::AcceptCall { call: CallId::new(CALL) },
        Request::DeclineCall { call: CallId::new(CALL) },
        Request::EndCall { call: CallId::new(CALL) },
    ] {
        for body in [fixture!("reply.done"), json!(null), json!({"data": {"isUpdated": true}})] {
            assert_eq!(reply(&mut vchat, request.clone(), 200, body), ServerEvent::Done(request.clone()));
        }
    }
    let add = Request::AddMember { room: room.clone(), kind, person: Some(person.clone()), username: username.clone() };
    let added = ServerEvent::MemberAdded { room: room.clone(), person: person.clone() };
    assert_eq!(reply(&mut vchat, add, 201, fixture!("reply.done")), added);
    let remove = Request::RemoveMember { room: room.clone(), kind, person: Some(person.clone()), username };
    let removed = ServerEvent::MemberRemoved { room: room.clone(), person };
    assert_eq!(reply(&mut vchat, remove, 200, fixture!("reply.done")), removed);
    let delete = Request::DeleteRoom { room: room.clone() };
    assert_eq!(reply(&mut vchat, delete, 200, fixture!("reply.done")), ServerEvent::RoomDeleted(room));
}

#[test]
fn shared_messages_are_newest_first_until_an_empty_page() {
    let mut vchat = signed_in();
    let request = |page| Request::Shared { room: RoomId::new(ROOM), kind: SharedKind::Media, before: None, page };
    let page = json!({"data": {"docs": [fixture!("message.image"), fixture!("message.video")]}});
    let event = reply(&mut vchat, request(1), 200, page);
    let ServerEvent::Shared { request: answered, more, messages } = event else { panic!() };
    let files: Vec<_> = messages.iter().filter_map(|message| Some(message.attachment.as_ref()?.kind)).collect();
    assert_eq!((answered, more, files), (request(1), true, vec![AttachmentKind::Image, AttachmentKind::Video]));
    let event = reply(&mut vchat, request(2), 200, json!({"data": {"docs": []}}));
    assert!(matches!(event, ServerEvent::Shared { more: false, .. }));
}

#[test]
fn call_access_has_a_token_that_is_never_printed() {
    let mut vchat = signed_in();
    let request = || Request::CallAccess { room: RoomId::new("R") };
    for (data, channel) in
        [(json!({"channelName": "C", "uid": 0, "rtcToken": "RTC-TOKEN"}), "C"), (json!({"rtcToken": "RTC-TOKEN"}), "R")]
    {
        let event = reply(&mut vchat, request(), 200, json!({"data": data}));
        assert!(!format!("{event:?}").contains("RTC-TOKEN"));
        let ServerEvent::CallAccess { access, .. } = event else { panic!() };
        assert_eq!((access.channel.as_str(), access.token.as_str()), (channel, "RTC-TOKEN"));
    }
    for data in [json!(null), json!({}), json!({"rtcToken": ""})] {
        assert!(replies(&mut vchat, request(), 200, json!({"data": data})).is_err());
    }
}

#[test]
fn room_has_its_nickname_beside_its_title() {
    let mut vchat = signed_in();
    let mut nickname = |value: Value| {
        let mut room = fixture!("reply.rooms");
        room["data"]["docs"][0]["nTitle"] = value;
        let event = reply(&mut vchat, Request::Rooms { page: 1 }, 200, room);
        let ServerEvent::Rooms { rooms, .. } = event else { panic!() };
        assert!(rooms[0].title.is_some());
        rooms[0].nickname.as_ref().map(ToString::to_string)
    };
    assert_eq!(nickname(json!("Boss \u{1b}[2J")).as_deref(), Some("Boss ␛"));
    for none in [json!(null), json!(""), json!(" "), json!({})] {
        assert_eq!(nickname(none), None);
    }
}
