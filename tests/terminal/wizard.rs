//! The first start: from nothing to a sent message.

use std::fs;
use std::path::Path;
use std::process::Command;

use minchat_tui::app::KeyPlace;
use test_support::pty::Pty;

use crate::client::{Client, SOON, USUAL};
use crate::sandbox::Sandbox;

const START: &str = "read go; exec \"$@\"";

fn shows(pty: &mut Pty, text: &str) {
    pty.wait_text(text, SOON).unwrap_or_else(|timeout| panic!("{text}: {timeout}"));
}

fn config(home: &Path) -> std::path::PathBuf {
    home.join(".config/minchat-tui/config.toml")
}

#[cfg(unix)]
fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn newcomer_sends_a_message_after_four_answers() {
    for (backend, downs, user) in [("minchat", "", "alice"), ("vchat", "\x1b[B", "alice@example.com")] {
        let server = Sandbox::start(backend);
        let home = tempfile::tempdir().unwrap();
        let mut client = Client::start_in(home.path(), START, &[], USUAL);
        shows(&mut client.pty, "Which service do you chat on?");
        client.pty.send(format!("{downs}\r")).unwrap();
        shows(&mut client.pty, "What is its address?");
        client.pty.send(format!("{}\r", server.url)).unwrap();
        shows(&mut client.pty, "key?");
        client.pty.send("k3y\r").unwrap();
        shows(&mut client.pty, "What is your user name?");
        assert!(!config(home.path()).exists());
        client.pty.send(format!("{user}\r")).unwrap();
        shows(&mut client.pty, "✓ Live connection");
        assert!(!config(home.path()).exists(), "nothing is written before it is confirmed");
        client.pty.send("\r").unwrap();
        shows(&mut client.pty, "● Online");
        let key = home.path().join(".config/minchat-tui/default.key");
        assert_eq!(fs::read_to_string(&key).unwrap(), "k3y\n");
        assert_eq!((mode(&key), mode(&config(home.path()))), (0o600, 0o600));
        client.pty.send("/group Hello: mara\r").unwrap();
        shows(&mut client.pty, "Message Hello");
        client.pty.send("first words\r").unwrap();
        shows(&mut client.pty, "✓");
        client.pty.send("\x11").unwrap();
        client.assert_exit(0);
        client.assert_restored();
    }
}

#[test]
fn profile_is_added_to_a_file_with_comments() {
    let server = Sandbox::start("minchat");
    let home = tempfile::tempdir().unwrap();
    let file = config(home.path());
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    let before = "# Mine.\ntheme = \"light\" # by day\n";
    fs::write(&file, before).unwrap();
    fs::write(file.with_file_name("default.key"), "of something else\n").unwrap();
    let mut client = Client::start_in(home.path(), START, &[], USUAL);
    shows(&mut client.pty, "Which service do you chat on?");
    client.pty.send("\r").unwrap();
    shows(&mut client.pty, "What is its address?");
    client.pty.send(format!("{}\r", server.url)).unwrap();
    shows(&mut client.pty, "key?");
    client.pty.send("wrong\r").unwrap();
    shows(&mut client.pty, "What is your user name?");
    client.pty.send("alice\r").unwrap();
    shows(&mut client.pty, "✗ Sign-in");
    client.pty.send("\x1b").unwrap();
    shows(&mut client.pty, "What is your user name?");
    client.pty.send("\x1b").unwrap();
    shows(&mut client.pty, "API key?");
    client.pty.send("\x15k3y\r").unwrap();
    shows(&mut client.pty, "What is your user name?");
    client.pty.send("\r").unwrap();
    shows(&mut client.pty, "✓ Live connection");
    client.pty.send("\r").unwrap();
    shows(&mut client.pty, "● Online");
    let profile = format!(
        "\n[profiles.default]\nurl = \"{}\"\napi_key = {{ file = \"default-2.key\" }}\nuser = \"alice\"\n",
        server.url
    );
    assert_eq!(fs::read_to_string(&file).unwrap(), format!("{before}{profile}"));
    assert_eq!(fs::read_to_string(file.with_file_name("default.key")).unwrap(), "of something else\n");
    client.pty.send("\x11").unwrap();
    client.assert_exit(0);
}

/// The key was written into a file that others could read.
#[test]
fn configuration_with_a_key_becomes_private() {
    use std::os::unix::fs::PermissionsExt;
    let server = Sandbox::start("minchat");
    let home = tempfile::tempdir().unwrap();
    let file = config(home.path());
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(&file, "mouse = false\n").unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
    let mut client = Client::start_in(home.path(), START, &[], USUAL);
    shows(&mut client.pty, "Which service do you chat on?");
    client.pty.send("\r").unwrap();
    shows(&mut client.pty, "What is its address?");
    client.pty.send(format!("{}\r", server.url)).unwrap();
    shows(&mut client.pty, "key?");
    let downs = KeyPlace::all().position(|place| place == KeyPlace::Config).unwrap();
    client.pty.send("\x1b[B".repeat(downs) + "k3y\r").unwrap();
    shows(&mut client.pty, "What is your user name?");
    client.pty.send("alice\r").unwrap();
    shows(&mut client.pty, "✓ Live connection");
    client.pty.send("\r").unwrap();
    shows(&mut client.pty, "● Online");
    assert!(fs::read_to_string(&file).unwrap().contains("api_key = \"k3y\""));
    assert_eq!(mode(&file), 0o600);
    client.pty.send("\x11").unwrap();
    client.assert_exit(0);
}

