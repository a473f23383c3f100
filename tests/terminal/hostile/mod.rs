//! Hostile servers: a proxy appends hostile text to every string in the responses and events of a sandbox. The program
//! must not write any kind of escape sequence that it does not also write when the text is harmless.

mod deep_replies;
mod events;
pub(crate) mod proxy;
mod sequences;

use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::client::{Client, SOON, USUAL};
use minchat_tui::server::{Options, ServerHandle, Service, start};
use minchat_tui::text::SafeText;
use proxy::{LONE_SURROGATE, Proxy};

/// Text with control sequences, hidden characters and other input that confuses terminals, but without characters that
/// would end a JSON string.
const HOSTILE: &str = concat!(
    " \x1b]0;OWNED\x07\x1b]2;OWNED\x1b\\\x1b[2J\x1b[H\x1b[31;1m\x1b[?1049l\x1b[?25h\x1b[6n\x1bc\x1b(0\x1bP1$q\x1b\\",
    "\x1b_Gq\x1b\\\x1b]8;;http://evil.example\x1b\\x\x1b]8;;\x1b\\\x1b]52;c;T1dORUQ=\x07\u{9b}2J\u{9b}31m\u{9d}0;OWNED\x07",
    "\u{9d}52;c;T1dORUQ=\u{9c}\u{90}q\u{9c}\u{9e}p\u{9c}\u{85}\u{8e}\u{8f}\0\x07\x08\t\x0b\x0c\x0e\x0f\x7f\r\n\u{2028}",
    "\u{202e}gnp\u{202c}\u{2066}\u{2067}\u{2068}\u{2069}\u{200e}\u{200f}\u{61c}\u{200b}\u{2060}\u{feff}\u{ad}\u{180e}",
    "\u{e0041}\u{e007f}\u{3164}\u{fff9}\u{2061}Z\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}",
    "\u{ffff}LONE_SURROGATE-A-PAIR\x1b]0;never ended \u{9d}0;never ended",
);

/// Harmless text of about the same length, with everything that the sanitized hostile text may contain: other scripts,
/// combining marks, badges. It does not contain U+FFFD, because the emulator drops that character.
const HARMLESS: &str = " ␛ ⟨U+202E⟩ שלום Z\u{301} and other harmless words, about as many as the others are, so \
    that what has to be cut is cut here too";

fn sandbox(runtime: &tokio::runtime::Runtime, service: Service) -> ServerHandle {
    let options = Options {
        bind: "127.0.0.1:0".parse().unwrap(),
        service,
        api_key: "KEY".into(),
        populated: true,
        guest: "guest".into(),
        seed: 7,
        ..Options::default()
    };
    runtime.block_on(start(options)).unwrap()
}

/// The output of a run.
struct Run {
    terminal: Vec<u8>,
    log: String,
    /// Arguments of the program that opens links, each followed by a NUL.
    opened: String,
}

