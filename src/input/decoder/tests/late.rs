//! Sequences whose rest arrives late: answers of the terminal, keys and characters.

use proptest::prelude::*;

use super::Line;

/// Answers to queries, with what they mean. No key begins like them, from the second or third byte on.
const ANSWERS: [(&str, &str); 10] = [
    ("\x1b]11;rgb:0000/2b2b/3636\x07", "#002b36"),
    ("\x1b]11;rgb:0000/2b2b/3636\x1b\\", "#002b36"),
    ("\x1b]4;1;rgb:0/0/0\x07", ""),
    ("\x1bP>|XTerm(379)\x1b\\", "<XTerm(379)>"),
    ("\x1bP1$r0 q\x1b\\", ""),
    ("\x1b_Gi=1;OK\x1b\\", ""),
    ("\x1b[?62;22c", ""),
    ("\x1b[>0;276;0c", ""),
    ("\x1b[?2026;2$y", ""),
    ("\x1b[24;80R", ""),
];

/// Regression test: the second part became text if it was more than 50 or 100 ms late.
#[test]
fn late_rest_of_an_answer_is_not_text() {
    for pause in [60, 110, 140, 400, 590] {
        for (answer, words) in ANSWERS {
            let introducer = answer.chars().nth(1).unwrap().to_string().to_uppercase();
            let shift = if introducer == "P" { "Shift+" } else { "" };
            for split in 1..answer.len() {
                // The Esc key and Alt with a key do not wait so long, but what follows them is recognised.
                let key = match split {
                    1 if pause > 140 => continue,
                    1 => "Esc".to_owned(),
                    2 if pause > 500 => continue,
                    2 => format!("Alt+{shift}{introducer}"),
                    // The end itself begins with an ESC.
                    _ if pause > 500 && answer.as_bytes()[split - 1] == 0x1b => continue,
                    _ => String::new(),
                };
                let mut line = Line::new();
                line.send(&answer[..split]).pause(pause).send(&answer[split..]).pause(5).send("x");
                let expected: Vec<&str> = [&key, words, "x"].into_iter().filter(|word| !word.is_empty()).collect();
                assert_eq!(line.words(), expected.join(" "), "{answer:?}, {pause} ms after byte {split}");
            }
        }
    }
}

#[test]
fn late_rest_of_a_key_or_a_paste_is_no_text() {
    for (first, pause, rest, words) in [
        ("\x1b[1;", 300, "5C", "Ctrl+→"),
        ("\x1b[", 70, "D", "Alt+[ ←"),
        ("\x1b[2", 300, "00~one\rtwo\x1b[201~", "\"one\\ntwo\""),
        ("\x1b", 60, "[200~one\rtwo\x1b[201~", "Esc \"one\\ntwo\""),
        ("\x1b[<0;5;", 300, "7M", "Click@4,6"),
        ("\x1b[107;", 300, "5u", "Ctrl+K"),
    ] {
        let mut line = Line::new();
        line.send(first).pause(pause).send(rest);
        assert_eq!(line.words(), words, "{first:?}");
    }
}

#[test]
fn text_after_half_an_answer_is_not_lost() {
    for begun in ["\x1b]11;rgb:00", "\x1bP>|XTe", "\x1b[24;", "\x1b[?62;", "\x1b_Gi", "\x1b]52;c;"] {
        let mut line = Line::new();
        line.send(begun).pause(200);
        for key in "hello 5".chars() {
            line.send(key.to_string()).pause(80);
        }
        line.send("\r");
        assert_eq!(line.words(), "h e l l o Space 5 Enter", "{begun:?}");
        line.send(begun).pause(200).send("12");
        assert_eq!(line.words(), "1 2", "{begun:?}");
        line.send(begun).pause(200).send("12\x03");
        assert_eq!(line.words(), "1 2 Ctrl+C", "{begun:?}");
        line.send(begun).pause(200).send("1").pause(5).send("\x1b[A");
        assert_eq!(line.words(), "1 ↑", "{begun:?}");
        line.send(begun).pause(2_000).send("0");
        assert_eq!(line.words_now(), "0", "{begun:?}");
    }
}

/// What is typed directly after Esc does not wait for a sequence.
#[test]
fn keys_after_escape_or_alt_act_at_once() {
    let mut line = Line::new();
    for (text, words) in [("h", "h"), ("P", "P"), ("O", "O"), ("5", "5"), ("\r", "Enter")] {
        line.send("\x1b").pause(200).send(text);
        assert_eq!(line.words_now(), format!("Esc {words}"));
        line.pause(1_000);
    }
    for (text, words) in [("h", "h"), ("D", "D"), ("\x1b[A", "↑"), ("é", "é")] {
        line.send("\x1b[").pause(200).send(text);
        assert_eq!(line.words_now(), format!("Alt+[ {words}"));
        line.send("\x1b]").pause(200).send(text);
        assert_eq!(line.words_now(), format!("Alt+] {words}"));
    }
}

#[test]
fn character_may_arrive_in_pieces() {
    let mut line = Line::new();
    line.send(b"\xf0\x9f").pause(120).send(b"\x98").pause(3_000).send(b"\x80");
    assert_eq!(line.words(), "😀");
    line.send(b"\xc3").pause(200).send("a");
    assert_eq!(line.words(), "a");
}

proptest! {
    #[test]
    fn answer_in_pieces_types_nothing(index in 0..ANSWERS.len(), cuts in prop::collection::vec(3_usize..20, 0..3)) {
        let (answer, words) = ANSWERS[index];
        let mut line = Line::new();
        let (mut sent, mut cuts) = (0, cuts);
        cuts.sort_unstable();
        cuts.dedup();
        for cut in cuts.into_iter().filter(|cut| *cut < answer.len()) {
            line.send(&answer[sent..cut]).pause(450);
            sent = cut;
        }
        line.send(&answer[sent..]);
        prop_assert_eq!(line.words(), words);
    }
}
