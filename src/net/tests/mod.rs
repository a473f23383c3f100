//! The network layer against a server that does as the test says, over real sockets on loopback.
//!
//! Each test plays the server itself, packet by packet, so that it can also do what no proper server does. Tests wait
//! for events, not for time; delays are shrunk to milliseconds.

mod broken;
mod certificate;
mod expiry;
mod fake;
mod handshake;
mod patience;
mod requests;
mod server;
mod session;
mod supervision;
mod uploads;
mod watch;

use std::time::{Duration, SystemTime};

use crate::domain::{AccountId, ConnectionStatus, Failure, ServerEvent};
use crate::protocol::Protocol;
use crate::protocol::minchat::MinChat;

use super::again::Patience;
use super::backoff::Backoff;
use super::connection::{Connection, Target};
use super::feed::{FeedReceiver, feed};
use super::rest::Pace;
use super::socket::Limits;

use server::{FakeServer, FakeSocket};

/// What MinChat answers to a sign-in.
const ALICE: &str = r#"{"success":true,"user":{"id":"c1","username":"alice","name":"Alice"}}"#;

/// Long enough for a machine under load, short enough for a person who waits for a failed test.
const PATIENCE: Duration = Duration::from_secs(20);

struct Client {
    connection: Connection,
    events: FeedReceiver,
}

impl Client {
    /// A client whose delays are a thousandth of the real ones.
    fn to(url: &str) -> Self {
        Self::with_ca(url, None)
    }

    fn with_ca(url: &str, ca_file: Option<std::path::PathBuf>) -> Self {
        Self::speaking(url, ca_file, Box::new(MinChat::new("KEY")))
    }

    fn speaking(url: &str, ca_file: Option<std::path::PathBuf>, protocol: Box<dyn Protocol>) -> Self {
        Self::within(limits(), url, ca_file, protocol)
    }

    fn within(limits: Limits, url: &str, ca_file: Option<std::path::PathBuf>, protocol: Box<dyn Protocol>) -> Self {
        let target = Target { url: url.into(), username: "alice".into(), name: "Alice".into(), ca_file, seed: 1 };
        let (sender, events) = feed(AccountId(0), 16_384);
        let backoff =
            Backoff::with(Duration::from_millis(4), Duration::from_secs(1), Duration::from_secs(30), target.seed);
        let connection = Connection::tuned(target, protocol, sender, backoff, limits).unwrap();
        Self { connection, events }
    }

    async fn next(&mut self) -> ServerEvent {
        tokio::time::timeout(PATIENCE, self.events.recv()).await.expect("an event in time").expect("an open feed")
    }

    /// The next change of the link; what else comes is skipped.
    async fn link(&mut self) -> ConnectionStatus {
        loop {
            if let ServerEvent::Connection(link) = self.next().await {
                return link;
            }
        }
    }

    /// The next failure; what else comes is skipped.
    async fn failure(&mut self) -> (Failure, String) {
        loop {
            if let ServerEvent::Failed { failure, reason, .. } = self.next().await {
                return (failure, reason.to_string());
            }
        }
    }

    async fn offline(&mut self) -> (i64, String) {
        loop {
            match self.link().await {
                ConnectionStatus::Offline { retry_in, reason } => return (retry_in, reason.to_string()),
                ConnectionStatus::Refused { reason } => panic!("refused: {reason}"),
                ConnectionStatus::Connecting | ConnectionStatus::Online => {}
            }
        }
    }

    async fn refused(&mut self) -> String {
        loop {
            match self.link().await {
                ConnectionStatus::Refused { reason } => return reason.to_string(),
                ConnectionStatus::Offline { reason, .. } => panic!("offline: {reason}"),
                ConnectionStatus::Connecting | ConnectionStatus::Online => {}
            }
        }
    }

    async fn online(&mut self) {
        while self.link().await != ConnectionStatus::Online {}
    }
}

/// A server that knows Alice, a client that is online with it, and the server's end of the socket.
async fn online() -> (FakeServer, Client, FakeSocket) {
    let mut server = FakeServer::start(|_, _| (200, ALICE.into())).await;
    let mut client = Client::to(&server.url);
    let socket = server.welcomed().await;
    client.online().await;
    (server, client, socket)
}

/// The real limits, some thousand times shorter.
fn limits() -> Limits {
    Limits {
        connect: Duration::from_secs(10),
        reply: Duration::from_millis(500),
        emit: Duration::from_millis(200),
        goodbye: Duration::from_millis(300),
        look: Some(Duration::from_millis(20)),
        silence: Duration::from_secs(180),
        wall: SystemTime::now,
        patience: Patience { first: Duration::from_millis(4), reads: 3, longest: Duration::from_secs(2) },
        pace: Pace {
            call: Duration::from_secs(30),
            stall: Duration::from_millis(400),
            answer: Duration::from_millis(800),
            whole: Duration::from_secs(30),
        },
    }
}
