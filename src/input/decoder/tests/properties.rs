//! Properties of the decoder for all inputs.

use std::time::{Duration, Instant};

use proptest::collection::vec;
use proptest::prelude::*;

use super::{Decoder, ESCAPE_TIME, MAX_PASTE, TerminalEvent};
use crate::input::{Code, Key};

/// Pieces of input that real terminals send, whole or broken.
fn piece() -> impl Strategy<Value = Vec<u8>> {
    let known = prop::sample::select(vec![
        "\x1b[A",
        "\x1b[1;5D",
        "\x1bOP",
        "\x1b\x1b[C",
        "\x1b[3$",
        "\x1b[[B",
        "\x1b[M !!",
        "\x1b[<0;3;4M",
        "\x1b[27;2;13~",
        "\x1b[1083::107;5u",
        "\x1b]11;rgb:0/0/0\x07",
        "\x1bP>|kitty(0.41.1)\x1b\\",
        "\x1bP1$r0m\x1b\\",
        "\x1b[?1;2c",
        "\x1b[200~",
        "\x1b[201~",
        "\x1b[200~two\r\nlines\x1b[0m\x1b[201~",
        "\x1b",
        "\x03",
        "\x08",
        "\r",
        "\t",
        "é",
        "😀",
        "л",
        "a",
        "text",
    ]);
    prop_oneof![3 => known.prop_map(|text| text.as_bytes().to_vec()), 1 => vec(any::<u8>(), 1..6)]
}

fn stream() -> impl Strategy<Value = Vec<u8>> {
    vec(piece(), 0..12).prop_map(|pieces| pieces.concat())
}

/// Decodes chunks with the same pause after each, then waits.
fn decode<'a>(chunks: impl IntoIterator<Item = &'a [u8]>, pause: Duration) -> Vec<TerminalEvent> {
    let (mut decoder, mut now, mut events) = (Decoder::new(ESCAPE_TIME), Instant::now(), Vec::new());
    for chunk in chunks {
        decoder.push(chunk, now, &mut events);
        now += pause;
        decoder.expire(now, &mut events);
    }
    settle(&mut decoder, &mut events);
    events
}

fn settle(decoder: &mut Decoder, events: &mut Vec<TerminalEvent>) {
    while let Some(deadline) = decoder.deadline() {
        decoder.expire(deadline, events);
    }
}

/// Text that arrives fast is a paste or typed, depending on how it is split; the text itself must be the same.
fn normalized(events: &[TerminalEvent]) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    let mut in_text = false;
    for event in events {
        let text = match event {
            TerminalEvent::Paste(pasted) => Some(pasted.text.clone()),
            TerminalEvent::Key(key) if *key == Key::plain(Code::Enter) => Some("\n".to_owned()),
            TerminalEvent::Key(key) if *key == Key::new(Code::Char('j'), true, false, false) => Some("\n".to_owned()),
            TerminalEvent::Key(key) if *key == Key::plain(Code::Tab) => Some("\t".to_owned()),
            TerminalEvent::Key(key) => key.typed().map(String::from),
            TerminalEvent::Mouse(_) | TerminalEvent::Focus(_) => None,
            // Not from the user, so its place among the keys does not matter.
            TerminalEvent::Background(_) | TerminalEvent::Name(_) => continue,
        };
        match (text, parts.last_mut()) {
            (Some(text), Some(last)) if in_text => last.push_str(&text),
            (Some(text), _) => {
                parts.push(text);
                in_text = true;
            }
            (None, _) => {
                parts.push(format!("{event:?}"));
                in_text = false;
            }
        }
    }
    // CR and LF that arrive apart are two line breaks.
    parts.iter().map(|part| part.replace("\n\n", "\n")).collect()
}

proptest! {
    #[test]
    fn chunks_do_not_change_the_events(bytes in stream(), size in 1_usize..7, millis in 0_u64..5) {
        let whole = decode([bytes.as_slice()], Duration::ZERO);
        let split = decode(bytes.chunks(size), Duration::from_millis(millis));
        prop_assert_eq!(normalized(&whole), normalized(&split));
    }

    #[test]
    fn next_key_is_read_after_any_bytes(bytes in vec(any::<u8>(), 0..200)) {
        let (mut decoder, now, mut events) = (Decoder::new(ESCAPE_TIME), Instant::now(), Vec::new());
        decoder.push(&bytes, now, &mut events);
        settle(&mut decoder, &mut events);
        events.clear();
        decoder.push(b"\x1b[A", now + Duration::from_secs(9), &mut events);
        settle(&mut decoder, &mut events);
        prop_assert_eq!(events, [TerminalEvent::Key(Key::plain(Code::Up))]);
    }

    #[test]
    fn text_contains_no_control_characters(pieces in vec(piece(), 0..12)) {
        for event in decode([pieces.concat().as_slice()], Duration::ZERO) {
            match event {
                TerminalEvent::Paste(pasted) => {
                    prop_assert!(!pasted.text.contains(|c: char| c.is_control() && c != '\n' && c != '\t'));
                    prop_assert!(pasted.text.len() <= MAX_PASTE);
                }
                TerminalEvent::Key(key) => prop_assert!(key.typed().is_none_or(|c| !c.is_control())),
                TerminalEvent::Mouse(_)
                | TerminalEvent::Focus(_)
                | TerminalEvent::Background(_)
                | TerminalEvent::Name(_) => {}
            }
        }
    }
}
