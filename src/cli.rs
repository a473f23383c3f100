//! The command line, as types: `--help`, the completions and the man page are made from them.
//!
//! What an option is for, its variable and its default are read from the table in `config/knob.rs`. Variables are not
//! read here: `config/load.rs` does, since it tells where each value comes from. Starts nothing and prints nothing.

use std::collections::BTreeMap;
use std::net::{SocketAddr, ToSocketAddrs};

use clap::{Arg, Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueHint};
use clap_complete::Shell;

use crate::config::{Given, KNOBS, Kind, Source};
use crate::text::SafeText;

const EXAMPLES: &str = "\
Examples:
  minchat-tui demo                        try it: a sandbox with people who answer, no account needed
  minchat-tui demo --backend vchat        the same on V Chat
  minchat-tui --api-key KEY --user alice  chat on the hosted MinChat
  minchat-tui --backend vchat --url https://chat.example.com --api-key HASH_KEY --user alice@example.com
                                          chat on a V Chat server; MINCHAT_TOKEN stands in for the hash key
  minchat-tui --profile team              chat on the account that the configuration calls team

Inside, F1 shows the keys. An option beats its variable, a variable beats the configuration file.";

/// A keyboard-driven terminal client for MinChat and V Chat.
#[derive(Parser, Clone)]
#[command(name = "minchat-tui", version, after_help = EXAMPLES, disable_help_subcommand = true)]
pub struct Cli {
    /// The options of every command.
    #[command(flatten)]
    pub options: Options,
    /// What to do instead of chatting.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// The options that choose; each has its row in [`KNOBS`].
#[derive(Args, Clone, Default)]
pub struct Options {
    /// The profile.
    #[arg(short = 'P', long, global = true, value_name = "NAME")]
    pub profile: Option<String>,
    /// The chat service.
    #[arg(long, global = true, value_parser = ["minchat", "vchat"], hide_possible_values = true)]
    pub backend: Option<String>,
    /// Its address.
    #[arg(long, global = true, value_name = "URL", value_hint = ValueHint::Url)]
    pub url: Option<String>,
    /// The API key.
    #[arg(long, global = true, value_name = "KEY")]
    pub api_key: Option<String>,
    /// The user name.
    #[arg(long, global = true, value_name = "NAME", value_hint = ValueHint::Username)]
    pub user: Option<String>,
    /// The display name.
    #[arg(long, global = true, value_name = "DISPLAY")]
    pub name: Option<String>,
    /// The first room.
    #[arg(long, global = true, value_name = "ID|TITLE")]
    pub room: Option<String>,
    /// The configuration file.
    #[arg(long, global = true, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub config: Option<String>,
    /// The folder of the data.
    #[arg(long, global = true, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub data_dir: Option<String>,
    /// Keep nothing on disk this time, and read nothing of what is there.
    #[arg(long, global = true)]
    pub incognito: bool,
    /// The log file.
    #[arg(long, global = true, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub log: Option<String>,
    /// The theme.
    #[arg(long, global = true, value_name = "NAME")]
    pub theme: Option<String>,
    /// Draw with ASCII only.
    #[arg(long, global = true)]
    pub ascii: bool,
    /// Leave the mouse to the terminal.
    #[arg(long, global = true)]
    pub no_mouse: bool,
}

impl Options {
    /// The options that were given, by the keys of the table of [`KNOBS`].
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

/// What to do instead of chatting.
#[derive(Subcommand, Clone)]
pub enum Command {
    /// Try it: start a sandbox server with people who answer, and chat there.
    Demo {
        /// What chance follows: the same seed, the same conversations.
        #[arg(long, value_name = "N", default_value_t = 1)]
        seed: u64,
        /// The port of the sandbox server on this machine; 0 takes any free one.
        #[arg(long, value_name = "N", default_value_t = 0)]
        port: u16,
    },
    /// Run the sandbox server alone, a chat service in memory to build and test against.
    Serve {
        /// Where to listen; port 0 takes any free one.
        #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:4000", value_parser = address)]
        bind: SocketAddr,
        /// Start without people, rooms and history.
        #[arg(long)]
        empty: bool,
        /// What chance follows: the same seed, the same conversations.
        #[arg(long, value_name = "N", default_value_t = 1)]
        seed: u64,
    },
    /// Look at the configuration.
    #[command(arg_required_else_help = true)]
    Config {
        /// What about it.
        #[command(subcommand)]
        command: ConfigCommand,
    },
    /// Print the completions for a shell.
    Completions {
        /// The shell.
        shell: Shell,
    },
    /// Print the man page.
    Man,
}

/// What to do with the configuration.
#[derive(Subcommand, Clone, Copy, PartialEq, Eq)]
pub enum ConfigCommand {
    /// Print where the file is, or would be.
    Path,
    /// Print what is in force and where it comes from; exit 2 when something is wrong.
    Check,
    /// Write a commented file to begin with; an existing one is left alone.
    Init,
}

/// Which choices mean something with a command: the keys of its rows in [`KNOBS`]. A command that is not here takes all.
const MEANING: &[(&str, &[&str])] = &[
    ("demo", &["config", "log", "theme", "ascii", "mouse", "backend", "user", "name", "room"]),
    ("serve", &["backend", "api_key"]),
    ("config path", &["config"]),
    ("config init", &["config"]),
    ("completions", &[]),
    ("man", &[]),
];

/// What some options mean with a command that has no account: its own words, and no variable.
const OTHERWISE: &[(&str, &str, &str)] = &[
    ("demo", "backend", "The chat service: minchat or vchat [default: minchat]"),
    ("demo", "user", "The user name to chat as [default: guest]"),
    ("demo", "name", "The name others see [default: the user name]"),
    ("demo", "room", "The room to open first, by id or title [default: the newest]"),
    ("serve", "backend", "The chat service to play: minchat or vchat [default: minchat]"),
    ("serve", "api_key", "The API key, or of vchat the hash key, to accept [default: SANDBOX]"),
];

fn means_something(command: &str, key: &str) -> bool {
    MEANING.iter().find(|(name, _)| *name == command).is_none_or(|(_, keys)| keys.contains(&key))
}

impl Command {
    /// Its name.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Demo { .. } => "demo",
            Self::Serve { .. } => "serve",
            Self::Config { command: ConfigCommand::Path } => "config path",
            Self::Config { command: ConfigCommand::Check } => "config check",
            Self::Config { command: ConfigCommand::Init } => "config init",
            Self::Completions { .. } => "completions",
            Self::Man => "man",
        }
    }

