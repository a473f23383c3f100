//! The client without a screen: in a terminal that cannot move the cursor, and between two pipes.

use std::io::Write;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use crate::client::{Client, SOON, USUAL};
use crate::kill::world::World;

/// Types a line like a person: not as soon after the one before as the lines of a pasted text follow each other.
fn type_line(client: &mut Client, line: &str) {
    thread::sleep(Duration::from_millis(100));
    client.pty.send(format!("{line}\n")).unwrap();
}

#[test]
fn dumb_terminal_gets_lines_and_no_sequences() {
    for backend in ["minchat", "vchat"] {
        let arguments = ["demo", "--seed", "7", "--backend", backend, "--room", "Release 0.9"];
        let mut client = Client::start_with("read go; TERM=dumb exec \"$@\"", &arguments, USUAL);
        client.pty.wait_text("Room: ", SOON).unwrap();
        client.pty.wait_text("everything but the cake", SOON).unwrap();
        type_line(&mut client, "hello from a serial line");
        client.pty.wait_text("Sent: hello from a serial line", SOON).unwrap();
        type_line(&mut client, "/key ctrl+k");
        client.pty.wait_text("Keys: ", SOON).unwrap();
        type_line(&mut client, "/key esc");
        client.pty.wait_text("Closed.", SOON).unwrap();
        type_line(&mut client, "/quit");
        client.assert_exit(0);
        let output = String::from_utf8_lossy(client.pty.transcript()).into_owned();
        assert!(!output.contains('\x1b'), "{backend}: {output:?}");
        assert!(!output.contains(|c: char| matches!(c, '\u{2500}'..='\u{259f}')), "{backend}: {output}");
    }
}

#[test]
fn lines_can_come_from_a_pipe_and_go_to_one() {
    let mut client = Command::new(env!("CARGO_BIN_EXE_minchat-tui"));
    client.args(["demo", "--seed", "7", "--linear"]).env("HOME", "/nonexistent").env_remove("TERM");
    let mut client = client.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut input = client.stdin.take().unwrap();
    // The last line has no end.
    input.write_all(b"/help\n/quit").unwrap();
    drop(input);
    let output = client.wait_with_output().unwrap();
    assert!(output.status.success());
    let output = String::from_utf8(output.stdout).unwrap();
    assert!(output.contains("Connecting to ") && output.contains("Here and now:"), "{output}");
}

/// Regression test: the lines were handled before the room was open, and a file could not be read at all.
#[test]
fn piped_lines_are_sent_before_the_end() {
    for (world, is_file) in [(World::minchat(), true), (World::minchat(), false), (World::vchat(), true)] {
        let home = tempfile::tempdir().unwrap();
        let url = world.url();
        let [backend_flag, backend, url_flag, url, _, key, user_flag, user] = world.arguments(&url);
        let mut client = Command::new(env!("CARGO_BIN_EXE_minchat-tui"));
        client.args([backend_flag, backend, url_flag, url, user_flag, user, "--linear", "--room", "Green room"]);
        client.env_clear().env("HOME", home.path()).env("LANG", "C.UTF-8").env("MINCHAT_API_KEY", key);
        let lines = home.path().join("lines");
        std::fs::write(&lines, "piped one\npiped two").unwrap();
        let input = std::fs::File::open(&lines).unwrap();
        let mut client =
            client.stdin(if is_file { input.into() } else { Stdio::piped() }).stdout(Stdio::piped()).spawn().unwrap();
        if let Some(mut input) = client.stdin.take() {
            input.write_all(b"piped one\npiped two").unwrap();
        }
        let output = client.wait_with_output().unwrap();
        assert!(output.status.success());
        let history = world.history(1);
        assert!(history.ends_with(&["piped one".to_owned(), "piped two".to_owned()]), "{history:?}");
    }
}

/// A pasted line `/quit` ended the program, and a mistyped command was called a message that was not sent.
#[test]
fn pasted_lines_are_not_run_as_commands() {
    for backend in ["minchat", "vchat"] {
        let arguments = ["demo", "--seed", "7", "--backend", backend, "--room", "Release 0.9"];
        let mut client = Client::start_with("read go; TERM=dumb exec \"$@\"", &arguments, USUAL);
        client.pty.wait_text("everything but the cake", SOON).unwrap();
        client.pty.send("first line\n/quit\nlast line\n").unwrap();
        client.pty.wait_text("/quit: not run, because it came together with other lines", SOON).unwrap();
        client.pty.wait_text("Sent: last line", SOON).unwrap();
        type_line(&mut client, "/foo");
        client.pty.wait_text("/foo", SOON).unwrap();
        type_line(&mut client, "/quit");
        client.assert_exit(0);
        let output = String::from_utf8_lossy(client.pty.transcript()).into_owned();
        assert!(!output.contains("Not sent yet: /"), "{backend}: {output}");
    }
}
