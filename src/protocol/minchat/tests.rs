//! Recorded-shape payloads through the adapter, and anything at all through it without a panic.

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::domain::{
    Activity, AttachmentKind, Content, Failure, LocalId, MessageId, MessageInfo, PersonId, Request, RoomId, RoomKind,
    ServerEvent, Timestamp,
};
use crate::protocol::{Body, Call, DecodeError, Frame, HttpCall, HttpMethod, Part, Protocol};

use super::MinChat;
use super::wire::LOCAL_KEY;

const CHAT: &str = "c0mwqpv4cx000001spikespike";
const MESSAGE: &str = "c0mwqpv4cx000003spikespike";
const ALICE: &str = "cmd5vwylc0006qfe97knky6vt";
const LOCAL: &str = "67e55044-10b1-426f-9247-bb680e5fe0c8";

macro_rules! fixture {
    ($name:literal) => {
        serde_json::from_str::<Value>(include_str!(concat!("../../../tests/fixtures/minchat/", $name, ".json")))
            .unwrap()
    };
}

fn events(minchat: &mut MinChat, name: &str, payload: Value) -> Result<Vec<ServerEvent>, DecodeError> {
    minchat.decode(Frame::Event { name: name.to_owned(), args: vec![payload] })
}

fn event(name: &str, payload: Value) -> ServerEvent {
    let mut events = events(&mut MinChat::new("KEY"), name, payload).unwrap();
    assert_eq!(events.len(), 1, "{name}");
    events.remove(0)
}

fn reply(minchat: &mut MinChat, request: Request, status: u16, body: Value) -> ServerEvent {
    minchat.decode(Frame::Reply { request, status, body: Body::Json(body) }).unwrap().remove(0)
}

fn sign_in() -> Request {
    Request::SignIn { username: "alice".into(), name: "Alice A".into() }
}

fn signed_in() -> MinChat {
    let mut minchat = MinChat::new("KEY");
    let event = reply(&mut minchat, sign_in(), 201, fixture!("reply.sign_in"));
    assert!(matches!(event, ServerEvent::SignedIn { .. }));
    minchat
}

fn message(event: ServerEvent) -> MessageInfo {
    match event {
        ServerEvent::Message(message) | ServerEvent::Edited(message) => message,
        other => panic!("{other:?}"),
    }
}

// ---- events ----

#[test]
fn a_message_is_read_and_its_markup_is_text() {
    let hello = message(event("message", fixture!("event.message")));
    assert_eq!(hello.id, MessageId::new(MESSAGE));
    assert_eq!(hello.room, RoomId::new(CHAT));
    assert_eq!(hello.author, PersonId::new(ALICE));
    assert_eq!(&*hello.text, "Hello, <b>Bob</b>\n**how** are you?");
    assert_eq!(Some(hello.sent_at), Timestamp::parse("2026-11-21T18:03:23.979Z"));
    assert_eq!((hello.seen, hello.local, hello.attachment), (false, None, None));
    assert_eq!(&*hello.author_info.unwrap().username, "alice");
}

#[test]
fn a_file_an_own_message_and_one_without_user_are_read() {
    let file = message(event("message", fixture!("event.message.file"))).attachment.unwrap();
    assert_eq!((file.kind, &*file.name, &*file.size), (AttachmentKind::Gif, "cat.gif", "2 MB"));
    assert_eq!(message(event("message", fixture!("event.message.own"))).local, LocalId::parse(LOCAL));
    let docs = message(event("message", fixture!("event.message.docs")));
    assert_eq!((docs.author, docs.author_info), (PersonId::new(ALICE), None));
}

#[test]
fn an_author_is_told_once_live_and_always_in_replies() {
    let mut minchat = signed_in();
    let mut live = |payload| message(events(&mut minchat, "message", payload).unwrap().remove(0)).author_info;
    assert!(live(fixture!("event.message")).is_some());
    assert!(live(fixture!("event.message")).is_none());
    let mut renamed = fixture!("event.message");
    renamed["user"]["name"] = json!("Alicia");
    assert_eq!(&*live(renamed).unwrap().name, "Alicia");
    // A lost event is repaired by a reply, so that must tell everything.
    let history = Request::History { room: RoomId::new(CHAT), page: 1, before: None };
    let ServerEvent::History { messages, .. } = reply(&mut minchat, history, 200, fixture!("reply.history")) else {
        panic!()
    };
    assert!(messages.iter().all(|message| message.author_info.is_some()));
}

