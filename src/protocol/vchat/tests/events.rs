//! Socket events (§5, §6).

use serde_json::json;

use crate::domain::{Activity, CallEnd, CallId, CallInfo, MessageId, PersonId, RoomId, ServerEvent};

use super::*;

/// The one event that a fixture, which holds the arguments as they lie on the wire, stands for.
macro_rules! wire {
    ($name:literal) => {{
        let args: Vec<Value> = serde_json::from_value(fixture!($name)).unwrap();
        let name = $name.strip_prefix("event.").unwrap();
        let events = raw(&mut signed_in(), name, args.clone()).unwrap();
        // The same as an object, which some servers send.
        let object: Value = serde_json::from_str(args[0].as_str().unwrap()).unwrap();
        assert_eq!(raw(&mut signed_in(), name, vec![object]).unwrap(), events, "{name}");
        events
    }};
}

#[test]
fn a_message_arrives_in_a_string() {
    let events = wire!("event.v1OnNewMessage");
    let [ServerEvent::Message(message)] = events.as_slice() else { panic!("{events:?}") };
    assert_eq!((message.id.as_str(), message.room.as_str(), message.author.as_str()), (MESSAGE, ROOM, ME));
    assert_eq!(&*message.text, "1111111111111");
}

#[test]
fn a_deletion_names_the_message_and_drops_what_it_said() {
    let (room, message, author) = (RoomId::new(ROOM), MessageId::new(MESSAGE), PersonId::new(ME));
    let taken = ServerEvent::Revoked { room, message: message.clone(), author };
    assert_eq!(wire!("event.v1OnDeleteMessageFromAll"), [taken]);
    // Without either there is nothing to compare.
    let bare = events(&mut signed_in(), "v1OnDeleteMessageFromAll", &json!({"_id": MESSAGE}));
    assert_eq!(bare, Ok(vec![ServerEvent::Deleted(message)]));
}

#[test]
fn a_receipt_is_for_all_that_somebody_sent_in_a_room() {
    let (room, author) = (RoomId::new(ROOM), PersonId::new(ME));
    let seen = ServerEvent::RoomSeen { room: room.clone(), author: author.clone() };
    assert_eq!(wire!("event.v1OnEnterChatRoom"), [seen]);
    assert_eq!(wire!("event.v1OnDeliverChatRoom"), [ServerEvent::RoomDelivered { room, author }]);
}

#[test]
fn presence_is_told_of_each_and_the_unreadable_are_left_out() {
    let bob = ServerEvent::Presence { person: PersonId::new(BOB), online: true };
    let other = ServerEvent::Presence { person: PersonId::new("63d6684a88c3d52e0e6dffb1"), online: false };
    assert_eq!(wire!("event.v1OnMyOnline"), [bob.clone(), other]);
    // The docs leave `extra` out; one broken item costs itself.
    let mixed = json!([{"isOnline": true}, null, {"peerId": BOB, "isOnline": true}]);
    assert_eq!(events(&mut signed_in(), "v1OnMyOnline", &mixed), Ok(vec![bob.clone()]));
    assert_eq!(events(&mut signed_in(), "v1OnMyOnline", &mixed[2]), Ok(vec![bob]));
}

#[test]
fn typing_names_its_room_and_is_never_ours() {
    let events_of = wire!("event.v1OnRoomStatusChange");
    let [ServerEvent::Typing { person, room, activity }] = events_of.as_slice() else { panic!() };
    assert_eq!((person.id.as_str(), &*person.name, &*person.username), (BOB, "User Two", ""));
    assert_eq!((room, activity), (&Some(RoomId::new(ROOM)), &Some(Activity::Typing)));

    let mut vchat = signed_in();
    reply(&mut vchat, Request::Rooms { page: 1 }, 200, fixture!("reply.rooms"));
    for (status, expected) in [("recording", Some(Activity::Recording)), ("stop", None), ("dancing", None)] {
        // Without a name, as when a server stops it for somebody who is gone: then both names are the known ones.
        let payload = json!({"name": "", "status": status, "userId": BOB, "roomId": ROOM});
        let events = events(&mut vchat, "v1OnRoomStatusChange", &payload).unwrap();
        let [ServerEvent::Typing { person, activity, .. }] = events.as_slice() else { panic!() };
        assert_eq!((&*person.name, &*person.username, *activity), ("User Two", "user2@gmail.com", expected));
    }
    let own = json!({"name": "user 1", "status": "typing", "userId": ME, "roomId": ROOM});
    assert_eq!(events(&mut vchat, "v1OnRoomStatusChange", &own), Ok(vec![]));
}

