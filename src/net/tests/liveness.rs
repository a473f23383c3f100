//! Connections that die without an error.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use tokio::sync::mpsc;

use crate::domain::{ConnectionStatus, Request, ServerEvent};
use crate::net::generation::{Generation, SocketEvent};
use crate::net::socket::{Endpoint, FrameSink};
use crate::net::timing::Timing;
use crate::protocol::minchat::MinChat;
use crate::protocol::{Frame, Handshake};

use super::fake_server::{DELAYED, FakeServer};
use super::{ALICE, Client, fast_timing};

/// A sink that ignores all frames.
pub(super) struct NullSink;

impl FrameSink for NullSink {
    fn receive(&self, _: Frame) -> bool {
        false
    }

    fn lose(&self) {}

    fn quote(&self, text: &str, _count: usize) -> String {
        text.to_owned()
    }

    fn flush(&self) {}
}

/// The heartbeat depends on the library's log lines. Without this test nothing would report that they have changed.
#[tokio::test]
async fn pings_and_intervals_are_read_from_the_library_log() {
    let mut server = FakeServer::start(|_, _| (200, ALICE.into())).await;
    let timing = Timing { max_silence: Duration::from_secs(60), ..fast_timing() };
    let endpoint = Endpoint { url: server.url.clone(), ca: Vec::new(), timing, handshake: Handshake::default() };
    let (sender, mut events) = mpsc::unbounded_channel();
    let generation = Generation::start(0, 1, endpoint, Arc::new(NullSink), sender).unwrap();
    let mut socket = server.accepted_socket().await;
    assert!(matches!(events.recv().await.unwrap().event, SocketEvent::Connected));
    let (mut before, limit) = generation.heartbeat.last().expect("log lines of the library");
    assert_eq!(limit, Duration::from_secs(25 + 20 + 5));
    for _ in 0..3 {
        while before.elapsed() < Duration::from_millis(2) {
            tokio::task::yield_now().await;
        }
        socket.text("2").await;
        assert_eq!(socket.recv().await.as_deref(), Some("3"));
        let (last_frame, _) = generation.heartbeat.last().unwrap();
        assert!(last_frame > before);
        before = last_frame;
    }
}

#[tokio::test]
async fn silent_server_is_replaced_by_a_new_socket() {
    expect_silence_to_be_noticed(Timing { max_silence: Duration::from_millis(150), ..fast_timing() }).await;
    // Without regular checks, there is only the one when the silence limit expires.
    expect_silence_to_be_noticed(Timing {
        max_silence: Duration::from_millis(150),
        liveness_interval: None,
        ..fast_timing()
    })
    .await;
}

async fn expect_silence_to_be_noticed(timing: Timing) {
    let mut server = FakeServer::start(|_, _| (200, ALICE.into())).await;
    let mut client = Client::with_timing(timing, &server.url, None, Box::new(MinChat::new("KEY")));
    let _silent = server.accepted_socket().await;
    client.online().await;
    let (_, reason) = client.offline().await;
    assert_eq!(reason, "The server has been silent for 0 s. Check the network.");
    let _socket = server.accepted_socket().await;
    client.online().await;
}

/// Waits for the next report of silence, and skips all other events.
async fn silence(client: &mut Client) -> Option<i64> {
    loop {
        if let ServerEvent::Silence(millis) = client.next().await {
            return millis;
        }
    }
}

#[tokio::test]
async fn unanswered_call_is_reported_until_it_is_answered() {
    let handler = |request: &str, _: &str| {
        let status = if request.starts_with("GET") { DELAYED + 200 } else { 200 };
        (status, ALICE.into())
    };
    let mut server = FakeServer::start(handler).await;
    let timing = Timing { response: Duration::from_millis(200), ..fast_timing() };
    let mut client = Client::with_timing(timing, &server.url, None, Box::new(MinChat::new("KEY")));
    let _socket = server.accepted_socket().await;
    client.online().await;
    client.connection.send(Request::Rooms { page: 1 }).unwrap();
    assert!(silence(&mut client).await >= Some(200));
    server.release();
    assert_eq!(silence(&mut client).await, None);
}

/// The server's ping is overdue, and nothing was requested.
#[tokio::test]
async fn overdue_ping_is_reported_until_a_frame_arrives() {
    let mut server = FakeServer::start(|_, _| (200, ALICE.into())).await;
    let timing = Timing { response: Duration::from_millis(300), ..fast_timing() };
    let mut client = Client::with_timing(timing, &server.url, None, Box::new(MinChat::new("KEY")));
    let mut socket = server.socket().await;
    socket.open_with_pings(200).await;
    socket.text(r#"40{"sid":"s1"}"#).await;
    client.online().await;
    assert!(silence(&mut client).await >= Some(300));
    socket.text("2").await;
    assert_eq!(silence(&mut client).await, None);
}

/// Seconds by which the wall clock of these tests is ahead.
static WALL_CLOCK_OFFSET: AtomicU64 = AtomicU64::new(0);

fn wall_clock() -> SystemTime {
    SystemTime::now() + Duration::from_secs(WALL_CLOCK_OFFSET.load(Ordering::SeqCst))
}

#[tokio::test]
async fn sleep_causes_an_immediate_reconnect() {
    let mut server = FakeServer::start(|_, _| (200, ALICE.into())).await;
    let timing = Timing { wall_clock, ..fast_timing() };
    let mut client = Client::with_timing(timing, &server.url, None, Box::new(MinChat::new("KEY")));
    let mut before = server.accepted_socket().await;
    client.online().await;
    WALL_CLOCK_OFFSET.fetch_add(3600, Ordering::SeqCst);
    // The status is not `Offline` in between, because no error is known.
    assert_eq!(client.status().await, ConnectionStatus::Connecting);
    while before.recv().await.is_some() {}
    let _socket = server.accepted_socket().await;
    client.online().await;

    let server = FakeServer::start(|_, _| (429, "Retry-After: 3600\n{}".into())).await;
    let timing = Timing { wall_clock, ..fast_timing() };
    let mut client = Client::with_timing(timing, &server.url, None, Box::new(MinChat::new("KEY")));
    assert!(client.offline().await.0 > 3_000_000);
    WALL_CLOCK_OFFSET.fetch_add(3600, Ordering::SeqCst);
    assert_eq!(client.status().await, ConnectionStatus::Connecting);

    let server = FakeServer::start(|_, _| (403, "{}".into())).await;
    let timing = Timing { wall_clock, ..fast_timing() };
    let mut client = Client::with_timing(timing, &server.url, None, Box::new(MinChat::new("KEY")));
    client.refused().await;
    WALL_CLOCK_OFFSET.fetch_add(3600, Ordering::SeqCst);
    assert_eq!(client.status().await, ConnectionStatus::Connecting);
}
