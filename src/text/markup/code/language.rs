//! What the lexer knows about a language.

/// The lexical rules of a language.
#[derive(Debug)]
pub(super) struct Language {
    /// Its names behind an opening fence, in lower case, separated by spaces.
    pub(super) names: &'static str,
    /// Its general form.
    pub(super) form: Form,
    /// Words with a meaning, separated by spaces.
    pub(super) keywords: &'static str,
    /// Words that are values, separated by spaces.
    pub(super) constants: &'static str,
    /// What begins a comment that ends with the line. A `#` counts only at the start of a word.
    pub(super) line_comments: &'static [&'static str],
    /// Start and end of a comment that may have several lines.
    pub(super) block_comment: Option<(&'static str, &'static str)>,
    /// Its kinds of strings, those with longer delimiters first.
    pub(super) strings: &'static [Quote],
    /// Whether `'x'` is a character. A single quote without its counterpart is then none, as in `'static`.
    pub(super) has_characters: bool,
    /// Whether keywords may be written in capitals.
    pub(super) ignores_case: bool,
    /// What separates a name at the beginning of a line from its value.
    pub(super) key_separator: Option<char>,
}

/// The general form of a language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// Words, numbers, strings and comments.
    Code,
    /// Text with tags.
    Markup,
    /// Lines that were added and removed.
    Diff,
}

/// A kind of string.
#[derive(Debug, Clone, Copy)]
pub(super) struct Quote {
    /// What begins it.
    pub(super) open: &'static str,
    /// What ends it.
    pub(super) close: &'static str,
    /// Whether it may have several lines.
    pub(super) multiline: bool,
    /// Whether a backslash gives the next character another meaning.
    pub(super) escapes: bool,
}

impl Language {
    /// Whether a word is a keyword.
    pub(super) fn is_keyword(&self, word: &str) -> bool {
        self.has(self.keywords, word)
    }

    /// Whether a word is a constant.
    pub(super) fn is_constant(&self, word: &str) -> bool {
        self.has(self.constants, word)
    }

    fn has(&self, words: &str, word: &str) -> bool {
        words.split(' ').any(|known| if self.ignores_case { known.eq_ignore_ascii_case(word) } else { known == word })
    }
}
