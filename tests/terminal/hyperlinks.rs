//! Hyperlinks (OSC 8) in the output for terminals that support them, and only there.

use crate::client::{Client, SOON, USUAL};

/// Sends a message with a link in the demo and returns everything that was written to the terminal.
fn output_with_link(script: &str) -> String {
    let mut client = Client::start_with(script, &["demo", "--seed", "7"], USUAL);
    client.pty.wait_text("Message The Boiling Point", SOON).unwrap();
    client.pty.send("see https://example.org/a_b now\r").unwrap();
    client.pty.wait_text("see https://example.org/a_b now", SOON).unwrap();
    client.pty.wait_text("✓", SOON).unwrap();
    client.pty.send("\x11").unwrap();
    client.assert_exit(0);
    client.assert_restored();
    String::from_utf8_lossy(client.pty.transcript()).into_owned()
}

#[test]
fn known_terminal_gets_hyperlinks() {
    let output = output_with_link("read go; TERM_PROGRAM=WezTerm exec \"$@\"");
    let start = output.find(";https://example.org/a_b\x1b\\").expect("a hyperlink");
    assert!(output[..start].ends_with(|c: char| c.is_ascii_hexdigit()) && output[start..].contains("\x1b]8;;\x1b\\"));
}

#[test]
fn other_terminals_get_no_hyperlinks() {
    for script in [
        "read go; exec \"$@\"",
        "read go; TERM=linux TERM_PROGRAM=WezTerm exec \"$@\"",
        "read go; TERM_PROGRAM=WezTerm MINCHAT_HYPERLINKS=off exec \"$@\"",
    ] {
        assert!(!output_with_link(script).contains("\x1b]8;"), "{script}");
    }
}
