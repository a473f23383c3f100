//! Signing in, staying connected, reconnecting.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::domain::{ConnectionStatus, MINUTE, MessageId, Request, RoomId, ServerEvent};
use crate::protocol::minchat::MinChat;

use super::fake_server::FakeServer;
use super::{ALICE, Client, fast_timing, online};

#[tokio::test]
async fn client_connects_in_the_documented_order() {
    let mut server = FakeServer::start(|_, _| (201, ALICE.into())).await;
    let mut client = Client::to(&server.url);
    assert_eq!(client.next().await, ServerEvent::Connection(ConnectionStatus::Connecting));
    let ServerEvent::SignedIn { me, capabilities } = client.next().await else { panic!("not signed in") };
    assert_eq!((me.id.as_str(), &*me.name, capabilities.name), ("c1", "Alice", "MinChat"));
    let (call, body) = server.calls.recv().await.unwrap();
    assert_eq!((call.as_str(), body.as_str()), ("POST /v1/user", r#"{"name":"Alice","username":"alice"}"#));

    let mut socket = server.socket().await;
    socket.open().await; // asserts that nothing is emitted before the server's connect packet
    // An early join is dropped: the program joins its rooms after `Online`.
    client.connection.send(Request::Join { room: RoomId::new("early") }).unwrap();
    client.connection.send(Request::FindPerson { username: "alice".into() }).unwrap();
    assert!(matches!(client.next().await, ServerEvent::Person { person: Some(_), .. }));
    socket.text(r#"40{"sid":"s1"}"#).await;
    assert_eq!(socket.recv().await.unwrap(), r#"42["room.user.join",{"apiKey":"KEY","channelUserId":"c1"}]"#);
    assert_eq!(client.next().await, ServerEvent::Connection(ConnectionStatus::Online));
    client.connection.send(Request::Join { room: RoomId::new("r1") }).unwrap();
    assert_eq!(socket.recv().await.unwrap(), r#"42["room.join",{"apiKey":"KEY","channelId":"r1"}]"#);
}

#[tokio::test]
async fn large_clock_offset_is_reported() {
    let reply = |_: &str, _: &str| (201, format!("Date: Sun, 06 Nov 1994 08:49:37 GMT\n{ALICE}"));
    let server = FakeServer::start(reply).await;
    let mut client = Client::to(&server.url);
    while !matches!(client.next().await, ServerEvent::SignedIn { .. }) {}
    let ServerEvent::ClockSkew { ahead } = client.next().await else { panic!("no clock event") };
    let years = ahead / (365 * 24 * 60 * MINUTE);
    assert!(years < -30, "{years}");
}

#[tokio::test]
async fn refused_key_is_not_retried_until_requested() {
    let mut server = FakeServer::start(|_, _| (401, r#"{"success":false,"message":"bad key"}"#.into())).await;
    let mut client = Client::to(&server.url);
    assert!(client.refused().await.contains("refused the API key. Check that it is complete"));
    server.calls.recv().await.unwrap();
    assert!(server.calls.try_recv().is_err());
    client.connection.retry_now();
    assert_eq!(client.status().await, ConnectionStatus::Connecting);
    client.refused().await;
}

#[tokio::test]
async fn early_reconnect_request_is_carried_out_later() {
    let mut server = FakeServer::start(|_, _| (200, ALICE.into())).await;
    let mut timing = fast_timing();
    timing.retry.first_delay = Duration::from_millis(200);
    let mut client = Client::with_timing(timing, &server.url, None, Box::new(MinChat::new("KEY")));
    let _first = server.accepted_socket().await;
    client.online().await;
    client.connection.retry_now();
    let _second = server.accepted_socket().await;
    client.online().await;
}

#[tokio::test]
async fn refused_socket_shows_no_key() {
    let mut server = FakeServer::start(|_, _| (200, ALICE.into())).await;
    let protocol = Box::new(MinChat::new("0123-the-key"));
    let mut client = Client::with_timing(fast_timing(), &server.url, None, protocol);
    let mut socket = server.socket().await;
    socket.open().await;
    socket.text(r#"44{"message":"no tenant 0123-the-key"}"#).await;
    assert_eq!(client.refused().await, "The server refused the connection: no tenant ***.");
    // The key at the position at which the reason is cut, as text and inside of an object.
    for position in 185..202 {
        for reason in [
            format!(r#"{{"message":"{}0123-the-key and more"}}"#, "x".repeat(position)),
            format!(r#"{{"message":{{"k":"{}0123-\u0074he-key and more"}}}}"#, "x".repeat(position - 6)),
            format!(r#""{}MDEyMy10aGUta2V5 and more""#, "x ".repeat(position / 2)),
        ] {
            client.connection.retry_now();
            let mut socket = server.socket().await;
            socket.open().await;
            socket.text(&format!("44{reason}")).await;
            let shown = client.refused().await;
            assert!(shown.contains("xx") || shown.contains("x x"), "{shown}");
            assert!(!shown.contains("0123") && !shown.contains("MDEyM"), "{reason}: {shown}");
        }
    }
}

#[tokio::test]
async fn closed_port_is_retried_with_growing_delays() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let mut client = Client::to(&format!("http://{free}"));
    let mut delays = Vec::new();
    for _ in 0..5 {
        let (retry_in, reason) = client.offline().await;
        assert_eq!(
            reason,
            format!("Cannot reach http://{free}: connection refused. Check the address and the network.")
        );
        delays.push(retry_in);
    }
    assert!(delays.windows(2).all(|pair| pair[0] < pair[1]), "{delays:?}");
}

#[tokio::test]
async fn server_of_another_kind_is_reported() {
    let server = FakeServer::start(|_, _| (200, "<html>Welcome to nginx</html>".into())).await;
    let (_, reason) = Client::to(&server.url).offline().await;
    assert!(reason.starts_with("The response is not from a MinChat server."), "{reason}");
    let server = FakeServer::start(|_, _| (404, r#"{"message":"Cannot POST"}"#.into())).await;
    assert!(!Client::to(&server.url).refused().await.is_empty());
    assert!(Client::to("ftp://127.0.0.1").refused().await.contains("not an http or https address"));
}

/// Regression test: a laptop that woke up in a hotel did not come back online after its user had signed in there. An
/// address at which no server was found yet is wrong instead.
#[tokio::test]
async fn portal_of_another_network_is_waited_for() {
    const PORTAL: &str = "<html>Sign in to this network</html>";
    for status in [302, 401, 403] {
        let portal = FakeServer::start(move |_, _| (status, PORTAL.into())).await;
        assert!(!Client::to(&portal.url).refused().await.is_empty());

        let in_hotel = Arc::new(AtomicBool::new(false));
        let hotel = Arc::clone(&in_hotel);
        let reply = move |_: &str, _: &str| match hotel.load(Ordering::SeqCst) {
            true => (status, PORTAL.into()),
            false => (200, ALICE.into()),
        };
        let mut server = FakeServer::start(reply).await;
        let mut client = Client::to(&server.url);
        let socket = server.accepted_socket().await;
        client.online().await;
        in_hotel.store(true, Ordering::SeqCst);
        drop(socket);
        assert!(client.offline().await.1.contains("was lost"));
        client.offline().await;
        in_hotel.store(false, Ordering::SeqCst);
        let _socket = server.accepted_socket().await;
        client.online().await;
    }
}

#[tokio::test]
async fn lost_socket_is_replaced_after_another_sign_in() {
    let (mut server, mut client, socket) = online().await;
    let mut socket = Some(socket);
    let mut delays = Vec::new();
    for _ in 0..4 {
        drop(socket.take());
        let (retry_in, reason) = client.offline().await;
        assert_eq!(reason, format!("The connection to {} was lost.", server.url));
        delays.push(retry_in);
        assert_eq!(client.status().await, ConnectionStatus::Connecting);
        let mut replacement = server.accepted_socket().await;
        assert!(replacement.recv().await.unwrap().contains("room.user.join"));
        socket = Some(replacement);
        client.online().await;
    }
    assert!(delays.windows(2).all(|pair| pair[0] < pair[1]), "{delays:?}");
    let mut sign_ins = 0;
    while server.calls.try_recv().is_ok() {
        sign_ins += 1;
    }
    assert_eq!(sign_ins, 5, "a server that lost its data must learn about the user again");
}

#[tokio::test]
async fn ten_thousand_events_arrive_in_order() {
    let (_server, mut client, mut socket) = online().await;
    let reader = async {
        for n in 0..10_000 {
            assert_eq!(client.next().await, ServerEvent::Deleted(MessageId::new(&n.to_string())));
        }
    };
    let writer = async {
        for n in 0..10_000 {
            socket.text(&format!(r#"42["message.delete","{n}"]"#)).await;
        }
    };
    tokio::join!(reader, writer);
}

#[tokio::test]
async fn closing_sends_a_disconnect_packet() {
    let (_server, client, mut socket) = online().await;
    assert!(socket.recv().await.unwrap().contains("room.user.join"));
    // Requests that were passed on before are still sent.
    client.connection.send(Request::Leave { room: RoomId::new("r1") }).unwrap();
    let Client { connection, mut events } = client;
    let closing = tokio::task::spawn_blocking(move || connection.close());
    assert!(socket.recv().await.unwrap().contains("room.leave"));
    assert_eq!(socket.recv().await.as_deref(), Some("41"));
    closing.await.unwrap();
    while events.recv().await.is_some() {}
}
