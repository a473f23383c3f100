//! Scenarios: people, the steps that they take, and what they expect. Read from TOML.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use serde::Deserialize;
use serde_json::Value;
use toml::de::DeTable;

use super::pattern::check_pattern;

/// Longest time limit of a step, in seconds.
const MAX_TIME: f64 = 3_600.0;

/// The parts of the name of a variable.
const VARIABLE: (&str, char) = ("${", '}');

/// A scenario.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// Name in the report.
    pub name: String,
    /// Seconds that a step may take, unless it says otherwise.
    #[serde(default = "default_timeout")]
    pub timeout: f64,
    /// The people, each by the name that steps use, which is also the user name.
    pub people: BTreeMap<String, PersonSpec>,
    /// Variables: `${name}` in a text stands for the value.
    #[serde(default)]
    pub vars: BTreeMap<String, String>,
    /// The steps, in their order.
    pub steps: Vec<Step>,
}

/// A person.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub struct PersonSpec {
    /// Name that others see.
    pub name: Option<String>,
}

/// A step as it is written: who, one action, and its conditions.
#[derive(Debug, Clone, PartialEq, Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub struct Step {
    /// The line of the file at which it begins, counted from 1.
    #[serde(skip)]
    pub line: usize,
    /// The person.
    pub who: String,
    /// The only back end on which the step is taken.
    pub only: Option<String>,
    /// Seconds that the step may take, or during which nothing may happen.
    pub within: Option<f64>,
    /// Variable that gets the id of the room or message.
    pub save: Option<String>,
    /// Part of the reason with which the service has to refuse the action.
    pub refused: Option<String>,
    /// Opens a room: a person of the scenario, an id or a title.
    pub open: Option<String>,
    /// Creates a group with this title, and opens it.
    pub group: Option<String>,
    /// The other members of the group.
    pub with: Vec<String>,
    /// Sends a text into the open room.
    pub send: Option<String>,
    /// Replaces the text of the message with this id by `text`.
    pub edit: Option<String>,
    /// The new text.
    pub text: Option<String>,
    /// Deletes the message with this id.
    pub delete: Option<String>,
    /// Starts or stops typing.
    pub typing: Option<bool>,
    /// Waits for a record with these fields.
    pub expect: Option<toml::Table>,
    /// Fails if a record with these fields arrives.
    pub never: Option<toml::Table>,
    /// Presses keys in the chat of the person, written as in the configuration, with blanks in between.
    pub keys: Option<String>,
    /// Types a text in the chat of the person.
    #[serde(rename = "type")]
    pub typed: Option<String>,
    /// Waits until the screen of the person shows this text.
    pub screen: Option<String>,
}

/// What a step does, with the variables replaced.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// Opens a room.
    Open(String),
    /// Creates a group with these people.
    Group(String, Vec<String>),
    /// Sends a text.
    Send(String),
    /// Replaces the text of a message.
    Edit(String, String),
    /// Deletes a message.
    Delete(String),
    /// Starts or stops typing.
    Typing(bool),
    /// Waits for a record.
    Expect(Value),
    /// Makes sure that there is no such record.
    Never(Value),
    /// Presses keys.
    Keys(String),
    /// Types a text.
    Type(String),
    /// Waits for a text on the screen.
    Screen(String),
}

fn default_timeout() -> f64 {
    10.0
}