/// Runs the program through all its overlays, on a server whose texts all end with `payload`.
fn run(service: Service, payload: &str) -> Run {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let server = sandbox(&runtime, service);
    let proxy = Proxy::start(&server.url(), payload);
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log");
    let backend = if service == Service::VChat { "vchat" } else { "minchat" };
    // The program that opens links writes its arguments into a file.
    let (opener, opened, config) =
        (folder.path().join("opener"), folder.path().join("opened"), folder.path().join("c"));
    let script = format!("#!/bin/sh\nprintf '%s\\0' \"$@\" > {0}.part && mv {0}.part {0}\n", opened.display());
    std::fs::write(&opener, script).unwrap();
    std::fs::set_permissions(&opener, std::fs::Permissions::from_mode(0o700)).unwrap();
    std::fs::write(&config, format!("open_command = [{opener:?}, \"--\"]\n")).unwrap();
    let arguments = ["--backend", backend, "--url", &proxy.url, "--api-key", "KEY", "--user", "guest"];
    let more = ["--log", log.to_str().unwrap(), "--config", config.to_str().unwrap()];
    let arguments = [&arguments[..], &more].concat();
    let mut client = Client::start(&arguments, USUAL);
    let pty = &mut client.pty;
    pty.wait_text("● Online", SOON).unwrap();
    pty.wait_text("Message ", SOON).unwrap();
    for packet in events::all(service, &proxy.room(), payload) {
        proxy.emit(&packet);
    }
    // A notice from the server waits while another notice is shown; a key dismisses the one that is shown.
    let last = events::all(service, &proxy.room(), payload).pop().unwrap();
    let shown = (0..20).any(|_| {
        pty.send("\x0c").unwrap();
        proxy.emit(&last);
        pty.wait_text("The last word", std::time::Duration::from_secs(2)).is_ok()
    });
    assert!(shown, "the last event was never shown");
    for (keys, shown) in events::walk(service) {
        if let Some(command) = keys.strip_suffix('\r') {
            pty.send(command).unwrap();
            pty.wait_text(command, SOON).unwrap();
            pty.send("\r").unwrap();
        } else {
            pty.send(keys).unwrap();
        }
        pty.wait_text(shown, SOON).unwrap_or_else(|timeout| panic!("after {keys:?}: {timeout}"));
        pty.send("\x1b").unwrap();
        // Esc is recognised after a short delay. A key sent sooner would be read as Alt with that key.
        pty.wait_gone(shown, SOON).unwrap();
    }
    // Copies a message, after clearing the composer, which contains the failed command again.
    let before = pty.bytes_written();
    pty.send("\x15").unwrap();
    pty.wait_text("Message ", SOON).unwrap();
    pty.send("\t").unwrap();
    pty.wait_text("Enter actions", SOON).unwrap();
    pty.send("y").unwrap();
    pty.wait_bytes("a copy", SOON, before, |bytes| bytes.windows(5).any(|bytes| bytes == b"\x1b]52;")).unwrap();
    // Copies one of two links and opens the other.
    let before = pty.bytes_written();
    pty.wait_text("open one of 2 links", SOON).unwrap();
    pty.send("Y").unwrap();
    pty.wait_text("Enter copy", SOON).unwrap();
    pty.send("\r").unwrap();
    pty.wait_bytes("a copy", SOON, before, |bytes| bytes.windows(5).any(|bytes| bytes == b"\x1b]52;")).unwrap();
    pty.send("o").unwrap();
    pty.wait_text("Enter open", SOON).unwrap();
    pty.send("\x1b[B\r").unwrap();
    pty.wait_text("Opening xn--", SOON).unwrap();
    let started = std::time::Instant::now();
    while !opened.exists() {
        assert!(started.elapsed() < SOON, "nothing was opened");
        std::thread::yield_now();
    }
    // Ends the program with a signal, so that the output of that exit is checked too.
    pty.signal(rustix::process::Signal::TERM).unwrap();
    client.pty.wait_exit(SOON).unwrap();
    let (log, opened) = (std::fs::read_to_string(&log).unwrap(), std::fs::read_to_string(&opened).unwrap());
    let run = Run { terminal: client.pty.transcript().to_vec(), log, opened };
    runtime.block_on(server.stop());
    run
}

