//! Input that terminals send, and the keys that it stands for.

mod bursts;
mod late;
mod properties;

use std::time::{Duration, Instant};

use super::{Decoder, MAX_PASTE, TerminalEvent};
use crate::input::Key;

const ESCAPE_TIME: Duration = Duration::from_millis(50);

/// A decoder with a clock of its own, and what it has decoded.
struct Line {
    decoder: Decoder,
    now: Instant,
    events: Vec<TerminalEvent>,
}

impl Line {
    fn new() -> Self {
        Self { decoder: Decoder::new(ESCAPE_TIME), now: Instant::now(), events: Vec::new() }
    }

    fn send(&mut self, bytes: impl AsRef<[u8]>) -> &mut Self {
        self.decoder.push(bytes.as_ref(), self.now, &mut self.events);
        self
    }

    /// Lets time pass as the program does: it wakes at each deadline.
    fn pause(&mut self, millis: u64) -> &mut Self {
        let until = self.now + Duration::from_millis(millis);
        while let Some(deadline) = self.decoder.deadline().filter(|deadline| *deadline <= until) {
            self.decoder.expire(deadline, &mut self.events);
            assert_ne!(self.decoder.deadline(), Some(deadline), "nothing was decided");
        }
        self.now = until;
        self
    }

    /// Returns what was decoded since the last call, after a long pause, as words.
    fn words(&mut self) -> String {
        self.pause(5_000);
        self.words_now()
    }

    fn words_now(&mut self) -> String {
        let words: Vec<_> = self.events.drain(..).map(word).collect();
        words.join(" ")
    }
}

fn word(event: TerminalEvent) -> String {
    match event {
        TerminalEvent::Key(key) => key.to_string(),
        TerminalEvent::Mouse(mouse) => format!("{:?}@{},{}", mouse.kind, mouse.column, mouse.row),
        TerminalEvent::Background([red, green, blue]) => format!("#{red:02x}{green:02x}{blue:02x}"),
        TerminalEvent::Name(name) => format!("<{name}>"),
        TerminalEvent::Focus(gained) => if gained { "focus" } else { "blur" }.to_owned(),
        TerminalEvent::Paste(pasted) if pasted.dropped == 0 => format!("{:?}", pasted.text),
        TerminalEvent::Paste(pasted) => format!("{} bytes, {} dropped", pasted.text.len(), pasted.dropped),
    }
}

fn decode(bytes: impl AsRef<[u8]>) -> String {
    Line::new().send(bytes).words()
}

#[track_caller]
fn assert_decodes(table: &[(&str, &str)]) {
    for (bytes, words) in table {
        assert_eq!(decode(bytes), *words, "{bytes:?} at once");
        let mut line = Line::new();
        for byte in bytes.bytes() {
            line.send([byte]).pause(40);
        }
        assert_eq!(line.words(), *words, "{bytes:?} in pieces");
    }
}

#[test]
fn cursor_keys_of_all_terminals_are_decoded() {
    assert_decodes(&[
        ("\x1b[A", "↑"),
        ("\x1bOA", "↑"),
        ("\x1b[1;5D", "Ctrl+←"),
        ("\x1b[5D", "Ctrl+←"),
        ("\x1bO5D", "Ctrl+←"),
        ("\x1bO1;5D", "Ctrl+←"),
        ("\x1bOd", "Ctrl+←"),
        ("\x1b[d", "Shift+←"),
        ("\x1b[1;2B", "Shift+↓"),
        ("\x1b[1;4B", "Alt+Shift+↓"),
        ("\x1b[1;9A", "Alt+↑"),
        ("\x1b[H", "Home"),
        ("\x1b[1~", "Home"),
        ("\x1b[7~", "Home"),
        ("\x1b[8~", "End"),
        ("\x1bOF", "End"),
        ("\x1b[5~", "PgUp"),
        ("\x1b[6;5~", "Ctrl+PgDn"),
        ("\x1b[3$", "Shift+Delete"),
        ("\x1b[3^", "Ctrl+Delete"),
        ("\x1b[3@", "Ctrl+Shift+Delete"),
    ]);
}

