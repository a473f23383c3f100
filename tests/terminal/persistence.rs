//! What is on disk when the program is killed, and what it starts with.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::Duration;

use minchat_tui::server::{Options, ServerHandle, start};
use rustix::process::Signal;
use tokio::runtime::Runtime;

use crate::client::{Client, SOON, USUAL};

/// Stands nowhere by chance.
const KEY: &str = "a-key-that-is-ours";

/// What kill -9 may cost at most.
const TYPED: Duration = Duration::from_secs(1);

fn sandbox() -> (Runtime, ServerHandle) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let bind = "127.0.0.1:0".parse().unwrap();
    let options = Options { bind, api_key: KEY.into(), populated: true, guest: "alice".into(), ..Options::default() };
    let server = runtime.block_on(start(options)).unwrap();
    (runtime, server)
}

fn client(home: &Path, url: &str, more: &[&str]) -> Client {
    let arguments = [&["--url", url, "--api-key", KEY, "--user", "alice"], more].concat();
    Client::start_in(home, "read go; exec \"$@\"", &arguments, USUAL)
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn a_draft_and_what_was_read_survive_kill_9_and_stand_there_offline() {
    let home = tempfile::tempdir().unwrap();
    let (runtime, server) = sandbox();
    let url = server.url();
    let mut client_ = client(home.path(), &url, &[]);
    client_.pty.wait_text("Message The Boiling Point", SOON).unwrap();
    client_.pty.wait_text("● Online", SOON).unwrap();
    let title = "The Boiling Point";
    // What was said is there before it is killed.
    client_.pty.process_for(TYPED);
    client_.pty.send("half a thought\x1b[D\x1b[D").unwrap();
    client_.pty.wait_text("› half a thought", SOON).unwrap();
    client_.pty.process_for(TYPED);
    client_.pty.signal(Signal::KILL).unwrap();
    client_.pty.wait_exit(SOON).unwrap();
    runtime.block_on(server.stop());

    let mut client_ = client(home.path(), &url, &[]);
    client_.pty.wait_text(title, SOON).unwrap();
    client_.pty.wait_text("› half a thought", SOON).unwrap();
    client_.pty.wait_text("last synced ", SOON).unwrap();
    client_.pty.send("X").unwrap();
    client_.pty.wait_text("› half a thougXht", SOON).unwrap();
    // Nothing would be lost, so nothing is asked.
    client_.pty.send("\x11").unwrap();
    client_.assert_exit(0);
    client_.assert_given_back();

    let folder = home.path().join(".local/share/minchat-tui");
    assert_eq!(mode(&folder), 0o700);
    let files: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert!(files.iter().any(|file| file.extension().is_some_and(|kind| kind == "db")), "{files:?}");
    for file in files {
        assert_eq!(mode(&file), 0o600, "{}", file.display());
        assert!(!fs::read(&file).unwrap().windows(KEY.len()).any(|window| window == KEY.as_bytes()));
    }
}

/// "Not connected yet. Try again once the connection stands.", although it could wait like any other.
#[test]
fn what_was_kept_can_be_edited_before_there_is_a_connection() {
    let home = tempfile::tempdir().unwrap();
    let (runtime, server) = sandbox();
    let url = server.url();
    let mut online = client(home.path(), &url, &[]);
    online.pty.wait_text("Message The Boiling Point", SOON).unwrap();
    online.pty.send("mine\r").unwrap();
    let row_with = |screen: &vt100::Screen, mark: char| {
        screen.rows(0, USUAL.columns).any(|row| row.contains("│   mine ") && row.contains(mark))
    };
    online.pty.wait_for("mine with its ✓", SOON, |screen| row_with(screen, '✓')).unwrap();
    online.pty.send("\x11").unwrap();
    online.assert_exit(0);
    runtime.block_on(server.stop());

    let mut offline = client(home.path(), &url, &[]);
    offline.pty.wait_for("mine", SOON, |screen| row_with(screen, '✓')).unwrap();
    offline.pty.send("\x1b[A").unwrap();
    offline.pty.wait_text("✎ mine", SOON).unwrap();
    offline.pty.send(" too\r").unwrap();
    offline.pty.wait_for("an edit that waits", SOON, |screen| row_with(screen, '…')).unwrap();
    offline.pty.send("\x11").unwrap();
    offline.assert_exit(0);
}

#[test]
fn incognito_and_the_demo_leave_nothing_on_disk() {
    let home = tempfile::tempdir().unwrap();
    let (runtime, server) = sandbox();
    let mut client_ = client(home.path(), &server.url(), &["--incognito"]);
    client_.pty.wait_text("Message The Boiling Point", SOON).unwrap();
    client_.pty.send("a secret").unwrap();
    client_.pty.wait_text("› a secret", SOON).unwrap();
    client_.pty.process_for(TYPED);
    client_.pty.signal(Signal::TERM).unwrap();
    client_.assert_exit(0);
    runtime.block_on(server.stop());
    let mut demo = Client::start_in(home.path(), "read go; exec \"$@\"", &["demo"], USUAL);
    demo.pty.wait_text("Message The Boiling Point", SOON).unwrap();
    demo.pty.send("\x11").unwrap();
    demo.assert_exit(0);
    assert!(!home.path().join(".local").exists());
}

#[test]
fn a_second_client_says_so_and_shows_what_was_kept() {
    let home = tempfile::tempdir().unwrap();
    let (runtime, server) = sandbox();
    let mut first = client(home.path(), &server.url(), &[]);
    first.pty.wait_text("Message The Boiling Point", SOON).unwrap();
    first.pty.process_for(TYPED);
    let mut second = client(home.path(), &server.url(), &[]);
    second.pty.wait_text("This profile is open in another minchat-tui", SOON).unwrap();
    second.pty.wait_text("Message The Boiling Point", SOON).unwrap();
    for client_ in [&mut first, &mut second] {
        client_.pty.send("\x11").unwrap();
        client_.assert_exit(0);
    }
    runtime.block_on(server.stop());
}

#[test]
fn a_damaged_file_is_told_and_left_alone() {
    let home = tempfile::tempdir().unwrap();
    let (runtime, server) = sandbox();
    let mut once = client(home.path(), &server.url(), &[]);
    once.pty.wait_text("Message The Boiling Point", SOON).unwrap();
    once.pty.send("\x11").unwrap();
    once.assert_exit(0);
    let folder = home.path().join(".local/share/minchat-tui");
    let files = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
    let file = files.into_iter().find(|file| file.extension().is_some_and(|kind| kind == "db")).unwrap();
    fs::write(&file, "no database at all, and longer than the header of one is: ".repeat(10)).unwrap();
    let damaged = fs::read(&file).unwrap();
    let mut again = client(home.path(), &server.url(), &[]);
    again.pty.wait_text("is damaged", SOON).unwrap();
    again.pty.wait_text("Message The Boiling Point", SOON).unwrap();
    again.pty.send("\x11").unwrap();
    again.assert_exit(0);
    assert_eq!(fs::read(&file).unwrap(), damaged);
    runtime.block_on(server.stop());
}
