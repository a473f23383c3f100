//! What is recorded of the wire: every call and packet once, decoded or not, and never a secret.

use std::sync::Arc;

use crate::domain::{PageSerial, Request, RoomId, ServerEvent};
use crate::wire::{CallBody, CallOutcome, Groups, Packet, Record, RecordKind, Ring, Topic};

use super::fake_server::FakeServer;
use super::requests::send;
use super::{ALICE, Client};

const KEY: &str = "C9MWQPV4CX0000SECRETKEY01";

/// Returns one line for each record.
fn lines(ring: &Ring) -> Vec<String> {
    ring.since(0).records.iter().map(|record| line(record)).collect()
}

fn line(record: &Record) -> String {
    let packet = |text| {
        let packet = Packet::parse(text);
        format!("{} {}", packet.type_name(), packet.event.unwrap_or_default()).trim_end().to_owned()
    };
    match &record.kind {
        RecordKind::CallStarted(started) => format!("> {} {}", started.method, started.path),
        RecordKind::CallFinished { outcome: CallOutcome::Reply { status, .. }, .. } => format!("< {status}"),
        RecordKind::CallFinished { outcome, .. } => format!("{outcome:?}"),
        RecordKind::Opening(_) => "> opening".into(),
        RecordKind::Received { payload, problem: None } => format!("< {}", packet(&payload.text)),
        RecordKind::Received { payload, problem: Some(problem) } => format!("! {}: {problem}", packet(&payload.text)),
        RecordKind::Emitted { payload, .. } => format!("> {}", packet(&payload.text)),
        RecordKind::Connection(status) => {
            let text = format!("{status:?}");
            text.split([' ', '{']).next().unwrap_or_default().to_lowercase()
        }
    }
}

#[tokio::test]
async fn calls_packets_and_pings_are_recorded_in_order() {
    let ring = Arc::<Ring>::default();
    let mut server = FakeServer::start(|call, _| match call {
        "POST /v1/message" => (200, "{}".into()),
        _ => (200, ALICE.into()),
    })
    .await;
    let mut client = Client::recording_into(&ring, &server.url, KEY);
    let mut socket = server.accepted_socket().await;
    client.online().await;
    assert!(socket.recv().await.unwrap().contains("room.user.join"));
    socket.text("2").await;
    assert_eq!(socket.recv().await.as_deref(), Some("3"));
    for packet in [
        r#"42["message.seen","m1"]"#,
        r#"42["message",{"id":"m"}]"#,
        r#"42["unheard.of",{}]"#,
        r#"42["error","\udc00"]"#,
        r#"42["error",{"message":"Slow down"}]"#,
    ] {
        socket.text(packet).await;
    }
    while !matches!(client.next().await, ServerEvent::Notice(_)) {}
    let mut lines = lines(&ring);
    // Recorded by another thread than the packets, so before or after those that follow.
    let online = lines.iter().position(|line| line == "online").expect("the connection is reported");
    lines.remove(online);
    let expected = [
        "connecting",
        "> POST /v1/user",
        "< 200",
        "> opening",
        "< open",
        // The library sends one without being asked.
        "> pong",
        "> connect",
        "< connect",
        "> event room.user.join",
        "< ping",
        "> pong",
        "< event message.seen",
        "! event message: a message has no chat_id",
        "< event unheard.of",
    ];
    assert_eq!(lines[..expected.len()], expected, "{lines:#?}");
    assert!(lines[expected.len()].starts_with("! event error: "), "{lines:#?}");
    assert_eq!(lines[expected.len() + 1..], ["< event error"]);
    let records = ring.since(0).records;
    let seen = records.iter().find(|record| record.subject.topic == Some(Topic::Seen)).unwrap();
    assert_eq!(seen.subject.message.as_ref().unwrap().as_str(), "m1");
    assert!(records.is_sorted_by_key(|record| record.seq));
}