impl Scenario {
    /// Reads a scenario. `backends` are the names that `only` may have.
    ///
    /// # Errors
    /// A sentence that names the place, and what is wrong there.
    pub fn parse(text: &str, backends: &[&str]) -> Result<Self, String> {
        let invalid = |error: toml::de::Error| error.to_string().trim_end().to_owned();
        let mut scenario: Self = toml::from_str(text).map_err(invalid)?;
        let document = DeTable::parse(text).map_err(invalid)?.into_inner();
        let written = document.get("steps").and_then(|steps| steps.get_ref().as_array()).into_iter().flatten();
        let written: Vec<_> = written.collect();
        let line = |span: Range<usize>| 1 + text.get(..span.start).unwrap_or(text).matches('\n').count();
        for (step, written) in scenario.steps.iter_mut().zip(&written) {
            step.line = line(written.span());
        }
        check_time("timeout", scenario.timeout)?;
        // The names that have a value on each back end.
        let vars: BTreeSet<&str> = scenario.vars.keys().map(String::as_str).collect();
        let mut defined: Vec<(&str, BTreeSet<&str>)> = backends.iter().map(|name| (*name, vars.clone())).collect();
        for (index, step) in scenario.steps.iter().enumerate() {
            let problem = |reason: String| step.problem(index, &reason);
            if !scenario.people.contains_key(&step.who) {
                return Err(problem(format!("`who` names nobody of [people]: {}", step.who)));
            }
            step.check(backends).map_err(problem)?;
            let fields = written.get(index).and_then(|written| written.get_ref().as_table());
            for name in ["expect", "never"] {
                let Some(pattern) = fields.and_then(|fields| fields.get(name)) else { continue };
                let fill = |text: &str| replaced(text, &scenario.vars);
                check_pattern(pattern.get_ref(), &fill).map_err(|error| {
                    format!("line {}, step {}: `{name}`: {}", line(error.span), index + 1, error.sentence)
                })?;
            }
            let only = step.only.as_deref();
            for (backend, defined) in defined.iter_mut().filter(|(name, _)| only.is_none_or(|only| only == *name)) {
                if let Some(name) = step.variables().into_iter().find(|name| !defined.contains(name)) {
                    let advice = "Define it in [vars], or with `save` in an earlier step.";
                    return Err(problem(format!("on {backend}, nothing defines ${{{name}}}. {advice}")));
                }
                defined.extend(step.save.as_deref());
            }
        }
        Ok(scenario)
    }
}

/// Checks a number of seconds.
fn check_time(name: &str, seconds: f64) -> Result<(), String> {
    // Not a number is no number of the range either.
    if (0.0..=MAX_TIME).contains(&seconds) {
        return Ok(());
    }
    Err(format!("`{name}` is {seconds}. Write a number of seconds from 0 to {MAX_TIME}."))
}

impl Step {
    /// Returns a problem of this step, the one at `index`, with its place in the file.
    pub fn problem(&self, index: usize, reason: &str) -> String {
        format!("line {}, step {}: {reason}", self.line, index + 1)
    }

    /// Finds what has no effect or cannot be done.
    fn check(&self, backends: &[&str]) -> Result<(), String> {
        let action = self.action(&BTreeMap::new())?;
        self.within.map_or(Ok(()), |seconds| check_time("within", seconds))?;
        if let Some(only) = self.only.as_ref().filter(|only| !backends.contains(&only.as_str())) {
            return Err(format!("`only` names no back end: {only}. Use {}.", backends.join(" or ")));
        }
        let has_text = matches!(action, Action::Edit(..));
        if has_text && self.text.is_none() {
            return Err("`edit` needs the new text. Add `text`.".to_owned());
        }
        if !has_text && self.text.is_some() {
            return Err("`text` belongs to `edit`. To send a text, write `send`.".to_owned());
        }
        if !matches!(action, Action::Group(..)) && !self.with.is_empty() {
            return Err("`with` names the members of a new group. Add `group`, its title.".to_owned());
        }
        let is_on_screen = matches!(action, Action::Keys(_) | Action::Type(_) | Action::Screen(_));
        if self.save.is_some() && (is_on_screen || matches!(action, Action::Typing(_) | Action::Never(_))) {
            return Err("`save` needs a step with an id: open, group, send, edit, delete or expect.".to_owned());
        }
        if self.refused.is_some() && (is_on_screen || matches!(action, Action::Expect(_) | Action::Never(_))) {
            return Err("`refused` needs a step that the service can refuse, such as send.".to_owned());
        }
        if self.typed.as_ref().is_some_and(|text| text.contains(char::is_control)) {
            return Err("`type` has characters such as a line break. Press them with `keys`.".to_owned());
        }
        Ok(())
    }

    /// Returns the names of all variables in the texts of the step.
    fn variables(&self) -> Vec<&str> {
        let (written, shown) = ([&self.send, &self.edit, &self.text, &self.typed], [&self.screen, &self.delete]);
        let texts = [&self.open, &self.group].into_iter().chain(written).chain(shown);
        let tables = [&self.expect, &self.never].into_iter().flatten();
        let mut names: Vec<&str> = texts.flatten().flat_map(|text| variables(text)).collect();
        names.extend(self.with.iter().flat_map(|name| variables(name)));
        tables.flat_map(toml::Table::values).for_each(|value| add_variables(value, &mut names));
        names
    }