#[test]
fn alt_is_an_escape_before_any_key() {
    assert_decodes(&[
        ("\x1b\x1b[A", "Alt+↑"),
        ("\x1b\x1bOA", "Alt+↑"),
        ("\x1b\x1b[1;5C", "Ctrl+Alt+→"),
        ("\x1b\x1b[3~", "Alt+Delete"),
        ("\x1b\x1bOd", "Ctrl+Alt+←"),
        ("\x1b\x1b[[A", "Alt+F1"),
        ("\x1b\x1b[Z", "Alt+Shift+Tab"),
        ("\x1b\r", "Alt+Enter"),
        ("\x1b\n", "Alt+Enter"),
        ("\x1b\x7f", "Alt+Backspace"),
        ("\x1b\t", "Alt+Tab"),
        ("\x1bb", "Alt+B"),
        ("\x1bA", "Alt+Shift+A"),
        ("\x1bл", "Alt+K"),
        ("\x1b\x0b", "Ctrl+Alt+K"),
        ("\x1b[", "Alt+["),
        ("\x1bO", "Alt+Shift+O"),
        ("\x1bP", "Alt+Shift+P"),
        ("\x1b]", "Alt+]"),
        ("\x1b_", "Alt+_"),
    ]);
}

#[test]
fn function_keys_and_keypad_are_decoded() {
    assert_decodes(&[
        ("\x1bOP", "F1"),
        ("\x1b[11~", "F1"),
        ("\x1b[[A", "F1"),
        ("\x1b[[E", "F5"),
        ("\x1b[15~", "F5"),
        ("\x1b[24~", "F12"),
        ("\x1b[1;5R", "Ctrl+F3"),
        ("\x1bO2P", "Shift+F1"),
        ("\x1bOM", "Enter"),
        ("\x1bOp\x1bOy", "0 9"),
        ("\x1bOj\x1bOk\x1bOl\x1bOm\x1bOn\x1bOo\x1bOX", "* + , - . / ="),
        ("\x1b[57400u\x1b[57414u\x1b[57417u", "1 Enter ←"),
    ]);
}

#[test]
fn control_codes_are_keys() {
    assert_decodes(&[
        ("\0\x01\x1a", "Ctrl+Space Ctrl+A Ctrl+Z"),
        ("\x08\x7f", "Ctrl+H Backspace"),
        ("\x1c\x1f", "Ctrl+4 Ctrl+/"),
        ("\x1b[Z", "Shift+Tab"),
        ("\x1b", "Esc"),
        ("\x1b\x1b", "Esc Esc"),
        ("\x1b\x1b\x1b[A", "Esc Alt+↑"),
        ("\x1b\x1ba", "Esc Alt+A"),
    ]);
}

#[test]
fn modified_keys_of_xterm_are_decoded() {
    assert_decodes(&[
        ("\x1b[27;2;13~", "Shift+Enter"),
        ("\x1b[27;5;13~", "Ctrl+Enter"),
        ("\x1b[27;2;9~", "Shift+Tab"),
        ("\x1b[27;5;127~", "Ctrl+Backspace"),
        ("\x1b[27;6;75~", "Ctrl+Shift+K"),
        ("\x1b[27;5;1083~", "Ctrl+K"),
        ("\x1b[27;2;65~", "A"),
        ("\x1b[27;2;32~", "Space"),
        ("\x1b[13;2u", "Shift+Enter"),
    ]);
}

#[test]
fn kitty_keys_are_decoded() {
    assert_decodes(&[
        ("\x1b[27u", "Esc"),
        ("\x1b[127;3u", "Alt+Backspace"),
        ("\x1b[107;5u", "Ctrl+K"),
        ("\x1b[107;69u", "Ctrl+K"),
        ("\x1b[97:65;6u", "Ctrl+Shift+A"),
        ("\x1b[55:47;6u", "Ctrl+/"),
        ("\x1b[97;5:1u\x1b[97;5:2u\x1b[97;5:3u", "Ctrl+A Ctrl+A"),
        ("\x1b[1;1:3A\x1b[3;1:3~", ""),
        ("\x1b[99;9u", ""),
        ("\x1b[57358u\x1b[57441;2u", ""),
        ("\x1b[99;5u\x1b[3~", "Ctrl+C Delete"),
    ]);
}

