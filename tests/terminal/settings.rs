//! Settings that change while the program runs.

use std::fs;
use std::path::Path;

use test_support::pty::Pty;

use crate::client::{Client, SOON, USUAL};
use crate::sandbox::Sandbox;

const START: &str = "read go; exec \"$@\"";

/// The escape sequence by which a terminal reports that it has gained the focus.
const FOCUS: &str = "\x1b[I";

fn write(home: &Path, text: &str) {
    let folder = home.join(".config/minchat-tui");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("config.toml"), text).unwrap();
}

fn demo(home: &Path) -> Client {
    let mut client = Client::start_in(home, START, &["demo", "--seed", "7"], USUAL);
    client.pty.wait_text("Message The Boiling Point", SOON).unwrap();
    client
}

fn shows(pty: &mut Pty, text: &str) {
    pty.wait_text(text, SOON).unwrap_or_else(|timeout| panic!("{text}: {timeout}"));
}

#[test]
fn changed_file_is_reloaded_when_the_focus_returns() {
    let home = tempfile::tempdir().unwrap();
    write(home.path(), "theme = \"dark\"\n");
    let mut client = demo(home.path());
    write(home.path(), "theme = \"light\"\nascii = true\n");
    client.pty.send(FOCUS).unwrap();
    shows(&mut client.pty, "Configuration reloaded; changed: theme, ascii.");
    write(home.path(), "theme = \"lihgt\"\n");
    client.pty.send(FOCUS).unwrap();
    shows(&mut client.pty, "Settings unchanged. config.toml:1: Unknown theme `lihgt`. Did you mean `light`?");
    assert!(!client.pty.screen().contains('›'), "still ASCII: {}", client.pty.screen());
    client.pty.send("\x11").unwrap();
    client.assert_exit(0);
}

#[test]
fn reload_command_finds_a_file_that_was_created() {
    let home = tempfile::tempdir().unwrap();
    let mut client = demo(home.path());
    write(home.path(), "picture_protocol = \"blocks\"\n[keys]\nhelp = \"f10\"\n");
    client.pty.send("/reload\r").unwrap();
    shows(&mut client.pty, "Configuration reloaded; changed: keys. Restart to apply: picture_protocol.");
    client.pty.send("\x11").unwrap();
    client.assert_exit(0);
}

#[test]
fn chosen_theme_is_saved_among_the_comments() {
    let home = tempfile::tempdir().unwrap();
    let server = Sandbox::start("minchat");
    let profile = format!("[profiles.me]\nurl = \"{}\"\napi_key = \"k3y\"\nuser = \"alice\"\n", server.url);
    let before = format!("# Mine.\ntheme = \"dark\" # for now\n\n[keys]\nhelp = \"f10\"\n\n{profile}");
    write(home.path(), &before);
    let mut client = Client::start_in(home.path(), START, &[], USUAL);
    shows(&mut client.pty, "● Online");
    client.pty.send("/theme\r").unwrap();
    shows(&mut client.pty, "default (");
    client.pty.send("\x1b[B\r").unwrap();
    shows(&mut client.pty, "Saved: theme = light");
    let after = fs::read_to_string(home.path().join(".config/minchat-tui/config.toml")).unwrap();
    assert_eq!(after, before.replace("dark", "light"));
    client.pty.send("/settings\r").unwrap();
    shows(&mut client.pty, "config.toml:2");
    client.pty.send("\x11").unwrap();
    client.assert_exit(0);
}

/// The demo changed the configuration of the real accounts.
#[test]
fn theme_of_the_demo_is_not_saved() {
    let home = tempfile::tempdir().unwrap();
    let before = "theme = \"dark\"\n";
    write(home.path(), before);
    let mut client = demo(home.path());
    client.pty.send("/theme light\r").unwrap();
    shows(&mut client.pty, "Until the end of the demo: theme = light");
    assert_eq!(fs::read_to_string(home.path().join(".config/minchat-tui/config.toml")).unwrap(), before);
    client.pty.send("\x11").unwrap();
    client.assert_exit(0);
}

#[test]
fn key_test_shows_what_the_terminal_sends() {
    let home = tempfile::tempdir().unwrap();
    write(home.path(), "keys_preset = \"vim\"\n");
    let mut client = demo(home.path());
    client.pty.send("/keys test\r").unwrap();
    shows(&mut client.pty, "Press a key");
    client.pty.send("\x1b[15~").unwrap();
    shows(&mut client.pty, "\\e[15~");
    shows(&mut client.pty, "reconnect (Anywhere)");
    client.pty.send("\x04").unwrap();
    shows(&mut client.pty, "scroll-down (Anywhere), delete-next (In the composer)");
    client.pty.send("\x1b").unwrap();
    shows(&mut client.pty, "cancel (Anywhere)");
    client.pty.send("\x1b").unwrap();
    client.pty.wait_gone("Press a key", SOON).unwrap();
    write(home.path(), "keys_preset = \"vim\"\n[keys]\nquit = \"ctrl+n\"\nswitcher = \"ctrl+n\"\n");
    client.pty.send("/reload\r").unwrap();
    shows(&mut client.pty, "`Ctrl+N` is bound to both `switcher` and `quit`");
    client.pty.send("\x11").unwrap();
    client.assert_exit(0);
}
