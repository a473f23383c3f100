//! The inspector over real sockets, on both services: a send is grouped with its response and its echo, a frame that is
//! not understood is listed with the reason, and no key is ever recorded.

use std::sync::Arc;

use minchat_tui::domain::{AccountId, Request, RoomId, ServerEvent};
use minchat_tui::net::{Connection, FeedReceiver, Target, feed};
use minchat_tui::protocol::vchat::{Credentials, VChat};
use minchat_tui::wire::{CallOutcome, Groups, Packet, Record, RecordKind, Ring, Topic};
use serde_json::json;
use test_support::{minchat, vchat};

use crate::client::{Client, SOON};

/// Returns the records of the group of the last send, as `started`, `status` or the name of the event.
fn last_send(ring: &Ring) -> Vec<String> {
    let records = ring.since(0).records;
    let mut groups = Groups::default();
    let groups_of: Vec<_> = records.iter().map(|record| groups.assign(record)).collect();
    let is_send = |record: &Record| record.subject.topic == Some(Topic::Send);
    let Some(place) = records.iter().rposition(|record| is_send(record)) else { return Vec::new() };
    let root = groups_of[place].map(|group| groups.root(group));
    let of_group = records.iter().zip(&groups_of).filter(|(_, group)| group.map(|group| groups.root(group)) == root);
    of_group.map(|(record, _)| word(record)).collect()
}

fn word(record: &Record) -> String {
    match &record.kind {
        RecordKind::CallStarted(_) => "started".into(),
        RecordKind::CallFinished { outcome: CallOutcome::Reply { status, .. }, .. } => status.to_string(),
        RecordKind::Received { payload, .. } => Packet::parse(&payload.text).event.unwrap_or("packet").into(),
        _ => "other".into(),
    }
}

