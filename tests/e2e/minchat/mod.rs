//! MinChat end to end: the client's connection, state and event loop against the sandbox server, over real sockets.
//! Bob, the other person, uses plain REST and a raw websocket.

mod deleted_rooms;
mod faults;
mod profile;
mod uploads;

use minchat_tui::app::ConnectionState;
use reqwest::Method;
use serde_json::json;

use crate::client::Client;
use test_support::minchat::{KEY, Sandbox, text};
use test_support::wire::Wire;

/// Alice in a chat with Bob, who is online and has joined the chat.
struct Chat {
    sandbox: Sandbox,
    alice: Client,
    bob: String,
    socket: Wire,
    chat: String,
}

impl Chat {
    async fn open() -> Self {
        let sandbox = Sandbox::start().await;
        let bob = sandbox.person("bob", "Bob Brown").await;
        sandbox.person("alice", "Alice Archer").await;
        let chat = sandbox.chat(&bob, &["bob", "alice"], None).await;
        sandbox.send_text(&chat, &bob, "Hello Alice").await;
        let mut socket = sandbox.socket(&bob, &chat);
        let mut alice = Client::start(&sandbox.url(), KEY);
        alice.shows("› Message Bob Brown").await;
        alice.shows("Hello Alice").await;
        alice.wait_joined(&mut socket).await;
        Self { sandbox, alice, bob, socket, chat }
    }

    /// Bob sends a message on his socket; returns its id.
    fn send_from_bob(&mut self, words: &str) -> String {
        let draft = json!({ "chat_id": self.chat, "user_id": self.bob, "text": words, "apiKey": KEY });
        text(&self.socket.emit_with_ack("message", draft)["id"])
    }

