//! What no proper server sends: each defect of the socket library that a server can provoke ends one generation.

use std::sync::Once;

use crate::domain::{Request, RoomId, ServerEvent};

use super::server::FakeServer;
use super::{ALICE, Client, online};

/// Does what the runtime's panic hook does.
fn hook() {
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

#[tokio::test]
async fn a_panic_of_the_library_ends_the_generation_and_not_the_program() {
    hook();
    let (mut server, mut client, mut socket) = online().await;
    // The head of a binary event, and then a farewell instead of its attachment.
    socket.text(r#"451-["file",{"_placeholder":true,"num":0}]"#).await;
    socket.frame(0x88, &[]).await;
    while socket.recv().await.is_some() {}
    drop(socket);
    assert!(client.offline().await.1.contains("unreadable"));
    let _socket = server.welcomed().await;
    client.online().await;
}

#[tokio::test]
async fn a_disconnect_packet_is_the_end() {
    let (mut server, mut client, mut socket) = online().await;
    socket.text("41").await;
    assert_eq!(client.offline().await.1, "The server closed the connection.");
    // The old socket is closed from this side too, although the server left it open.
    while socket.recv().await.is_some() {}
    let _socket = server.welcomed().await;
    client.online().await;
}

#[tokio::test]
async fn a_refused_connection_is_told_and_not_tried_again() {
    let mut server = FakeServer::start(|_, _| (200, ALICE.into())).await;
    let mut client = Client::to(&server.url);
    let mut socket = server.socket().await;
    socket.open().await;
    socket.text(r#"44{"message":"Too many \u001b[31mdevices"}"#).await;
    assert_eq!(client.refused().await, "The server refused the connection: Too many ␛devices.");
    while socket.recv().await.is_some() {}
    client.connection.retry_now();
    let _socket = server.welcomed().await;
    client.online().await;
}

#[tokio::test]
async fn a_server_that_never_lets_us_in_is_given_up() {
    let mut server = FakeServer::start(|_, _| (200, ALICE.into())).await;
    let mut client = Client::to(&server.url);
    let mut socket = server.socket().await;
    socket.open().await;
    assert!(client.offline().await.1.contains("does not answer"));
}

#[tokio::test]
async fn a_socket_that_is_no_socket_io_is_given_up() {
    let mut server = FakeServer::start(|_, _| (200, ALICE.into())).await;
    let mut client = Client::to(&server.url);
    let mut socket = server.socket().await;
    socket.text("hello").await;
    client.offline().await;
}

#[tokio::test]
async fn garbage_ends_the_generation() {
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
async fn events_with_awkward_names_are_events() {
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

#[tokio::test]
async fn half_a_surrogate_pair_costs_one_message_and_no_connection() {
    let (_server, mut client, mut socket) = online().await;
    // The socket library reads no such text, and leaves the whole event out; the next page of history brings it.
    socket.text(r#"42["error",{"message":"an emoji cut in two: \ud83d"}]"#).await;
    socket.text(r#"42["error","\udc00"]"#).await;
    socket.text(r#"42["error",{"message":"Slow down"}]"#).await;
    let ServerEvent::Notice(text) = client.next().await else { panic!("not the notice") };
    assert_eq!(&*text, "Slow down");
}

#[tokio::test]
async fn an_emit_that_nobody_reads_never_hangs() {
    let (mut server, mut client, mut socket) = online().await;
    assert!(socket.recv().await.unwrap().contains("room.user.join"));
    // The server reads nothing more; a few megabytes fill every buffer in between.
    let room = RoomId::new(&"r".repeat(300_000));
    for _ in 0..100 {
        client.connection.send(Request::Typing { room: room.clone(), on: true }).unwrap();
    }
    assert!(client.offline().await.1.contains("takes nothing any more"));
    let _socket = server.welcomed().await;
    client.online().await;
}
