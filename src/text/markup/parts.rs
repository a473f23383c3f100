//! Parts of a Markdown text that are parsed one by one.
//!
//! In a document, a line below a quotation continues it even without a quotation mark. In a chat, the first line without
//! one is the answer, so the parser must not see both together.

use std::ops::Range;

/// Returns the parts of a text, which begin below quotations.
pub(super) fn parts(text: &str) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let (mut start, mut at) = (0, 0);
    let mut fence = None;
    let mut follows_quote = false;
    for line in text.split_inclusive('\n') {
        let content = line.trim_start_matches(' ').trim_end();
        let is_quote = content.starts_with('>');
        if fence.is_none() && follows_quote && !is_quote && !content.is_empty() {
            parts.push(start..at);
            start = at;
        }
        fence = match (fence, fence_of(content)) {
            (None, opened) => opened,
            (Some(open), Some(closing)) if closing.0 == open.0 && closing.1 >= open.1 && is_bare(content) => None,
            (open, _) => open,
        };
        follows_quote = is_quote && fence.is_none();
        at += line.len();
    }
    parts.push(start..text.len());
    parts
}

/// Returns the character and the length of the fence with which a line begins.
fn fence_of(line: &str) -> Option<(u8, usize)> {
    let character = *line.as_bytes().first().filter(|byte| matches!(byte, b'`' | b'~'))?;
    let length = line.bytes().take_while(|byte| *byte == character).count();
    (length >= 3).then_some((character, length))
}

/// Whether a line consists of a fence only, so that it can end a block.
fn is_bare(line: &str) -> bool {
    line.bytes().all(|byte| Some(&byte) == line.as_bytes().first())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str) -> Vec<&str> {
        parts(text).into_iter().map(|part| &text[part]).collect()
    }

    #[test]
    fn first_line_without_a_mark_ends_a_quotation() {
        assert_eq!(split("> a\n> b\nc\nd"), ["> a\n> b\n", "c\nd"]);
        assert_eq!(split("> a\n\nb\n> c\nd"), ["> a\n\nb\n> c\n", "d"]);
        assert_eq!(split("plain\ntext"), ["plain\ntext"]);
        assert_eq!(split(""), [""]);
    }

    #[test]
    fn code_is_not_split() {
        assert_eq!(split("```\n> a\nb\n```\n"), ["```\n> a\nb\n```\n"]);
        assert_eq!(split("~~~\n> a\n```\nb\n~~~\n> c\nd"), ["~~~\n> a\n```\nb\n~~~\n> c\n", "d"]);
    }
}