/// Fails if the hostile run writes a kind of sequence that the harmless run does not write.
fn assert_harmless(service: Service) {
    let (harmless, hostile) = (run(service, HARMLESS), run(service, HOSTILE));
    let (expected, _) = sequences::kinds(&harmless.terminal);
    let (kinds, contents) = sequences::kinds(&hostile.terminal);
    let more: BTreeSet<_> = kinds.difference(&expected).collect();
    assert!(more.is_empty(), "only the hostile run writes {more:?}");
    let text = String::from_utf8_lossy(&hostile.terminal);
    assert!(text.contains('␛') && text.contains("⟨U+202E⟩"), "no hostile text was shown at all");
    for forbidden in
        ["OWNED", "T1dORUQ", "\x1b[2J\x1b[H\x1b[31", "\x1b]0", "\x1b]2;OWNED", "\x1b]8", "\x07never", LONE_SURROGATE]
    {
        assert!(!text.contains(forbidden), "{forbidden:?}");
    }
    let (titles, contents): (Vec<String>, Vec<String>) =
        contents.into_iter().partition(|content| content.starts_with("2;"));
    assert!(titles.iter().any(|title| title.contains('␛')), "no hostile text was in the title: {titles:?}");
    for title in &titles {
        assert_eq!(SafeText::line(title).as_str(), title);
    }
    // The program asks for the background of the terminal once, before it shows anything.
    assert_eq!(contents.first().map(String::as_str), Some("11;?"), "{contents:?}");
    let copies = &contents[1..];
    assert_eq!(copies.len(), 2, "{contents:?}");
    let copied = |at: usize| {
        let bytes = STANDARD.decode(copies[at].strip_prefix("52;c;").expect("a copy")).expect("base64");
        String::from_utf8(bytes).unwrap()
    };
    let (text, link) = (copied(0), copied(1));
    assert_eq!(SafeText::block(&text).with_tabs(), text);
    assert!(text.contains('␛'), "{text}");
    assert!(link.starts_with("https://bank.example/%E2%90%9B"), "{link}");
    let opened: Vec<&str> = hostile.opened.split_terminator('\0').collect();
    assert_eq!((opened.len(), opened[0]), (2, "--"), "{opened:?}");
    assert!(opened[1].starts_with("https://xn--bnk-6cd.example/?%E2%90%9B"), "{opened:?}");
    for address in [&link, opened[1]] {
        assert!(address.bytes().all(|byte| byte.is_ascii_graphic()), "{address:?}");
    }
    for (at, c) in hostile.log.char_indices() {
        assert!(!c.is_control() || c == '\n', "{c:?} in the log: {:?}", &hostile.log[..at]);
    }
    assert!(!hostile.log.contains('\u{202e}'));
    let refusals = hostile.log.lines().filter(|line| line.contains("ignored:") && line.contains('␛'));
    assert!(refusals.count() >= 2, "the log contains no text of the server:\n{}", hostile.log);
}

#[test]
fn hostile_minchat_adds_no_escape_sequence() {
    assert_harmless(Service::MinChat);
}

#[test]
fn hostile_vchat_adds_no_escape_sequence() {
    assert_harmless(Service::VChat);
}

/// Address of a server that answers each request with this status and body.
fn refusing(status: &'static str, body: String) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let _ = stream.read(&mut [0; 8192]);
            let head = format!("HTTP/1.1 {status}\r\ncontent-type: application/json\r\nconnection: close\r\n");
            let _ = write!(stream, "{head}content-length: {}\r\n\r\n{body}", body.len());
        }
    });
    url
}

/// The reason why a sign-in was refused is printed in the shell, after the terminal was restored.
#[test]
fn refusal_contains_no_escape_sequence() {
    for (backend, field) in [("minchat", "message"), ("vchat", "data")] {
        let output_kinds = |payload: &str| {
            let body = serde_json::json!({"success": false, "code": 400, field: format!("No: {payload}")});
            let url = refusing("400 Bad Request", body.to_string().replace(LONE_SURROGATE, "\\ud83d"));
            let arguments = ["--backend", backend, "--url", &url, "--api-key", "KEY", "--user", "guest"];
            let mut client = Client::start(&arguments, USUAL);
            client.pty.wait_text("No:", SOON).unwrap();
            if !client.pty.has_exited() {
                let _ = client.pty.send("\x11");
            }
            client.assert_exit(3);
            sequences::kinds(client.pty.transcript()).0
        };
        let (expected, kinds) = (output_kinds(HARMLESS), output_kinds(HOSTILE));
        let more: BTreeSet<_> = kinds.difference(&expected).collect();
        assert!(more.is_empty(), "{backend}: {more:?}");
    }
}