#[tokio::test]
async fn secret_is_never_recorded_even_if_the_server_repeats_it() {
    let ring = Arc::<Ring>::default();
    let echoed = format!(r#"{{"success":true,"note":"{KEY}","user":{{"id":"c1","username":"alice"}}}}"#);
    let mut server = FakeServer::start(move |_, _| (200, echoed.clone())).await;
    let mut client = Client::recording_into(&ring, &server.url, KEY);
    let mut socket = server.accepted_socket().await;
    client.online().await;
    let escaped: String = KEY.bytes().map(|byte| format!("\\u00{byte:02x}")).collect();
    socket.text(&format!(r#"42["unheard.of",{{"apiKey":"{KEY}","escaped":"{escaped}"}}]"#)).await;
    socket.text(&format!(r#"42["{KEY}",{{"long":"{}{KEY}"}}]"#, "x".repeat(50_000))).await;
    socket.text(r#"42["error",{"message":"Slow down"}]"#).await;
    while !matches!(client.next().await, ServerEvent::Notice(_)) {}
    let records = format!("{:?}", ring.since(0).records);
    assert!(records.contains("room.user.join") && records.contains("***"), "{records}");
    assert!(!records.contains(KEY) && !records.contains(&escaped[..24]), "{records}");
}

#[tokio::test]
async fn refused_message_is_recorded_with_its_length() {
    let ring = Arc::<Ring>::default();
    let mut server = FakeServer::start(|_, _| (200, ALICE.into())).await;
    let mut client = Client::recording_into(&ring, &server.url, KEY);
    let mut socket = server.accepted_socket().await;
    client.online().await;
    socket.text(&format!(r#"42["message","{}"]"#, "a".repeat(5_000_000))).await;
    client.offline().await;
    let records = ring.since(0).records;
    let refused = records.iter().find(|record| record.problem() == Some("The message is too large.")).unwrap();
    assert_eq!(refused.wire_bytes(), Some(5_000_016));
    assert!(ring.bytes() < 100_000);
}

#[tokio::test]
async fn send_is_grouped_with_its_reply_and_echo() {
    let ring = Arc::<Ring>::default();
    let mut server = FakeServer::start(|call, _| match call {
        "POST /v1/messages" => (201, r#"{"id":"m7"}"#.into()),
        _ => (200, ALICE.into()),
    })
    .await;
    let mut client = Client::recording_into(&ring, &server.url, KEY);
    let mut socket = server.accepted_socket().await;
    client.online().await;
    client.connection.send(send(7)).unwrap();
    while !matches!(client.next().await, ServerEvent::Accepted { .. }) {}
    // This server does not repeat the id of the send, so only the reply tells the id of the message.
    for (id, author) in [("m7", "c1"), ("m8", "c2")] {
        let user = format!(r#""user":{{"id":"{author}","username":"{author}","name":"A"}}"#);
        let time = r#""created_at":"2026-11-21T18:03:23.979Z""#;
        socket.text(&format!(r#"42["message",{{"id":"{id}","chat_id":"r","text":"7",{user},{time}}}]"#)).await;
    }
    socket.text(r#"42["message.seen","m7"]"#).await;
    while !matches!(client.next().await, ServerEvent::Seen(_)) {}
    let records = ring.since(0).records;
    let mut groups = Groups::default();
    let groups: Vec<_> = records.iter().map(|record| (groups.assign(record), line(record))).collect();
    let of_seen = groups.last().unwrap().0;
    let send: Vec<_> = groups.iter().filter(|(group, _)| *group == of_seen).map(|(_, line)| line.as_str()).collect();
    assert_eq!(send, ["> POST /v1/messages", "< 201", "< event message", "< event message.seen"]);
    let started = records.iter().find(|record| record.subject.topic == Some(Topic::Send)).unwrap();
    let RecordKind::CallStarted(started) = &started.kind else { panic!("{started:?}") };
    assert!(matches!(&started.body, CallBody::Json(json) if json.text.contains(r#""text":"7""#)), "{started:?}");
    assert_eq!(&*started.headers[0].1, "Bearer ***");
}

#[tokio::test]
async fn unreadable_reply_is_recorded_with_the_reason() {
    let ring = Arc::<Ring>::default();
    let mut server = FakeServer::start(|call, _| match call {
        "POST /v1/user" => (200, ALICE.into()),
        _ => (200, "[1]".into()),
    })
    .await;
    let mut client = Client::recording_into(&ring, &server.url, KEY);
    let _socket = server.accepted_socket().await;
    client.online().await;
    let page = Request::History { room: RoomId::new("r"), serial: PageSerial(1), page: 1, before: None };
    client.connection.send(page).unwrap();
    client.failure().await;
    let records = ring.since(0).records;
    let reply = records.iter().find(|record| record.is_error()).unwrap();
    assert!(reply.problem().is_some_and(|problem| problem.ends_with("no messages")), "{reply:?}");
    assert!(
        matches!(&reply.kind, RecordKind::CallFinished { outcome: CallOutcome::Reply { status: 200, body, .. }, .. }
        if &*body.text == "[1]")
    );
}

#[tokio::test]
async fn call_without_a_server_fails_with_a_reason() {
    let ring = Arc::<Ring>::default();
    let mut client = Client::recording_into(&ring, "http://127.0.0.1:9", KEY);
    client.offline().await;
    let records = ring.since(0).records;
    assert!(records.iter().any(|record| matches!(&record.kind,
        RecordKind::CallFinished { outcome: CallOutcome::Failed(reason), .. } if reason.contains("127.0.0.1:9"))));
}
