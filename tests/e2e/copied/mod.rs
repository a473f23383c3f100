//! Rust programs that the inspector copies, as `tests/meta/copied.rs` writes them: they compile, and they do against the
//! sandbox what the client did. A reader replaces the mask of the secrets; the test also replaces addresses and ids.

// Written by another test. What a program prints is for its user.
#[rustfmt::skip]
#[allow(clippy::print_stdout, unreachable_pub, reason = "the code is what users get")]
mod programs;

use std::error::Error;
use std::sync::{Mutex, PoisonError};
use std::thread::JoinHandle;

use reqwest::Method;
use serde_json::{Value, json};
use test_support::vchat::decoded;
use test_support::{minchat, vchat};

/// A text of the programs with characters that have a meaning in some language.
const ODD: &str = "It's \"100 %\" \\ $HOME `x` {y} // 東京 👩\u{200d}👧 e\u{301}\u{2028}\u{202e}#\n.";

type Program = fn() -> Result<(), Box<dyn Error>>;

/// What replaces the placeholders. One test runs all programs, one after another.
static VALUES: Mutex<Vec<(&str, String)>> = Mutex::new(Vec::new());

/// Returns a literal of a program with its placeholders replaced.
fn given(text: &str) -> String {
    let values = VALUES.lock().unwrap_or_else(PoisonError::into_inner);
    values.iter().fold(text.to_owned(), |text, (placeholder, value)| text.replace(placeholder, value))
}

fn set(placeholder: &'static str, value: &str) {
    VALUES.lock().unwrap().push((placeholder, value.to_owned()));
}

/// Runs a program that ends.
async fn run(program: Program) {
    let outcome = tokio::task::spawn_blocking(move || program().map_err(|error| error.to_string())).await;
    assert_eq!(outcome.unwrap(), Ok(()));
}

/// Starts a program with a socket, which runs until its process ends.
fn start(program: Program) -> JoinHandle<Result<(), String>> {
    std::thread::spawn(move || program().map_err(|error| error.to_string()))
}

/// Fails if one of the programs has ended, as they do if they cannot connect.
fn assert_running(programs: [JoinHandle<Result<(), String>>; 2]) {
    for program in programs {
        assert!(!program.is_finished(), "a program has ended: {:?}", program.join());
    }
}

async fn minchat_programs() {
    let sandbox = minchat::Sandbox::start().await;
    let (alice, bob) = (sandbox.person("alice", "Alice").await, sandbox.person("bob", "Bob").await);
    let chat = sandbox.chat(&alice, &["alice", "bob"], None).await;
    let message = sandbox.send_text(&chat, &alice, "Before").await;
    let picture = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/demo-kettle.png");
    set("https://minchat.example", &sandbox.url());
    set("***", minchat::KEY);
    set("CHAT-ID", &chat);
    set("PERSON-ID", &alice);
    set("MESSAGE-ID", &message);
    set("tea.png", picture);
    run(programs::minchat_history::main).await;
    run(programs::minchat_send::main).await;
    run(programs::minchat_edit::main).await;
    run(programs::minchat_upload::main).await;
    let messages = sandbox.get(&format!("/v1/messages?chat_id={chat}&user_id={bob}&page=1")).await;
    let texts: Vec<&Value> = messages["messages"].as_array().unwrap().iter().map(|message| &message["text"]).collect();
    assert_eq!(texts.iter().filter(|text| **text == ODD).count(), 2, "sent and edited: {messages}");
    assert!(!texts.contains(&&json!("Before")), "{messages}");
    assert!(messages.to_string().contains("demo-kettle.png"), "uploaded: {messages}");
    let running = [start(programs::minchat_listen::main), start(programs::minchat_join::main)];
    sandbox.wait_online("alice").await;
    assert_running(running);
}

async fn vchat_programs() {
    let sandbox = vchat::Sandbox::start().await;
    let bob = sandbox.person("bob@example.org", "Bob").await;
    let alice = sandbox.person("alice@example.org", "Alice").await;
    let room = alice.group("Before", &["bob@example.org"]).await;
    set("https://vchat.example", &sandbox.url());
    set("***", alice.token());
    set("CHAT-ID", &room);
    let mut socket = bob.socket();
    run(programs::vchat_rooms::main).await;
    run(programs::vchat_send::main).await;
    assert_eq!(decoded(&socket.wait("v1OnNewMessage"))["c"], ODD);
    run(programs::vchat_rename::main).await;
    let (_, info) = bob.try_call(Method::GET, &format!("channel/{room}"), Value::Null).await;
    assert!(info.to_string().contains(&json!(ODD).to_string()), "{info}");
    let running = [start(programs::vchat_listen::main), start(programs::vchat_typing::main)];
    let typing = decoded(&socket.wait("v1OnRoomStatusChange"));
    assert_eq!((&typing["status"], &typing["roomId"]), (&json!("typing"), &json!(room)), "{typing}");
    assert_running(running);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn copied_rust_does_what_the_client_did() {
    minchat_programs().await;
    VALUES.lock().unwrap().clear();
    vchat_programs().await;
}
