//! Frames that no proper server sends. Every defect of the socket library that a server can provoke ends one
//! generation.

use std::sync::Once;

use crate::domain::{Request, RoomId, ServerEvent};

use super::fake_server::{FakeServer, FakeSocket};
use super::{ALICE, Client, online};

/// Installs the same panic hook as the runtime.
pub(super) fn install_panic_hook() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let default = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if !crate::net::note_panic(std::thread::current().name().unwrap_or_default()) {
                default(info);
            }
        }));
    });
}

/// Makes the socket library panic: with the header of a binary event, followed by a close frame instead of its
/// attachment.
pub(super) async fn provoke_panic(mut socket: FakeSocket) {
    socket.text(r#"451-["file",{"_placeholder":true,"num":0}]"#).await;
    socket.frame(0x88, &[]).await;
    while socket.recv().await.is_some() {}
}

#[tokio::test]
async fn library_panic_ends_only_the_generation() {
    install_panic_hook();
    let (mut server, mut client, socket) = online().await;
    provoke_panic(socket).await;
    assert!(client.offline().await.1.contains("cannot be read"));
    let _socket = server.accepted_socket().await;
    client.online().await;
}

/// Regression test: a frame of 15 MiB took 2.9 GB of memory, because the library parses and copies whatever arrives.
#[tokio::test]
async fn message_that_takes_too_much_memory_ends_the_generation() {
    install_panic_hook();
    let objects = format!(r#"42["message",[{}]]"#, vec![r#"{"":0}"#; 40_000].join(","));
    let long = format!(r#"42["message","{}"]"#, "a".repeat(5_000_000));
    for message in [objects, long] {
        let (mut server, mut client, mut socket) = online().await;
        socket.text(&message).await;
        let sentence = "The server sent a message that is too large, so the connection was closed.";
        assert_eq!(client.offline().await.1, sentence);
        let mut socket = server.accepted_socket().await;
        client.online().await;
        socket.text(r#"42["message.delete","1"]"#).await;
        assert!(matches!(client.next().await, ServerEvent::Deleted(_)));
    }
}

/// Regression test: a panic while connecting was not reported, because the library then reads on the task that waits
/// for it.
#[tokio::test]
async fn oversized_handshake_is_retried() {
    let mut server = FakeServer::start(|_, _| (200, ALICE.into())).await;
    let mut client = Client::to(&server.url);
    let mut socket = server.socket().await;
    socket.text(&format!(r#"0{{"sid":"{}"}}"#, "a".repeat(5_000_000))).await;
    assert!(client.offline().await.1.contains("cannot be read"));
    let _socket = server.accepted_socket().await;
    client.online().await;
}

#[tokio::test]
async fn disconnect_packet_ends_the_generation() {
    let (mut server, mut client, mut socket) = online().await;
    socket.text("41").await;
    assert_eq!(client.offline().await.1, "The server closed the connection.");
    // The client closes the old socket, although the server left it open.
    while socket.recv().await.is_some() {}
    let _socket = server.accepted_socket().await;
    client.online().await;
}

#[tokio::test]
async fn refused_connection_is_reported_and_not_retried() {
    let mut server = FakeServer::start(|_, _| (200, ALICE.into())).await;
    let mut client = Client::to(&server.url);
    let mut socket = server.socket().await;
    socket.open().await;
    socket.text(r#"44{"message":"Too many \u001b[31mdevices"}"#).await;
    assert_eq!(client.refused().await, "The server refused the connection: Too many ␛devices.");
    while socket.recv().await.is_some() {}
    client.connection.retry_now();
    let _socket = server.accepted_socket().await;
    client.online().await;
}

#[tokio::test]
async fn missing_connect_packet_times_out() {
    let mut server = FakeServer::start(|_, _| (200, ALICE.into())).await;
    let mut client = Client::to(&server.url);
    let mut socket = server.socket().await;
    socket.open().await;
    assert!(client.offline().await.1.contains("no response"));
}

#[tokio::test]
async fn websocket_without_socketio_fails() {
    let mut server = FakeServer::start(|_, _| (200, ALICE.into())).await;
    let mut client = Client::to(&server.url);
    let mut socket = server.socket().await;
    socket.text("hello").await;
    client.offline().await;
}

#[tokio::test]
async fn malformed_packet_ends_the_generation() {
    for garbage in ["42[\"message\"", "9", "4", "42[\"a\",{}]\u{1e}x"] {
        let (_server, mut client, mut socket) = online().await;
        socket.text(garbage).await;
        client.offline().await;
    }
    let (_server, mut client, mut socket) = online().await;
    socket.frame(0x82, &[0xff, 0x00]).await;
    client.offline().await;
    let (_server, mut client, mut socket) = online().await;
    socket.frame(0x81, &[b'4', b'2', 0xff]).await;
    client.offline().await;
}

#[tokio::test]
async fn events_named_like_library_events_are_harmless() {
    let (_server, mut client, mut socket) = online().await;
    for packet in [
        r#"42["open",{"a":1}]"#,
        r#"42["close",{"a":1}]"#,
        r#"42["connect",{}]"#,
        r#"42["typing.stop"]"#,
        r#"42[]"#,
        r#"42[7,8]"#,
        r#"42["message",null]"#,
        r#"42["message",{"id":"m"}]"#,
        r#"42["unheard.of",{}]"#,
        r#"42/other,["message.delete","no"]"#,
        r#"43["an answer nobody asked for"]"#,
        r#"42["error",{"message":"Slow down"}]"#,
    ] {
        socket.text(packet).await;
    }
    let ServerEvent::Notice(text) = client.next().await else { panic!("not the notice") };
    assert_eq!(&*text, "Slow down");
}

/// Regression test: a message whose text was cut within an emoji was never shown, because the socket library drops such
/// an event, and nothing asked the server for it.
#[tokio::test]
async fn event_that_the_library_drops_is_reported_as_lost() {
    let deep = format!("{}{}", "[".repeat(128), "]".repeat(128));
    for dropped in [r#"{"message":"an emoji cut in two: \ud83d"}"#, r#""\udc00""#, r#"{"message":1e999}"#, &deep] {
        let (_server, mut client, mut socket) = online().await;
        socket.text(&format!(r#"42["error",{dropped}]"#)).await;
        socket.text(r#"42["error",{"message":"Slow down"}]"#).await;
        assert_eq!(client.next().await, ServerEvent::EventsLost, "{dropped}");
        let ServerEvent::Notice(text) = client.next().await else { panic!("not the notice") };
        assert_eq!(&*text, "Slow down");
    }
}

#[tokio::test]
async fn emit_that_nobody_reads_times_out() {
    let (mut server, mut client, mut socket) = online().await;
    assert!(socket.recv().await.unwrap().contains("room.user.join"));
    // The server stops reading. A few megabytes fill all buffers on the way.
    let room = RoomId::new(&"r".repeat(300_000));
    for _ in 0..100 {
        client.connection.send(Request::Typing { room: room.clone(), on: true }).unwrap();
    }
    assert!(client.offline().await.1.contains("stopped accepting data"));
    let _socket = server.accepted_socket().await;
    client.online().await;
}
