//! Classifies the escape sequences, control characters and hidden characters that a program has written.

use std::collections::BTreeSet;

/// Returns the kinds of sequences in `written`, and the contents of each OSC or similar sequence.
pub(crate) fn kinds(written: &[u8]) -> (BTreeSet<String>, Vec<String>) {
    let text = std::str::from_utf8(written).expect("what is written is UTF-8");
    let (mut kinds, mut contents) = (BTreeSet::new(), Vec::new());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        rest = &rest[c.len_utf8()..];
        match c {
            '\x1b' => {
                let kind = match rest.chars().next() {
                    Some('[') => {
                        let end = rest[1..].find(|c: char| ('@'..='~').contains(&c)).expect("a whole sequence") + 1;
                        let (parameters, last) = (&rest[1..end], &rest[end..=end]);
                        rest = &rest[end + 1..];
                        let mark: String =
                            parameters.chars().filter(|c| !c.is_ascii_digit() && !";:".contains(*c)).collect();
                        // Modes are distinguished by number.
                        let modes = if matches!(last, "h" | "l") { parameters } else { "" };
                        format!("CSI {mark}{modes}{last}")
                    }
                    Some(introducer @ (']' | 'P' | '_' | '^' | 'X')) => {
                        let end = rest.find(['\x07', '\x1b']).expect("a whole sequence");
                        contents.push(rest[1..end].to_owned());
                        let number: String = rest[1..end].chars().take_while(char::is_ascii_digit).collect();
                        rest = rest[end..].strip_prefix('\x07').or_else(|| rest[end..].strip_prefix("\x1b\\")).unwrap();
                        format!("ESC {introducer}{number}")
                    }
                    Some(other) => {
                        rest = &rest[other.len_utf8()..];
                        format!("ESC {other}")
                    }
                    None => "ESC at the end".to_owned(),
                };
                kinds.insert(kind);
            }
            c if c.is_control() => drop(kinds.insert(format!("control {:02X}", u32::from(c)))),
            // The client itself writes these isolates and overrides.
            '\u{2066}' | '\u{2067}' | '\u{2069}' | '\u{202d}' | '\u{202c}' => {}
            '\u{ad}'
            | '\u{61c}'
            | '\u{115f}'
            | '\u{1160}'
            | '\u{180e}'
            | '\u{200b}'
            | '\u{200e}'
            | '\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{3164}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e0fff}' => {
                kinds.insert(format!("hidden U+{:04X}", u32::from(c)));
            }
            _ => {}
        }
    }
    (kinds, contents)
}
