//! The control socket: a program drives and observes the demo through it.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::{Value, json};

use crate::client::{Client, SOON, USUAL};

const SCRIPT: &str = "read go; exec \"$@\"";

/// A connection to the socket.
pub(crate) struct Connection {
    stream: UnixStream,
    lines: BufReader<UnixStream>,
}

impl Connection {
    pub(crate) fn open(path: &Path) -> Self {
        let stream = UnixStream::connect(path).unwrap();
        stream.set_read_timeout(Some(SOON)).unwrap();
        let lines = BufReader::new(stream.try_clone().unwrap());
        let mut connection = Self { stream, lines };
        assert_eq!(connection.line()["minchat_tui_control"], 1);
        connection
    }

    fn line(&mut self) -> Value {
        let mut line = String::new();
        self.lines.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap()
    }

    /// Sends a line and returns its answer.
    pub(crate) fn raw(&mut self, line: &str) -> Value {
        self.stream.write_all(format!("{line}\n").as_bytes()).unwrap();
        loop {
            let answer = self.line();
            if answer.get("ok").is_some() {
                return answer;
            }
        }
    }

    #[track_caller]
    pub(crate) fn ask(&mut self, command: &Value) -> Value {
        let answer = self.raw(&command.to_string());
        assert_eq!(answer["ok"], true, "{command}: {answer}");
        answer["result"].clone()
    }

    /// Waits for an event of this type and text, or until nothing has arrived for some time.
    pub(crate) fn event_within(&mut self, kind: &str, text: &str, time: Duration) -> Option<Value> {
        self.stream.set_read_timeout(Some(time)).unwrap();
        let mut found = None;
        let mut line = String::new();
        while found.is_none() && self.lines.read_line(&mut line).is_ok() {
            assert!(!line.is_empty(), "the program has closed the connection");
            let event: Value = serde_json::from_str(&line).unwrap();
            line.clear();
            found = Some(event).filter(|event| event["type"] == kind && event.to_string().contains(text));
        }
        self.stream.set_read_timeout(Some(SOON)).unwrap();
        found
    }

    /// Waits for an event of this type and text.
    pub(crate) fn event(&mut self, kind: &str, text: &str) -> Value {
        loop {
            let line = self.line();
            if line["type"] == kind && line.to_string().contains(text) {
                return line;
            }
        }
    }
}

fn demo(home: &Path, backend: &str) -> (Client, PathBuf) {
    let socket = home.join("control.sock");
    let arguments = ["demo", "--seed", "7", "--backend", backend, "--control", socket.to_str().unwrap()];
    let mut client = Client::start_in(home, SCRIPT, &arguments, USUAL);
    client.pty.wait_text("› Message ", SOON).unwrap();
    client.pty.wait_text("Mara Lindqvist", SOON).unwrap();
    (client, socket)
}

#[test]
fn program_drives_and_observes_the_client() {
    for backend in ["minchat", "vchat"] {
        let home = tempfile::tempdir().unwrap();
        let (mut client, socket) = demo(home.path(), backend);
        assert_eq!(fs::metadata(&socket).unwrap().permissions().mode() & 0o777, 0o600);
        let (mut one, mut two) = (Connection::open(&socket), Connection::open(&socket));
        two.ask(&json!({ "command": "subscribe" }));
        one.ask(&json!({ "command": "open", "room": "Mara Lindqvist" }));
        client.pty.wait_text("› Message Mara Lindqvist", SOON).unwrap();
        let state = one.ask(&json!({ "command": "state" }));
        assert_eq!(
            (&state["room"]["title"], &state["profiles"][0]["connection"]),
            (&"Mara Lindqvist".into(), &"online".into())
        );
        one.ask(&json!({ "command": "key", "keys": "d r a f t" }));
        let queued = one.ask(&json!({ "command": "send", "text": "Sent by a program" }));
        let sent = two.event("sent", "");
        assert_eq!(sent["local_id"], queued["local_id"]);
        assert_eq!(sent["room"], state["room"]["id"]);
        let screen = one.ask(&json!({ "command": "screen" }));
        let rows = screen["rows"].as_array().unwrap();
        assert_eq!(rows.len(), usize::from(USUAL.rows));
        assert!(screen.to_string().contains("Sent by a program") && screen.to_string().contains("› draft"), "{screen}");
        assert!(one.ask(&json!({ "command": "screen", "as": "cells" })).to_string().contains("\"bold\":true"));
        assert!(one.ask(&json!({ "command": "screen", "as": "svg" }))["svg"].as_str().unwrap().starts_with("<svg"));
        one.ask(&json!({ "command": "key", "keys": "ctrl+u /  q u i t enter" }));
        client.assert_exit(0);
        assert!(!socket.exists());
    }
}

