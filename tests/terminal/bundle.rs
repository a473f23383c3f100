//! `/bundle`: shows what it contains, asks, and writes it without secrets.

use std::fs;
use std::path::Path;

use crate::client::{Client, SOON, USUAL};

const SCRIPT: &str = "read go; exec \"$@\"";

fn demo(home: &Path, more: &[&str]) -> Client {
    let recording = home.join("session.ndjson").display().to_string();
    let log = home.join("log.txt").display().to_string();
    let arguments = ["demo", "--seed", "7", "--record", &recording, "--log", &log];
    let mut client = Client::start_in(home, SCRIPT, &[&arguments, more].concat(), USUAL);
    client.pty.wait_text("› Message ", SOON).unwrap();
    client.pty.wait_text("Mara Lindqvist", SOON).unwrap();
    client
}

#[test]
fn bundle_is_shown_before_it_is_written() {
    for backend in ["minchat", "vchat"] {
        let home = tempfile::tempdir().unwrap();
        let mut client = demo(home.path(), &["--backend", backend]);
        client.pty.send("/bundle ~/report\r").unwrap();
        client.pty.wait_text("recording.ndjson", SOON).unwrap();
        client.pty.wait_text("configuration.txt", SOON).unwrap();
        let folder = home.path().join("report");
        assert!(!folder.exists());
        client.pty.wait_text("y yes", SOON).unwrap();
        client.pty.send("y").unwrap();
        client.pty.wait_text("The bundle is in ~/report", SOON).unwrap();
        for name in ["about.txt", "configuration.txt", "log.txt", "recording.ndjson", "screen.svg", "screen.txt"] {
            assert!(fs::metadata(folder.join(name)).unwrap().len() > 0, "{name}");
        }
        let about = fs::read_to_string(folder.join("about.txt")).unwrap();
        assert!(about.contains("xterm-256color") && about.contains("100x30"), "{about}");
        assert!(fs::read_to_string(folder.join("screen.txt")).unwrap().contains("Mara Lindqvist"));
        client.pty.send("/bundle ~/other\r").unwrap();
        client.pty.wait_text("configuration.txt", SOON).unwrap();
        client.pty.send("n").unwrap();
        client.pty.wait_gone("configuration.txt", SOON).unwrap();
        assert!(!home.path().join("other").exists());
    }
}

#[test]
fn bundle_hides_names_on_request() {
    let home = tempfile::tempdir().unwrap();
    let mut client = demo(home.path(), &["--user", "quentin"]);
    client.pty.send("/bundle hidden ~/report\r").unwrap();
    client.pty.wait_text("The recording is left out, because it shows names.", SOON).unwrap();
    client.pty.wait_text("y yes", SOON).unwrap();
    client.pty.send("y").unwrap();
    client.pty.wait_text("The bundle is in ~/report", SOON).unwrap();
    for entry in fs::read_dir(home.path().join("report")).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        for word in ["Mara", "Lindqvist", "quentin", "Boiling"] {
            assert!(!text.contains(word), "{word} in {}", path.display());
        }
    }
}
