//! A chat that others delete while the line is cut: it left a ghost in the list that could not be deleted.

use reqwest::Method;
use serde_json::Value;

use crate::client::Client;
use test_support::fault::Line;
use test_support::minchat::{KEY, Sandbox};

/// Alice in a chat with Pip, beside one with Bob; her line is cut and Pip's chat deleted meanwhile.
async fn cut_off(texts: &[&str]) -> (Sandbox, Line, Client, String) {
    let sandbox = Sandbox::open().await;
    sandbox.person("alice", "Alice Archer").await;
    let mut pips = String::new();
    for (username, name) in [("bob", "Bob Brown"), ("pip", "Pip")] {
        let id = sandbox.person(username, name).await;
        pips = sandbox.chat(&id, &[username, "alice"], None).await;
        sandbox.say(&pips, &id, &format!("I am {name}")).await;
    }
    let line = Line::to(&sandbox.url()).await;
    let mut alice = Client::start(&line.url, KEY);
    alice.shows("› Message Pip").await;
    alice.shows_row(&["│   I am Pip"]).await;
    line.cut();
    alice.shows("Reconnecting in").await;
    for text in texts {
        alice.enters(text).await;
        alice.shows_row(&[text, "…"]).await;
    }
    sandbox.call(Method::DELETE, &format!("/v1/chat/{pips}"), Value::Null).await;
    line.mend();
    alice.keys("f5").await;
    (sandbox, line, alice, pips)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_chat_that_was_deleted_meanwhile_leaves_the_list_with_a_sentence_that_names_it() {
    let (_sandbox, _line, mut alice, _) = cut_off(&[]).await;
    alice.shows("The chat with Pip was deleted.").await;
    alice.shows("› Message Bob Brown").await;
    alice.lacks("I am Pip").await;
    alice.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_written_there_can_be_discarded_and_then_the_chat_goes() {
    let (_sandbox, _line, mut alice, _) = cut_off(&["off one", "off two"]).await;
    alice.shows("This chat was deleted. Select a message").await;
    alice.shows_row(&["off one", "✗"]).await;
    alice.shows_row(&["off two", "✗"]).await;
    alice.lacks("missing here").await;
    alice.lacks("not found").await;
    alice.keys("tab x").await;
    alice.lacks("off two").await;
    alice.keys("tab x").await;
    alice.shows("› Message Bob Brown").await;
    alice.lacks("off one").await;
    alice.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_closed_chat_can_be_deleted() {
    let (_sandbox, _line, mut alice, _) = cut_off(&["off one"]).await;
    alice.shows("This chat was deleted. Select a message").await;
    alice.enters("/delete-chat").await;
    alice.keys("y").await;
    alice.shows("Pip was deleted. What waited").await;
    alice.shows("› Message Bob Brown").await;
    alice.end().await;
}

/// Neither on screen nor in the list of the new connection: it is asked about.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_chat_that_is_not_on_screen_goes_too() {
    let sandbox = Sandbox::open().await;
    sandbox.person("alice", "Alice Archer").await;
    let mut chats = Vec::new();
    for (username, name) in [("bob", "Bob Brown"), ("pip", "Pip")] {
        let id = sandbox.person(username, name).await;
        let chat = sandbox.chat(&id, &[username, "alice"], None).await;
        sandbox.say(&chat, &id, &format!("I am {name}")).await;
        chats.push(chat);
    }
    let line = Line::to(&sandbox.url()).await;
    let mut alice = Client::start(&line.url, KEY);
    alice.shows("› Message Pip").await;
    line.cut();
    alice.shows("Reconnecting in").await;
    sandbox.call(Method::DELETE, &format!("/v1/chat/{}", chats[0]), Value::Null).await;
    line.mend();
    alice.keys("f5").await;
    alice.shows("The chat with Bob Brown was deleted.").await;
    alice.lacks("I am Bob Brown").await;
    alice.shows("› Message Pip").await;
    alice.end().await;
}
