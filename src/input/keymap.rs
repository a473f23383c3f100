//! The keymap: default bindings merged with those of the configuration.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::action::{Action, Context};
use super::key::{Key, KeyError};
use super::preset::Preset;

/// The live bindings.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Listed", into = "Listed")]
pub struct Keymap {
    /// Shared, as the settings and each reload have them too.
    bindings: Arc<Bindings>,
    /// Whether keys are shown with ASCII characters only.
    ascii: bool,
}

/// The bindings from both sides.
#[derive(Debug, Clone, Default, PartialEq)]
struct Bindings {
    actions: BTreeMap<(Context, Key), Action>,
    keys: BTreeMap<Action, Vec<Key>>,
}

impl Bindings {
    fn bind(&mut self, action: Action, keys: Vec<Key>) -> Result<(), KeymapError> {
        for key in &keys {
            if let Some(first) = self.actions.insert((action.context(), *key), action) {
                return Err(KeymapError::Twice { key: key.to_string(), first: first.name(), second: action.name() });
            }
        }
        self.keys.insert(action, keys);
        Ok(())
    }
}

impl From<Bindings> for Keymap {
    fn from(bindings: Bindings) -> Self {
        Self { bindings: Arc::new(bindings), ascii: false }
    }
}

/// A keymap as a list, for recordings.
#[derive(Serialize, Deserialize)]
struct Listed {
    /// The keys of each action, by its name.
    keys: BTreeMap<String, Vec<Key>>,
    ascii: bool,
}

impl From<Keymap> for Listed {
    fn from(map: Keymap) -> Self {
        let keys = map.bindings.keys.iter().map(|(action, keys)| (action.name().to_owned(), keys.clone())).collect();
        Self { keys, ascii: map.ascii }
    }
}

impl TryFrom<Listed> for Keymap {
    type Error = KeymapError;

    fn try_from(listed: Listed) -> Result<Self, KeymapError> {
        let mut bindings = Bindings::default();
        for (name, keys) in listed.keys {
            // An action that another version had cannot be meant by any key.
            if let Some(action) = Action::by_name(&name) {
                bindings.bind(action, keys)?;
            }
        }
        Ok(Self::from(bindings).with_ascii(listed.ascii))
    }
}

/// A binding that is rejected.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum KeymapError {
    /// The key cannot be parsed.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// Two actions of one context share a key.
    #[error("`{key}` is bound to both `{first}` and `{second}`; give one of them another key")]
    Twice {
        /// The key, as it is shown.
        key: String,
        /// The action that is bound to it already.
        first: &'static str,
        /// The action that is rejected.
        second: &'static str,
    },
}

impl Default for Keymap {
    fn default() -> Self {
        // A test checks that the defaults are valid, so the empty fallback is never used.
        Self::new(&[]).unwrap_or_else(|_| Bindings::default().into())
    }
}

impl Keymap {
    /// Builds the default bindings, with those of some actions replaced. An empty list unbinds the action; the last
    /// change of an action wins.
    ///
    /// # Errors
    /// If a key cannot be parsed, or two changed actions of one context share a key.
    pub fn new(changes: &[(Action, Vec<String>)]) -> Result<Self, KeymapError> {
        Self::with_preset(Preset::Default, changes)
    }

    /// Builds the bindings of a preset, with those of some actions replaced like in [`Keymap::new`]. A key that the user
    /// has chosen is no longer the default of another action of the same context: a new version must not break a
    /// configuration because an action of it has that key.
    ///
    /// # Errors
    /// If a key cannot be parsed, or two changed actions of one context share a key.
    pub fn with_preset(preset: Preset, changes: &[(Action, Vec<String>)]) -> Result<Self, KeymapError> {
        let mut bindings = Bindings::default();
        let change_of = |action| changes.iter().rev().find(|(changed, _)| *changed == action);
        for (action, keys) in Action::all().filter_map(change_of) {
            let keys = keys.iter().map(|key| key.parse()).collect::<Result<Vec<Key>, _>>()?;
            bindings.bind(*action, keys)?;
        }
        let chosen: BTreeSet<(Context, Key)> = bindings.actions.keys().copied().collect();
        for action in Action::all().filter(|action| change_of(*action).is_none()) {
            let mut keys = preset.keys(action).iter().map(|key| key.parse()).collect::<Result<Vec<Key>, _>>()?;
            keys.retain(|key| !chosen.contains(&(action.context(), *key)));
            bindings.bind(action, keys)?;
        }
        Ok(bindings.into())
    }

