//! Socket events (`docs/protocol/vchat.md` §5, §6).

use serde_json::json;

use crate::domain::{Activity, CallEnd, CallId, CallInfo, MessageId, PersonId, RoomId, ServerEvent};

use super::*;

/// Decodes a socket event from a fixture, which holds the arguments as they are on the wire.
macro_rules! wire {
    ($name:literal) => {{
        let args: Vec<Value> = serde_json::from_value(fixture!($name)).unwrap();
        let name = $name.strip_prefix("event.").unwrap();
        let events = raw(&mut signed_in(), name, args.clone()).unwrap();
        // Some servers send the object itself.
        let object: Value = serde_json::from_str(args[0].as_str().unwrap()).unwrap();
        assert_eq!(raw(&mut signed_in(), name, vec![object]).unwrap(), events, "{name}");
        events
    }};
}

#[test]
fn message_is_read_from_a_string() {
    let events = wire!("event.v1OnNewMessage");
    let [ServerEvent::Message(message)] = events.as_slice() else { panic!("{events:?}") };
    assert_eq!((message.id.as_str(), message.room.as_str(), message.author.as_str()), (MESSAGE, ROOM, ME));
    assert_eq!(&*message.text, "1111111111111");
}

#[test]
fn deletion_names_message_room_and_author() {
    let (room, message, author) = (RoomId::new(ROOM), MessageId::new(MESSAGE), PersonId::new(ME));
    let revoked = ServerEvent::Revoked { room, message: message.clone(), author };
    assert_eq!(wire!("event.v1OnDeleteMessageFromAll"), [revoked]);
    // Room and author are optional.
    let bare = events(&mut signed_in(), "v1OnDeleteMessageFromAll", &json!({"_id": MESSAGE}));
    assert_eq!(bare, Ok(vec![ServerEvent::Deleted(message)]));
}

#[test]
fn receipt_covers_a_room() {
    let (room, author) = (RoomId::new(ROOM), PersonId::new(ME));
    let seen = ServerEvent::RoomSeen { room: room.clone(), author: author.clone() };
    assert_eq!(wire!("event.v1OnEnterChatRoom"), [seen]);
    assert_eq!(wire!("event.v1OnDeliverChatRoom"), [ServerEvent::RoomDelivered { room, author }]);
}

#[test]
fn presence_is_read_per_person() {
    let bob = ServerEvent::Presence { person: PersonId::new(BOB), online: true };
    let other = ServerEvent::Presence { person: PersonId::new("63d6684a88c3d52e0e6dffb1"), online: false };
    assert_eq!(wire!("event.v1OnMyOnline"), [bob.clone(), other]);
    // `extra` is optional, and a malformed item affects no other.
    let mixed = json!([{"isOnline": true}, null, {"peerId": BOB, "isOnline": true}]);
    assert_eq!(events(&mut signed_in(), "v1OnMyOnline", &mixed), Ok(vec![bob.clone()]));
    assert_eq!(events(&mut signed_in(), "v1OnMyOnline", &mixed[2]), Ok(vec![bob]));
}

#[test]
fn typing_names_its_room_and_own_typing_is_ignored() {
    let events_of = wire!("event.v1OnRoomStatusChange");
    let [ServerEvent::Typing { person, room, activity }] = events_of.as_slice() else { panic!() };
    assert_eq!((person.id.as_str(), &*person.name, &*person.username), (BOB, "User Two", ""));
    assert_eq!((room, activity), (&Some(RoomId::new(ROOM)), &Some(Activity::Typing)));

    let mut vchat = signed_in();
    reply(&mut vchat, Request::Rooms { page: 1 }, 200, fixture!("reply.rooms"));
    for (status, expected) in [("recording", Some(Activity::Recording)), ("stop", None), ("dancing", None)] {
        // The name is empty if the server ends the status of a person who disconnected: the known names are used.
        let payload = json!({"name": "", "status": status, "userId": BOB, "roomId": ROOM});
        let events = events(&mut vchat, "v1OnRoomStatusChange", &payload).unwrap();
        let [ServerEvent::Typing { person, activity, .. }] = events.as_slice() else { panic!() };
        assert_eq!((&*person.name, &*person.username, *activity), ("User Two", "user2@gmail.com", expected));
    }
    let own = json!({"name": "user 1", "status": "typing", "userId": ME, "roomId": ROOM});
    assert_eq!(events(&mut vchat, "v1OnRoomStatusChange", &own), Ok(vec![]));
}

#[test]
fn block_and_kick_name_their_room() {
    assert_eq!(wire!("event.v1OnBanUserChat"), [ServerEvent::BlockChanged(RoomId::new(ROOM))]);
    let kicked = ServerEvent::Kicked { room: RoomId::new(GROUP), person: PersonId::new(BOB) };
    assert_eq!(wire!("event.v1OnKickGroupMember"), [kicked]);
}

#[test]
fn call_events_are_read() {
    let (call, room) = (CallId::new(CALL), RoomId::new(ROOM));
    let rings = wire!("event.v1OnNewCall");
    let [ServerEvent::IncomingCall(CallInfo { id, room: ring_room, caller, video: true })] = rings.as_slice() else {
        panic!()
    };
    assert_eq!((id, ring_room, &*caller.name, caller.id.as_str()), (&call, &room, "User Two", BOB));
    let accepted = ServerEvent::CallAccepted { call: Some(call.clone()), room: room.clone() };
    assert_eq!(wire!("event.v1OnCallAccepted"), [accepted]);
    let ended = |reason, call| ServerEvent::CallEnded { call, room: room.clone(), reason };
    assert_eq!(wire!("event.v1OnCallEnded"), [ended(CallEnd::Finished, Some(call.clone()))]);
    for (name, reason) in [
        ("v1OnCallEnded", CallEnd::Finished),
        ("v1OnCallCanceled", CallEnd::Canceled),
        ("v1OnCallRejected", CallEnd::Declined),
        ("v1OnCallTimeout", CallEnd::TimedOut),
    ] {
        // The official client reads nothing but the room.
        assert_eq!(events(&mut signed_in(), name, &json!({"roomId": ROOM})), Ok(vec![ended(reason, None)]));
    }
    assert_eq!(wire!("event.v1OnIceCandidate"), []);
}