/// `nc -N` closes the connection for writing at the end of its input.
#[test]
fn answers_reach_a_connection_that_is_closed_for_writing() {
    let home = tempfile::tempdir().unwrap();
    let (_client, socket) = demo(home.path(), "minchat");
    let mut one = Connection::open(&socket);
    let commands = [
        json!({ "id": 1, "command": "open", "room": "Mara Lindqvist" }),
        json!({ "id": 2, "command": "send", "text": "Tea?" }),
        json!({ "id": 3, "command": "send", "text": "" }),
        json!({ "id": 4, "command": "screen" }),
    ];
    let lines: String = commands.iter().map(|command| format!("{command}\n")).collect();
    one.stream.write_all(lines.as_bytes()).unwrap();
    one.stream.shutdown(std::net::Shutdown::Write).unwrap();
    let answers: Vec<Value> = (0..4).map(|_| one.line()).collect();
    let ids: Vec<_> = answers.iter().map(|answer| (answer["id"].clone(), answer["ok"].clone())).collect();
    let expected = [(1, true), (2, true), (3, false), (4, true)].map(|(id, ok)| (Value::from(id), Value::from(ok)));
    assert_eq!(ids, expected, "{answers:?}");
    assert!(answers[3].to_string().contains("Tea?"), "{answers:?}");
    let mut end = String::new();
    assert_eq!(one.lines.read_line(&mut end).unwrap(), 0, "{end}");
}

#[test]
fn selected_message_is_reported() {
    let home = tempfile::tempdir().unwrap();
    let (_client, socket) = demo(home.path(), "minchat");
    let mut one = Connection::open(&socket);
    one.ask(&json!({ "command": "subscribe" }));
    one.ask(&json!({ "command": "send", "text": "Select me" }));
    let id = one.event("sent", "")["id"].clone();
    one.ask(&json!({ "command": "select", "message": id }));
    assert_eq!(one.ask(&json!({ "command": "state" }))["selected"], id);
    let refused = one.raw(&json!({ "id": 5, "command": "select", "message": "nowhere" }).to_string());
    assert_eq!((&refused["id"], &refused["ok"]), (&5.into(), &false.into()));
}

#[test]
fn malformed_lines_do_not_end_the_connection() {
    let home = tempfile::tempdir().unwrap();
    let (_client, socket) = demo(home.path(), "minchat");
    let mut one = Connection::open(&socket);
    for (line, id) in [("hello", Value::Null), (r#"{"id":3,"command":"fly"}"#, 3.into()), ("", Value::Null)] {
        let answer = one.raw(line);
        assert_eq!((&answer["ok"], &answer["id"]), (&false.into(), &id), "{answer}");
    }
    let long = one.raw(&"x".repeat(300_000));
    assert!(long["error"].as_str().unwrap().contains("bytes"), "{long}");
    let unknown = one.raw(r#"{"command":"open","room":"no such room"}"#);
    assert!(unknown["error"].as_str().unwrap().contains("no such room"), "{unknown}");
    let key = one.raw(r#"{"command":"key","keys":"hyper+x"}"#);
    assert!(key["error"].as_str().unwrap().contains("hyper+x"), "{key}");
    one.ask(&json!({ "command": "state" }));
}

#[test]
fn left_over_socket_is_replaced_and_a_used_one_is_not() {
    let home = tempfile::tempdir().unwrap();
    let socket = home.path().join("control.sock");
    drop(std::os::unix::net::UnixListener::bind(&socket).unwrap());
    let (mut client, socket) = demo(home.path(), "minchat");
    let arguments = ["demo", "--control", socket.to_str().unwrap()];
    let mut second = Client::start_in(home.path(), SCRIPT, &arguments, USUAL);
    second.assert_exit(2);
    Connection::open(&socket).ask(&json!({ "command": "state" }));
    client.pty.process_for(Duration::from_millis(50));
    fs::write(home.path().join("file"), "text").unwrap();
    let file = home.path().join("file");
    let mut third = Client::start_in(home.path(), SCRIPT, &["demo", "--control", file.to_str().unwrap()], USUAL);
    third.assert_exit(2);
    assert_eq!(fs::read_to_string(file).unwrap(), "text");
}

/// Programs press keys and look at what they did, without a pause in between, also on another connection.
#[test]
fn screen_after_keys_shows_their_effect() {
    let home = tempfile::tempdir().unwrap();
    for backend in ["minchat", "vchat"] {
        let (mut client, socket) = demo(home.path(), backend);
        let (mut driver, mut observer) = (Connection::open(&socket), Connection::open(&socket));
        let rows = |screen: &Value| screen["rows"].to_string();
        for number in 0..30 {
            let text = format!("q{number}z");
            let keys: Vec<String> = text.chars().map(String::from).collect();
            driver.ask(&json!({ "command": "key", "keys": keys.join(" ") }));
            let screen = observer.ask(&json!({ "command": "screen" }));
            assert!(rows(&screen).contains(&text), "{text}: {screen}");
            let state = observer.ask(&json!({ "command": "state" }));
            assert_eq!(state["composer"], text);
            // Both lines are there before the program reads the first one.
            let clear = json!({ "command": "key", "keys": "ctrl+u" });
            driver.stream.write_all(format!("{clear}\n").as_bytes()).unwrap();
            let screen = driver.raw(&json!({ "command": "screen" }).to_string());
            assert_eq!(screen["result"], Value::Null, "the answer to the keys comes first");
            assert!(!rows(&driver.line()["result"]).contains(&text));
        }
        driver.ask(&json!({ "command": "key", "keys": "ctrl+q" }));
        client.assert_exit(0);
    }
}