    /// Refuses options that would silently do nothing.
    ///
    /// # Errors
    /// A sentence that names the option.
    pub fn accepts(&self, given: &Given) -> Result<(), String> {
        let name = self.name();
        let stray = KNOBS.iter().find(|knob| given.0.contains_key(knob.key) && !means_something(name, knob.key));
        match stray.and_then(|knob| knob.option) {
            Some(option) => Err(format!("{option} does nothing with `{name}`. Leave it out.")),
            None => Ok(()),
        }
    }
}

/// The whole command line, with the words of the table in its help.
pub fn command() -> clap::Command {
    let command = Cli::command().mut_args(described);
    let general: Vec<Arg> = command.get_arguments().filter(|arg| arg.is_global_set()).cloned().collect();
    command.mut_subcommands(|command| {
        let name = command.get_name().to_owned();
        let nested = name.clone();
        let command = command.mut_subcommands(|command| {
            let name = format!("{nested} {}", command.get_name());
            without_strays(command, &name, &general)
        });
        without_strays(command, &name, &general)
    })
}

/// An option with the words of its row: help, default, variable.
fn described(arg: Arg) -> Arg {
    let Some(long) = arg.get_long() else { return arg };
    let option = format!("--{long}");
    let Some(index) = KNOBS.iter().position(|knob| knob.option == Some(&option)) else { return arg };
    let knob = &KNOBS[index];
    // A command's own options come before those of all commands.
    let arg = arg.display_order(100 + index);
    let variable = knob.variable.map(|variable| format!(" [env: {variable}]")).unwrap_or_default();
    if knob.kind == Kind::Switch {
        let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
        return arg.help(format!("{help}{variable}"));
    }
    let mut help = knob.help.to_owned();
    if let Some(first) = help.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    let default = if knob.default == "none" { String::new() } else { format!(" [default: {}]", knob.default) };
    arg.help(format!("{help}{default}{variable}"))
}

/// Gives a command its own words for what means something else there, and hides from its help what means nothing;
/// given all the same, that is told to be a stray.
fn without_strays(command: clap::Command, name: &str, general: &[Arg]) -> clap::Command {
    let own = general.iter().filter_map(|arg| {
        let option = format!("--{}", arg.get_long()?);
        let key = KNOBS.iter().find(|knob| knob.option == Some(&option))?.key;
        let otherwise = OTHERWISE.iter().find(|(command, other, _)| *command == name && *other == key);
        match otherwise {
            Some((_, _, help)) => Some(arg.clone().help(*help)),
            None if means_something(name, key) => None,
            None => Some(arg.clone().hide(true)),
        }
    });
    let own: Vec<Arg> = own.collect();
    command.args(own)
}

