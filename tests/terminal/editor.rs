//! A draft in the user's editor. The editors are shell scripts.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use rustix::process::Signal;
use tempfile::TempDir;

use crate::client::{Client, SOON, USUAL, settings};
use crate::persistence::{KEY, sandbox, start_client};
use test_support::pty::Size;

/// Shows the file, waits for Enter, and writes another text.
const REWRITE: &str = "cat \"$1\"; echo editor is open; read go; printf 'rewritten\\nas two lines\\n' > \"$1\"";

/// The demo with this script as its editor, in a home folder with a folder `tmp` for the drafts.
fn demo(editor: &str) -> (TempDir, Client) {
    demo_with(editor, "read go; exec \"$@\"")
}

fn demo_with(editor: &str, start: &str) -> (TempDir, Client) {
    let home = tempfile::tempdir().unwrap();
    fs::create_dir(home.path().join("tmp")).unwrap();
    fs::write(home.path().join("my editor"), editor).unwrap();
    let variables = "export XDG_RUNTIME_DIR=\"$HOME/tmp\" VISUAL=\"sh '$HOME/my editor'\" EDITOR=false";
    let start = format!("{variables} MINCHAT_API_KEY=s3cret; {start}");
    let mut client = Client::start_in(home.path(), &start, &["demo", "--seed", "7"], USUAL);
    client.pty.wait_text("Message The Boiling Point", SOON).unwrap();
    (home, client)
}

/// Types a draft and opens it in the editor.
fn open(client: &mut Client) {
    client.pty.send("a draft\x1be").unwrap();
    client.pty.wait_text("editor is open", SOON).unwrap();
}

/// The folders of drafts.
fn folders(home: &Path) -> Vec<PathBuf> {
    fs::read_dir(home.join("tmp")).unwrap().map(|entry| entry.unwrap().path()).collect()
}

#[test]
fn draft_is_written_in_the_editor() {
    let (home, mut client) = demo(&format!(
        "stat -c %a \"$1\" \"$(dirname \"$1\")\" > \"$HOME/modes\"; env > \"$HOME/env\"; tty > \"$HOME/tty\"; {REWRITE}"
    ));
    let raw = settings(&client.pty.termios().unwrap());
    open(&mut client);
    assert_eq!(settings(&client.pty.termios().unwrap()), settings(&client.original), "the editor's terminal");
    let screen = client.pty.screen();
    assert!(screen.contains("a draft") && !screen.contains("Online"), "{screen}");
    client.pty.send("\n").unwrap();
    client.pty.wait_text("as two lines", SOON).unwrap();
    client.pty.wait_text("› rewritten", SOON).unwrap();
    assert_eq!(settings(&client.pty.termios().unwrap()), raw);
    let seen = |name: &str| fs::read_to_string(home.path().join(name)).unwrap();
    assert_eq!(seen("modes"), "600\n700\n");
    assert!(seen("tty").starts_with("/dev/"), "{}", seen("tty"));
    assert!(!seen("env").contains("s3cret"), "{}", seen("env"));
    assert_eq!(folders(home.path()), Vec::<PathBuf>::new());
    // The cursor is at the end, and undo brings the draft back.
    client.pty.send("!").unwrap();
    client.pty.wait_text("as two lines!", SOON).unwrap();
    client.pty.send("\x1bz\x1bz").unwrap();
    client.pty.wait_text("› a draft", SOON).unwrap();
    client.pty.send("\x15\x11").unwrap();
    client.assert_exit(0);
    client.assert_restored();
}

#[test]
fn own_message_is_edited_in_the_editor() {
    let (_home, mut client) = demo(REWRITE);
    client.pty.send("first text\r").unwrap();
    client.pty.wait_text("✓", SOON).unwrap();
    client.pty.send("\x1b[A").unwrap();
    client.pty.wait_text("✎ first text", SOON).unwrap();
    client.pty.send("\x1be").unwrap();
    client.pty.wait_text("editor is open", SOON).unwrap();
    client.pty.send("\n").unwrap();
    client.pty.wait_text("✎ rewritten", SOON).unwrap();
    client.pty.send("\r").unwrap();
    client.pty.wait_gone("✎ rewritten", SOON).unwrap();
    client.pty.wait_text("as two lines", SOON).unwrap();
}

