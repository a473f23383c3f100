//! The table of slash commands: name, arguments, help and parser of each.

use crate::input::argument::ArgumentKind::{Choice, Member, Outsider, Path, Profile, Room, Text, Title, User, Users};
use crate::input::argument::{Argument, arg};

use super::typed_arguments::TypedArguments;
use super::{Command, CommandError};

/// A row of the table of commands.
#[derive(Debug, Clone, Copy)]
pub struct CommandSpec {
    /// Identifies the row.
    pub id: CommandId,
    /// Its name, without the `/`.
    pub name: &'static str,
    /// Its arguments, in the order in which they are typed.
    pub arguments: &'static [Argument],
    /// The text of the help, in sentence case.
    pub help: &'static str,
    parse: Parser,
}

/// Parses the arguments of a command.
type Parser = fn(TypedArguments<'_>) -> Result<Command, CommandError>;

impl CommandSpec {
    /// Returns the row of the command with this name, whatever its case: some keyboards begin a line in upper case.
    pub fn by_name(name: &str) -> Option<&'static Self> {
        COMMANDS.iter().find(|command| command.name.eq_ignore_ascii_case(name))
    }

    /// The command as it is typed, with its `/` and its arguments.
    pub fn usage(&self) -> String {
        Argument::usage(self.name, self.arguments)
    }

    /// Its arguments, as the help shows them.
    pub fn shown_arguments(&self) -> String {
        Argument::shown_all(self.arguments)
    }
}

