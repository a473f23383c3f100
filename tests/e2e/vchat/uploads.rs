//! The connection alone, without a screen: a large file that tells how far it is, and a login that ends in the middle.

use std::path::Path;

use minchat_tui::domain::{
    AccountId, AttachmentKind, ConnectionStatus, Content, FileFacts, LocalId, Request, RoomId, ServerEvent,
};
use minchat_tui::net::{Connection, FeedReceiver, Target, feed};
use minchat_tui::protocol::vchat::{Credentials, VChat};
use serde_json::json;

use super::{ALICE, BOB};
use crate::client::SOON;
use test_support::vchat::{KEY, Sandbox, text};

struct Line {
    connection: Connection,
    events: FeedReceiver,
}

impl Line {
    async fn open(url: &str) -> Self {
        let protocol = VChat::new(Credentials::HashKey(KEY.to_owned()), "device".to_owned());
        let (url, username, name) = (url.to_owned(), ALICE.to_owned(), "Alice Archer".to_owned());
        let (sender, events) = feed(AccountId(0), 16_384);
        let target = Target { url, username, name, ca_file: None, seed: 1 };
        let mut line = Self { connection: Connection::open(target, Box::new(protocol), sender).unwrap(), events };
        while line.next().await != ServerEvent::Connection(ConnectionStatus::Online) {}
        line
    }

    async fn next(&mut self) -> ServerEvent {
        tokio::time::timeout(SOON, self.events.recv()).await.expect("an event in time").expect("an open feed")
    }

    /// The sends that were taken, in order, once there are so many; and how far files were.
    async fn taken(&mut self, count: usize) -> (Vec<LocalId>, Vec<(u64, u64)>) {
        let (mut taken, mut steps) = (Vec::new(), Vec::new());
        while taken.len() < count {
            match self.next().await {
                ServerEvent::Accepted { local, .. } => taken.push(local),
                ServerEvent::Progress { sent, total, .. } => steps.push((sent, total)),
                failed @ (ServerEvent::Failed { .. } | ServerEvent::Connection(_)) => panic!("{failed:?}"),
                _ => {}
            }
        }
        (taken, steps)
    }
}

fn file(room: &str, n: u128, path: &Path) -> Request {
    let size = std::fs::metadata(path).unwrap().len();
    let (name, mime) = ("Größe.bin".to_owned(), "application/octet-stream".to_owned());
    let facts = FileFacts { path: path.into(), name, kind: AttachmentKind::File, mime, size, duration: None };
    let content = Content::File { file: Box::new(facts), reply_to: None };
    Request::Send { room: RoomId::new(room), local: LocalId::from_random(n), content }
}

fn words(room: &str, n: u128) -> Request {
    let content = Content::text(n.to_string());
    Request::Send { room: RoomId::new(room), local: LocalId::from_random(n), content }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_large_file_arrives_whole_and_tells_how_far_it_is() {
    let sandbox = Sandbox::open().await;
    let bob = sandbox.person(BOB, "Bob Brown").await;
    sandbox.person(ALICE, "Alice Archer").await;
    let room = bob.room_with(ALICE).await;
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("large");
    let content: Vec<u8> = (0..5_000_000_u32).map(|n| (n % 251) as u8).collect();
    std::fs::write(&path, &content).unwrap();
    let mut line = Line::open(&sandbox.url()).await;
    line.connection.send(file(&room, 1, &path)).unwrap();
    let (taken, steps) = line.taken(1).await;
    assert_eq!(taken, [LocalId::from_random(1)]);
    assert_eq!((steps.first(), steps.last()), (Some(&(0, 5_000_000)), Some(&(5_000_000, 5_000_000))));
    let page = bob.get(&format!("channel/{room}/message/?limit=30&filter=all")).await;
    let attachment = &page["docs"][0]["msgAtt"];
    assert_eq!((&attachment["name"], &attachment["fileSize"]), (&json!("Größe.bin"), &json!(5_000_000)));
    let lies = reqwest::get(text(&attachment["url"])).await.unwrap().bytes().await.unwrap();
    assert!(lies == content, "{} bytes lie there", lies.len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_login_that_ends_in_the_middle_costs_nothing_and_keeps_the_order() {
    let sandbox = Sandbox::open().await;
    let bob = sandbox.person(BOB, "Bob Brown").await;
    sandbox.person(ALICE, "Alice Archer").await;
    let room = bob.room_with(ALICE).await;
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("small");
    std::fs::write(&path, "a file").unwrap();
    let mut line = Line::open(&sandbox.url()).await;
    sandbox.order("expire", json!({})).await;
    line.connection.send(file(&room, 100, &path)).unwrap();
    for n in 0..20 {
        line.connection.send(words(&room, n)).unwrap();
    }
    // No change of the link among them: `taken` would have said so.
    let (mut taken, _) = line.taken(21).await;
    taken.retain(|local| *local != LocalId::from_random(100));
    assert_eq!(taken, (0..20).map(LocalId::from_random).collect::<Vec<_>>());
}
