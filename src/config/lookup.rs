//! Asks the places where a choice can stand, in their order, and notes what was found and what is wrong with it.
//!
//! Knows no single choice: `load.rs` does.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

use crate::text::SafeText;

use super::file::{File, Section, Value};
use super::knob::{Kind, Knob};
use super::paths::Paths;
use super::problem::{Place, Problems};
use super::secret::{KeySource, Secret};
use super::validate;

/// What the command line says, by the keys of the table of [`KNOBS`](super::KNOBS). Has no `Debug`: it may hold the API key.
#[derive(Default, Clone)]
pub struct Given(pub BTreeMap<&'static str, String>);

/// The world that the choices are made in.
pub struct Surroundings<'a> {
    /// Reads an environment variable.
    pub variable: &'a dyn Fn(&str) -> Option<String>,
    /// The folders.
    pub paths: Paths,
}

/// What the settings are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// A chat service somewhere: an account is needed.
    Account,
    /// The embedded server of `demo`: no profile counts; address and key are filled in by who starts it.
    Demo,
}

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A command line option.
    Option(&'static str),
    /// An environment variable.
    Variable(&'static str),
    /// The file.
    Written(Place),
    /// Nobody said.
    Default,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Option(option) => f.write_str(option),
            Self::Variable(variable) => f.write_str(variable),
            Self::Written(place) => write!(f, "{place}"),
            Self::Default => f.write_str("default"),
        }
    }
}

/// A choice in force, as `config check` prints it. Secrets are `***`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InForce {
    /// Its key.
    pub key: &'static str,
    /// Its value.
    pub value: String,
    /// Where it comes from.
    pub source: Source,
}

/// The places, and what they said so far.
pub(super) struct Lookup<'a> {
    pub(super) given: &'a Given,
    pub(super) surroundings: &'a Surroundings<'a>,
    pub(super) purpose: Purpose,
    pub(super) file: File,
    pub(super) profile: Section,
    /// The folder of the configuration file, to which its paths are relative.
    pub(super) base: Option<PathBuf>,
    pub(super) in_force: Vec<InForce>,
    pub(super) problems: Problems,
    /// What is allowed and unwise.
    pub(super) warnings: Problems,
}

/// A value that somebody said.
pub(super) struct Found {
    pub(super) value: Value,
    pub(super) source: Source,
}

impl Found {
    pub(super) fn text(&self) -> &str {
        match &self.value {
            Value::Text(text) => text,
            Value::Switch(_) | Value::Number(_) | Value::Secret(_) | Value::Command(_) => "",
        }
    }
}

impl<'a> Lookup<'a> {
    pub(super) fn new(given: &'a Given, surroundings: &'a Surroundings<'a>, purpose: Purpose) -> Self {
        Self {
            given,
            surroundings,
            purpose,
            file: File::default(),
            profile: Section::new(),
            base: None,
            in_force: Vec::new(),
            problems: Problems::default(),
            warnings: Problems::default(),
        }
    }

    /// What is said of `key`, by the first who says it.
    pub(super) fn said(&self, key: &str) -> Option<Found> {
        let knob = Knob::by_key(key)?;
        let text = |text: String| match knob.kind {
            Kind::Secret => Value::Secret(KeySource::Plain(Secret::new(text))),
            Kind::Text | Kind::Path | Kind::Switch | Kind::Number | Kind::Command => Value::Text(text),
        };
        let account = knob.in_profile() && !knob.in_general();
        if let (Some(value), Some(option)) = (self.given.0.get(key), knob.option) {
            return Some(Found { value: text(value.clone()), source: Source::Option(option) });
        }
        // The variables of an account say nothing about the demo's.
        let variable = knob.variable.filter(|_| self.purpose == Purpose::Account || !account);
        let value = variable.and_then(|variable| (self.surroundings.variable)(variable));
        if let (Some(value), Some(variable)) = (value.filter(|value| !value.is_empty()), variable) {
            return Some(Found { value: text(value), source: Source::Variable(variable) });
        }
        let written = self.profile.get(key).or_else(|| self.file.general.get(key))?;
        Some(Found { value: written.value.clone(), source: Source::Written(written.place.clone()) })
    }

