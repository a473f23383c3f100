//! Two people of one service on one screen, over real sockets: what one of them does appears on the other side.

use std::time::Duration;

use minchat_tui::protocol::Protocol;
use minchat_tui::protocol::minchat::MinChat;
use minchat_tui::protocol::vchat::{Credentials, VChat};
use test_support::{minchat, vchat};

use crate::client::{Client, TestProfile};

/// The rows of the screen that show `text` in the left half and in the right one.
fn halves<'a>(screen: &'a str, text: &'a str) -> (bool, bool) {
    let parts = screen.lines().filter_map(|row| row.rsplit_once('│'));
    parts.fold((false, false), |found, (left, right)| (found.0 || left.contains(text), found.1 || right.contains(text)))
}

async fn shows_left(client: &mut Client, text: &str) {
    client.wait(&format!("`{text}` on the left"), |screen| halves(screen, text).0).await;
}

async fn shows_right(client: &mut Client, text: &str) {
    client.wait(&format!("`{text}` on the right"), |screen| halves(screen, text).1).await;
}

/// Types until the other one sees it. It is announced only once for a while, perhaps before they have joined the room.
async fn types_until_seen(people: &mut Client) {
    for _ in 0..40 {
        for _ in 0..40 {
            if halves(&people.screen(), "is typing").1 {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        people.types(".").await;
    }
    panic!("nobody sees the typing:\n{}", people.screen());
}

/// Alice has the keys, and both have the same room open.
async fn talk(people: &mut Client, can_edit: bool) {
    shows_left(people, "Hello Alice").await;
    shows_right(people, "Hello Alice").await;
    people.shows_row(&["▸ alice", "● Online", "─ bob", "● Online"]).await;
    people.types("I am writing").await;
    types_until_seen(people).await;
    assert!(!halves(&people.screen(), "is typing").0);
    people.keys("enter").await;
    shows_right(people, "I am writing").await;
    // Bob has read it, because it is on the screen.
    people
        .wait("two ticks on the left", |screen| {
            screen.lines().any(|row| {
                row.rsplit_once('│').is_some_and(|(left, _)| left.contains("I am writing") && left.contains("✓✓"))
            })
        })
        .await;
    people.keys("ctrl+up").await;
    shows_right(people, "◇  I am writing").await;
    people.keys("esc").await;
    people.lacks("◇").await;
    if can_edit {
        people.keys("up").await;
        shows_left(people, "✎ I am writing").await;
        people.types(" again").await;
        people.keys("enter").await;
        shows_right(people, "again (edited)").await;
    }
    people.keys("f6").await;
    people.enters("Not now").await;
    shows_left(people, "Not now").await;
    people.keys("f6 f12").await;
    people.shows_row(&["alice", "→", "POST"]).await;
    people.shows_row(&["bob", "→", "POST"]).await;
    people.keys("esc ctrl+up up d").await;
    people.confirms().await;
    people.wait("no message on either side", |screen| halves(screen, "I am writing") == (false, false)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn people_see_each_other_on_minchat() {
    let sandbox = minchat::Sandbox::start().await;
    let bob = sandbox.person("bob", "Bob Brown").await;
    sandbox.person("alice", "Alice Archer").await;
    let chat = sandbox.chat(&bob, &["bob", "alice"], None).await;
    sandbox.send_text(&chat, &bob, "Hello Alice").await;
    let person =
        |name| TestProfile { name, protocol: Box::new(MinChat::new(minchat::KEY)), url: sandbox.url(), user: name };
    let mut people = Client::start_side_by_side(vec![person("alice"), person("bob")]);
    talk(&mut people, true).await;
    people.quit().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn people_see_each_other_on_vchat() {
    let sandbox = vchat::Sandbox::start().await;
    let bob = sandbox.person("bob@example.org", "Bob Brown").await;
    sandbox.person("alice@example.org", "Alice Archer").await;
    let room = bob.room_with("alice@example.org").await;
    bob.send_text(&room, "Hello Alice").await;
    let person = |name: &'static str, user| {
        let credentials = Credentials::HashKey(vchat::KEY.to_owned());
        let protocol: Box<dyn Protocol> = Box::new(VChat::new(credentials, format!("device of {name}")));
        TestProfile { name, protocol, url: sandbox.url(), user }
    };
    let both = vec![person("alice", "alice@example.org"), person("bob", "bob@example.org")];
    let mut people = Client::start_side_by_side(both);
    talk(&mut people, false).await;
    people.quit().await;
}
