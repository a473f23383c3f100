//! The commands for scripts as clap types.

use std::path::PathBuf;
use std::time::Duration;

use clap::builder::NonEmptyStringValueParser;
use clap::{ArgGroup, Args, Subcommand, ValueEnum};

use crate::headless::{Format, Job, Outgoing, Since, Task};

/// Names of the commands for scripts that concern a room, which `--room` names.
pub(super) const ROOM_COMMANDS: &[&str] =
    &["people", "history", "tail", "send", "edit", "delete", "typing", "listen", "doctor"];

/// Names of the other commands for scripts.
pub(super) const OTHER_COMMANDS: &[&str] = &["rooms", "unread", "emit", "run"];

/// The commands for scripts: each signs in, does one thing, and ends.
#[derive(Subcommand, Clone)]
pub enum HeadlessCommand {
    /// List the rooms
    Rooms {
        /// The options of every such command.
        #[command(flatten)]
        common: Common,
    },
    /// List the rooms with unread messages
    Unread {
        /// The options of every such command.
        #[command(flatten)]
        common: Common,
    },
    /// List the members of a room, the people whom a search finds, or all people of your rooms
    People {
        /// Search people by a part of their name (V Chat)
        #[arg(long, value_name = "NAME", conflicts_with = "room")]
        search: Option<String>,
        /// The options of every such command.
        #[command(flatten)]
        common: Common,
    },
    /// Print messages of a room, oldest first
    History {
        /// Number of messages
        #[arg(long = "limit", short = 'n', value_name = "N", default_value_t = 100)]
        count: usize,
        /// Print the whole history
        #[arg(long, conflicts_with = "count")]
        all: bool,
        /// Format: json (one object per line), md or txt [default: txt on a terminal, json elsewhere]
        #[arg(long, value_name = "FORMAT", hide_possible_values = true)]
        format: Option<DocumentFormat>,
        /// The time limit.
        #[command(flatten)]
        limit: TimeLimit,
    },
    /// Print the newest messages of a room or of all rooms, and with --follow whatever comes
    Tail {
        /// Number of messages to begin with
        #[arg(long = "limit", short = 'n', value_name = "N", default_value_t = 10)]
        count: usize,
        /// Begin with all messages since a time: 30s, 10m, 2h, 3d, 18:03, 2026-11-21, or 2026-11-21T18:03:27Z
        #[arg(long, value_name = "TIME", conflicts_with = "count")]
        since: Option<Since>,
        /// Go on with new messages, also after a lost connection
        #[arg(long, short)]
        follow: bool,
        /// Print typing, presence and receipts too
        #[arg(long, requires = "follow")]
        events: bool,
        /// The options of every such command.
        #[command(flatten)]
        common: Common,
    },
    /// Send a message; ends with 0 only when the service has it
    #[command(group = ArgGroup::new("content").required(true).args(["text", "file"]))]
    Send {
        /// The text; - reads it from standard input
        text: Option<String>,
        /// Send this file instead of a text
        #[arg(long, value_name = "FILE")]
        file: Option<PathBuf>,
        /// Reply to the message with this id (V Chat)
        #[arg(long, value_name = "ID")]
        reply_to: Option<String>,
        /// Key of the message: the same command with the same key never sends it twice, whatever happened before
        #[arg(long, value_name = "KEY", value_parser = NonEmptyStringValueParser::new())]
        id: Option<String>,
        /// Try again until the service accepts or refuses it
        #[arg(long)]
        retry: bool,
        /// The options of every such command.
        #[command(flatten)]
        common: Common,
    },
    /// Replace the text of one of your messages (MinChat)
    Edit {
        /// Id of the message
        message: String,
        /// The new text; - reads it from standard input
        text: String,
        /// The options of every such command.
        #[command(flatten)]
        common: Common,
    },
    /// Delete one of your messages for everybody
    Delete {
        /// Id of the message
        message: String,
        /// The options of every such command.
        #[command(flatten)]
        common: Common,
    },
    /// Send an event of the socket, for developers
    Emit {
        /// Name of the event
        event: String,
        /// Its argument in JSON; "$API_KEY" in it stands for the key
        json: String,
        /// The options of every such command.
        #[command(flatten)]
        common: Common,
    },
    /// Print the events of the socket as they are received, for developers
    Listen {
        /// Names of the events; without any, all are printed
        #[arg(value_name = "EVENT")]
        events: Vec<String>,
        /// Number of events after which it ends
        #[arg(long = "limit", short = 'n', value_name = "N")]
        count: Option<usize>,
        /// The options of every such command.
        #[command(flatten)]
        common: Common,
    },
    /// Examine the way to the service stage by stage, and what the service can do
    Doctor {
        /// Print JSON lines
        #[arg(long)]
        json: bool,
        /// The time limit.
        #[command(flatten)]
        limit: TimeLimit,
    },
    /// Show that you are typing
    Typing {
        /// How long
        #[arg(long = "for", value_name = "SECONDS", default_value_t = 5, value_parser = clap::value_parser!(u64).range(1..=86_400))]
        seconds: u64,
        /// The options of every such command.
        #[command(flatten)]
        common: Common,
    },
}