#[test]
fn failed_editor_leaves_the_draft_alone() {
    let kill = "echo editor is open; stty raw -echo; printf '\\033[?1049h\\033[?1003h'; kill -9 $$";
    for (editor, sentence) in [
        ("echo editor is open; echo lost > \"$1\"; exit 3", "sh ended with exit code 3. The text is unchanged."),
        (kill, "sh ended with signal: 9 (SIGKILL). The text is unchanged."),
        ("echo editor is open; rm \"$1\"", "The text from sh cannot be read"),
        ("echo editor is open; rm \"$1\"; mkfifo \"$1\"", "The text from sh cannot be read"),
    ] {
        let (home, mut client) = demo(editor);
        let raw = settings(&client.pty.termios().unwrap());
        client.pty.send("a draft\x1be").unwrap();
        client.pty.wait_text(sentence, SOON).unwrap();
        client.pty.wait_text("› a draft", SOON).unwrap();
        assert_eq!(settings(&client.pty.termios().unwrap()), raw, "{editor}");
        assert_eq!(folders(home.path()), Vec::<PathBuf>::new());
        client.pty.send("!").unwrap();
        client.pty.wait_text("› a draft!", SOON).unwrap();
        client.pty.send("\x15\x11").unwrap();
        client.assert_exit(0);
        client.assert_restored();
    }
}

/// Regression test: what was saved before an editor was killed was removed, and so was what it had not saved.
#[test]
fn text_of_a_killed_editor_is_kept() {
    let saved = "ended with signal: 9 (SIGKILL). The draft is now the text that was saved last.";
    for (write, sentence, draft) in [
        ("echo saved > \"$1\"", saved, "› saved"),
        ("echo saved > \"$1\"; sleep 0.1; echo newest > \"$1.save\"", saved, "› newest"),
        ("touch \"$1~\"; echo swap > .message.md.swp", "Unsaved text may be in ~/message.md.swp.", "› a draft"),
        ("printf 'caf\\351' > \"$1\"", "The text from sh is not UTF-8.", "› a draft"),
    ] {
        let (home, mut client) = demo(&format!("echo editor is open; cd \"$(dirname \"$1\")\"; {write}; kill -9 $$"));
        client.pty.send("a draft\x1be").unwrap();
        client.pty.wait_text(sentence, SOON).unwrap();
        client.pty.wait_text(draft, SOON).unwrap();
        let names =
            fs::read_dir(home.path()).unwrap().filter_map(|entry| entry.unwrap().file_name().into_string().ok());
        let files: Vec<_> = names.filter(|name| name.contains("message.md")).collect();
        assert_eq!(files.len(), usize::from(sentence != saved), "{files:?}");
        assert_eq!(folders(home.path()), Vec::<PathBuf>::new());
        client.pty.send("\x05\x15\x11").unwrap();
        client.assert_exit(0);
    }
}

/// Regression test: editors save what is not saved in another file when they have to end, which was removed.
#[test]
fn text_of_an_ended_editor_is_kept() {
    let home = tempfile::tempdir().unwrap();
    let (_runtime, server) = sandbox();
    let editor = "trap 'echo kept > \"$1.save\"; echo swap > \"$(dirname \"$1\")/.message.md.swp\"; exit 1' HUP
        echo editor is open; read go";
    fs::write(home.path().join("my editor"), editor).unwrap();
    let start = "export VISUAL=\"sh '$HOME/my editor'\"; read go; exec \"$@\"";
    let arguments = ["--url", &server.url(), "--api-key", KEY, "--user", "alice"];
    for signal in [Signal::TERM, Signal::HUP] {
        let mut client = Client::start_in(home.path(), start, &arguments, USUAL);
        client.pty.wait_text("● Online", SOON).unwrap();
        client.pty.send("\x15").unwrap();
        open(&mut client);
        client.pty.signal(signal).unwrap();
        client.assert_exit(0);
        client.pty.wait_text("Unsaved text may be in ~/message.md", SOON).unwrap();
        let mut client = start_client(home.path(), &server.url(), &[]);
        client.pty.wait_text("› kept", SOON).unwrap();
        client.pty.send("\x11").unwrap();
        client.assert_exit(0);
    }
    for name in ["message.md.swp", "message.md-2.swp"] {
        assert_eq!(fs::read_to_string(home.path().join(name)).unwrap(), "swap\n");
    }
}

/// Regression test: a text that was cut within a character could not be read, and its file was removed.
#[test]
fn text_that_no_message_can_have_is_saved() {
    let long = "head -c 1048575 /dev/zero | tr '\\0' x > \"$1\"; printf 'é end' >> \"$1\"";
    for (write, sentence, size) in [
        (
            long,
            "The text from sh is longer than 65 kB. It was saved as ~/message.md; the draft is unchanged.",
            1_048_581,
        ),
        ("printf 'caf\\351' > \"$1\"", "The text from sh is not UTF-8. It was saved as ~/message.md;", 4),
    ] {
        let (home, mut client) = demo(&format!("echo editor is open; {write}"));
        client.pty.send("a draft\x1be").unwrap();
        client.pty.wait_text(sentence, SOON).unwrap();
        client.pty.wait_text("› a draft", SOON).unwrap();
        let saved = fs::metadata(home.path().join("message.md")).unwrap();
        assert_eq!((saved.len(), saved.permissions().mode() & 0o777), (size, 0o600));
        assert_eq!(folders(home.path()), Vec::<PathBuf>::new());
        client.pty.send("\x15\x11").unwrap();
        client.assert_exit(0);
    }
}

