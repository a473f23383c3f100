//! What terminals, slow lines and multiplexers send, byte by byte.

use std::time::Duration;

use crate::client::{Client, SOON, USUAL};
use test_support::pty::Size;

/// A pause inside of a sequence.
const PAUSE: Duration = Duration::from_millis(5);

/// Whether a text is on the screen and the composer is empty.
fn is_sent(screen: &vt100::Screen, text: &str) -> bool {
    let contents = screen.contents();
    contents.contains(text) && contents.contains("› Message")
}

#[test]
fn arrow_key_in_pieces_moves_the_cursor() {
    let mut client = Client::demo(USUAL);
    client.pty.send("abc").unwrap();
    client.pty.wait_text("› abc", SOON).unwrap();
    client.pty.send("\x1b").unwrap();
    client.pty.process_for(PAUSE);
    client.pty.send("[D").unwrap();
    client.pty.send("X").unwrap();
    client.pty.wait_text("› abXc", SOON).unwrap();
}

#[test]
fn lone_escape_acts_without_another_key() {
    let mut client = Client::demo(USUAL);
    client.pty.send("\x0b").unwrap();
    client.pty.wait_text("Go to", SOON).unwrap();
    client.pty.send("\x1b").unwrap();
    client.pty.wait_gone("Go to", SOON).unwrap();
}

#[test]
fn both_backspace_bytes_delete() {
    let mut client = Client::demo(USUAL);
    client.pty.send("abc\x08\x7fd").unwrap();
    client.pty.wait_text("› ad", SOON).unwrap();
    client.pty.send("\x0bpi\x08").unwrap();
    client.pty.wait_text("Mara Lindqvist", SOON).unwrap();
}

#[test]
fn cyrillic_keyboard_has_shortcuts() {
    let mut client = Client::demo(USUAL);
    client.pty.send("\x1b[1083;5u").unwrap();
    client.pty.wait_text("Go to", SOON).unwrap();
    client.pty.send("\x1b[27u\x1b[1089::99;5u").unwrap();
    client.pty.wait_text("Press Ctrl+C again to quit.", SOON).unwrap();
    client.pty.send("лес").unwrap();
    client.pty.wait_text("› лес", SOON).unwrap();
}

#[test]
fn modified_keys_are_requested_and_read() {
    let mut client = Client::demo(USUAL);
    assert!(client.pty.modes().modify_other_keys);
    client.pty.send("one\x1b[27;2;13~two").unwrap();
    let two_lines = |screen: &vt100::Screen| {
        let rows: Vec<_> = screen.rows(0, 100).collect();
        rows.windows(2).any(|rows| rows[0].contains("› one") && rows[1].contains("  two"))
    };
    client.pty.wait_for("two lines in the composer", SOON, two_lines).unwrap();
}

#[test]
fn paste_without_end_is_taken_after_a_pause() {
    let mut client = Client::demo(USUAL);
    client.pty.send("\x1b[200~half").unwrap();
    client.pty.wait_text("› half", SOON).unwrap();
    client.pty.send("!").unwrap();
    client.pty.wait_text("› half!", SOON).unwrap();
}

#[test]
fn ctrl_c_works_in_a_paste_without_end() {
    let mut client = Client::demo(USUAL);
    client.pty.send("\x1b[200~half\x03").unwrap();
    client.pty.wait_text("Press Ctrl+C again to quit.", SOON).unwrap();
    client.pty.wait_text("› half", SOON).unwrap();
}

#[test]
fn lines_without_paste_brackets_are_one_text() {
    let mut client = Client::demo(USUAL);
    client.pty.send("first line\rsecond\r/info\rfourth\rfifth line\r").unwrap();
    client.pty.wait_text("fifth line", SOON).unwrap();
    let screen = client.pty.screen();
    assert!(screen.contains("› first line"), "the text is not in the composer:\n{screen}");
    assert!(screen.contains("/info"), "{screen}");
}