impl PartialEq for CommandSpec {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for CommandSpec {}

/// Declares [`CommandId`] and [`COMMANDS`] from the same rows.
macro_rules! commands {
    ($($id:ident, $name:literal, [$($argument:expr),*], $help:literal, $parse:expr;)*) => {
        /// A command by its name, whatever its arguments.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum CommandId {
            $(#[doc = concat!("`/", $name, "`: ", $help, ".")] $id,)*
        }

        /// Every command, in the order of the help.
        pub const COMMANDS: &[CommandSpec] = &[$(CommandSpec {
            id: CommandId::$id,
            name: $name,
            arguments: &[$($argument),*],
            help: $help,
            parse: $parse,
        }),*];
    };
}

/// Times that complete `/mute`. Any other number is possible, too.
const MUTE_TIMES: &[&str] = &["1h", "8h", "1d", "1w"];

/// The levels of `/notify`.
const NOTIFY_LEVELS: &[&str] = &["all", "mentions", "dms", "none", "default"];

/// The themes that complete `/theme`: the built-in ones, and the one that follows the background of the terminal.
const THEMES: &[&str] = &[
    "auto",
    "dark",
    "light",
    "high-contrast",
    "high-contrast-light",
    "colorblind",
    "gruvbox",
    "gruvbox-light",
    "nord",
    "catppuccin",
    "catppuccin-latte",
    "ansi",
    "plain",
];

/// The orders of `/sort`.
const ROOM_ORDERS: &[&str] = &["activity", "unread", "name"];

/// The filters of `/filter`.
const ROOM_FILTERS: &[&str] = &["all", "unread", "dms", "groups"];

/// Endings of the messages that `/shrug` and `/tableflip` compose.
const SHRUG: &str = r"¯\_(ツ)_/¯";
const TABLE_FLIP: &str = "(╯°□°)╯︵ ┻━┻";

// In the order of the help: id; name; arguments; help; parser of the arguments.
commands! {
    Dm, "dm", [arg("USER", User)], "Open the direct message with a user", |args| args.user().map(Command::Direct);
    Group, "group", [arg("TITLE:", Title), arg("USER USER …", Users)], "Create a group",
        |args| args.title_and_users().map(|(title, users)| Command::Group(title, users));
    Add, "add", [arg("[USER]", Outsider)], "Add a user to this room, or choose one",
        |args| args.optional_user().map(Command::Add);
    Remove, "remove", [arg("USER", Member)], "Remove a user from this room", |args| args.user().map(Command::Remove);
    Role, "role", [arg("USER", Member), arg("member|admin", Choice(&["member", "admin"]))],
        "Change the role of a member of this group",
        |args| args.user_and_role().map(|(user, role)| Command::Role(user, role));
    Rename, "rename", [arg("TITLE", Text)], "Rename this group or broadcast",
        |args| args.required().map(Command::Rename);
    GroupPicture, "group-picture", [arg("PATH", Path)], "Change the picture of this group or broadcast",
        |args| args.required().map(Command::GroupPicture);
    Describe, "describe", [arg("TEXT", Text)], "Change the description of this group",
        |args| args.required().map(Command::Describe);
    Nick, "nick", [arg("[NAME]", Text)], "Give this room a name that only you see, or remove it",
        |args| Ok(Command::Nick(args.optional()));
    Leave, "leave", [], "Leave this group", |args| args.none(Command::Leave);
    Broadcast, "broadcast", [arg("TITLE:", Title), arg("USER USER …", Users)],
        "Message several people at once, each in a direct message",
        |args| args.title_and_users().map(|(title, users)| Command::Broadcast(title, users));
    Mute, "mute", [arg("[1h|8h|1d|1w|…]", Choice(MUTE_TIMES))],
        "Mute this room, for a number of minutes (m), hours, days or weeks, or until you unmute it",
        |args| args.optional_duration().map(Command::Mute);
    Unmute, "unmute", [], "Unmute this room", |args| args.none(Command::Unmute);
    Notify, "notify", [arg("[all|mentions|dms|none|default]", Choice(NOTIFY_LEVELS))],
        "About what to notify in this room: all, mentions and direct messages, dms only, none, or as elsewhere",
        |args| args.word_of(NOTIFY_LEVELS).map(Command::Notify);
    Pin, "pin", [], "Pin this room to the top of the room list", |args| args.none(Command::Pin(true));
    Unpin, "unpin", [], "Unpin this room", |args| args.none(Command::Pin(false));
    Read, "read", [arg("[all]", Choice(&["all"]))], "Mark this room as read, or all rooms",
        |args| args.all().map(Command::Read);
    Sort, "sort", [arg("[activity|unread|name]", Choice(ROOM_ORDERS))], "Sort the room list",
        |args| args.word_of(ROOM_ORDERS).map(Command::Sort);
    Filter, "filter", [arg("[all|unread|dms|groups]", Choice(ROOM_FILTERS))], "Show only some rooms in the room list",
        |args| args.word_of(ROOM_FILTERS).map(Command::Filter);
    Archive, "archive", [], "Archive this room", |args| args.none(Command::Archive(true));
    Unarchive, "unarchive", [], "Unarchive this room", |args| args.none(Command::Archive(false));
    Archived, "archived", [], "List archived rooms", |args| args.none(Command::Archived);
    Rooms, "rooms", [arg("[TEXT]", Text)], "List rooms, or search them by title",
        |args| Ok(Command::Rooms(args.optional()));
    People, "people", [arg("[NAME]", Text)], "Search people by name, or list everyone",
        |args| Ok(Command::People(args.optional()));
    Search, "search", [arg("[WORDS]", Text)], "Search messages in all rooms", |args| Ok(Command::Find(args.optional()));
    Find, "find", [arg("[WORDS]", Text)], "The same as /search", |args| Ok(Command::Find(args.optional()));
    Block, "block", [arg("[USER]", User)], "Block a user, or the other person of this direct message",
        |args| args.optional_user().map(|user| Command::Block(user, true));
    Unblock, "unblock", [arg("[USER]", User)], "Unblock a user, or the other person of this direct message",
        |args| args.optional_user().map(|user| Command::Block(user, false));
    Stars, "stars", [arg("[all]", Choice(&["all"]))], "List starred messages of this room, or of all rooms",
        |args| args.all().map(Command::Stars);
    Shared, "shared", [arg("[media|links|files|voice]", Choice(&["media", "links", "files", "voice"]))],
        "List images and videos, links, files or voice messages of this room",
        |args| args.shared_list().map(Command::Shared);
    Send, "send", [arg("PATH …", Path)], "Send images, videos, voice recordings or other files",
        |args| args.required().map(Command::Send);
    File, "file", [arg("PATH …", Path)], "Send files as plain files, whatever their type",
        |args| args.required().map(Command::File);
    Me, "me", [arg("TEXT", Text)], "Send what you do, in italics",
        |args| args.required().map(|text| Command::Say(format!("_{text}_")));
    Shrug, "shrug", [arg("[TEXT]", Text)], "Send a message that ends with a shrug", |args| Ok(args.message(SHRUG));
    TableFlip, "tableflip", [arg("[TEXT]", Text)], "Send a message that ends with a flipped table",
        |args| Ok(args.message(TABLE_FLIP));
    Discard, "discard", [], "Discard the draft of this room, and end a reply or an edit",
        |args| args.none(Command::Discard);
    PasteImage, "paste-image", [], "Send the image in the clipboard", |args| args.none(Command::PasteImage);
    Name, "name", [arg("NAME", Text)], "Change your name", |args| args.required().map(Command::Name);
    Picture, "picture", [arg("PATH", Path)], "Change your picture", |args| args.required().map(Command::Picture);
    Call, "call", [], "Start a voice call", |args| args.none(Command::Call(false));
    Video, "video", [], "Start a video call", |args| args.none(Command::Call(true));
    Calls, "calls", [], "List past calls", |args| args.none(Command::Calls);
    ClearCalls, "clear-calls", [], "Clear the list of past calls", |args| args.none(Command::ClearCalls);
    DeleteChat, "delete-chat", [], "Delete this room", |args| args.none(Command::DeleteChat);
    Info, "info", [], "Show room info", |args| args.none(Command::Info);
    Date, "date", [arg("DAY", Text)], "Jump to a day: 2026-11-03, yesterday, monday, 3 days ago, or first",
        |args| args.required().map(Command::Date);
    Export, "export", [arg("[txt|md|json|stop|finish]", Choice(&["txt", "md", "json", "stop", "finish"])), arg("[PATH]", Path)],
        "Export this room to a file with all its messages, or end that early",
        |args| Ok(Command::Export(args.optional()));
    Screen, "screen", [arg("[hidden]", Choice(&["hidden"])), arg("[PATH]", Path)],
        "Save the screen as .txt, .svg or .cast, on request with hidden names",
        |args| Ok(Command::Screen(args.optional()));
    Bundle, "bundle", [arg("[hidden]", Choice(&["hidden"])), arg("[PATH]", Path)],
        "Collect files for a bug report: versions, settings, screen, log and recording, without keys",
        |args| Ok(Command::Bundle(args.optional()));
    Go, "go", [arg("ROOM", Room)], "Go to a room by title, or back to the last one with -",
        |args| args.required().map(Command::Go);
    Profile, "profile", [arg("NAME", Profile)], "Show a profile, or open another one of the configuration file",
        |args| args.required().map(Command::Profile);
    AddProfile, "add-profile", [arg("NAME", Text)], "Add an account as another profile, and open it",
        |args| args.required().map(Command::AddProfile);
    CloseProfile, "close-profile", [arg("[NAME]", Profile)], "Close a profile: this one, or another one",
        |args| Ok(Command::CloseProfile(args.optional()));
    Fault, "fault", [arg("[FAULTS|off]", Text)], "In the demo, make the server misbehave, as in latency=2s,drop=5%",
        |args| Ok(Command::Fault(args.optional()));
    Reconnect, "reconnect", [], "Reconnect", |args| args.none(Command::Reconnect);
    Reload, "reload", [], "Load the configuration again", |args| args.none(Command::Reload);
    Inspect, "inspect", [], "Show the calls and packets of the connection", |args| args.none(Command::Inspect);
    Settings, "settings", [], "Change settings", |args| args.none(Command::Settings);
    Keys, "keys", [arg("test", Choice(&["test"]))], "Test keys: what the terminal sends, and what it does here",
        |args| if args.text == "test" { Ok(Command::KeyTest) } else { Err(args.usage()) };
    Theme, "theme", [arg("[NAME]", Choice(THEMES))], "Choose a theme", |args| Ok(Command::Theme(args.optional()));
    Notices, "notices", [], "Show the last notices again", |args| args.none(Command::Notices);
    Help, "help", [arg("[WORDS]", Text)], "Show keys and commands, or only those with these words",
        |args| Ok(Command::Help(args.optional()));
    LogOut, "logout", [], "Log out on this device and quit", |args| args.none(Command::LogOut);
    Quit, "quit", [], "Quit", |args| args.none(Command::Quit);
}

impl Command {
    /// Parses the text after the `/`; returns the command and the id of its row. Its name may be in upper case.
    ///
    /// # Errors
    /// If there is no such command, or its arguments are missing or malformed.
    pub fn parse(line: &str) -> Result<(CommandId, Self), CommandError> {
        let (name, text) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        let command = CommandSpec::by_name(name).ok_or_else(|| CommandError::Unknown(name.to_owned()))?;
        let typed = TypedArguments { name: command.name, arguments: command.arguments, text: text.trim() };
        let parsed = (command.parse)(typed)?;
        Ok((command.id, parsed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn group_has_a_title_and_members() {
        let group = Command::parse("group Release crew: alice @bob,carol");
        let members = ["alice", "bob", "carol"].map(str::to_owned).to_vec();
        assert_eq!(group, Ok((CommandId::Group, Command::Group("Release crew".into(), members))));
    }

    #[test]
    fn missing_argument_shows_the_usage() {
        assert_eq!(Command::parse("dm").map_err(|error| error.to_string()), Err("Usage: /dm USER".into()));
        assert_eq!(Command::parse("nope"), Err(CommandError::Unknown("nope".into())));
    }

    /// Regression test: `/call bob` called the other person of the open room, and `/stars al` listed those of one room.
    #[test]
    fn surplus_arguments_show_the_usage() {
        for command in COMMANDS.iter().filter(|command| command.arguments.is_empty()) {
            assert_eq!(Command::parse(command.name), Command::parse(&format!("{}  ", command.name)));
            let usage = Err(CommandError::Arguments(command.usage()));
            assert_eq!(Command::parse(&format!("{} bob", command.name)), usage);
        }
        let usage = |line| Command::parse(line).map_err(|error| error.to_string());
        assert_eq!(usage("stars al"), Err("Usage: /stars [all]".into()));
        assert_eq!(usage("block @"), Err("Usage: /block [USER]".into()));
        assert_eq!(usage("dm @"), Err("Usage: /dm USER".into()));
    }

    /// Regression test: `/Help` was an unknown command.
    #[test]
    fn names_are_found_whatever_their_case() {
        for command in COMMANDS {
            let (lower, upper) = (format!("{} x", command.name), format!("{} x", command.name.to_uppercase()));
            assert_eq!(Command::parse(&lower), Command::parse(&upper), "{upper}");
        }
        assert!(Command::parse("Nope").unwrap_err().to_string().starts_with("Unknown command /Nope"));
    }

    #[test]
    fn go_takes_the_title_as_it_is() {
        assert_eq!(Command::parse("go @home").map(|(_, command)| command), Ok(Command::Go("@home".into())));
    }

    #[test]
    fn mute_takes_a_time() {
        let command = |line| Command::parse(line).map(|(_, command)| command);
        assert_eq!(command("mute"), Ok(Command::Mute(None)));
        assert_eq!(command("mute 90m"), Ok(Command::Mute(Some(5_400_000))));
        assert!(command("mute an hour").is_err());
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
        let command = |line| Command::parse(line).map(|(_, command)| command);
        assert_eq!(command("block"), Ok(Command::Block(None, true)));
        assert_eq!(command("unblock @bob"), Ok(Command::Block(Some("bob".into()), false)));
    }
}
