//! `--record` and `replay` through the program itself, with a real socket to the sandbox.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output};
use std::time::Duration;

use serde_json::json;

use crate::client::{Client, SOON, USUAL};
use crate::control::Connection;

/// The script of a shell that waits until the test has recorded the settings of the terminal.
const SCRIPT: &str = "read go; exec \"$@\"";

/// Sends a text, waits until the server has it, and quits.
fn send_and_quit(client: &mut Client, text: &str) {
    client.pty.send(text).unwrap();
    client.pty.wait_text(&format!("› {text}"), SOON).unwrap();
    client.pty.send("\r").unwrap();
    let sent = |screen: &vt100::Screen| screen.rows(0, 100).any(|row| row.contains(text) && row.contains('✓'));
    client.pty.wait_for("the message with its ✓", SOON, sent).unwrap();
    client.pty.send("/quit").unwrap();
    client.pty.wait_text("› /quit", SOON).unwrap();
    client.pty.send("\r").unwrap();
    client.assert_exit(0);
}

fn replay(file: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_minchat-tui"));
    command.arg("replay").arg(file).args(arguments).env_clear().env("TERM", "xterm-256color").output().unwrap()
}

fn text(output: &[u8]) -> String {
    String::from_utf8_lossy(output).into_owned()
}

/// Starts the demo and records it.
fn record(home: &Path, file: &Path, backend: &str, more: &[&str]) -> Client {
    let file = file.to_str().unwrap();
    let arguments = ["demo", "--seed", "7", "--backend", backend, "--record", file];
    let mut client = Client::start_in(home, SCRIPT, &[&arguments, more].concat(), USUAL);
    client.pty.wait_text("› Message ", SOON).unwrap();
    client
}

#[test]
fn replay_of_a_session_prints_its_last_screen() {
    for backend in ["minchat", "vchat"] {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("session.ndjson");
        let mut client = record(home.path(), &file, backend, &[]);
        send_and_quit(&mut client, "Recorded for later");
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        let replayed = replay(&file, &[]);
        let (out, err) = (text(&replayed.stdout), text(&replayed.stderr));
        assert_eq!((replayed.status.code(), err.as_str()), (Some(0), ""), "{out}");
        assert!(out.contains("Recorded for later"), "{out}");
        let recorded = fs::read_to_string(&file).unwrap();
        let end: serde_json::Value = serde_json::from_str(recorded.lines().last().unwrap()).unwrap();
        let rows = end["screen"]["rows"].as_array().unwrap();
        let rows: Vec<&str> = rows.iter().map(|row| row.as_str().unwrap()).collect();
        assert_eq!(out.lines().collect::<Vec<_>>(), rows);
        // Nothing is overwritten.
        let again = Client::start_in(home.path(), SCRIPT, &["demo", "--record", file.to_str().unwrap()], USUAL);
        { again }.assert_exit(2);
        assert_eq!(fs::read_to_string(&file).unwrap(), recorded);
    }
}

/// Jumps load other parts of a conversation, from the service and from the memory of the program.
#[test]
fn jumps_are_replayed() {
    for backend in ["minchat", "vchat"] {
        let home = tempfile::tempdir().unwrap();
        let (file, socket) = (home.path().join("session.ndjson"), home.path().join("control.sock"));
        let mut client = record(home.path(), &file, backend, &["--control", socket.to_str().unwrap()]);
        client.pty.wait_text("The Boiling Point", SOON).unwrap();
        let mut control = Connection::open(&socket);
        let rows = |control: &mut Connection| control.ask(&json!({ "command": "screen" }))["rows"].to_string();
        let mut press = |keys: &str, expected: &str| {
            control.ask(&json!({ "command": "key", "keys": keys }));
            let until = std::time::Instant::now() + SOON;
            while !rows(&mut control).contains(expected) {
                assert!(std::time::Instant::now() < until, "{keys}: {expected}: {}", rows(&mut control));
                std::thread::sleep(Duration::from_millis(20));
                // Enter does nothing before the matches for all of the text are there.
                if keys == "Enter" && rows(&mut control).contains("Enter jump") {
                    control.ask(&json!({ "command": "key", "keys": keys }));
                }
            }
        };
        press("ctrl+f t h e", "matches");
        press("Enter", "older match (1 of");
        press("n", "older match (2 of");
        press("Ctrl+O", "Boiling Point");
        press("Esc Esc / d a t e Space 2 0 2 0 - 0 1 - 0 1 Enter", "Start of the conversation");
        control.ask(&json!({ "command": "key", "keys": "Ctrl+Q" }));
        client.assert_exit(0);
        let replayed = replay(&file, &[]);
        let (out, err) = (text(&replayed.stdout), text(&replayed.stderr));
        // The code says whether the last screen is the recorded one.
        assert_eq!((replayed.status.code(), err.as_str()), (Some(0), ""), "{out}");
        assert!(out.contains("Start of the conversation"), "{out}");
    }
}

