//! `/screen`: the screen as text, picture and asciicast, with and without names.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use crate::client::{Client, SOON, USUAL};

const SCRIPT: &str = "read go; exec \"$@\"";

fn demo(home: &Path, backend: &str) -> Client {
    let mut client = Client::start_in(home, SCRIPT, &["demo", "--seed", "7", "--backend", backend], USUAL);
    client.pty.wait_text("› Message ", SOON).unwrap();
    client.pty.wait_text("Mara Lindqvist", SOON).unwrap();
    client
}

fn save(client: &mut Client, arguments: &str) {
    client.pty.send(format!("/screen {arguments}\r")).unwrap();
    client.pty.wait_text("Saved the screen to", SOON).unwrap();
}

#[test]
fn screen_is_saved_in_the_format_of_the_extension() {
    for backend in ["minchat", "vchat"] {
        let home = tempfile::tempdir().unwrap();
        let mut client = demo(home.path(), backend);
        for extension in ["txt", "svg", "cast"] {
            save(&mut client, &format!("~/a.{extension}"));
            let file = home.path().join(format!("a.{extension}"));
            client.pty.wait_for("the file", SOON, |_| file.exists()).unwrap();
            assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
            let text = fs::read_to_string(&file).unwrap();
            assert!(text.contains("Lindqvist"), "{text}");
        }
        let text = fs::read_to_string(home.path().join("a.txt")).unwrap();
        assert_eq!(text.lines().count(), usize::from(USUAL.rows), "{text}");
        assert!(fs::read_to_string(home.path().join("a.svg")).unwrap().ends_with("</svg>\n"));
        let cast = fs::read_to_string(home.path().join("a.cast")).unwrap();
        let lines: Vec<serde_json::Value> = cast.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!((&lines[0]["version"], &lines[1][1]), (&2.into(), &"o".into()));
        let mut terminal = vt100::Parser::new(USUAL.rows, USUAL.columns, 0);
        terminal.process(lines[1][2].as_str().unwrap().as_bytes());
        assert!(terminal.screen().contents().contains("Mara Lindqvist"));
    }
}

#[test]
fn names_are_hidden_on_request_and_no_file_is_replaced() {
    let home = tempfile::tempdir().unwrap();
    let mut client = demo(home.path(), "minchat");
    save(&mut client, "hidden ~/b.txt");
    let file = home.path().join("b.txt");
    client.pty.wait_for("the file", SOON, |_| file.exists()).unwrap();
    let text = fs::read_to_string(&file).unwrap();
    for word in ["Mara", "Lindqvist", "Boiling"] {
        assert!(!text.contains(word), "{word} in\n{text}");
    }
    client.pty.wait_text("› Message ", SOON).unwrap();
    client.pty.send("/screen ~/b.txt\r").unwrap();
    client.pty.wait_text("b.txt already exists. Choose another path.", SOON).unwrap();
    // The refused command is still there.
    client.pty.send("\x15/screen ~/b.png\r").unwrap();
    client.pty.wait_text("Choose a path with one of these endings", SOON).unwrap();
    assert_eq!(fs::read_to_string(&file).unwrap(), text);
}

#[test]
fn recording_is_printed_as_a_picture_and_as_an_asciicast() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("session.ndjson");
    let arguments = ["demo", "--seed", "7", "--record", file.to_str().unwrap()];
    let mut client = Client::start_in(home.path(), SCRIPT, &arguments, USUAL);
    client.pty.wait_text("› Message ", SOON).unwrap();
    client.pty.send("Filmed").unwrap();
    client.pty.wait_text("› Filmed", SOON).unwrap();
    client.pty.send("\r").unwrap();
    let sent = |screen: &vt100::Screen| screen.rows(0, 100).any(|row| row.contains("Filmed") && row.contains('✓'));
    client.pty.wait_for("the message with its ✓", SOON, sent).unwrap();
    client.pty.send("/quit").unwrap();
    client.pty.wait_text("› /quit", SOON).unwrap();
    client.pty.send("\r").unwrap();
    client.assert_exit(0);
    let print = |format: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_minchat-tui"));
        let output = command.args(["replay", file.to_str().unwrap(), "--as", format]).env_clear().output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    assert!(print("svg").contains("Filmed"));
    let cast = print("asciicast");
    let mut terminal = vt100::Parser::new(USUAL.rows, USUAL.columns, 0);
    for line in cast.lines().skip(1) {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        terminal.process(line[2].as_str().unwrap().as_bytes());
    }
    let shown: Vec<String> = terminal.screen().rows(0, USUAL.columns).map(|row| row.trim_end().to_owned()).collect();
    assert_eq!(shown.join("\n").trim_end(), print("text").trim_end());
}
