//! Splits code into tokens: one pass, in linear time. Whatever is unclear has no token.

use std::ops::Range;

use super::language::{Form, Language};
use crate::text::markup::row::Syntax;

/// A part of the code that is not plain.
pub(super) type Token = (Range<usize>, Syntax);

/// Returns the tokens of `code` in order. They do not overlap.
pub(super) fn tokens(language: &Language, code: &str) -> Vec<Token> {
    let mut lexer = Lexer { language, code, at: 0, in_tag: false, tokens: Vec::new() };
    while lexer.at < code.len() {
        match language.form {
            Form::Code => lexer.code(),
            Form::Markup => lexer.markup(),
            Form::Diff => lexer.diff(),
        }
    }
    lexer.tokens
}

struct Lexer<'a> {
    language: &'a Language,
    code: &'a str,
    /// The first byte that was not read yet.
    at: usize,
    /// Whether it is inside of a tag.
    in_tag: bool,
    tokens: Vec<Token>,
}

impl<'a> Lexer<'a> {
    /// Reads the next token, or a character without meaning.
    fn code(&mut self) {
        if self.key() || self.comment() || self.string() || self.character() {
            return;
        }
        let word = self.word();
        if word.is_empty() {
            return self.skip();
        }
        let syntax = if word.starts_with(|c: char| c.is_ascii_digit()) || self.language.is_constant(word) {
            Syntax::Number
        } else if self.language.is_keyword(word) {
            Syntax::Keyword
        } else {
            Syntax::Plain
        };
        self.take(word.len(), syntax);
    }

    /// Reads the name of a tag, a value in it, a comment, or a character of the text.
    fn markup(&mut self) {
        if self.comment() || self.in_tag && self.string() {
            return;
        }
        match self.rest().as_bytes() {
            [b'<', b'/' | b'!' | b'?', ..] => self.open_tag(2),
            [b'<', next, ..] if next.is_ascii_alphabetic() => self.open_tag(1),
            [b'>', ..] => {
                self.in_tag = false;
                self.skip();
            }
            _ => self.skip(),
        }
    }

    /// Reads a line of a patch.
    fn diff(&mut self) {
        let line = self.line();
        let syntax = match line.as_bytes() {
            [b'+', ..] => Syntax::Inserted,
            [b'-', ..] => Syntax::Deleted,
            [b'@', b'@', ..] => Syntax::Keyword,
            _ => Syntax::Plain,
        };
        self.take(line.len(), syntax);
        self.skip();
    }

    fn rest(&self) -> &'a str {
        &self.code[self.at..]
    }

    fn line(&self) -> &'a str {
        let rest = self.rest();
        &rest[..rest.find('\n').unwrap_or(rest.len())]
    }

    /// Returns the word or number at the cursor.
    fn word(&self) -> &'a str {
        let rest = self.rest();
        let is_number = rest.starts_with(|c: char| c.is_ascii_digit());
        let mut characters = rest.char_indices().peekable();
        while let Some((at, character)) = characters.next() {
            let mut is_point = || characters.peek().is_some_and(|(_, next)| next.is_ascii_digit());
            if !character.is_alphanumeric() && character != '_' && !(is_number && character == '.' && is_point()) {
                return &rest[..at];
            }
        }
        rest
    }

    /// Moves the cursor; what it passes becomes a token unless it is plain.
    fn take(&mut self, length: usize, syntax: Syntax) {
        let end = self.at + length;
        if syntax != Syntax::Plain && length > 0 {
            self.tokens.push((self.at..end, syntax));
        }
        self.at = end;
    }

    /// Passes a character without meaning.
    fn skip(&mut self) {
        self.at += self.rest().chars().next().map_or(0, char::len_utf8);
    }

    /// Reads the name at the beginning of a line that is followed by a separator.
    fn key(&mut self) -> bool {
        let before = &self.code[..self.at];
        let Some(separator) = self.language.key_separator.filter(|_| before.is_empty() || before.ends_with('\n'))
        else {
            return false;
        };
        let line = self.line();
        let name = line.trim_start_matches([' ', '\t', '-']);
        let Some(length) = name.find(separator).filter(|length| *length > 0) else { return false };
        let after = &name[length + separator.len_utf8()..];
        let is_name = |c: char| c.is_alphanumeric() || "_-. \t\"'/$".contains(c);
        // `a:b` and `http://x` are values in YAML.
        let is_separated = separator != ':' || after.is_empty() || after.starts_with([' ', '\t']);
        if !is_separated || !name[..length].chars().all(is_name) {
            return false;
        }
        self.at += line.len() - name.len();
        self.take(name[..length].trim_end().len(), Syntax::Keyword);
        true
    }

    fn comment(&mut self) -> bool {
        let rest = self.rest();
        if let Some((open, close)) = self.language.block_comment
            && rest.starts_with(open)
        {
            let end = rest[open.len()..].find(close).map_or(rest.len(), |at| open.len() + at + close.len());
            self.take(end, Syntax::Comment);
            return true;
        }
        let at_word_start = !self.code[..self.at].ends_with(|c: char| !c.is_whitespace());
        let mut marks = self.language.line_comments.iter();
        let is_comment = marks.any(|mark| rest.starts_with(mark) && (*mark != "#" || at_word_start));
        if is_comment {
            self.take(self.line().len(), Syntax::Comment);
        }
        is_comment
    }

    fn string(&mut self) -> bool {
        let rest = self.rest();
        let Some(quote) = self.language.strings.iter().find(|quote| rest.starts_with(quote.open)) else { return false };
        let within = if quote.multiline { rest } else { self.line() };
        let mut end = quote.open.len();
        while !within[end..].starts_with(quote.close) {
            let mut next = within[end..].chars();
            let Some(character) = next.next() else { break };
            end += character.len_utf8();
            if character == '\\' && quote.escapes {
                end += next.next().map_or(0, char::len_utf8);
            }
        }
        let end = (end + quote.close.len()).min(within.len());
        let is_key = self.language.key_separator == Some(':') && rest[end..].trim_start().starts_with(':');
        self.take(end, if is_key { Syntax::Keyword } else { Syntax::String });
        true
    }

    /// Reads a character in single quotes.
    fn character(&mut self) -> bool {
        let Some(inside) = self.rest().strip_prefix('\'').filter(|_| self.language.has_characters) else {
            return false;
        };
        let mut characters = inside.chars();
        let length = match characters.next() {
            Some('\\') => {
                let escaped = characters.next().map_or(0, char::len_utf8);
                // Numbers of characters, such as `\u{1F600}`, are not longer.
                let code = inside[1 + escaped..].char_indices().take(10).find(|(_, c)| *c == '\'');
                code.map(|(at, _)| 1 + escaped + at)
            }
            Some(character) if character != '\'' && characters.next() == Some('\'') => Some(character.len_utf8()),
            _ => None,
        };
        if let Some(length) = length {
            self.take(length + 2, Syntax::String);
        }
        length.is_some()
    }

    /// Reads the name of a tag behind `mark` bytes.
    fn open_tag(&mut self, mark: usize) {
        let name = self.rest()[mark..].find(|c: char| !c.is_alphanumeric() && !"-:_".contains(c));
        self.at += mark;
        self.take(name.unwrap_or(self.rest().len()), Syntax::Keyword);
        self.in_tag = true;
    }
}
