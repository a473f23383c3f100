//! Fields of JSON objects, read leniently: servers write numbers for texts and texts for numbers.
//!
//! Says what is missing, never what the server wrote.

use std::borrow::Cow;

use serde_json::{Map, Value};

use crate::domain::Timestamp;

/// Why an object cannot be read.
pub(super) type Unreadable = &'static str;

/// A field that is a non-empty string, or a number in the place of one.
pub(super) fn text<'a>(object: &'a Map<String, Value>, key: &str) -> Option<Cow<'a, str>> {
    scalar(object.get(key)?)
}

/// A value that is a non-empty string, or a number in the place of one.
pub(super) fn scalar(value: &Value) -> Option<Cow<'_, str>> {
    match value {
        Value::String(text) if !text.is_empty() => Some(Cow::Borrowed(text)),
        Value::Number(number) => Some(Cow::Owned(number.to_string())),
        _ => None,
    }
}

/// The longest id that is one, in bytes. Services have 24 or 25; what is longer is none.
const LONGEST_ID: usize = 256;

/// A field that names something: a short text, or a number in the place of one.
pub(super) fn id<'a>(object: &'a Map<String, Value>, key: &str) -> Option<Cow<'a, str>> {
    id_of(object.get(key)?)
}

/// A value that names something.
pub(super) fn id_of(value: &Value) -> Option<Cow<'_, str>> {
    scalar(value).filter(|id| id.len() <= LONGEST_ID)
}

/// A truth value, whichever of the usual ways it is written.
pub(super) fn truth(value: &Value) -> bool {
    match value {
        Value::Bool(flag) => *flag,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => matches!(text.as_str(), "true" | "1"),
        Value::Null | Value::Array(_) | Value::Object(_) => false,
    }
}

/// A whole number, also as digits.
pub(super) fn whole(value: &Value) -> Option<u64> {
    match value {
        Value::Number(number) => number.as_u64(),
        Value::String(digits) => digits.parse().ok(),
        _ => None,
    }
}

/// A field that is a whole number, also as digits.
pub(super) fn count(object: &Map<String, Value>, key: &str) -> Option<u32> {
    whole(object.get(key)?).and_then(|number| u32::try_from(number).ok())
}

/// A point in time: ISO-8601, or milliseconds.
pub(super) fn instant(value: &Value) -> Option<Timestamp> {
    match value {
        Value::String(text) => Timestamp::parse(text),
        Value::Number(millis) => millis.as_i64().map(Timestamp),
        _ => None,
    }
}

/// The entries of a list that can be read; one that cannot costs itself only.
pub(super) fn list<T>(values: &[Value], mut read: impl FnMut(&Value) -> Result<T, Unreadable>) -> Vec<T> {
    let entry = |value| match read(value) {
        Ok(entry) => Some(entry),
        Err(why) => {
            tracing::debug!(why, "an entry of a list is left out");
            None
        }
    };
    values.iter().filter_map(entry).collect()
}
