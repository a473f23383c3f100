//! Slash commands: what can be typed after a `/`, and how it is parsed.
//!
//! A row of [`COMMANDS`] is all it takes to add a command to the parser, the completion, the help, the man page and the
//! README. What the command does is a match arm in `app`, which the compiler then asks for.

use thiserror::Error;

/// A parsed command. "User" means the user name as the service knows it, without the `@`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Open the direct message with a user.
    Direct(String),
    /// Create a group with a title and members.
    Group(String, Vec<String>),
    /// Add a user to the open room.
    Add(String),
    /// Remove a user from the open room.
    Remove(String),
    /// Create a broadcast with a title and recipients.
    Broadcast(String, Vec<String>),
    /// Change the role of a user in the open group: user, then role in lower case.
    Role(String, String),
    /// Leave the open group.
    Leave,
    /// Rename the open group or broadcast.
    Rename(String),
    /// Mute the open room, or unmute it.
    Mute(bool),
    /// Archive the open room, or unarchive it.
    Archive(bool),
    /// List the archived rooms.
    Archived,
    /// Search rooms by title.
    Rooms(String),
    /// Search people by name; an empty name lists everyone.
    People(String),
    /// Search messages.
    Find(String),
    /// Block a user, or unblock them; `None` is the other person of the open direct message.
    Block(Option<String>, bool),
    /// List the starred messages of all rooms, or else of the open one.
    Stars(bool),
    /// Send a file as an image, video or voice message if it is one.
    Send(String),
    /// Send a file as a plain file, whatever its type.
    File(String),
    /// Call the other person, with video or without.
    Call(bool),
    /// List past calls.
    Calls,
    /// Delete the open room.
    DeleteChat,
    /// Show info about the open room.
    Info,
    /// Go to a room by its title.
    Go(String),
    /// Reconnect now.
    Reconnect,
    /// Show the help.
    Help,
    /// Quit.
    Quit,
}

/// A row of the table of commands.
#[derive(Debug, Clone, Copy)]
pub struct CommandHelp {
    /// Its name, without the `/`.
    pub name: &'static str,
    /// Its arguments, as the help shows them.
    pub arguments: &'static str,
    /// The text of the help, in sentence case.
    pub help: &'static str,
    parse: fn(Arguments<'_>) -> Result<Command, CommandError>,
}

impl CommandHelp {
    /// The command as it is typed, with its `/` and its arguments.
    pub fn written(&self) -> String {
        format!("/{} {}", self.name, self.arguments).trim_end().to_owned()
    }
}

/// Rows are identified by their name.
impl PartialEq for CommandHelp {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for CommandHelp {}

/// The text after the name of a command, without surrounding whitespace.
#[derive(Clone, Copy)]
struct Arguments<'a> {
    command: &'static CommandHelp,
    text: &'a str,
}

impl Arguments<'_> {
    fn usage(self) -> CommandError {
        CommandError::Arguments(self.command.written())
    }

    fn optional(self) -> String {
        self.text.to_owned()
    }

    fn required(self) -> Result<String, CommandError> {
        if self.text.is_empty() { Err(self.usage()) } else { Ok(self.optional()) }
    }

    fn optional_user(self) -> Option<String> {
        Some(without_at(self.text)).filter(|_| !self.text.is_empty())
    }

    fn user(self) -> Result<String, CommandError> {
        self.optional_user().ok_or_else(|| self.usage())
    }

    /// `TITLE: USER USER …`; users may also be separated by commas.
    fn title_and_users(self) -> Result<(String, Vec<String>), CommandError> {
        let (title, users) = self.text.split_once(':').ok_or_else(|| self.usage())?;
        let users: Vec<_> = users.split([' ', ',']).map(without_at).filter(|user| !user.is_empty()).collect();
        if users.is_empty() { Err(self.usage()) } else { Ok((title.trim().to_owned(), users)) }
    }

    fn user_and_role(self) -> Result<(String, String), CommandError> {
        let (user, role) = self.text.rsplit_once(char::is_whitespace).ok_or_else(|| self.usage())?;
        Ok((without_at(user.trim()), role.to_lowercase()))
    }
}

fn without_at(user: &str) -> String {
    user.trim_start_matches('@').to_owned()
}