#[test]
fn shortcuts_work_on_keyboards_of_other_scripts() {
    assert_decodes(&[
        ("\x1b[1083;5u", "Ctrl+K"),
        ("\x1b[1083::107;5u", "Ctrl+K"),
        ("\x1b[1089;5u", "Ctrl+C"),
        ("\x1b[1083:1051:107;6u", "Ctrl+Shift+K"),
        ("\x1b[954;5u\x1b[59::113;5u", "Ctrl+K Ctrl+Q"),
        ("\x1b[1500;5u\x1b[47::113;5u", "Ctrl+K Ctrl+Q"),
        // Before any letter of the script, and after a Latin one.
        ("\x1b[59::113;5u", "Ctrl+Q"),
        ("a\x1b[47::113;5u\x1b[39::119;5u", "a Ctrl+Q Ctrl+W"),
        ("\x1b[47::45;5u", "Ctrl+/"),
        // A Bulgarian phonetic layout: the terminal knows better than the table.
        ("\x1b[1083::108;5u", "Ctrl+L"),
        // AZERTY and Dvorak: Latin letters count as they are, and so does punctuation.
        ("\x1b[97::113;5u", "Ctrl+A"),
        ("\x1b[39::113;5u", "Ctrl+'"),
        ("лκל", "л κ ל"),
    ]);
}

#[test]
fn mouse_is_decoded_in_all_encodings() {
    assert_decodes(&[
        ("\x1b[<0;5;7M\x1b[<0;5;7m", "Click@4,6"),
        ("\x1b[<64;1;1M\x1b[<65;1;1M", "WheelUp@0,0 WheelDown@0,0"),
        ("\x1b[<35;5;7M\x1b[<2;5;7M", ""),
        ("\x1b[32;5;7M", "Click@4,6"),
        ("\x1b[M %'", "Click@4,6"),
        ("\x1b[I\x1b[O", "focus blur"),
    ]);
    assert_eq!(decode(b"\x1b[M \xff\xfe"), "Click@222,221");
}

#[test]
fn escape_sequence_may_arrive_in_pieces() {
    let mut line = Line::new();
    line.send("abc").pause(60).send("\x1b").pause(1).send("[D").send("X");
    assert_eq!(line.words(), "a b c ← X");
    line.send("\x1b").pause(49).send("[1;").pause(99).send("5C");
    assert_eq!(line.words(), "Ctrl+→");
    line.send("\x1b").pause(30).send("\r");
    assert_eq!(line.words(), "Alt+Enter");
}

#[test]
fn lone_escape_acts_after_the_escape_time() {
    let mut line = Line::new();
    line.send("\x1b").pause(49);
    assert_eq!(line.words_now(), "");
    line.pause(1);
    assert_eq!(line.words_now(), "Esc");
    assert_eq!(line.decoder.deadline(), None);
    line.send("x");
    assert_eq!(line.words(), "x");
}

#[test]
fn rest_of_a_key_after_the_escape_time_is_not_text() {
    let mut line = Line::new();
    line.send("\x1b").pause(60).send("[").pause(60).send("D").send("x");
    assert_eq!(line.words(), "Esc ← x");
    line.send("\x1b").pause(60).send("[1;5C");
    assert_eq!(line.words(), "Esc Ctrl+→");
    line.send("\x1b").pause(60).send("OA");
    assert_eq!(line.words(), "Esc ↑");
}

#[test]
fn text_after_the_escape_key_is_text() {
    let mut line = Line::new();
    for (text, words) in [("[x", "[ x"), ("Ok", "O k"), ("[", "["), ("[1]", "[ 1 ]"), ("[~", "[ ~"), ("[\r", "[ Enter")]
    {
        line.send("\x1b").pause(60).send(text);
        assert_eq!(line.words(), format!("Esc {words}"));
    }
    line.send("\x1b").pause(200).send("[D");
    assert_eq!(line.words(), "Esc [ D");
}

