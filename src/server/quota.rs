//! Approximate accounting of the memory that one app uses.
//!
//! Additions are charged immediately. Deletions are not subtracted one by one: a [`Quota`] only notes that something
//! was freed, and the app recounts its data when a reservation would fail otherwise. Code that deletes
//! something therefore cannot subtract a wrong amount.

use serde_json::Value;

use crate::text::json_fits;

/// Error text for a request that would exceed the quota.
pub(crate) const FULL_MESSAGE: &str =
    "The sandbox is full: it keeps everything in memory. Delete what is no longer needed, or restart it.";

/// Bytes charged for a stored object in addition to its texts.
pub(crate) const ENTRY_BYTES: usize = 256;

/// Bytes that an app uses, and the maximum.
///
/// A recount visits everything the app stores. It is therefore done only after a deletion, or when a sixteenth of the
/// quota was requested since the last one: a replacement is charged in full, so edits make the estimate too high.
#[derive(Debug)]
pub(crate) struct Quota {
    used: usize,
    limit: usize,
    /// Bytes requested since the last recount.
    requested: usize,
    /// Whether anything was deleted since the last recount.
    has_freed: bool,
}

impl Quota {
    /// Creates the quota of an app that uses no memory yet and may use `limit` bytes.
    pub(crate) fn new(limit: usize) -> Self {
        Self { used: 0, limit, requested: 0, has_freed: false }
    }

    /// Notes that something was deleted, or is about to be.
    pub(crate) fn mark_freed(&mut self) {
        self.has_freed = true;
    }

    /// Whether `bytes` do not fit but a recount could make room for them.
    pub(crate) fn needs_recount(&self, bytes: usize) -> bool {
        let may_help = self.has_freed || self.requested > self.limit / 16;
        may_help && self.used.saturating_add(bytes) > self.limit
    }

    /// Replaces the estimate with the result of a recount.
    pub(crate) fn set_used(&mut self, used: usize) {
        (self.used, self.requested, self.has_freed) = (used, 0, false);
    }

    /// Charges `bytes` if they fit; returns whether they did.
    pub(crate) fn try_reserve(&mut self, bytes: usize) -> bool {
        self.requested = self.requested.saturating_add(bytes);
        let used = self.used.saturating_add(bytes);
        if used > self.limit {
            return false;
        }
        self.used = used;
        true
    }

    /// Gives back a reservation that was not used, or that is charged elsewhere.
    pub(crate) fn release(&mut self, bytes: usize) {
        self.used = self.used.saturating_sub(bytes);
    }

    /// Charges `bytes` even beyond the limit. Messages of the server itself are charged this way, so that data can
    /// still be deleted when the quota is used up.
    pub(crate) fn charge(&mut self, bytes: usize) {
        self.used = self.used.saturating_add(bytes);
    }
}

/// Error text for JSON that takes too much memory once it is parsed.
pub(crate) const TOO_DENSE_MESSAGE: &str = "the JSON has too many values: send it in parts";

/// Whether JSON may be parsed. An object that takes seven bytes there takes several hundred once it is parsed.
pub(crate) fn may_parse(json: &[u8]) -> bool {
    json_fits(json, 16 << 20)
}

/// Approximate size of a JSON value in memory, in bytes.
pub(crate) fn json_bytes(value: &Value) -> usize {
    const VALUE: usize = size_of::<Value>();
    VALUE
        + match value {
            Value::String(text) => text.len(),
            Value::Array(values) => values.iter().map(json_bytes).sum(),
            Value::Object(map) => map.iter().map(|(key, value)| VALUE + key.len() + json_bytes(value)).sum(),
            Value::Null | Value::Bool(_) | Value::Number(_) => 0,
        }
}

/// Maximum nesting of a value that a client sends. Others receive it inside other objects, and their parsers limit the
/// total depth.
pub(crate) const MAX_LEVELS: usize = 32;

/// Whether a value is nested more deeply than [`MAX_LEVELS`].
pub(crate) fn is_too_deep(value: &Value) -> bool {
    is_deeper(value, MAX_LEVELS)
}

/// Whether a value is nested more than `levels` deep.
pub(crate) fn is_deeper(value: &Value, levels: usize) -> bool {
    match value {
        Value::Array(values) => levels == 0 || values.iter().any(|value| is_deeper(value, levels - 1)),
        Value::Object(map) => levels == 0 || map.values().any(|value| is_deeper(value, levels - 1)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn freed_space_is_available_after_a_recount() {
        let mut quota = Quota::new(100);
        assert!(quota.try_reserve(97) && quota.try_reserve(3) && !quota.try_reserve(1));
        quota.set_used(100);
        assert!(!quota.needs_recount(60), "nothing was freed, so there is nothing to recount");
        quota.mark_freed();
        assert!(quota.needs_recount(60) && !quota.needs_recount(0));
        quota.set_used(10);
        assert!(quota.try_reserve(60));
    }

    #[test]
    fn nesting_is_limited_to_32_levels() {
        let nested = |depth| (0..depth).fold(json!(1), |inner, _| json!([inner]));
        assert!(!is_too_deep(&nested(32)) && is_too_deep(&nested(33)) && is_too_deep(&nested(100)));
    }

    #[test]
    fn json_size_includes_the_texts() {
        assert!(json_bytes(&json!({"a": "text"})) > 4);
    }
}
