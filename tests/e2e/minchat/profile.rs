//! The user's own name and picture, leaving a group, and demo mode.

use crate::client::Client;
use test_support::minchat::{KEY, Sandbox, text};

use super::Chat;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn name_and_picture_are_changed_for_everyone() {
    let mut chat = Chat::open().await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("face.png");
    std::fs::write(&path, b"\x89PNG\r\n\x1a\n a face").unwrap();
    chat.alice.enters("/name Alice the Great").await;
    chat.alice.shows("Your name is now Alice the Great.").await;
    chat.alice.enters(&format!("/picture {}", path.display())).await;
    chat.alice.shows("Your picture was changed.").await;
    let user = chat.sandbox.get("/v1/user?username=alice").await["user"].clone();
    assert_eq!(user["name"], "Alice the Great");
    let picture = reqwest::get(text(&user["avatar"])).await.unwrap().bytes().await.unwrap();
    assert_eq!(&picture[..], b"\x89PNG\r\n\x1a\n a face");
    chat.alice.enters("Bow").await;
    let received = chat.socket.wait("message");
    assert_eq!((&received["text"], &received["user"]["name"]), (&"Bow".into(), &"Alice the Great".into()));
    chat.alice.quit().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn group_is_left_after_a_question() {
    let sandbox = Sandbox::start().await;
    let bob = sandbox.person("bob", "Bob Brown").await;
    let carol = sandbox.person("carol", "Carol Chen").await;
    sandbox.person("alice", "Alice Archer").await;
    let chat = sandbox.chat(&bob, &["bob", "alice", "carol"], Some("Crew")).await;
    sandbox.send_text(&chat, &bob, "Welcome").await;
    let mut alice = Client::start(&sandbox.url(), KEY);
    alice.shows("› Message Crew").await;
    alice.enters("/leave").await;
    alice.shows("Leave Crew?").await;
    alice.confirms().await;
    alice.shows("You left Crew.").await;
    let left = sandbox.get(&format!("/v1/chat/{chat}")).await;
    assert_eq!(left["participant_user_ids"], serde_json::json!([bob, carol]));
    alice.quit().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn demo_key_shows_the_demo_chat() {
    let sandbox = Sandbox::start().await;
    let mut alice = Client::start(&sandbox.url(), "demo");
    alice.shows("Welcome to demo mode.").await;
    alice.quit().await;
}
