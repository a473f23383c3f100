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
mod lines;
mod table;

pub(super) use lines::lines;

#[cfg(test)]
mod tests;
