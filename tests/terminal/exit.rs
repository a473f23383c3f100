//! Every way to end or stop the program restores the terminal.

use std::process::Command;

use rustix::process::{Pid, Signal, kill_process};

use crate::client::{Client, SOON, USUAL, ends_with_frame, settings};
use test_support::pty::Size;

#[test]
fn ctrl_q_quits() {
    let mut client = Client::demo(USUAL);
    assert!(!client.pty.modes().are_fresh(), "the program switched no mode on, so this test proves nothing");
    client.pty.send("\x11").unwrap();
    client.assert_exit(0);
    client.assert_restored();
}

#[test]
fn ctrl_c_twice_quits() {
    let mut client = Client::demo(USUAL);
    client.pty.send("\x03").unwrap();
    client.pty.wait_text("Press Ctrl+C again to quit.", SOON).unwrap();
    client.pty.send("\x03").unwrap();
    client.assert_exit(0);
    client.assert_restored();
}

#[test]
fn signals_quit_cleanly() {
    for signal in [Signal::TERM, Signal::HUP, Signal::INT, Signal::QUIT, Signal::ABORT] {
        let mut client = Client::demo(USUAL);
        client.pty.signal(signal).unwrap();
        client.assert_exit(0);
        client.assert_restored();
    }
}

/// A core dump would contain the key and all messages.
#[cfg(target_os = "linux")]
#[test]
fn fatal_signal_leaves_no_core_dump() {
    use std::os::unix::process::ExitStatusExt;

    let home = tempfile::tempdir().unwrap();
    let script = "ulimit -c unlimited; cd \"$HOME\"; read go; exec \"$@\"";
    let control = Command::new("/bin/sh").args(["-c", "ulimit -c unlimited; kill -SYS $$"]).current_dir(&home).status();
    let mut client = Client::start_in(home.path(), script, &["demo", "--seed", "7"], USUAL);
    client.pty.wait_text("Message The Boiling Point", SOON).unwrap();
    client.pty.signal(Signal::SYS).unwrap();
    let status = client.pty.wait_exit(SOON).unwrap();
    assert_eq!((status.signal(), status.core_dumped()), (Some(Signal::SYS.as_raw()), false), "{control:?}");
}

/// A program that hangs notices only the second signal, since the kernel acts on it.
#[test]
fn second_abort_ends_a_program_that_hangs() {
    use std::os::unix::process::ExitStatusExt;

    let mut client = Client::demo(USUAL);
    client.pty.signal(Signal::STOP).unwrap();
    for signal in [Signal::QUIT, Signal::ABORT, Signal::CONT] {
        client.pty.signal(signal).unwrap();
    }
    let status = client.pty.wait_exit(SOON).unwrap();
    assert!(matches!(status.signal(), Some(3 | 6)), "{status}");
}

/// Under a shell that does not forward SIGHUP, the program once read the end of its input in an endless loop.
#[test]
fn vanished_terminal_ends_the_program() {
    let script = "trap : HUP; read go; \"$@\"; exit $?";
    let mut client = Client::start_with(script, &["demo", "--seed", "7"], USUAL);
    client.pty.wait_text("Message The Boiling Point", SOON).unwrap();
    client.pty.hang_up();
    client.pty.wait_exit(SOON).unwrap();
}

#[test]
fn signal_quits_despite_an_unsent_draft() {
    // Nobody could answer a question after a signal, so there must be none.
    let mut client = Client::demo(USUAL);
    client.pty.send("half a thought").unwrap();
    client.pty.wait_text("half a thought", SOON).unwrap();
    client.pty.signal(Signal::TERM).unwrap();
    client.assert_exit(0);
    client.assert_restored();
}

/// Stops the client with `stop`, continues it, and quits.
fn stop_and_continue(stop: impl FnOnce(&mut Client, Pid)) {
    let home = tempfile::tempdir().unwrap();
    let mut client = Client::demo_as_job(home.path(), USUAL);
    let (raw, modes) = (settings(&client.pty.termios().unwrap()), client.pty.modes());
    let pid = std::fs::read_to_string(home.path().join("pid")).unwrap();
    stop(&mut client, Pid::from_raw(pid.trim().parse().unwrap()).unwrap());
    client.pty.wait_text("is stopped", SOON).unwrap();
    client.assert_restored();
    resume_and_quit(&mut client, raw, &modes, |client| _ = client.pty.send("\n").unwrap());
}

fn resume_and_quit(
    client: &mut Client,
    raw: crate::client::Settings,
    modes: &test_support::pty::TerminalModes,
    resume: impl FnOnce(&mut Client),
) {
    let before = client.pty.bytes_written();
    resume(client);
    let drawn = |bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes);
        text.contains("\x1b[2J") && text.contains("The Boiling Point") && ends_with_frame(bytes)
    };
    client.pty.wait_bytes("a redraw of the whole screen", SOON, before, drawn).unwrap();
    // A key proves that the program reads input and draws again.
    client.pty.send("still here").unwrap();
    client.pty.wait_text("› still here", SOON).unwrap();
    assert_eq!(settings(&client.pty.termios().unwrap()), raw, "raw mode again");
    assert_eq!(&client.pty.modes(), modes, "each mode is on again, exactly once");
    client.pty.send("\x15\x11").unwrap();
    client.assert_exit(0);
    client.assert_restored();
}

