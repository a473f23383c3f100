//! A TOML document while it is being read: converts byte offsets into lines and columns, and collects problems.
//!
//! The document is traversed by hand instead of being deserialized, so that all problems are reported, each with its
//! position.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::text::suggestion;

use super::problem::{Location, Problems};
use super::quotable::quotable;

/// Longest list of valid names that is printed in a problem.
const MAX_LISTED: usize = 20;

/// A TOML document that is being read.
pub(super) struct Document<'a> {
    name: &'a str,
    text: &'a str,
    /// The problems found so far.
    pub(super) problems: Problems,
}

impl<'a> Document<'a> {
    /// Parses `text`, the content of the file `name`.
    pub(super) fn parse(name: &'a str, text: &'a str) -> (Self, DeTable<'a>) {
        let mut document = Self { name, text, problems: Problems::default() };
        let (table, errors) = DeTable::parse_recoverable(text);
        for error in errors {
            let span = error.span().unwrap_or(0..0);
            document.report(span, format!("Invalid TOML: {}.", error.message().trim_end_matches('.')));
        }
        (document, table.into_inner())
    }

    /// Returns the position at which a span begins.
    pub(super) fn location(&self, span: &Range<usize>) -> Location {
        let before = self.text.get(..span.start).unwrap_or(self.text);
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        Location {
            file: self.name.to_owned(),
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
        }
    }

    /// Adds a problem at a span.
    pub(super) fn report(&mut self, span: Range<usize>, sentence: impl Into<String>) {
        let location = self.location(&span);
        self.problems.push(Some(location), sentence);
    }

    /// Reports an unknown name, with the most similar known one. `noun` says what the name stands for.
    pub(super) fn report_unknown<'k>(
        &mut self,
        span: Range<usize>,
        noun: &str,
        name: &str,
        known: impl IntoIterator<Item = &'k str>,
    ) {
        let known: Vec<_> = known.into_iter().collect();
        let advice = match suggestion(name, known.iter().copied()) {
            Some(meant) => format!("Did you mean `{meant}`?"),
            None if known.len() <= MAX_LISTED => format!("It can be: {}.", known.join(", ")),
            None => "The README lists all of them.".to_owned(),
        };
        let name = quotable(name, known);
        self.report(span, format!("Unknown {noun} `{name}`. {advice}"));
    }

    fn report_type(&mut self, key: &str, value: &Spanned<DeValue<'_>>, expected: &str) {
        let found = with_article(value.get_ref().type_str());
        self.report(value.span(), format!("`{key}` must be {expected}, not {found}."));
    }

    /// Returns the text in `value`, or reports a problem.
    pub(super) fn text(&mut self, key: &str, value: &Spanned<DeValue<'_>>) -> Option<String> {
        let text = value.get_ref().as_str().map(str::to_owned);
        match &text {
            None => self.report_type(key, value, "text in quotes"),
            Some(text) if text.trim().is_empty() => {
                self.report(value.span(), format!("`{key}` is empty. Write a value, or remove the line."));
                return None;
            }
            Some(text) if text.chars().any(char::is_control) => {
                self.report(value.span(), format!("`{key}` contains a control character. Remove it."));
                return None;
            }
            Some(_) => {}
        }
        text
    }

    /// Returns the boolean in `value`, or reports a problem.
    pub(super) fn switch(&mut self, key: &str, value: &Spanned<DeValue<'_>>) -> Option<bool> {
        let switch = value.get_ref().as_bool();
        if switch.is_none() {
            self.report_type(key, value, "true or false without quotes");
        }
        switch
    }

    /// Returns the number in `value`, or reports a problem.
    pub(super) fn number(&mut self, key: &str, value: &Spanned<DeValue<'_>>) -> Option<u64> {
        let number =
            value.get_ref().as_integer().and_then(|number| u64::from_str_radix(number.as_str(), number.radix()).ok());
        if number.is_none() {
            self.report_type(key, value, "a whole number without quotes and not negative");
        }
        number
    }

    /// Returns the texts in `value`, which must be a list, or reports a problem.
    pub(super) fn texts(&mut self, key: &str, value: &Spanned<DeValue<'_>>) -> Option<Vec<String>> {
        let Some(list) = value.get_ref().as_array() else {
            self.report_type(key, value, "a list of texts");
            return None;
        };
        list.iter().map(|item| self.text(key, item)).collect()
    }

    /// Returns the names in `value`, a text or a list of texts, or reports a problem.
    pub(super) fn names(&mut self, key: &str, value: &Spanned<DeValue<'_>>) -> Option<Vec<String>> {
        if value.get_ref().is_str() {
            return self.text(key, value).map(|name| vec![name]);
        }
        let names = self.texts(key, value)?;
        if names.is_empty() {
            self.report(value.span(), format!("`{key}` is empty. Write a name, or remove the line."));
            return None;
        }
        Some(names)
    }

    /// Returns the program and arguments in `value`, or reports a problem.
    pub(super) fn command(&mut self, key: &str, value: &Spanned<DeValue<'_>>) -> Option<Vec<String>> {
        if value.get_ref().is_str() {
            let sentence = format!(
                "`{key}` must be a list, because it is not run by a shell. Write the program and each argument in \
                 quotes of its own, like [\"xdg-open\", \"https://…\"]."
            );
            self.report(value.span(), sentence);
            return None;
        }
        let texts = self.texts(key, value)?;
        if texts.is_empty() {
            self.report(value.span(), format!("`{key}` is empty. Write the program, or remove the line."));
            return None;
        }
        Some(texts)
    }

    /// Returns the table in `value`, or reports a problem.
    pub(super) fn table<'v, 'i>(&mut self, key: &str, value: &'v Spanned<DeValue<'i>>) -> Option<&'v DeTable<'i>> {
        let table = value.get_ref().as_table();
        if table.is_none() {
            self.report_type(key, value, "a table");
        }
        table
    }
}

fn with_article(noun: &str) -> String {
    let article = if noun.starts_with(['a', 'e', 'i', 'o']) { "an" } else { "a" };
    format!("{article} {noun}")
}
