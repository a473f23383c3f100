//! Errors of the command line, made safe to print.
//!
//! clap repeats the argument that it rejects. That may be a key in the wrong place, or contain control characters. What
//! cannot be a key is repeated: short words, misspellings, numbers and paths. clap also suggests arguments that have
//! little in common with the rejected one, and takes them for used in the usage line.

use std::path::Path;

use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::config::{HIDDEN, is_plain_word, quotable, quotable_name, quotable_path};
use crate::text::{SafeText, suggestion};

use super::help::command;

/// Number of digits up to which a number is taken for a number and not for a key.
const MAX_DIGITS: usize = 6;

/// Explains what stands in the place of an argument that is not repeated.
const EXPLANATION: &str = "*** stands for an argument that is not repeated, because it may be a key.";

/// Returns the text of `error` without control characters and without those of `arguments` that may be a key.
pub fn usage_error(mut error: clap::Error, arguments: &[String]) -> String {
    correct_tips(&mut error, arguments);
    let known = KnownWords::of_command_line();
    let mut hidden: Vec<(&str, String)> = arguments
        .iter()
        .filter(|argument| !is_plain_choice(&error, argument))
        .flat_map(|argument| known.hidden_parts(argument))
        .filter(|(part, _)| !part.is_empty())
        .collect();
    // The longest first: an argument may be a part of another one.
    hidden.sort_by_key(|(written, _)| std::cmp::Reverse(written.len()));
    let (words, others): (Vec<_>, Vec<_>) = hidden.into_iter().partition(|(written, _)| is_ordinary_word(written));
    let text =
        others.into_iter().fold(error.render().to_string(), |text, (written, shown)| text.replace(written, &shown));
    // clap quotes arguments. Elsewhere in the text the same word is not the argument.
    let replaced = text.split('\'').enumerate().map(|(index, part)| {
        let hide = |part: String, (written, shown): &(&str, String)| part.replace(written, shown);
        if index % 2 == 1 { words.iter().fold(part.to_owned(), hide) } else { part.to_owned() }
    });
    let text = SafeText::block(&replaced.collect::<Vec<_>>().join("'")).as_str().to_owned();
    if text.contains(HIDDEN) { format!("{}\n\n{EXPLANATION}\n", text.trim_end()) } else { text }
}

/// Makes the tips of an error name similar words only, and its usage line the general one of the command.
fn correct_tips(error: &mut clap::Error, arguments: &[String]) {
    let mut chosen = command();
    chosen.build();
    for argument in arguments {
        if let Some(nested) = chosen.find_subcommand(argument).cloned() {
            chosen = nested;
        }
    }
    if error.kind() == ErrorKind::UnknownArgument {
        let flags = chosen.get_arguments().filter(|argument| !argument.is_hide_set());
        let names: Vec<&str> = flags.filter_map(clap::Arg::get_long).collect();
        let similar = text_of(error, ContextKind::InvalidArg).and_then(|written| {
            let name = written.trim_start_matches('-').split('=').next().unwrap_or_default();
            suggestion(name, names.iter().copied()).map(|name| format!("--{name}"))
        });
        error.remove(ContextKind::SuggestedArg);
        if let Some(similar) = similar {
            error.insert(ContextKind::SuggestedArg, ContextValue::String(similar));
        }
        error.insert(ContextKind::Usage, ContextValue::StyledStr(chosen.render_usage()));
    }
    let (written, suggested) = match error.kind() {
        ErrorKind::InvalidValue => (ContextKind::InvalidValue, ContextKind::SuggestedValue),
        ErrorKind::InvalidSubcommand => (ContextKind::InvalidSubcommand, ContextKind::SuggestedSubcommand),
        _ => return,
    };
    let words = match error.get(suggested) {
        Some(ContextValue::String(word)) => vec![word.clone()],
        Some(ContextValue::Strings(words)) => words.clone(),
        _ => return,
    };
    let similar = text_of(error, written)
        .and_then(|written| suggestion(&written, words.iter().map(String::as_str)).map(str::to_owned));
    match (similar, suggested) {
        (None, _) => _ = error.remove(suggested),
        (Some(word), ContextKind::SuggestedSubcommand) => {
            error.insert(suggested, ContextValue::Strings(vec![word]));
        }
        (Some(_), _) => {}
    }
}