/// Sends a message and looks at it in the inspector.
async fn inspect_a_send(alice: &mut Client, path: &str, event: &str, key: &str) {
    alice.enters("Do you read me?").await;
    alice.shows_row(&["Do you read me?", "✓"]).await;
    alice.keys("f12").await;
    alice.shows_row(&["→", "POST", path]).await;
    alice.shows_row(&["←", event]).await;
    // The echo may arrive after the reply or before it.
    let has_all = || {
        let words = last_send(&alice.ring);
        ["started", event].iter().all(|word| words.iter().any(|other| other == word))
            && words.iter().any(|word| matches!(word.as_str(), "200" | "201"))
    };
    for _ in 0..100 {
        if has_all() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert!(has_all(), "{:?}", last_send(&alice.ring));
    let records = format!("{:?}", alice.ring.since(0).records);
    assert!(records.contains("Do you read me?") && records.contains("***"));
    assert!(!records.contains(key), "{records}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn minchat_send_is_grouped_and_key_is_not_recorded() {
    let sandbox = minchat::Sandbox::start().await;
    let bob = sandbox.person("bob", "Bob Brown").await;
    sandbox.person("alice", "Alice Archer").await;
    let chat = sandbox.chat(&bob, &["bob", "alice"], None).await;
    sandbox.send_text(&chat, &bob, "Hello Alice").await;
    let mut socket = sandbox.socket(&bob, &chat);
    let mut alice = Client::start(&sandbox.url(), minchat::KEY);
    alice.shows("› Message Bob Brown").await;
    alice.wait_joined(&mut socket).await;
    inspect_a_send(&mut alice, "/v1/messages", "message", minchat::KEY).await;
    alice.keys("esc").await;
    alice.lacks("Inspector").await;
    // The way from the message to its records.
    alice.keys("tab W").await;
    alice.shows("one message").await;
    alice.shows_row(&["→", "POST /v1/messages"]).await;
    alice.quit().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn vchat_send_is_grouped_and_broken_frame_is_listed() {
    let sandbox = vchat::Sandbox::start().await;
    let bob = sandbox.person("bob@example.org", "Bob Brown").await;
    sandbox.person("alice@example.org", "Alice Archer").await;
    let room = bob.room_with("alice@example.org").await;
    bob.send_text(&room, "Hello Alice").await;
    let mut socket = bob.socket();
    let protocol = VChat::new(Credentials::HashKey(vchat::KEY.to_owned()), "device".to_owned());
    let mut alice = Client::start_on(Box::new(protocol), &sandbox.url(), "alice@example.org", 16_384);
    alice.shows("› Message Bob Brown").await;
    // The receipt of the client: the server knows both sockets from here on.
    socket.wait("v1OnEnterChatRoom");
    inspect_a_send(&mut alice, "/message", "v1OnNewMessage", vchat::KEY).await;
    sandbox.emit("alice@example.org", "v1OnNewMessage", json!("{\"_id\":\"x\"}")).await;
    alice.shows_row(&["←", "v1OnNewMessage", "error"]).await;
    alice.shows("problem: ").await;
    alice.quit().await;
}

/// Returns what is recorded of the downloads: the outcome and the size of each, and whether its message is known.
fn downloads(ring: &Ring) -> Vec<(String, usize, bool)> {
    let records = ring.since(0).records;
    let of_downloads = records.iter().filter(|record| record.subject.topic == Some(Topic::Request("download")));
    let ended = of_downloads.filter_map(|record| match &record.kind {
        RecordKind::CallStarted(call) => {
            assert!(call.path.starts_with("/files/") && call.headers.is_empty(), "{call:?}");
            None
        }
        RecordKind::CallFinished { outcome: CallOutcome::Reply { body, .. }, .. } => {
            assert_eq!(&*body.text, "", "the content is not recorded");
            Some((word(record), body.bytes, record.subject.message.is_some()))
        }
        RecordKind::CallFinished { outcome, .. } => Some((format!("{outcome:?}"), 0, false)),
        _ => None,
    });
    ended.collect()
}

/// Sends a picture, saves it, and looks at the downloads in the inspector.
async fn inspect_downloads(alice: &mut Client) {
    let picture = include_bytes!("../../assets/demo-kettle.png");
    let folder = tempfile::tempdir().unwrap();
    let (sent, saved) = (folder.path().join("tea.png"), folder.path().join("saved.png"));
    std::fs::write(&sent, picture).unwrap();
    alice.enters(&format!("/send {}", sent.display())).await;
    alice.shows_row(&["[image] tea.png", "✓"]).await;
    alice.keys("tab w").await;
    alice.shows("Save tea.png").await;
    alice.keys("ctrl+u").await;
    alice.types(&saved.display().to_string()).await;
    alice.keys("enter").await;
    alice.wait("the end of the download", |_| saved.exists()).await;
    assert_eq!(std::fs::read(saved).unwrap(), picture);
    alice.keys("esc f12").await;
    alice.shows_row(&["←", "GET /files/", "200"]).await;
    let of_message = ("200".to_owned(), picture.len(), true);
    assert!(downloads(&alice.ring).contains(&of_message), "{:?}", downloads(&alice.ring));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn downloads_are_recorded_without_their_content() {
    let sandbox = minchat::Sandbox::start().await;
    let bob = sandbox.person("bob", "Bob Brown").await;
    sandbox.person("alice", "Alice Archer").await;
    let chat = sandbox.chat(&bob, &["bob", "alice"], None).await;
    sandbox.send_text(&chat, &bob, "Hello Alice").await;
    let mut alice = Client::start(&sandbox.url(), minchat::KEY);
    alice.shows("› Message Bob Brown").await;
    inspect_downloads(&mut alice).await;
    alice.quit().await;

    let sandbox = vchat::Sandbox::start().await;
    let bob = sandbox.person("bob@example.org", "Bob Brown").await;
    sandbox.person("alice@example.org", "Alice Archer").await;
    let room = bob.room_with("alice@example.org").await;
    bob.send_text(&room, "Hello Alice").await;
    let protocol = VChat::new(Credentials::HashKey(vchat::KEY.to_owned()), "device".to_owned());
    let mut alice = Client::start_on(Box::new(protocol), &sandbox.url(), "alice@example.org", 16_384);
    alice.shows("› Message Bob Brown").await;
    inspect_downloads(&mut alice).await;
    alice.quit().await;
}

async fn wait_for(feed: &mut FeedReceiver, is_it: impl Fn(&ServerEvent) -> bool) {
    let found = async {
        while let Some(event) = feed.recv().await {
            if is_it(&event) {
                return;
            }
        }
        panic!("the connection has ended");
    };
    tokio::time::timeout(SOON, found).await.expect("the event arrives");
}

/// Returns the values of a member of JSON in the bodies and packets of the ring.
fn values(ring: &Ring, name: &str) -> Vec<String> {
    let records = ring.since(0).records;
    let texts = records.iter().filter_map(|record| record.payload()).map(|payload| &payload.text);
    let start = format!("\"{name}\":\"");
    texts.filter_map(|text| Some(text.split_once(&start)?.1.split('"').next()?.to_owned())).collect()
}

/// The server's reply is recorded when it is decoded: before that, nobody knows that it holds a token.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn vchat_tokens_are_not_recorded_when_they_arrive() {
    let sandbox = vchat::Sandbox::start().await;
    let bob = sandbox.person("bob@example.org", "Bob Brown").await;
    sandbox.person("alice@example.org", "Alice Archer").await;
    let room = RoomId::new(&bob.room_with("alice@example.org").await);
    let protocol = VChat::new(Credentials::HashKey(vchat::KEY.to_owned()), "device".to_owned());
    let ring = Arc::<Ring>::default();
    let (sender, mut events) = feed(AccountId(0), 16_384);
    let target =
        Target { url: sandbox.url(), username: "alice@example.org".into(), name: None, ca_file: None, seed: 1 };
    let connection = Connection::open(target, Box::new(protocol), sender.recording_into(Arc::clone(&ring))).unwrap();
    wait_for(&mut events, |event| matches!(event, ServerEvent::SignedIn { .. })).await;
    assert_eq!(values(&ring, "accessToken"), ["***"]);
    connection.send(Request::CallAccess { room }).unwrap();
    wait_for(&mut events, |event| matches!(event, ServerEvent::CallAccess { .. })).await;
    assert_eq!(values(&ring, "rtcToken"), ["***"]);
    connection.close();
}