#[test]
fn escape_leaves_no_trace_and_the_demo_starts() {
    let home = tempfile::tempdir().unwrap();
    let mut client = Client::start_in(home.path(), START, &[], USUAL);
    shows(&mut client.pty, "Which service do you chat on?");
    client.pty.send("\x1b").unwrap();
    client.assert_exit(0);
    client.assert_restored();
    assert!(!config(home.path()).exists());
    let mut client = Client::start_in(home.path(), START, &[], USUAL);
    shows(&mut client.pty, "Which service do you chat on?");
    client.pty.send("\x1b[B\x1b[B\x1b[B\r").unwrap();
    shows(&mut client.pty, "Message The Boiling Point");
    client.pty.send("\x11").unwrap();
    client.assert_exit(0);
    assert!(!config(home.path()).exists());
}

/// Ctrl+C reaches all programs in the terminal, and ended the wizard together with the program that had asked.
#[test]
fn interrupted_password_program_leaves_the_answers() {
    let home = tempfile::tempdir().unwrap();
    let mut client = Client::start_in(home.path(), START, &[], USUAL);
    shows(&mut client.pty, "Which service do you chat on?");
    client.pty.send("\r").unwrap();
    shows(&mut client.pty, "What is its address?");
    client.pty.send("http://127.0.0.1:1\r").unwrap();
    shows(&mut client.pty, "key?");
    let downs = KeyPlace::all().position(|place| place == KeyPlace::Command).unwrap();
    client.pty.send("\x1b[B".repeat(downs)).unwrap();
    client.pty.send("sh -c 'echo Pass phrase? >&2; read answer'\r").unwrap();
    shows(&mut client.pty, "What is your user name?");
    client.pty.send("alice\r").unwrap();
    shows(&mut client.pty, "Pass phrase?");
    client.pty.send("\x03").unwrap();
    shows(&mut client.pty, "✗ Reading the API key");
    shows(&mut client.pty, "http://127.0.0.1:1 as alice");
    client.pty.send("\x11").unwrap();
    client.assert_exit(0);
    client.assert_restored();
}

/// A second account could only be added with an editor.
#[test]
fn profile_is_added_while_another_one_is_open() {
    let (minchat, vchat) = (Sandbox::start("minchat"), Sandbox::start("vchat"));
    let home = tempfile::tempdir().unwrap();
    let file = config(home.path());
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    let first = format!("# Mine.\n[profiles.home]\nurl = \"{}\"\napi_key = \"k3y\"\nuser = \"alice\"\n", minchat.url);
    fs::write(&file, &first).unwrap();
    let mut client = Client::start_in(home.path(), START, &[], USUAL);
    shows(&mut client.pty, "● Online");
    client.pty.send("/add-profile home\r").unwrap();
    shows(&mut client.pty, "There is a profile called home already.");
    // The refused command is still there.
    client.pty.send("\x15/add-profile team\r").unwrap();
    shows(&mut client.pty, "New profile team (1 of 5)");
    assert!(!client.pty.screen().contains("Just show me"), "{}", client.pty.screen());
    client.pty.send("\x1b").unwrap();
    shows(&mut client.pty, "● Online");
    assert_eq!(fs::read_to_string(&file).unwrap(), first, "nothing is written before it is confirmed");
    client.pty.send("/add-profile team\r").unwrap();
    shows(&mut client.pty, "Which service do you chat on?");
    client.pty.send("\r").unwrap();
    shows(&mut client.pty, &format!("› {}", minchat.url));
    client.pty.send("\x1b").unwrap();
    shows(&mut client.pty, "Which service do you chat on?");
    client.pty.send("\x1b[B\r").unwrap();
    shows(&mut client.pty, "What is its address?");
    client.pty.send(format!("{}\r", vchat.url)).unwrap();
    shows(&mut client.pty, "key?");
    client.pty.send("k3y\r").unwrap();
    shows(&mut client.pty, "What is your user name?");
    client.pty.send("alice@example.com\r").unwrap();
    shows(&mut client.pty, "✓ Live connection");
    client.pty.send("\r").unwrap();
    shows(&mut client.pty, "alice@example.com · team");
    shows(&mut client.pty, "● home");
    shows(&mut client.pty, "● team");
    let second = format!(
        "\n[profiles.team]\nbackend = \"vchat\"\nurl = \"{}\"\napi_key = {{ file = \"team.key\" }}\nuser = \
         \"alice@example.com\"\n",
        vchat.url
    );
    assert_eq!(fs::read_to_string(&file).unwrap(), format!("{first}{second}"));
    client.pty.send("\x11").unwrap();
    client.assert_exit(0);
    client.assert_restored();
    // The profiles that were open are opened again.
    let mut client = Client::start_in(home.path(), START, &[], USUAL);
    shows(&mut client.pty, "● home");
    shows(&mut client.pty, "● team");
    client.pty.send("\x11").unwrap();
    client.assert_exit(0);
}

#[test]
fn name_of_a_new_profile_is_checked() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("config.toml");
    fs::write(&file, "[profiles.home]\nuser = \"alice\"\n").unwrap();
    for (name, expected) in [
        ("home", "has a profile home already"),
        ("a,b", "Name the profile with letters, digits, - and _"),
        ("new", "The questions need a terminal that can be drawn on. Add [profiles.new] to"),
    ] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_minchat-tui"));
        let output = command.args(["config", "add", name, "--config"]).arg(&file).output().unwrap();
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.code() == Some(2) && error.contains(expected), "{name}: {error}");
    }
}
