//! Secrets: the whole output of the program is searched for the API key in every encoding.

use std::net::Ipv4Addr;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use minchat_tui::server::{self, Options, ServerHandle, Service};
use serde_json::json;
use sha2::{Digest, Sha512};
use tokio::runtime::{Builder, Runtime};

use test_support::pty::{Pty, Size};

use crate::control::Connection;

const SOON: Duration = Duration::from_secs(30);

/// An API key with punctuation that each encoding changes differently.
const KEY: &str = "M4RKER/k+e=y?~";

/// The key in plain text, percent-encoded, in base64 and as V Chat's password, and the beginnings of tokens.
fn forms() -> Vec<String> {
    let password = Sha512::digest(format!("{KEY}_alice")).iter().map(|byte| format!("{byte:02x}")).collect();
    let known = ["M4RKER", "M4RKER%2Fk%2Be%3Dy%3F~", "TTRSS0VSL2src", "eyJ", "Bearer ey", "Bearer%20"];
    known.iter().map(|form| (*form).to_owned()).chain([password]).collect()
}

/// Fails if `bytes`, the output named `what`, contain the key.
#[track_caller]
fn assert_no_secret(what: &str, bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    for form in forms() {
        assert!(!text.contains(&form), "{what} contains {form}:\n{text}");
    }
}

/// Ways to give the program its key.
#[derive(Debug, Clone, Copy, PartialEq)]
enum KeySource {
    Option,
    Variable,
    Config,
    File,
    Command,
}

fn sandbox(service: Service, key: &str) -> (Runtime, ServerHandle) {
    let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let bind = (Ipv4Addr::LOCALHOST, 0).into();
    let options =
        Options { bind, service, api_key: key.into(), guest: "alice".into(), populated: true, ..Options::default() };
    let server = runtime.block_on(server::start(options)).unwrap();
    (runtime, server)
}

/// The program with the key from this source, in an environment of its own.
fn program(home: &Path, source: KeySource, service: Service, url: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_minchat-tui"));
    command.env_clear().env("HOME", home).env("TERM", "xterm-256color").env("LANG", "C.UTF-8");
    command.env("PATH", std::env::var_os("PATH").unwrap_or_default()).env("RUST_BACKTRACE", "1");
    command.env("MINCHAT_LOG", home.join("log")).env("MINCHAT_LOG_LEVEL", "trace");
    // Some logging libraries read this variable.
    command.env("RUST_LOG", "trace");
    let backend = if service == Service::VChat { "vchat" } else { "minchat" };
    let mut file = format!("[profiles.me]\nbackend = \"{backend}\"\nurl = \"{url}\"\nuser = \"alice\"\n");
    match source {
        KeySource::Option => _ = command.args(["--api-key", KEY]),
        KeySource::Variable => _ = command.env("MINCHAT_API_KEY", KEY),
        KeySource::Config => file += &format!("api_key = \"{KEY}\"\n"),
        KeySource::File => {
            std::fs::write(home.join("key"), format!("{KEY}\n")).unwrap();
            file += "api_key = { file = \"~/key\" }\n";
        }
        KeySource::Command => file += &format!("api_key = {{ command = [\"printf\", \"%s\", \"{KEY}\"] }}\n"),
    }
    let path = home.join("config.toml");
    std::fs::write(&path, file).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
    command.env("MINCHAT_CONFIG", path);
    command
}

/// Every file below `folder`, except the files in which the user stores the key.
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

