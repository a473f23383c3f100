//! The help of the command line, and what is generated from it.

use clap::{Arg, CommandFactory};
use clap_complete::Shell;

use crate::config::Kind;
use crate::input::{Action, Key};

use super::arguments::Cli;
use super::option_flags::{args, flags, values};
use super::option_scope::{help_override, is_accepted, is_for_scripts};
use super::rare_words::{has_rare_words, is_listed};

/// The description of `--help` and the man page, after the one-line summary.
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
    ("echo done | minchat-tui send --room ops -", "Send a message from a script"),
    ("minchat-tui tail --room ops --follow", "Print what is written, as JSON if the output is a pipe"),
    ("minchat-tui --profile team", "Chat with the account of a profile in the configuration file"),
];

/// What ends the help of the commands for scripts.
const EXIT_CODES: &str = "\
Exit codes: 0 done; 1 the service refused; 2 the command line or the configuration is wrong; 3 no connection, or no \
answer in time.";

/// What ends the help of `run`.
const SCENARIO: &str = "\
Without --url, --profile and their variables it starts a sandbox server of its own. With --backend both it starts one for \
each service, whatever the variables say, and also prints what differs between them. For two services of yours, name a \
profile of each: --profile A,B. The user names are those of the people, so --user has no effect.

Exit codes: 0 all steps passed; 1 one failed; 2 the file, the command line or the configuration is wrong; 3 somebody \
could not sign in.";

/// What ends the help of `doctor`.
const STAGES: &str = "\
It writes one message, which it deletes again: into a room of its own, or into the one that --room names. V Chat has no \
room without another person, so name one there.

Exit codes: 0 everything works; 2 the command line or the configuration is wrong; otherwise the stage that failed: 10 \
dns, 11 tcp, 12 tls, 13 http, 14 key, 15 sign-in, 16 socket, 17 join, 18 send, 19 echo, 20 edit, 21 delete, 22 \
clean-up.";

/// The clap command with all help texts.
pub fn command() -> clap::Command {
    // Otherwise help and errors would repeat the name under which the program was started, which may be any text.
    let command = Cli::command().bin_name("minchat-tui");
    let command = command.long_about(format!("{}\n\n{DESCRIPTION}", about())).after_long_help(after_help());
    command.mut_subcommands(|command| {
        let name = command.get_name().to_owned();
        let command = command.mut_subcommands(|nested| {
            let name = format!("{name} {}", nested.get_name());
            with_own_options(nested, &name)
        });
        with_own_options(command, &name)
    })
}

/// Shell completions.
pub fn completions(shell: Shell) -> Vec<u8> {
    let mut out = Vec::new();
    clap_complete::generate(shell, &mut command(), "minchat-tui", &mut out);
    out
}

/// Returns the usage line and the help of every command. The first entry is the program without a command.
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
    let arguments: String = if is_for_scripts(command.get_name()) {
        let own = shown.iter().filter(|arg| !arg.is_global_set() || arg.get_long() == Some("room"));
        own.map(|arg| argument_usage(arg)).chain([" [OPTIONS]".to_owned()]).collect()
    } else if general + 1 >= flags().count() {
        " [OPTIONS]".to_owned()
    } else {
        shown.into_iter().map(argument_usage).collect()
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

/// Gives a command its own help for options that mean something else there, and hides those that have no effect. Hidden
/// options are still parsed, so that `Command::accepts` can explain why they are rejected.
fn with_own_options(command: clap::Command, name: &str) -> clap::Command {
    let own = args().zip(flags()).filter_map(|(arg, (option, flag))| {
        let (help, has_words) = (help_override(name, option.key), has_rare_words(name, option.key));
        let arg = match option.kind {
            Kind::Choice(words) if has_words => {
                arg.value_parser(values(words, |word| is_listed(name, option.key, word)))
            }
            _ => arg,
        };
        match help {
            Some(help) => Some(arg.help(help)),
            None if is_accepted(name, &flag) => has_words.then_some(arg),
            None => Some(arg.hide(true)),
        }
    });
    let own: Vec<Arg> = own.collect();
    let command = command.args(own);
    match name {
        "doctor" => command.after_help(STAGES),
        "run" => command.after_help(SCENARIO),
        name if is_for_scripts(name) => command.after_help(EXIT_CODES),
        _ => command,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Regression test: `--backend foo` listed `both` where it is not possible.
    #[test]
    fn values_are_listed_where_they_are_possible() {
        let lists_both = |arguments: &[&str]| {
            let error = command().try_get_matches_from([&["minchat-tui"], arguments].concat()).expect_err("an error");
            let text = error.to_string();
            assert!(text.contains("vchat"), "{arguments:?}: {text}");
            text.contains("both")
        };
        let with_backend: Vec<String> =
            command().get_subcommands().map(|command| command.get_name().to_owned()).collect();
        for name in with_backend.iter().map(String::as_str) {
            let arguments: &[&str] = match name {
                "config" => &["config", "add", "x", "--backend", "foo"],
                name => &[name, "--backend", "foo"],
            };
            assert_eq!(lists_both(arguments), matches!(name, "demo" | "run"), "{name}");
        }
        assert!(!lists_both(&["--backend", "foo"]));
        assert!(command().try_get_matches_from(["minchat-tui", "--backend", "both", "demo"]).is_ok());
    }

    #[test]
    fn clap_definition_is_valid() {
        command().debug_assert();
    }
}
