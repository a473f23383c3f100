//! How much an app keeps, about: what comes is added at once, what went is found out by counting anew when it matters.
//! Nobody has to remember to subtract the right number.

use serde_json::Value;

/// The sentence for one who brings more than there is room for.
pub(crate) const FULL: &str =
    "The sandbox is full: it keeps everything in memory. Delete what is no longer needed, or restart it.";

/// What an entry costs beside its texts.
pub(crate) const ENTRY: usize = 256;

/// How much is kept, and how much may be.
///
/// Counting takes as long as there is much to count. So it is done when something was deleted, or, since what replaces
/// something is entered in full, when a good part of the whole was asked for since the last count.
#[derive(Debug)]
pub(crate) struct Ledger {
    held: usize,
    most: usize,
    /// What was asked for since it was counted.
    asked: usize,
    /// Something was deleted since.
    stale: bool,
}

impl Ledger {
    /// A ledger of an app that may keep `most` bytes.
    pub(crate) fn new(most: usize) -> Self {
        Self { held: 0, most, asked: 0, stale: false }
    }

    /// Something is gone, or is about to be.
    pub(crate) fn release(&mut self) {
        self.stale = true;
    }

    /// Whether counting anew may make room for `more` bytes that there is no room for.
    pub(crate) fn must_count(&self, more: usize) -> bool {
        let due = self.stale || self.asked > self.most / 16;
        due && self.held.saturating_add(more) > self.most
    }

    /// So much is kept, as was counted.
    pub(crate) fn counted(&mut self, held: usize) {
        (self.held, self.asked, self.stale) = (held, 0, false);
    }

    /// Enters `more` bytes, if there is room for them.
    pub(crate) fn enter(&mut self, more: usize) -> bool {
        self.asked = self.asked.saturating_add(more);
        let held = self.held.saturating_add(more);
        if held > self.most {
            return false;
        }
        self.held = held;
        true
    }

    /// What was entered did not come after all, or comes by another way.
    pub(crate) fn take_back(&mut self, bytes: usize) {
        self.held = self.held.saturating_sub(bytes);
    }

    /// Enters `more` bytes in any case: what the server itself says, so that a full one can still be tidied up.
    pub(crate) fn add(&mut self, more: usize) {
        self.held = self.held.saturating_add(more);
    }
}

/// What a JSON value costs in memory, about.
pub(crate) fn weight(value: &Value) -> usize {
    const VALUE: usize = size_of::<Value>();
    VALUE
        + match value {
            Value::String(text) => text.len(),
            Value::Array(values) => values.iter().map(weight).sum(),
            Value::Object(map) => map.iter().map(|(key, value)| VALUE + key.len() + weight(value)).sum(),
            Value::Null | Value::Bool(_) | Value::Number(_) => 0,
        }
}

/// Whether a value is nested deeper than any client nests: what is stored is read again by others, inside of more.
pub(crate) fn too_deep(value: &Value) -> bool {
    fn deeper(value: &Value, left: usize) -> bool {
        match value {
            Value::Array(values) => left == 0 || values.iter().any(|value| deeper(value, left - 1)),
            Value::Object(map) => left == 0 || map.values().any(|value| deeper(value, left - 1)),
            _ => false,
        }
    }
    deeper(value, 32)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_went_makes_room_once_it_is_counted() {
        let mut ledger = Ledger::new(100);
        assert!(ledger.enter(97) && ledger.enter(3) && !ledger.enter(1));
        ledger.counted(100);
        assert!(!ledger.must_count(60), "nothing went, so there is nothing to count");
        ledger.release();
        assert!(ledger.must_count(60) && !ledger.must_count(0));
        ledger.counted(10);
        assert!(ledger.enter(60));
    }

    #[test]
    fn depth_is_measured_without_going_all_the_way_down() {
        let nested = |depth| (0..depth).fold(json!(1), |inner, _| json!([inner]));
        assert!(!too_deep(&nested(32)) && too_deep(&nested(33)) && too_deep(&nested(100)));
        assert!(weight(&json!({"a": "text"})) > 4);
    }
}
