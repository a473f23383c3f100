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
    /// Start a broadcast with a title and readers.
    Broadcast(String, Vec<String>),
    /// Give a member of this group a role.
    Role(String, String),
    /// Leave this group.
    Leave,
    /// Give this room another title.
    Rename(String),
    /// Mute this room, or not any more.
    Mute(bool),
    /// Put this room away, or take it back.
    Archive(bool),
    /// The rooms that were put away.
    Archived,
    /// Search rooms by title.
    Rooms(String),
    /// Search people by name.
    People(String),
    /// Search what was said.
    Find(String),
    /// Block somebody, or not any more; nobody named: the other side of this chat.
    Block(Option<String>, bool),
    /// The starred messages of this room, or of all rooms.
    Stars(bool),
    /// Send a file as what it is.
    Send(String),
    /// Send a file as a file, whatever it is.
    File(String),
    /// Ring the other side, with picture or without.
    Call(bool),
    /// The calls of the past.
    Calls,
    /// Delete this chat.
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

impl CommandHelp {
    /// How it is written, with its `/`.
    pub fn written(&self) -> String {
        format!("/{} {}", self.name, self.arguments).trim_end().to_owned()
    }
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
    help("role", "USER member|admin", "give a member of this group a role"),
    help("rename", "TITLE", "give this group another title"),
    help("leave", "", "leave this group"),
    help("broadcast", "TITLE: USER USER …", "write to several people at once, each in their own chat"),
    help("mute", "", "mute this room"),
    help("unmute", "", "hear this room again"),
    help("archive", "", "put this room away"),
    help("unarchive", "", "take this room back"),
    help("archived", "", "the rooms that were put away"),
    help("rooms", "TEXT", "search all rooms by title"),
    help("people", "[NAME]", "search people by name; without one, everybody"),
    help("find", "[WORDS]", "search what was said, in all rooms"),
    help("block", "[USER]", "block somebody; without a name, the other side of this chat"),
    help("unblock", "[USER]", "block somebody no longer"),
    help("stars", "[all]", "the starred messages of this room, or of all"),
    help("send", "PATH", "send a picture, film, voice recording or other file"),
    help("file", "PATH", "send a file as a file, whatever it is"),
    help("call", "", "ring the other side"),
    help("video", "", "ring the other side, with picture"),
    help("calls", "", "the calls of the past"),
    help("delete-chat", "", "delete this chat"),
    help("info", "", "who is in this room"),
    help("go", "ROOM", "go to a room by its title"),
    help("reconnect", "", "connect anew, now"),
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
        let some = || if rest.is_empty() { Err(usage()) } else { Ok(rest.to_owned()) };
        Ok(match name {
            "dm" => Self::Direct(one()?),
            "group" | "broadcast" => {
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
                let title = title.trim().to_owned();
                if name == "group" { Self::Group(title, members) } else { Self::Broadcast(title, members) }
            }
            "role" => match rest.rsplit_once(char::is_whitespace) {
                Some((user, role)) => Self::Role(user.trim().trim_start_matches('@').to_owned(), role.to_lowercase()),
                None => return Err(usage()),
            },
            "rename" => Self::Rename(some()?),
            "leave" => Self::Leave,
            "mute" | "unmute" => Self::Mute(name == "mute"),
            "archive" | "unarchive" => Self::Archive(name == "archive"),
            "archived" => Self::Archived,
            "rooms" => Self::Rooms(some()?),
            "people" => Self::People(rest.to_owned()),
            "find" => Self::Find(rest.to_owned()),
            "block" | "unblock" => Self::Block(one().ok(), name == "block"),
            "stars" => Self::Stars(rest == "all"),
            "send" => Self::Send(some()?),
            "file" => Self::File(some()?),
            "call" | "video" => Self::Call(name == "video"),
            "calls" => Self::Calls,
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
