//! The program with a key that must not be seen: every byte it writes is searched for it, in each form it could have.

use std::net::Ipv4Addr;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use minchat_tui::server::{self, Options, ServerHandle, Service};
use sha2::{Digest, Sha512};
use tokio::runtime::{Builder, Runtime};

use test_support::pty::{Pty, Size};

const SOON: Duration = Duration::from_secs(30);

/// A key, as one word for a header; what is not a letter is another thing in each encoding.
const KEY: &str = "M4RKER/k+e=y?~";

/// The key as it is, percent-encoded, in base64 (of both kinds) and as V Chat's password; and how any token begins.
fn forms() -> Vec<String> {
    let password = Sha512::digest(format!("{KEY}_alice")).iter().map(|byte| format!("{byte:02x}")).collect();
    let known = ["M4RKER", "M4RKER%2Fk%2Be%3Dy%3F~", "TTRSS0VSL2src", "eyJ", "Bearer ey", "Bearer%20"];
    known.iter().map(|form| (*form).to_owned()).chain([password]).collect()
}

#[track_caller]
fn assert_silent(what: &str, bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    for form in forms() {
        assert!(!text.contains(&form), "{what} holds {form}:\n{text}");
    }
}

/// How the key is given.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Way {
    Option,
    Variable,
    Written,
    File,
    Command,
}

fn sandbox(service: Service, key: &str) -> (Runtime, ServerHandle) {
    let world = Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let bind = (Ipv4Addr::LOCALHOST, 0).into();
    let options =
        Options { bind, service, api_key: key.into(), guest: "alice".into(), populated: true, ..Options::default() };
    let running = world.block_on(server::start(options)).unwrap();
    (world, running)
}

/// The program with the key given in this way, in an environment of its own.
fn program(home: &Path, way: Way, service: Service, url: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_minchat-tui"));
    command.env_clear().env("HOME", home).env("TERM", "xterm-256color").env("LANG", "C.UTF-8");
    command.env("PATH", std::env::var_os("PATH").unwrap_or_default()).env("RUST_BACKTRACE", "1");
    command.env("MINCHAT_LOG", home.join("log")).env("MINCHAT_LOG_LEVEL", "trace");
    // What the libraries would read, if any did.
    command.env("RUST_LOG", "trace");
    let backend = if service == Service::VChat { "vchat" } else { "minchat" };
    let mut file = format!("[profiles.me]\nbackend = \"{backend}\"\nurl = \"{url}\"\nuser = \"alice\"\n");
    match way {
        Way::Option => _ = command.args(["--api-key", KEY]),
        Way::Variable => _ = command.env("MINCHAT_API_KEY", KEY),
        Way::Written => file += &format!("api_key = \"{KEY}\"\n"),
        Way::File => {
            std::fs::write(home.join("key"), format!("{KEY}\n")).unwrap();
            file += "api_key = { file = \"~/key\" }\n";
        }
        Way::Command => file += &format!("api_key = {{ command = [\"printf\", \"%s\", \"{KEY}\"] }}\n"),
    }
    let path = home.join("config.toml");
    std::fs::write(&path, file).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
    command.env("MINCHAT_CONFIG", path);
    command
}

/// Every file below `folder` but those in which the user keeps the key.
fn files(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.is_dir() {
            files.extend(self::files(&entry));
        } else if !entry.ends_with("config.toml") && !entry.ends_with("key") {
            files.push(entry);
        }
    }
    files
}

const USUAL: Size = Size { columns: 100, rows: 30 };

