//! The socket's opening request on the wire.

use crate::domain::{ConnectionStatus, ServerEvent};

use super::Client;
use super::fake_protocol::FakeProtocol;
use super::fake_server::FakeServer;

#[tokio::test]
async fn opening_request_has_the_adapters_query_and_headers() {
    let tokens = std::sync::atomic::AtomicUsize::new(0);
    let mut server = FakeServer::start(move |_, _| {
        let n = tokens.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        (200, format!(r#"{{"token":"t.{n}","id":"a"}}"#))
    })
    .await;
    let mut client = Client::with_protocol(&server.url, None, Box::<FakeProtocol>::default());
    for n in 0..2 {
        // This asserts that the connect packet is `40` without a payload, and that nothing precedes it.
        let socket = server.accepted_socket().await;
        let (line, headers) = socket.opening.split_once("\r\n").unwrap();
        let query = format!("auth=Bearer%20t.{n}&x=a%26b%3Dc%2F%C3%A9%2B&EIO=4&transport=websocket");
        assert_eq!(line, format!("GET /socket.io/?{query} HTTP/1.1"));
        let headers = headers.to_lowercase();
        assert!(headers.contains(&format!("\r\nauthorization: bearer t.{n}\r\n")), "{headers}");
        assert!(headers.contains("\r\nclint-version: 2.0.0\r\n"), "{headers}");
        assert!(headers.contains("\r\nuser-agent: minchat-tui/"), "{headers}");
        client.online().await;
        // Every attempt signs in again and opens its socket with the new token.
        drop(socket);
        client.offline().await;
    }
}

#[tokio::test]
async fn invalid_token_is_reported_without_the_token() {
    let server = FakeServer::start(|_, _| (200, r#"{"token":"s3cret","id":"a"}"#.into())).await;
    let mut client = Client::with_protocol(
        &server.url,
        None,
        Box::new(FakeProtocol { invalid_header: true, ..FakeProtocol::default() }),
    );
    let reason = loop {
        if let ServerEvent::Connection(ConnectionStatus::Refused { reason }) = client.next().await {
            break reason;
        }
    };
    assert_eq!(
        &*reason,
        "The server's token contains characters that the header authorization cannot carry. Ask the server's operator."
    );
}