/// Regression test: the tab selected the message, `d` asked for its deletion and `y` confirmed.
#[test]
fn tab_in_text_without_paste_brackets_is_text() {
    let mut client = Client::demo(USUAL);
    client.pty.send("my own message\r").unwrap();
    client.pty.wait_for("the message", SOON, |screen| is_sent(screen, "my own message")).unwrap();
    client.pty.send("\tdynamic = 1\tcol2").unwrap();
    client.pty.wait_text("dynamic = 1", SOON).unwrap();
    let screen = client.pty.screen();
    assert!(screen.contains("my own message") && !screen.contains("Delete"), "{screen}");
    assert!(!screen.contains("= 1col2"), "the tab is lost:\n{screen}");
    client.pty.send("\x15").unwrap();
    client.pty.wait_gone("dynamic = 1", SOON).unwrap();
    client.pty.send("\t").unwrap();
    client.pty.process_for(Duration::from_millis(100));
    client.pty.send("d").unwrap();
    client.pty.wait_text("Delete", SOON).unwrap();
}

/// Regression test: a slow line delivers the lines of a paste in packets. Each was sent or run.
#[test]
fn lines_in_packets_without_paste_brackets_are_one_text() {
    let mut client = Client::demo(USUAL);
    for packet in ["one\r", "/info\r", "three"] {
        client.pty.send(packet).unwrap();
        client.pty.process_for(Duration::from_millis(12));
    }
    client.pty.wait_text("three", SOON).unwrap();
    let screen = client.pty.screen();
    assert!(screen.contains("› one") && screen.contains("  /info"), "{screen}");
}

/// Regression test: screen gives each format character a column, also on the other side of a connection.
#[test]
fn screen_gets_no_format_characters() {
    for (variables, has_isolates) in [("TERM=screen", false), ("TERM=screen TMUX=/x", true)] {
        let script = format!("read go; {variables} exec \"$@\"");
        let mut client = Client::start_with(&script, &["demo", "--seed", "7"], USUAL);
        client.pty.wait_text("Message The Boiling Point", SOON).unwrap();
        client.pty.send("שלום עולם\r").unwrap();
        client.pty.wait_for("the message", SOON, |screen| is_sent(screen, "ש")).unwrap();
        let written = String::from_utf8_lossy(client.pty.transcript()).into_owned();
        assert!(written.contains('ש'));
        let format = ['\u{2066}', '\u{2067}', '\u{2069}', '\u{202c}', '\u{202d}'];
        assert_eq!(written.contains(format), has_isolates, "{variables}");
    }
}

#[test]
fn late_answers_of_the_terminal_are_not_text() {
    let mut client = Client::demo(USUAL);
    client.pty.send("a\x1b]11;rgb:0000/0000/0000\x1b\\b\x1bP>|XTerm(1)\x1b\\c\x1b[?62c\x1b[24;80Rd").unwrap();
    client.pty.wait_text("› abcd", SOON).unwrap();
}

#[test]
fn terminal_without_a_size_is_drawn_as_80x24() {
    let mut client = Client::start(&["demo", "--seed", "7"], Size { columns: 0, rows: 0 });
    let drawn = |bytes: &[u8]| String::from_utf8_lossy(bytes).contains("Ctrl+Q quit");
    client.pty.wait_bytes("a frame", SOON, 0, drawn).unwrap();
    assert!(client.pty.transcript().windows(6).any(|bytes| bytes == b"\x1b[24;1"), "no cell in row 24");
}

#[test]
fn dumb_terminal_is_refused_with_a_sentence_unless_lines_do() {
    let script = "read go; TERM=dumb; MINCHAT_LINEAR=false; export TERM MINCHAT_LINEAR; exec \"$@\"";
    let mut client = Client::start_with(script, &["demo"], USUAL);
    client.pty.wait_text("This terminal cannot move the cursor (TERM=dumb).", SOON).unwrap();
    client.assert_exit(2);
}

#[test]
fn locale_without_utf8_is_drawn_in_ascii() {
    let mut client = Client::start_with("read go; LC_ALL=POSIX exec \"$@\"", &["demo", "--seed", "7"], USUAL);
    client.pty.wait_text("Message The Boiling Point", SOON).unwrap();
    client.pty.wait_text("The locale in LC_ALL is not UTF-8", SOON).unwrap();
    let written = client.pty.transcript();
    assert!(written.is_ascii(), "{}", String::from_utf8_lossy(written));
}

/// Reports of all movements woke the program whenever the mouse moved over the window.
#[test]
fn mouse_reports_include_no_movement_without_a_button() {
    let mut client = Client::demo(USUAL);
    let on = client.pty.modes().on;
    assert!([1000, 1002, 1006].iter().all(|mode| on.contains(mode)), "{on:?}");
    assert!(!on.contains(&1003), "{on:?}");
}
