//! Sessions that expire while the connection is up.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use crate::domain::{ConnectionStatus, Content, LocalId, Request, RoomId, ServerEvent};

use super::fake_protocol::FakeProtocol;
use super::fake_server::{DELAYED, FakeServer, FakeSocket};
use super::{Client, EVENT_TIMEOUT};

/// The behaviour of the server, which the test can change.
#[derive(Default)]
struct ServerState {
    /// The valid token. Every sign-in creates the next one.
    token: AtomicU64,
    sign_ins: AtomicU64,
    /// Status of the reply to a sign-in, unless it is 0.
    refusal: AtomicU64,
    /// The texts that were accepted, in order.
    accepted: Mutex<Vec<String>>,
    /// The user id in the reply to a sign-in.
    user_id: Mutex<&'static str>,
}

impl ServerState {
    fn reply(&self, request: &str, body: &str) -> (u16, String) {
        if request == "POST /auth" {
            self.sign_ins.fetch_add(1, Ordering::SeqCst);
            let refusal = self.refusal.load(Ordering::SeqCst);
            if refusal > 0 {
                return (refusal as u16, "{}".into());
            }
            let token = self.token.fetch_add(1, Ordering::SeqCst) + 1;
            return (200, format!(r#"{{"token":"{token}","id":"{}"}}"#, self.user_id.lock().unwrap()));
        }
        if !request.ends_with(&format!("?token={}", self.token.load(Ordering::SeqCst))) {
            return (if request.contains("/rooms") { DELAYED + 450 } else { 450 }, "{}".into());
        }
        if request.starts_with("POST /text") {
            self.accepted.lock().unwrap().push(body.to_owned());
        }
        (200, "{}".into())
    }

    fn sign_ins(&self) -> u64 {
        self.sign_ins.load(Ordering::SeqCst)
    }

    /// Invalidates all tokens.
    fn expire(&self) {
        self.token.fetch_add(1, Ordering::SeqCst);
    }
}

async fn online() -> (Arc<ServerState>, FakeServer, Client, FakeSocket) {
    let state = Arc::new(ServerState { user_id: Mutex::new("a"), ..ServerState::default() });
    let shared_state = Arc::clone(&state);
    let mut server = FakeServer::start(move |request, body| shared_state.reply(request, body)).await;
    let mut client = Client::with_protocol(&server.url, None, Box::<FakeProtocol>::default());
    let socket = server.accepted_socket().await;
    client.online().await;
    (state, server, client, socket)
}

fn text(n: usize) -> Request {
    let local = LocalId::from_random(n as u128);
    Request::Send { room: RoomId::new("r"), local, content: Content::text(n.to_string()) }
}

/// Waits for `count` outcomes. Returns the requests that succeeded, and the reasons of those that failed.
async fn outcomes(client: &mut Client, count: usize) -> (Vec<Request>, Vec<String>) {
    let (mut done, mut failed) = (Vec::new(), Vec::new());
    while done.len() + failed.len() < count {
        match client.next().await {
            ServerEvent::Done(request) => done.push(request),
            ServerEvent::Failed { reason, .. } => failed.push(reason.to_string()),
            ServerEvent::SignedIn { .. } => {}
            other => panic!("{other:?}"),
        }
    }
    (done, failed)
}

#[tokio::test]
async fn expired_session_is_renewed_once_and_keeps_the_order() {
    let (state, server, mut client, mut socket) = online().await;
    state.expire();
    for n in 0..20 {
        client.connection.send(text(n)).unwrap();
    }
    let (done, failed) = outcomes(&mut client, 20).await;
    assert_eq!((done, failed), ((0..20).map(text).collect(), vec![]));
    let expected: Vec<String> = (0..20).map(|n| format!(r#"{{"text":"{n}"}}"#)).collect();
    assert_eq!(*state.accepted.lock().unwrap(), expected);
    assert_eq!(state.sign_ins(), 2);
    // The socket was left alone: emits still use the same one.
    client.connection.send(Request::Typing { room: RoomId::new("r"), on: true }).unwrap();
    assert_eq!(socket.recv().await.as_deref(), Some(r#"42["typing","{}"]"#));
    assert_eq!(server.pending_sockets(), 0);
}

#[tokio::test]
async fn late_rejection_does_not_cause_another_sign_in() {
    let (state, server, mut client, _socket) = online().await;
    state.expire();
    // These are rejected as well, but their rejections arrive after the text was rejected and sent again.
    for page in 1..=4 {
        client.connection.send(Request::Rooms { page }).unwrap();
    }
    while server.delayed_count() < 4 {
        tokio::task::yield_now().await;
    }
    client.connection.send(text(1)).unwrap();
    assert_eq!(outcomes(&mut client, 1).await.0, [text(1)]);
    server.release();
    assert_eq!(outcomes(&mut client, 4).await.0.len(), 4);
    assert_eq!(state.sign_ins(), 2);
}

#[tokio::test]
async fn second_rejection_is_reported() {
    let state = Arc::new(ServerState { user_id: Mutex::new("a"), ..ServerState::default() });
    let shared_state = Arc::clone(&state);
    let mut server = FakeServer::start(move |request, body| match request {
        "POST /auth" => shared_state.reply(request, body),
        _ => (450, "{}".into()),
    })
    .await;
    let mut client = Client::with_protocol(&server.url, None, Box::<FakeProtocol>::default());
    let _socket = server.accepted_socket().await;
    client.online().await;
    client.connection.send(text(1)).unwrap();
    assert_eq!(outcomes(&mut client, 1).await.1, ["Status 450."]);
    assert_eq!(state.sign_ins(), 2);
    let mut texts = 0;
    while let Ok((call, _)) = server.calls.try_recv() {
        texts += usize::from(call.starts_with("POST /text"));
    }
    assert_eq!(texts, 2);
}

#[tokio::test]
async fn failed_renewal_fails_waiting_requests_and_the_session() {
    for (status, permanent) in [(403, true), (503, false)] {
        let (state, mut server, mut client, _socket) = online().await;
        state.expire();
        state.refusal.store(status, Ordering::SeqCst);
        for n in 0..3 {
            client.connection.send(text(n)).unwrap();
        }
        let (done, failed) = outcomes(&mut client, 3).await;
        assert_eq!((done.len(), failed), (0, vec![format!("Status {status}."); 3]));
        if permanent {
            assert!(matches!(client.status().await, ConnectionStatus::Refused { .. }));
            state.refusal.store(0, Ordering::SeqCst);
            client.connection.retry_now();
        } else {
            assert!(matches!(client.status().await, ConnectionStatus::Offline { .. }));
            state.refusal.store(0, Ordering::SeqCst);
        }
        let _socket = server.accepted_socket().await;
        client.online().await;
        client.connection.send(text(9)).unwrap();
        assert_eq!(outcomes(&mut client, 1).await.0, [text(9)]);
    }
}

/// Regression test: an attempt waited for a sign-in that had begun in the session before and hung in its connection.
#[tokio::test]
async fn attempt_replaces_a_sign_in_that_hangs() {
    let (state, mut server, mut client, socket) = online().await;
    state.expire();
    state.refusal.store((DELAYED + 503).into(), Ordering::SeqCst);
    client.connection.send(text(1)).unwrap();
    while server.delayed_count() < 1 {
        tokio::task::yield_now().await;
    }
    state.refusal.store(0, Ordering::SeqCst);
    drop(socket);
    let _socket = server.accepted_socket().await;
    while client.next().await != ServerEvent::Done(text(1)) {}
    assert_eq!(state.sign_ins(), 3);
}

#[tokio::test]
async fn changed_user_id_opens_another_socket() {
    let (state, mut server, mut client, mut socket) = online().await;
    state.expire();
    *state.user_id.lock().unwrap() = "b";
    client.connection.send(text(1)).unwrap();
    let _new_socket = tokio::time::timeout(EVENT_TIMEOUT, server.accepted_socket()).await.unwrap();
    client.online().await;
    while socket.recv().await.is_some() {}
}
