//! Sets of key bindings that people know from other programs. `[keys]` in the configuration changes single bindings of
//! the chosen one.

use super::action::Action;

/// A set of key bindings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Preset {
    /// The bindings of the table of actions.
    #[default]
    Default,
    /// Scrolling and moving as in Vim, outside of the composer.
    Vim,
    /// Moving and editing as in Emacs.
    Emacs,
}

/// Actions with other keys than in the default set.
type Bindings = &'static [(Action, &'static [&'static str])];

const VIM: Bindings = &[
    (Action::Switcher, &["ctrl+k"]),
    (Action::NextRoom, &["alt+down", "ctrl+n"]),
    (Action::PreviousRoom, &["alt+up", "ctrl+p"]),
    (Action::ScrollUp, &["pageup", "ctrl+b", "ctrl+u"]),
    (Action::ScrollDown, &["pagedown", "ctrl+f", "ctrl+d"]),
    (Action::Search, &["alt+/"]),
    (Action::FocusRooms, &["alt+r"]),
    // Back to the composer, as to the insert mode.
    (Action::Cancel, &["esc", "i"]),
    (Action::MessageDetails, &["I"]),
    (Action::MessageMark, &["space", "V"]),
    (Action::Redo, &["ctrl+r", "alt+shift+z"]),
];

const EMACS: Bindings = &[
    (Action::Switcher, &["alt+x"]),
    (Action::FocusRooms, &["alt+r"]),
    (Action::Search, &["ctrl+s"]),
    (Action::Help, &["f1"]),
    (Action::Cancel, &["esc", "ctrl+g"]),
    (Action::ScrollUp, &["pageup", "alt+v"]),
    (Action::ScrollDown, &["pagedown", "ctrl+v"]),
    (Action::ToOldest, &["ctrl+home", "alt+<"]),
    (Action::ToNewest, &["ctrl+end", "alt+>"]),
    (Action::CharLeft, &["ctrl+b"]),
    (Action::CharRight, &["ctrl+f"]),
    (Action::RowUp, &["ctrl+p"]),
    (Action::RowDown, &["ctrl+n"]),
    (Action::DeleteToEnd, &["ctrl+k"]),
    (Action::Yank, &["ctrl+y"]),
    (Action::PasteImage, &["alt+shift+v"]),
    (Action::Undo, &["ctrl+/", "alt+z"]),
    (Action::Cut, &["ctrl+w", "ctrl+x"]),
];

impl Preset {
    /// All sets.
    pub const ALL: [Self; 3] = [Self::Default, Self::Vim, Self::Emacs];

    /// Returns the name in the configuration.
    pub fn name(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::Vim => "vim",
            Self::Emacs => "emacs",
        }
    }

    /// Returns the set with this name.
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|preset| preset.name() == name)
    }

    /// Returns the keys of an action.
    pub(super) fn keys(self, action: Action) -> &'static [&'static str] {
        let other = match self {
            Self::Default => &[],
            Self::Vim => VIM,
            Self::Emacs => EMACS,
        };
        let other = other.iter().find(|(other, _)| *other == action);
        other.map_or_else(|| action.default_keys(), |(_, keys)| *keys)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Context, Key, Keymap};
    use super::*;

    fn map(preset: Preset) -> Keymap {
        Keymap::with_preset(preset, &[]).unwrap_or_else(|error| panic!("{}: {error}", preset.name()))
    }

    fn bound(preset: Preset, contexts: &[Context], key: &str) -> Option<Action> {
        map(preset).action(contexts, key.parse::<Key>().expect("a key"))
    }

    /// With a preset, no action becomes unreachable because an inner context takes all its keys.
    #[test]
    fn every_action_can_be_reached() {
        for preset in Preset::ALL {
            let keymap = map(preset);
            for action in Action::all().filter(|action| action.context() == Context::Anywhere) {
                let composer = [Context::Composer, Context::Anywhere];
                let keys = keymap.keys(action);
                let is_typed = |key: &Key| key.typed().is_some();
                let reached =
                    keys.iter().filter(|key| !is_typed(key)).any(|key| keymap.action(&composer, *key) == Some(action));
                assert!(reached, "{}: {} {keys:?}", preset.name(), action.name());
            }
        }
    }

    #[test]
    fn vim_scrolls_and_returns_to_the_composer() {
        let message = [Context::Message, Context::Anywhere];
        assert_eq!(bound(Preset::Vim, &message, "ctrl+d"), Some(Action::ScrollDown));
        assert_eq!(bound(Preset::Vim, &message, "i"), Some(Action::Cancel));
        assert_eq!(bound(Preset::Vim, &message, "j"), Some(Action::MessageDown));
    }

    #[test]
    fn emacs_moves_and_kills() {
        let composer = [Context::Composer, Context::Anywhere];
        let keys = ["ctrl+f", "ctrl+n", "ctrl+k", "ctrl+g", "alt+x"];
        let expected =
            [Action::CharRight, Action::RowDown, Action::DeleteToEnd, Action::Cancel, Action::Switcher].map(Some);
        assert_eq!(keys.map(|key| bound(Preset::Emacs, &composer, key)), expected);
    }

    #[test]
    fn key_of_the_user_replaces_one_of_a_preset() {
        let map = Keymap::with_preset(Preset::Emacs, &[(Action::Quit, vec!["ctrl+s".into()])]).expect("no conflict");
        assert_eq!(map.shown(Action::Quit), "Ctrl+S");
        assert_eq!(map.shown(Action::Search), "");
    }
}
