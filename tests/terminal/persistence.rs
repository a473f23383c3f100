//! The store on disk: data that survives `kill -9`, file permissions, and stores that cannot be used.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::Duration;

use minchat_tui::server::{Options, ServerHandle, start};
use rustix::process::Signal;
use tokio::runtime::Runtime;

use crate::client::{Client, SOON, USUAL};

/// An API key that cannot appear in a file by chance.
pub(crate) const KEY: &str = "a-key-that-is-ours";

/// Maximum age of typed text that `kill -9` may lose.
const DRAFT_DELAY: Duration = Duration::from_secs(1);

pub(crate) fn sandbox() -> (Runtime, ServerHandle) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let bind = "127.0.0.1:0".parse().unwrap();
    let options = Options { bind, api_key: KEY.into(), populated: true, guest: "alice".into(), ..Options::default() };
    let server = runtime.block_on(start(options)).unwrap();
    (runtime, server)
}

pub(crate) fn start_client(home: &Path, url: &str, more: &[&str]) -> Client {
    let arguments = [&["--url", url, "--api-key", KEY, "--user", "alice"], more].concat();
    Client::start_in(home, "read go; exec \"$@\"", &arguments, USUAL)
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn draft_and_history_survive_kill_9_and_show_offline() {
    let home = tempfile::tempdir().unwrap();
    let (runtime, server) = sandbox();
    let url = server.url();
    let mut client = start_client(home.path(), &url, &[]);
    client.pty.wait_text("Message The Boiling Point", SOON).unwrap();
    client.pty.wait_text("● Online", SOON).unwrap();
    let title = "The Boiling Point";
    // Waits until the store has the messages.
    client.pty.process_for(DRAFT_DELAY);
    client.pty.send("half a thought\x1b[D\x1b[D").unwrap();
    client.pty.wait_text("› half a thought", SOON).unwrap();
    client.pty.process_for(DRAFT_DELAY);
    client.pty.signal(Signal::KILL).unwrap();
    client.pty.wait_exit(SOON).unwrap();
    runtime.block_on(server.stop());

    let mut client = start_client(home.path(), &url, &[]);
    client.pty.wait_text(title, SOON).unwrap();
    client.pty.wait_text("› half a thought", SOON).unwrap();
    client.pty.wait_text("last synced ", SOON).unwrap();
    client.pty.send("X").unwrap();
    client.pty.wait_text("› half a thougXht", SOON).unwrap();
    // Quitting loses nothing, so there is no question.
    client.pty.send("\x11").unwrap();
    client.assert_exit(0);
    client.assert_restored();

    let folder = home.path().join(".local/share/minchat-tui");
    assert_eq!(mode(&folder), 0o700);
    let files: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert!(files.iter().any(|file| file.extension().is_some_and(|kind| kind == "db")), "{files:?}");
    for file in files {
        assert_eq!(mode(&file), 0o600, "{}", file.display());
        assert!(!fs::read(&file).unwrap().windows(KEY.len()).any(|window| window == KEY.as_bytes()));
    }
}

/// Editing once failed here with "Not connected yet", although an edit can be queued like a message.
#[test]
fn stored_message_can_be_edited_before_connecting() {
    let home = tempfile::tempdir().unwrap();
    let (runtime, server) = sandbox();
    let url = server.url();
    let mut online = start_client(home.path(), &url, &[]);
    online.pty.wait_text("Message The Boiling Point", SOON).unwrap();
    online.pty.send("mine\r").unwrap();
    let row_with = |screen: &vt100::Screen, mark: char| {
        screen.rows(0, USUAL.columns).any(|row| row.contains("│   mine ") && row.contains(mark))
    };
    online.pty.wait_for("mine with its ✓", SOON, |screen| row_with(screen, '✓')).unwrap();
    online.pty.send("\x11").unwrap();
    online.assert_exit(0);
    runtime.block_on(server.stop());

    let mut offline = start_client(home.path(), &url, &[]);
    offline.pty.wait_for("mine", SOON, |screen| row_with(screen, '✓')).unwrap();
    offline.pty.send("\x1b[A").unwrap();
    offline.pty.wait_text("✎ mine", SOON).unwrap();
    offline.pty.send(" too\r").unwrap();
    offline.pty.wait_for("a queued edit", SOON, |screen| row_with(screen, '…')).unwrap();
    offline.pty.send("\x11").unwrap();
    offline.assert_exit(0);
}

#[test]
fn incognito_and_the_demo_write_nothing_to_disk() {
    let home = tempfile::tempdir().unwrap();
    let (runtime, server) = sandbox();
    let mut client = start_client(home.path(), &server.url(), &["--incognito"]);
    client.pty.wait_text("Message The Boiling Point", SOON).unwrap();
    client.pty.send("a secret").unwrap();
    client.pty.wait_text("› a secret", SOON).unwrap();
    client.pty.process_for(DRAFT_DELAY);
    client.pty.signal(Signal::TERM).unwrap();
    client.assert_exit(0);
    runtime.block_on(server.stop());
    let mut demo = Client::start_in(home.path(), "read go; exec \"$@\"", &["demo"], USUAL);
    demo.pty.wait_text("Message The Boiling Point", SOON).unwrap();
    demo.pty.send("\x11").unwrap();
    demo.assert_exit(0);
    assert!(!home.path().join(".local").exists());
}

#[test]
fn second_client_says_so_and_shows_the_stored_messages() {
    let home = tempfile::tempdir().unwrap();
    let (runtime, server) = sandbox();
    let mut first = start_client(home.path(), &server.url(), &[]);
    first.pty.wait_text("Message The Boiling Point", SOON).unwrap();
    first.pty.process_for(DRAFT_DELAY);
    let mut second = start_client(home.path(), &server.url(), &[]);
    second.pty.wait_text("This profile is open in another minchat-tui", SOON).unwrap();
    second.pty.wait_text("Message The Boiling Point", SOON).unwrap();
    for client in [&mut first, &mut second] {
        client.pty.send("\x11").unwrap();
        client.assert_exit(0);
    }
    runtime.block_on(server.stop());
}

#[test]
fn damaged_store_is_reported_and_left_alone() {
    let home = tempfile::tempdir().unwrap();
    let (runtime, server) = sandbox();
    let mut first = start_client(home.path(), &server.url(), &[]);
    first.pty.wait_text("Message The Boiling Point", SOON).unwrap();
    first.pty.send("\x11").unwrap();
    first.assert_exit(0);
    let folder = home.path().join(".local/share/minchat-tui");
    let files = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
    let file = files.into_iter().find(|file| file.extension().is_some_and(|kind| kind == "db")).unwrap();
    fs::write(&file, "no database at all, and longer than the header of one is: ".repeat(10)).unwrap();
    let damaged = fs::read(&file).unwrap();
    let mut second = start_client(home.path(), &server.url(), &[]);
    second.pty.wait_text("is damaged", SOON).unwrap();
    second.pty.wait_text("Message The Boiling Point", SOON).unwrap();
    second.pty.send("\x11").unwrap();
    second.assert_exit(0);
    assert_eq!(fs::read(&file).unwrap(), damaged);
    runtime.block_on(server.stop());
}
