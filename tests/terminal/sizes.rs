//! Terminal sizes from large to a single cell, and every change between them.

use rustix::process::Signal;

use crate::client::{Client, SOON, ends_with_frame};
use test_support::pty::Size;

const LARGE: Size = Size { columns: 200, rows: 60 };
const STANDARD: Size = Size { columns: 80, rows: 24 };
const SMALL: Size = Size { columns: 40, rows: 12 };
const TINY: Size = Size { columns: 20, rows: 5 };
const ONE_CELL: Size = Size { columns: 1, rows: 1 };

/// Resizes the terminal and waits for a complete redraw.
fn resize(client: &mut Client, size: Size) {
    let before = client.pty.bytes_written();
    client.pty.resize(size).unwrap();
    let whole = |bytes: &[u8]| String::from_utf8_lossy(bytes).contains("\x1b[2J") && ends_with_frame(bytes);
    client.pty.wait_bytes(&format!("a frame of {size:?}"), SOON, before, whole).unwrap();
}

/// Fails unless the screen shows what a user needs, as far as it fits.
fn assert_readable(client: &mut Client, size: Size) {
    let expected: &[&str] = match (size.columns, size.rows) {
        // Room list, title, composer and status line.
        (80.., 24..) => &["Release 0.9", "The Boiling Point", "6 members", "› Message The", "● Online", "Ctrl+Q quit"],
        (40.., 12..) => &["The Boiling Point", "› Message The Boiling Point", "● Online"],
        (20.., 5..) => &["The Boi", "› Message", "● Online"],
        _ => &[],
    };
    for text in expected {
        let shown = client.pty.wait_text(text, SOON);
        assert!(shown.is_ok(), "at {size:?}: {shown:?}");
    }
}

#[test]
fn start_is_readable_at_every_size() {
    for size in [LARGE, STANDARD, SMALL, TINY] {
        let mut client = Client::start(&["demo", "--seed", "7"], size);
        assert_readable(&mut client, size);
        client.pty.send("\x11").unwrap();
        client.assert_exit(0);
        client.assert_restored();
    }
}

#[test]
fn terminal_of_one_cell_does_not_crash() {
    let mut client = Client::start(&["demo", "--seed", "7"], ONE_CELL);
    client.pty.wait_bytes("a frame", SOON, 0, ends_with_frame).unwrap();
    resize(&mut client, STANDARD);
    assert_readable(&mut client, STANDARD);
    client.pty.send("\x11").unwrap();
    client.assert_exit(0);
    client.assert_restored();
}

#[test]
fn every_change_of_size_is_followed() {
    let mut client = Client::demo(STANDARD);
    let sizes = [LARGE, STANDARD, SMALL, TINY, ONE_CELL];
    for from in sizes {
        for to in sizes.into_iter().filter(|to| *to != from) {
            // The size may stay the same from one pair to the next; then there is no redraw to wait for.
            if client.pty.cells().size() != (from.rows.max(2), from.columns.max(2)) {
                resize(&mut client, from);
            }
            resize(&mut client, to);
            assert_readable(&mut client, to);
        }
    }
}

#[test]
fn overlay_and_draft_survive_every_size() {
    let mut client = Client::demo(STANDARD);
    client.pty.send("a draft that is longer than a small terminal is wide, by quite some words").unwrap();
    // Help, switcher, question, room list, selected message: each covers the screen or takes the keys.
    for keys in ["\x1bOP", "\x0b", "\x11", "\x02", "\x1b[1;5A"] {
        client.pty.send(keys).unwrap();
        for size in [ONE_CELL, TINY, Size { columns: 1, rows: 60 }, Size { columns: 200, rows: 1 }, SMALL, STANDARD] {
            resize(&mut client, size);
        }
        client.pty.send("\x1b").unwrap();
        client.pty.wait_text("by quite some words", SOON).unwrap();
    }
    client.pty.signal(Signal::TERM).unwrap();
    client.assert_exit(0);
    client.assert_restored();
}

#[test]
fn many_resizes_end_at_the_last_size() {
    let mut client = Client::demo(STANDARD);
    for columns in (20..=120).chain((20..=90).rev()) {
        client.pty.resize(Size { columns, rows: 24 }).unwrap();
    }
    resize(&mut client, STANDARD);
    assert_readable(&mut client, STANDARD);
}
