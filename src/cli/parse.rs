//! Parsing the command line of this process.

use std::io::{self, Write};

use clap::{Args, FromArgMatches};

use crate::config::locale_without_utf8;
use crate::text::to_ascii;

use super::arguments::Cli;
use super::help::command;
use super::option_flags::OptionFlags;

/// Parses the command line of this process. Exits with 0 after `--help` and `--version`. The environment `variable` tells
/// whether the help may have other than ASCII characters.
///
/// # Errors
/// Returns a usage error, whose text may contain any argument.
pub fn parse(variable: &dyn Fn(&str) -> Option<String>) -> Result<Cli, clap::Error> {
    if let Some(options) = options_only() {
        return Ok(Cli { options, command: None });
    }
    let cli = command().try_get_matches().and_then(|matches| Cli::from_arg_matches(&matches));
    cli.map_err(|error| {
        if error.use_stderr() {
            return error;
        }
        if locale_without_utf8(variable).is_some() {
            let help = error.render().to_string();
            let lines: Vec<String> = help.lines().map(to_ascii).collect();
            // If standard output is closed, nobody reads the help.
            let _ = writeln!(io::stdout().lock(), "{}", lines.join("\n"));
            std::process::exit(0);
        }
        error.exit()
    })
}

/// Returns the options, if the command line consists of valid options only. In this common case the help of all
/// commands, which repeats the options of each, need not be built before the first frame.
fn options_only() -> Option<OptionFlags> {
    let options = OptionFlags::augment_args(clap::Command::new("minchat-tui").disable_help_flag(true));
    OptionFlags::from_arg_matches(&options.try_get_matches().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::option_flags::flags;
    use crate::config::Kind;

    fn parse(arguments: &[&str]) -> Result<Cli, clap::Error> {
        let matches = command().try_get_matches_from([&["minchat-tui"], arguments].concat())?;
        Cli::from_arg_matches(&matches)
    }

    #[test]
    fn every_option_is_passed_on_before_and_after_a_command() {
        for (option, flag) in flags() {
            let value = if let Kind::Choice(words) = option.kind { words[1] } else { "x" };
            let flag = if option.kind == Kind::Switch { vec![flag.long] } else { vec![flag.long, value] };
            for line in [[&flag[..], &["config", "check"]].concat(), [&["config", "check"], &flag[..]].concat()] {
                let values = parse(&line).unwrap_or_else(|error| panic!("{error}")).options.0;
                assert!(values.get(option.key).is_some(), "{line:?}");
                assert_eq!(values.0.len(), 1);
            }
        }
        let values = parse(&["--no-mouse", "--ascii"]).unwrap_or_else(|error| panic!("{error}")).options.0;
        assert_eq!((values.get("mouse"), values.get("ascii")), (Some("false"), Some("true")));
    }

    #[test]
    fn option_without_effect_is_rejected() {
        let cli = parse(&["--url", "https://x", "demo"]).unwrap_or_else(|error| panic!("{error}"));
        let rejected = cli.command.expect("a command").accepts(&cli.options.0);
        assert_eq!(rejected, Err("--url has no effect with `demo`. Remove it.".to_owned()));
        let cli = parse(&["serve", "--api-key", "k"]).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(cli.command.expect("a command").accepts(&cli.options.0), Ok(()));
    }

    #[test]
    fn bind_address_may_be_a_host_name() {
        assert!(parse(&["serve", "--bind", "localhost:0"]).is_ok());
        assert!(parse(&["serve", "--bind", "4000"]).is_err());
    }
}