#[test]
fn the_other_events_are_read() {
    assert_eq!(&*message(event("message.update", fixture!("event.message.update"))).text, "Hello, edited");
    let id = MessageId::new(MESSAGE);
    assert_eq!(event("message.delete", fixture!("event.message.delete")), ServerEvent::Deleted(id.clone()));
    assert_eq!(event("message.seen", fixture!("event.message.seen")), ServerEvent::Seen(id.clone()));
    assert_eq!(event("message.seen", json!({"id": MESSAGE})), ServerEvent::Seen(id));

    let ServerEvent::RoomChanged(room) = event("chat", fixture!("event.chat")) else { panic!() };
    assert_eq!((&*room.title, room.participants.len()), ("Alice A", 2));
    assert_eq!(room.metadata.as_deref(), Some(r#"{"topic":"demo"}"#));
    assert_eq!(&*room.last_message.unwrap().text, "Hello");

    for (name, payload, expected) in
        [("typing.start", fixture!("event.typing.start"), true), ("typing.stop", fixture!("event.typing.stop"), false)]
    {
        let ServerEvent::Typing { person, room, activity } = event(name, payload) else { panic!() };
        assert_eq!((&*person.name, room, activity), ("Alice A", None, expected.then_some(Activity::Typing)));
        assert_eq!(person.last_active, Timestamp::parse("2026-11-21T18:03:27.207Z"));
    }
    let person = PersonId::new(ALICE);
    let online = ServerEvent::Presence { person: person.clone(), online: true };
    assert_eq!(event("user.status", fixture!("event.user.status")), online);
    let offline = ServerEvent::Presence { person, online: false };
    assert_eq!(event("user.status", fixture!("event.user.status.offline")), offline);

    let ServerEvent::AgentAction { room, agent, action } = event("ai.event", fixture!("event.ai.event")) else {
        panic!()
    };
    assert_eq!((room, &*agent, &*action), (Some(RoomId::new(CHAT)), "sample_bot", "ai_handoff"));
    let ServerEvent::Notice(text) = event("error", fixture!("event.error")) else { panic!() };
    assert_eq!(&*text, "You are not a member of this chat");
}

#[test]
fn what_nobody_knows_is_nothing_and_what_is_unreadable_is_an_error() {
    let mut minchat = MinChat::new("KEY");
    assert_eq!(events(&mut minchat, "unheard.of", json!({})), Ok(vec![]));
    assert_eq!(events(&mut minchat, "message", json!("typing.stop")), Ok(vec![]));
    assert_eq!(events(&mut minchat, "message", json!({"success": false, "message": "no"})), Ok(vec![]));
    assert_eq!(minchat.decode(Frame::Event { name: "message".into(), args: vec![] }), Ok(vec![]));
    for field in ["id", "chat_id", "created_at"] {
        let mut broken = fixture!("event.message");
        broken.as_object_mut().unwrap().remove(field);
        let error = events(&mut minchat, "message", broken).unwrap_err();
        assert_eq!((error.what.as_str(), error.why.as_str()), ("message", &*format!("a message has no {field}")));
    }
    let mut bare = fixture!("event.message");
    bare.as_object_mut().unwrap().retain(|key, _| !key.starts_with("user"));
    assert_eq!(events(&mut minchat, "message", bare).unwrap_err().why, "a message has no user");
}

#[test]
fn what_a_terminal_would_obey_is_made_safe() {
    let mut evil = fixture!("event.message");
    evil["text"] = json!("\u{1b}]0;x\u{7}a\nb");
    evil["user"]["name"] = json!("A\u{1b}[2J\nB");
    let evil = message(event("message", evil));
    assert_eq!(&*evil.text, "␛a\nb");
    assert_eq!(&*evil.author_info.unwrap().name, "A␛ B");
}

// ---- replies ----

#[test]
fn pages_are_read_and_cost_only_what_is_unreadable() {
    let mut minchat = signed_in();
    let ServerEvent::Rooms { page, pages, rooms } =
        reply(&mut minchat, Request::Rooms { page: 1 }, 200, fixture!("reply.rooms"))
    else {
        panic!()
    };
    assert_eq!((page, pages, rooms.len()), (1, 2, 2));
    assert_eq!((rooms[1].last_message.is_none(), &rooms[1].metadata), (true, &None));
    let request = Request::History { room: RoomId::new(CHAT), page: 1, before: None };
    let ServerEvent::History { messages, pages, .. } =
        reply(&mut minchat, request.clone(), 200, fixture!("reply.history"))
    else {
        panic!()
    };
    assert_eq!((pages, messages.len(), messages[0].seen), (1, 2, true));
    // A server that does not count its pages has another one after a full one.
    let full = json!({"messages": vec![fixture!("event.message"); 25]});
    assert!(matches!(reply(&mut minchat, request, 200, full), ServerEvent::History { page: 1, pages: 2, .. }));
}

#[test]
fn a_send_is_accepted_whatever_the_answer_holds() {
    let mut minchat = signed_in();
    let (room, local) = (RoomId::new(CHAT), LocalId::parse(LOCAL).unwrap());
    let send = Request::Send { room, local, content: Content::text("from here") };
    let mut named = fixture!("reply.sent");
    named["metadata"][LOCAL_KEY] = LOCAL.into();
    for (body, id, whole) in [
        (named, Some("c0mwqpv4cx000005spikespike"), true),
        (fixture!("reply.sent"), Some("c0mwqpv4cx000005spikespike"), true),
        (json!({"success": true, "message": fixture!("reply.sent")}), Some("c0mwqpv4cx000005spikespike"), true),
        (json!({"success": true, "id": 7}), Some("7"), false),
        (json!({"success": true, "message": "Message sent"}), None, false),
        (Value::Null, None, false),
    ] {
        // Whether the identity comes back decides whether a send may be repeated: it is never put there by us.
        let returned = body["metadata"][LOCAL_KEY] == LOCAL;
        let ServerEvent::Accepted { id: got, message, .. } = reply(&mut minchat, send.clone(), 201, body) else {
            panic!()
        };
        assert_eq!((got, message.is_some()), (id.map(MessageId::new), whole));
        assert!(message.is_none_or(|message| message.local == returned.then_some(local)));
    }
    let ServerEvent::Failed { reason, .. } = reply(&mut minchat, send, 200, fixture!("reply.refused")) else {
        panic!()
    };
    assert_eq!(&*reason, "The server refused it: Text is too long");
}

#[test]
fn people_and_rooms_are_looked_up_and_opened() {
    let mut minchat = signed_in();
    let find = Request::FindPerson { username: "sample_bot".into() };
    let ServerEvent::Person { person: Some(agent), .. } =
        reply(&mut minchat, find.clone(), 200, fixture!("reply.user"))
    else {
        panic!()
    };
    assert!(agent.agent);
    for status in [200, 400, 404] {
        let nobody = ServerEvent::Person { request: find.clone(), person: None };
        assert_eq!(reply(&mut minchat, find.clone(), status, fixture!("reply.no_user")), nobody);
    }
    assert!(matches!(reply(&mut minchat, find, 401, fixture!("reply.no_user")), ServerEvent::Failed { .. }));
    let open = Request::OpenDirect { username: "bob".into() };
    let ServerEvent::Opened(room) = reply(&mut minchat, open, 201, fixture!("reply.chat")) else { panic!() };
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

/// What no request about it can change: a chat that others deleted could not be deleted.
#[test]
fn a_chat_that_does_not_exist_is_told_from_other_refusals() {
    let mut minchat = signed_in();
    let room = RoomId::new(CHAT);
    let local = LocalId::from_random(1);
    let requests = [
        Request::History { room: room.clone(), page: 1, before: None },
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
            for said in ["chat not found", "Chat does not exist", "No such chat."] {
                assert_eq!(failure(request, status, said), Failure::NotFound, "{status} {said}");
            }
            for said in ["user not found", "message not found", "", "You may not do that in this chat"] {
                assert_eq!(failure(request, status, said), Failure::Refused, "{status} {said}");
            }
        }
        assert_eq!(failure(request, 401, "nobody"), Failure::Refused);
        assert_eq!(failure(request, 500, "chat not found"), Failure::Uncertain, "a server in trouble proves nothing");
        assert_eq!(failure(request, 429, "chat not found"), Failure::Later);
    }
    let edit = Request::Edit { message: MessageId::new("m"), text: "x".into() };
    assert_eq!(failure(&edit, 400, "chat not found"), Failure::Refused, "it does not say which");
    // On the socket it is about nobody knows which chat: it was shown again at each start.
    let error = events(&mut minchat, "error", json!({"message": "chat not found"})).unwrap();
    assert_eq!(error, []);
    let page = Frame::Reply { request: requests[2].clone(), status: 404, body: Body::Other("chat not found".into()) };
    let events = minchat.decode(page).unwrap();
    assert!(matches!(&events[0], ServerEvent::Failed { failure: Failure::Refused, .. }), "{events:?}");
}

#[test]
fn an_error_page_is_never_shown() {
    let mut minchat = signed_in();
    for status in [200, 302, 401, 404, 418, 429, 500, 502] {
        let body = Body::Other("<html>secret page</html>".into());
        let request = Request::FindPerson { username: "bob".into() };
        let events = minchat.decode(Frame::Reply { request, status, body }).unwrap();
        let [ServerEvent::Failed { reason, .. }] = events.as_slice() else { panic!("{status}: {events:?}") };
        assert!(reason.ends_with('.') && !reason.contains("secret"), "{status}: {reason}");
    }
}

// ---- requests ----

fn call(request: &Request) -> HttpCall {
    match signed_in().encode(request).as_slice() {
        [Call::Http(call)] => call.clone(),
        other => panic!("{other:?}"),
    }
}

fn emit(request: &Request) -> (&'static str, Value) {
    match signed_in().encode(request).as_slice() {
        [Call::Emit { event, payload }] => (event, payload.clone()),
        other => panic!("{other:?}"),
    }
}

#[test]
fn emits_are_worded_as_the_sdk_words_them() {
    let room = RoomId::new(CHAT);
    assert_eq!(emit(&Request::Announce), ("room.user.join", json!({"channelUserId": ALICE, "apiKey": "KEY"})));
    let channel = json!({"channelId": CHAT, "apiKey": "KEY"});
    assert_eq!(emit(&Request::Join { room: room.clone() }), ("room.join", channel.clone()));
    assert_eq!(emit(&Request::Leave { room: room.clone() }), ("room.leave", channel));
    let heartbeat = json!({"memberId": ALICE, "apiKey": "KEY", "channelId": CHAT});
    assert_eq!(emit(&Request::Heartbeat { room: room.clone() }), ("user.status", heartbeat));
    let (name, payload) = emit(&Request::Typing { room, on: true });
    assert_eq!((name, &payload["channelId"], &payload["apiKey"]), ("typing.start", &json!(CHAT), &json!("KEY")));
    let mut user = fixture!("event.typing.start");
    user["metadata"] = json!({"role": "admin", "n": 1, "ok": true});
    assert_eq!(payload["user"], user);
}

#[test]
fn calls_are_worded_as_the_note_words_them() {
    let local = LocalId::parse(LOCAL).unwrap();
    let send = call(&Request::Send { room: RoomId::new(CHAT), local, content: Content::text("hi") });
    assert_eq!(
        (send.method, send.path.as_str(), send.authorization.as_str()),
        (HttpMethod::Post, "/v1/messages", "Bearer KEY")
    );
    let body = json!({"chat_id": CHAT, "user_id": ALICE, "text": "hi", "metadata": {"minchatTuiId": LOCAL}});
    assert_eq!(send.json, Some(body));
    let history = call(&Request::History { room: RoomId::new(CHAT), page: 3, before: None });
    let query = [("chat_id", CHAT), ("user_id", ALICE), ("page", "3")];
    assert_eq!(history.query, query.map(|(name, value)| (name.to_owned(), value.to_owned())));
    let direct = call(&Request::OpenDirect { username: "bob".into() });
    assert_eq!(direct.json, Some(json!({"usernames": ["alice", "bob"], "user_id": ALICE})));
    // Multipart is what makes it a group, even untitled and of two.
    let group = call(&Request::CreateGroup { title: String::new(), usernames: vec!["bob".into()] });
    let form = [("user_id", ALICE), ("usernames", "alice"), ("usernames", "bob")];
    assert_eq!(group.form, Some(form.map(|(name, value)| Part::Field { name, value: value.to_owned() }).to_vec()));
    assert_eq!(group.json, None);
}

#[test]
fn an_id_cannot_aim_a_call_elsewhere() {
    let path = |id: &str| call(&Request::Delete { room: RoomId::new("r"), message: MessageId::new(id) }).path;
    assert_eq!(path("abc-1_2.3~"), "/v1/messages/abc-1_2.3~");
    assert_eq!(path("../user/x?y#z"), "/v1/messages/..%2Fuser%2Fx%3Fy%23z");
    for id in [".", "..", "é/"] {
        let url = url::Url::parse(&format!("http://h{}", path(id))).unwrap();
        assert!(url.path().starts_with("/v1/messages/"), "{id}: {url}");
    }
}

#[test]
fn nothing_is_asked_before_the_sign_in_and_no_key_is_printed() {
    let mut minchat = MinChat::new("SECRET");
    assert_eq!(minchat.encode(&Request::Rooms { page: 1 }), vec![]);
    let calls = minchat.encode(&sign_in());
    let Call::Http(call) = &calls[0] else { panic!() };
    assert_eq!(call.json, Some(json!({"username": "alice", "name": "Alice A"})));
    assert!(!format!("{minchat:?} {calls:?}").contains("SECRET"));
}

// ---- anything ----

fn any_json() -> impl Strategy<Value = Value> {
    let key = prop_oneof![
        "[a-z]{1,3}",
        proptest::sample::select(vec![
            "id",
            "chat_id",
            "user_id",
            "user",
            "text",
            "created_at",
            "metadata",
            "file",
            "type",
            "size",
            "seen",
            "success",
            "message",
            "messages",
            "chats",
            "page",
            "total_pages",
            "participant_user_ids",
            "last_message",
            "memberId",
            "status",
            "event",
            "chatbotId",
            "name",
            "username",
            "lastActive",
        ])
        .prop_map(str::to_owned),
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".*".prop_map(Value::from),
        Just(json!("2026-11-21T18:03:27.979Z")),
    ];
    leaf.prop_recursive(4, 64, 8, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            proptest::collection::btree_map(key.clone(), inner, 0..12)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

fn any_request() -> impl Strategy<Value = Request> {
    let (room, person) = (RoomId::new("r"), PersonId::new("p"));
    proptest::sample::select(vec![
        sign_in(),
        Request::Rooms { page: 1 },
        Request::History { room: room.clone(), page: 1, before: None },
        Request::Send { room: room.clone(), local: LocalId::from_random(1), content: Content::text("") },
        Request::Seen { room: room.clone(), message: MessageId::new("m") },
        Request::FindPerson { username: "u".into() },
        Request::OpenDirect { username: "u".into() },
        Request::AddMember { room: room.clone(), kind: RoomKind::Unknown, person: Some(person), username: "p".into() },
        Request::DeleteRoom { room },
    ])
}

proptest! {
    #[test]
    fn no_event_makes_it_panic(
        name in proptest::sample::select(vec![
            "message", "message.update", "message.delete", "message.seen", "chat", "typing.start", "typing.stop",
            "user.status", "ai.event", "error", "other",
        ]),
        args in proptest::collection::vec(any_json(), 0..3),
    ) {
        let _ = MinChat::new("KEY").decode(Frame::Event { name: name.to_owned(), args });
    }

    #[test]
    fn no_reply_makes_it_panic_and_each_has_one_answer(
        request in any_request(),
        status in 100_u16..600,
        body in prop_oneof![any_json().prop_map(Body::Json), ".*".prop_map(Body::Other)],
    ) {
        if let Ok(events) = MinChat::new("KEY").decode(Frame::Reply { request, status, body }) {
            prop_assert_eq!(events.len(), 1);
        }
    }
}

#[test]
fn a_server_that_repeats_our_key_does_not_bring_it_on_the_screen() {
    let mut minchat = MinChat::new("K3Y-M4RKER");
    let body = json!({"success": false, "message": "Bad key K3Y-M4RKER (Bearer K3Y-M4RKER)"});
    let request = Request::SignIn { username: "alice".into(), name: "Alice".into() };
    let frame = Frame::Reply { request, status: 400, body: Body::Json(body) };
    let events = minchat.decode(frame).unwrap();
    let [ServerEvent::Failed { reason, .. }] = events.as_slice() else { panic!("{events:?}") };
    assert_eq!(&**reason, "The server refused it: Bad key *** (Bearer ***)");
    let args = vec![json!({"message": "no room for K3Y-M4RKER"})];
    let events = minchat.decode(Frame::Event { name: "error".into(), args }).unwrap();
    assert_eq!(events, [ServerEvent::Notice(crate::text::SafeText::line("no room for ***"))]);
    assert!(!format!("{minchat:?}").contains("K3Y"));
}
