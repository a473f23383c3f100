//! Requests over REST: their order, their replies, and failures without a reply.

use crate::domain::{Content, Failure, LocalId, MessageId, Request, RoomId, ServerEvent};

use super::fake_server::FakeServer;
use super::{ALICE, Client};

/// Returns a server and a signed-in client. `handler` replies to all calls but the sign-in; the socket is never
/// accepted.
pub(super) async fn signed_in(
    handler: impl Fn(&str, &str) -> (u16, String) + Send + Sync + 'static,
) -> (FakeServer, Client) {
    let mut server = FakeServer::start(move |request, body| match request {
        "POST /v1/user" => (200, ALICE.into()),
        _ => handler(request, body),
    })
    .await;
    let mut client = Client::to(&server.url);
    while !matches!(client.next().await, ServerEvent::SignedIn { .. }) {}
    server.calls.recv().await.unwrap();
    (server, client)
}

pub(super) fn send(n: u128) -> Request {
    Request::Send { room: RoomId::new("r"), local: LocalId::from_random(n), content: Content::text(n.to_string()) }
}

#[tokio::test]
async fn changes_are_sequential_without_a_socket() {
    let (mut server, mut client) = signed_in(|_, body| {
        let body: serde_json::Value = serde_json::from_str(body).unwrap();
        (201, serde_json::json!({"id": body["text"]}).to_string())
    })
    .await;
    for n in 0..50 {
        client.connection.send(send(n)).unwrap();
    }
    for n in 0..50 {
        let (call, body) = server.calls.recv().await.unwrap();
        assert_eq!(call, "POST /v1/messages");
        assert!(body.contains(&format!(r#""text":"{n}""#)), "{body}");
        let accepted = loop {
            if let ServerEvent::Accepted { local, id, .. } = client.next().await {
                break (local, id);
            }
        };
        assert_eq!(accepted, (LocalId::from_random(n), Some(MessageId::new(&n.to_string()))));
    }
}

#[tokio::test]
async fn refusal_quotes_the_server_but_not_an_error_page() {
    let (_server, mut client) = signed_in(|request, _| match request {
        "POST /v1/messages" => (400, r#"{"success":false,"message":"Text is too long"}"#.into()),
        "DELETE /v1/chat/r" => (200, r#"{"success":false}"#.into()),
        _ => (502, "<html><h1>Bad Gateway".into()),
    })
    .await;
    client.connection.send(send(1)).unwrap();
    assert_eq!(client.failure().await.1, "The server refused the request: Text is too long");
    client.connection.send(Request::DeleteRoom { room: RoomId::new("r") }).unwrap();
    assert_eq!(client.failure().await.1, "The server refused the request and gave no reason. Try again later.");
    client.connection.send(Request::Rooms { page: 1 }).unwrap();
    assert_eq!(client.failure().await.1, "The server has a problem (HTTP 502). Try again later.");
}

#[tokio::test]
async fn oversized_reply_is_rejected() {
    let (_server, mut client) = signed_in(|_, _| (200, " ".repeat(9 << 20))).await;
    client.connection.send(Request::Rooms { page: 1 }).unwrap();
    let (failure, reason) = client.failure().await;
    assert!(reason.contains("too large"), "{reason}");
    assert_eq!(failure, Failure::Refused, "another attempt would get the same reply");
}

#[tokio::test]
async fn request_while_offline_fails_immediately() {
    let mut client = Client::to("http://127.0.0.1:1");
    client.connection.send(send(1)).unwrap();
    let expected = "Not connected yet. Try again when the connection is up.";
    assert_eq!(client.failure().await, (Failure::NotSent, expected.to_owned()));
}

#[tokio::test]
async fn only_expected_answers_are_reported_without_a_call() {
    let (_server, mut client) = signed_in(|_, _| (200, "{}".into())).await;
    let room = RoomId::new("r");
    // These are events of a socket that is not up yet, and a feature that the service does not have.
    let silent = [Request::Join { room: room.clone() }, Request::Heartbeat { room: room.clone() }, Request::ActiveCall];
    for request in silent {
        client.connection.send(request).unwrap();
    }
    client.connection.send(Request::Seen { room: room.clone(), message: MessageId::new("m") }).unwrap();
    assert_eq!(client.failure().await, (Failure::NotSent, "The receipt was not sent.".to_owned()));
    client.connection.send(Request::Mute { room, on: true }).unwrap();
    assert_eq!(client.failure().await, (Failure::Refused, "This chat service does not support that.".to_owned()));
}

#[tokio::test]
async fn closing_waits_for_messages_in_progress() {
    let (mut server, client) = signed_in(|_, _| (200, "{}".into())).await;
    client.connection.send(send(1)).unwrap();
    client.connection.send(send(2)).unwrap();
    tokio::task::spawn_blocking(move || client.connection.close()).await.unwrap();
    assert!(server.calls.recv().await.unwrap().1.contains(r#""text":"1""#));
    assert!(server.calls.recv().await.unwrap().1.contains(r#""text":"2""#));
}