/// Options of every command for scripts.
#[derive(Args, Clone)]
pub struct Common {
    /// Format: json (one object per line) or txt [default: txt on a terminal, json elsewhere]
    #[arg(long, value_name = "FORMAT", hide_possible_values = true)]
    format: Option<RecordFormat>,
    /// The time limit.
    #[command(flatten)]
    limit: TimeLimit,
}

/// The time limit of every command for scripts.
#[derive(Args, Clone)]
pub struct TimeLimit {
    /// Time limit for connecting, and for each answer of the service
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    timeout: u64,
}

/// Formats of records.
#[derive(ValueEnum, Clone, Copy)]
pub enum RecordFormat {
    /// JSON.
    Json,
    /// Plain text.
    Txt,
}

/// Formats of a history.
#[derive(ValueEnum, Clone, Copy)]
pub enum DocumentFormat {
    /// JSON.
    Json,
    /// Markdown.
    Md,
    /// Plain text.
    Txt,
}

impl HeadlessCommand {
    /// The command as it is typed.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Rooms { .. } => "rooms",
            Self::Unread { .. } => "unread",
            Self::People { .. } => "people",
            Self::History { .. } => "history",
            Self::Tail { .. } => "tail",
            Self::Send { .. } => "send",
            Self::Edit { .. } => "edit",
            Self::Delete { .. } => "delete",
            Self::Emit { .. } => "emit",
            Self::Listen { .. } => "listen",
            Self::Doctor { .. } => "doctor",
            Self::Typing { .. } => "typing",
        }
    }

    /// Returns the job that the command line describes. `room` is the value of `--room`.
    pub fn job(&self, room: Option<&str>) -> Job {
        let (task, common) = match self.clone() {
            Self::History { count, all, format, limit } => {
                let task = Task::History { count: (!all).then_some(count) };
                return job(task, room, format.map(DocumentFormat::format), &limit);
            }
            Self::Doctor { json, limit } => {
                let format = if json { Format::Json } else { Format::Text };
                return job(Task::Doctor, room, Some(format), &limit);
            }
            Self::Emit { event, json, common } => (Task::Emit { event, json }, common),
            Self::Listen { events, count, common } => (Task::Listen { events, count }, common),
            Self::Rooms { common } => (Task::Rooms, common),
            Self::Unread { common } => (Task::Unread, common),
            Self::People { search, common } => (Task::People { name: search }, common),
            Self::Tail { count, since, follow, events, common } => {
                (Task::Tail { count, since, follow, events }, common)
            }
            Self::Send { text, file, reply_to, id, retry, common } => {
                let content = file.map_or_else(|| text_or_input(text), Outgoing::File);
                (Task::Send { content, reply_to, key: id, retry }, common)
            }
            Self::Edit { message, text, common } => (Task::Edit { message, text: text_or_input(Some(text)) }, common),
            Self::Delete { message, common } => (Task::Delete { message }, common),
            Self::Typing { seconds, common } => (Task::Typing { time: Duration::from_secs(seconds) }, common),
        };
        job(task, room, common.format.map(RecordFormat::format), &common.limit)
    }
}

/// Returns the text of an argument, or standard input for `-` or none.
fn text_or_input(text: Option<String>) -> Outgoing {
    text.filter(|text| text != "-").map_or(Outgoing::Input, Outgoing::Text)
}

fn job(task: Task, room: Option<&str>, format: Option<Format>, limit: &TimeLimit) -> Job {
    Job { task, room: room.map(str::to_owned), format, timeout: Duration::from_secs(limit.timeout) }
}

impl RecordFormat {
    fn format(self) -> Format {
        match self {
            Self::Json => Format::Json,
            Self::Txt => Format::Text,
        }
    }
}

impl DocumentFormat {
    fn format(self) -> Format {
        match self {
            Self::Json => Format::Json,
            Self::Md => Format::Markdown,
            Self::Txt => Format::Text,
        }
    }
}
