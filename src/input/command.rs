//! What can be typed after a `/`.

use thiserror::Error;

/// A command, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Open the one-to-one chat with somebody.
    Direct(String),
    /// Start a group with a title and members.
    Group(String, Vec<String>),
    /// Add somebody to this room.
    Add(String),
    /// Remove somebody from this room.
    Remove(String),
    /// Delete this chat for everybody.
    DeleteChat,
    /// Who is in this room.
    Info,
    /// Go to a room by its title.
    Go(String),
    /// Try to connect now.
    Reconnect,
    /// Show the help.
    Help,
    /// Quit.
    Quit,
}

/// A command, as the help and the completion show it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CommandHelp {
    /// Its name, without the `/`.
    pub name: &'static str,
    /// Its arguments.
    pub arguments: &'static str,
    /// What it does.
    pub help: &'static str,
}

const fn help(name: &'static str, arguments: &'static str, help: &'static str) -> CommandHelp {
    CommandHelp { name, arguments, help }
}

/// Every command, in the order of the help.
pub const COMMANDS: &[CommandHelp] = &[
    help("dm", "USER", "chat with somebody, by user name"),
    help("group", "TITLE: USER USER …", "start a group"),
    help("add", "USER", "add somebody to this room"),
    help("remove", "USER", "remove somebody from this room"),
    help("delete-chat", "", "delete this chat for everybody"),
    help("info", "", "who is in this room"),
    help("go", "ROOM", "go to a room by its title"),
    help("reconnect", "", "try to connect now"),
    help("help", "", "keys and commands"),
    help("quit", "", "quit"),
];

/// A command that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CommandError {
    /// There is none of that name.
    #[error("There is no command /{0}. F1 lists them; // sends a line that begins with a slash.")]
    Unknown(String),
    /// It needs other arguments.
    #[error("Write it as /{0}.")]
    Arguments(String),
}

impl Command {
    /// Reads what was typed after the `/`.
    ///
    /// # Errors
    /// When there is no such command, or its arguments are missing.
    pub fn parse(line: &str) -> Result<Self, CommandError> {
        let (name, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        let rest = rest.trim();
        let entry = COMMANDS.iter().find(|entry| entry.name == name);
        let entry = entry.ok_or_else(|| CommandError::Unknown(name.to_owned()))?;
        let usage = || CommandError::Arguments(format!("{} {}", entry.name, entry.arguments).trim_end().to_owned());
        let one = || if rest.is_empty() { Err(usage()) } else { Ok(rest.trim_start_matches('@').to_owned()) };
        Ok(match name {
            "dm" => Self::Direct(one()?),
            "group" => {
                let (title, members) = rest.split_once(':').ok_or_else(usage)?;
                let members: Vec<_> = members
                    .split([' ', ','])
                    .map(|name| name.trim_start_matches('@'))
                    .filter(|name| !name.is_empty())
                    .map(str::to_owned)
                    .collect();
                if members.is_empty() {
                    return Err(usage());
                }
                Self::Group(title.trim().to_owned(), members)
            }
            "add" => Self::Add(one()?),
            "remove" => Self::Remove(one()?),
            "delete-chat" => Self::DeleteChat,
            "info" => Self::Info,
            "go" => Self::Go(one()?),
            "reconnect" => Self::Reconnect,
            "help" => Self::Help,
            _ => Self::Quit,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_has_a_title_and_members() {
        let group = Command::parse("group Release crew: alice bob,carol");
        let members = ["alice", "bob", "carol"].map(str::to_owned).to_vec();
        assert_eq!(group, Ok(Command::Group("Release crew".into(), members)));
    }

    #[test]
    fn a_command_without_its_argument_shows_how_to_write_it() {
        assert_eq!(Command::parse("dm").map_err(|e| e.to_string()), Err("Write it as /dm USER.".into()));
        assert!(Command::parse("nope").is_err());
    }

    #[test]
    fn every_command_of_the_table_is_read() {
        for entry in COMMANDS {
            assert_ne!(Command::parse(entry.name), Err(CommandError::Unknown(entry.name.into())));
        }
        assert_eq!(Command::parse("quit"), Ok(Command::Quit));
    }
}
