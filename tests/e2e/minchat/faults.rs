//! Interrupted connections and floods of messages: nothing is lost or duplicated, and the screen shows the state.

use serde_json::json;

use crate::client::{Client, Outcome};
use test_support::fault::FaultProxy;
use test_support::minchat::{KEY, Sandbox};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn missed_messages_are_fetched_after_reconnecting() {
    let sandbox = Sandbox::start().await;
    let bob = sandbox.person("bob", "Bob Brown").await;
    sandbox.person("alice", "Alice Archer").await;
    let chat = sandbox.chat(&bob, &["bob", "alice"], None).await;
    sandbox.send_text(&chat, &bob, "before").await;
    let proxy = FaultProxy::start(&sandbox.url()).await;
    let mut alice = Client::start(&proxy.url, KEY);
    alice.shows_row(&["│   before"]).await;

    proxy.cut();
    alice.shows("Reconnecting in").await;
    // More than one page.
    let mut expected = vec!["before".to_owned()];
    for number in 0..60 {
        let words = format!("missed {number}.");
        sandbox.send_text(&chat, &bob, &words).await;
        expected.push(words);
    }
    // Typing still works without a connection.
    alice.types("still typing").await;
    alice.shows("› still typing").await;

    let mut socket = sandbox.socket(&bob, &chat);
    proxy.restore();
    alice.shows("● Online").await;
    alice.shows_row(&["│   missed 59."]).await;
    alice.shows("› still typing").await;
    // Edits are sent only to sockets that have joined the room. Alice's new socket has joined it again.
    alice.wait_joined(&mut socket).await;
    let draft = json!({ "chat_id": chat, "user_id": bob, "text": "on second thought", "apiKey": KEY });
    let id = socket.emit_with_ack("message", draft)["id"].clone();
    alice.shows("on second thought").await;
    socket.emit("message.delete", json!({ "messageId": id, "apiKey": KEY }));
    alice.shows("Message deleted").await;
    expected.push(String::new());

    let outcome = alice.quit().await;
    assert_eq!(outcome.texts, expected, "each once, in order");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_of_several_interruptions_is_recovered() {
    let sandbox = Sandbox::start().await;
    let bob = sandbox.person("bob", "Bob Brown").await;
    sandbox.person("alice", "Alice Archer").await;
    let chat = sandbox.chat(&bob, &["bob", "alice"], None).await;
    sandbox.send_text(&chat, &bob, "before").await;
    let proxy = FaultProxy::start(&sandbox.url()).await;
    let mut alice = Client::start(&proxy.url, KEY);
    alice.shows_row(&["│   before"]).await;
    let mut expected = vec!["before".to_owned()];
    for round in 0..3 {
        proxy.cut();
        alice.shows("Reconnecting in").await;
        let words = format!("round {round}.");
        sandbox.send_text(&chat, &bob, &words).await;
        proxy.restore();
        // Without waiting for the next retry.
        alice.keys("f5").await;
        alice.shows_row(&[&format!("│   {words}")]).await;
        expected.push(words);
    }
    let outcome = alice.quit().await;
    assert_eq!(outcome.texts, expected);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn messages_sent_while_offline_go_out_in_order() {
    let sandbox = Sandbox::start().await;
    let bob = sandbox.person("bob", "Bob Brown").await;
    sandbox.person("alice", "Alice Archer").await;
    let chat = sandbox.chat(&bob, &["bob", "alice"], None).await;
    sandbox.send_text(&chat, &bob, "before").await;
    let proxy = FaultProxy::start(&sandbox.url()).await;
    let mut alice = Client::start(&proxy.url, KEY);
    alice.shows_row(&["│   before"]).await;
    proxy.cut();
    alice.shows("Reconnecting in").await;
    alice.enters("into the void").await;
    alice.enters("and another").await;
    alice.shows_row(&["and another", "…"]).await;
    alice.lacks("✗").await;
    proxy.restore();
    alice.keys("f5").await;
    alice.shows("● Online").await;
    alice.shows_row(&["into the void", " ✓"]).await;
    alice.shows_row(&["and another", " ✓"]).await;
    let outcome = alice.quit().await;
    assert_eq!(outcome.texts, ["before", "into the void", "and another"]);
}

/// The connection is cut between Enter and the response several times; each message must arrive exactly once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn message_sent_while_disconnecting_arrives_once() {
    let sandbox = Sandbox::start().await;
    let bob = sandbox.person("bob", "Bob Brown").await;
    sandbox.person("alice", "Alice Archer").await;
    let chat = sandbox.chat(&bob, &["bob", "alice"], None).await;
    sandbox.send_text(&chat, &bob, "before").await;
    let proxy = FaultProxy::start(&sandbox.url()).await;
    let mut alice = Client::start(&proxy.url, KEY);
    alice.shows_row(&["│   before"]).await;
    let mut expected = vec!["before".to_owned()];
    for round in 0..5_u64 {
        let words = format!("round {round}.");
        alice.enters(&words).await;
        tokio::time::sleep(std::time::Duration::from_millis(round * 2)).await;
        proxy.cut();
        alice.shows("Reconnecting in").await;
        proxy.restore();
        alice.keys("f5").await;
        alice.shows("● Online").await;
        alice.shows_row(&[&words, " ✓"]).await;
        expected.push(words);
    }
    let outcome = alice.quit().await;
    assert_eq!(outcome.texts, expected, "each once, in order");
    let mut second = Client::start(&sandbox.url(), KEY);
    second.shows_row(&["round 4.", " ✓"]).await;
    assert_eq!(second.quit().await.texts, expected, "the server has the same messages");
}

/// Number of messages that Bob sends before he reads what has arrived.
const BETWEEN_READS: usize = 500;

/// Bob sends `count` messages as fast as the socket accepts them, to a client whose feed holds `events` events.
async fn flood(count: usize, events: usize) -> Outcome {
    let sandbox = Sandbox::start().await;
    let bob = sandbox.person("bob", "Bob Brown").await;
    sandbox.person("alice", "Alice Archer").await;
    let chat = sandbox.chat(&bob, &["bob", "alice"], None).await;
    sandbox.send_text(&chat, &bob, "before").await;
    let mut alice = Client::start_with_capacity(&sandbox.url(), KEY, events);
    alice.shows_row(&["│   before"]).await;
    let mut socket = sandbox.socket(&bob, &chat);
    alice.wait_joined(&mut socket).await;
    for number in 0..count {
        let words = format!("number {number}.");
        socket.emit("message", json!({ "chat_id": chat, "user_id": bob, "text": words, "apiKey": KEY }));
        if number % BETWEEN_READS == 0 {
            // Answers pings. On a busy machine the server takes longer than a ping may go unanswered, and would close
            // the connection with most of the messages unread.
            socket.drain();
        }
    }
    // Until the server has taken the last message.
    socket.drain();
    alice.shows_row(&[&format!("│   number {}.", count - 1)]).await;
    sandbox.send_text(&chat, &bob, "after").await;
    alice.shows_row(&["│   after"]).await;
    // A busy machine may have lost the connection for a moment.
    alice.fills_gaps().await;
    alice.quit().await
}

fn expected_texts(count: usize) -> Vec<String> {
    let numbered = (0..count).map(|number| format!("number {number}."));
    ["before".to_owned()].into_iter().chain(numbered).chain(["after".to_owned()]).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_messages_arrive_once_and_in_order() {
    let outcome = flood(10_000, 16_384).await;
    let all = expected_texts(10_000);
    let wrong = outcome.texts.iter().zip(&all).position(|(actual, expected)| actual != expected);
    let around = wrong.map(|at| &outcome.texts[at.saturating_sub(2)..(at + 3).min(outcome.texts.len())]);
    assert_eq!((outcome.texts.len(), around), (all.len(), None));
}
