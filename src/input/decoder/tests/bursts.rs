//! Pastes without brackets, and fast hands that are none.

use proptest::collection::vec;
use proptest::prelude::*;

use super::{Line, decode};

#[test]
fn lines_without_brackets_are_a_paste() {
    let five = "one\rtwo\r/info\rfour\rfive";
    assert_eq!(decode(five), "\"one\\ntwo\\n/info\\nfour\\nfive\"");
    assert_eq!(decode("one\n/info\n\tthree\n"), "\"one\\n/info\\n\\tthree\\n\"");
    assert_eq!(decode("one\r\ntwo"), "\"one\\ntwo\"");
    let mut line = Line::new();
    for byte in five.bytes() {
        // 9600 baud.
        line.send([byte]).pause(1);
    }
    assert_eq!(line.words(), "o n e \"\\ntwo\\n/info\\nfour\\nfive\"");
}

#[test]
fn typed_lines_are_not_a_paste() {
    let mut line = Line::new();
    for byte in b"hi\ryou\r" {
        line.send([*byte]).pause(30);
    }
    assert_eq!(line.words_now(), "h i Enter y o u Enter");
    line.send("hello\r").pause(50);
    assert_eq!(line.words_now(), "h e l l o Enter");
    line.send("hello\r\x11");
    assert_eq!(line.words_now(), "h e l l o Enter Ctrl+Q");
    line.send("\r").pause(0);
    assert_eq!(line.words_now(), "Enter");
    line.pause(100).send("\r\r\r");
    assert_eq!(line.words_now(), "Enter Enter Enter");
    line.pause(100).send("\x0bpip\r");
    assert_eq!(line.words(), "Ctrl+K p i p Enter");
}

/// Regression test: the tab selected a message, and the letters after it acted on that.
#[test]
fn text_around_a_tab_is_a_paste() {
    assert_eq!(decode("\tdynamic = 1"), "\"\\tdynamic = 1\"");
    assert_eq!(decode("\t\tdynamically"), "\"\\t\\tdynamically\"");
    assert_eq!(decode("col1\tcol2\tcol3"), "\"col1\\tcol2\\tcol3\"");
    let mut line = Line::new();
    line.send("col1\t").pause(40).send("col2");
    assert_eq!(line.words(), "c o l 1 \"\\tcol2\"");
}

#[test]
fn typed_tab_is_a_key() {
    let mut line = Line::new();
    for byte in b"\tj\t" {
        line.send([*byte]).pause(40);
    }
    assert_eq!(line.words_now(), "Tab j Tab");
    line.send("\t\t");
    assert_eq!(line.words_now(), "Tab Tab");
    line.pause(100).send("\tr");
    assert_eq!(line.words_now(), "Tab r", "a slow line delivers both at once");
    line.pause(1_000).send("\tjjjj");
    assert_eq!(line.words_now(), "Tab j j j j", "or more");
    line.pause(100).send("/th\t").pause(50);
    assert_eq!(line.words_now(), "/ t h Tab", "completed by a program that types");
    line.send("\t\x1b[B");
    assert_eq!(line.words_now(), "Tab ↓");
}

/// Regression test: lines in packets that were more than 10 ms apart were sent and run.
#[test]
fn lines_in_packets_are_a_paste() {
    for pause in [0, 5, 12, 30, 45] {
        let mut line = Line::new();
        for packet in ["one\r", "/info\r", "three", "\r", "/quit\r"] {
            line.send(packet).pause(pause);
        }
        assert_eq!(line.words(), "o n e \"\\n/info\\nthree\\n/quit\\n\"", "{pause} ms");
    }
    let mut line = Line::new();
    line.send("some text").pause(40).send("\r").pause(40).send("/quit\r");
    assert_eq!(line.words(), "s o m e Space t e x t \"\\n/quit\\n\"");
    for byte in b"x\r/quit\r" {
        // 600 baud.
        line.send([*byte]).pause(17);
    }
    assert_eq!(line.words(), "x \"\\n/quit\\n\"");
}

#[test]
fn line_break_before_text_is_pasted() {
    assert_eq!(decode("\n/quit\n"), "\"\\n/quit\\n\"");
    let mut line = Line::new();
    line.send("\ry");
    assert_eq!(line.words(), "Enter y", "two keys, when the program was late");
    line.pause(1_000).send("\rhow are");
    assert_eq!(line.words(), "Enter h o w Space a r e", "a line that stood still");
}

/// Regression test: a program that reacts to the screen is faster than a hand.
#[test]
fn keys_after_an_enter_or_a_tab_that_acted_are_typed() {
    let mut line = Line::new();
    line.send("\t").pause(2).send("d").pause(60);
    assert_eq!(line.words_now(), "Tab d");
    line.send("\r").pause(2).send("/info\r").pause(60);
    assert_eq!(line.words_now(), "Enter / i n f o Enter");
}

#[test]
fn rest_of_a_slow_paste_is_pasted() {
    let mut line = Line::new();
    for piece in ["first line\rsecond", " line\r", "/info\r", "last"] {
        line.send(piece).pause(125);
    }
    assert_eq!(line.words(), "\"first line\\nsecond\" \" line\\n\" \"/info\\n\" \"last\"");
    line.send("one\rtwo").pause(150).send("!").pause(120).send("\r");
    assert_eq!(line.words_now(), "\"one\\ntwo\" ! Enter", "typed after it");
    line.pause(1_000).send("one\rtwo").pause(150).send("\x15/help\r");
    assert_eq!(line.words(), "\"one\\ntwo\" Ctrl+U / h e l p Enter", "a key in between ends it");
}

/// Nobody has to wait for a line that was typed.
#[test]
fn typed_enter_acts_at_once() {
    let mut line = Line::new();
    for pause in [25, 60, 120] {
        for byte in b"ok" {
            line.send([*byte]).pause(pause);
        }
        line.send("\r");
        assert_eq!(line.words_now(), "o k Enter", "{pause} ms");
        assert_eq!(line.decoder.deadline(), None);
        line.pause(pause).send("k").pause(pause);
        assert_eq!(line.words_now(), "k");
    }
    line.pause(1_000).send("\r").send("\r").pause(5).send("\r");
    assert_eq!(line.words_now(), "Enter Enter Enter");
}

proptest! {
    /// However a slow line cuts pasted text into packets, nothing of it is sent and no tab acts.
    #[test]
    fn pasted_packets_contain_no_acting_keys(first in "[a-z/]{3}[a-z\r\t]{0,5}",
                                             packets in vec(("[a-z/\r\t]{1,6}", 0_u64..46), 0..8), pause in 0_u64..46) {
        let mut line = Line::new();
        line.send(first).pause(pause);
        for (packet, pause) in packets {
            line.send(packet).pause(pause);
        }
        let words = line.send("end").words();
        prop_assert!(!words.contains("Enter") && !words.contains("Tab"), "{}", words);
    }
}
