//! Hides from the Markdown parser what is not meant as markup in a chat.
//!
//! The mask of a text has the same length, so that positions in it are positions in the text. Bytes that shall have no
//! meaning are replaced by [`MASK`], which the parser takes for a letter.

use std::ops::Range;

/// Replacement for a byte without meaning. Sanitised text never contains it.
pub(super) const MASK: u8 = 1;

/// Most `>` in a row that are nested quotations. More are the prompt of a Python shell, or an arrow.
const MAX_QUOTE_RUN: usize = 2;

/// Longest name with two underscores on both sides, in bytes. It limits how far is searched for its end.
const MAX_NAME: usize = 64;

/// Returns the mask of `text`. `urls` are the links in it.
pub(super) fn mask(text: &str, urls: &[Range<usize>]) -> String {
    let mut bytes = text.as_bytes().to_vec();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let range = start..start + line.len();
        start = range.end;
        mask_line_start(&mut bytes[range]);
    }
    mask_inline(text, &mut bytes);
    for url in urls {
        for byte in &mut bytes[url.clone()] {
            if matches!(byte, b'*' | b'_' | b'~' | b'`') {
                *byte = MASK;
            }
        }
    }
    // Only ASCII was replaced by ASCII.
    String::from_utf8(bytes).unwrap_or_default()
}

/// Hides quotation marks without a blank, such as in `>_<`, and lines of dashes or equals signs, which would be rules or
/// turn the line above into a heading.
fn mask_line_start(line: &mut [u8]) {
    let is_blank = |byte: u8| byte == b' ' || byte == b'\n';
    let mut at = 0;
    loop {
        while line.get(at) == Some(&b' ') {
            at += 1;
        }
        let run = line[at..].iter().take_while(|byte| **byte == b'>').count();
        if run == 0 {
            break;
        }
        let is_quote = run <= MAX_QUOTE_RUN && line.get(at + run).copied().is_none_or(is_blank);
        if !is_quote {
            line[at..at + run].fill(MASK);
            return;
        }
        at += run;
    }
    let rest = &line[at..];
    let is_rule = rest.iter().any(|byte| !is_blank(*byte))
        && [b'-', b'=', b'*', b'_'].into_iter().any(|sign| rest.iter().all(|byte| *byte == sign || is_blank(*byte)));
    if is_rule {
        for byte in &mut line[at..] {
            if !is_blank(*byte) {
                *byte = MASK;
            }
        }
    }
}

/// Hides inline characters that mean something else in a chat than in a document.
fn mask_inline(text: &str, bytes: &mut [u8]) {
    let source = text.as_bytes();
    let alphanumeric = |at: Option<usize>| at.and_then(|at| source.get(at)).is_some_and(u8::is_ascii_alphanumeric);
    let mut at = 0;
    while at < source.len() {
        let byte = source[at];
        let run = source[at..].iter().take_while(|other| **other == byte).count();
        let end = at + run;
        let next = source.get(end).copied();
        let is_masked = match byte {
            // Tags and entities are text; those of services that send HTML are read elsewhere.
            b'<' | b'&' => true,
            // A product, such as 2*3*4, or a power.
            b'*' => alphanumeric(at.checked_sub(1)) && alphanumeric(Some(end)),
            // About: ~5. A home folder: ~/x.
            b'~' => run == 1,
            // A name such as __init__.
            b'_' if run >= 2 => is_dunder(source, at, end) || is_dunder_end(source, at),
            // Only inline links are links: definitions would vanish from the text.
            b']' if run == 1 => next != Some(b'('),
            b']' => {
                bytes[at..end - 1].fill(MASK);
                if next != Some(b'(') {
                    bytes[end - 1] = MASK;
                }
                false
            }
            // A backslash stays visible. It takes the meaning of what follows, but ends no code early.
            b'\\' => {
                if run % 2 == 1 && next.is_some_and(|next| b"*_~[]|>#!".contains(&next)) {
                    bytes[end] = MASK;
                }
                true
            }
            _ => false,
        };
        if is_masked {
            bytes[at..end].fill(MASK);
        }
        at = end;
    }
}

/// Whether the run of underscores at `at..end` begins a name such as `__init__`.
fn is_dunder(source: &[u8], at: usize, end: usize) -> bool {
    let after = &source[end..source.len().min(end + MAX_NAME)];
    let starts_name = after.first().is_some_and(u8::is_ascii_alphanumeric);
    let name = &after[..after.iter().take_while(|byte| is_name_byte(**byte)).count()];
    end - at == 2 && starts_name && name.ends_with(b"__")
}

/// Whether the run of underscores at `at` ends such a name.
fn is_dunder_end(source: &[u8], at: usize) -> bool {
    let before = &source[at.saturating_sub(MAX_NAME)..at];
    let ends_name = before.last().is_some_and(u8::is_ascii_alphanumeric);
    let name = &before[before.len() - before.iter().rev().take_while(|byte| is_name_byte(**byte)).count()..];
    ends_name && name.starts_with(b"__")
}

fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}