#[test]
fn answers_to_queries_are_not_text() {
    assert_decodes(&[
        ("\x1b]11;rgb:0000/0000\x1b\\x", "x"),
        ("\x1b]10;rgb:0000/0000/0000\x07x", "x"),
        ("\x1b]11;?\x07x", "x"),
        ("\x1bP1$r0 q\x1b\\x", "x"),
        ("\x1b_Gi=1;OK\x1b\\x", "x"),
        ("\x1b^private\x1b\\x", "x"),
        ("\x1bXstring\x1b\\x", "x"),
        ("\x1b[?62;22c\x1b[>0;276;0cx", "x"),
        ("\x1b[24;80Rx", "x"),
        ("\x1b[1;1Rx", "x"),
        ("\x1b[1;80Rx", "x"),
        ("\x1b[?2026;2$yx", "x"),
        ("\x1b[?1ux", "x"),
        ("\x1b[8;24;80tx", "x"),
        ("\x1b[0nx", "x"),
        ("\x1b[201~x", "x"),
        ("\x1b[999~x", "x"),
        ("\x1b[?997;1nx", "x"),
    ]);
}

#[test]
fn answer_to_the_query_for_the_version_is_the_name() {
    assert_decodes(&[
        ("\x1bP>|XTerm(379)\x1b\\x", "<XTerm(379)> x"),
        ("\x1bP>|kitty(0.41.1)\x1b\\x", "<kitty(0.41.1)> x"),
        ("\x1b[200~a\x1bP>|kitty(0.41.1)\x1b\\b\x1b[201~", "\"ab\""),
    ]);
}

#[test]
fn answer_to_the_query_for_the_background_is_its_color() {
    assert_decodes(&[
        ("\x1b]11;rgb:ffff/ffff/ffff\x1b\\x", "#ffffff x"),
        ("\x1b]11;rgb:0000/2b2b/3636\x07x", "#002b36 x"),
        ("\x1b]11;rgb:f/0/8\x07x", "#ff0088 x"),
        ("\x1b]11;rgba:1e1e/1e1e/2e2e/ffff\x07x", "#1e1e2e x"),
    ]);
    let mut line = Line::new();
    line.send("\x1b[200~a\x1b]11;rgb:ffff/ffff/ffff\x07b\x1b[201~");
    assert_eq!(line.words(), "\"ab\"");
}

#[test]
fn incomplete_sequences_do_not_swallow_the_next_key() {
    for begun in
        ["\x1b]0;title", "\x1bP1$r", "\x1b_G", "\x1b[1;", "\x1b[[", "\x1b[M !", "\x1bO1;", "\x1b[?", "\x1b[<0;"]
    {
        let mut line = Line::new();
        line.send(begun).pause(120).send("x");
        assert_eq!(line.words(), "x", "{begun:?}");
        line.send(begun).send("\x03");
        assert_eq!(line.words(), "Ctrl+C", "{begun:?}");
        line.send(begun).send("\x1b[A");
        assert_eq!(line.words(), "↑", "{begun:?}");
    }
}

#[test]
fn invalid_bytes_are_dropped_alone() {
    assert_eq!(decode(b"\xc3a"), "a");
    assert_eq!(decode(b"\xe2\x82a"), "a");
    assert_eq!(decode(b"\xff\xfe\x80a"), "a");
    assert_eq!(decode(b"\xed\xa0\x80a"), "a");
    assert_eq!(decode(b"\xc3\xc3\xa9"), "é");
    assert_eq!(decode(b"\x9bAa"), "A a");
    assert_eq!(decode(b"\xc2\x9ba"), "a");
    assert_eq!(decode(b"\xf0\x9f\x98\x1b[A"), "↑");
    assert_eq!(decode(b"\x1b\xffa"), "a");
    let mut line = Line::new();
    line.send(b"\x1b[200~a\x9b31mb\x9b201~c\x1b[201~x");
    assert_eq!(line.words(), "\"abc\" x");
}

#[test]
fn paste_keeps_tabs_and_line_breaks() {
    assert_decodes(&[
        ("\x1b[200~all:\n\techo hi\x1b[201~", "\"all:\\n\\techo hi\""),
        ("\x1b[200~a\rb\r\nc\n\nd\x1b[201~x", "\"a\\nb\\nc\\n\\nd\" x"),
        ("\x1b[200~\x1b[201~x", "x"),
    ]);
}

