//! A chain of replies, each of which embeds the one before: nested more deeply than the parsers below the client read.

use test_support::vchat::{KEY, Sandbox, text};

use super::proxy::Proxy;
use crate::client::{Client, SOON, USUAL};

const ALICE: &str = "alice";

/// Number of replies in a row. `serde_json` reads 127 levels.
const REPLIES: usize = 140;

/// Regression test: a chain of 125 replies made the room and the room list unreadable.
#[test]
fn deep_chain_of_replies_is_shown() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let (sandbox, bob, room, mut last) = runtime.block_on(async {
        let sandbox = Sandbox::start().await;
        sandbox.person(ALICE, "Alice Archer").await;
        let bob = sandbox.person("bob", "Bob Brown").await;
        let room = bob.room_with(ALICE).await;
        let first = bob.send_text(&room, "link 0.").await;
        (sandbox, bob, room, text(&first["lId"]))
    });
    let proxy = Proxy::start(&sandbox.url(), "");
    let start =
        || Client::start(&["--backend", "vchat", "--url", &proxy.url, "--api-key", KEY, "--user", ALICE], USUAL);
    let mut client = start();
    client.pty.wait_text("● Online", SOON).unwrap();
    client.pty.wait_text("link 0.", SOON).unwrap();

    // V Chat sends an event as JSON inside of a string.
    for number in 1..=REPLIES {
        last = runtime.block_on(bob.reply(&room, &format!("link {number}."), &last));
    }
    client.pty.wait_text(&format!("link {REPLIES}."), SOON).unwrap();

    // The socket library does not deliver an event with an object as deep as this. The message is on the page that is
    // then requested.
    sandbox.faults().set("drop@v1OnNewMessage=100%".parse().unwrap(), Some(1));
    runtime.block_on(bob.reply(&room, "the last one.", &last));
    let object = format!("{}null{}", r#"{"rTo":"#.repeat(REPLIES), "}".repeat(REPLIES));
    proxy.emit(&format!(r#"42["v1OnNewMessage",{object}]"#));
    proxy.emit(r#"42["v1OnMyOnline","[]"]"#);
    client.pty.wait_text("the last one.", SOON).unwrap();
    client.pty.send("\x11").unwrap();
    client.assert_exit(0);

    // A new client reads the room list and the history.
    let mut client = start();
    client.pty.wait_text("› Message Bob Brown", SOON).unwrap();
    client.pty.wait_text(&format!("▎ Bob Brown: link {REPLIES}."), SOON).unwrap();
    client.pty.send("\x11").unwrap();
    client.assert_exit(0);
}