#[test]
fn exception_of_any_shape_is_a_notice() {
    let notice = |argument: Value| match raw(&mut signed_in(), "v1OnException", vec![argument]).unwrap().as_slice() {
        [ServerEvent::Notice(text)] => text.to_string(),
        other => panic!("{other:?}"),
    };
    let fixture: Vec<Value> = serde_json::from_value(fixture!("event.v1OnException")).unwrap();
    for argument in [
        fixture[0].clone(),
        json!({"error": "You dont have access"}),
        json!("You dont have access"),
        json!("\"You dont have access\""),
        json!({"error": {"message": "You dont have access"}}),
        json!({"data": "You dont have access"}),
    ] {
        assert_eq!(notice(argument), "You dont have access");
    }
    for argument in [json!("[object Object]"), json!({}), json!({"error": {}}), json!(null), json!(" "), json!([1])] {
        assert_eq!(notice(argument), "The server reported an error.");
    }
    assert_eq!(notice(json!("x".repeat(5000))).chars().count(), 201);
    assert_eq!(notice(json!({"error": "a\u{1b}[2J\nb"})), "a␛ b");
}

#[test]
fn title_change_is_a_message_and_a_rename() {
    let mut vchat = signed_in();
    let events_of = events(&mut vchat, "v1OnNewMessage", &fixture!("message.info")).unwrap();
    let [ServerEvent::Message(message), ServerEvent::RoomRenamed { room, title }] = events_of.as_slice() else {
        panic!("{events_of:?}")
    };
    assert_eq!((room, &**title), (&message.room, "Weekend"));
    assert_eq!(&*message.text, "User Two changed the title to Weekend");
    for (sent, shown) in [("   New    Title   ", "New Title"), ("\u{2800}", "No name")] {
        let mut blanks = fixture!("message.info");
        blanks["msgAtt"]["targetName"] = json!(sent);
        let events = events(&mut vchat, "v1OnNewMessage", &blanks).unwrap();
        let renamed = events.iter().find_map(|event| match event {
            ServerEvent::RoomRenamed { title, .. } => Some(title.to_string()),
            _ => None,
        });
        assert_eq!(renamed.as_deref(), Some(shown), "as in the list of rooms");
        assert!(matches!(&events[0], ServerEvent::Message(message) if message.text.ends_with(shown)), "{events:?}");
    }
    let mut deleted = fixture!("message.info");
    deleted["dltAt"] = json!("2023-03-06T20:00:00.000Z");
    assert_eq!(events(&mut vchat, "v1OnNewMessage", &deleted).unwrap().len(), 1);
}

#[test]
fn updated_message_is_an_edit() {
    let events = events(&mut signed_in(), "v1OnUpdateMessage", &fixture!("message.docs")).unwrap();
    assert!(matches!(events.as_slice(), [ServerEvent::Edited(message)] if message.id.as_str() == MESSAGE));
}

#[test]
fn author_is_reported_once() {
    let mut vchat = signed_in();
    let mut live = |payload: &Value| match raw(&mut vchat, "v1OnNewMessage", vec![payload.clone()]).unwrap().remove(0) {
        ServerEvent::Message(message) => message.author_info,
        other => panic!("{other:?}"),
    };
    let mut text = fixture!("message.text");
    assert_eq!(&*live(&text).unwrap().username, "user2@gmail.com");
    assert_eq!(live(&text), None);
    // The documented sample has no identifier. A missing one is no change.
    text["sIdentifier"] = json!("");
    assert_eq!(live(&text), None);
    text["sName"] = json!("Bobby");
    let author = live(&text).unwrap();
    assert_eq!((&*author.name, &*author.username), ("Bobby", "user2@gmail.com"));
}

#[test]
fn unknown_event_is_ignored_and_malformed_one_is_an_error() {
    let mut vchat = signed_in();
    for name in ["v1OnRoomById", "unheard.of", "v1OnCallParticipantJoined", "message"] {
        assert_eq!(raw(&mut vchat, name, vec![json!({"roomId": ROOM})]), Ok(vec![]));
        assert_eq!(raw(&mut vchat, name, vec![json!("not JSON")]), Ok(vec![]));
    }
    for name in [
        "v1OnNewMessage",
        "v1OnUpdateMessage",
        "v1OnDeleteMessageFromAll",
        "v1OnEnterChatRoom",
        "v1OnDeliverChatRoom",
        "v1OnRoomStatusChange",
        "v1OnBanUserChat",
        "v1OnKickGroupMember",
        "v1OnNewCall",
        "v1OnCallAccepted",
        "v1OnCallEnded",
    ] {
        assert_eq!(raw(&mut vchat, name, vec![]), Ok(vec![]), "{name}");
        assert_eq!(raw(&mut vchat, name, vec![json!("{not JSON")]).unwrap_err().reason, "not JSON", "{name}");
        for payload in [json!({}), json!([]), json!(7), json!(null)] {
            let error = raw(&mut vchat, name, vec![payload]).unwrap_err();
            assert_eq!(error.subject, name);
            assert!(!error.reason.is_empty());
        }
    }
}
