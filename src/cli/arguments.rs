//! The arguments as clap types.

use std::net::{SocketAddr, ToSocketAddrs};
use std::path::PathBuf;
use std::time::Duration;

use clap::{Parser, Subcommand, ValueEnum, ValueHint};
use clap_complete::Shell;

use crate::headless::ReportFormat;

use super::headless::HeadlessCommand;
use super::option_flags::OptionFlags;

/// A keyboard-driven terminal client for MinChat and V Chat
#[derive(Parser, Clone)]
#[command(name = "minchat-tui", version, disable_help_subcommand = true)]
pub struct Cli {
    /// The options of every command.
    #[command(flatten)]
    pub options: OptionFlags,
    /// The command; without one, the chat opens.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// The commands.
#[derive(Subcommand, Clone)]
pub enum Command {
    /// Try the program: chat with simulated people on a built-in sandbox server
    Demo {
        /// Seed of the simulation; the same seed plays the same conversations
        #[arg(long, value_name = "N", default_value_t = 1)]
        seed: u64,
        /// Port of the sandbox server on this machine; 0 picks a free one
        #[arg(long, value_name = "N", default_value_t = 0)]
        port: u16,
        /// Chat as several people of one service, side by side on one screen: two to four names with commas
        #[arg(long = "as", value_name = "NAMES", value_delimiter = ',')]
        people: Vec<String>,
    },
    /// Run only the sandbox server, for developing and testing clients
    Serve {
        /// Address to listen on; port 0 picks a free one
        #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:4000", value_parser = address)]
        bind: SocketAddr,
        /// Only the port, on this machine; 0 picks a free one
        #[arg(long, value_name = "N", conflicts_with = "bind")]
        port: Option<u16>,
        /// Time at which the clock of the server starts, such as 2026-11-30T12:00:00Z, so that screens can be repeated [default: now]
        #[arg(long, value_name = "TIME")]
        clock: Option<String>,
        /// Let web pages of this origin, such as http://localhost:3000, use the server; may be repeated
        #[arg(long, value_name = "ORIGIN", value_parser = origin)]
        cors: Vec<String>,
        /// Start without people, rooms and history
        #[arg(long)]
        empty: bool,
        /// Seed of the simulation; the same seed plays the same conversations
        #[arg(long, value_name = "N", default_value_t = 1)]
        seed: u64,
        /// Connections that are accepted at the same time
        #[arg(long, value_name = "N", default_value_t = 512, value_parser = clap::value_parser!(u32).range(1..=100_000))]
        connections: u32,
        /// Misbehave on purpose, as in `latency=200±100,drop=1%,429@POST /v1/messages=1/3`; may be repeated
        #[arg(long, value_name = "FAULTS")]
        fault: Vec<String>,
        /// Seed of the faults; the same seed and the same requests give the same faults
        #[arg(long, value_name = "N", default_value_t = 1)]
        fault_seed: u64,
    },
    /// The commands for scripts.
    #[command(flatten)]
    Headless(HeadlessCommand),
    /// Play a recording made with --record; without a terminal, print its last screen
    Replay {
        /// The recording
        #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
        file: PathBuf,
        /// How many times faster than the recording, such as 0.5 or 10
        #[arg(long, value_name = "N", default_value_t = 1.0, value_parser = speed)]
        speed: f64,
        /// Wait for a key before each event
        #[arg(long)]
        step: bool,
        /// Print instead of playing: text or svg (the last screen), or asciicast (the whole session)
        #[arg(long = "as", value_name = "FORMAT", hide_possible_values = true)]
        format: Option<ReplayFormat>,
    },
    /// Play a scenario: people, their steps, and what they expect; for tests in CI
    Run {
        /// The scenario in TOML; - reads it from standard input
        file: PathBuf,
        /// Format of the report: tap or junit
        #[arg(long, value_name = "FORMAT", default_value = "tap", hide_possible_values = true)]
        format: ScenarioFormat,
    },
    /// Put a sandbox under load: people who send messages, and how long the server takes
    Load {
        /// People, each with one connection
        #[arg(long, value_name = "N", default_value_t = 100)]
        people: u32,
        /// Messages per second, of all people together
        #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=100_000))]
        rate: u32,
        /// Rooms over which the people are distributed [default: one for each two people]
        #[arg(long, value_name = "N")]
        rooms: Option<u32>,
        /// Time for which messages are sent, such as 30s or 5min
        #[arg(long = "for", value_name = "TIME", default_value = "10s", value_parser = duration)]
        time: Duration,
        /// Exit with 1 if more than this percentage of messages and deliveries fail
        #[arg(long, value_name = "PERCENT", default_value_t = 1.0)]
        max_errors: f64,
        /// Print the result as JSON
        #[arg(long)]
        json: bool,
        /// Allow a server that is no sandbox
        #[arg(long)]
        i_own_this_server: bool,
    },
    /// Show, check or create the configuration file
    #[command(arg_required_else_help = true)]
    Config {
        /// The subcommand.
        #[command(subcommand)]
        command: ConfigCommand,
    },
    /// Print shell completions
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Print the man page
    Man,
}

/// What `replay` prints.
#[derive(ValueEnum, Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReplayFormat {
    /// The last screen as text
    Text,
    /// The last screen as a picture
    Svg,
    /// The whole session, for asciinema
    Asciicast,
}

