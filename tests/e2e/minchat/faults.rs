//! Cut lines and floods: nothing is lost, nothing comes twice, and the screen says what is going on.

use serde_json::json;

use crate::client::{Client, Left};
use test_support::fault::Line;
use test_support::minchat::{KEY, Sandbox};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cut_line_is_told_mended_and_what_was_missed_is_fetched() {
    let sandbox = Sandbox::open().await;
    let bob = sandbox.person("bob", "Bob Brown").await;
    sandbox.person("alice", "Alice Archer").await;
    let chat = sandbox.chat(&bob, &["bob", "alice"], None).await;
    sandbox.say(&chat, &bob, "before").await;
    let line = Line::to(&sandbox.url()).await;
    let mut alice = Client::start(&line.url, KEY);
    alice.shows_row(&["│   before"]).await;

    line.cut();
    alice.shows("Reconnecting in").await;
    // More than a page, so that one page of them is not enough.
    let mut expected = vec!["before".to_owned()];
    for number in 0..60 {
        let words = format!("missed {number}.");
        sandbox.say(&chat, &bob, &words).await;
        expected.push(words);
    }
    // Typing works on while there is no connection.
    alice.types("still typing").await;
    alice.shows("› still typing").await;

    let mut socket = sandbox.socket(&bob, &chat);
    line.mend();
    alice.shows("● Online").await;
    alice.shows_row(&["│   missed 59."]).await;
    alice.shows("› still typing").await;
    // What only goes to those who have joined the room: Alice has joined it again.
    alice.is_heard_by(&mut socket).await;
    let draft = json!({ "chat_id": chat, "user_id": bob, "text": "on second thought", "apiKey": KEY });
    let id = socket.ask("message", draft)["id"].clone();
    alice.shows("on second thought").await;
    socket.emit("message.delete", json!({ "messageId": id, "apiKey": KEY }));
    alice.shows("Message deleted").await;
    expected.push(String::new());

    let left = alice.end().await;
    assert_eq!(left.texts, expected, "each once, in order");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_line_that_is_cut_again_and_again_is_mended_each_time() {
    let sandbox = Sandbox::open().await;
    let bob = sandbox.person("bob", "Bob Brown").await;
    sandbox.person("alice", "Alice Archer").await;
    let chat = sandbox.chat(&bob, &["bob", "alice"], None).await;
    sandbox.say(&chat, &bob, "before").await;
    let line = Line::to(&sandbox.url()).await;
    let mut alice = Client::start(&line.url, KEY);
    alice.shows_row(&["│   before"]).await;
    let mut expected = vec!["before".to_owned()];
    for round in 0..3 {
        line.cut();
        alice.shows("Reconnecting in").await;
        let words = format!("round {round}.");
        sandbox.say(&chat, &bob, &words).await;
        line.mend();
        // Without waiting for the next attempt.
        alice.keys("f5").await;
        alice.shows_row(&[&format!("│   {words}")]).await;
        expected.push(words);
    }
    let left = alice.end().await;
    assert_eq!(left.texts, expected);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_written_while_cut_off_waits_and_goes_out_by_itself_in_order() {
    let sandbox = Sandbox::open().await;
    let bob = sandbox.person("bob", "Bob Brown").await;
    sandbox.person("alice", "Alice Archer").await;
    let chat = sandbox.chat(&bob, &["bob", "alice"], None).await;
    sandbox.say(&chat, &bob, "before").await;
    let line = Line::to(&sandbox.url()).await;
    let mut alice = Client::start(&line.url, KEY);
    alice.shows_row(&["│   before"]).await;
    line.cut();
    alice.shows("Reconnecting in").await;
    alice.enters("into the void").await;
    alice.enters("and another").await;
    alice.shows_row(&["and another", "…"]).await;
    alice.lacks("✗").await;
    line.mend();
    alice.keys("f5").await;
    alice.shows("● Online").await;
    alice.shows_row(&["into the void", " ✓"]).await;
    alice.shows_row(&["and another", " ✓"]).await;
    let left = alice.end().await;
    assert_eq!(left.texts, ["before", "into the void", "and another"]);
}

/// The line is cut between Enter and the answer, again and again: whatever came through is there once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_written_while_the_line_is_cut_arrives_once() {
    let sandbox = Sandbox::open().await;
    let bob = sandbox.person("bob", "Bob Brown").await;
    sandbox.person("alice", "Alice Archer").await;
    let chat = sandbox.chat(&bob, &["bob", "alice"], None).await;
    sandbox.say(&chat, &bob, "before").await;
    let line = Line::to(&sandbox.url()).await;
    let mut alice = Client::start(&line.url, KEY);
    alice.shows_row(&["│   before"]).await;
    let mut expected = vec!["before".to_owned()];
    for round in 0..5_u64 {
        let words = format!("round {round}.");
        alice.enters(&words).await;
        tokio::time::sleep(std::time::Duration::from_millis(round * 2)).await;
        line.cut();
        alice.shows("Reconnecting in").await;
        line.mend();
        alice.keys("f5").await;
        alice.shows("● Online").await;
        alice.shows_row(&[&words, " ✓"]).await;
        expected.push(words);
    }
    let left = alice.end().await;
    assert_eq!(left.texts, expected, "each once, in order");
    let mut again = Client::start(&sandbox.url(), KEY);
    again.shows_row(&["round 4.", " ✓"]).await;
    assert_eq!(again.end().await.texts, expected, "and so on the server");
}

/// Bob writes as fast as the socket takes it, to an Alice with room for so many waiting events.
async fn flood(count: usize, events: usize) -> Left {
    let sandbox = Sandbox::open().await;
    let bob = sandbox.person("bob", "Bob Brown").await;
    sandbox.person("alice", "Alice Archer").await;
    let chat = sandbox.chat(&bob, &["bob", "alice"], None).await;
    sandbox.say(&chat, &bob, "before").await;
    let mut alice = Client::with_queue(&sandbox.url(), KEY, events);
    alice.shows_row(&["│   before"]).await;
    let mut socket = sandbox.socket(&bob, &chat);
    alice.is_heard_by(&mut socket).await;
    for number in 0..count {
        let words = format!("number {number}.");
        socket.emit("message", json!({ "chat_id": chat, "user_id": bob, "text": words, "apiKey": KEY }));
    }
    alice.shows_row(&[&format!("│   number {}.", count - 1)]).await;
    sandbox.say(&chat, &bob, "after").await;
    alice.shows_row(&["│   after"]).await;
    alice.end().await
}

fn all_of(count: usize) -> Vec<String> {
    let numbered = (0..count).map(|number| format!("number {number}."));
    ["before".to_owned()].into_iter().chain(numbered).chain(["after".to_owned()]).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_messages_are_all_there_in_order_and_once() {
    let left = flood(10_000, 16_384).await;
    let all = all_of(10_000);
    let wrong = left.texts.iter().zip(&all).position(|(is, ought)| is != ought);
    assert_eq!((left.texts.len(), wrong), (all.len(), None));
}
