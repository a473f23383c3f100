//! Arbitrary input: no event and no reply makes the adapter panic.

use proptest::prelude::*;
use serde_json::json;

use crate::domain::{Content, LocalId, MessageId, PageSerial, PersonId, RoomId, RoomKind};

use super::*;

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
        Request::History { room: room.clone(), serial: PageSerial::default(), page: 1, before: None },
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
    fn arbitrary_event_does_not_panic(
        name in proptest::sample::select(vec![
            "message", "message.update", "message.delete", "message.seen", "chat", "typing.start", "typing.stop",
            "user.status", "ai.event", "error", "other",
        ]),
        args in proptest::collection::vec(any_json(), 0..3),
    ) {
        let _ = MinChat::new("KEY").decode(Frame::Event { name: name.to_owned(), args });
    }

    #[test]
    fn arbitrary_reply_yields_one_event_without_panic(
        request in any_request(),
        status in 100_u16..600,
        body in prop_oneof![any_json().prop_map(Body::Json), ".*".prop_map(Body::Other)],
    ) {
        if let Ok(events) = MinChat::new("KEY").decode(Frame::Reply { request, status, body }) {
            prop_assert_eq!(events.len(), 1);
        }
    }
}