    /// Returns what the step does.
    ///
    /// # Errors
    /// There is no action, or more than one.
    pub fn action(&self, vars: &BTreeMap<String, String>) -> Result<Action, String> {
        let fill = |text: &String| replaced(text, vars);
        let table = |table: &toml::Table| {
            let mut value = serde_json::to_value(table).unwrap_or_default();
            replace_all(&mut value, vars);
            value
        };
        let actions = [
            self.open.as_ref().map(|room| Action::Open(fill(room))),
            self.group.as_ref().map(|title| Action::Group(fill(title), self.with.iter().map(fill).collect())),
            self.send.as_ref().map(|text| Action::Send(fill(text))),
            self.edit.as_ref().map(|id| Action::Edit(fill(id), self.text.as_ref().map(fill).unwrap_or_default())),
            self.delete.as_ref().map(|id| Action::Delete(fill(id))),
            self.typing.map(Action::Typing),
            self.expect.as_ref().map(|fields| Action::Expect(table(fields))),
            self.never.as_ref().map(|fields| Action::Never(table(fields))),
            self.keys.clone().map(Action::Keys),
            self.typed.as_ref().map(|text| Action::Type(fill(text))),
            self.screen.as_ref().map(|text| Action::Screen(fill(text))),
        ];
        let mut actions = actions.into_iter().flatten();
        let first = actions.next();
        match (first, actions.next()) {
            (Some(action), None) => Ok(action),
            _ => {
                Err("write one of open, group, send, edit, delete, typing, expect, never, keys, type and screen"
                    .to_owned())
            }
        }
    }

    /// Returns a description for the report, with the variables replaced.
    pub fn title(&self, vars: &BTreeMap<String, String>) -> String {
        let who = &self.who;
        match self.action(vars) {
            Ok(Action::Open(room)) => format!("{who} opens {room}"),
            Ok(Action::Group(title, _)) => format!("{who} creates {title}"),
            Ok(Action::Send(text)) => format!("{who} sends {text}"),
            Ok(Action::Edit(id, _)) => format!("{who} edits {id}"),
            Ok(Action::Delete(id)) => format!("{who} deletes {id}"),
            Ok(Action::Typing(on)) => format!("{who} {} typing", if on { "starts" } else { "stops" }),
            Ok(Action::Expect(fields)) => format!("{who} gets {fields}"),
            Ok(Action::Never(fields)) => format!("{who} never gets {fields}"),
            Ok(Action::Keys(keys)) => format!("{who} presses {keys}"),
            Ok(Action::Type(text)) => format!("{who} types {text}"),
            Ok(Action::Screen(text)) => format!("{who} sees {text}"),
            Err(reason) => reason,
        }
    }
}

/// Whether a record has all these fields with these values. Fields that are not named may have any value.
pub fn has_fields(record: &Value, fields: &Value) -> bool {
    match (record, fields) {
        (Value::Object(record), Value::Object(fields)) => {
            fields.iter().all(|(name, field)| record.get(name).is_some_and(|value| has_fields(value, field)))
        }
        (record, field) => record == field,
    }
}

fn replaced(text: &str, vars: &BTreeMap<String, String>) -> String {
    let (start, end) = VARIABLE;
    vars.iter().fold(text.to_owned(), |text, (name, value)| text.replace(&format!("{start}{name}{end}"), value))
}

/// Returns the names of the variables in a text.
fn variables(text: &str) -> impl Iterator<Item = &str> {
    text.split(VARIABLE.0).skip(1).filter_map(|rest| Some(rest.split_once(VARIABLE.1)?.0))
}

fn add_variables<'a>(value: &'a toml::Value, names: &mut Vec<&'a str>) {
    match value {
        toml::Value::String(text) => names.extend(variables(text)),
        toml::Value::Array(items) => items.iter().for_each(|item| add_variables(item, names)),
        toml::Value::Table(fields) => fields.values().for_each(|field| add_variables(field, names)),
        _ => {}
    }
}