#[test]
fn missing_editor_is_reported() {
    let home = tempfile::tempdir().unwrap();
    for (variables, sentence) in [
        ("export EDITOR=/nowhere/ed", "ed could not be started"),
        ("export EDITOR=\"vim 'x\"", "a quote is missing"),
        ("export VISUAL=' ' PATH=/nowhere", "Set the variable EDITOR"),
    ] {
        let start = format!("{variables}; read go; exec \"$@\"");
        let mut client = Client::start_in(home.path(), &start, &["demo", "--seed", "7"], USUAL);
        client.pty.wait_text("Message The Boiling Point", SOON).unwrap();
        client.pty.send("a draft\x1be").unwrap();
        client.pty.wait_text(sentence, SOON).unwrap();
        client.pty.send("!").unwrap();
        client.pty.wait_text("› a draft!", SOON).unwrap();
    }
}

#[test]
fn resize_in_the_editor_is_adopted_afterwards() {
    let (_home, mut client) = demo(REWRITE);
    open(&mut client);
    let before = client.pty.bytes_written();
    client.pty.resize(Size { columns: 70, rows: 20 }).unwrap();
    client.pty.process_for(std::time::Duration::from_millis(300));
    assert_eq!(client.pty.bytes_written(), before, "it draws over the editor:\n{}", client.pty.screen());
    client.pty.send("\n").unwrap();
    let fits = |screen: &vt100::Screen| {
        let rows: Vec<_> = screen.rows(0, 70).collect();
        rows.len() == 20 && rows[19].contains("● Online") && rows[18].contains("as two lines")
    };
    client.pty.wait_for("a screen of 70x20", SOON, fits).unwrap();
}

/// Ctrl+C in an editor that leaves the terminal in its usual mode reaches every program in the foreground.
#[test]
fn interrupt_is_for_the_editor() {
    let (_home, mut client) = demo("trap 'echo interrupted' INT; echo editor is open; read go; read go; exit 1");
    open(&mut client);
    client.pty.send("\x03").unwrap();
    client.pty.wait_text("interrupted", SOON).unwrap();
    client.pty.send("\n\n").unwrap();
    client.pty.wait_text("› a draft", SOON).unwrap();
}

/// Regression test: a quit signal for the editor was remembered, so that the second one ended the client at once.
#[test]
fn quit_signal_is_for_the_editor() {
    let (_home, mut client) =
        demo("trap 'echo was asked' QUIT; echo editor is open; until read go; do :; done; exit 1");
    open(&mut client);
    for _ in 0..3 {
        client.pty.send("\x1c").unwrap();
        client.pty.process_for(std::time::Duration::from_millis(300));
    }
    client.pty.wait_text("was asked", SOON).unwrap();
    client.pty.send("\n").unwrap();
    client.pty.wait_text("› a draft", SOON).unwrap();
}

#[test]
fn stop_in_the_editor_stops_both() {
    let start = "set -m; read go; \"$@\"; while [ $? -gt 128 ]; do echo is stopped; read go; fg >/dev/null; done";
    let (_home, mut client) = demo_with(&format!("{REWRITE}; echo done"), start);
    open(&mut client);
    client.pty.send("\x1a").unwrap();
    client.pty.wait_text("is stopped", SOON).unwrap();
    let before = client.pty.bytes_written();
    client.pty.send("\n").unwrap();
    client.pty.process_for(std::time::Duration::from_millis(300));
    let written = String::from_utf8_lossy(&client.pty.transcript()[before..]).into_owned();
    assert!(!written.contains("\x1b["), "it draws over the editor: {written:?}");
    client.pty.send("\n").unwrap();
    client.pty.wait_text("› rewritten", SOON).unwrap();
}

/// The loop goes on while the editor has the terminal, so the program ends at once and takes what was saved.
#[test]
fn end_of_the_program_ends_the_editor() {
    let editor = "trap 'echo hung up > \"$HOME/end\"; exit' HUP; echo saved > \"$1\"; echo editor is open; read go";
    let (home, mut client) = demo(editor);
    open(&mut client);
    client.pty.signal(Signal::TERM).unwrap();
    client.assert_exit(0);
    assert_eq!(fs::read_to_string(home.path().join("end")).unwrap(), "hung up\n");
    assert_eq!(folders(home.path()), Vec::<PathBuf>::new());
}
