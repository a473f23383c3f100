//! Chats that other people delete while the client is offline.

use reqwest::Method;
use serde_json::Value;

use crate::client::Client;
use test_support::fault::FaultProxy;
use test_support::minchat::{KEY, Sandbox};

/// Starts Alice's client, which has a chat with Pip (open) and one with Bob. While its connection is cut, Alice sends
/// `texts` to Pip, and that chat is deleted.
async fn deleted_while_offline(texts: &[&str]) -> (Sandbox, FaultProxy, Client, String) {
    let sandbox = Sandbox::start().await;
    sandbox.person("alice", "Alice Archer").await;
    let mut pip_chat = String::new();
    for (username, name) in [("bob", "Bob Brown"), ("pip", "Pip")] {
        let id = sandbox.person(username, name).await;
        pip_chat = sandbox.chat(&id, &[username, "alice"], None).await;
        sandbox.send_text(&pip_chat, &id, &format!("I am {name}")).await;
    }
    let proxy = FaultProxy::start(&sandbox.url()).await;
    let mut alice = Client::start(&proxy.url, KEY);
    alice.shows("› Message Pip").await;
    alice.shows_row(&["│   I am Pip"]).await;
    proxy.cut();
    alice.shows("Reconnecting in").await;
    for text in texts {
        alice.enters(text).await;
        alice.shows_row(&[text, "…"]).await;
    }
    sandbox.call(Method::DELETE, &format!("/v1/chat/{pip_chat}"), Value::Null).await;
    proxy.restore();
    alice.keys("f5").await;
    (sandbox, proxy, alice, pip_chat)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn chat_deleted_while_offline_is_removed_with_a_notice() {
    let (_sandbox, _proxy, mut alice, _) = deleted_while_offline(&[]).await;
    alice.shows("The direct message with Pip was deleted.").await;
    alice.shows("› Message Bob Brown").await;
    alice.lacks("I am Pip").await;
    alice.quit().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn failed_sends_in_a_deleted_room_can_be_discarded() {
    let (_sandbox, _proxy, mut alice, _) = deleted_while_offline(&["off one", "off two"]).await;
    alice.shows("This room was deleted. Select a message").await;
    alice.shows_row(&["off one", "✗"]).await;
    alice.shows_row(&["off two", "✗"]).await;
    alice.lacks("missing here").await;
    alice.lacks("not found").await;
    alice.keys("tab d").await;
    alice.confirms().await;
    alice.lacks("off two").await;
    alice.keys("tab d").await;
    alice.confirms().await;
    alice.shows("› Message Bob Brown").await;
    alice.lacks("off one").await;
    alice.quit().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn closed_chat_can_be_deleted() {
    let (_sandbox, _proxy, mut alice, _) = deleted_while_offline(&["off one"]).await;
    alice.shows("This room was deleted. Select a message").await;
    alice.enters("/delete-chat").await;
    alice.confirms().await;
    alice.shows("Pip was deleted. 1 queued message").await;
    alice.shows("› Message Bob Brown").await;
    alice.quit().await;
}

/// The chat is neither open nor in the room list of the new connection, so the client has to look it up.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn deleted_room_that_is_not_open_is_removed_too() {
    let sandbox = Sandbox::start().await;
    sandbox.person("alice", "Alice Archer").await;
    let mut chats = Vec::new();
    for (username, name) in [("bob", "Bob Brown"), ("pip", "Pip")] {
        let id = sandbox.person(username, name).await;
        let chat = sandbox.chat(&id, &[username, "alice"], None).await;
        sandbox.send_text(&chat, &id, &format!("I am {name}")).await;
        chats.push(chat);
    }
    let proxy = FaultProxy::start(&sandbox.url()).await;
    let mut alice = Client::start(&proxy.url, KEY);
    alice.shows("› Message Pip").await;
    proxy.cut();
    alice.shows("Reconnecting in").await;
    sandbox.call(Method::DELETE, &format!("/v1/chat/{}", chats[0]), Value::Null).await;
    proxy.restore();
    alice.keys("f5").await;
    alice.shows("The direct message with Bob Brown was deleted.").await;
    alice.lacks("I am Bob Brown").await;
    alice.shows("› Message Pip").await;
    alice.quit().await;
}
