//! Completion as a person uses it, with real folders.

use crate::client::{Client, SOON, USUAL};

/// Starts the demo of a service in a home folder.
fn demo(home: &std::path::Path, backend: &str) -> Client {
    let arguments = ["demo", "--seed", "7", "--backend", backend];
    let mut client = Client::start_in(home, "read go; exec \"$@\"", &arguments, USUAL);
    client.pty.wait_text("Message ", SOON).unwrap();
    client.pty.wait_text("Online", SOON).unwrap();
    client
}

#[test]
fn command_person_emoji_and_path_are_completed() {
    for backend in ["minchat", "vchat"] {
        let home = tempfile::tempdir().unwrap();
        std::fs::create_dir(home.path().join("Reports")).unwrap();
        std::fs::write(home.path().join("Reports/third quarter.txt"), "12345").unwrap();
        let mut client = demo(home.path(), backend);
        client.pty.send("/").unwrap();
        client.pty.wait_text("Open the direct message with a user", SOON).unwrap();
        client.pty.send("hel\t").unwrap();
        client.pty.wait_text("› /help", SOON).unwrap();
        client.pty.send("\r").unwrap();
        client.pty.wait_text("Keys and commands", SOON).unwrap();
        client.pty.send("\x1b").unwrap();
        client.pty.wait_gone("Keys and commands", SOON).unwrap();
        client.pty.send("Well done :tad").unwrap();
        client.pty.wait_text(":tada:", SOON).unwrap();
        client.pty.send("\t").unwrap();
        client.pty.wait_text("› Well done 🎉", SOON).unwrap();
        client.pty.send("\x15/send ~/rep").unwrap();
        client.pty.wait_text("Reports/", SOON).unwrap();
        client.pty.send("\t").unwrap();
        client.pty.wait_text("third quarter.txt", SOON).unwrap();
        client.pty.send("quart\t").unwrap();
        client.pty.wait_text("› /send ~/Reports/third quarter.txt", SOON).unwrap();
        client.pty.send("\r").unwrap();
        client.pty.wait_gone("› /send", SOON).unwrap();
        client.pty.wait_text("third quarter.txt", SOON).unwrap();
    }
}
