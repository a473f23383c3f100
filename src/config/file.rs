//! The configuration file: its keys with their values and positions, and its problems.
//!
//! Defaults and the environment are not considered here; `loader.rs` merges all sources.

use std::collections::BTreeMap;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::input::{Action, Key, Keymap, KeymapError, Preset};
use crate::text::suggestion;

use super::document::Document;
use super::options::{ALLOW_PLAIN_HTTP, DEFAULT_PROFILE, Kind, OPTIONS, OptionSpec, URL};
use super::problem::{Location, Problems};
use super::quotable::{HIDDEN, quotable, quotable_name};
use super::secret::{Secret, SecretSource};

/// A value and its position in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Located<T> {
    /// The value.
    pub value: T,
    /// The position.
    pub location: Location,
}

/// Value of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Text, a word, an address or a path.
    Text(String),
    /// A boolean.
    Switch(bool),
    /// A number.
    Number(u64),
    /// The source of a secret.
    Secret(SecretSource),
    /// A program and its arguments.
    Command(Vec<String>),
    /// Names.
    Names(Vec<String>),
}

/// The keys of one table; their names are those of [`OPTIONS`].
pub type Section = BTreeMap<&'static str, Located<Value>>;

/// A parsed configuration file.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct File {
    /// The keys at the top level.
    pub general: Section,
    /// The profiles.
    pub profiles: BTreeMap<String, Section>,
    /// The key bindings of `[keys]`: an action, its keys, and the position of its name.
    pub keys: Vec<(Action, Vec<String>, Location)>,
}

/// Keys that people may expect from other chat services, and the advice for each.
const FOREIGN_KEYS: &[(&str, &str)] = &[
    ("password", "Accounts have no password. Set `user`, and `api_key` or `token`."),
    ("email", "Use `user` instead."),
    ("hash_key", "Use `api_key`, also for V Chat."),
    ("identifier", "Use `user`, also for V Chat."),
];

impl File {
    /// Parses `text`, the content of the file `name`.
    ///
    /// # Errors
    /// Returns all problems of the file, each with its line and column.
    pub fn parse(name: &str, text: &str) -> Result<Self, Problems> {
        let (file, problems) = Self::examine(name, text);
        if problems.0.is_empty() { Ok(file) } else { Err(problems) }
    }

    /// Returns what can be read of `text`, the content of the file `name`, and all its problems. Nothing is read of
    /// text that is not TOML.
    pub(super) fn examine(name: &str, text: &str) -> (Self, Problems) {
        let (mut document, table) = Document::parse(name, text);
        let mut file = Self::default();
        // They come first, since the others may follow from them.
        let syntax_errors = document.problems.0.len();
        for (key, value) in &table {
            let span = key.span();
            match key.get_ref().as_ref() {
                "keys" => file.keys = keys(&mut document, value),
                "profiles" => file.profiles = profiles(&mut document, value),
                key => match OptionSpec::by_key(key) {
                    Some(option) if option.in_general() => read(&mut document, &mut file.general, option, value),
                    Some(option) if option.in_profile() => {
                        let sentence = format!("`{key}` belongs in a profile. Move it below `[profiles.NAME]`.");
                        document.report(span, sentence);
                    }
                    _ => {
                        let known = OPTIONS.iter().filter(|option| option.in_general()).map(|option| option.key);
                        document.report_unknown(span, "key", key, known.chain(["keys", "profiles"]));
                    }
                },
            }
        }
        file.report_ineffective(&mut document.problems);
        let (syntax, others) = document.problems.0.split_at_mut(syntax_errors);
        for problems in [syntax, others] {
            problems.sort_by_key(|problem| problem.location.as_ref().map(|at| (at.line, at.column)));
        }
        (if syntax_errors == 0 { file } else { Self::default() }, document.problems)
    }

    /// Returns the key bindings: those of a preset, changed by `[keys]`.
    ///
    /// # Errors
    /// Returns the sentence about two actions that share a key, and the position of one that the file names.
    pub fn keymap(&self, preset: Preset) -> Result<Keymap, (Option<Location>, String)> {
        let changes: Vec<_> = self.keys.iter().map(|(action, keys, _)| (*action, keys.clone())).collect();
        Keymap::with_preset(preset, &changes).map_err(|error| {
            let of =
                |name: &str| self.keys.iter().find(|(action, ..)| action.name() == name).map(|(.., at)| at.clone());
            let location = match &error {
                KeymapError::Twice { first, second, .. } => of(second).or_else(|| of(first)),
                KeymapError::Key(_) => None,
            };
            (location, format!("{error}."))
        })
    }

    /// Reports settings that would silently have no effect.
    fn report_ineffective(&self, problems: &mut Problems) {
        if let Some(Located { value: Value::Names(names), location }) = self.general.get(DEFAULT_PROFILE.key)
            && let Some(name) = names.iter().find(|name| !self.profiles.contains_key(*name))
        {
            let sentence = missing_profile(name, self.profiles.keys().map(String::as_str));
            problems.push(Some(location.clone()), sentence);
        }
        for profile in self.profiles.values() {
            let url = match profile.get(URL.key) {
                Some(Located { value: Value::Text(url), .. }) => url.as_str(),
                _ => "",
            };
            if let Some(allow) = profile.get(ALLOW_PLAIN_HTTP.key)
                && allow.value == Value::Switch(true)
                && !url.starts_with("http:")
            {
                let sentence = "`allow_plain_http` has no effect here, because the `url` of this profile does not begin \
                                with http://. Remove the line.";
                problems.push(Some(allow.location.clone()), sentence);
            }
        }
    }
}