/// The records of the wire are not part of a recording, so what shows them is not compared.
#[test]
fn session_that_ends_with_the_inspector_is_replayed() {
    for (keys, shown) in
        [("\x1b[23~", "no message sent yet"), ("\x1b[24~", "Inspector · "), ("\x1b[23~\x1b[24~", "Inspector · ")]
    {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("session.ndjson");
        let mut client = record(home.path(), &file, "vchat", &[]);
        client.pty.send(keys).unwrap();
        client.pty.wait_text(shown, SOON).unwrap();
        client.pty.signal(rustix::process::Signal::TERM).unwrap();
        client.assert_exit(0);
        let replayed = replay(&file, &[]);
        assert_eq!((replayed.status.code(), text(&replayed.stderr).as_str()), (Some(0), ""), "{keys:?}");
    }
}

#[test]
fn recording_of_a_killed_program_is_replayed() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("session.ndjson");
    let mut client = record(home.path(), &file, "minchat", &[]);
    client.pty.send("Typed before the crash").unwrap();
    client.pty.wait_text("› Typed before the crash", SOON).unwrap();
    client
        .pty
        .wait_for("a written recording", SOON, |_| {
            let typed = fs::read_to_string(&file).unwrap();
            typed.lines().filter(|line| line.contains("\"Key\"")).count() == "Typed before the crash".len()
                && typed.lines().last().is_some_and(|line| line.contains("FrameDrawn"))
        })
        .unwrap();
    client.pty.signal(rustix::process::Signal::KILL).unwrap();
    let replayed = replay(&file, &["--as", "text"]);
    let (out, err) = (text(&replayed.stdout), text(&replayed.stderr));
    assert_eq!(replayed.status.code(), Some(0), "{err}");
    assert!(out.contains("› Typed before the crash"), "{out}");
    assert!(err.contains("The recording has no end, because the program was killed."), "{err}");
}

#[test]
fn recording_hides_keys_and_names() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("session.ndjson");
    let mut client = record(home.path(), &file, "vchat", &["--record-names", "hidden", "--user", "quentin"]);
    send_and_quit(&mut client, "Good morning, Mara");
    let recording = fs::read_to_string(&file).unwrap();
    for word in ["quentin", "Mara", "Lindqvist", "Boiling", "morning"] {
        assert!(!recording.contains(word), "{word}");
    }
    let replayed = replay(&file, &[]);
    assert_eq!(replayed.status.code(), Some(0), "{}", text(&replayed.stderr));
    assert!(text(&replayed.stdout).lines().count() == usize::from(USUAL.rows), "{}", text(&replayed.stdout));
}

#[test]
fn replay_plays_in_the_terminal() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("session.ndjson");
    let mut client = record(home.path(), &file, "minchat", &[]);
    send_and_quit(&mut client, "See you");
    let mut player = Client::start_in(home.path(), SCRIPT, &["replay", file.to_str().unwrap(), "--step"], USUAL);
    player.pty.wait_text("Paused ×1  0.0 s of", SOON).unwrap();
    player.pty.send("n").unwrap();
    player.pty.wait_text("event 1 of", SOON).unwrap();
    player.pty.send("+\x1b[F").unwrap();
    player.pty.wait_text("End ×2", SOON).unwrap();
    player.pty.wait_text("See you", SOON).unwrap();
    player.pty.send("q").unwrap();
    player.assert_exit(0);
    player.assert_restored();
}

#[test]
fn what_is_no_recording_is_rejected() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("notes.txt");
    fs::write(&file, "hello\n").unwrap();
    let rejected = replay(&file, &[]);
    assert_eq!(rejected.status.code(), Some(2));
    assert!(text(&rejected.stderr).contains("it is no recording of minchat-tui"), "{}", text(&rejected.stderr));
}
