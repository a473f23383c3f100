//! Tests of the network layer against a scripted server, over real sockets on loopback.
//!
//! Every test scripts the server packet by packet, so that the server can also misbehave. Tests wait for events and not
//! for time; delays are shortened to milliseconds.

mod accounts;
mod certificate;
mod expired_session;
mod fake_protocol;
mod fake_server;
mod handshake;
mod liveness;
mod malformed_frames;
mod requests;
mod retry;
mod session;
mod socketio_defects;
mod tap;
mod uploads;

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use crate::domain::{AccountId, ConnectionStatus, Failure, ServerEvent};
use crate::protocol::Protocol;
use crate::protocol::minchat::MinChat;
use crate::wire::Ring;

use super::backoff::Backoff;
use super::connection::Connection;
use super::feed::{FeedReceiver, FeedSender, feed};
use super::target::Target;
use super::timing::{CallTimeouts, RetryPolicy, Timing};

use fake_server::{FakeServer, FakeSocket};

/// MinChat's reply to a sign-in.
const ALICE: &str = r#"{"success":true,"user":{"id":"c1","username":"alice","name":"Alice"}}"#;

/// Limit for every event. Long enough for a machine under load, short enough for a person who waits for a failing test.
const EVENT_TIMEOUT: Duration = Duration::from_secs(20);

struct Client {
    connection: Connection,
    events: FeedReceiver,
}

impl Client {
    /// Connects to a MinChat server, with short delays.
    fn to(url: &str) -> Self {
        Self::with_ca(url, None)
    }

    fn with_ca(url: &str, ca_file: Option<std::path::PathBuf>) -> Self {
        Self::with_protocol(url, ca_file, Box::new(MinChat::new("KEY")))
    }

    fn with_protocol(url: &str, ca_file: Option<std::path::PathBuf>, protocol: Box<dyn Protocol>) -> Self {
        Self::with_timing(fast_timing(), url, ca_file, protocol)
    }

    fn with_timing(
        timing: Timing,
        url: &str,
        ca_file: Option<std::path::PathBuf>,
        protocol: Box<dyn Protocol>,
    ) -> Self {
        Self::for_account(AccountId(0), timing, url, ca_file, protocol)
    }

    fn for_account(
        account: AccountId,
        timing: Timing,
        url: &str,
        ca_file: Option<std::path::PathBuf>,
        protocol: Box<dyn Protocol>,
    ) -> Self {
        let (sender, events) = feed(account, 16_384);
        Self::with_feed((sender, events), timing, url, ca_file, protocol)
    }

    /// Connects to a MinChat server and records what goes over the wire into `ring`.
    fn recording_into(ring: &Arc<Ring>, url: &str, key: &str) -> Self {
        let (sender, events) = feed(AccountId(0), 16_384);
        let feed = (sender.recording_into(Arc::clone(ring)), events);
        Self::with_feed(feed, fast_timing(), url, None, Box::new(MinChat::new(key)))
    }

    fn with_feed(
        (sender, events): (FeedSender, FeedReceiver),
        timing: Timing,
        url: &str,
        ca_file: Option<std::path::PathBuf>,
        protocol: Box<dyn Protocol>,
    ) -> Self {
        let target = Target { url: url.into(), username: "alice".into(), name: Some("Alice".into()), ca_file, seed: 1 };
        let backoff = Backoff::with_limits(
            Duration::from_millis(4),
            Duration::from_secs(1),
            Duration::from_secs(30),
            target.seed,
        );
        let connection = Connection::with_timing(target, protocol, sender, backoff, timing).unwrap();
        Self { connection, events }
    }

    async fn next(&mut self) -> ServerEvent {
        tokio::time::timeout(EVENT_TIMEOUT, self.events.recv()).await.expect("an event in time").expect("an open feed")
    }

    /// Waits for the next connection status and skips all other events.
    async fn status(&mut self) -> ConnectionStatus {
        loop {
            if let ServerEvent::Connection(status) = self.next().await {
                return status;
            }
        }
    }

    /// Waits for the next failure and skips all other events.
    async fn failure(&mut self) -> (Failure, String) {
        loop {
            if let ServerEvent::Failed { failure, reason, .. } = self.next().await {
                return (failure, reason.to_string());
            }
        }
    }

    /// Waits until the connection is lost. Returns the delay before the next attempt and the reason.
    async fn offline(&mut self) -> (i64, String) {
        loop {
            match self.status().await {
                ConnectionStatus::Offline { retry_in, reason } => return (retry_in, reason.to_string()),
                ConnectionStatus::Refused { reason } => panic!("refused: {reason}"),
                ConnectionStatus::Connecting | ConnectionStatus::Online => {}
            }
        }
    }

    /// Waits until a permanent error occurs, and returns its reason.
    async fn refused(&mut self) -> String {
        loop {
            match self.status().await {
                ConnectionStatus::Refused { reason } => return reason.to_string(),
                ConnectionStatus::Offline { reason, .. } => panic!("offline: {reason}"),
                ConnectionStatus::Connecting | ConnectionStatus::Online => {}
            }
        }
    }

    /// Waits until the connection is up.
    async fn online(&mut self) {
        while self.status().await != ConnectionStatus::Online {}
    }
}

/// Returns a server, a client that is online with it, and the server's end of the socket.
async fn online() -> (FakeServer, Client, FakeSocket) {
    let mut server = FakeServer::start(|_, _| (200, ALICE.into())).await;
    let mut client = Client::to(&server.url);
    let socket = server.accepted_socket().await;
    client.online().await;
    (server, client, socket)
}

/// Timing with delays of milliseconds.
fn fast_timing() -> Timing {
    Timing {
        connect: Duration::from_secs(10),
        connect_packet: Duration::from_millis(500),
        emit: Duration::from_millis(200),
        disconnect: Duration::from_millis(300),
        calls: CallTimeouts {
            call: Duration::from_secs(30),
            stall: Duration::from_millis(400),
            upload_reply: Duration::from_millis(800),
            upload: Duration::from_secs(30),
        },
        retry: RetryPolicy { first_delay: Duration::from_millis(4), max_retries: 3, max_wait: Duration::from_secs(2) },
        liveness_interval: Some(Duration::from_millis(20)),
        response: Duration::from_secs(5),
        max_silence: Duration::from_secs(180),
        wall_clock: SystemTime::now,
    }
}
