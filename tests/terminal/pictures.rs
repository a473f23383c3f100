//! Pictures of the demo, on the screen of a real terminal.

use vt100::Color;

use crate::client::{Client, SOON};
use test_support::pty::Size;

const TALL: Size = Size { columns: 100, rows: 34 };

/// Opens the room of the demo with a picture, and returns the colors in it.
fn colors(script: &str, backend: &str) -> Vec<(Color, Color)> {
    let arguments = ["demo", "--seed", "7", "--backend", backend, "--room", "Release 0.9"];
    let mut client = Client::start_with(script, &arguments, TALL);
    client.pty.wait_text("Message Release 0.9", SOON).unwrap();
    // PageUp, after the history has arrived.
    client.pty.wait_text("everything but the cake", SOON).unwrap();
    client.pty.send("\x1b[5~").unwrap();
    client.pty.wait_text("[image] poster-0.9.png", SOON).unwrap();
    client.pty.wait_text("▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀", SOON).unwrap();
    let screen = client.pty.cells().clone();
    client.pty.send("\x11").unwrap();
    client.assert_exit(0);
    let cells = (0..TALL.rows).flat_map(|row| (0..TALL.columns).map(move |column| (row, column)));
    let cells = cells.filter_map(|(row, column)| screen.cell(row, column)).filter(|cell| cell.contents() == "▀");
    cells.map(|cell| (cell.fgcolor(), cell.bgcolor())).collect()
}

#[test]
fn picture_is_fetched_and_painted_on_both_services() {
    for backend in ["minchat", "vchat"] {
        let colors = colors("read go; COLORTERM=truecolor exec \"$@\"", backend);
        assert!(colors.iter().all(|(upper, lower)| matches!((upper, lower), (Color::Rgb(..), Color::Rgb(..)))));
        let first = colors[0];
        assert!(colors.iter().any(|pair| *pair != first), "{backend}: a picture has several colors");
    }
}

/// Regression test: the program recorded no downloads, because the order in which its parts were connected mattered.
#[test]
fn picture_is_listed_in_the_inspector() {
    for backend in ["minchat", "vchat"] {
        let arguments = ["demo", "--seed", "7", "--backend", backend, "--room", "Release 0.9"];
        let mut client = Client::start(&arguments, TALL);
        client.pty.wait_text("everything but the cake", SOON).unwrap();
        client.pty.send("\x1b[5~").unwrap();
        client.pty.wait_text("▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀", SOON).unwrap();
        client.pty.send("\x1b[24~").unwrap();
        client.pty.wait_text("GET /files/", SOON).unwrap();
        client.pty.send("\x11").unwrap();
        client.assert_exit(0);
    }
}

#[test]
fn picture_has_colors_of_the_palette_without_true_color() {
    let colors = colors("read go; exec \"$@\"", "minchat");
    assert!(colors.iter().all(|(upper, lower)| matches!((upper, lower), (Color::Idx(_), Color::Idx(_)))));
}

#[test]
fn no_picture_is_shown_without_colors_or_when_turned_off() {
    for script in [
        "read go; NO_COLOR=1 exec \"$@\"",
        "read go; MINCHAT_ASCII=true exec \"$@\"",
        "read go; MINCHAT_PICTURES=off exec \"$@\"",
    ] {
        let arguments = ["demo", "--seed", "7", "--room", "Release 0.9"];
        let mut client = Client::start_with(script, &arguments, TALL);
        client.pty.wait_text("everything but the cake", SOON).unwrap();
        client.pty.send("\x1b[5~").unwrap();
        client.pty.wait_text("[image] poster-0.9.png", SOON).unwrap();
        let screen = client.pty.screen();
        assert!(!screen.contains("Loading picture") && !screen.contains('▀'), "{script}\n{screen}");
        client.pty.send("\x11").unwrap();
        client.assert_exit(0);
    }
}
