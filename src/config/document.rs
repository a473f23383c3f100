//! A TOML file while it is read: turns byte offsets into lines and columns, and collects what is wrong.
//!
//! Walks `toml`'s spanned tree by hand instead of deserialising: so every problem of a file is told, each in its place.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::problem::{Place, Problems, suggestion};

/// A file that is being read.
pub(super) struct Document<'a> {
    name: &'a str,
    text: &'a str,
    /// What is wrong so far.
    pub(super) problems: Problems,
}

impl<'a> Document<'a> {
    /// Reads the syntax of `text`, which is the content of the file called `name`.
    pub(super) fn parse(name: &'a str, text: &'a str) -> (Self, DeTable<'a>) {
        let mut document = Self { name, text, problems: Problems::default() };
        let (table, errors) = DeTable::parse_recoverable(text);
        for error in errors {
            let span = error.span().unwrap_or(0..0);
            document.refuse(span, format!("This is not TOML: {}.", error.message().trim_end_matches('.')));
        }
        (document, table.into_inner())
    }

    /// Where a span begins.
    pub(super) fn place(&self, span: &Range<usize>) -> Place {
        let before = self.text.get(..span.start).unwrap_or(self.text);
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        Place {
            file: self.name.to_owned(),
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
        }
    }

    /// Notes what is wrong at a span.
    pub(super) fn refuse(&mut self, span: Range<usize>, sentence: impl Into<String>) {
        let place = self.place(&span);
        self.problems.push(Some(place), sentence);
    }

    /// Refuses a key that nobody knows, with the one that was probably meant.
    pub(super) fn unknown<'k>(
        &mut self,
        span: Range<usize>,
        what: &str,
        key: &str,
        known: impl IntoIterator<Item = &'k str>,
    ) {
        let known: Vec<_> = known.into_iter().collect();
        let advice = match suggestion(key, known.iter().copied()) {
            Some(meant) => format!("Did you mean `{meant}`?"),
            None if known.len() <= 20 => format!("There are: {}.", known.join(", ")),
            None => "The README lists them all; F1 shows what the keys do.".to_owned(),
        };
        self.refuse(span, format!("There is no {what} `{key}`. {advice}"));
    }

    fn wrong_type(&mut self, key: &str, value: &Spanned<DeValue<'_>>, wanted: &str) {
        let found = value.get_ref().type_str();
        self.refuse(value.span(), format!("`{key}` must be {wanted}, this is {}.", article(found)));
    }

    /// The text in `value`, else it is refused.
    pub(super) fn text(&mut self, key: &str, value: &Spanned<DeValue<'_>>) -> Option<String> {
        let text = value.get_ref().as_str().map(str::to_owned);
        match &text {
            None => self.wrong_type(key, value, "a text in quotes"),
            Some(text) if text.trim().is_empty() => {
                self.refuse(value.span(), format!("`{key}` is empty. Write something, or leave the line out."));
                return None;
            }
            Some(text) if text.chars().any(char::is_control) => {
                self.refuse(value.span(), format!("`{key}` holds a control character. Write it without."));
                return None;
            }
            Some(_) => {}
        }
        text
    }

    /// The switch in `value`, else it is refused.
    pub(super) fn switch(&mut self, key: &str, value: &Spanned<DeValue<'_>>) -> Option<bool> {
        let switch = value.get_ref().as_bool();
        if switch.is_none() {
            self.wrong_type(key, value, "true or false, without quotes");
        }
        switch
    }

    /// The number in `value`, else it is refused.
    pub(super) fn number(&mut self, key: &str, value: &Spanned<DeValue<'_>>) -> Option<u64> {
        let number =
            value.get_ref().as_integer().and_then(|number| u64::from_str_radix(number.as_str(), number.radix()).ok());
        if number.is_none() {
            self.wrong_type(key, value, "a whole number, not negative and without quotes");
        }
        number
    }

    /// The texts in `value`, which is a list of them, else it is refused.
    pub(super) fn texts(&mut self, key: &str, value: &Spanned<DeValue<'_>>) -> Option<Vec<String>> {
        let Some(list) = value.get_ref().as_array() else {
            self.wrong_type(key, value, "a list of texts");
            return None;
        };
        list.iter().map(|item| self.text(key, item)).collect()
    }

    /// The program and its arguments in `value`, else it is refused.
    pub(super) fn command(&mut self, key: &str, value: &Spanned<DeValue<'_>>) -> Option<Vec<String>> {
        if value.get_ref().is_str() {
            let sentence = format!(
                "`{key}` must be a list of texts, since no shell reads it: write the program and each of its arguments \
                 in quotes of their own, like [\"xdg-open\", \"https://…\"]."
            );
            self.refuse(value.span(), sentence);
            return None;
        }
        let texts = self.texts(key, value)?;
        if texts.is_empty() {
            self.refuse(value.span(), format!("`{key}` is empty. Write the program, or leave the line out."));
            return None;
        }
        Some(texts)
    }

    /// The table in `value`, else it is refused.
    pub(super) fn table<'v, 'i>(&mut self, key: &str, value: &'v Spanned<DeValue<'i>>) -> Option<&'v DeTable<'i>> {
        let table = value.get_ref().as_table();
        if table.is_none() {
            self.wrong_type(key, value, "a table");
        }
        table
    }
}

fn article(kind: &str) -> String {
    let article = if kind.starts_with(['a', 'e', 'i', 'o']) { "an" } else { "a" };
    format!("{article} {kind}")
}
