//! Resolution of single options: looks at the command line, the environment, the profile and the top level of the file,
//! in this order, and records effective values and problems.
//!
//! This module is generic over the options; `loader.rs` and `account.rs` know the individual ones.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::text::{SafeText, StaticStr, static_str, suggestion};

use super::file::{File, Section, Value};
use super::options::{BACKEND, BOTH, Kind, OptionSpec};
use super::paths::Paths;
use super::problem::{Location, Problems};
use super::quotable::quotable_name;
use super::secret::{Secret, SecretSource};
use super::validation;

/// Values from the command line, by the keys of [`OPTIONS`](super::OPTIONS). Has no `Debug`, since it may contain the
/// API key.
#[derive(Default, Clone)]
pub struct CliValues(pub BTreeMap<&'static str, String>);

impl CliValues {
    /// Returns the value of the option with this key.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(String::as_str)
    }
}

/// Access to the environment of the process.
pub struct Environment<'a> {
    /// Reads an environment variable.
    pub variable: &'a dyn Fn(&str) -> Option<String>,
    /// The folders of the platform.
    pub paths: Paths,
}

/// Purpose of the settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SettingsPurpose {
    /// Chatting with an account on some server, or with several.
    Account,
    /// A command for scripts, which uses one account.
    Script,
    /// Chatting with the sandbox server of `demo`. Profiles and account variables are ignored, and the caller fills in
    /// address and key.
    Demo,
}

/// Origin of a value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Source {
    /// This command line flag.
    Flag(#[serde(deserialize_with = "static_str")] StaticStr),
    /// This environment variable.
    Variable(#[serde(deserialize_with = "static_str")] StaticStr),
    /// This position in the file.
    File(Location),
    /// A value that the user tries, and that is not saved yet.
    Edit,
    /// The profiles that were open when the program ended last.
    LastTime,
    /// The default.
    Default,
}

/// What only a running program knows, when it loads the configuration again.
#[derive(Debug, Clone, Default)]
pub struct Running {
    /// Values that the user tries or that hold for this session, by the keys of their options: a text, or `None` for
    /// the default. They take precedence over all sources.
    pub edits: BTreeMap<&'static str, Option<String>>,
    /// The text of the configuration file, instead of the one on disk.
    pub text: Option<String>,
    /// The names of the profiles that were chosen at the start. They are chosen again unless others are named.
    pub chosen: Vec<String>,
    /// The names of the profiles that were opened since.
    pub opened: Vec<String>,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(flag) => f.write_str(flag),
            Self::Variable(variable) => f.write_str(variable),
            Self::File(location) => write!(f, "{location}"),
            Self::Edit => f.write_str("not saved"),
            Self::LastTime => f.write_str("used last"),
            Self::Default => f.write_str("default"),
        }
    }
}

/// The effective value of an option, as `config check` prints it. Secrets are masked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EffectiveValue {
    /// Key of the option.
    #[serde(deserialize_with = "static_str")]
    pub key: StaticStr,
    /// The value.
    pub value: String,
    /// Its origin.
    pub source: Source,
    /// The name of the profile that uses it; `None` for the first one, and for what concerns the whole program.
    pub profile: Option<String>,
}

impl EffectiveValue {
    /// Returns the value of an option that a profile uses.
    pub fn find<'a>(values: &'a [Self], key: &str, profile: &str) -> Option<&'a Self> {
        let of =
            |profile: Option<&str>| values.iter().find(|value| value.key == key && value.profile.as_deref() == profile);
        of(Some(profile)).or_else(|| of(None))
    }
}

/// The sources of values, and what has been resolved so far.
pub(super) struct Resolver<'a> {
    pub(super) cli: &'a CliValues,
    pub(super) environment: &'a Environment<'a>,
    pub(super) purpose: SettingsPurpose,
    pub(super) file: File,
    pub(super) profile: Section,
    /// The folder of the configuration file, to which the paths in it are relative.
    pub(super) base: Option<PathBuf>,
    pub(super) effective: Vec<EffectiveValue>,
    pub(super) problems: Problems,
    /// Warnings about settings that are valid but insecure.
    pub(super) warnings: Problems,
    /// What only a running program knows; `None` at its start.
    pub(super) running: Option<&'a Running>,
    /// Whether to find all problems of the file, without fetching secrets.
    pub(super) examines_all: bool,
    /// Whether a program that prints a secret may use the terminal.
    pub(super) has_terminal: bool,
    /// The name of the profile that is being resolved, unless it is the first one.
    pub(super) further: Option<String>,
    /// The sources of the secrets that are in use, by their profiles, as in [`EffectiveValue`], and the keys of their
    /// options.
    pub(super) secrets: Vec<(Option<String>, &'static str, SecretSource)>,
    /// The files that were read, or would have been if they existed.
    pub(super) files: Vec<PathBuf>,
    /// The folder of the user's themes.
    pub(super) themes: Option<PathBuf>,
    /// Whether the file could be read and no source describes an account.
    pub(super) has_no_account: bool,
    /// Whether several profiles are opened, so that flags and variables cannot describe the account.
    pub(super) shares_window: bool,
    /// Whether only the first of the profiles that were open last is opened.
    pub(super) is_one_of_several: bool,
    /// The source that decided which profiles are opened.
    pub(super) chosen_by: Source,
    /// Whether the profiles were named while others are remembered.
    pub(super) is_for_this_start: bool,
}

