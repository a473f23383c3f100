//! Panics in a real terminal: the test binary starts itself in a pseudo-terminal as a program that panics.

use std::process::Command;
use std::time::Duration;

use rustix::termios::{LocalModes, OutputModes};
use test_support::pty;

use crate::config::Settings;

use super::super::redact::redact_secrets_of;
use super::super::terminal::Terminal;
use super::install_hook;

/// Limit after which a hanging test fails.
const TIMEOUT: Duration = Duration::from_secs(30);
/// A key that must never be printed.
const MARKER: &str = "hunter2-marker";
/// Environment variable of the child: the name of the thread that panics.
const THREAD: &str = "PANIC_ON_THREAD";

/// The child process; does nothing in a normal test run.
#[test]
fn panicking_child() {
    let Ok(thread) = std::env::var(THREAD) else { return };
    redact_secrets_of(&Settings::new("http://127.0.0.1:1", MARKER, "alice"));
    install_hook();
    let terminal = Terminal::enter(true, false).unwrap();
    let panicking = std::thread::Builder::new()
        .name(thread)
        .spawn(|| panic!("the kettle is dry\x1b[31m: {MARKER} auth=Bearer%20t0ken"))
        .unwrap();
    // Only reached if the panic does not end the process.
    assert!(panicking.join().is_err());
    drop(terminal);
    std::process::exit(7);
}

fn panic_on(thread: &str) -> (pty::Pty, i32) {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "runtime::panics::tests::panicking_child", "--nocapture"]);
    command.env(THREAD, thread).env("RUST_BACKTRACE", "0").env("TERM", "xterm-256color");
    let mut pty = pty::Pty::spawn(command, pty::Size { columns: 100, rows: 20 }).unwrap();
    let code = pty.wait_exit(TIMEOUT).unwrap().code().unwrap();
    (pty, code)
}

fn assert_restored(pty: &mut pty::Pty) {
    assert!(pty.modes().are_fresh(), "modes differ: {:?}", pty.modes());
    let settings = pty.termios().unwrap();
    assert!(settings.local_modes.contains(LocalModes::ICANON | LocalModes::ECHO | LocalModes::ISIG));
    assert!(settings.output_modes.contains(OutputModes::OPOST));
}

#[test]
fn terminal_is_restored_before_the_panic_is_printed() {
    let (mut pty, code) = panic_on("some-thread");
    assert_eq!(code, super::EXIT_CODE);
    assert_restored(&mut pty);
    let written = String::from_utf8_lossy(pty.transcript()).into_owned();
    assert!(!written.contains(MARKER) && !written.contains("t0ken"), "{written:?}");
    assert!(written.contains("the kettle is dry␛: *** auth=Bearer%20***\r\n"), "{written:?}");
    let entered = written.find("\x1b[?1049h").expect("entered the alternate screen");
    let left = written.find("\x1b[?1049l").expect("left the alternate screen");
    let printed = written.find("the kettle is dry").expect("printed the panic");
    assert!(entered < left && left < printed, "{written:?}");
}

#[test]
fn panic_in_the_socket_library_does_not_end_the_program() {
    let (mut pty, code) = panic_on("socket-1");
    assert_eq!(code, 7, "the program should go on; its screen:\n{}", pty.screen());
    assert_restored(&mut pty);
    let written = String::from_utf8_lossy(pty.transcript()).into_owned();
    assert!(!written.contains("the kettle is dry"), "printed into the screen: {written:?}");
}

#[test]
fn panic_while_inspecting_a_file_does_not_end_the_program() {
    let (mut pty, code) = panic_on(crate::runtime::files::THREAD);
    assert_eq!(code, 7, "the program should go on; its screen:\n{}", pty.screen());
    assert_restored(&mut pty);
}
