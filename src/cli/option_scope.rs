//! Which options have an effect with which command. Any other option is rejected instead of being ignored silently.

use crate::config::{Given, KNOBS};

use super::arguments::{Command, ConfigCommand};

/// The options that a command accepts, by their keys in [`KNOBS`]. Commands that are not listed accept all of them.
const ACCEPTED: &[(&str, &[&str])] = &[
    ("demo", &["config", "log", "theme", "ascii", "mouse", "backend", "user", "name", "room"]),
    ("serve", &["backend", "api_key"]),
    ("config path", &["config"]),
    ("config init", &["config"]),
    ("completions", &[]),
    ("man", &[]),
];

/// Help for options that have another meaning or default with a command: command, key, help. These commands use no
/// account, so the options' environment variables do not apply.
const OVERRIDES: &[(&str, &str, &str)] = &[
    ("demo", "backend", "Chat service to simulate: minchat or vchat [default: minchat]"),
    ("demo", "user", "User name to chat as [default: guest]"),
    ("demo", "name", "Name shown to others [default: the user name]"),
    ("demo", "room", "Room to open first, by id or title [default: the most recent]"),
    ("serve", "backend", "Chat service to simulate: minchat or vchat [default: minchat]"),
    ("serve", "api_key", "API key to accept, or hash key for vchat [default: SANDBOX]"),
];

/// Whether the option with this key has an effect with a command.
pub(super) fn is_accepted(command: &str, key: &str) -> bool {
    ACCEPTED.iter().find(|(name, _)| *name == command).is_none_or(|(_, keys)| keys.contains(&key))
}

/// The command's own help for an option, if it differs from the general one.
pub(super) fn help_override(command: &str, key: &str) -> Option<&'static str> {
    OVERRIDES.iter().find(|(name, other, _)| *name == command && *other == key).map(|(_, _, help)| *help)
}

impl Command {
    /// The command as it is typed.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Demo { .. } => "demo",
            Self::Serve { .. } => "serve",
            Self::Config { command: ConfigCommand::Path } => "config path",
            Self::Config { command: ConfigCommand::Check } => "config check",
            Self::Config { command: ConfigCommand::Init } => "config init",
            Self::Completions { .. } => "completions",
            Self::Man => "man",
        }
    }

    /// Rejects options that have no effect with this command.
    ///
    /// # Errors
    /// A sentence that names the first such option.
    pub fn accepts(&self, given: &Given) -> Result<(), String> {
        let name = self.name();
        let rejected = KNOBS.iter().find(|knob| given.0.contains_key(knob.key) && !is_accepted(name, knob.key));
        match rejected.and_then(|knob| knob.option) {
            Some(option) => Err(format!("{option} has no effect with `{name}`. Remove it.")),
            None => Ok(()),
        }
    }
}
