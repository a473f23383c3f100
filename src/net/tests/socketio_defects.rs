//! Defects of `rust_socketio` from the table in `docs/protocol/socketio.md`, unless another file tests them. Each
//! defect is provoked and contained.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio::time::Instant;

use crate::domain::{AccountId, Request, RoomId, ServerEvent};
use crate::net::backoff::Backoff;
use crate::net::connection::Connection;
use crate::net::feed::feed;
use crate::net::generation::{Generation, GenerationEvent, SocketEvent};
use crate::net::socket::{Endpoint, FrameSink};
use crate::net::target::Target;
use crate::net::timing::Timing;
use crate::protocol::minchat::MinChat;
use crate::protocol::{Frame, Handshake};

use super::fake_server::FakeServer;
use super::{ALICE, fast_timing, online};

/// A sink that counts frames.
#[derive(Default)]
struct Counter(AtomicUsize);

impl FrameSink for Counter {
    fn receive(&self, _: Frame) -> bool {
        self.0.fetch_add(1, Ordering::SeqCst);
        false
    }

    fn lose(&self) {}

    fn quote(&self, text: &str, _count: usize) -> String {
        text.to_owned()
    }

    fn flush(&self) {}
}

/// Starts a generation.
fn start(url: &str, timing: Timing) -> (Generation, Arc<Counter>, mpsc::UnboundedReceiver<GenerationEvent>) {
    let endpoint = Endpoint { url: url.to_owned(), ca: Vec::new(), timing, handshake: Handshake::default() };
    let (sender, events) = mpsc::unbounded_channel();
    let counter = Arc::<Counter>::default();
    (Generation::start(0, 1, endpoint, counter.clone(), sender).unwrap(), counter, events)
}

/// Defect "its own reconnect loses the delay": the library never gets to reconnect.
#[tokio::test]
async fn library_never_reconnects_by_itself() {
    let mut server = FakeServer::start(|_, _| (200, ALICE.into())).await;
    let (_generation, _, mut events) = start(&server.url, fast_timing());
    let socket = server.accepted_socket().await;
    assert!(matches!(events.recv().await.unwrap().event, SocketEvent::Connected));
    drop(socket);
    assert!(matches!(events.recv().await.unwrap().event, SocketEvent::Ended(_)));
    // `Ended` is the last event: the runtime is gone, so nothing is left that could connect.
    assert!(events.recv().await.is_none());
    assert_eq!(server.pending_sockets(), 0);
}

/// Defect "a slow callback blocks the pongs": a full feed does not delay the reply to a ping.
#[tokio::test]
async fn pings_are_answered_while_the_feed_is_full() {
    let mut server = FakeServer::start(|_, _| (200, ALICE.into())).await;
    let target = Target { url: server.url.clone(), username: "alice".into(), name: None, ca_file: None, seed: 1 };
    let (sender, mut events) = feed(AccountId(0), 8);
    let backoff = Backoff::new(1);
    let connection =
        Connection::with_timing(target, Box::new(MinChat::new("KEY")), sender, backoff, fast_timing()).unwrap();
    let mut socket = server.accepted_socket().await;
    assert!(socket.recv().await.unwrap().contains("room.user.join"));
    for n in 0..5_000 {
        socket.text(&format!(r#"42["message.delete","{n}"]"#)).await;
    }
    socket.text("2").await;
    assert_eq!(socket.recv().await.as_deref(), Some("3"));
    // The dropped events are reported once.
    let mut losses = 0;
    while let Some(event) = events.try_recv() {
        losses += usize::from(event == ServerEvent::EventsLost);
    }
    assert_eq!(losses, 1);
    drop(connection);
}

/// Defect "connect hangs": the server accepts the TCP connection and sends nothing.
#[tokio::test]
async fn missing_handshake_reply_times_out() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let timing = Timing { connect: Duration::from_millis(100), ..fast_timing() };
    let (_generation, _, mut events) = start(&url, timing);
    let _open = listener.accept().await.unwrap();
    let SocketEvent::Ended(error) = events.recv().await.unwrap().event else { panic!("connected") };
    assert_eq!(&*error.reason, format!("Cannot reach {url}: no response. Check the network."));
}

/// Defect "disconnect hangs": closing does not wait for a server that reads nothing.
#[tokio::test]
async fn disconnect_that_nobody_reads_times_out() {
    let (_server, client, mut socket) = online().await;
    assert!(socket.recv().await.unwrap().contains("room.user.join"));
    let room = RoomId::new(&"r".repeat(300_000));
    for _ in 0..100 {
        client.connection.send(Request::Typing { room: room.clone(), on: true }).unwrap();
    }
    let start = Instant::now();
    tokio::task::spawn_blocking(move || client.connection.close()).await.unwrap();
    assert!(start.elapsed() < Duration::from_secs(3), "{:?}", start.elapsed());
}

/// Defect "`disconnect()` during an outage comes back as a zombie".
#[tokio::test]
async fn connection_closed_during_an_outage_stays_closed() {
    let (server, mut client, socket) = online().await;
    drop(socket);
    client.offline().await;
    let super::Client { connection, mut events } = client;
    tokio::task::spawn_blocking(move || connection.close()).await.unwrap();
    while events.recv().await.is_some() {}
    assert_eq!(server.pending_sockets(), 0);
}

/// Events of an old generation are dropped.
#[tokio::test]
async fn dropped_generation_delivers_nothing() {
    let mut server = FakeServer::start(|_, _| (200, ALICE.into())).await;
    let (generation, counter, mut events) = start(&server.url, fast_timing());
    let mut socket = server.accepted_socket().await;
    assert!(matches!(events.recv().await.unwrap().event, SocketEvent::Connected));
    socket.text(r#"42["message.delete","1"]"#).await;
    while counter.0.load(Ordering::SeqCst) == 0 {
        tokio::task::yield_now().await;
    }
    drop(generation);
    socket.text(r#"42["message.delete","2"]"#).await;
    while socket.recv().await.is_some() {}
    assert_eq!(counter.0.load(Ordering::SeqCst), 1);
}

/// Row "leaks: none over 1,000 reconnects", with fewer reconnects.
#[tokio::test]
async fn ended_generations_are_freed() {
    let mut server = FakeServer::start(|_, _| (200, ALICE.into())).await;
    let mut ended = Vec::new();
    for _ in 0..50 {
        let (generation, counter, mut events) = start(&server.url, fast_timing());
        drop(server.accepted_socket().await);
        while events.recv().await.is_some() {}
        drop(generation);
        ended.push(Arc::downgrade(&counter));
    }
    // The callbacks are dropped together with the runtime, so no task of the library is left.
    let start = Instant::now();
    while ended.iter().any(|counter| counter.strong_count() > 0) {
        assert!(start.elapsed() < super::EVENT_TIMEOUT, "a task of an ended generation is still alive");
        tokio::task::yield_now().await;
    }
}