#[test]
fn escape_sequences_in_a_paste_are_removed_whole() {
    assert_decodes(&[
        ("\x1b[200~a\x1b[31mb\x1b[0mc\x1b[201~", "\"abc\""),
        ("\x1b[200~a\x1b]8;;http://x\x1b\\link\x1b]8;;\x07b\x1b[201~", "\"alinkb\""),
        ("\x1b[200~a\x1b(B\x1b7\x1bcb\x1b[Mxyz\x1b[201~", "\"abxyz\""),
        ("\x1b[200~a\x00\x08\x07\x7fb\x1b[201~", "\"ab\""),
        ("\x1b[200~a\x1bP1$r\x1b[201~x", "\"a\" x"),
        // The control sequence introducer of 8-bit terminals; not even the end of the paste may be written with it.
        ("\x1b[200~a\u{9b}32mb\u{9b}201~c\u{9b}1\r\x1b[201~x", "\"abc\\n\" x"),
        ("\x1b[200~a\x1b]0;half\nb\x1b[201~x", "\"a\\nb\" x"),
    ]);
}

#[test]
fn paste_without_end_is_given_up_after_a_pause() {
    let mut line = Line::new();
    line.send("\x1b[200~half").pause(999);
    assert_eq!(line.words_now(), "");
    line.pause(1);
    assert_eq!(line.words_now(), "\"half\"");
    line.send("\x11");
    assert_eq!(line.words(), "Ctrl+Q");
}

#[test]
fn rest_of_a_paste_after_a_long_pause_is_not_typed() {
    let mut line = Line::new();
    line.send("\x1b[200~one").pause(2_000).send("\n/quit\n\x1b[201~x");
    assert_eq!(line.words(), "\"one\" \"\\n/quit\\n\" x");
    line.send("\x1b[200~one").pause(2_000).send("x\x1b[201~").pause(100).send("y");
    assert_eq!(line.words(), "\"one\" \"x\" y");
}

/// A large paste arrives in several reads, of which only the last contains its end.
#[test]
fn long_rest_of_a_paste_is_not_typed_before_its_end() {
    let mut line = Line::new();
    let rest = format!("{}\n/quit\n", "x".repeat(100));
    line.send("\x1b[200~one").pause(2_000).send(&rest).pause(20).send("\x11/quit\r").pause(20).send("\x1b[201~y");
    assert_eq!(line.words(), format!("\"one\" {:?} y", format!("{rest}/quit\n")));
    line.send("\x1b[200~one").pause(2_000).send("\x1b[<65;40;12M".repeat(12)).send("hi\x11");
    assert!(line.words().ends_with("WheelDown@39,11 h i Ctrl+Q"), "fast keys and reports are no paste");
}

#[test]
fn ctrl_c_ends_a_paste_that_has_no_end() {
    for interrupt in ["\x03", "\x1b[99;5u", "\x1b[27;5;99~", "\x1b[1089::99;5u"] {
        let mut line = Line::new();
        line.send("\x1b[200~half").pause(20).send(interrupt).pause(50);
        assert_eq!(line.words_now(), "\"half\" Ctrl+C", "{interrupt:?}");
    }
}

#[test]
fn control_codes_in_a_paste_do_not_end_it() {
    let mut line = Line::new();
    line.send("\x1b[200~a\x03\r/quit\r\x1b[99;5u\x1b[201~x");
    assert_eq!(line.words(), "\"a\\n/quit\\n\" x");
}

#[test]
fn long_paste_is_cut_and_counted() {
    let mut line = Line::new();
    line.send("\x1b[200~");
    for _ in 0..30 {
        line.send(vec![b'x'; MAX_PASTE / 10]);
    }
    line.send("\x1b[201~y");
    assert_eq!(line.words(), format!("{MAX_PASTE} bytes, {} dropped y", MAX_PASTE / 10 * 30 - MAX_PASTE));
}

#[test]
fn keys_are_compared_in_their_normal_form() {
    let key: Key = "ctrl+k".parse().unwrap();
    assert_eq!(Line::new().send("\x1b[1083;5u").events, [TerminalEvent::Key(key)]);
}