fn text_of(error: &clap::Error, kind: ContextKind) -> Option<String> {
    match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text.clone()),
        _ => None,
    }
}

/// Whether an argument is the rejected value of an option with a few words as values, and looks like a word itself.
fn is_plain_choice(error: &clap::Error, argument: &str) -> bool {
    let value = argument.split_once('=').map_or(argument, |(_, value)| value);
    let is_rejected = text_of(error, ContextKind::InvalidValue).is_some_and(|rejected| rejected == value);
    match error.get(ContextKind::ValidValue) {
        Some(ContextValue::Strings(words)) if is_rejected && !words.is_empty() => {
            quotable_name(value, words.iter().map(String::as_str)) != HIDDEN
        }
        _ => false,
    }
}

/// The words of a valid command line.
struct KnownWords {
    /// Commands, and values of options and arguments.
    words: Vec<String>,
    /// Flags with their dashes.
    flags: Vec<String>,
}

impl KnownWords {
    fn of_command_line() -> Self {
        let mut known = Self { words: Vec::new(), flags: ["--help", "--version"].map(str::to_owned).to_vec() };
        known.add(&command());
        known
    }

    fn add(&mut self, command: &clap::Command) {
        for argument in command.get_arguments() {
            self.words.extend(argument.get_possible_values().iter().map(|value| value.get_name().to_owned()));
            self.flags.extend(argument.get_long().map(|long| format!("--{long}")));
        }
        for nested in command.get_subcommands() {
            self.words.push(nested.get_name().to_owned());
            self.add(nested);
        }
    }

    /// Returns the parts of an argument that are not repeated, and what is written instead of each.
    fn hidden_parts<'a>(&self, argument: &'a str) -> Vec<(&'a str, String)> {
        if !argument.starts_with('-') {
            return if self.is_harmless(argument) { Vec::new() } else { vec![(argument, HIDDEN.to_owned())] };
        }
        let (flag, value) = argument.split_once('=').unwrap_or((argument, ""));
        let mut parts = if self.is_harmless(value) { Vec::new() } else { vec![(value, HIDDEN.to_owned())] };
        let known = || self.flags.iter().map(String::as_str);
        let name = flag.trim_start_matches('-');
        let is_harmless = is_number(name) || is_plain_word(name);
        if !is_harmless && quotable(name, known().map(|flag| flag.trim_start_matches('-'))) == HIDDEN {
            let prefix = known().filter(|known| flag.starts_with(known)).max_by_key(|known| known.len());
            let dashes = &flag[..flag.len() - name.len()];
            parts.push((flag, format!("{}{HIDDEN}", prefix.unwrap_or(dashes))));
        }
        parts
    }

    /// Whether an argument that is no flag cannot be a key.
    fn is_harmless(&self, argument: &str) -> bool {
        is_number(argument)
            || is_plain_word(argument)
            || quotable(argument, self.words.iter().map(String::as_str)) != HIDDEN
            || quotable_path(Path::new(argument)) == argument
    }
}

/// Whether the text of an error may contain `text` by chance.
fn is_ordinary_word(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_lowercase())
}

