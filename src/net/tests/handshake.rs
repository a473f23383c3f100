//! What the socket's opening request carries, as it stands on the wire.

use crate::domain::{ConnectionStatus, ServerEvent};

use super::Client;
use super::fake::Fake;
use super::server::FakeServer;

#[tokio::test]
async fn the_opening_request_carries_what_the_adapter_says_in_query_and_headers() {
    let tokens = std::sync::atomic::AtomicUsize::new(0);
    let mut server = FakeServer::start(move |_, _| {
        let n = tokens.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        (200, format!(r#"{{"token":"t.{n}","id":"a"}}"#))
    })
    .await;
    let mut client = Client::speaking(&server.url, None, Box::<Fake>::default());
    for n in 0..2 {
        // Asserts that the connect packet is the bare `40`: no payload, and nothing before it.
        let socket = server.welcomed().await;
        let (line, headers) = socket.opening.split_once("\r\n").unwrap();
        let query = format!("auth=Bearer%20t.{n}&x=a%26b%3Dc%2F%C3%A9%2B&EIO=4&transport=websocket");
        assert_eq!(line, format!("GET /socket.io/?{query} HTTP/1.1"));
        let headers = headers.to_lowercase();
        assert!(headers.contains(&format!("\r\nauthorization: bearer t.{n}\r\n")), "{headers}");
        assert!(headers.contains("\r\nclint-version: 2.0.0\r\n"), "{headers}");
        assert!(headers.contains("\r\nuser-agent: minchat-tui/"), "{headers}");
        client.online().await;
        // Each attempt signs in anew, and opens its socket with what that gave.
        drop(socket);
        client.offline().await;
    }
}

#[tokio::test]
async fn a_token_that_no_header_can_carry_is_a_sentence_without_it() {
    let server = FakeServer::start(|_, _| (200, r#"{"token":"s3cret","id":"a"}"#.into())).await;
    let mut client = Client::speaking(&server.url, None, Box::new(Fake { spoilt: true, ..Fake::default() }));
    let reason = loop {
        if let ServerEvent::Connection(ConnectionStatus::Refused { reason }) = client.next().await {
            break reason;
        }
    };
    assert_eq!(&*reason, "The server's sign-in holds characters that the header authorization cannot carry.");
}
