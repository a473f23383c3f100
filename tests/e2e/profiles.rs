//! Several profiles in one window, over real sockets: one of them is frozen or refused, and the other goes on.

use minchat_tui::protocol::Protocol;
use minchat_tui::protocol::minchat::MinChat;
use minchat_tui::protocol::vchat::{Credentials, VChat};
use test_support::{minchat, vchat};

use crate::client::{Client, TestProfile};

const ALICE: &str = "alice@example.org";
const BOB: &str = "bob@example.org";

fn on_minchat(url: &str) -> TestProfile {
    TestProfile { name: "work", protocol: Box::new(MinChat::new(minchat::KEY)), url: url.to_owned(), user: "alice" }
}

fn on_vchat(url: &str, key: &str) -> TestProfile {
    let protocol: Box<dyn Protocol> = Box::new(VChat::new(Credentials::HashKey(key.to_owned()), "device".to_owned()));
    TestProfile { name: "home", protocol, url: url.to_owned(), user: ALICE }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn both_services_work_side_by_side() {
    let (work, home) = (minchat::Sandbox::start().await, vchat::Sandbox::start().await);
    let bob = work.person("bob", "Bob Brown").await;
    work.person("alice", "Alice Archer").await;
    let chat = work.chat(&bob, &["bob", "alice"], None).await;
    work.send_text(&chat, &bob, "Hello from work").await;
    let other_bob = home.person(BOB, "Bob at home").await;
    home.person(ALICE, "Alice Archer").await;
    let room = other_bob.room_with(ALICE).await;
    other_bob.send_text(&room, "Hello from home").await;
    let mut alice = Client::start_profiles(vec![on_minchat(&work.url()), on_vchat(&home.url(), vchat::KEY)]);
    alice.shows("work · Bob Brown").await;
    alice.shows_row(&["● home", "1 unread"]).await;
    alice.types("a draft for work").await;
    alice.keys("alt+a").await;
    alice.shows("home · Bob at home").await;
    alice.shows("› Message Bob at home").await;
    alice.enters("Hi home").await;
    alice.shows("✓").await;
    // A message for the profile that is not shown counts there, and leaves the screen as it is.
    work.send_text(&chat, &bob, "News from work").await;
    alice.shows_row(&["● work", "1 unread"]).await;
    alice.shows("home · Bob at home").await;
    alice.keys("alt+a").await;
    alice.shows("work · Bob Brown").await;
    alice.shows("News from work").await;
    alice.shows("a draft for work").await;
    alice.quit().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn frozen_service_holds_up_nothing_of_the_other() {
    // Connections are accepted by the system, and nobody ever answers.
    let frozen = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let work = minchat::Sandbox::start().await;
    let bob = work.person("bob", "Bob Brown").await;
    work.person("alice", "Alice Archer").await;
    let chat = work.chat(&bob, &["bob", "alice"], None).await;
    work.send_text(&chat, &bob, "Hello Alice").await;
    let url = format!("http://{}", frozen.local_addr().unwrap());
    let mut alice = Client::start_profiles(vec![on_vchat(&url, vchat::KEY), on_minchat(&work.url())]);
    alice.shows_row(&["○ home", "connecting…"]).await;
    alice.shows_row(&["● work", "1 unread"]).await;
    alice.keys("alt+a").await;
    alice.shows("work · Bob Brown").await;
    alice.shows("› Message Bob Brown").await;
    alice.enters("Hi Bob").await;
    work.send_text(&chat, &bob, "Still here").await;
    alice.shows("Still here").await;
    alice.shows_row(&["○ home", "connecting…"]).await;
    alice.quit().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn refused_profile_does_not_end_the_program() {
    let (work, home) = (minchat::Sandbox::start().await, vchat::Sandbox::start().await);
    let bob = work.person("bob", "Bob Brown").await;
    work.person("alice", "Alice Archer").await;
    home.person(ALICE, "Alice Archer").await;
    let chat = work.chat(&bob, &["bob", "alice"], None).await;
    work.send_text(&chat, &bob, "Hello Alice").await;
    let mut alice = Client::start_profiles(vec![on_minchat(&work.url()), on_vchat(&home.url(), "another-key")]);
    alice.shows_row(&["○ home", "not connected"]).await;
    alice.shows("work · Bob Brown").await;
    work.send_text(&chat, &bob, "One more").await;
    alice.shows("One more").await;
    alice.quit().await;
}