    /// Bob's client emits a typing event.
    fn emit_typing(&mut self, event: &str) {
        let user = json!({ "id": self.bob, "username": "bob", "name": "Bob Brown" });
        self.socket.emit(event, json!({ "channelId": self.chat, "user": user, "apiKey": KEY }));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn new_chat_appears_without_a_reload() {
    let sandbox = Sandbox::start().await;
    let mut alice = Client::start(&sandbox.url(), KEY);
    alice.shows("No rooms yet").await;
    let bob = sandbox.person("bob", "Bob Brown").await;
    let chat = sandbox.chat(&bob, &["bob", "alice"], None).await;
    sandbox.wait_online("alice").await;
    sandbox.send_text(&chat, &bob, "Hello Alice").await;
    // It is not opened by itself: Alice may be away.
    alice.shows("No room is open").await;
    alice.keys("alt+a").await;
    alice.shows("› Message Bob Brown").await;
    alice.shows("Hello Alice").await;
    alice.quit().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn messages_are_received_edited_and_deleted() {
    let mut chat = Chat::open().await;
    let id = chat.send_from_bob("How are yuo?");
    chat.alice.shows_row(&["│", "How are yuo?"]).await;
    chat.socket.emit_with_ack("message.update", json!({ "messageId": id, "text": "How are you?", "apiKey": KEY }));
    chat.alice.shows_row(&["How are you? (edited)"]).await;
    chat.alice.lacks("yuo").await;
    chat.socket.emit("message.delete", json!({ "messageId": id, "apiKey": KEY }));
    chat.alice.shows_row(&["│   Message deleted"]).await;
    chat.alice.lacks("How are you?").await;
    chat.alice.shows("Hello Alice").await;
    chat.alice.quit().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn typing_is_shown_by_name_and_announced() {
    let mut chat = Chat::open().await;
    chat.emit_typing("typing.start");
    chat.alice.shows("Bob Brown is typing…").await;
    chat.emit_typing("typing.stop");
    chat.alice.lacks("is typing").await;

    chat.alice.types("He").await;
    assert_eq!(chat.socket.wait("typing.start")["username"], "alice");
    chat.alice.keys("enter").await;
    assert_eq!(chat.socket.wait("typing.stop")["username"], "alice");
    chat.alice.quit().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn message_is_sent_and_then_seen() {
    let mut chat = Chat::open().await;
    chat.alice.enters("Fine, thanks").await;
    let received = chat.socket.wait("message");
    assert_eq!((&received["text"], &received["user"]["username"]), (&json!("Fine, thanks"), &json!("alice")));
    chat.alice.shows_row(&["Fine, thanks", " ✓"]).await;
    let sandbox = chat.sandbox;
    let seen = json!({ "user_id": chat.bob });
    sandbox.call(Method::POST, &format!("/v1/messages/{}/seen", text(&received["id"])), seen).await;
    chat.alice.shows_row(&["Fine, thanks", "✓✓"]).await;
    let outcome = chat.alice.quit().await;
    assert_eq!(outcome.texts, ["Hello Alice", "Fine, thanks"], "echo, response and page are one message");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn messages_on_screen_are_reported_as_seen() {
    let mut chat = Chat::open().await;
    let id = chat.send_from_bob("And this?");
    // The receipt of the first message may come before it.
    while chat.socket.wait("message.seen") != id.as_str() {}
    chat.alice.quit().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn presence_is_shown_beside_the_title() {
    let mut chat = Chat::open().await;
    chat.alice.shows_beside_title("online").await;
    drop(chat.socket);
    chat.alice.shows_beside_title("last seen").await;
    let mut socket = chat.sandbox.socket(&chat.bob, &chat.chat);
    // The heartbeat of the official client (§4), which the server relays.
    socket.emit("user.status", json!({ "memberId": chat.bob, "apiKey": KEY, "channelId": chat.chat }));
    chat.alice.shows_beside_title("online").await;
    chat.alice.quit().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn own_messages_are_edited_and_deleted() {
    let mut chat = Chat::open().await;
    chat.alice.enters("I like cofee").await;
    chat.alice.shows_row(&["I like cofee", " ✓"]).await;
    chat.alice.keys("up").await;
    chat.alice.shows("✎ I like cofee").await;
    chat.alice.enters(" a lot").await;
    chat.alice.shows("I like cofee a lot (edited)").await;
    let changed = chat.socket.wait("message.update");
    assert_eq!(changed["text"], "I like cofee a lot");
    chat.alice.keys("tab d").await;
    chat.alice.confirms().await;
    chat.alice.shows_row(&["│   Message deleted"]).await;
    assert_eq!(chat.socket.wait("message.delete"), changed["id"]);
    let outcome = chat.alice.quit().await;
    assert_eq!(outcome.texts, ["Hello Alice", ""]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn history_can_be_read_up_to_the_first_message() {
    let sandbox = Sandbox::start().await;
    let bob = sandbox.person("bob", "Bob Brown").await;
    sandbox.person("alice", "Alice Archer").await;
    let chat = sandbox.chat(&bob, &["bob", "alice"], None).await;
    for number in 0..130 {
        sandbox.send_text(&chat, &bob, &format!("number {number}.")).await;
    }
    let mut alice = Client::start(&sandbox.url(), KEY);
    alice.shows("number 129.").await;
    for number in (0..=100).rev().step_by(10) {
        // Presses Page Up until the message is on the screen; one frame may need several.
        while !alice.screen().contains(&format!("number {number}.")) {
            let before = alice.screen();
            alice.keys("pageup").await;
            alice.wait("another frame", |screen| screen != before).await;
        }
    }
    alice.shows("Start of the conversation").await;
    alice.shows_row(&["│   number 0."]).await;
    let outcome = alice.quit().await;
    let all: Vec<String> = (0..130).map(|number| format!("number {number}.")).collect();
    assert_eq!(outcome.texts, all);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn messages_in_other_rooms_count_as_unread_until_read() {
    let mut chat = Chat::open().await;
    let (sandbox, bob) = (&chat.sandbox, &chat.bob);
    sandbox.person("carol", "Carol Chen").await;
    let kitchen = sandbox.chat(bob, &["bob", "alice", "carol"], Some("Kitchen")).await;
    for number in 1..=3 {
        sandbox.send_text(&kitchen, bob, &format!("Tea number {number}?")).await;
    }
    let counted = |screen: &str| {
        let row = screen.lines().find(|row| row.contains("Bob Brown: Tea number 3?"));
        row.and_then(|row| row.split('│').next()).is_some_and(|list| list.trim_end().ends_with(" 3"))
    };
    chat.alice.wait("three unread in the kitchen", counted).await;
    chat.alice.keys("alt+a").await;
    chat.alice.shows("› Message Kitchen").await;
    chat.alice.shows("── New messages ──").await;
    chat.alice.shows_row(&["│   Tea number 1?"]).await;
    chat.alice.wait("nothing unread", |screen| !counted(screen)).await;
    // The server has the receipts too, for her other devices.
    for _ in 0..3 {
        chat.socket.wait("message.seen");
    }
    chat.alice.quit().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn commands_create_change_and_delete_chats() {
    let mut chat = Chat::open().await;
    for (username, name) in [("carol", "Carol Chen"), ("dave", "Dave Dunn")] {
        chat.sandbox.person(username, name).await;
    }
    let alice = &mut chat.alice;
    alice.enters("/dm carol").await;
    alice.shows("› Message Carol Chen").await;
    alice.enters("/group Release crew: bob carol").await;
    alice.shows("› Message Release crew").await;
    alice.shows_beside_title("3 members").await;
    alice.enters("Welcome").await;
    alice.shows_row(&["Welcome", " ✓"]).await;
    alice.enters("/add dave").await;
    alice.shows("Dave Dunn was added").await;
    alice.shows_beside_title("4 members").await;
    alice.enters("/remove carol").await;
    alice.confirms().await;
    alice.shows("Carol Chen was removed").await;
    alice.shows_beside_title("3 members").await;
    alice.enters("/add nobody").await;
    alice.shows("No user is called nobody.").await;
    alice.shows("› /add nobody").await;
    alice.keys("ctrl+u").await;
    alice.enters("/delete-chat").await;
    alice.confirms().await;
    alice.shows("Release crew was deleted.").await;
    alice.wait("the absence of its row", |screen| !screen.contains("Message Release crew")).await;
    chat.alice.quit().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn wrong_api_key_ends_the_client_with_a_reason() {
    let sandbox = Sandbox::start().await;
    let outcome = Client::start(&sandbox.url(), "WRONG").outcome().await;
    let ConnectionState::Refused { reason } = outcome.connection else { panic!("{:?}", outcome.connection) };
    assert!(reason.contains("API key") && reason.ends_with('.'), "{reason}");
}
