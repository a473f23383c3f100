//! Lenient readers for JSON fields.
//!
//! Servers write numbers where strings belong and strings where numbers belong; these functions accept both. Error
//! messages name the missing field and never quote the server.

use std::borrow::Cow;

use serde_json::{Map, Value};

use crate::domain::Timestamp;

/// The reason why a JSON value cannot be read.
pub(super) type Malformed = &'static str;

/// Maximum length of an id, in bytes. Real ids have 24 or 25; a longer value is not an id.
const MAX_ID_BYTES: usize = 256;

/// Reads a field as text, see [`text_value`].
pub(super) fn text<'a>(object: &'a Map<String, Value>, key: &str) -> Option<Cow<'a, str>> {
    text_value(object.get(key)?)
}

/// Reads a non-empty string, or a number as text.
pub(super) fn text_value(value: &Value) -> Option<Cow<'_, str>> {
    match value {
        Value::String(text) if !text.is_empty() => Some(Cow::Borrowed(text)),
        Value::Number(number) => Some(Cow::Owned(number.to_string())),
        _ => None,
    }
}

/// Reads a field as an id, see [`id_value`].
pub(super) fn id<'a>(object: &'a Map<String, Value>, key: &str) -> Option<Cow<'a, str>> {
    id_value(object.get(key)?)
}

/// Reads an id: a short non-empty string, or a number as text.
pub(super) fn id_value(value: &Value) -> Option<Cow<'_, str>> {
    text_value(value).filter(|id| id.len() <= MAX_ID_BYTES)
}

/// Reads a flag: a boolean, a number that is not 0, `"true"` or `"1"`.
pub(super) fn flag_value(value: &Value) -> bool {
    match value {
        Value::Bool(flag) => *flag,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => matches!(text.as_str(), "true" | "1"),
        Value::Null | Value::Array(_) | Value::Object(_) => false,
    }
}

/// Reads a whole number, or a string of digits.
pub(super) fn integer_value(value: &Value) -> Option<u64> {
    match value {
        Value::Number(number) => number.as_u64(),
        Value::String(digits) => digits.parse().ok(),
        _ => None,
    }
}

/// Reads a field as a count, see [`integer_value`].
pub(super) fn count(object: &Map<String, Value>, key: &str) -> Option<u32> {
    integer_value(object.get(key)?).and_then(|number| u32::try_from(number).ok())
}

/// Reads a point in time: an ISO 8601 string, or milliseconds since 1970.
pub(super) fn time_value(value: &Value) -> Option<Timestamp> {
    match value {
        Value::String(text) => Timestamp::parse(text),
        Value::Number(millis) => millis.as_i64().map(Timestamp),
        _ => None,
    }
}

/// Reads the entries of a page, see [`read_entries`]. A page with entries of which none can be read is an error,
/// because it would look like an empty list.
pub(super) fn read_page<'a, T>(
    values: impl IntoIterator<Item = &'a Value>,
    read: impl FnMut(&Value) -> Result<T, Malformed>,
) -> Result<Vec<T>, Malformed> {
    let mut values = values.into_iter().peekable();
    let has_entries = values.peek().is_some();
    let entries = read_entries(values, read);
    if entries.is_empty() && has_entries { Err("no entry is readable") } else { Ok(entries) }
}

/// Reads the entries of a list. Entries that cannot be read are skipped.
pub(super) fn read_entries<'a, T>(
    values: impl IntoIterator<Item = &'a Value>,
    mut read: impl FnMut(&Value) -> Result<T, Malformed>,
) -> Vec<T> {
    values.into_iter().filter_map(|value| ok_or_log(read(value), "a list entry")).collect()
}

/// Returns the value, or logs why `subject` could not be read. Without the log, nobody would notice that it is missing.
pub(super) fn ok_or_log<T>(read: Result<T, Malformed>, subject: &str) -> Option<T> {
    read.inspect_err(|reason| tracing::debug!(reason, "skipped {subject} that cannot be read")).ok()
}
