//! Every way out leaves the terminal as it was.

use rustix::process::Signal;

use crate::client::{Client, SOON, USUAL, settings};

#[test]
fn ctrl_q_ends_it() {
    let mut client = Client::demo(USUAL);
    assert!(!client.pty.modes().are_fresh(), "nothing was switched on, so this proves nothing");
    client.pty.send("\x11").unwrap();
    client.assert_exit(0);
    client.assert_given_back();
}

#[test]
fn ctrl_c_twice_ends_it() {
    let mut client = Client::demo(USUAL);
    client.pty.send("\x03").unwrap();
    client.pty.wait_text("Press Ctrl+C again to quit.", SOON).unwrap();
    client.pty.send("\x03").unwrap();
    client.assert_exit(0);
    client.assert_given_back();
}

#[test]
fn signals_end_it_in_good_order() {
    for signal in [Signal::TERM, Signal::HUP, Signal::INT] {
        let mut client = Client::demo(USUAL);
        client.pty.signal(signal).unwrap();
        client.assert_exit(0);
        client.assert_given_back();
    }
}

/// A shell that leads the session and does not pass the hang-up on: the program once read the end of its input for ever.
#[test]
fn a_terminal_that_vanishes_without_a_signal_ends_it() {
    let line = "trap : HUP; read go; \"$@\"; exit $?";
    let mut client = Client::start_by(line, &["demo", "--seed", "7"], USUAL);
    client.pty.wait_text("Message The Boiling Point", SOON).unwrap();
    client.pty.hang_up();
    client.pty.wait_exit(SOON).unwrap();
}

#[test]
fn a_signal_ends_it_although_something_is_unsent() {
    // Nobody is there to answer a question.
    let mut client = Client::demo(USUAL);
    client.pty.send("half a thought").unwrap();
    client.pty.wait_text("half a thought", SOON).unwrap();
    client.pty.signal(Signal::TERM).unwrap();
    client.assert_exit(0);
    client.assert_given_back();
}

/// Stops the client in one of the ways there are, has it go on, and ends it.
fn stop_and_go_on(stop: impl FnOnce(&mut Client)) {
    let mut client = Client::demo(USUAL);
    let (used, modes) = (settings(&client.pty.termios().unwrap()), client.pty.modes());
    stop(&mut client);
    client.pty.wait_stopped(SOON).unwrap();
    // What was written before the stop may still be on its way.
    let given_back = |bytes: &[u8]| bytes.windows(8).any(|window| window == b"\x1b[?1049l");
    client.pty.wait_bytes("the end of the alternate screen", SOON, 0, given_back).unwrap();
    client.assert_given_back();

    go_on(&mut client, used, &modes);
}

fn go_on(client: &mut Client, used: crate::client::Settings, modes: &test_support::pty::TerminalModes) {
    let before = client.pty.bytes_written();
    client.pty.signal(Signal::CONT).unwrap();
    let drawn = |bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes);
        text.contains("\x1b[2J") && text.contains("The Boiling Point") && text.ends_with("\x1b[?2026l")
    };
    client.pty.wait_bytes("the whole screen anew", SOON, before, drawn).unwrap();
    // A key proves that it listens again, and that what it does is seen.
    client.pty.send("still here").unwrap();
    client.pty.wait_text("› still here", SOON).unwrap();
    assert_eq!(settings(&client.pty.termios().unwrap()), used, "raw again");
    assert_eq!(&client.pty.modes(), modes, "each mode is on again, and on once");
    client.pty.send("\x15\x11").unwrap();
    client.assert_exit(0);
    client.assert_given_back();
}

#[test]
fn ctrl_z_gives_the_terminal_back_until_it_goes_on() {
    stop_and_go_on(|client| _ = client.pty.send("\x1a").unwrap());
}

#[test]
fn being_told_to_stop_gives_the_terminal_back_until_it_goes_on() {
    stop_and_go_on(|client| client.pty.signal(Signal::TSTP).unwrap());
}

#[test]
fn a_stop_that_cannot_be_caught_is_made_good_afterwards() {
    let mut client = Client::demo(USUAL);
    let (used, modes) = (settings(&client.pty.termios().unwrap()), client.pty.modes());
    client.pty.signal(Signal::STOP).unwrap();
    client.pty.wait_stopped(SOON).unwrap();
    // The shell takes the terminal over.
    client.pty.set_termios(&client.found).unwrap();
    go_on(&mut client, used, &modes);
}

#[test]
fn stopping_again_and_again_leaves_nothing_behind() {
    let mut client = Client::demo(USUAL);
    for round in 0..3 {
        client.pty.send("\x1a").unwrap();
        client.pty.wait_stopped(SOON).unwrap();
        let before = client.pty.bytes_written();
        client.pty.signal(Signal::CONT).unwrap();
        let drawn = |bytes: &[u8]| String::from_utf8_lossy(bytes).contains("\x1b[2J");
        client.pty.wait_bytes("the screen anew", SOON, before, drawn).unwrap();
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
    client.assert_given_back();
}
