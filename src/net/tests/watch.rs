//! Connections that end without saying so.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use tokio::sync::mpsc;

use crate::domain::ConnectionStatus;
use crate::net::socket::{Endpoint, Generation, Limits, News, Sink};
use crate::protocol::minchat::MinChat;
use crate::protocol::{Frame, Handshake};

use super::server::FakeServer;
use super::{ALICE, Client, limits};

struct Nobody;

impl Sink for Nobody {
    fn frame(&self, _: Frame) -> bool {
        false
    }

    fn flush(&self) {}
}

/// What the watchdog rests on: a change of the library's log would make it deaf, and nothing else would tell.
#[tokio::test]
async fn pings_and_the_servers_promise_are_heard_below_the_library() {
    let mut server = FakeServer::start(|_, _| (200, ALICE.into())).await;
    let limits = Limits { silence: Duration::from_secs(60), ..limits() };
    let endpoint = Endpoint { url: server.url.clone(), ca: Vec::new(), limits, handshake: Handshake::default() };
    let (notes, mut news) = mpsc::unbounded_channel();
    let generation = Generation::start(1, endpoint, Arc::new(Nobody), notes).unwrap();
    let mut socket = server.welcomed().await;
    assert!(matches!(news.recv().await.unwrap().news, News::Connected));
    let (mut before, bound) = generation.pulse.last().expect("the library's log is heard");
    assert_eq!(bound, Duration::from_secs(25 + 20 + 5));
    for _ in 0..3 {
        while before.elapsed() < Duration::from_millis(2) {
            tokio::task::yield_now().await;
        }
        socket.text("2").await;
        assert_eq!(socket.recv().await.as_deref(), Some("3"));
        let (heard, _) = generation.pulse.last().unwrap();
        assert!(heard > before);
        before = heard;
    }
}

#[tokio::test]
async fn a_server_that_falls_silent_is_given_up_and_another_socket_is_opened() {
    falls_silent(Limits { silence: Duration::from_millis(150), ..limits() }).await;
    // No look but the one when the promise ends.
    falls_silent(Limits { silence: Duration::from_millis(150), look: None, ..limits() }).await;
}

async fn falls_silent(limits: Limits) {
    let mut server = FakeServer::start(|_, _| (200, ALICE.into())).await;
    let mut client = Client::within(limits, &server.url, None, Box::new(MinChat::new("KEY")));
    let _silent = server.welcomed().await;
    client.online().await;
    let (_, reason) = client.offline().await;
    assert_eq!(reason, "The server has been silent for 0 s. Check the network.");
    let _socket = server.welcomed().await;
    client.online().await;
}

/// How far the time of day is ahead, in seconds.
static AHEAD: AtomicU64 = AtomicU64::new(0);

fn wall() -> SystemTime {
    SystemTime::now() + Duration::from_secs(AHEAD.load(Ordering::SeqCst))
}

#[tokio::test]
async fn after_a_sleep_the_connection_is_made_anew_at_once_and_nobody_waits_for_the_next_attempt() {
    let mut server = FakeServer::start(|_, _| (200, ALICE.into())).await;
    let limits = Limits { wall, ..limits() };
    let mut client = Client::within(limits, &server.url, None, Box::new(MinChat::new("KEY")));
    let mut before = server.welcomed().await;
    client.online().await;
    AHEAD.fetch_add(3600, Ordering::SeqCst);
    // Not offline first: nothing is known to be wrong.
    assert_eq!(client.link().await, ConnectionStatus::Connecting);
    while before.recv().await.is_some() {}
    let _socket = server.welcomed().await;
    client.online().await;

    let server = FakeServer::start(|_, _| (429, "Retry-After: 3600\n{}".into())).await;
    let limits = Limits { wall, ..self::limits() };
    let mut client = Client::within(limits, &server.url, None, Box::new(MinChat::new("KEY")));
    assert!(client.offline().await.0 > 3_000_000);
    AHEAD.fetch_add(3600, Ordering::SeqCst);
    assert_eq!(client.link().await, ConnectionStatus::Connecting);
}