/// Sends a message, loses the connection, quits, and searches everything that was written.
fn chat(service: Service, source: KeySource) {
    let (runtime, server) = sandbox(service, KEY);
    let home = tempfile::tempdir().unwrap();
    let command = program(home.path(), source, service, &server.url());
    let mut pty = Pty::spawn(command, USUAL).unwrap();
    pty.wait_text("› Message", SOON).unwrap();
    pty.send("a word\r").unwrap();
    pty.wait_for("the word with its ✓", SOON, |screen| {
        screen.rows(0, 100).any(|row| row.contains("a word") && row.contains('✓'))
    })
    .unwrap();
    // The connection breaks, which is when libraries log most.
    runtime.block_on(server.stop());
    pty.wait_text("Reconnecting in", SOON).unwrap();
    pty.send("\x11").unwrap();
    let status = pty.wait_exit(SOON).unwrap();
    assert_eq!(status.code(), Some(0), "{}", pty.screen());
    assert_no_secret("the terminal", pty.transcript());
    let log = std::fs::read(home.path().join("log")).unwrap();
    assert!(log.len() > 500, "the log is too short to prove anything: {}", String::from_utf8_lossy(&log));
    assert_no_secret("the log", &log);
    // All other files of the program: the store, its journal and its lock.
    let written = files(home.path());
    assert!(written.iter().any(|file| file.extension().is_some_and(|extension| extension == "db")), "{written:?}");
    for file in written {
        assert_no_secret(&file.display().to_string(), &std::fs::read(&file).unwrap());
    }
    let warned = String::from_utf8_lossy(pty.transcript()).contains("Other users can see --api-key");
    assert_eq!(warned, source == KeySource::Option);
    assert_eq!(
        pty.screen().contains("Other users can see --api-key"),
        source == KeySource::Option,
        "the shell shows the warning afterwards"
    );
}

#[test]
fn minchat_session_never_writes_the_key() {
    for source in [KeySource::Option, KeySource::Variable, KeySource::File] {
        chat(Service::MinChat, source);
    }
}

#[test]
fn vchat_session_never_writes_key_password_or_token() {
    for source in [KeySource::Option, KeySource::Config, KeySource::Command] {
        chat(Service::VChat, source);
    }
}

#[test]
fn refusal_is_reported_without_the_key() {
    for service in [Service::MinChat, Service::VChat] {
        let (_world, server) = sandbox(service, "another key");
        let home = tempfile::tempdir().unwrap();
        let mut pty = Pty::spawn(program(home.path(), KeySource::Variable, service, &server.url()), USUAL).unwrap();
        let status = pty.wait_exit(SOON).unwrap();
        assert_eq!(status.code(), Some(3), "{}", pty.screen());
        assert!(pty.screen().contains("refused"), "{}", pty.screen());
        assert_no_secret("the terminal", pty.transcript());
        assert_no_secret("the log", &std::fs::read(home.path().join("log")).unwrap());
    }
}

#[test]
fn commands_never_print_the_key() {
    let home = tempfile::tempdir().unwrap();
    for source in [KeySource::Option, KeySource::Variable, KeySource::Config, KeySource::File, KeySource::Command] {
        for service in [Service::MinChat, Service::VChat] {
            for arguments in
                [&["config", "check"][..], &["man"], &["--help"], &["config", "path"], &["--nonsense"], &[]]
            {
                let mut command = program(home.path(), source, service, "http://127.0.0.1:1");
                let output = command.args(arguments).stdin(Stdio::null()).output().unwrap();
                assert_no_secret(&format!("{arguments:?} {source:?}, stdout"), &output.stdout);
                assert_no_secret(&format!("{arguments:?} {source:?}, stderr"), &output.stderr);
                let out = String::from_utf8_lossy(&output.stdout);
                if arguments.len() == 2 && arguments[1] == "check" {
                    assert!(out.contains("***"), "{out}");
                    let warned = source == KeySource::Option || source == KeySource::File;
                    assert_eq!(out.contains("warning: "), warned, "{source:?}: {out}");
                }
            }
        }
    }
}

