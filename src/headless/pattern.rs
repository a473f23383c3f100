//! Checks the patterns of a scenario against the published schema of records.
//!
//! A pattern with a misspelt field or value matches no record, so `never` would pass without checking anything.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::LazyLock;

use serde_json::Value;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::text::suggestion;

/// The types of records that a person of a scenario gets; the others are answers to commands.
const RECEIVED: &[&str] = &[
    "call",
    "connection",
    "member",
    "message",
    "message_deleted",
    "message_edited",
    "notice",
    "presence",
    "receipt",
    "room_deleted",
    "room_renamed",
    "typing",
];

/// The start of a variable, whose value is only known when the scenario is played.
const VARIABLE: &str = "${";

static SCHEMA: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../assets/schema/record.v1.json")).unwrap_or_default());

/// A part of a pattern that no record can have.
#[derive(Debug)]
pub(super) struct PatternError {
    /// Its place in the file.
    pub(super) span: Range<usize>,
    /// What is wrong, and what to write instead.
    pub(super) sentence: String,
}

/// Checks a pattern. `fill` replaces the variables that have a value from the beginning.
///
/// # Errors
/// The first part that no record can have.
pub(super) fn check_pattern(pattern: &DeValue<'_>, fill: &dyn Fn(&str) -> String) -> Result<(), PatternError> {
    let Some(fields) = pattern.as_table() else { return Ok(()) };
    let kind = fields.get("type").and_then(|kind| kind.get_ref().as_str()).map(fill);
    let kinds =
        RECEIVED.iter().filter(|name| kind.as_ref().is_none_or(|kind| kind == *name || kind.contains(VARIABLE)));
    let mut records: Vec<&Value> = kinds.map(|name| &SCHEMA["$defs"][format!("record_{name}")]).collect();
    if records.is_empty() {
        // The wrong type is reported with all that it can be.
        records = RECEIVED.iter().map(|name| &SCHEMA["$defs"][format!("record_{name}")]).collect();
    }
    check_fields(&records, fields, fill)
}

/// Checks a table of a pattern, which has to fit one of the schemas.
fn check_fields(schemas: &[&Value], fields: &DeTable<'_>, fill: &dyn Fn(&str) -> String) -> Result<(), PatternError> {
    let mut left = schemas.to_vec();
    // First the field that says which of the others there are.
    let (kind, others): (Vec<_>, Vec<_>) = fields.iter().partition(|(name, _)| name.get_ref() == "type");
    for (name, value) in kind.into_iter().chain(others) {
        let error = |sentence: String| PatternError { span: name.span(), sentence };
        let key = name.get_ref().as_ref();
        let known: BTreeSet<&str> = schemas
            .iter()
            .flat_map(|schema| schema["properties"].as_object())
            .flatten()
            .map(|(key, _)| key.as_str())
            .collect();
        if !known.contains(key) {
            return Err(error(format!("No such record has a field `{key}`. {}", advice(key, known))));
        }
        left.retain(|schema| schema["properties"].get(key).is_some());
        let properties: Vec<&Value> = left.iter().map(|schema| resolved(&schema["properties"][key])).collect();
        if properties.is_empty() {
            return Err(error(format!("No record has `{key}` together with the other fields. Add `type`.")));
        }
        match value.get_ref() {
            DeValue::Table(fields) => {
                let objects: Vec<&Value> =
                    properties.into_iter().filter(|property| property["type"] == "object").collect();
                if objects.is_empty() {
                    return Err(error(format!("`{key}` has no fields of its own.")));
                }
                check_fields(&objects, fields, fill)?;
            }
            _ => check_value(&properties, key, value, fill).map_err(error)?,
        }
    }
    Ok(())
}

