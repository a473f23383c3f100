//! Parsing the command line of this process.

use clap::{Args, FromArgMatches};

use super::arguments::{Cli, Options};
use super::help::command;

/// Parses the command line of this process. Exits after `--help` with 0, and after a usage error with 2.
pub fn parse() -> Cli {
    if let Some(options) = options_only() {
        return Cli { options, command: None };
    }
    let matches = command().get_matches();
    Cli::from_arg_matches(&matches).unwrap_or_else(|error| error.exit())
}

/// The options, if the command line consists of valid options only. In this common case the help of all commands, which
/// repeats every option for each of them, need not be built before the first frame.
fn options_only() -> Option<Options> {
    let options = Options::augment_args(clap::Command::new("minchat-tui").disable_help_flag(true));
    Options::from_arg_matches(&options.try_get_matches().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{KNOBS, Kind};

    fn parse(arguments: &[&str]) -> Result<Cli, clap::Error> {
        let matches = command().try_get_matches_from([&["minchat-tui"], arguments].concat())?;
        Cli::from_arg_matches(&matches)
    }

    #[test]
    fn every_option_of_the_table_is_passed_on() {
        for knob in KNOBS.iter().filter(|knob| knob.option.is_some()) {
            let option = knob.option.unwrap_or_default();
            let value = if knob.key == "backend" { "vchat" } else { "x" };
            let arguments = if knob.kind == Kind::Switch { vec![option] } else { vec![option, value] };
            let before = [&arguments[..], &["config", "check"]].concat();
            let after = [&["config", "check"], &arguments[..]].concat();
            for line in [before, after] {
                let given = parse(&line).unwrap_or_else(|error| panic!("{error}")).options.given();
                assert!(given.0.contains_key(knob.key), "{option} is lost");
                assert_eq!(given.0.len(), 1);
            }
        }
    }

    #[test]
    fn option_without_effect_is_rejected() {
        let cli = parse(&["--url", "https://x", "demo"]).unwrap_or_else(|error| panic!("{error}"));
        let rejected = cli.command.expect("a command").accepts(&cli.options.given());
        assert_eq!(rejected, Err("--url has no effect with `demo`. Remove it.".to_owned()));
        let cli = parse(&["serve", "--api-key", "k"]).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(cli.command.expect("a command").accepts(&cli.options.given()), Ok(()));
    }

    #[test]
    fn bind_address_may_be_a_host_name() {
        assert!(parse(&["serve", "--bind", "localhost:0"]).is_ok());
        assert!(parse(&["serve", "--bind", "4000"]).is_err());
    }
}
