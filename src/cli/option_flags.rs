//! The flags of all options in the table of `config`, for clap.
//!
//! The flags are built from the table instead of being declared as fields, so that a new option needs no change here.

use clap::builder::{PossibleValue, PossibleValuesParser};
use clap::{Arg, ArgAction, ArgMatches, Args, FromArgMatches, ValueHint};

use crate::config::{CliValues, Flag, Group, Kind, OPTIONS, OptionSpec};

use super::rare_words::is_listed;

/// Display order of the first option flag. The flags of a single command come before them.
const FIRST_ORDER: usize = 100;

/// The values of the option flags on a command line.
#[derive(Clone, Default)]
pub struct OptionFlags(pub CliValues);

/// Returns all options that have a flag.
pub(super) fn flags() -> impl Iterator<Item = (&'static OptionSpec, Flag)> {
    OPTIONS.iter().filter_map(|option| Some((*option, option.flag?)))
}

/// Returns the flags of all options for clap.
pub(super) fn args() -> impl Iterator<Item = Arg> {
    (FIRST_ORDER..).zip(flags()).map(|(order, (option, flag))| arg(option, &flag).display_order(order))
}

impl FromArgMatches for OptionFlags {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let values = flags().filter_map(|(option, flag)| {
            let value = match option.kind {
                Kind::Switch => matches.get_flag(option.key).then(|| (!is_negated(&flag)).to_string()),
                Kind::Names => matches.get_many::<String>(option.key).map(|names| {
                    let names: Vec<&str> = names.map(String::as_str).collect();
                    names.join(",")
                }),
                _ => matches.get_one::<String>(option.key).cloned(),
            };
            Some((option.key, value?))
        });
        Ok(Self(CliValues(values.collect())))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

impl Args for OptionFlags {
    fn augment_args(command: clap::Command) -> clap::Command {
        command.args(args())
    }

    fn augment_args_for_update(command: clap::Command) -> clap::Command {
        Self::augment_args(command)
    }
}

/// Returns the parser of a choice. Words that are not `listed` are read as well, so that the error can say where they are
/// possible, but errors and completions do not offer them.
pub(super) fn values(words: &[&'static str], listed: impl Fn(&str) -> bool) -> PossibleValuesParser {
    PossibleValuesParser::new(words.iter().map(|word| PossibleValue::new(*word).hide(!listed(word))))
}

/// Whether a switch is turned off by its flag, as with `--no-mouse`.
fn is_negated(flag: &Flag) -> bool {
    flag.long.starts_with("--no-")
}

fn arg(option: &'static OptionSpec, flag: &Flag) -> Arg {
    let heading = match flag.group {
        Group::Account => "Account options",
        Group::Data => "Data options",
        Group::Display => "Display options",
    };
    let arg = Arg::new(option.key).long(flag.long.trim_start_matches('-')).short(flag.short);
    let arg = arg.global(true).help(help(option, flag)).help_heading(heading);
    let hint = match option.kind {
        Kind::Switch => return arg.action(ArgAction::SetTrue),
        Kind::Url => ValueHint::Url,
        Kind::File => ValueHint::FilePath,
        Kind::Dir => ValueHint::DirPath,
        Kind::Text | Kind::Names | Kind::Choice(_) | Kind::Number | Kind::Secret | Kind::Command => ValueHint::Unknown,
    };
    let arg = arg.value_name(flag.value_name).value_hint(hint);
    match option.kind {
        Kind::Choice(words) => {
            arg.value_parser(values(words, |word| is_listed("", option.key, word))).hide_possible_values(true)
        }
        Kind::Names => arg.action(ArgAction::Append),
        _ => arg,
    }
}

/// Returns the help of a flag: the description, the default and the environment variable.
fn help(option: &OptionSpec, flag: &Flag) -> String {
    let mut help = option.help.to_owned();
    if is_negated(flag) {
        if let Some(first) = help.get_mut(..1) {
            first.make_ascii_lowercase();
        }
        help.insert_str(0, "Do not ");
        help = help.replace("; with false, ", "; then ");
    }
    if option.kind != Kind::Switch && option.default != "none" {
        help.push_str(&format!(" [default: {}]", option.default));
    }
    if let Some(variable) = option.variable {
        help.push_str(&format!(" [env: {variable}]"));
    }
    help
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn negated_switch_has_a_negated_description() {
        let (option, flag) = flags().find(|(option, _)| option.key == "mouse").expect("the option");
        assert!(help(option, &flag).starts_with("Do not use the mouse; then it selects text"));
    }
}