#[test]
fn blocking_and_throwing_out_name_their_room() {
    assert_eq!(wire!("event.v1OnBanUserChat"), [ServerEvent::BlockChanged(RoomId::new(ROOM))]);
    let kicked = ServerEvent::Kicked { room: RoomId::new(GROUP), person: PersonId::new(BOB) };
    assert_eq!(wire!("event.v1OnKickGroupMember"), [kicked]);
}

#[test]
fn calls_ring_and_end() {
    let (call, room) = (CallId::new(CALL), RoomId::new(ROOM));
    let rings = wire!("event.v1OnNewCall");
    let [ServerEvent::CallRings(CallInfo { id, room: place, caller, video: true })] = rings.as_slice() else {
        panic!()
    };
    assert_eq!((id, place, &*caller.name, caller.id.as_str()), (&call, &room, "User Two", BOB));
    let accepted = ServerEvent::CallAccepted { call: Some(call.clone()), room: room.clone() };
    assert_eq!(wire!("event.v1OnCallAccepted"), [accepted]);
    let ended = |how, call| ServerEvent::CallEnded { call, room: room.clone(), how };
    assert_eq!(wire!("event.v1OnCallEnded"), [ended(CallEnd::Finished, Some(call.clone()))]);
    for (name, how) in [
        ("v1OnCallEnded", CallEnd::Finished),
        ("v1OnCallCanceled", CallEnd::Canceled),
        ("v1OnCallRejected", CallEnd::Rejected),
        ("v1OnCallTimeout", CallEnd::TimedOut),
    ] {
        // The official client reads nothing but the room.
        assert_eq!(events(&mut signed_in(), name, &json!({"roomId": ROOM})), Ok(vec![ended(how, None)]));
    }
    assert_eq!(wire!("event.v1OnIceCandidate"), []);
}

#[test]
fn an_exception_is_a_notice_whatever_its_shape() {
    let said = |argument: Value| match raw(&mut signed_in(), "v1OnException", vec![argument]).unwrap().as_slice() {
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
        assert_eq!(said(argument), "You dont have access");
    }
    for argument in [json!("[object Object]"), json!({}), json!({"error": {}}), json!(null), json!(" "), json!([1])] {
        assert_eq!(said(argument), "The server reported an error.");
    }
    assert_eq!(said(json!("x".repeat(5000))).chars().count(), 201);
    assert_eq!(said(json!({"error": "a\u{1b}[2J\nb"})), "a␛ b");
}

#[test]
fn a_new_title_is_a_message_and_a_title() {
    let mut vchat = signed_in();
    let events_of = events(&mut vchat, "v1OnNewMessage", &fixture!("message.info")).unwrap();
    let [ServerEvent::Message(message), ServerEvent::RoomRenamed { room, title }] = events_of.as_slice() else {
        panic!("{events_of:?}")
    };
    assert_eq!((room, &**title), (&message.room, "Weekend"));
    assert_eq!(&*message.text, "User Two changed the title to Weekend");
    let mut deleted = fixture!("message.info");
    deleted["dltAt"] = json!("2023-03-06T20:00:00.000Z");
    assert_eq!(events(&mut vchat, "v1OnNewMessage", &deleted).unwrap().len(), 1);
}

#[test]
fn a_changed_message_is_edited() {
    let events = events(&mut signed_in(), "v1OnUpdateMessage", &fixture!("message.docs")).unwrap();
    assert!(matches!(events.as_slice(), [ServerEvent::Edited(message)] if message.id.as_str() == MESSAGE));
}

#[test]
fn an_author_is_told_once_live() {
    let mut vchat = signed_in();
    let mut live = |payload: &Value| match raw(&mut vchat, "v1OnNewMessage", vec![payload.clone()]).unwrap().remove(0) {
        ServerEvent::Message(message) => message.author_info,
        other => panic!("{other:?}"),
    };
    let mut text = fixture!("message.text");
    assert_eq!(&*live(&text).unwrap().username, "user2@gmail.com");
    assert_eq!(live(&text), None);
    // The docs' own sample has no identifier: that is no news, and takes nothing away.
    text["sIdentifier"] = json!("");
    assert_eq!(live(&text), None);
    text["sName"] = json!("Bobby");
    let told = live(&text).unwrap();
    assert_eq!((&*told.name, &*told.username), ("Bobby", "user2@gmail.com"));
}

#[test]
fn what_nobody_knows_is_nothing_and_what_is_unreadable_is_an_error() {
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
        assert_eq!(raw(&mut vchat, name, vec![json!("{not JSON")]).unwrap_err().why, "it is not JSON", "{name}");
        for payload in [json!({}), json!([]), json!(7), json!(null)] {
            let error = raw(&mut vchat, name, vec![payload]).unwrap_err();
            assert_eq!(error.what, name);
            assert!(!error.why.is_empty());
        }
    }
}