fn is_number(text: &str) -> bool {
    text.len() <= MAX_DIGITS && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "M4RKER/k+e=y?~";

    fn error(arguments: &[&str]) -> String {
        let error = command().try_get_matches_from([&["minchat-tui"], arguments].concat()).expect_err("an error");
        let arguments: Vec<String> = arguments.iter().map(|argument| (*argument).to_owned()).collect();
        usage_error(error, &arguments)
    }

    #[test]
    fn key_in_the_wrong_place_is_not_repeated() {
        let joined =
            [format!("--api-key{KEY}"), format!("--apikey={KEY}"), format!("--ascii={KEY}"), format!("-{KEY}")];
        for arguments in [
            &[KEY][..],
            &["demo", KEY],
            &["config", KEY],
            &["completions", KEY],
            &["--backend", KEY],
            &["serve", "--bind", KEY],
            &["demo", "--seed", KEY],
            &["--api-key", "--", KEY],
            &[&joined[0]],
            &[&joined[1]],
            &[&joined[2]],
            &[&joined[3]],
            &["demo", &joined[0]],
        ] {
            let text = error(arguments);
            assert!(text.starts_with("error: ") && !text.contains("4RKER") && !text.contains("e=y"), "{text}");
        }
        assert!(error(&[&joined[0]]).contains("--api-key***"), "{}", error(&[&joined[0]]));
    }

    /// A key of lower-case letters was taken for a misspelling.
    #[test]
    fn words_that_are_no_misspellings_are_not_repeated() {
        for key in ["correct-horse-ba", "my.secret", "hunter2.txt", "swordfish", "subcommand", "unexpected"] {
            let (flag, value) = (format!("--{key}"), format!("--ascii={key}"));
            for arguments in
                [&[key][..], &["demo", key], &["config", key], &[&flag], &[&value], &["serve", "--bind", key]]
            {
                let text = error(arguments);
                assert!(text.starts_with("error: ") && text.contains("***"), "{text}");
                assert!(!text.contains(&format!("'{key}")) && !text.contains(&format!("--{key}")), "{text}");
            }
        }
        let count = |typed: &str| error(&[typed]).matches("subcommand").count();
        assert_eq!(count("subcommand"), count("swordfish"));
        assert!(error(&["swordfish"]).ends_with("because it may be a key.\n"), "{}", error(&["swordfish"]));
    }

    /// These were hidden, so that nobody could see what was wrong.
    #[test]
    fn what_cannot_be_a_key_is_repeated() {
        for (arguments, repeated) in [
            (&["hello"][..], "'hello'"),
            (&["--bogus"], "'--bogus'"),
            (&["--dry-run=x"], "'--dry-run'"),
            (&["completions", "zork"], "'zork'"),
            (&["my-session.rec"], "'my-session.rec'"),
            (&["./logs/today"], "'./logs/today'"),
        ] {
            let text = error(arguments);
            assert!(text.contains(repeated) && !text.contains(HIDDEN), "{text}");
        }
    }

    /// `--foo` was taken for `--room`, and the usage line was one with `--room`.
    #[test]
    fn tips_name_similar_words_only() {
        for (arguments, usage) in [
            (&["--foo"][..], "Usage: minchat-tui [OPTIONS] [COMMAND]\n"),
            (&["demo", "--foo"], "Usage: minchat-tui demo [OPTIONS]\n"),
            (&["config", "check", "--foo"], "Usage: minchat-tui config check\n"),
            (&["send", "--foo"], "Usage: minchat-tui send "),
        ] {
            let text = error(arguments);
            assert!(text.contains(usage) && !text.contains("tip: a similar"), "{text}");
        }
        for (arguments, tip) in [
            (&["--bakend", "vchat"][..], "'--backend'"),
            (&["--apikey=x"], "'--api-key'"),
            (&["demo", "--sead", "3"], "'--seed'"),
            (&["--backend", "vchatt"], "'vchat'"),
            (&["dmeo"], "'demo'"),
        ] {
            let text = error(arguments);
            let tip_line = text.lines().find(|line| line.contains("tip:")).unwrap_or_else(|| panic!("{text}"));
            assert!(tip_line.contains(tip), "{text}");
            assert!(!text.contains("Usage: minchat-tui --"), "{text}");
        }
        assert!(!error(&["completions", "powerfish"]).contains("tip: a similar"));
    }

    /// `slack` was masked like a key.
    #[test]
    fn wrong_word_for_an_option_with_few_words_is_repeated() {
        for arguments in [&["demo", "--backend", "slack"][..], &["--backend=slack"], &["completions", "huge"]] {
            let text = error(arguments);
            assert!(text.contains("'slack'") || text.contains("'huge'"), "{text}");
        }
        for key in [KEY, "hunter2", "correct-horse-ba", "abcdefghijklm"] {
            assert!(error(&["--backend", key]).contains("'***'"), "{key}");
        }
    }

    #[test]
    fn misspelled_words_are_repeated() {
        assert!(error(&["dmo"]).contains("'dmo'") && error(&["--profil=x"]).contains("'--profil'"));
        assert!(error(&["--backend", "vchta"]).contains("'vchta'") && error(&["demo", "--seed", "-1"]).contains("-1"));
    }

    #[test]
    fn control_sequences_are_removed() {
        for argument in ["\u{1b}]0;owned\u{7}", "--\u{9b}2J", "--x\u{202e}", "a\u{1b}[31mb"] {
            let text = error(&[argument]);
            let is_unsafe = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
            assert!(!text.contains(is_unsafe), "{text:?}");
        }
    }
}