/// Chats for a moment, and searches all that was written.
fn chat(service: Service, way: Way) {
    let (world, running) = sandbox(service, KEY);
    let home = tempfile::tempdir().unwrap();
    let command = program(home.path(), way, service, &running.url());
    let mut pty = Pty::spawn(command, USUAL).unwrap();
    pty.wait_text("› Message", SOON).unwrap();
    pty.send("a word\r").unwrap();
    pty.wait_for("the word with its ✓", SOON, |screen| {
        screen.rows(0, 100).any(|row| row.contains("a word") && row.contains('✓'))
    })
    .unwrap();
    // The connection breaks, which is where libraries tell most.
    world.block_on(running.stop());
    pty.wait_text("Reconnecting in", SOON).unwrap();
    pty.send("\x11").unwrap();
    let status = pty.wait_exit(SOON).unwrap();
    assert_eq!(status.code(), Some(0), "{}", pty.screen());
    assert_silent("the terminal", pty.transcript());
    let log = std::fs::read(home.path().join("log")).unwrap();
    assert!(log.len() > 500, "it proves nothing if nothing is logged: {}", String::from_utf8_lossy(&log));
    assert_silent("the log", &log);
    // Whatever else the program wrote: the store, its journal, its lock.
    let kept = files(home.path());
    assert!(kept.iter().any(|file| file.extension().is_some_and(|extension| extension == "db")), "{kept:?}");
    for file in kept {
        assert_silent(&file.display().to_string(), &std::fs::read(&file).unwrap());
    }
    let warned = String::from_utf8_lossy(pty.transcript()).contains("--api-key shows the");
    assert_eq!(warned, way == Way::Option);
    assert_eq!(pty.screen().contains("--api-key shows the"), way == Way::Option, "it stands in the shell afterwards");
}

#[test]
fn no_output_of_a_chat_on_minchat_holds_the_key() {
    for way in [Way::Option, Way::Variable, Way::File] {
        chat(Service::MinChat, way);
    }
}

#[test]
fn no_output_of_a_chat_on_v_chat_holds_the_hash_key_the_password_or_the_token() {
    for way in [Way::Option, Way::Written, Way::Command] {
        chat(Service::VChat, way);
    }
}

#[test]
fn a_refused_key_is_told_without_it() {
    for service in [Service::MinChat, Service::VChat] {
        let (_world, running) = sandbox(service, "another key");
        let home = tempfile::tempdir().unwrap();
        let mut pty = Pty::spawn(program(home.path(), Way::Variable, service, &running.url()), USUAL).unwrap();
        let status = pty.wait_exit(SOON).unwrap();
        assert_eq!(status.code(), Some(3), "{}", pty.screen());
        assert!(pty.screen().contains("refused"), "{}", pty.screen());
        assert_silent("the terminal", pty.transcript());
        assert_silent("the log", &std::fs::read(home.path().join("log")).unwrap());
    }
}

#[test]
fn no_command_prints_the_key() {
    let home = tempfile::tempdir().unwrap();
    for way in [Way::Option, Way::Variable, Way::Written, Way::File, Way::Command] {
        for service in [Service::MinChat, Service::VChat] {
            for arguments in
                [&["config", "check"][..], &["man"], &["--help"], &["config", "path"], &["--nonsense"], &[]]
            {
                let mut command = program(home.path(), way, service, "http://127.0.0.1:1");
                let output = command.args(arguments).stdin(Stdio::null()).output().unwrap();
                assert_silent(&format!("{arguments:?} {way:?}, stdout"), &output.stdout);
                assert_silent(&format!("{arguments:?} {way:?}, stderr"), &output.stderr);
                let out = String::from_utf8_lossy(&output.stdout);
                if arguments.len() == 2 && arguments[1] == "check" {
                    assert!(out.contains("***"), "{out}");
                    let warned = way == Way::Option || way == Way::File;
                    assert_eq!(out.contains("warning: "), warned, "{way:?}: {out}");
                }
            }
        }
    }
}

#[test]
fn a_key_that_is_wrong_or_misplaced_is_refused_without_being_shown() {
    let home = tempfile::tempdir().unwrap();
    let spoilt = format!("{KEY} \u{1}");
    let url = format!("https://{KEY}@x.org");
    let query = format!("https://x.org/?apiKey={KEY}");
    let token = format!("--token={KEY}");
    for arguments in [
        &["--api-key", &spoilt, "--user", "a"][..],
        &["--api-key", "k", "--user", "a", "--url", &url],
        &["--api-key", "k", "--user", "a", "--url", &query],
        &[&token],
    ] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_minchat-tui"));
        command.env_clear().env("HOME", home.path()).args(arguments).stdin(Stdio::null());
        let output = command.output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert_silent("stderr", &[output.stdout, output.stderr].concat());
    }
}
