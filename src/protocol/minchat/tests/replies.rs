//! Replies to REST calls (`docs/protocol/minchat.md` §2).

use serde_json::json;

use crate::domain::{Content, Failure, LocalId, MessageId, PageSerial, PersonId, RoomId, RoomKind};
use crate::protocol::minchat::objects::LOCAL_ID_KEY;
use crate::text::SafeText;

use super::*;

#[test]
fn malformed_entry_does_not_affect_its_page() {
    let mut minchat = signed_in();
    let ServerEvent::Rooms { page, pages, rooms } =
        reply(&mut minchat, Request::Rooms { page: 1 }, 200, fixture!("reply.rooms"))
    else {
        panic!()
    };
    assert_eq!((page, pages, rooms.len()), (1, 2, 2));
    assert_eq!((rooms[1].last_message.is_none(), &rooms[1].metadata), (true, &None));
    let request = Request::History { room: RoomId::new(CHAT), serial: PageSerial::default(), page: 1, before: None };
    let ServerEvent::History { messages, pages, .. } =
        reply(&mut minchat, request.clone(), 200, fixture!("reply.history"))
    else {
        panic!()
    };
    assert_eq!((pages, messages.len(), messages[0].seen), (1, 2, true));
    // Without `total_pages`, a full page suggests another one.
    let full = json!({"messages": vec![fixture!("event.message"); 25]});
    assert!(matches!(reply(&mut minchat, request, 200, full), ServerEvent::History { page: 1, pages: 2, .. }));
}

/// Regression test: the whole page was refused, and rooms had no preview.
#[test]
fn message_without_chat_is_in_the_requested_one() {
    let mut minchat = signed_in();
    let room = RoomId::new("c7");
    let mut bare = fixture!("event.message");
    bare.as_object_mut().unwrap().remove("chat_id");
    let request = Request::History { room: room.clone(), serial: PageSerial::default(), page: 1, before: None };
    let ServerEvent::History { messages, .. } = reply(&mut minchat, request, 200, json!({"messages": [bare]})) else {
        panic!()
    };
    assert_eq!(messages[0].room, room);
    let rooms = json!({"chats": [{"id": "c8", "last_message": bare}]});
    let ServerEvent::Rooms { rooms, .. } = reply(&mut minchat, Request::Rooms { page: 1 }, 200, rooms) else {
        panic!()
    };
    assert_eq!(rooms[0].last_message.as_ref().map(|last| &last.room), Some(&RoomId::new("c8")));
    let content = Content::text("hi");
    let send = Request::Send { room: room.clone(), local: LocalId::parse(LOCAL).unwrap(), content };
    let ServerEvent::Accepted { message, .. } = reply(&mut minchat, send, 201, bare) else { panic!() };
    assert_eq!(message.map(|message| message.room), Some(room));
}

#[test]
fn send_is_accepted_with_any_reply_body() {
    let mut minchat = signed_in();
    let (room, local) = (RoomId::new(CHAT), LocalId::parse(LOCAL).unwrap());
    let send = Request::Send { room, local, content: Content::text("from here") };
    let mut named = fixture!("reply.sent");
    named["metadata"][LOCAL_ID_KEY] = LOCAL.into();
    for (body, id, whole) in [
        (named, Some("c0mwqpv4cx000005spikespike"), true),
        (fixture!("reply.sent"), Some("c0mwqpv4cx000005spikespike"), true),
        (json!({"success": true, "message": fixture!("reply.sent")}), Some("c0mwqpv4cx000005spikespike"), true),
        (json!({"success": true, "id": 7}), Some("7"), false),
        (json!({"success": true, "message": "Message sent"}), None, false),
        (Value::Null, None, false),
    ] {
        // The outbox repeats sends only on servers that return the local id, so the adapter must not fill it in.
        let returned = body["metadata"][LOCAL_ID_KEY] == LOCAL;
        let ServerEvent::Accepted { id: got, message, .. } = reply(&mut minchat, send.clone(), 201, body) else {
            panic!()
        };
        assert_eq!((got, message.is_some()), (id.map(MessageId::new), whole));
        assert!(message.is_none_or(|message| message.local == returned.then_some(local)));
    }
    let ServerEvent::Failed { reason, .. } = reply(&mut minchat, send, 200, fixture!("reply.refused")) else {
        panic!()
    };
    assert_eq!(&*reason, "The server refused the request: Text is too long");
}

#[test]
fn lookups_and_new_rooms_are_read() {
    let mut minchat = signed_in();
    let find = Request::FindPerson { username: "sample_bot".into() };
    let ServerEvent::Person { person: Some(agent), .. } =
        reply(&mut minchat, find.clone(), 200, fixture!("reply.user"))
    else {
        panic!()
    };
    assert!(agent.agent);
    for status in [200, 400, 404] {
        let not_found = ServerEvent::Person { request: find.clone(), person: None };
        assert_eq!(reply(&mut minchat, find.clone(), status, fixture!("reply.no_user")), not_found);
    }
    assert!(matches!(reply(&mut minchat, find, 401, fixture!("reply.no_user")), ServerEvent::Failed { .. }));
    let open = Request::OpenDirect { username: "bob".into() };
    let ServerEvent::RoomOpened(room) = reply(&mut minchat, open, 201, fixture!("reply.chat")) else { panic!() };
    assert_eq!((room.id, room.last_message), (RoomId::new(CHAT), None));
    let (room, person) = (RoomId::new(CHAT), PersonId::new(ALICE));
    let add = Request::AddMember {
        room: room.clone(),
        kind: RoomKind::Unknown,
        person: Some(person.clone()),
        username: "p".into(),
    };
    let added = ServerEvent::MemberAdded { room: room.clone(), person };
    assert_eq!(reply(&mut minchat, add, 200, fixture!("reply.participant")), added);
    let delete = Request::DeleteRoom { room: room.clone() };
    assert_eq!(reply(&mut minchat, delete, 200, fixture!("reply.deleted")), ServerEvent::RoomDeleted(room));
}

