//! Rate limits, and brief failures of the server.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::domain::{Failure, Request, ServerEvent};

use super::fake_server::FakeServer;
use super::requests::{send, signed_in};
use super::{ALICE, Client};

/// Returns the calls so far in order: the text of a send, and `METHOD path` of any other call.
fn calls(server: &mut FakeServer) -> Vec<String> {
    let mut calls = Vec::new();
    while let Ok((call, body)) = server.calls.try_recv() {
        let body: serde_json::Value = serde_json::from_str(&body).unwrap_or_default();
        calls.push(body["text"].as_str().map_or(call, str::to_owned));
    }
    calls
}

/// Waits for `count` accepted messages and returns the notices before them.
async fn accepted(client: &mut Client, count: usize) -> Vec<String> {
    let mut notices = Vec::new();
    let mut left = count;
    while left > 0 {
        match client.next().await {
            ServerEvent::Accepted { .. } => left -= 1,
            ServerEvent::Paused(Some(pause)) => notices.push(pause.sentence.to_string()),
            ServerEvent::Paused(None) => notices.push("end".to_owned()),
            ServerEvent::Failed { reason, .. } => panic!("{reason}"),
            _ => {}
        }
    }
    notices
}

#[tokio::test]
async fn rate_limit_pauses_all_calls_and_keeps_the_order() {
    let refusals = AtomicU64::new(0);
    let (mut server, mut client) = signed_in(move |_, _| match refusals.fetch_add(1, Ordering::SeqCst) {
        0 => (429, "Retry-After: 1\n{}".into()),
        _ => (200, r#"{"id":"m","chats":[]}"#.into()),
    })
    .await;
    client.connection.send(send(1)).unwrap();
    let start = tokio::time::Instant::now();
    while calls(&mut server).is_empty() {
        tokio::task::yield_now().await;
    }
    for n in 2..6 {
        client.connection.send(send(n)).unwrap();
    }
    client.connection.send(Request::Rooms { page: 1 }).unwrap();
    let notices = accepted(&mut client, 5).await;
    // Regression test: the notice stayed for seconds after the server had accepted the message.
    assert_eq!(notices, ["The server asks to slow down. Your messages will be sent in 1 s.", "end"]);
    assert!(start.elapsed().as_millis() >= 990, "{:?}", start.elapsed());
    let mut calls = calls(&mut server);
    calls.retain(|call| !call.starts_with("GET"));
    assert_eq!(calls, ["1", "2", "3", "4", "5"]);
}

/// Returns the sentences about pauses until there are `count`, or the pause ends.
async fn pauses(client: &mut Client, count: usize) -> Vec<(String, bool)> {
    let mut pauses = Vec::new();
    while pauses.len() < count {
        match client.next().await {
            ServerEvent::Paused(Some(pause)) => pauses.push((pause.sentence.to_string(), pause.has_changes)),
            ServerEvent::Paused(None) => break,
            _ => {}
        }
    }
    pauses
}

/// A message that waited because of a rate limit was not explained if a read had met the limit first.
#[tokio::test]
async fn message_sent_during_a_pause_is_explained() {
    let (_server, mut client) = signed_in(|_, _| (429, "Retry-After: 1\n{}".into())).await;
    client.connection.send(Request::Rooms { page: 1 }).unwrap();
    let read = ("The server asks to slow down. It will answer in 1 s.".to_owned(), false);
    assert_eq!(pauses(&mut client, 1).await, [read]);
    client.connection.send(send(1)).unwrap();
    let sent = ("The server asks to slow down. Your messages will be sent in 1 s.".to_owned(), true);
    assert_eq!(pauses(&mut client, 1).await, [sent]);
}

#[tokio::test]
async fn long_rate_limit_rejects_requests() {
    let (mut server, mut client) = signed_in(|_, _| (429, "Retry-After: 300\n{}".into())).await;
    for n in 1..4 {
        client.connection.send(send(n)).unwrap();
    }
    for _ in 1..4 {
        let expected = "The server accepts no requests for 5 min (rate limit). Try again after that.";
        assert_eq!(client.failure().await, (Failure::RetryLater, expected.to_owned()));
    }
    // Later requests are rejected without a call.
    client.connection.send(Request::Rooms { page: 1 }).unwrap();
    assert_eq!(client.failure().await.0, Failure::RetryLater);
    assert_eq!(calls(&mut server), ["1"]);
}

#[tokio::test]
async fn rate_limit_without_a_delay_is_retried_for_a_while() {
    let (mut server, mut client) = signed_in(|_, _| (429, "{}".into())).await;
    client.connection.send(send(1)).unwrap();
    let (failure, reason) = client.failure().await;
    assert_eq!(failure, Failure::RetryLater, "{reason}");
    let calls = calls(&mut server);
    assert!((5..20).contains(&calls.len()), "{calls:?}");
}

#[tokio::test]
async fn read_is_retried_after_a_proxy_error() {
    let pages = AtomicU64::new(0);
    let (_server, mut client) = signed_in(move |_, _| match pages.fetch_add(1, Ordering::SeqCst) {
        0..3 => (502, "<html><h1>Bad Gateway".into()),
        _ => (200, r#"{"chats":[],"total_pages":1}"#.into()),
    })
    .await;
    client.connection.send(Request::Rooms { page: 1 }).unwrap();
    loop {
        match client.next().await {
            ServerEvent::Rooms { .. } => break,
            ServerEvent::Failed { reason, .. } => panic!("{reason}"),
            _ => {}
        }
    }
}

#[tokio::test]
async fn send_is_not_retried_after_a_server_error() {
    for status in [500, 502, 503, 504] {
        let (mut server, mut client) = signed_in(move |_, _| (status, "<html>".into())).await;
        client.connection.send(send(1)).unwrap();
        assert_eq!(client.failure().await.0, Failure::Uncertain, "{status}");
        assert_eq!(calls(&mut server), ["1"]);
    }
    let (_server, mut client) = signed_in(|_, _| (422, r#"{"message":"Too long"}"#.into())).await;
    client.connection.send(send(1)).unwrap();
    assert_eq!(client.failure().await.0, Failure::Refused);
}

#[tokio::test]
async fn rate_limited_sign_in_waits() {
    let server = FakeServer::start(|_, _| (429, "Retry-After: 30\n{}".into())).await;
    let (retry_in, reason) = Client::to(&server.url).offline().await;
    assert!((29_000..=30_000).contains(&retry_in), "{retry_in}: {reason}");
}

#[tokio::test]
async fn manual_reconnect_overrides_a_rate_limit() {
    let refusals = AtomicU64::new(0);
    let mut server = FakeServer::start(move |_, _| match refusals.fetch_add(1, Ordering::SeqCst) {
        0 => (429, "Retry-After: 3000\n{}".into()),
        1 => (200, ALICE.into()),
        _ => (200, r#"{"chats":[],"total_pages":1}"#.into()),
    })
    .await;
    let mut client = Client::to(&server.url);
    assert!(client.offline().await.0 > 2_000_000);
    client.connection.retry_now();
    let _socket = server.accepted_socket().await;
    client.online().await;
    client.connection.send(Request::Rooms { page: 1 }).unwrap();
    assert!(matches!(client.next().await, ServerEvent::Rooms { .. }));
}