#[test]
fn misplaced_key_in_the_file_is_not_shown() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("config.toml");
    for (line, code) in [
        (format!("api_key = {{ env = \"{KEY}\" }}"), 2),
        (format!("api_key = {{ file = \"{KEY}\" }}"), 2),
        (format!("api_key = {{ keyring = \"{KEY}\" }}"), 2),
        (format!("api_key = {{ command = [\"{KEY}\"] }}"), 2),
        (format!("api_key = {{ \"{KEY}\" = \"x\" }}"), 2),
        (format!("\"{KEY}\" = \"api_key\""), 2),
        (format!("ca_file = \"{KEY}\"\napi_key = \"k\""), 2),
        (format!("api_key = \"k\"\n[keys]\nquit = \"{KEY}\""), 2),
        (format!("backend = \"{KEY}\"\napi_key = \"k\""), 2),
        (format!("url = \"{KEY}\"\napi_key = \"k\""), 2),
        (format!("url = \"ftp://{KEY}\"\napi_key = \"k\""), 2),
        (format!("url = \"http://x/{KEY}\"\napi_key = \"k\""), 2),
        (format!("ca_file = \"/{KEY}\"\napi_key = \"k\""), 2),
        (format!("theme = \"{KEY}\"\napi_key = \"k\""), 2),
        (format!("log_level = \"{KEY}\"\napi_key = \"k\""), 2),
        // A key that is known is hidden wherever it stands.
        (format!("api_key = \"{KEY}\"\nname = \"{KEY}\"\nroom = \"<{KEY}>\"\ndata_dir = \"~/{KEY}\""), 0),
        (format!("api_key = {{ command = [\"printf\", \"%s\", \"{KEY}\"] }}\nroom = \"{KEY}\""), 0),
    ] {
        std::fs::write(&path, format!("[profiles.me]\nuser = \"alice\"\n{line}\n")).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_minchat-tui"));
        command.env_clear().env("HOME", home.path()).env("LANG", "C.UTF-8").env("MINCHAT_CONFIG", &path);
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        let output = command.args(["config", "check"]).stdin(Stdio::null()).output().unwrap();
        let text = [output.stdout, output.stderr].concat();
        assert_eq!(output.status.code(), Some(code), "{line}: {}", String::from_utf8_lossy(&text));
        assert_no_secret(&line.replace(KEY, "KEY"), &text);
    }
}

/// Keys that look like words, file names or paths were repeated.
#[test]
fn misplaced_key_of_any_form_is_not_shown() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("config.toml");
    for key in ["correct-horse-ba", "my.secret", "/Kx93jdkQ==", "hunter2.txt", ".k9Xz"] {
        for line in [
            format!("\"{key}\" = 1"),
            format!("[profiles.me]\nuser = \"a\"\napi_key = \"k\"\nbackend = \"{key}\""),
            format!("[profiles.me]\nuser = \"a\"\napi_key = \"k\"\nca_file = \"{key}\""),
            format!("[profiles.me]\nuser = \"a\"\napi_key = \"k\"\nurl = \"{key}\""),
            format!("[profiles.me]\nuser = \"a\"\napi_key = \"k\"\ntheme = \"{key}\""),
            format!("[profiles]\n\"{key}\" = 1"),
            format!("default_profile = \"{key}\""),
            format!("[keys]\nquit = \"ctrl+{key}\""),
        ] {
            std::fs::write(&path, &line).unwrap();
            let mut command = Command::new(env!("CARGO_BIN_EXE_minchat-tui"));
            command.env_clear().env("HOME", home.path()).env("LANG", key).env("MINCHAT_CONFIG", &path);
            let output = command.args(["config", "check"]).stdin(Stdio::null()).output().unwrap();
            let text = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
            assert_eq!(output.status.code(), Some(2), "{line}: {text}");
            assert!(!text.contains(key.trim_start_matches(['/', '.'])), "{line}: {text}");
        }
    }
}

