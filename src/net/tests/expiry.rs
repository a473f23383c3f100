//! A sign-in that runs out while the connection stands.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use crate::domain::{ConnectionStatus, Content, LocalId, Request, RoomId, ServerEvent};

use super::fake::Fake;
use super::server::{FakeServer, FakeSocket, LATER};
use super::{Client, PATIENCE};

/// What the server does, for the test to change.
#[derive(Default)]
struct World {
    /// The token that is good; each sign-in makes the next one.
    token: AtomicU64,
    sign_ins: AtomicU64,
    /// What a sign-in is answered with instead.
    refusal: AtomicU64,
    /// The texts that were taken, in order.
    taken: Mutex<Vec<String>>,
    /// Who a sign-in says we are.
    somebody: Mutex<&'static str>,
}

impl World {
    fn answer(&self, request: &str, body: &str) -> (u16, String) {
        if request == "POST /auth" {
            self.sign_ins.fetch_add(1, Ordering::SeqCst);
            let refusal = self.refusal.load(Ordering::SeqCst);
            if refusal > 0 {
                return (refusal as u16, "{}".into());
            }
            let token = self.token.fetch_add(1, Ordering::SeqCst) + 1;
            return (200, format!(r#"{{"token":"{token}","id":"{}"}}"#, self.somebody.lock().unwrap()));
        }
        if !request.ends_with(&format!("?token={}", self.token.load(Ordering::SeqCst))) {
            return (if request.contains("/rooms") { LATER + 450 } else { 450 }, "{}".into());
        }
        if request.starts_with("POST /text") {
            self.taken.lock().unwrap().push(body.to_owned());
        }
        (200, "{}".into())
    }

    fn sign_ins(&self) -> u64 {
        self.sign_ins.load(Ordering::SeqCst)
    }

    /// No token is good any more.
    fn expire(&self) {
        self.token.fetch_add(1, Ordering::SeqCst);
    }
}

async fn online() -> (Arc<World>, FakeServer, Client, FakeSocket) {
    let world = Arc::new(World { somebody: Mutex::new("a"), ..World::default() });
    let answers = Arc::clone(&world);
    let mut server = FakeServer::start(move |request, body| answers.answer(request, body)).await;
    let mut client = Client::speaking(&server.url, None, Box::<Fake>::default());
    let socket = server.welcomed().await;
    client.online().await;
    (world, server, client, socket)
}

fn text(n: usize) -> Request {
    let local = LocalId::from_random(n as u128);
    Request::Send { room: RoomId::new("r"), local, content: Content::text(n.to_string()) }
}

/// The next so many answers: what was done, and the sentences of what was not.
async fn answers(client: &mut Client, count: usize) -> (Vec<Request>, Vec<String>) {
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
async fn a_sign_in_that_ran_out_is_done_once_for_all_and_texts_keep_their_order() {
    let (world, server, mut client, mut socket) = online().await;
    world.expire();
    for n in 0..20 {
        client.connection.send(text(n)).unwrap();
    }
    let (done, failed) = answers(&mut client, 20).await;
    assert_eq!((done, failed), ((0..20).map(text).collect(), vec![]));
    let expected: Vec<String> = (0..20).map(|n| format!(r#"{{"text":"{n}"}}"#)).collect();
    assert_eq!(*world.taken.lock().unwrap(), expected);
    assert_eq!(world.sign_ins(), 2);
    // The socket was left alone: it is the same one that still carries what is emitted.
    client.connection.send(Request::Typing { room: RoomId::new("r"), on: true }).unwrap();
    assert_eq!(socket.recv().await.as_deref(), Some(r#"42["typing","{}"]"#));
    assert_eq!(server.sockets_waiting(), 0);
}

#[tokio::test]
async fn an_answer_that_comes_after_the_new_sign_in_asks_for_no_other() {
    let (world, server, mut client, _socket) = online().await;
    world.expire();
    // Refused, but their refusal is still on its way while the text is refused and sent again.
    for page in 1..=4 {
        client.connection.send(Request::Rooms { page }).unwrap();
    }
    while server.held_back() < 4 {
        tokio::task::yield_now().await;
    }
    client.connection.send(text(1)).unwrap();
    assert_eq!(answers(&mut client, 1).await.0, [text(1)]);
    server.let_go();
    assert_eq!(answers(&mut client, 4).await.0.len(), 4);
    assert_eq!(world.sign_ins(), 2);
}

#[tokio::test]
async fn a_second_refusal_is_told() {
    let world = Arc::new(World { somebody: Mutex::new("a"), ..World::default() });
    let answers_of = Arc::clone(&world);
    let mut server = FakeServer::start(move |request, body| match request {
        "POST /auth" => answers_of.answer(request, body),
        _ => (450, "{}".into()),
    })
    .await;
    let mut client = Client::speaking(&server.url, None, Box::<Fake>::default());
    let _socket = server.welcomed().await;
    client.online().await;
    client.connection.send(text(1)).unwrap();
    assert_eq!(answers(&mut client, 1).await.1, ["It said 450."]);
    assert_eq!(world.sign_ins(), 2);
    let mut texts = 0;
    while let Ok((call, _)) = server.calls.try_recv() {
        texts += usize::from(call.starts_with("POST /text"));
    }
    assert_eq!(texts, 2);
}

#[tokio::test]
async fn a_sign_in_that_fails_fails_what_waited_for_it_and_ends_the_session() {
    for (status, lasting) in [(403, true), (503, false)] {
        let (world, mut server, mut client, _socket) = online().await;
        world.expire();
        world.refusal.store(status, Ordering::SeqCst);
        for n in 0..3 {
            client.connection.send(text(n)).unwrap();
        }
        let (done, failed) = answers(&mut client, 3).await;
        assert_eq!((done.len(), failed), (0, vec![format!("It said {status}."); 3]));
        if lasting {
            assert!(matches!(client.link().await, ConnectionStatus::Refused { .. }));
            world.refusal.store(0, Ordering::SeqCst);
            client.connection.retry_now();
        } else {
            assert!(matches!(client.link().await, ConnectionStatus::Offline { .. }));
            world.refusal.store(0, Ordering::SeqCst);
        }
        let _socket = server.welcomed().await;
        client.online().await;
        client.connection.send(text(9)).unwrap();
        assert_eq!(answers(&mut client, 1).await.0, [text(9)]);
    }
}

#[tokio::test]
async fn who_has_become_somebody_else_gets_another_socket() {
    let (world, mut server, mut client, mut socket) = online().await;
    world.expire();
    *world.somebody.lock().unwrap() = "b";
    client.connection.send(text(1)).unwrap();
    let _again = tokio::time::timeout(PATIENCE, server.welcomed()).await.unwrap();
    client.online().await;
    while socket.recv().await.is_some() {}
}