fn replace_all(value: &mut Value, vars: &BTreeMap<String, String>) {
    match value {
        Value::String(text) => *text = replaced(text, vars),
        Value::Array(items) => items.iter_mut().for_each(|item| replace_all(item, vars)),
        Value::Object(fields) => fields.values_mut().for_each(|field| replace_all(field, vars)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(steps: &str) -> Result<Scenario, String> {
        let text = format!("name = \"x\"\n[people.bob]\n[vars]\nknown = \"1\"\n[[steps]]\n{steps}");
        Scenario::parse(&text, &["minchat", "vchat"])
    }

    #[test]
    fn step_has_one_action_and_a_known_person() {
        assert!(parse("who = \"bob\"\nsend = \"hello\"").is_ok());
        let error = parse("who = \"bob\"").unwrap_err();
        assert!(error.starts_with("line 5, step 1: write one of open"), "{error}");
        assert!(parse("who = \"bob\"\nsend = \"a\"\nopen = \"b\"").is_err());
        assert!(parse("who = \"eve\"\nsend = \"a\"").unwrap_err().contains("names nobody"));
        assert!(parse("who = \"bob\"\nsned = \"a\"").unwrap_err().contains("unknown field"));
    }

    /// Regression test: these were accepted, and the scenario did something else than what it said.
    #[test]
    fn mistakes_are_explained() {
        for (step, expected) in [
            ("send = \"a\"\nonly = \"minchta\"", "`only` names no back end: minchta. Use minchat or vchat."),
            ("edit = \"${known}\"", "`edit` needs the new text"),
            ("send = \"a\"\ntext = \"b\"", "`text` belongs to `edit`"),
            ("open = \"a\"\nwith = [\"eve\"]", "`with` names the members of a new group"),
            ("send = \"${unknown}\"", "on minchat, nothing defines ${unknown}"),
            ("group = \"a\"\nwith = [\"${unknown}\"]", "on minchat, nothing defines ${unknown}"),
            ("expect = { author = { id = \"${unknown}\" } }", "on minchat, nothing defines ${unknown}"),
            ("typing = true\nsave = \"id\"", "`save` needs a step with an id"),
            ("screen = \"a\"\nrefused = \"no\"", "`refused` needs a step that the service can refuse"),
            ("keys = \"enter\"\nrefused = \"no\"", "`refused` needs a step that the service can refuse"),
            ("type = \"a\"\nsave = \"id\"", "`save` needs a step with an id"),
            ("type = \"a\\n\"", "`type` has characters such as a line break"),
            ("send = \"a\"\nwithin = nan", "`within` is NaN. Write a number of seconds from 0 to 3600."),
            ("send = \"a\"\nwithin = -1.0", "`within` is -1"),
        ] {
            let who = format!("who = \"bob\"\n{step}");
            let error = parse(&who).expect_err(step);
            assert!(error.starts_with("line 5, step 1: ") && error.contains(expected), "{error}");
        }
        let saved = "who = \"bob\"\nsend = \"a\"\nsave = \"m\"\nonly = \"vchat\"\n[[steps]]\nwho = \"bob\"\n";
        let elsewhere = parse(&format!("{saved}delete = \"${{m}}\""));
        assert!(elsewhere.is_err_and(|error| error.contains("on minchat, nothing defines ${m}")));
        assert!(parse(&format!("{saved}delete = \"${{m}}\"\nonly = \"vchat\"")).is_ok());
        let endless = Scenario::parse("name = \"x\"\ntimeout = inf\npeople = {}\nsteps = []", &[]);
        assert!(endless.is_err_and(|error| error.contains("`timeout` is inf")));
        assert!(parse("who = \"bob\"\nopen = \"a\"\nsave = \"r\"\n[[steps]]\nwho = \"bob\"\nopen = \"${r}\"").is_ok());
        assert!(parse("who = \"bob\"\nsend = \"costs $5, {}, ${known} and ${\"").is_ok());
    }

    #[test]
    fn wrong_pattern_is_named_with_its_line() {
        let error = parse("who = \"bob\"\n[steps.never]\ntype = \"message\"\nauthr = { id = \"1\" }").unwrap_err();
        let expected = "No such record has a field `authr`. Did you mean `author`?";
        assert_eq!(error, format!("line 9, step 1: `never`: {expected}"));
    }

    #[test]
    fn title_shows_the_values_of_variables() {
        let scenario = parse("who = \"bob\"\nsend = \"${known}\"").unwrap();
        assert_eq!(scenario.steps[0].title(&scenario.vars), "bob sends 1");
        let scenario =
            parse("who = \"bob\"\ntype = \"${known}\"\n[[steps]]\nwho = \"bob\"\nkeys = \"ctrl+k\"").unwrap();
        let titles: Vec<String> = scenario.steps.iter().map(|step| step.title(&scenario.vars)).collect();
        assert_eq!(titles, ["bob types 1", "bob presses ctrl+k"]);
    }

    #[test]
    fn only_named_fields_are_compared() {
        let record = serde_json::json!({"type": "message", "author": {"id": "1", "username": "bob"}});
        assert!(has_fields(&record, &serde_json::json!({"author": {"username": "bob"}})));
        assert!(!has_fields(&record, &serde_json::json!({"author": {"username": "eve"}})));
        assert!(!has_fields(&record, &serde_json::json!({"text": ""})));
    }
}
