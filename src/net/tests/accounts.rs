//! Several connections in one process: events, failures and rate limits stay within their account.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;

use crate::domain::{AccountId, ConnectionStatus, Failure, MessageId, Request, ServerEvent};
use crate::net::generation::{Generation, SocketEvent};
use crate::net::socket::Endpoint;
use crate::protocol::Handshake;
use crate::protocol::minchat::MinChat;

use super::fake_server::{FakeServer, FakeSocket};
use super::liveness::NullSink;
use super::malformed_frames::{install_panic_hook, provoke_panic};
use super::{ALICE, Client, fast_timing};

/// Returns a server and a client of `account` that is online with it.
async fn online(account: u16) -> (FakeServer, Client, FakeSocket) {
    let mut server = FakeServer::start(|request, _| match request {
        "POST /v1/user" => (200, ALICE.into()),
        // Every other call runs into a rate limit.
        _ => (429, "Retry-After: 300\n{}".into()),
    })
    .await;
    let protocol = Box::new(MinChat::new("KEY"));
    let mut client = Client::for_account(AccountId(account), fast_timing(), &server.url, None, protocol);
    let socket = server.accepted_socket().await;
    client.online().await;
    (server, client, socket)
}

/// Asserts that the next event of a client is a message that its server sends now.
async fn assert_receives(client: &mut Client, socket: &mut FakeSocket, id: &str) {
    socket.text(&format!(r#"42["message.delete","{id}"]"#)).await;
    assert_eq!(client.next().await, ServerEvent::Deleted(MessageId::new(id)));
}

#[tokio::test]
async fn events_reach_only_their_account() {
    let (_server, mut first, mut first_socket) = online(0).await;
    let (_other_server, mut second, mut second_socket) = online(1).await;
    assert_eq!((first.events.account(), second.events.account()), (AccountId(0), AccountId(1)));
    assert_receives(&mut first, &mut first_socket, "1").await;
    assert_receives(&mut second, &mut second_socket, "2").await;
    assert_receives(&mut first, &mut first_socket, "3").await;
}

#[tokio::test]
async fn library_panic_ends_one_connection_only() {
    install_panic_hook();
    let (_server, mut first, first_socket) = online(0).await;
    let (_other_server, mut second, mut second_socket) = online(1).await;
    provoke_panic(first_socket).await;
    assert!(first.offline().await.1.contains("cannot be read"));
    // The next event of the second account is not a change of its connection.
    assert_receives(&mut second, &mut second_socket, "2").await;
}

#[tokio::test]
async fn rate_limit_applies_to_one_connection_only() {
    let (_server, mut first, _first_socket) = online(0).await;
    first.connection.send(Request::Rooms { page: 1 }).unwrap();
    assert_eq!(first.failure().await.0, Failure::RetryLater);
    let mut other_server = FakeServer::start(|request, _| match request {
        "POST /v1/user" => (200, ALICE.into()),
        _ => (200, r#"{"chats":[],"total_pages":1}"#.into()),
    })
    .await;
    let protocol = Box::new(MinChat::new("KEY"));
    let mut second = Client::for_account(AccountId(1), fast_timing(), &other_server.url, None, protocol);
    let _second_socket = other_server.accepted_socket().await;
    second.online().await;
    second.connection.send(Request::Rooms { page: 1 }).unwrap();
    assert!(matches!(second.next().await, ServerEvent::Rooms { .. }));
}

#[tokio::test]
async fn closing_one_connection_leaves_the_other() {
    let (_server, first, _first_socket) = online(0).await;
    let (_other_server, mut second, mut second_socket) = online(1).await;
    tokio::task::spawn_blocking(move || first.connection.close()).await.unwrap();
    assert_receives(&mut second, &mut second_socket, "2").await;
}

/// The logger behind the heartbeats is global, but each heartbeat must only record the frames of its own socket.
#[tokio::test]
async fn heartbeat_records_only_its_own_socket() {
    let mut servers = Vec::new();
    for account in 0..2 {
        let mut server = FakeServer::start(|_, _| (200, ALICE.into())).await;
        let (url, handshake) = (server.url.clone(), Handshake::default());
        let endpoint = Endpoint { url, ca: Vec::new(), timing: fast_timing(), handshake };
        let (sender, mut events) = mpsc::unbounded_channel();
        let generation = Generation::start(account, 1, endpoint, Arc::new(NullSink), sender).unwrap();
        let socket = server.accepted_socket().await;
        assert!(matches!(events.recv().await.unwrap().event, SocketEvent::Connected));
        servers.push((server, generation, socket));
    }
    let [(_, first, first_socket), (_, second, _)] = servers.as_mut_slice() else { panic!() };
    let last_frames = |first: &Generation, second: &Generation| {
        (first.heartbeat.last().unwrap().0, second.heartbeat.last().unwrap().0)
    };
    let before = last_frames(first, second);
    while before.0.elapsed() < Duration::from_millis(2) {
        tokio::task::yield_now().await;
    }
    first_socket.text("2").await;
    assert_eq!(first_socket.recv().await.as_deref(), Some("3"));
    let after = last_frames(first, second);
    assert!(after.0 > before.0, "a frame of the first server was recorded");
    assert_eq!(after.1, before.1, "no frame of the second server was recorded");
}

/// A silent server ends its own connection, although the server of another account pings.
#[tokio::test]
async fn silence_ends_one_connection_only() {
    let timing = super::Timing { max_silence: Duration::from_millis(300), ..fast_timing() };
    let mut silent_server = FakeServer::start(|_, _| (200, ALICE.into())).await;
    let protocol = Box::new(MinChat::new("KEY"));
    let mut silent = Client::for_account(AccountId(0), timing, &silent_server.url, None, protocol);
    let _silent_socket = silent_server.accepted_socket().await;
    silent.online().await;
    let (_server, mut second, mut second_socket) = online(1).await;
    let pings = async {
        loop {
            second_socket.text("2").await;
            while second_socket.recv().await.expect("an open socket") != "3" {}
        }
    };
    let status = tokio::select! {
        status = silent.status() => status,
        () = pings => unreachable!(),
    };
    assert!(matches!(status, ConnectionStatus::Offline { .. }), "{status:?}");
    assert_receives(&mut second, &mut second_socket, "2").await;
}
