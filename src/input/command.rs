//! Slash commands: what can be typed after a `/`, and how it is parsed.
//!
//! A variant of [`Command`] and a row of the table (`table`) are all it takes to add a command to the parser, the switcher,
//! the help, the man page and the README. The compiler then asks for two match arms in `app`: what the command does, and
//! which feature of the service it needs. `typed_arguments` parses what several commands have in common.

mod other_clients;
mod table;
mod typed_arguments;

use thiserror::Error;

pub use other_clients::{Substitute, substitute};
pub use table::{COMMANDS, CommandId, CommandSpec};

/// A parsed command. "User" means the user name as the service knows it, without the `@`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Open the direct message with a user.
    Direct(String),
    /// Create a group with a title and members.
    Group(String, Vec<String>),
    /// Add a user to the open room; `None` chooses one from a list.
    Add(Option<String>),
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
    /// Change the description of the open group.
    Describe(String),
    /// Name the open room for oneself; an empty name removes that.
    Nick(String),
    /// Mute the open room: for so many milliseconds, or until it is unmuted.
    Mute(Option<i64>),
    /// Unmute the open room.
    Unmute,
    /// Set about which messages of the open room to notify, by the name of the level; an empty name shows it.
    Notify(String),
    /// Pin the open room to the top of the list, or unpin it.
    Pin(bool),
    /// Mark all rooms as read, or else the open one.
    Read(bool),
    /// Sort the room list, by the name of the order; an empty name shows it.
    Sort(String),
    /// Filter the room list, by the name of the filter; an empty name shows it.
    Filter(String),
    /// Archive the open room, or unarchive it.
    Archive(bool),
    /// List the archived rooms.
    Archived,
    /// Search rooms by title; an empty title lists those of the room list.
    Rooms(String),
    /// Search people by name; an empty name lists everyone.
    People(String),
    /// Search messages.
    Find(String),
    /// Block a user, or unblock them; `None` is the other person of the open direct message.
    Block(Option<String>, bool),
    /// List the starred messages of all rooms, or else of the open one.
    Stars(bool),
    /// List the media, links, files or voice messages of the open room.
    Shared(SharedList),
    /// Send a file as an image, video or voice message if it is one.
    Send(String),
    /// Send a file as a plain file, whatever its type.
    File(String),
    /// Send the image in the clipboard.
    PasteImage,
    /// Send this message, which the command has composed.
    Say(String),
    /// Change one's own display name.
    Name(String),
    /// Replace one's own picture.
    Picture(String),
    /// Replace the picture of the open group or broadcast.
    GroupPicture(String),
    /// Call the other person, with video or without.
    Call(bool),
    /// List past calls.
    Calls,
    /// Clear the list of past calls.
    ClearCalls,
    /// Delete the open room.
    DeleteChat,
    /// Discard the draft of the open room, with the reply or the edit that was begun.
    Discard,
    /// Show info about the open room.
    Info,
    /// Go to the messages of a day, as the user describes it.
    Date(String),
    /// Export the open room: an optional format and an optional path, or else what to do with the export in progress.
    Export(String),
    /// Save the screen: optionally without names, and an optional path.
    Screen(String),
    /// Collect a bundle for a bug report: optionally without names, and an optional path.
    Bundle(String),
    /// Go to a room by its title.
    Go(String),
    /// Show the profile with this name, which is opened if it is not open.
    Profile(String),
    /// Close the profile with this name; an empty name means the one that is shown.
    CloseProfile(String),
    /// Ask about a new profile with this name.
    AddProfile(String),
    /// Set the faults of the demo's server; an empty text shows them, and `off` ends them.
    Fault(String),
    /// Reconnect now.
    Reconnect,
    /// Load the configuration again.
    Reload,
    /// Show the settings.
    Settings,
    /// Show the calls and packets of the connection.
    Inspect,
    /// Show what the terminal sends for a key.
    KeyTest,
    /// Choose a theme: this one, or from a list if the name is empty.
    Theme(String),
    /// Show the newest notices.
    Notices,
    /// Show the help: the entries that contain these words.
    Help(String),
    /// End the login of this device.
    LogOut,
    /// Quit.
    Quit,
}

/// Kind of content that `/shared` lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SharedList {
    /// Images and videos.
    Media,
    /// Messages with links.
    Links,
    /// Files.
    Files,
    /// Voice messages.
    Voice,
}

/// A command that cannot be parsed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CommandError {
    /// No command has this name.
    #[error("Unknown command /{0}. Try /help, or // to send a slash.")]
    Unknown(String),
    /// Arguments are missing or malformed; holds the usage.
    #[error("Usage: {0}")]
    Arguments(String),
}
