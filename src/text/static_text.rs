//! Texts that live as long as the program, read from a file.
//!
//! Names from tables, such as the keys of options, are `&'static str`. A recording contains them too, and each different
//! one is allocated once when it is read.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Deserializer};

/// A text of the program itself. An alias, because serde would otherwise try to borrow such fields from its input.
pub type StaticStr = &'static str;

static KNOWN: Mutex<BTreeSet<StaticStr>> = Mutex::new(BTreeSet::new());

/// Reads a text, for `#[serde(deserialize_with)]`.
///
/// # Errors
/// There is no text.
pub fn static_str<'de, D: Deserializer<'de>>(deserializer: D) -> Result<StaticStr, D::Error> {
    String::deserialize(deserializer).map(|text| interned(&text))
}

/// Reads a text that may be missing, for `#[serde(deserialize_with)]`.
///
/// # Errors
/// There is something else than a text.
pub fn optional_static_str<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<StaticStr>, D::Error> {
    Ok(Option::<String>::deserialize(deserializer)?.map(|text| interned(&text)))
}

/// Reads a list of texts, for `#[serde(deserialize_with)]`.
///
/// # Errors
/// There is something else than a list of texts.
pub fn static_strs<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<StaticStr>, D::Error> {
    Ok(Vec::<String>::deserialize(deserializer)?.iter().map(|text| interned(text)).collect())
}

fn interned(text: &str) -> StaticStr {
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    match known.get(text) {
        Some(known) => known,
        None => {
            let text: StaticStr = Box::leak(Box::from(text));
            known.insert(text);
            text
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_texts_are_allocated_once() {
        assert!(std::ptr::eq(interned("theme"), interned(&String::from("theme"))));
        assert_ne!(interned("theme"), interned("keys"));
    }
}