/// The commands of `config`.
#[derive(Subcommand, Clone, PartialEq, Eq)]
pub enum ConfigCommand {
    /// Print the path of the configuration file
    Path,
    /// Print the settings in effect and where they come from; exit with 2 if something is wrong
    Check,
    /// Create a commented configuration file, unless there is one
    Init,
    /// Add an account as another profile, by questions in the terminal
    Add {
        /// Name of the profile
        #[arg(id = "new_profile", value_name = "NAME")]
        name: String,
    },
}

fn address(text: &str) -> Result<SocketAddr, String> {
    let advice = "use the form 127.0.0.1:4000";
    text.to_socket_addrs()
        .map_err(|error| format!("{error}; {advice}"))?
        .next()
        .ok_or_else(|| format!("the name has no address; {advice}"))
}

fn speed(text: &str) -> Result<f64, String> {
    let speed = text.parse().ok().filter(|speed| (0.01..=1_000.0).contains(speed));
    speed.ok_or_else(|| "use a number from 0.01 to 1000".to_owned())
}

/// Parses a time such as `30s`, `5min` or `1h`, of at most a day.
fn duration(text: &str) -> Result<Duration, String> {
    let advice = "use a form such as 30s, 5min or 1h";
    let units = [("s", 1), ("min", 60), ("h", 3_600)];
    let parsed = units.iter().find_map(|(unit, seconds)| {
        let amount: u64 = text.strip_suffix(unit)?.parse().ok()?;
        amount.checked_mul(*seconds)
    });
    let seconds = parsed.filter(|seconds| (1..=86_400).contains(seconds)).ok_or(advice)?;
    Ok(Duration::from_secs(seconds))
}

/// Checks the origin of a web page, as browsers write it: scheme, host and port.
fn origin(text: &str) -> Result<String, String> {
    let host = text.strip_prefix("http://").or_else(|| text.strip_prefix("https://"));
    let host = host.map(|host| host.strip_suffix('/').unwrap_or(host));
    let is_host =
        |host: &&str| !host.is_empty() && !host.contains(|c: char| "/?#@*".contains(c) || !c.is_ascii_graphic());
    host.filter(is_host).ok_or("use the form http://localhost:3000")?;
    Ok(text.trim_end_matches('/').to_ascii_lowercase())
}

/// Formats of the report about a scenario.
#[derive(ValueEnum, Clone, Copy, PartialEq, Eq)]
pub enum ScenarioFormat {
    /// The Test Anything Protocol.
    Tap,
    /// JUnit's XML.
    Junit,
}

impl From<ScenarioFormat> for ReportFormat {
    fn from(format: ScenarioFormat) -> Self {
        match format {
            ScenarioFormat::Tap => Self::Tap,
            ScenarioFormat::Junit => Self::Junit,
        }
    }
}