/// Checks a value, which has to fit one of the schemas.
fn check_value(
    schemas: &[&Value],
    key: &str,
    value: &Spanned<DeValue<'_>>,
    fill: &dyn Fn(&str) -> String,
) -> Result<(), String> {
    let text = value.get_ref().as_str().map(fill);
    let allowed: BTreeSet<&str> = schemas
        .iter()
        .flat_map(|schema| schema["enum"].as_array().into_iter().flatten().chain(schema.get("const")))
        .filter_map(Value::as_str)
        .collect();
    match text {
        Some(text) if !allowed.is_empty() && !text.contains(VARIABLE) && !allowed.contains(text.as_str()) => {
            Err(format!("`{key}` is never `{text}`. {}", advice(&text, allowed)))
        }
        Some(_) if !allowed.is_empty() => Ok(()),
        _ => {
            let found = value.get_ref().type_str();
            let expected: BTreeSet<&str> = schemas.iter().map(|schema| type_name(schema)).collect();
            if value.get_ref().as_bool() == Some(false) && schemas.iter().all(|schema| schema["const"] == true) {
                return Err(format!("`{key}` is true or missing, never false."));
            }
            if expected.contains(found) {
                return Ok(());
            }
            let expected: Vec<&str> = expected.into_iter().collect();
            Err(format!("`{key}` has the type {}, not {found}.", expected.join(" or ")))
        }
    }
}

/// Returns the type of the values that a schema allows, as TOML names it.
fn type_name(schema: &Value) -> &str {
    match schema["type"].as_str() {
        Some("object") => "table",
        Some(name) => name,
        None if schema["const"].is_number() => "integer",
        None => "string",
    }
}

/// Returns the schema that a reference stands for.
fn resolved(schema: &Value) -> &Value {
    let name = schema["$ref"].as_str().and_then(|reference| reference.strip_prefix("#/$defs/"));
    name.map_or(schema, |name| &SCHEMA["$defs"][name])
}

/// Says what was probably meant, or what there is.
fn advice(written: &str, known: BTreeSet<&str>) -> String {
    match suggestion(written, known.iter().copied()) {
        Some(meant) => format!("Did you mean `{meant}`?"),
        None => format!("It can be: {}.", known.into_iter().collect::<Vec<_>>().join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(pattern: &str) -> Result<(), String> {
        let pattern = DeValue::parse(pattern).expect("TOML");
        check_pattern(pattern.get_ref(), &str::to_owned).map_err(|error| error.sentence)
    }

    /// Regression test: a pattern that no record can match was accepted, so `never` passed whatever arrived.
    #[test]
    fn pattern_that_cannot_match_is_refused() {
        for (pattern, expected) in [
            ("{ typ = \"message\" }", "No such record has a field `typ`. Did you mean `type`?"),
            ("{ type = \"mesage\" }", "`type` is never `mesage`. Did you mean `message`?"),
            ("{ type = \"sent\" }", "`type` is never `sent`."),
            ("{ type = \"message\", txt = \"a\" }", "No such record has a field `txt`. Did you mean `text`?"),
            ("{ type = \"typing\", text = \"a\" }", "No such record has a field `text`. It can be: activity,"),
            ("{ author = { usernme = \"eve\" } }", "No such record has a field `usernme`. Did you mean `username`?"),
            ("{ type = \"typing\", activity = \"stoped\" }", "`activity` is never `stoped`. Did you mean `stopped`?"),
            ("{ text = \"a\", activity = \"typing\" }", "together with the other fields. Add `type`."),
            ("{ type = \"presence\", online = \"true\" }", "`online` has the type boolean, not string."),
            ("{ type = \"presence\", person = \"bob\" }", "`person` has the type table, not string."),
            ("{ type = \"message\", room = { id = \"r\" } }", "`room` has no fields of its own."),
            ("{ type = \"message\", edited = false }", "`edited` is true or missing, never false."),
        ] {
            let error = check(pattern).expect_err(pattern);
            assert!(error.contains(expected), "{pattern}: {error}");
        }
    }

    #[test]
    fn pattern_that_can_match_is_accepted() {
        for pattern in [
            "{}",
            "{ v = 1, type = \"message\", edited = true, mine = false, author = { name = \"x\" } }",
            "{ type = \"${kind}\", id = \"${id}\" }",
            "{ text = \"anywhere\" }",
            "{ type = \"receipt\", status = \"seen\" }",
            "{ type = \"presence\", online = false, person = { me = false } }",
        ] {
            assert_eq!(check(pattern), Ok(()), "{pattern}");
        }
    }
}
