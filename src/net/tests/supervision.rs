//! The rows of the note on `rust_socketio` that no other test here shows. Each defect is provoked, and contained.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio::time::Instant;

use crate::domain::{AccountId, Request, RoomId, ServerEvent};
use crate::net::backoff::Backoff;
use crate::net::connection::{Connection, Target};
use crate::net::feed::feed;
use crate::net::socket::{Endpoint, Generation, Limits, News, Note, Sink};
use crate::protocol::minchat::MinChat;
use crate::protocol::{Frame, Handshake};

use super::server::FakeServer;
use super::{ALICE, limits, online};

/// Counts the frames.
#[derive(Default)]
struct Counter(AtomicUsize);

impl Sink for Counter {
    fn frame(&self, _: Frame) -> bool {
        self.0.fetch_add(1, Ordering::SeqCst);
        false
    }

    fn flush(&self) {}
}

fn start(url: &str, limits: Limits) -> (Generation, Arc<Counter>, mpsc::UnboundedReceiver<Note>) {
    let endpoint = Endpoint { url: url.to_owned(), ca: Vec::new(), limits, handshake: Handshake::default() };
    let (notes, news) = mpsc::unbounded_channel();
    let counter = Arc::<Counter>::default();
    (Generation::start(1, endpoint, counter.clone(), notes).unwrap(), counter, news)
}

/// Row "its own reconnect loses the delay": it is never let begin.
#[tokio::test]
async fn the_library_never_connects_by_itself_again() {
    let mut server = FakeServer::start(|_, _| (200, ALICE.into())).await;
    let (_generation, _, mut news) = start(&server.url, limits());
    let socket = server.welcomed().await;
    assert!(matches!(news.recv().await.unwrap().news, News::Connected));
    drop(socket);
    assert!(matches!(news.recv().await.unwrap().news, News::Ended(_)));
    // The end is the last word: the runtime is gone, and nobody is left who could connect.
    assert!(news.recv().await.is_none());
    assert_eq!(server.sockets_waiting(), 0);
}

/// Row "a slow callback blocks the pongs": however little is read here, the pong comes.
#[tokio::test]
async fn pings_are_answered_while_nobody_takes_the_events() {
    let mut server = FakeServer::start(|_, _| (200, ALICE.into())).await;
    let target =
        Target { url: server.url.clone(), username: "alice".into(), name: "Alice".into(), ca_file: None, seed: 1 };
    let (sender, mut events) = feed(AccountId(0), 8);
    let backoff = Backoff::new(1);
    let connection = Connection::tuned(target, Box::new(MinChat::new("KEY")), sender, backoff, limits()).unwrap();
    let mut socket = server.welcomed().await;
    assert!(socket.recv().await.unwrap().contains("room.user.join"));
    for n in 0..5_000 {
        socket.text(&format!(r#"42["message.delete","{n}"]"#)).await;
    }
    socket.text("2").await;
    assert_eq!(socket.recv().await.as_deref(), Some("3"));
    // What there was no room for is one gap.
    let mut gaps = 0;
    while let Some(event) = events.try_recv() {
        gaps += usize::from(event == ServerEvent::Gap);
    }
    assert_eq!(gaps, 1);
    drop(connection);
}

/// Row "connect hangs": a server that takes the connection and says nothing.
#[tokio::test]
async fn a_server_that_answers_no_handshake_is_given_up() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let limits = Limits { connect: Duration::from_millis(100), ..limits() };
    let (_generation, _, mut news) = start(&url, limits);
    let _open = listener.accept().await.unwrap();
    let News::Ended(trouble) = news.recv().await.unwrap().news else { panic!("connected") };
    assert_eq!(&*trouble.reason, format!("Cannot reach {url}: it does not answer. Check the network."));
}

/// Row "disconnect hangs": quitting does not wait for a server that reads nothing.
#[tokio::test]
async fn a_farewell_that_nobody_reads_takes_no_longer_than_its_limit() {
    let (_server, client, mut socket) = online().await;
    assert!(socket.recv().await.unwrap().contains("room.user.join"));
    let room = RoomId::new(&"r".repeat(300_000));
    for _ in 0..100 {
        client.connection.send(Request::Typing { room: room.clone(), on: true }).unwrap();
    }
    let begun = Instant::now();
    tokio::task::spawn_blocking(move || client.connection.close()).await.unwrap();
    assert!(begun.elapsed() < Duration::from_secs(3), "{:?}", begun.elapsed());
}

/// Row "disconnect during an outage comes back as a zombie".
#[tokio::test]
async fn what_is_closed_during_an_outage_never_comes_back() {
    let (server, mut client, socket) = online().await;
    drop(socket);
    client.offline().await;
    let super::Client { connection, mut events } = client;
    tokio::task::spawn_blocking(move || connection.close()).await.unwrap();
    while events.recv().await.is_some() {}
    assert_eq!(server.sockets_waiting(), 0);
}

/// Row "events of an older generation are dropped".
#[tokio::test]
async fn a_generation_that_is_let_go_hands_nothing_on() {
    let mut server = FakeServer::start(|_, _| (200, ALICE.into())).await;
    let (generation, counter, mut news) = start(&server.url, limits());
    let mut socket = server.welcomed().await;
    assert!(matches!(news.recv().await.unwrap().news, News::Connected));
    socket.text(r#"42["message.delete","1"]"#).await;
    while counter.0.load(Ordering::SeqCst) == 0 {
        tokio::task::yield_now().await;
    }
    drop(generation);
    socket.text(r#"42["message.delete","2"]"#).await;
    while socket.recv().await.is_some() {}
    assert_eq!(counter.0.load(Ordering::SeqCst), 1);
}

/// Row "leaks: none over 1,000 reconnects": the threads of ended generations are gone. Fewer, to be quick.
#[tokio::test]
async fn generations_leave_no_threads_behind() {
    let mut server = FakeServer::start(|_, _| (200, ALICE.into())).await;
    let mut ended = Vec::new();
    for _ in 0..50 {
        let (generation, counter, mut news) = start(&server.url, limits());
        drop(server.welcomed().await);
        while news.recv().await.is_some() {}
        drop(generation);
        ended.push(Arc::downgrade(&counter));
    }
    // What the callbacks hold goes with the runtime: nothing of the library runs on.
    let begun = Instant::now();
    while ended.iter().any(|counter| counter.strong_count() > 0) {
        assert!(begun.elapsed() < super::PATIENCE, "something of a generation lives on");
        tokio::task::yield_now().await;
    }
}