/// Reads the command line of this process. Ends it with what clap has to say: help with 0, bad usage with 2.
pub fn parse() -> Cli {
    if let Some(options) = options_alone() {
        return Cli { options, command: None };
    }
    let matches = command().get_matches();
    Cli::from_arg_matches(&matches).unwrap_or_else(|error| error.exit())
}

/// The options, when the command line is nothing but good options: then chatting begins, and the description of all the
/// commands, with every option once more in each, need not be built before the first frame.
fn options_alone() -> Option<Options> {
    let options = Options::augment_args(clap::Command::new("minchat-tui").disable_help_flag(true));
    Options::from_arg_matches(&options.try_get_matches().ok()?).ok()
}

/// The completions for `shell`.
pub fn completions(shell: Shell) -> Vec<u8> {
    let mut out = Vec::new();
    clap_complete::generate(shell, &mut command(), "minchat-tui", &mut out);
    out
}

/// The man page, its commands included.
///
/// # Errors
/// Never, since it is written into memory; the library cannot say so.
pub fn man() -> std::io::Result<Vec<u8>> {
    let mut command = command();
    command.build();
    let page = clap_mangen::Man::new(command.clone());
    let mut out = Vec::new();
    page.render_title(&mut out)?;
    page.render_name_section(&mut out)?;
    page.render_synopsis_section(&mut out)?;
    page.render_options_section(&mut out)?;
    out.extend_from_slice(b".SH COMMANDS\n");
    for mut command in command.get_subcommands().cloned() {
        let help = command.render_help().to_string().replace('\\', "\\e").replace('-', "\\-");
        out.extend_from_slice(format!(".SS {}\n.nf\n", command.get_name()).as_bytes());
        for line in help.lines() {
            // The zero-width escape keeps a line that begins with a dot or a quote from being a request.
            out.extend_from_slice(format!("\\&{line}\n").as_bytes());
        }
        out.extend_from_slice(b".fi\n");
    }
    page.render_extra_section(&mut out)?;
    page.render_version_section(&mut out)?;
    Ok(out)
}

/// The line of `config check` for one choice.
pub fn in_force(key: &str, value: &str, source: &Source) -> String {
    format!("{key:<18}{value}  ({source})")
}

/// The line of `config check` for something that is allowed and unwise.
pub fn warning(sentence: &str) -> String {
    format!("warning: {}", SafeText::line(sentence))
}

fn address(text: &str) -> Result<SocketAddr, String> {
    let advice = "write it like 127.0.0.1:4000";
    text.to_socket_addrs()
        .map_err(|error| format!("{error}; {advice}"))?
        .next()
        .ok_or_else(|| format!("there is no such address; {advice}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(arguments: &[&str]) -> Result<Cli, clap::Error> {
        let matches = command().try_get_matches_from([&["minchat-tui"], arguments].concat())?;
        Cli::from_arg_matches(&matches)
    }

    #[test]
    fn the_types_are_sound() {
        command().debug_assert();
    }

    #[test]
    fn every_option_of_the_table_is_an_option_and_is_handed_on() {
        for knob in KNOBS.iter().filter(|knob| knob.option.is_some()) {
            let option = knob.option.unwrap_or_default();
            let value = if knob.key == "backend" { "vchat" } else { "x" };
            let arguments = if knob.kind == Kind::Switch { vec![option] } else { vec![option, value] };
            for place in
                [[&arguments[..], &["config", "check"]].concat(), [&["config", "check"], &arguments[..]].concat()]
            {
                let given = read(&place).unwrap_or_else(|error| panic!("{error}")).options.given();
                assert!(given.0.contains_key(knob.key), "{option} is not handed on");
                assert_eq!(given.0.len(), 1);
            }
        }
        let options = command().get_opts().filter_map(|arg| arg.get_long().map(str::to_owned)).collect::<Vec<_>>();
        for option in options {
            let known = KNOBS.iter().any(|knob| knob.option == Some(format!("--{option}").as_str()));
            assert!(known, "--{option} has no row in the table");
        }
    }

    #[test]
    fn an_option_that_would_do_nothing_is_refused() {
        let cli = read(&["--url", "https://x", "demo"]).unwrap_or_else(|error| panic!("{error}"));
        let refused = cli.command.expect("there is one").accepts(&cli.options.given());
        assert_eq!(refused, Err("--url does nothing with `demo`. Leave it out.".to_owned()));
        let cli = read(&["serve", "--api-key", "k"]).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(cli.command.expect("there is one").accepts(&cli.options.given()), Ok(()));
    }

    #[test]
    fn an_address_may_be_a_name() {
        assert!(read(&["serve", "--bind", "localhost:0"]).is_ok());
        assert!(read(&["serve", "--bind", "4000"]).is_err());
    }
}
