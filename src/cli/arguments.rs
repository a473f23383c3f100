//! The arguments as clap types.

use std::collections::BTreeMap;
use std::net::{SocketAddr, ToSocketAddrs};

use clap::{Args, Parser, Subcommand, ValueHint};
use clap_complete::Shell;

use crate::config::Given;

const ACCOUNT: &str = "Account options";
const DATA: &str = "Data options";
const DISPLAY: &str = "Display options";

/// A keyboard-driven terminal client for MinChat and V Chat
#[derive(Parser, Clone)]
#[command(name = "minchat-tui", version, disable_help_subcommand = true)]
pub struct Cli {
    /// The options of every command.
    #[command(flatten)]
    pub options: Options,
    /// The command; without one, the chat opens.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// The options of every command. Each has a row in `config::KNOBS`, which provides its help, except that a switch is
/// described by its doc comment here.
#[derive(Args, Clone, Default)]
pub struct Options {
    /// The profile.
    #[arg(short = 'P', long, global = true, value_name = "NAME", help_heading = ACCOUNT)]
    pub profile: Option<String>,
    /// The chat service.
    #[arg(long, global = true, value_parser = ["minchat", "vchat"], hide_possible_values = true, help_heading = ACCOUNT)]
    pub backend: Option<String>,
    /// The address of the service.
    #[arg(long, global = true, value_name = "URL", value_hint = ValueHint::Url, help_heading = ACCOUNT)]
    pub url: Option<String>,
    /// The API key.
    #[arg(long, global = true, value_name = "KEY", help_heading = ACCOUNT)]
    pub api_key: Option<String>,
    /// The user name.
    #[arg(long, global = true, value_name = "NAME", value_hint = ValueHint::Username, help_heading = ACCOUNT)]
    pub user: Option<String>,
    /// The display name.
    #[arg(long, global = true, value_name = "DISPLAY", help_heading = ACCOUNT)]
    pub name: Option<String>,
    /// The room to open first.
    #[arg(long, global = true, value_name = "ID|TITLE", help_heading = ACCOUNT)]
    pub room: Option<String>,
    /// The configuration file.
    #[arg(long, global = true, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = DATA)]
    pub config: Option<String>,
    /// The data folder.
    #[arg(long, global = true, value_name = "DIR", value_hint = ValueHint::DirPath, help_heading = DATA)]
    pub data_dir: Option<String>,
    /// Save nothing to disk in this session and ignore what was saved before
    #[arg(long, global = true, help_heading = DATA)]
    pub incognito: bool,
    /// The log file.
    #[arg(long, global = true, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = DATA)]
    pub log: Option<String>,
    /// The theme.
    #[arg(long, global = true, value_name = "NAME", help_heading = DISPLAY)]
    pub theme: Option<String>,
    /// Draw with ASCII characters only
    #[arg(long, global = true, help_heading = DISPLAY)]
    pub ascii: bool,
    /// Leave the mouse to the terminal, for selecting text
    #[arg(long, global = true, help_heading = DISPLAY)]
    pub no_mouse: bool,
}

impl Options {
    /// The options that were given, by their keys in `config::KNOBS`.
    pub fn given(&self) -> Given {
        let texts = [
            ("default_profile", &self.profile),
            ("backend", &self.backend),
            ("url", &self.url),
            ("api_key", &self.api_key),
            ("user", &self.user),
            ("name", &self.name),
            ("room", &self.room),
            ("config", &self.config),
            ("data_dir", &self.data_dir),
            ("log", &self.log),
            ("theme", &self.theme),
        ];
        let mut given: BTreeMap<_, _> =
            texts.into_iter().filter_map(|(key, text)| Some((key, text.clone()?))).collect();
        if self.ascii {
            given.insert("ascii", "true".to_owned());
        }
        if self.incognito {
            given.insert("incognito", "true".to_owned());
        }
        if self.no_mouse {
            given.insert("mouse", "false".to_owned());
        }
        Given(given)
    }
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
    },
    /// Run the sandbox server alone, to build and test clients against
    Serve {
        /// Address to listen on; port 0 picks a free one
        #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:4000", value_parser = address)]
        bind: SocketAddr,
        /// Start without people, rooms and history
        #[arg(long)]
        empty: bool,
        /// Seed of the simulation; the same seed plays the same conversations
        #[arg(long, value_name = "N", default_value_t = 1)]
        seed: u64,
    },
    /// Show, check or create the configuration file
    #[command(arg_required_else_help = true)]
    Config {
        /// What to do with the configuration file.
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

/// The commands of `config`.
#[derive(Subcommand, Clone, Copy, PartialEq, Eq)]
pub enum ConfigCommand {
    /// Print the path of the configuration file
    Path,
    /// Print the settings in effect and where they come from; exit with 2 if something is wrong
    Check,
    /// Create a commented configuration file, unless there is one
    Init,
}

fn address(text: &str) -> Result<SocketAddr, String> {
    let advice = "use the form 127.0.0.1:4000";
    text.to_socket_addrs()
        .map_err(|error| format!("{error}; {advice}"))?
        .next()
        .ok_or_else(|| format!("the name has no address; {advice}"))
}
