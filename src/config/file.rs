//! The configuration as written: which keys stand where, with which values, and what cannot be meant.
//!
//! Knows no defaults and no environment: `load.rs` puts those together.

use std::collections::BTreeMap;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::input::{Action, Key, Keymap, KeymapError};

use super::document::Document;
use super::knob::{KNOBS, Kind, Knob};
use super::problem::{Place, Problems, suggestion};
use super::secret::{KeySource, Secret};

/// A value and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written<T> {
    /// The value.
    pub value: T,
    /// Where it stands.
    pub place: Place,
}

/// What a key holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Text or a path.
    Text(String),
    /// A switch.
    Switch(bool),
    /// A number.
    Number(u64),
    /// Where a secret comes from.
    Secret(KeySource),
    /// A program and its arguments.
    Command(Vec<String>),
}

/// The keys of one table, by the names of the table of [`KNOBS`].
pub type Section = BTreeMap<&'static str, Written<Value>>;

/// A file, read.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct File {
    /// The keys at the top.
    pub general: Section,
    /// The profiles.
    pub profiles: BTreeMap<String, Section>,
    /// The bindings: the defaults, with those of `[keys]` replaced.
    pub keymap: Keymap,
}

/// Keys of other chat services, and what to say to who writes them.
const FOREIGN: &[(&str, &str)] = &[
    ("password", "There are no passwords: a profile has `user`, and `api_key` or `token`."),
    ("email", "A profile has `user` instead."),
    ("hash_key", "It is `api_key` here too."),
    ("identifier", "It is `user` here too."),
];

impl File {
    /// Reads `text`, the content of the file called `name`.
    ///
    /// # Errors
    /// All that is wrong with it, each with its line and column.
    pub fn parse(name: &str, text: &str) -> Result<Self, Problems> {
        let (mut document, table) = Document::parse(name, text);
        let mut file = Self::default();
        let known = || KNOBS.iter().filter(|knob| knob.in_general()).map(|knob| knob.key).chain(["keys", "profiles"]);
        for (key, value) in &table {
            let span = key.span();
            match key.get_ref().as_ref() {
                "keys" => file.keymap = keymap(&mut document, value),
                "profiles" => file.profiles = profiles(&mut document, value),
                key => match Knob::by_key(key).filter(|knob| knob.in_general()) {
                    Some(knob) => read(&mut document, &mut file.general, knob, value),
                    None if Knob::by_key(key).is_some_and(Knob::in_profile) => {
                        document
                            .refuse(span, format!("`{key}` belongs in a profile. Move it below `[profiles.NAME]`."));
                    }
                    None => document.unknown(span, "key", key, known()),
                },
            }
        }
        file.ineffective(&mut document.problems);
        document.problems.0.sort_by_key(|problem| problem.place.as_ref().map(|place| (place.line, place.column)));
        if document.problems.0.is_empty() { Ok(file) } else { Err(document.problems) }
    }

    /// Refuses what would silently do nothing.
    fn ineffective(&self, problems: &mut Problems) {
        if let Some(Written { value: Value::Text(name), place }) = self.general.get("default_profile")
            && !self.profiles.contains_key(name)
        {
            let advice = missing_profile(name, self.profiles.keys().map(String::as_str));
            problems.push(Some(place.clone()), advice);
        }
        for profile in self.profiles.values() {
            let text = |key| match profile.get(key) {
                Some(Written { value: Value::Text(text), .. }) => text.as_str(),
                _ => "",
            };
            if let Some(plain) = profile.get("allow_plain_http")
                && plain.value == Value::Switch(true)
                && !text("url").starts_with("http:")
            {
                let sentence = "`allow_plain_http` does nothing here, since the `url` of this profile is not \
                                    http://. Leave the line out.";
                problems.push(Some(plain.place.clone()), sentence);
            }
        }
    }
}

/// What to say when there is no profile of that name.
pub(super) fn missing_profile<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> String {
    let known: Vec<_> = known.collect();
    let advice = match (suggestion(name, known.iter().copied()), known.is_empty()) {
        (Some(meant), _) => format!("Did you mean `{meant}`?"),
        (None, true) => format!("Add one as `[profiles.{name}]`."),
        (None, false) => format!("There are: {}.", known.join(", ")),
    };
    format!("There is no profile `{name}`. {advice}")
}

fn profiles(document: &mut Document<'_>, value: &Spanned<DeValue<'_>>) -> BTreeMap<String, Section> {
    let mut profiles = BTreeMap::new();
    let Some(table) = document.table("profiles", value) else { return profiles };
    for (name, value) in table {
        let name = name.get_ref().as_ref();
        if let Some(table) = document.table(&format!("profiles.{name}"), value) {
            profiles.insert(name.to_owned(), profile(document, table));
        }
    }
    profiles
}

