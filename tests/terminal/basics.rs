//! The demo in a pseudo-terminal: a first look, pasted text, and a closed window.

use std::process::Command;
use std::sync::mpsc::channel;
use std::thread;

use crate::client::{Client, SOON, USUAL};

#[test]
fn demo_shows_rooms_and_sends_a_message() {
    let mut client = Client::demo(USUAL);
    for room in ["The Boiling Point", "Release 0.9", "Mara Lindqvist", "Inês Carvalho", "Pip"] {
        client.pty.wait_text(room, SOON).unwrap();
    }
    client.pty.send("Good morning, kettle").unwrap();
    client.pty.wait_text("› Good morning, kettle", SOON).unwrap();
    client.pty.send("\r").unwrap();
    let sent = |screen: &vt100::Screen| {
        screen.rows(0, 100).any(|row| row.contains("Good morning, kettle") && row.contains('✓'))
    };
    client.pty.wait_for("the message with its ✓", SOON, sent).unwrap();
    client.pty.wait_text("› Message The Boiling Point", SOON).unwrap();
}

#[test]
fn faults_of_the_demo_are_set_and_ended() {
    for (backend, path) in [("minchat", "/v1/messages"), ("vchat", "/api/v2/channel/*/message")] {
        let mut client = Client::start(&["demo", "--backend", backend], USUAL);
        client.pty.wait_text("● Online", SOON).unwrap();
        client.pty.send("/fault latancy=2s\r").unwrap();
        client.pty.wait_text("There is no fault called \"latancy\". Did you mean latency?", SOON).unwrap();
        // The refused command is still there.
        client.pty.send(format!("\x15/fault 400@POST {path}=100%\r")).unwrap();
        client.pty.wait_text("Faults, and how often they happened:", SOON).unwrap();
        client.pty.send("Is anybody there?\r").unwrap();
        let has_failed = |screen: &vt100::Screen| screen.rows(0, 100).any(|row| row.contains('✗'));
        client.pty.wait_for("the failure", SOON, has_failed).unwrap();
        client.pty.send("/fault off\r").unwrap();
        client.pty.wait_text("There are no faults.", SOON).unwrap();
    }
}

#[test]
fn demo_people_answer() {
    let mut client = Client::demo(USUAL);
    // The people have noticed the guest once they type. Without this wait, the keys would be sent before that.
    client.pty.wait_text("is typing", SOON).unwrap();
    client.pty.send("\x0bpip\r").unwrap();
    client.pty.wait_text("› Message Pip", SOON).unwrap();
    client.pty.wait_text("AI agent, always online", SOON).unwrap();
    client.pty.send("I want a human\r").unwrap();
    client.pty.wait_text("Pip is typing", SOON).unwrap();
    client.pty.wait_text("Pip: ai handoff", SOON).unwrap();
}

#[test]
fn pasted_command_is_text() {
    let mut client = Client::demo(USUAL);
    client.pty.send("\x1b[200~/quit\nand a second line\x1b[201~").unwrap();
    client.pty.wait_text("› /quit", SOON).unwrap();
    client.pty.wait_text("and a second line", SOON).unwrap();
    assert!(!client.pty.has_exited());
}

/// By default, tmux ignores the sequence with which programs copy: the text was nowhere, although `Copied.` was shown.
#[test]
fn copied_text_is_in_the_buffer_of_tmux() {
    let home = tempfile::tempdir().unwrap();
    let script = "mkfifo \"$HOME/buffer\"; mkdir \"$HOME/bin\"; \
                  printf '#!/bin/sh\\n{ echo \"$@\"; cat; } >\"$HOME/buffer\"' >\"$HOME/bin/tmux\"; \
                  chmod +x \"$HOME/bin/tmux\"; export TMUX=/tmp/tmux-0/default,1,0 \"PATH=$HOME/bin:$PATH\"; \
                  read go; exec \"$@\"";
    let mut client = Client::start_in(home.path(), script, &["demo", "--seed", "7"], USUAL);
    client.pty.wait_text("Message The Boiling Point", SOON).unwrap();
    let buffer = home.path().join("buffer");
    let (to_test, copied) = channel();
    thread::spawn(move || to_test.send(std::fs::read_to_string(buffer)));
    client.pty.send("Good morning\r").unwrap();
    client.pty.wait_text("✓", SOON).unwrap();
    client.pty.send("\t").unwrap();
    client.pty.wait_text("Esc", SOON).unwrap();
    client.pty.send("y").unwrap();
    client.pty.wait_text("Copied.", SOON).unwrap();
    let copied = copied.recv_timeout(SOON).unwrap().unwrap();
    assert!(copied.starts_with("load-buffer -w -\n") && copied.len() > 20, "{copied}");
}

#[test]
fn closed_terminal_ends_the_program() {
    // Once the window is closed there is no terminal, so no further key arrives.
    let home = tempfile::tempdir().unwrap();
    let (pty, pts) = pty_process::blocking::open().unwrap();
    pty.resize(pty_process::Size::new(24, 80)).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_minchat-tui"));
    command.arg("demo").env_clear().env("HOME", home.path()).env("TERM", "xterm-256color");
    let mut child = pty_process::blocking::Command::from(command).spawn(pts).unwrap();
    let pid = rustix::process::Pid::from_child(&child);
    // The first byte means that the program runs.
    std::io::Read::read_exact(&mut &pty, &mut [0]).unwrap();
    drop(pty);
    let (to_test, ended) = channel();
    thread::spawn(move || to_test.send(child.wait()));
    let status = ended.recv_timeout(SOON);
    if status.is_err() {
        let _ = rustix::process::kill_process(pid, rustix::process::Signal::KILL);
    }
    assert!(status.unwrap().unwrap().code().is_some(), "killed by the signal instead of exiting");
}