#[test]
fn ctrl_z_restores_the_terminal_until_continued() {
    stop_and_continue(|client, _| _ = client.pty.send("\x1a").unwrap());
}

#[test]
fn sigtstp_restores_the_terminal_until_continued() {
    stop_and_continue(|_, pid| kill_process(pid, Signal::TSTP).unwrap());
}

#[test]
fn size_is_asked_again_after_a_stop() {
    let home = tempfile::tempdir().unwrap();
    let mut client = Client::demo_as_job(home.path(), USUAL);
    client.pty.send("\x1a").unwrap();
    client.pty.wait_text("is stopped", SOON).unwrap();
    client.pty.resize(Size { columns: 70, rows: 20 }).unwrap();
    client.pty.send("\n").unwrap();
    let fits = |screen: &vt100::Screen| {
        let rows: Vec<_> = screen.rows(0, 70).collect();
        rows.len() == 20 && rows[19].contains("● Online") && rows[18].contains("› Message The")
    };
    client.pty.wait_for("a screen of 70x20", SOON, fits).unwrap();
}

#[test]
fn suspension_without_a_shell_is_refused() {
    // The program is the leader of its session, as the command of a terminal window is.
    let mut client = Client::demo(USUAL);
    client.pty.send("\x1a").unwrap();
    client.pty.wait_text("Cannot suspend: no shell", SOON).unwrap();
    client.pty.signal(Signal::TSTP).unwrap();
    client.pty.send("still here").unwrap();
    client.pty.wait_text("› still here", SOON).unwrap();
}

/// In a container whose session leader is outside, the kernel reports the session as zero, and the program once
/// panicked.
#[test]
fn suspension_in_a_container_is_refused() {
    const CONTAINER: [&str; 5] = ["--user", "--map-root-user", "--pid", "--fork", "--"];
    let is_allowed = Command::new("unshare").args(CONTAINER).arg("true").status().is_ok_and(|status| status.success());
    if !is_allowed {
        eprintln!("skipped: this machine does not allow user namespaces");
        return;
    }
    let script = format!("read go; exec unshare {} \"$@\"", CONTAINER.join(" "));
    let mut client = Client::start_with(&script, &["demo", "--seed", "7"], USUAL);
    client.pty.wait_text("Message The Boiling Point", SOON).unwrap();
    client.pty.send("\x1a").unwrap();
    client.pty.wait_text("Cannot suspend: no shell", SOON).unwrap();
}

#[test]
fn terminal_is_set_up_again_after_sigstop() {
    let mut client = Client::demo(USUAL);
    let (raw, modes) = (settings(&client.pty.termios().unwrap()), client.pty.modes());
    client.pty.signal(Signal::STOP).unwrap();
    client.pty.wait_stopped(SOON).unwrap();
    // The shell takes the terminal over, since SIGSTOP cannot be caught.
    client.pty.set_termios(&client.original).unwrap();
    resume_and_quit(&mut client, raw, &modes, |client| client.pty.signal(Signal::CONT).unwrap());
}

#[test]
fn repeated_stops_leave_nothing_behind() {
    let home = tempfile::tempdir().unwrap();
    let mut client = Client::demo_as_job(home.path(), USUAL);
    for round in 0..3 {
        let before = client.pty.bytes_written();
        client.pty.send("\x1a").unwrap();
        let stopped = |bytes: &[u8]| String::from_utf8_lossy(bytes).contains("is stopped");
        client.pty.wait_bytes("the shell", SOON, before, stopped).unwrap();
        let before = client.pty.bytes_written();
        client.pty.send("\n").unwrap();
        let drawn = |bytes: &[u8]| String::from_utf8_lossy(bytes).contains("\x1b[2J");
        client.pty.wait_bytes("a redraw", SOON, before, drawn).unwrap();
        client.pty.send(format!("{round}")).unwrap();
        client
            .pty
            .wait_for(&format!("{round}"), SOON, |screen| {
                screen.rows(0, 100).any(|row| row.contains(&format!("› {}", &"012"[..=round])))
            })
            .unwrap();
    }
    client.pty.send("\x15\x11").unwrap();
    client.assert_exit(0);
    client.assert_restored();
}

/// Only the program stopped, and the shell waited for the script forever.
#[test]
fn ctrl_z_stops_the_script_that_started_the_program() {
    let home = tempfile::tempdir().unwrap();
    let script = "set -m; read go; sh -c '\"$@\"; true' sh \"$@\"; \
                  while [ $? -gt 128 ]; do echo is stopped; read go; fg >/dev/null; done";
    let mut client = Client::start_in(home.path(), script, &["demo", "--seed", "7"], USUAL);
    client.pty.wait_text("Message The Boiling Point", SOON).unwrap();
    let (raw, modes) = (settings(&client.pty.termios().unwrap()), client.pty.modes());
    client.pty.send("\x1a").unwrap();
    client.pty.wait_text("is stopped", SOON).unwrap();
    client.assert_restored();
    resume_and_quit(&mut client, raw, &modes, |client| _ = client.pty.send("\n").unwrap());
}