    /// The action bound to `key` in the first of `contexts` that binds it. If none does, a letter of another script
    /// acts as the Latin one on its key.
    pub fn action(&self, contexts: &[Context], key: Key) -> Option<Action> {
        let bound = |key| contexts.iter().find_map(|context| self.bindings.actions.get(&(*context, key)).copied());
        bound(key).or_else(|| key.latin().and_then(bound))
    }

    /// The actions that a key is bound to, in all contexts.
    pub fn actions(&self, key: Key) -> Vec<Action> {
        let is_bound = |action: &Action| self.keys(*action).contains(&key);
        Action::all().filter(is_bound).collect()
    }

    /// Whether `key` is bound anywhere.
    pub fn is_bound(&self, key: Key) -> bool {
        self.bindings.keys.values().flatten().any(|bound| *bound == key)
    }

    /// The keys bound to `action`, the one to show first.
    pub fn keys(&self, action: Action) -> &[Key] {
        self.bindings.keys.get(&action).map_or(&[], Vec::as_slice)
    }

    /// The first key of `action` as it is shown to the user; empty if it has none.
    pub fn shown(&self, action: Action) -> String {
        self.keys(action).first().map(|key| self.show(*key)).unwrap_or_default()
    }

    /// The key as it is shown to the user.
    pub fn show(&self, key: Key) -> String {
        if self.ascii { key.in_ascii() } else { key.to_string() }
    }

    /// The same bindings, shown with ASCII characters only if `ascii`.
    pub fn with_ascii(self, ascii: bool) -> Self {
        Self { ascii, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Regression test: `PgUp` was refused and `↑` typed as text where keys are read as hints show them.
    #[test]
    fn default_keys_are_read_as_they_are_shown() {
        for keymap in [Keymap::default(), Keymap::default().with_ascii(true)] {
            for key in Action::all().flat_map(|action| keymap.keys(action).to_vec()) {
                let shown = keymap.show(key);
                assert_eq!(Key::parse_all(&shown), Ok(vec![key]), "{shown}");
            }
        }
    }

    #[test]
    fn defaults_bind_every_action() {
        let map = Keymap::new(&[]).expect("no default key is bound twice");
        // The arrow keys always move; only presets bind other keys to that.
        let moves = [Action::CharLeft, Action::CharRight, Action::RowUp, Action::RowDown];
        assert!(Action::all().all(|action| map.keys(action).is_empty() == moves.contains(&action)));
    }

    #[test]
    fn duplicate_key_names_both_actions() {
        let changes = [(Action::Quit, vec!["f6".into()]), (Action::Switcher, vec!["f6".into()])];
        let error = Keymap::new(&changes).expect_err("two of the user's bindings");
        assert_eq!(error.to_string(), "`F6` is bound to both `switcher` and `quit`; give one of them another key");
    }

    /// A configuration was rejected as soon as a new version gave one of its keys to another action.
    #[test]
    fn key_of_the_user_replaces_a_default() {
        let map = Keymap::new(&[(Action::Quit, vec!["ctrl+p".into()])]).expect("no conflict");
        let key: Key = "ctrl+p".parse().expect("a key");
        assert_eq!(map.action(&[Context::Anywhere], key), Some(Action::Quit));
        assert_eq!(map.shown(Action::Switcher), "Ctrl+K", "the other key is left");
        let elsewhere = map.action(&[Context::Overlay], key);
        assert_eq!(elsewhere, Some(Action::Up), "another context has its own keys");
    }

    #[test]
    fn innermost_context_wins() {
        let map = Keymap::default();
        let up = Key::plain(crate::input::Code::Up);
        assert_eq!(map.action(&[Context::EmptyComposer, Context::Composer], up), Some(Action::EditLast));
        assert_eq!(map.action(&[Context::Composer, Context::Anywhere], up), None);
    }
}