    pub(super) fn note(&mut self, key: &'static str, value: impl Into<String>, source: Source) {
        let value = SafeText::line(&value.into()).as_str().to_owned();
        self.in_force.push(InForce { key, value, source });
    }

    pub(super) fn refuse(&mut self, source: &Source, sentence: impl Into<String>) {
        let sentence = sentence.into();
        match source {
            Source::Written(place) => self.problems.push(Some(place.clone()), sentence),
            Source::Option(_) | Source::Variable(_) => self.problems.push(None, format!("{source}: {sentence}")),
            Source::Default => self.problems.push(None, sentence),
        }
    }

    /// Notes what is allowed and unwise.
    pub(super) fn warn(&mut self, source: &Source, sentence: impl Into<String>) {
        let place = if let Source::Written(place) = source { Some(place.clone()) } else { None };
        self.warnings.push(place, sentence);
    }

    /// Notes what is sound, refuses what is not.
    pub(super) fn checked<T: fmt::Display>(
        &mut self,
        key: &'static str,
        found: &Source,
        outcome: Result<T, String>,
    ) -> Option<T> {
        match outcome {
            Ok(value) => {
                self.note(key, value.to_string(), found.clone());
                Some(value)
            }
            Err(sentence) => {
                self.refuse(found, sentence);
                None
            }
        }
    }

    pub(super) fn line(&mut self, key: &'static str, what: &str) -> Option<String> {
        let found = self.said(key)?;
        self.checked(key, &found.source, validate::line(what, found.text()))
    }

    pub(super) fn switch(&mut self, key: &'static str, default: bool) -> bool {
        let Some(found) = self.said(key) else {
            self.note(key, default.to_string(), Source::Default);
            return default;
        };
        let outcome = match &found.value {
            Value::Switch(switch) => Ok(*switch),
            Value::Text(text) => validate::switch(text),
            Value::Number(_) | Value::Secret(_) | Value::Command(_) => Ok(default),
        };
        self.checked(key, &found.source, outcome).unwrap_or(default)
    }

    /// A switch that is only shown when somebody turned it on.
    pub(super) fn switch_of(&mut self, key: &'static str) -> bool {
        self.said(key).is_some() && self.switch(key, false)
    }

    pub(super) fn number(&mut self, key: &'static str, default: u64) -> u64 {
        let Some(found) = self.said(key) else {
            self.note(key, default.to_string(), Source::Default);
            return default;
        };
        let outcome = match &found.value {
            Value::Number(number) => Ok(*number),
            Value::Text(text) => validate::number(text),
            Value::Switch(_) | Value::Secret(_) | Value::Command(_) => Ok(default),
        };
        self.checked(key, &found.source, outcome).unwrap_or(default)
    }

    /// A program and its arguments; `~/` before the program is the home folder.
    pub(super) fn command(&mut self, key: &'static str) -> Option<Vec<String>> {
        let Found { value: Value::Command(mut command), source } = self.said(key)? else { return None };
        if let Some(program) = command.first_mut().filter(|program| program.starts_with("~/")) {
            *program = self.surroundings.paths.resolve(program, None).display().to_string();
        }
        self.note(key, command.join(" "), source);
        Some(command)
    }

    pub(super) fn path(&mut self, key: &'static str) -> Option<(PathBuf, Source)> {
        let found = self.said(key)?;
        let written = matches!(found.source, Source::Written(_));
        let path = match &self.base {
            Some(base) if written => self.surroundings.paths.resolve(found.text(), Some(base)),
            _ => PathBuf::from(found.text()),
        };
        self.note(key, path.display().to_string(), found.source.clone());
        Some((path, found.source))
    }
}