fn profile(document: &mut Document<'_>, table: &DeTable<'_>) -> Section {
    let mut section = Section::new();
    for (key, value) in table {
        let (span, key) = (key.span(), key.get_ref().as_ref());
        match Knob::by_key(key).filter(|knob| knob.in_profile()) {
            Some(knob) => read(document, &mut section, knob, value),
            None if Knob::by_key(key).is_some_and(Knob::in_general) => {
                let sentence = format!("`{key}` has no place in a profile. Move it to the top of the file.");
                document.refuse(span, sentence);
            }
            None => match FOREIGN.iter().find(|(foreign, _)| *foreign == key) {
                Some((_, advice)) => document.refuse(span, format!("There is no key `{key}` in a profile. {advice}")),
                None => {
                    let known = KNOBS.iter().filter(|knob| knob.in_profile()).map(|knob| knob.key);
                    document.unknown(span, "key", key, known);
                }
            },
        }
    }
    section
}

fn read(document: &mut Document<'_>, section: &mut Section, knob: &Knob, value: &Spanned<DeValue<'_>>) {
    let read = match knob.kind {
        Kind::Text | Kind::Path => document.text(knob.key, value).map(Value::Text),
        Kind::Switch => document.switch(knob.key, value).map(Value::Switch),
        Kind::Number => document.number(knob.key, value).map(Value::Number),
        Kind::Secret => secret(document, knob.key, value).map(Value::Secret),
        Kind::Command => document.command(knob.key, value).map(Value::Command),
    };
    let place = document.place(&value.span());
    if let (Some(value), Some(knob)) = (read, Knob::by_key(knob.key)) {
        section.insert(knob.key, Written { value, place });
    }
}

fn secret(document: &mut Document<'_>, key: &str, value: &Spanned<DeValue<'_>>) -> Option<KeySource> {
    let Some(table) = value.get_ref().as_table() else {
        return document.text(key, value).map(|text| KeySource::Plain(Secret::new(text)));
    };
    let mut source = None;
    for (way, value) in table {
        let found = match way.get_ref().as_ref() {
            "env" => document.text("env", value).map(KeySource::Env),
            "command" => document.command("command", value).map(KeySource::Command),
            "file" => document.text("file", value).map(KeySource::File),
            "keyring" => document.text("keyring", value).map(KeySource::Keyring),
            other => {
                document.unknown(way.span(), "way to get a key called", other, ["env", "command", "file", "keyring"]);
                None
            }
        };
        source = source.or(found);
    }
    if table.len() != 1 {
        let sentence = format!(
            "`{key}` must be a text, {{ env = \"X\" }}, {{ command = [\"…\"] }} or {{ file = \"…\" }}: one of them."
        );
        document.refuse(value.span(), sentence);
        return None;
    }
    source
}

fn keymap(document: &mut Document<'_>, value: &Spanned<DeValue<'_>>) -> Keymap {
    let mut changes: Vec<(Action, Vec<String>)> = Vec::new();
    let mut spans: Vec<(&'static str, Range<usize>)> = Vec::new();
    let Some(table) = document.table("keys", value) else { return Keymap::default() };
    for (name, value) in table {
        let (span, name) = (name.span(), name.get_ref().as_ref());
        let Some(action) = Action::by_name(name) else {
            document.unknown(span, "action", name, Action::all().map(Action::name));
            continue;
        };
        let items = value.get_ref().as_array().map_or(vec![value], |list| list.iter().collect());
        let keys = items.into_iter().filter_map(|item| {
            let key = document.text(name, item)?;
            match key.parse::<Key>() {
                Ok(_) => Some(key),
                Err(error) => {
                    document.refuse(item.span(), format!("{error}."));
                    None
                }
            }
        });
        changes.push((action, keys.collect()));
        spans.push((action.name(), span));
    }
    Keymap::new(&changes).unwrap_or_else(|error| {
        let span = match &error {
            KeymapError::Twice { first, second, .. } => {
                let of = |name| spans.iter().find(|(written, _)| written == name).map(|(_, span)| span.clone());
                of(second).or_else(|| of(first))
            }
            KeymapError::Key(_) => None,
        };
        document.refuse(span.unwrap_or_else(|| value.span()), format!("{error}."));
        Keymap::default()
    })
}

#[cfg(test)]
#[path = "file_tests.rs"]
mod tests;
