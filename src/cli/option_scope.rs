//! The options that have an effect on a command. All other options are rejected instead of being ignored silently.

use crate::config::{CliValues, Flag, Group};

use super::arguments::{Command, ConfigCommand};
use super::headless::{OTHER_COMMANDS, ROOM_COMMANDS};
use super::option_flags::flags;

/// The command that reads all options, as chatting does.
const CHECK: &str = "config check";

/// The flag of the room, which a command for scripts concerns.
const ROOM: &str = "--room";

/// The flags of what only a chat in a terminal has.
const OF_CHAT: &[&str] = &["--record", "--record-names", "--control"];

/// The flags that `run` does not have: the people of a scenario have names of their own.
const OF_ONE_PERSON: &[&str] = &["--user", "--name"];

/// The help of this flag there.
const ROOM_HELP: &str = "Room: an id, a title, or the user name of a person";

/// Help for options that have another meaning or default with a command, as tuples of command, key and help. These
/// commands may use no account, so only the environment variables that the help names apply.
const OVERRIDES: &[(&str, &str, &str)] = &[
    ("demo", "backend", "Chat service to simulate: minchat, vchat or both [default: minchat] [env: MINCHAT_BACKEND]"),
    ("demo", "user", "User name to chat as [default: guest]"),
    ("demo", "name", "Name shown to others [default: the user name]"),
    ("demo", "room", "Room to open first, by id or title [default: the most recent]"),
    ("serve", "backend", "Chat service to simulate: minchat or vchat [default: minchat] [env: MINCHAT_BACKEND]"),
    (
        "serve",
        "api_key",
        "API key to accept, or hash key for vchat [default: a random one]. MINCHAT_API_KEY is not read, because the key \
         is printed",
    ),
    ("config add", "backend", "Chat service to suggest: minchat or vchat [default: minchat] [env: MINCHAT_BACKEND]"),
    ("config add", "url", "Address to suggest"),
    ("load", "backend", "Chat service: minchat or vchat [default: minchat] [env: MINCHAT_BACKEND]"),
    ("load", "url", "Address of a running sandbox [default: a new one in this process] [env: MINCHAT_URL]"),
    ("run", "backend", "Chat service: minchat, vchat or both [default: minchat] [env: MINCHAT_BACKEND]"),
    ("run", "url", "Address of a running service [default: sandbox servers of its own] [env: MINCHAT_URL]"),
    ("run", "default_profile", "Profile of a running service; may be repeated [env: MINCHAT_PROFILE]"),
    ("load", "api_key", "API key of the sandbox at --url, or its hash key for vchat [env: MINCHAT_API_KEY]"),
];

/// Whether an option flag has an effect on a command.
pub(super) fn is_accepted(command: &str, flag: &Flag) -> bool {
    command == CHECK
        || flag.commands.contains(&command)
        || (is_for_scripts(command)
            && flag.group != Group::Display
            && !OF_CHAT.contains(&flag.long)
            && (command != "run" || !OF_ONE_PERSON.contains(&flag.long))
            && (flag.long != ROOM || ROOM_COMMANDS.contains(&command)))
}

/// Whether a command is one of those for scripts, which have all options of accounts.
pub(super) fn is_for_scripts(command: &str) -> bool {
    ROOM_COMMANDS.contains(&command) || OTHER_COMMANDS.contains(&command)
}

/// The command's own help for an option, if it differs from the general one.
pub(super) fn help_override(command: &str, key: &str) -> Option<&'static str> {
    if key == "room" && ROOM_COMMANDS.contains(&command) {
        return Some(ROOM_HELP);
    }
    OVERRIDES.iter().find(|(name, other, _)| *name == command && *other == key).map(|(_, _, help)| *help)
}

impl Command {
    /// The command as it is typed.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Demo { .. } => "demo",
            Self::Serve { .. } => "serve",
            Self::Headless(command) => command.name(),
            Self::Run { .. } => "run",
            Self::Replay { .. } => "replay",
            Self::Load { .. } => "load",
            Self::Config { command: ConfigCommand::Path } => "config path",
            Self::Config { command: ConfigCommand::Check } => CHECK,
            Self::Config { command: ConfigCommand::Init } => "config init",
            Self::Config { command: ConfigCommand::Add { .. } } => "config add",
            Self::Completions { .. } => "completions",
            Self::Man => "man",
        }
    }

    /// Rejects options that have no effect with this command.
    ///
    /// # Errors
    /// A sentence that names the first such option.
    pub fn accepts(&self, values: &CliValues) -> Result<(), String> {
        let name = self.name();
        let mut given = flags().filter(|(option, _)| values.get(option.key).is_some());
        match given.find(|(_, flag)| !is_accepted(name, flag)) {
            Some((_, flag)) => Err(format!("{} has no effect with `{name}`. Remove it.", flag.long)),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::help::command;
    use super::*;

    #[test]
    fn option_table_names_existing_commands() {
        let command = command();
        let names: Vec<String> = command
            .get_subcommands()
            .flat_map(|command| {
                let nested =
                    command.get_subcommands().map(|nested| format!("{} {}", command.get_name(), nested.get_name()));
                nested.chain([command.get_name().to_owned()])
            })
            .collect();
        for (option, flag) in flags() {
            for name in flag.commands {
                assert!(names.iter().any(|known| known == name), "{}: {name}", option.key);
            }
        }
    }

    /// Regression test: `--control` was accepted by commands that open no socket.
    #[test]
    fn commands_for_scripts_have_no_options_of_the_chat() {
        for command in ROOM_COMMANDS.iter().chain(OTHER_COMMANDS) {
            for (option, flag) in flags() {
                let is_of_chat = flag.group == Group::Display || OF_CHAT.contains(&flag.long);
                assert!(!is_of_chat || !is_accepted(command, &flag), "{command} {}", option.key);
            }
        }
        assert!(OF_CHAT.iter().chain(OF_ONE_PERSON).all(|long| flags().any(|(_, flag)| flag.long == *long)));
    }

    #[test]
    fn overridden_help_belongs_to_accepted_options() {
        for (command, key, _) in OVERRIDES {
            let (_, flag) = flags().find(|(option, _)| option.key == *key).expect("the option");
            assert!(is_accepted(command, &flag), "{command} {key}");
        }
    }
}
