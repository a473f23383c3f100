//! The lines of a block of code, highlighted.

use super::language::Language;
use super::lexer;
use super::table::LANGUAGES;
use crate::text::markup::pieces::Pieces;
use crate::text::markup::row::{Look, Syntax};

/// Longest block that is highlighted, in bytes.
pub(super) const MAX_BYTES: usize = 16 << 10;

/// Splits code into its lines and highlights them. `info` is what the author wrote behind the opening fence; its first
/// word is the language.
pub(in crate::text::markup) fn lines(info: &str, code: &str) -> Vec<Pieces> {
    let language = language_of(info).filter(|_| code.len() <= MAX_BYTES);
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

/// Returns the language named by what is behind an opening fence, such as `rust,ignore` or `{.python}`.
fn language_of(info: &str) -> Option<&'static Language> {
    let info = info.trim_start_matches(['{', '.', ' ']);
    let name = info.split([' ', ',', '{', '}', ':', ';']).next()?.to_lowercase();
    LANGUAGES.iter().find(|language| language.names.split(' ').any(|known| known == name))
}

fn look(syntax: Syntax) -> Look {
    Look { code: true, syntax, ..Look::default() }
}
