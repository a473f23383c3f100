//! The help of the command line, and what is generated from it.

use clap::{Arg, CommandFactory};
use clap_complete::Shell;

use crate::config::{KNOBS, Kind};
use crate::input::{Action, Key};

use super::arguments::Cli;
use super::option_scope::{help_override, is_accepted};

/// What the program does without a command; also in the man page.
pub(super) const DESCRIPTION: &str = "\
Without a command, minchat-tui signs in to an account and opens the chat. The account comes from options, environment \
variables or a profile of the configuration file, in order of precedence. `minchat-tui demo` needs no account.";

/// Examples: the command line, and what it does.
pub(super) const EXAMPLES: &[(&str, &str)] = &[
    ("minchat-tui demo", "Try it with simulated people; no account needed"),
    ("minchat-tui demo --backend vchat", "The same on V Chat"),
    ("minchat-tui --api-key KEY --user alice", "Chat on the hosted MinChat service"),
    (
        "minchat-tui --backend vchat --url https://chat.example.com --api-key HASH_KEY --user alice@example.com",
        "Chat on a V Chat server; MINCHAT_TOKEN can replace the hash key",
    ),
    ("minchat-tui --profile team", "Chat with the account of a profile in the configuration file"),
];

/// The clap command with all help texts.
pub fn command() -> clap::Command {
    let command = Cli::command().mut_args(with_table_help);
    let command = command.long_about(format!("{}\n\n{DESCRIPTION}", about())).after_long_help(after_help());
    let general: Vec<Arg> = command.get_arguments().filter(|arg| arg.is_global_set()).cloned().collect();
    command.mut_subcommands(|command| {
        let name = command.get_name().to_owned();
        let command = command.mut_subcommands(|nested| {
            let name = format!("{name} {}", nested.get_name());
            with_own_options(nested, &name, &general)
        });
        with_own_options(command, &name, &general)
    })
}

/// Shell completions.
pub fn completions(shell: Shell) -> Vec<u8> {
    let mut out = Vec::new();
    clap_complete::generate(shell, &mut command(), "minchat-tui", &mut out);
    out
}

/// Every command as it is typed, with its options and their values, and its help. The first line is the program without a
/// command.
pub fn usage_lines() -> Vec<(String, String)> {
    let mut lines = vec![(
        "minchat-tui [OPTIONS]".to_owned(),
        "Open the chat with the account from options, environment variables or configuration file".to_owned(),
    )];
    let command = command();
    for command in command.get_subcommands() {
        let name = format!("minchat-tui {}", command.get_name());
        if command.has_subcommands() {
            lines.extend(
                command.get_subcommands().map(|nested| usage_line(&format!("{name} {}", nested.get_name()), nested)),
            );
        } else {
            lines.push(usage_line(&name, command));
        }
    }
    lines
}

fn usage_line(name: &str, command: &clap::Command) -> (String, String) {
    // `config check` accepts every option.
    let shown: Vec<_> = command.get_arguments().filter(|arg| !arg.is_hide_set()).collect();
    let general = shown.iter().filter(|arg| arg.is_global_set()).count();
    let arguments: String = if general + 1 >= KNOBS.iter().filter(|knob| knob.option.is_some()).count() {
        " [OPTIONS]".to_owned()
    } else {
        shown.into_iter().map(|arg| argument_usage(arg)).collect()
    };
    (format!("{name}{arguments}"), command.get_about().map(ToString::to_string).unwrap_or_default())
}

/// An argument in a usage line, such as `[--port N]`.
pub(super) fn argument_usage(arg: &Arg) -> String {
    let value = arg.get_value_names().and_then(|names| names.first()).map_or("", |name| name.as_str());
    match (arg.get_long(), arg.get_action().takes_values()) {
        (Some(long), true) => format!(" [--{long} {value}]"),
        (Some(long), false) => format!(" [--{long}]"),
        (None, _) => format!(" {value}"),
    }
}

fn about() -> String {
    Cli::command().get_about().map(ToString::to_string).unwrap_or_default()
}

fn after_help() -> String {
    let examples = EXAMPLES.iter().map(|(command, help)| format!("  {command}\n      {help}\n"));
    let keys = default_keys(Action::Help).join(" or ");
    format!("Examples:\n{}\nPress {keys} in the chat for a list of keys and commands.", examples.collect::<String>())
}

/// The default keys of an action, as they are shown to the user.
pub(super) fn default_keys(action: Action) -> Vec<String> {
    let keys = action.default_keys().iter().filter_map(|key| key.parse::<Key>().ok());
    keys.map(|key| key.to_string()).collect()
}

/// Completes an option with its row of the table: help, default and environment variable.
fn with_table_help(arg: Arg) -> Arg {
    let Some(long) = arg.get_long() else { return arg };
    let option = format!("--{long}");
    let Some(index) = KNOBS.iter().position(|knob| knob.option == Some(&option)) else { return arg };
    let knob = &KNOBS[index];
    // A command's own options come before the general ones.
    let arg = arg.display_order(100 + index);
    let variable = knob.variable.map(|variable| format!(" [env: {variable}]")).unwrap_or_default();
    if knob.kind == Kind::Switch {
        let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
        return arg.help(format!("{help}{variable}"));
    }
    let default = if knob.default == "none" { String::new() } else { format!(" [default: {}]", knob.default) };
    arg.help(format!("{}{default}{variable}", knob.help))
}

/// Gives a command its own help for options that mean something else there, and hides those that have no effect. Hidden
/// options are still parsed, so that `Command::accepts` can explain why they are rejected.
fn with_own_options(command: clap::Command, name: &str, general: &[Arg]) -> clap::Command {
    let own = general.iter().filter_map(|arg| {
        let option = format!("--{}", arg.get_long()?);
        let key = KNOBS.iter().find(|knob| knob.option == Some(&option))?.key;
        match help_override(name, key) {
            Some(help) => Some(arg.clone().help(help)),
            None if is_accepted(name, key) => None,
            None => Some(arg.clone().hide(true)),
        }
    });
    let own: Vec<Arg> = own.collect();
    command.args(own)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clap_definition_is_valid() {
        command().debug_assert();
    }

    #[test]
    fn every_option_has_a_row_in_the_table() {
        let options = command().get_opts().filter_map(|arg| arg.get_long().map(str::to_owned)).collect::<Vec<_>>();
        for option in options {
            let known = KNOBS.iter().any(|knob| knob.option == Some(format!("--{option}").as_str()));
            assert!(known, "--{option} has no row in the table");
        }
    }
}