/// Returns the sentence about a profile that does not exist.
pub(super) fn missing_profile<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> String {
    let known: Vec<_> = known.collect();
    let advice = match (suggestion(name, known.iter().copied()), known.is_empty()) {
        (Some(meant), _) => format!("Did you mean `{meant}`?"),
        (None, true) => "The configuration file has no profiles. Add one as `[profiles.NAME]`.".to_owned(),
        (None, false) => format!("It can be: {}.", known.join(", ")),
    };
    format!("Unknown profile `{}`. {advice}", quotable_name(name, known))
}

fn profiles(document: &mut Document<'_>, value: &Spanned<DeValue<'_>>) -> BTreeMap<String, Section> {
    let mut profiles = BTreeMap::new();
    let Some(table) = document.table("profiles", value) else { return profiles };
    for (name, value) in table {
        let name = name.get_ref().as_ref();
        if let Some(table) = document.table("profiles.NAME", value) {
            profiles.insert(name.to_owned(), profile(document, table));
        }
    }
    profiles
}

fn profile(document: &mut Document<'_>, table: &DeTable<'_>) -> Section {
    let mut section = Section::new();
    for (key, value) in table {
        let (span, key) = (key.span(), key.get_ref().as_ref());
        match OptionSpec::by_key(key) {
            Some(option) if option.in_profile() => read(document, &mut section, option, value),
            Some(option) if option.in_general() => {
                let sentence = format!("`{key}` cannot be set in a profile. Move it to the top of the file.");
                document.report(span, sentence);
            }
            _ => match FOREIGN_KEYS.iter().find(|(foreign, _)| *foreign == key) {
                Some((_, advice)) => document.report(span, format!("Unknown key `{key}`. {advice}")),
                None => {
                    let known = OPTIONS.iter().filter(|option| option.in_profile()).map(|option| option.key);
                    document.report_unknown(span, "key", key, known);
                }
            },
        }
    }
    section
}

fn read(document: &mut Document<'_>, section: &mut Section, option: &'static OptionSpec, value: &Spanned<DeValue<'_>>) {
    let key = option.key;
    let read = match option.kind {
        Kind::Text | Kind::Choice(_) | Kind::Url | Kind::File | Kind::Dir => document.text(key, value).map(Value::Text),
        Kind::Switch => document.switch(key, value).map(Value::Switch),
        Kind::Number => document.number(key, value).map(Value::Number),
        Kind::Secret => secret(document, key, value).map(Value::Secret),
        Kind::Command => document.command(key, value).map(Value::Command),
        Kind::Names => document.names(key, value).map(Value::Names),
    };
    let location = document.location(&value.span());
    if let Some(value) = read {
        section.insert(key, Located { value, location });
    }
}

fn secret(document: &mut Document<'_>, key: &str, value: &Spanned<DeValue<'_>>) -> Option<SecretSource> {
    let Some(table) = value.get_ref().as_table() else {
        return document.text(key, value).map(|text| SecretSource::Plain(Secret::new(text)));
    };
    let mut source = None;
    for (name, value) in table {
        let found = match name.get_ref().as_ref() {
            "env" => document.text("env", value).map(SecretSource::Env),
            "command" => document.command("command", value).map(SecretSource::Command),
            "file" => document.text("file", value).map(SecretSource::File),
            "keyring" => document.text("keyring", value).map(SecretSource::Keyring),
            other => {
                let known = ["env", "command", "file", "keyring"];
                document.report_unknown(name.span(), "source of a secret", other, known);
                None
            }
        };
        source = source.or(found);
    }
    if table.len() != 1 {
        let sentence = format!(
            "`{key}` must be text or exactly one of {{ env = \"X\" }}, {{ command = [\"…\"] }}, {{ file = \"…\" }} and \
             {{ keyring = \"…\" }}."
        );
        document.report(value.span(), sentence);
        return None;
    }
    source
}

/// Reads the `[keys]` table.
fn keys(document: &mut Document<'_>, value: &Spanned<DeValue<'_>>) -> Vec<(Action, Vec<String>, Location)> {
    let mut changes = Vec::new();
    let Some(table) = document.table("keys", value) else { return changes };
    for (name, value) in table {
        let (span, name) = (name.span(), name.get_ref().as_ref());
        let Some(action) = Action::by_name(name) else {
            document.report_unknown(span, "action", name, Action::all().map(Action::name));
            continue;
        };
        let items = value.get_ref().as_array().map_or(vec![value], |list| list.iter().collect());
        let keys = items.into_iter().filter_map(|item| {
            let key = document.text(name, item)?;
            match key.parse::<Key>() {
                Ok(_) => Some(key),
                Err(error) => {
                    let may_be_secret = |part: &str| quotable(part, Key::words()) == HIDDEN;
                    let mut sentence = format!("{error}.");
                    if key.split('+').any(may_be_secret) {
                        sentence = sentence.replace(&key, HIDDEN);
                    }
                    document.report(item.span(), sentence);
                    None
                }
            }
        });
        let keys = keys.collect();
        changes.push((action, keys, document.location(&span)));
    }
    changes
}

#[cfg(test)]
mod tests;