/// A value that some source provides.
pub(super) struct Found {
    pub(super) value: Value,
    pub(super) source: Source,
}

impl Found {
    /// Returns the names; none if the value is of another type.
    pub(super) fn names(&self) -> Vec<String> {
        if let Value::Names(names) = &self.value { names.clone() } else { Vec::new() }
    }

    /// Returns the text; empty if the value is of another type.
    pub(super) fn text(&self) -> &str {
        match &self.value {
            Value::Text(text) => text,
            Value::Switch(_) | Value::Number(_) | Value::Secret(_) | Value::Command(_) | Value::Names(_) => "",
        }
    }
}

impl<'a> Resolver<'a> {
    pub(super) fn new(cli: &'a CliValues, environment: &'a Environment<'a>, purpose: SettingsPurpose) -> Self {
        Self {
            cli,
            environment,
            purpose,
            file: File::default(),
            profile: Section::new(),
            base: None,
            effective: Vec::new(),
            problems: Problems::default(),
            warnings: Problems::default(),
            running: None,
            examines_all: false,
            has_terminal: true,
            further: None,
            secrets: Vec::new(),
            files: Vec::new(),
            themes: None,
            has_no_account: false,
            shares_window: false,
            is_one_of_several: false,
            chosen_by: Source::Default,
            is_for_this_start: false,
        }
    }

    /// Returns the value of an option from the first source that provides it.
    pub(super) fn lookup(&self, option: &OptionSpec) -> Option<Found> {
        let parse = |text: String| match option.kind {
            Kind::Secret => Value::Secret(SecretSource::Plain(Secret::new(text))),
            Kind::Names => Value::Names(text.split(',').map(|name| name.trim().to_owned()).collect()),
            // Quotes that are not closed yet are kept as they are.
            Kind::Command => Value::Command(shell_words::split(&text).unwrap_or_else(|_| vec![text])),
            _ => Value::Text(text),
        };
        let edit = self.running.and_then(|running| running.edits.get(option.key));
        if let Some(edit) = edit {
            return edit.clone().map(|text| Found { value: parse(text), source: Source::Edit });
        }
        let is_of_one = self.shares_window && option.is_account_option();
        if let (Some(value), Some(flag), false) = (self.cli.get(option.key), option.flag, is_of_one) {
            return Some(Found { value: parse(value.to_owned()), source: Source::Flag(flag.long) });
        }
        // Variables that describe an account do not apply to the account of the demo, except which service it has.
        let is_demo = self.purpose == SettingsPurpose::Demo && option.key != BACKEND.key;
        let applies = (!is_demo && !is_of_one) || !option.is_account_option();
        let variable = option.variable.filter(|_| applies);
        let value = variable.and_then(|variable| (self.environment.variable)(variable));
        if let (Some(value), Some(variable)) = (value.filter(|value| !value.is_empty()), variable) {
            return Some(Found { value: parse(value), source: Source::Variable(variable) });
        }
        if self.purpose == SettingsPurpose::Demo && !option.is_for_demo() {
            return None;
        }
        let located = self.profile.get(option.key).or_else(|| self.file.general.get(option.key))?;
        Some(Found { value: located.value.clone(), source: Source::File(located.location.clone()) })
    }

    /// Returns the value of an option as if no profile set it.
    pub(super) fn lookup_general(&self, option: &OptionSpec) -> Option<Found> {
        let is_of_profile = |found: &Found| {
            let own = self.profile.get(option.key);
            own.is_some_and(|own| found.source == Source::File(own.location.clone()))
        };
        self.lookup(option).filter(|found| !is_of_profile(found)).or_else(|| {
            let general = self.file.general.get(option.key).filter(|_| self.purpose != SettingsPurpose::Demo)?;
            Some(Found { value: general.value.clone(), source: Source::File(general.location.clone()) })
        })
    }

    /// Records an effective value.
    pub(super) fn record(&mut self, option: &OptionSpec, value: impl Into<String>, source: Source) {
        let value = SafeText::line(&value.into()).as_str().to_owned();
        self.effective.push(EffectiveValue { key: option.key, value, source, profile: self.further.clone() });
    }

