//! Syntax highlighting of blocks of code.
//!
//! A lexer finds keywords, strings, comments and numbers by a table of languages, as most editors did before they had
//! grammars. That is enough for the few lines people paste into a chat, and costs nothing: one pass over the text, no
//! regular expressions and nothing to load, so that a block has its colors in the first frame. `docs/dependencies.md`
//! compares it with `syntect`.
//!
//! It never changes the text, and nothing depends on it being right: unknown languages and long blocks stay plain.

mod language;
mod lexer;
mod table;

use super::pieces::Pieces;
use super::row::{Look, Syntax};
use language::Language;

/// Longest block that is highlighted, in bytes.
const MAX_BYTES: usize = 16 << 10;

/// Splits code into its lines and highlights them. `info` is what the author wrote behind the opening fence; its first
/// word is the language.
pub(super) fn lines(info: &str, code: &str) -> Vec<Pieces> {
    let language = Language::of(info).filter(|_| code.len() <= MAX_BYTES);
    let tokens = language.map(|language| lexer::tokens(language, code)).unwrap_or_default();
    let mut tokens = tokens.into_iter().peekable();
    let (mut lines, mut start) = (Vec::new(), 0);
    for line in code.split('\n') {
        let end = start + line.len();
        let mut pieces = Pieces::default();
        let mut at = start;
        while let Some((range, syntax)) = tokens.peek().filter(|(range, _)| range.start < end).cloned() {
            let token = range.start.max(at)..range.end.min(end);
            pieces.push(&code[at..token.start], look(Syntax::Plain), None);
            pieces.push(&code[token.clone()], look(syntax), None);
            at = token.end;
            if range.end > end {
                // A string or comment that goes on in the next line.
                break;
            }
            tokens.next();
        }
        pieces.push(&code[at..end], look(Syntax::Plain), None);
        lines.push(pieces);
        start = end + 1;
    }
    lines
}

fn look(syntax: Syntax) -> Look {
    Look { code: true, syntax, ..Look::default() }
}

#[cfg(test)]
mod tests;
