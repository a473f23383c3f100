//! What the command line asks for.

use std::path::PathBuf;
use std::time::Duration;

use super::since::Since;

/// Format of the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// One JSON object per line.
    Json,
    /// Plain text.
    Text,
    /// Markdown, for histories.
    Markdown,
}

/// One command for scripts, with the options that all of them have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// What to do.
    pub task: Task,
    /// The room as the user named it: an id, a title, or the user name of a person.
    pub room: Option<String>,
    /// Format of the output. `None` for text on a terminal and JSON elsewhere.
    pub format: Option<Format>,
    /// Time limit for connecting, and for each answer.
    pub timeout: Duration,
}

/// The commands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Task {
    /// Lists the rooms.
    Rooms,
    /// Lists the rooms with unread messages.
    Unread,
    /// Lists people.
    People {
        /// Part of the name, on services that search.
        name: Option<String>,
    },
    /// Prints the messages of a room, oldest first.
    History {
        /// Number of messages; `None` for all.
        count: Option<usize>,
    },
    /// Prints the newest messages, and waits for more.
    Tail {
        /// Number of messages before those that arrive from now on.
        count: usize,
        /// Time from which all messages are printed instead.
        since: Option<Since>,
        /// Whether to wait for new messages.
        follow: bool,
        /// Whether to print typing, presence and receipts as well.
        events: bool,
    },
    /// Sends a message.
    Send {
        /// The content.
        content: Outgoing,
        /// Id of the message that it replies to.
        reply_to: Option<String>,
        /// Key by which a repeated command is recognised.
        key: Option<String>,
        /// Whether to go on until the service accepts or refuses it.
        retry: bool,
    },
    /// Replaces the text of a message.
    Edit {
        /// Id of the message.
        message: String,
        /// The new text.
        text: Outgoing,
    },
    /// Deletes a message for everybody.
    Delete {
        /// Id of the message.
        message: String,
    },
    /// Sends an event of the socket.
    Emit {
        /// Name of the event.
        event: String,
        /// Its argument in JSON.
        json: String,
    },
    /// Prints the events of the socket.
    Listen {
        /// Names of the events; empty for all.
        events: Vec<String>,
        /// Number of events after which it ends.
        count: Option<usize>,
    },
    /// Examines the way to the service, and what the service can do.
    Doctor,
    /// Shows that the user is typing, for some time.
    Typing {
        /// The time.
        time: Duration,
    },
}

/// Content of a message to be sent, as the command line names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outgoing {
    /// A text.
    Text(String),
    /// Standard input, up to its end.
    Input,
    /// A file.
    File(PathBuf),
}
