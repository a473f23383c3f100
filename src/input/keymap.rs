//! Which key does what, after the config had its say.

use std::collections::HashMap;

use thiserror::Error;

use super::action::{Action, Context};
use super::key::{Key, KeyError};

/// The live bindings.
#[derive(Debug, Clone, PartialEq)]
pub struct Keymap {
    bindings: HashMap<(Context, Key), Action>,
    keys: HashMap<Action, Vec<Key>>,
}

/// A binding that cannot be.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum KeymapError {
    /// The key cannot be read.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// Two actions want one key in one place.
    #[error("`{key}` is bound to `{first}` and to `{second}`; give one of them another key")]
    Twice {
        /// The key.
        key: String,
        /// The action that had it.
        first: &'static str,
        /// The action that wants it too.
        second: &'static str,
    },
}

impl Default for Keymap {
    fn default() -> Self {
        // The defaults are tested to be sound, so nothing is lost by falling back to no bindings at all.
        Self::new(&[]).unwrap_or(Self { bindings: HashMap::new(), keys: HashMap::new() })
    }
}

impl Keymap {
    /// The default bindings with those of some actions replaced. An empty list unbinds the action.
    ///
    /// # Errors
    /// When a key cannot be read, or two actions of one context share a key.
    pub fn new(changes: &[(Action, Vec<String>)]) -> Result<Self, KeymapError> {
        let mut map = Self { bindings: HashMap::new(), keys: HashMap::new() };
        for action in Action::all() {
            let changed = changes.iter().rev().find(|(changed, _)| *changed == action);
            let keys = match changed {
                Some((_, keys)) => keys.iter().map(|key| key.parse()).collect::<Result<Vec<Key>, _>>()?,
                None => action.default_keys().iter().map(|key| key.parse()).collect::<Result<_, _>>()?,
            };
            map.bind(action, keys)?;
        }
        Ok(map)
    }

    /// What `key` does where the first of `contexts` that knows it says so.
    pub fn action(&self, contexts: &[Context], key: Key) -> Option<Action> {
        contexts.iter().find_map(|context| self.bindings.get(&(*context, key)).copied())
    }

    /// The keys of `action`, the one to show first.
    pub fn keys(&self, action: Action) -> &[Key] {
        self.keys.get(&action).map_or(&[], Vec::as_slice)
    }

    /// The first key of `action` as it is shown; empty when it has none.
    pub fn shown(&self, action: Action) -> String {
        self.keys(action).first().map(Key::to_string).unwrap_or_default()
    }

    fn bind(&mut self, action: Action, keys: Vec<Key>) -> Result<(), KeymapError> {
        for key in &keys {
            if let Some(first) = self.bindings.insert((action.context(), *key), action) {
                return Err(KeymapError::Twice { key: key.to_string(), first: first.name(), second: action.name() });
            }
        }
        self.keys.insert(action, keys);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_sound() {
        let map = Keymap::new(&[]).expect("no default key is bound twice");
        assert!(Action::all().all(|action| !map.keys(action).is_empty()));
    }

    #[test]
    fn a_key_bound_twice_names_both_actions() {
        let error = Keymap::new(&[(Action::Quit, vec!["ctrl+k".into()])]).expect_err("ctrl+k is the switcher's");
        assert_eq!(error.to_string(), "`Ctrl+K` is bound to `switcher` and to `quit`; give one of them another key");
    }

    #[test]
    fn the_nearest_context_wins() {
        let map = Keymap::default();
        let up = Key::plain(crate::input::Code::Up);
        assert_eq!(map.action(&[Context::EmptyComposer, Context::Composer], up), Some(Action::EditLast));
        assert_eq!(map.action(&[Context::Composer, Context::Anywhere], up), None);
    }
}
