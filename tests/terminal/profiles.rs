//! The profiles that the next start opens.

use std::fs;
use std::path::Path;

use tempfile::TempDir;
use test_support::pty::Pty;

use crate::client::{Client, SOON, USUAL};
use crate::sandbox::Sandbox;

const START: &str = "read go; exec \"$@\"";

fn shows(pty: &mut Pty, text: &str) {
    pty.wait_text(text, SOON).unwrap_or_else(|timeout| panic!("{text}: {timeout}"));
}

/// A home folder with a profile of each service.
fn two_profiles(minchat: &Sandbox, vchat: &Sandbox) -> TempDir {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join(".config/minchat-tui");
    fs::create_dir_all(&folder).unwrap();
    let text = format!(
        "[profiles.home]\nurl = \"{}\"\napi_key = \"k3y\"\nuser = \"alice\"\n[profiles.team]\nbackend = \"vchat\"\nurl = \
         \"{}\"\napi_key = \"k3y\"\nuser = \"alice@example.com\"\n",
        minchat.url, vchat.url
    );
    fs::write(folder.join("config.toml"), text).unwrap();
    home
}

/// Starts the client, and waits until these profiles are listed.
fn start(home: &Path, arguments: &[&str], listed: &[&str]) -> Client {
    let mut client = Client::start_in(home, START, arguments, USUAL);
    for name in listed {
        shows(&mut client.pty, name);
    }
    client
}

fn quit(mut client: Client) {
    client.pty.send("\x11").unwrap();
    client.assert_exit(0);
    client.assert_restored();
}

fn remembered(home: &Path, file: &str) -> String {
    fs::read_to_string(home.join(".local/share/minchat-tui").join(file)).unwrap_or_default()
}

/// A short look at one profile closed the others: its window wrote its own, and the other one did not when it ended.
#[test]
fn named_profile_does_not_change_the_next_start() {
    let (minchat, vchat) = (Sandbox::start("minchat"), Sandbox::start("vchat"));
    let home = two_profiles(&minchat, &vchat);
    let open = || remembered(home.path(), "open-profiles");
    quit(start(home.path(), &["-P", "team", "-P", "home"], &["● team", "● home"]));
    assert_eq!(open(), "team\nhome\n", "nothing was remembered");
    let window = start(home.path(), &[], &["● team", "● home"]);
    quit(start(home.path(), &["-P", "home"], &["alice · home"]));
    assert_eq!(open(), "team\nhome\n");
    // What the user opens and closes is remembered. The last window that ends decides.
    let mut other = start(home.path(), &["-P", "home"], &["alice · home"]);
    other.pty.send("/profile team\r").unwrap();
    shows(&mut other.pty, "● team");
    other.pty.send("/close-profile home\r").unwrap();
    shows(&mut other.pty, "The profile home is closed.");
    quit(other);
    assert_eq!(open(), "team\n");
    quit(window);
    assert_eq!(open(), "team\nhome\n");
    quit(start(home.path(), &[], &["● team", "● home"]));
}

/// The first profile was on screen after each start.
#[test]
fn profile_on_screen_is_shown_again() {
    let (minchat, vchat) = (Sandbox::start("minchat"), Sandbox::start("vchat"));
    let home = two_profiles(&minchat, &vchat);
    let mut client = start(home.path(), &["-P", "home", "-P", "team"], &["● home", "● team", "alice · home"]);
    client.pty.send("\x1b[17~").unwrap();
    shows(&mut client.pty, "alice@example.com · team");
    quit(client);
    assert_eq!(remembered(home.path(), "open-profiles"), "home\nteam\n", "read by the version before, too");
    assert_eq!(remembered(home.path(), "shown-profile"), "team\n");
    quit(start(home.path(), &[], &["● home", "● team", "alice@example.com · team"]));
    quit(start(home.path(), &["-P", "home", "-P", "team"], &["● home", "● team", "alice · home"]));
    assert_eq!(remembered(home.path(), "shown-profile"), "team\n", "they were named");
}
