//! The theme that follows the background of the terminal.

use vt100::Color;

use crate::client::{Client, SOON, USUAL};

/// The query for the background color (xterm, "Operating System Commands").
const QUERY: &[u8] = b"\x1b]11;?\x1b\\";

fn asks(output: &[u8]) -> bool {
    output.windows(QUERY.len()).any(|bytes| bytes == QUERY)
}

/// Starts the demo, waits for the query and answers it. Then the border below the title of the room has the color `expected`.
fn assert_border_after(answer: &str, expected: Color) {
    let mut client = Client::start_with("read go; exec \"$@\"", &["demo", "--seed", "7"], USUAL);
    client.pty.wait_text("Message The Boiling Point", SOON).unwrap();
    client.pty.wait_bytes("the query", SOON, 0, asks).unwrap();
    client.pty.send(answer).unwrap();
    let border = |screen: &vt100::Screen| screen.cell(1, USUAL.columns - 2).map(vt100::Cell::fgcolor);
    client.pty.wait_for("the colors of the theme", SOON, |screen| border(screen) == Some(expected)).unwrap();
    client.pty.send("still typed\r").unwrap();
    client.pty.wait_text("still typed", SOON).unwrap();
    client.pty.wait_text("✓", SOON).unwrap();
    client.pty.send("\x11").unwrap();
    client.assert_exit(0);
    client.assert_restored();
}

#[test]
fn light_background_selects_the_light_theme() {
    assert_border_after("\x1b]11;rgb:fdfd/f6f6/e3e3\x1b\\", Color::Idx(245));
}

#[test]
fn dark_background_keeps_the_dark_theme() {
    assert_border_after("\x1b]11;rgb:0000/2b2b/3636\x07", Color::Default);
}

#[test]
fn terminal_is_asked_only_if_the_answer_matters() {
    for script in [
        "read go; MINCHAT_THEME=dark exec \"$@\"",
        "read go; NO_COLOR=1 exec \"$@\"",
        "read go; TERM=linux exec \"$@\"",
    ] {
        let mut client = Client::start_with(script, &["demo", "--seed", "7"], USUAL);
        client.pty.wait_text("Message The Boiling Point", SOON).unwrap();
        client.pty.send("\x11").unwrap();
        client.assert_exit(0);
        assert!(!asks(client.pty.transcript()), "{script}");
    }
}