/// Regression test: the screen, the draft and messages left by the control socket with the key that was in them.
#[test]
fn control_socket_passes_on_no_key_that_a_server_says() {
    for service in [Service::MinChat, Service::VChat] {
        let (_runtime, server) = sandbox(service, KEY);
        let home = tempfile::tempdir().unwrap();
        let socket = home.path().join("control.sock");
        let mut command = program(home.path(), KeySource::File, service, &server.url());
        command.arg("--control").arg(&socket);
        let mut pty = Pty::spawn(command, USUAL).unwrap();
        pty.wait_text("› Message", SOON).unwrap();
        let (mut one, mut two) = (Connection::open(&socket), Connection::open(&socket));
        two.ask(&json!({ "command": "subscribe" }));
        // In one row, and wrapped over two.
        for text in [format!("first {KEY} end"), format!("{} {KEY} last", "fill".repeat(14))] {
            // The server repeats it to everybody in the room, also to the sender once its socket is there.
            let event = (0..5).find_map(|_| {
                one.ask(&json!({ "command": "send", "text": text }));
                two.event_within("message", "***", Duration::from_secs(5))
            });
            let event = event.expect("the echo");
            assert_no_secret("an event", event.to_string().as_bytes());
        }
        let typed: Vec<String> = KEY.chars().map(String::from).collect();
        one.ask(&json!({ "command": "key", "keys": typed.join(" ") }));
        pty.wait_text(&format!("› {KEY}"), SOON).unwrap();
        pty.wait_text("last", SOON).unwrap();
        for form in ["text", "cells", "svg"] {
            let screen = one.ask(&json!({ "command": "screen", "as": form })).to_string();
            assert!(screen.contains("first ***"), "{screen}");
            assert_no_secret(form, screen.as_bytes());
        }
        let state = one.ask(&json!({ "command": "state" }));
        assert_eq!(state["composer"], "***");
        let refused = one.raw(&json!({ "command": "open", "room": KEY }).to_string()).to_string();
        assert!(refused.contains("***"), "{refused}");
        assert_no_secret("an error", refused.as_bytes());
    }
}

#[test]
fn command_for_the_key_does_not_inherit_a_token() {
    let home = tempfile::tempdir().unwrap();
    let (path, seen) = (home.path().join("config.toml"), home.path().join("seen"));
    let script = format!("env > {}; echo a-key", seen.display());
    let other = "[profiles.other]\nuser = \"b\"\napi_key = { env = \"OTHER\" }\n";
    let text =
        format!("[profiles.me]\nuser = \"a\"\napi_key = {{ command = [\"sh\", \"-c\", \"{script}\"] }}\n{other}");
    std::fs::write(&path, text).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_minchat-tui"));
    command.env("MINCHAT_CONFIG", &path).env("MINCHAT_TOKEN", KEY).env("OTHER", KEY).env("HOME", home.path());
    let output = command.args(["config", "check", "--profile", "me"]).stdin(Stdio::null()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_no_secret("the environment of the command", &std::fs::read(seen).unwrap());
}

#[test]
fn invalid_or_misplaced_key_is_refused_without_being_shown() {
    let home = tempfile::tempdir().unwrap();
    let invalid = format!("{KEY} \u{1}");
    let url = format!("https://{KEY}@x.org");
    let query = format!("https://x.org/?apiKey={KEY}");
    let (scheme, host, port) = (format!("ftp://{KEY}"), format!("https//{KEY}"), format!("https://{KEY}:x"));
    let token = format!("--token={KEY}");
    let joined = format!("--api-key{KEY}");
    for arguments in [
        &["--api-key", &invalid, "--user", "a"][..],
        &[&joined],
        &[KEY],
        &["config", KEY],
        &["demo", KEY],
        &["completions", KEY],
        &["--profile", KEY, "--user", "a"],
        &["--api-key", "k", "--user", "a", "--theme", KEY],
        &["--backend", KEY],
        &["--config", KEY],
        &["--api-key", "k", "--user", "a", "--log", KEY],
        &["--api-key", "k", "--user", "a", "--url", &url],
        &["--api-key", "k", "--user", "a", "--url", &query],
        &["--api-key", "k", "--user", "a", "--url", &scheme],
        &["config", "check", "--profile", KEY, "--user", "a"],
        &["config", "check", "--api-key", "k", "--user", "a", "--theme", KEY],
        &["config", "check", "--api-key", "k", "--user", "a", "--url", &scheme],
        &["config", "check", "--api-key", "k", "--user", "a", "--url", &host],
        &["config", "check", "--api-key", "k", "--user", "a", "--url", &port],
        &[&token],
    ] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_minchat-tui"));
        command.env_clear().env("HOME", home.path()).args(arguments).stdin(Stdio::null());
        let output = command.output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert_no_secret("stderr", &[output.stdout, output.stderr].concat());
    }
}
