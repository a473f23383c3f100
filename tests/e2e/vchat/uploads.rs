//! The connection without a screen: progress of a large upload, and a login that expires between requests.

use std::path::Path;

use minchat_tui::domain::{
    AccountId, AttachmentKind, ConnectionStatus, Content, LocalId, OutgoingFile, Request, RoomId, ServerEvent,
};
use minchat_tui::net::{Connection, FeedReceiver, Target, feed};
use minchat_tui::protocol::vchat::{Credentials, VChat};
use serde_json::json;

use super::{ALICE, BOB};
use crate::client::SOON;
use test_support::vchat::{KEY, Sandbox, text};

/// A connection and the events it has received.
struct Session {
    connection: Connection,
    events: FeedReceiver,
}

impl Session {
    async fn open(url: &str) -> Self {
        let protocol = VChat::new(Credentials::HashKey(KEY.to_owned()), "device".to_owned());
        let (url, username, name) = (url.to_owned(), ALICE.to_owned(), "Alice Archer".to_owned());
        let (sender, events) = feed(AccountId(0), 16_384);
        let target = Target { url, username, name: Some(name), ca_file: None, seed: 1 };
        let mut session = Self { connection: Connection::open(target, Box::new(protocol), sender).unwrap(), events };
        while session.next_event().await != ServerEvent::Connection(ConnectionStatus::Online) {}
        session
    }

    async fn next_event(&mut self) -> ServerEvent {
        tokio::time::timeout(SOON, self.events.recv()).await.expect("an event in time").expect("an open feed")
    }

    /// Waits until `count` sends were accepted. Returns their ids in order, and `(sent, total)` of each progress event.
    async fn accepted(&mut self, count: usize) -> (Vec<LocalId>, Vec<(u64, u64)>) {
        let (mut accepted, mut progress) = (Vec::new(), Vec::new());
        while accepted.len() < count {
            match self.next_event().await {
                ServerEvent::Accepted { local, .. } => accepted.push(local),
                ServerEvent::Progress { sent, total, .. } => progress.push((sent, total)),
                failed @ (ServerEvent::Failed { .. } | ServerEvent::Connection(_)) => panic!("{failed:?}"),
                _ => {}
            }
        }
        (accepted, progress)
    }
}

/// A request that sends the file at `path`.
fn file(room: &str, n: u128, path: &Path) -> Request {
    let size = std::fs::metadata(path).unwrap().len();
    let (name, mime) = ("Größe.bin".to_owned(), "application/octet-stream".to_owned());
    let file = OutgoingFile { path: path.into(), name, kind: AttachmentKind::File, mime, size, duration: None };
    let content = Content::File { file: Box::new(file), reply_to: None };
    Request::Send { room: RoomId::new(room), local: LocalId::from_random(n), content }
}

/// A request that sends the number `n` as text.
fn number_text(room: &str, n: u128) -> Request {
    let content = Content::text(n.to_string());
    Request::Send { room: RoomId::new(room), local: LocalId::from_random(n), content }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn large_upload_arrives_whole_and_reports_progress() {
    let sandbox = Sandbox::start().await;
    let bob = sandbox.person(BOB, "Bob Brown").await;
    sandbox.person(ALICE, "Alice Archer").await;
    let room = bob.room_with(ALICE).await;
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("large");
    let content: Vec<u8> = (0..5_000_000_u32).map(|n| (n % 251) as u8).collect();
    std::fs::write(&path, &content).unwrap();
    let mut session = Session::open(&sandbox.url()).await;
    session.connection.send(file(&room, 1, &path)).unwrap();
    let (accepted, progress) = session.accepted(1).await;
    assert_eq!(accepted, [LocalId::from_random(1)]);
    assert_eq!((progress.first(), progress.last()), (Some(&(0, 5_000_000)), Some(&(5_000_000, 5_000_000))));
    let page = bob.get(&format!("channel/{room}/message/?limit=30&filter=all")).await;
    let attachment = &page["docs"][0]["msgAtt"];
    assert_eq!((&attachment["name"], &attachment["fileSize"]), (&json!("Größe.bin"), &json!(5_000_000)));
    let stored = reqwest::get(text(&attachment["url"])).await.unwrap().bytes().await.unwrap();
    assert!(stored == content, "the server stored {} bytes", stored.len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn expired_login_is_renewed_and_sends_keep_their_order() {
    let sandbox = Sandbox::start().await;
    let bob = sandbox.person(BOB, "Bob Brown").await;
    sandbox.person(ALICE, "Alice Archer").await;
    let room = bob.room_with(ALICE).await;
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("small");
    std::fs::write(&path, "a file").unwrap();
    let mut session = Session::open(&sandbox.url()).await;
    sandbox.control("expire", json!({})).await;
    session.connection.send(file(&room, 100, &path)).unwrap();
    for n in 0..20 {
        session.connection.send(number_text(&room, n)).unwrap();
    }
    // `accepted` panics when the connection status changes.
    let (mut accepted, _) = session.accepted(21).await;
    accepted.retain(|local| *local != LocalId::from_random(100));
    assert_eq!(accepted, (0..20).map(LocalId::from_random).collect::<Vec<_>>());
}
