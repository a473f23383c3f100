//! A real panic in a real terminal: this test program starts itself in a pseudo-terminal, as the program that fails.

use std::process::Command;
use std::time::Duration;

use rustix::termios::{LocalModes, OutputModes};
use test_support::pty;

use crate::config::Settings;

use super::super::hush::keep_secret;
use super::super::terminal::Terminal;
use super::install_hook;

const SOON: Duration = Duration::from_secs(30);
/// A key that must not be told.
const MARKER: &str = "hunter2-marker";
/// Says that this is the program that fails, and on which thread.
const FAILING: &str = "PANIC_ON_THREAD";

/// Only does something when started by the test below.
#[test]
fn the_program_that_fails() {
    let Ok(thread) = std::env::var(FAILING) else { return };
    keep_secret(&Settings::new("http://127.0.0.1:1", MARKER, "alice"));
    install_hook();
    let terminal = Terminal::enter(true).unwrap();
    let failing = std::thread::Builder::new()
        .name(thread)
        .spawn(|| panic!("the kettle is dry\x1b[31m: {MARKER} auth=Bearer%20t0ken"))
        .unwrap();
    // A panic that ends the process never gets here.
    assert!(failing.join().is_err());
    drop(terminal);
    std::process::exit(7);
}

fn fail_on(thread: &str) -> (pty::Pty, i32) {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "runtime::panics::tests::the_program_that_fails", "--nocapture"]);
    command.env(FAILING, thread).env("RUST_BACKTRACE", "0").env("TERM", "xterm-256color");
    let mut pty = pty::Pty::spawn(command, pty::Size { columns: 100, rows: 20 }).unwrap();
    let code = pty.wait_exit(SOON).unwrap().code().unwrap();
    (pty, code)
}

fn assert_given_back(pty: &mut pty::Pty) {
    assert!(pty.modes().are_fresh(), "left on or off: {:?}", pty.modes());
    let settings = pty.termios().unwrap();
    assert!(settings.local_modes.contains(LocalModes::ICANON | LocalModes::ECHO | LocalModes::ISIG));
    assert!(settings.output_modes.contains(OutputModes::OPOST));
}

#[test]
fn a_panic_on_any_thread_gives_the_terminal_back_before_it_is_told() {
    let (mut pty, code) = fail_on("some-thread");
    assert_eq!(code, super::PANICKED);
    assert_given_back(&mut pty);
    let written = String::from_utf8_lossy(pty.transcript()).into_owned();
    assert!(!written.contains(MARKER) && !written.contains("t0ken"), "{written:?}");
    assert!(written.contains("the kettle is dry␛: *** auth=Bearer%20***\r\n"), "{written:?}");
    let entered = written.find("\x1b[?1049h").expect("it had the terminal");
    let left = written.find("\x1b[?1049l").expect("it gave the terminal back");
    let told = written.find("the kettle is dry").expect("it told the fault");
    assert!(entered < left && left < told, "{written:?}");
}

#[test]
fn a_panic_inside_the_socket_library_costs_a_connection_and_not_the_screen() {
    let (mut pty, code) = fail_on("socket-1");
    assert_eq!(code, 7, "the program goes on; the screen:\n{}", pty.screen());
    assert_given_back(&mut pty);
    let written = String::from_utf8_lossy(pty.transcript()).into_owned();
    assert!(!written.contains("the kettle is dry"), "it would stand in the middle of the screen: {written:?}");
}

#[test]
fn a_panic_over_a_strange_file_costs_that_file_and_not_the_screen() {
    let (mut pty, code) = fail_on(crate::runtime::files::THREAD);
    assert_eq!(code, 7, "the program goes on; the screen:\n{}", pty.screen());
    assert_given_back(&mut pty);
}