/// Regression test: a chat that others had deleted could not be removed from the list, since every request about it
/// failed.
#[test]
fn missing_chat_differs_from_other_refusals() {
    let mut minchat = signed_in();
    let room = RoomId::new(CHAT);
    let local = LocalId::from_random(1);
    let requests = [
        Request::History { room: room.clone(), serial: PageSerial::default(), page: 1, before: None },
        Request::Send { room: room.clone(), local, content: Content::text("hi") },
        Request::DeleteRoom { room },
    ];
    let mut failure = |request: &Request, status, message: &str| {
        let body = json!({"success": false, "message": message});
        match reply(&mut minchat, request.clone(), status, body) {
            ServerEvent::Failed { failure, .. } => failure,
            other => panic!("{other:?}"),
        }
    };
    for request in &requests {
        for status in [200, 400, 404] {
            for message in ["chat not found", "Chat does not exist", "No such chat."] {
                assert_eq!(failure(request, status, message), Failure::NotFound, "{status} {message}");
            }
            for message in ["user not found", "message not found", "", "You may not do that in this chat"] {
                assert_eq!(failure(request, status, message), Failure::Refused, "{status} {message}");
            }
        }
        assert_eq!(failure(request, 401, "nobody"), Failure::Refused);
        assert_eq!(failure(request, 500, "chat not found"), Failure::Uncertain, "a 5xx proves nothing");
        assert_eq!(failure(request, 429, "chat not found"), Failure::RetryLater);
    }
    let outsider = "the user is not a participant of the chat";
    let of_requests = requests.each_ref().map(|request| failure(request, 400, outsider));
    assert_eq!(
        of_requests,
        [Failure::Refused, Failure::NotMember, Failure::Refused],
        "only of the author of a message"
    );
    let edit = Request::Edit { message: MessageId::new("m"), text: "x".into() };
    assert_eq!(failure(&edit, 400, "chat not found"), Failure::Refused, "an edit names no chat");
    // A socket error names no chat; it used to be shown at every start.
    let error = events(&mut minchat, "error", json!({"message": "chat not found"})).unwrap();
    assert_eq!(error, []);
    let page = Frame::Reply { request: requests[2].clone(), status: 404, body: Body::Other("chat not found".into()) };
    let events = minchat.decode(page).unwrap();
    assert!(matches!(&events[0], ServerEvent::Failed { failure: Failure::Refused, .. }), "{events:?}");
}

#[test]
fn proxy_error_page_is_never_shown() {
    let mut minchat = signed_in();
    for status in [200, 302, 401, 404, 418, 429, 500, 502] {
        let body = Body::Other("<html>secret page</html>".into());
        let request = Request::FindPerson { username: "bob".into() };
        let events = minchat.decode(Frame::Reply { request, status, body }).unwrap();
        let [ServerEvent::Failed { reason, .. }] = events.as_slice() else { panic!("{status}: {events:?}") };
        assert!(reason.ends_with('.') && !reason.contains("secret"), "{status}: {reason}");
    }
}

#[test]
fn api_key_in_server_text_is_redacted() {
    let mut minchat = MinChat::new("K3Y-M4RKER");
    let body = json!({"success": false, "message": "Bad key K3Y-M4RKER (Bearer K3Y-M4RKER)"});
    let frame = Frame::Reply { request: sign_in(), status: 400, body: Body::Json(body) };
    let events = minchat.decode(frame).unwrap();
    let [ServerEvent::Failed { reason, .. }] = events.as_slice() else { panic!("{events:?}") };
    assert_eq!(&**reason, "The server refused the request: Bad key *** (Bearer ***)");
    let args = vec![json!({"message": "no room for K3Y-M4RKER"})];
    let events = minchat.decode(Frame::Event { name: "error".into(), args }).unwrap();
    assert_eq!(events, [ServerEvent::Notice(SafeText::line("no room for ***"))]);
    assert!(!format!("{minchat:?}").contains("K3Y"));
}

#[test]
fn page_of_unreadable_entries_is_an_error() {
    let history = Request::History { room: RoomId::new("c"), serial: PageSerial::default(), page: 1, before: None };
    for (request, key) in [(Request::Rooms { page: 1 }, "chats"), (history, "messages")] {
        for entry in [json!(null), json!("x"), json!({}), json!({"name": "x"})] {
            let body = json!({"success": true, key: [entry, entry], "total_pages": 1});
            let frame = Frame::Reply { request: request.clone(), status: 200, body: Body::Json(body) };
            let result = signed_in().decode(frame);
            assert!(result.is_err(), "{request:?} {entry}: {result:?}");
        }
    }
}
