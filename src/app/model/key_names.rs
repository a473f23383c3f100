//! Names of keys in sentences and hints, for what the user presses for an action.
//!
//! Where lines are typed instead of keys (`--linear`), the name of a key is no help: a command is named instead.

use crate::app::model::options::Options;
use crate::input::{Action, Key};

impl Options {
    /// Returns the key of an action as it is shown, or what is typed instead of it; empty if the action has neither.
    pub fn key_name(&self, action: Action) -> String {
        if !self.linear {
            return self.keymap.shown(action);
        }
        match (command_of(action), self.keymap.keys(action).first()) {
            (Some(command), _) => command.to_owned(),
            (None, Some(key)) => self.name_of(*key),
            (None, None) => String::new(),
        }
    }

    /// Returns a key as it is shown, or what is typed instead of it.
    pub(in crate::app) fn name_of(&self, key: Key) -> String {
        // A line of a single character is a key.
        if !self.linear || key.typed().is_some_and(|c| c != ' ') {
            key.to_string()
        } else {
            format!("/key {}", key.in_ascii().to_lowercase())
        }
    }

    /// Returns how to trigger an action, as the beginning of a sentence: `Press Ctrl+K`, `Type /rooms`, or how to give it
    /// a key if it has none.
    pub fn press(&self, action: Action) -> String {
        self.trigger(action, ["Press", "Type", "Bind a key to"])
    }

    /// Returns how to trigger an action, within a sentence: `press Ctrl+K` or `type /rooms`.
    pub fn to_press(&self, action: Action) -> String {
        self.trigger(action, ["press", "type", "bind a key to"])
    }

    fn trigger(&self, action: Action, [press, enter, bind]: [&str; 3]) -> String {
        let key = self.key_name(action);
        match (key.is_empty(), command_of(action)) {
            (false, _) => format!("{} {key}", if self.linear { enter } else { press }),
            (true, Some(command)) => format!("{enter} {command}"),
            (true, None) => format!("{bind} {}", action.name()),
        }
    }
}

/// Returns the command that does the same as an action.
fn command_of(action: Action) -> Option<&'static str> {
    Some(match action {
        Action::Switcher => "/rooms",
        Action::LastRoom => "/go -",
        Action::Search => "/search",
        Action::RoomInfo => "/info",
        Action::Notices => "/notices",
        Action::Reconnect => "/reconnect",
        Action::Inspector => "/inspect",
        Action::Help => "/help",
        Action::Quit | Action::Interrupt => "/quit",
        _ => return None,
    })
}