const fn row(
    name: &'static str,
    arguments: &'static str,
    help: &'static str,
    parse: fn(Arguments<'_>) -> Result<Command, CommandError>,
) -> CommandHelp {
    CommandHelp { name, arguments, help, parse }
}

/// Every command, in the order of the help: name, arguments, help, parser of the arguments.
#[rustfmt::skip]
pub const COMMANDS: &[CommandHelp] = &[
    row("dm", "USER", "Open the direct message with a user", |args| args.user().map(Command::Direct)),
    row("group", "TITLE: USER USER …", "Create a group",
        |args| args.title_and_users().map(|(title, users)| Command::Group(title, users))),
    row("add", "USER", "Add a user to this room", |args| args.user().map(Command::Add)),
    row("remove", "USER", "Remove a user from this room", |args| args.user().map(Command::Remove)),
    row("role", "USER member|admin", "Change the role of a member of this group",
        |args| args.user_and_role().map(|(user, role)| Command::Role(user, role))),
    row("rename", "TITLE", "Rename this group or broadcast", |args| args.required().map(Command::Rename)),
    row("leave", "", "Leave this group", |_| Ok(Command::Leave)),
    row("broadcast", "TITLE: USER USER …", "Message several people at once, each in a direct message",
        |args| args.title_and_users().map(|(title, users)| Command::Broadcast(title, users))),
    row("mute", "", "Mute this room", |_| Ok(Command::Mute(true))),
    row("unmute", "", "Unmute this room", |_| Ok(Command::Mute(false))),
    row("archive", "", "Archive this room", |_| Ok(Command::Archive(true))),
    row("unarchive", "", "Unarchive this room", |_| Ok(Command::Archive(false))),
    row("archived", "", "List archived rooms", |_| Ok(Command::Archived)),
    row("rooms", "TEXT", "Search rooms by title", |args| args.required().map(Command::Rooms)),
    row("people", "[NAME]", "Search people by name, or list everyone", |args| Ok(Command::People(args.optional()))),
    row("find", "[WORDS]", "Search messages in all rooms", |args| Ok(Command::Find(args.optional()))),
    row("block", "[USER]", "Block a user, or the other person of this direct message",
        |args| Ok(Command::Block(args.optional_user(), true))),
    row("unblock", "[USER]", "Unblock a user, or the other person of this direct message",
        |args| Ok(Command::Block(args.optional_user(), false))),
    row("stars", "[all]", "List starred messages of this room, or of all rooms",
        |args| Ok(Command::Stars(args.text == "all"))),
    row("send", "PATH", "Send an image, video, voice recording or other file",
        |args| args.required().map(Command::Send)),
    row("file", "PATH", "Send a file as a plain file, whatever its type", |args| args.required().map(Command::File)),
    row("call", "", "Start a voice call", |_| Ok(Command::Call(false))),
    row("video", "", "Start a video call", |_| Ok(Command::Call(true))),
    row("calls", "", "List past calls", |_| Ok(Command::Calls)),
    row("delete-chat", "", "Delete this room", |_| Ok(Command::DeleteChat)),
    row("info", "", "Show room info", |_| Ok(Command::Info)),
    row("go", "ROOM", "Go to a room by title", |args| args.user().map(Command::Go)),
    row("reconnect", "", "Reconnect", |_| Ok(Command::Reconnect)),
    row("help", "", "Show keys and commands", |_| Ok(Command::Help)),
    row("quit", "", "Quit", |_| Ok(Command::Quit)),
];

/// A command that cannot be parsed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CommandError {
    /// No command has this name.
    #[error("Unknown command /{0}. Try /help, or // to send text that starts with a slash.")]
    Unknown(String),
    /// Arguments are missing or malformed; holds the usage.
    #[error("Usage: {0}")]
    Arguments(String),
}

impl Command {
    /// Parses the text after the `/`.
    ///
    /// # Errors
    /// If there is no such command, or its arguments are missing or malformed.
    pub fn parse(line: &str) -> Result<Self, CommandError> {
        let (name, text) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        let command = COMMANDS.iter().find(|command| command.name == name);
        let command = command.ok_or_else(|| CommandError::Unknown(name.to_owned()))?;
        (command.parse)(Arguments { command, text: text.trim() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn group_has_a_title_and_members() {
        let group = Command::parse("group Release crew: alice @bob,carol");
        let members = ["alice", "bob", "carol"].map(str::to_owned).to_vec();
        assert_eq!(group, Ok(Command::Group("Release crew".into(), members)));
    }

    #[test]
    fn missing_argument_shows_the_usage() {
        assert_eq!(Command::parse("dm").map_err(|e| e.to_string()), Err("Usage: /dm USER".into()));
        assert_eq!(Command::parse("nope"), Err(CommandError::Unknown("nope".into())));
    }

    #[test]
    fn command_names_are_unique() {
        let mut names: Vec<_> = COMMANDS.iter().map(|command| command.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), COMMANDS.len());
    }

    #[test]
    fn block_without_a_name_means_the_other_person() {
        assert_eq!(Command::parse("block"), Ok(Command::Block(None, true)));
        assert_eq!(Command::parse("unblock @bob"), Ok(Command::Block(Some("bob".into()), false)));
    }
}
