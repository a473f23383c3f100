//! Tests of the pseudo-terminal helper itself, on programs whose behaviour is known.

use std::process::Command;
use std::time::Duration;

use rustix::process::Signal;
use rustix::termios::LocalModes;
use test_support::pty::{Pty, Size};

const SIZE: Size = Size { columns: 40, rows: 5 };
const SOON: Duration = Duration::from_secs(10);

fn shell(script: &str) -> std::io::Result<Pty> {
    let mut command = Command::new("/bin/sh");
    command.args(["-c", script]);
    Pty::spawn(command, SIZE)
}

#[test]
fn input_and_output_are_recorded() {
    let mut pty = shell("stty -echo; printf 'name? '; read name; printf 'hello %s\\n' \"$name\"").unwrap();
    let prompted = pty.wait_text("name?", SOON).unwrap();
    let typed = pty.send("bob\r").unwrap();
    let greeted = pty.wait_text("hello bob", SOON).unwrap();
    assert!(prompted <= typed && typed <= greeted);
    assert!(pty.wait_exit(SOON).unwrap().success());
    assert_eq!(pty.screen(), "name? hello bob\n\n\n\n");
    assert_eq!(pty.transcript(), b"name? hello bob\r\n");
}

#[test]
fn timed_out_wait_shows_the_screen() {
    let mut pty = shell("echo something else").unwrap();
    let timeout = pty.wait_text("hello", SOON).unwrap_err();
    assert!(format!("{timeout:?}").contains("something else"), "{timeout:?}");
}

#[test]
fn program_gets_a_controlling_terminal() {
    let mut pty =
        shell("trap 'stty size' WINCH; trap 'echo term; exit 3' TERM; echo ready >/dev/tty; while :; do read x; done")
            .unwrap();
    pty.wait_text("ready", SOON).unwrap();
    pty.resize(Size { columns: 30, rows: 7 }).unwrap();
    pty.wait_text("7 30", SOON).unwrap();
    pty.signal(Signal::TERM).unwrap();
    pty.wait_text("term", SOON).unwrap();
    assert_eq!(pty.wait_exit(SOON).unwrap().code(), Some(3));
}

#[test]
fn modes_left_on_are_noticed() {
    let mut pty = shell(
        "printf '\\033[?1049h\\033[?25l\\033[?1004;2004h\\033[>1u'; printf '\\033[?1049l'; stty raw; printf done",
    )
    .unwrap();
    assert!(pty.wait_exit(SOON).unwrap().success());
    let modes = pty.modes();
    assert_eq!(modes.on.into_iter().collect::<Vec<_>>(), [1004, 2004]);
    assert_eq!(modes.off.into_iter().collect::<Vec<_>>(), [25]);
    assert_eq!(modes.kitty_depth, 1);
    assert!(!pty.termios().unwrap().local_modes.contains(LocalModes::ICANON), "raw mode is left on");
}

#[test]
fn program_that_restores_its_modes_leaves_a_fresh_terminal() {
    let mut pty = shell("printf '\\033[?1049h\\033[?25l\\033[>1u\\033[<1u\\033[?25h\\033[?1049l'").unwrap();
    assert!(pty.wait_exit(SOON).unwrap().success());
    assert!(pty.modes().are_fresh(), "{:?}", pty.modes());
    assert!(pty.termios().unwrap().local_modes.contains(LocalModes::ICANON | LocalModes::ECHO));
}

#[test]
fn terminal_queries_are_answered() {
    let mut pty = shell("stty raw -echo; printf 'ab\\033[6n'; dd bs=1 count=6 2>/dev/null | od -An -c").unwrap();
    pty.wait_text("033   [   1   ;   3   R", SOON).unwrap();
}

#[test]
fn hang_up_reaches_the_session() {
    let mut pty = shell("trap 'exit 4' HUP; echo ready; while :; do read x || exit 5; done").unwrap();
    pty.wait_text("ready", SOON).unwrap();
    pty.hang_up();
    assert!(matches!(pty.wait_exit(SOON).unwrap().code(), Some(4 | 5)));
    assert!(pty.send("x").is_err());
}