    /// Reports a problem with a value from `source`.
    pub(super) fn report(&mut self, source: &Source, sentence: impl Into<String>) {
        let sentence = sentence.into();
        match source {
            Source::File(location) => self.problems.push(Some(location.clone()), sentence),
            Source::Flag(_) | Source::Variable(_) => self.problems.push(None, format!("{source}: {sentence}")),
            Source::Edit | Source::LastTime | Source::Default => self.problems.push(None, sentence),
        }
    }

    /// Warns about a value from `source` that is valid but insecure.
    pub(super) fn warn(&mut self, source: &Source, sentence: impl Into<String>) {
        let location = if let Source::File(location) = source { Some(location.clone()) } else { None };
        self.warnings.push(location, sentence);
    }

    /// Records a valid value, or reports the problem with an invalid one.
    pub(super) fn checked<T: fmt::Display>(
        &mut self,
        option: &OptionSpec,
        source: &Source,
        result: Result<T, String>,
    ) -> Option<T> {
        match result {
            Ok(value) => {
                self.record(option, value.to_string(), source.clone());
                Some(value)
            }
            Err(sentence) => {
                self.report(source, sentence);
                None
            }
        }
    }

    /// Resolves a line of text. Problems refer to the line as `noun`.
    pub(super) fn line(&mut self, option: &OptionSpec, noun: &str) -> Option<String> {
        let found = self.lookup(option)?;
        self.checked(option, &found.source, validation::line(noun, found.text()))
    }

    /// Resolves one of the words of a [`Kind::Choice`]; returns `default` if no word or an invalid one is given.
    pub(super) fn choice(&mut self, option: &OptionSpec, default: &str) -> String {
        let (word, source) = match self.lookup(option) {
            Some(found) => (found.text().to_owned(), found.source),
            None => (default.to_owned(), Source::Default),
        };
        let Kind::Choice(words) = option.kind else { return word };
        let result = if words.contains(&word.as_str()) {
            Ok(word)
        } else {
            let is_possible =
                |word: &&str| self.purpose == SettingsPurpose::Demo || (option.key, *word) != (BACKEND.key, BOTH);
            let possible: Vec<&str> = words.iter().copied().filter(is_possible).collect();
            let advice = match suggestion(&word, possible.iter().copied()) {
                Some(meant) => format!("Did you mean `{meant}`?"),
                None => format!("It can be: {}.", possible.join(", ")),
            };
            let word = quotable_name(&word, words.iter().copied());
            Err(format!("`{}` cannot be `{word}`. {advice}", option.key))
        };
        self.checked(option, &source, result).unwrap_or_else(|| default.to_owned())
    }

    /// Resolves a boolean.
    pub(super) fn switch(&mut self, option: &OptionSpec, default: bool) -> bool {
        let Some(found) = self.lookup(option) else {
            self.record(option, default.to_string(), Source::Default);
            return default;
        };
        let result = match &found.value {
            Value::Switch(switch) => Ok(*switch),
            Value::Text(text) => validation::switch(text),
            Value::Number(_) | Value::Secret(_) | Value::Command(_) | Value::Names(_) => Ok(default),
        };
        self.checked(option, &found.source, result).unwrap_or(default)
    }

    /// Resolves a boolean that is false by default and only recorded if some source provides it.
    pub(super) fn optional_switch(&mut self, option: &OptionSpec) -> bool {
        self.lookup(option).is_some() && self.switch(option, false)
    }

    /// Resolves a number.
    pub(super) fn number(&mut self, option: &OptionSpec, default: u64) -> u64 {
        let Some(found) = self.lookup(option) else {
            self.record(option, default.to_string(), Source::Default);
            return default;
        };
        let result = match &found.value {
            Value::Number(number) => Ok(*number),
            Value::Text(text) => validation::number(text),
            Value::Switch(_) | Value::Secret(_) | Value::Command(_) | Value::Names(_) => Ok(default),
        };
        self.checked(option, &found.source, result).unwrap_or(default)
    }

    /// Resolves a program and its arguments. A leading `~/` of the program is the home folder.
    pub(super) fn command(&mut self, option: &OptionSpec) -> Option<Vec<String>> {
        let Found { value: Value::Command(mut command), source } = self.lookup(option)? else { return None };
        if let Some(program) = command.first_mut().filter(|program| program.starts_with("~/")) {
            *program = self.environment.paths.resolve(program, None).display().to_string();
        }
        self.record(option, shell_words::join(&command), source);
        Some(command)
    }

    /// Resolves a path. One that comes from the file is relative to the folder of the file.
    pub(super) fn path(&mut self, option: &OptionSpec) -> Option<(PathBuf, Source)> {
        let found = self.lookup(option)?;
        let is_from_file = matches!(found.source, Source::File(_));
        let path = match &self.base {
            Some(base) if is_from_file => self.environment.paths.resolve(found.text(), Some(base)),
            _ => PathBuf::from(found.text()),
        };
        self.record(option, path.display().to_string(), found.source.clone());
        Some((path, found.source))
    }
}
