//! Servers that ask to slow down, and those that have a bad moment.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::domain::{Failure, Request, ServerEvent};

use super::requests::{send, signed_in};
use super::server::FakeServer;
use super::{ALICE, Client};

/// How many rooms and whose texts were asked for until now, in order.
fn calls(server: &mut FakeServer) -> Vec<String> {
    let mut calls = Vec::new();
    while let Ok((call, body)) = server.calls.try_recv() {
        let body: serde_json::Value = serde_json::from_str(&body).unwrap_or_default();
        calls.push(body["text"].as_str().map_or(call, str::to_owned));
    }
    calls
}

async fn accepted(client: &mut Client, count: usize) -> Vec<String> {
    let mut notices = Vec::new();
    let mut left = count;
    while left > 0 {
        match client.next().await {
            ServerEvent::Accepted { .. } => left -= 1,
            ServerEvent::Notice(text) => notices.push(text.to_string()),
            ServerEvent::Failed { reason, .. } => panic!("{reason}"),
            _ => {}
        }
    }
    notices
}

#[tokio::test]
async fn a_429_makes_everything_wait_and_a_text_keep_its_place() {
    let refusals = AtomicU64::new(0);
    let (mut server, mut client) = signed_in(move |_, _| match refusals.fetch_add(1, Ordering::SeqCst) {
        0 => (429, "Retry-After: 1\n{}".into()),
        _ => (200, r#"{"id":"m","chats":[]}"#.into()),
    })
    .await;
    client.connection.send(send(1)).unwrap();
    let begun = tokio::time::Instant::now();
    while calls(&mut server).is_empty() {
        tokio::task::yield_now().await;
    }
    for n in 2..6 {
        client.connection.send(send(n)).unwrap();
    }
    client.connection.send(Request::Rooms { page: 1 }).unwrap();
    let notices = accepted(&mut client, 5).await;
    assert_eq!(notices, ["The server asks to slow down; what you sent goes out in 1 s."]);
    assert!(begun.elapsed().as_millis() >= 990, "{:?}", begun.elapsed());
    let mut calls = calls(&mut server);
    calls.retain(|call| !call.starts_with("GET"));
    assert_eq!(calls, ["1", "2", "3", "4", "5"]);
}

#[tokio::test]
async fn a_server_that_wants_to_be_left_alone_is_and_says_for_how_long() {
    let (mut server, mut client) = signed_in(|_, _| (429, "Retry-After: 300\n{}".into())).await;
    for n in 1..4 {
        client.connection.send(send(n)).unwrap();
    }
    for _ in 1..4 {
        let expected = "The server asks to be left alone for 5 min. Try again then.";
        assert_eq!(client.failure().await, (Failure::Later, expected.to_owned()));
    }
    // What comes before then is not even asked.
    client.connection.send(Request::Rooms { page: 1 }).unwrap();
    assert_eq!(client.failure().await.0, Failure::Later);
    assert_eq!(calls(&mut server), ["1"]);
}

#[tokio::test]
async fn a_429_without_a_time_is_tried_again_by_itself_until_that_takes_too_long() {
    let (mut server, mut client) = signed_in(|_, _| (429, "{}".into())).await;
    client.connection.send(send(1)).unwrap();
    let (failure, reason) = client.failure().await;
    assert_eq!(failure, Failure::Later, "{reason}");
    let calls = calls(&mut server);
    assert!((5..20).contains(&calls.len()), "{calls:?}");
}

#[tokio::test]
async fn what_only_reads_is_asked_again_after_a_proxys_error_page() {
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
async fn a_text_that_met_an_error_page_may_have_arrived_and_is_not_sent_again_by_itself() {
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
async fn a_sign_in_that_is_asked_to_slow_down_waits_as_long_as_asked() {
    let server = FakeServer::start(|_, _| (429, "Retry-After: 30\n{}".into())).await;
    let (retry_in, reason) = Client::to(&server.url).offline().await;
    assert!((29_000..=30_000).contains(&retry_in), "{retry_in}: {reason}");
}

#[tokio::test]
async fn who_does_not_want_to_wait_may_try_and_is_not_kept_waiting_if_that_works() {
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
    let _socket = server.welcomed().await;
    client.online().await;
    client.connection.send(Request::Rooms { page: 1 }).unwrap();
    assert!(matches!(client.next().await, ServerEvent::Rooms { .. }));
}
