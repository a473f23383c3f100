//! Errors of the command line, made safe to print.
//!
//! clap repeats the argument that it rejects. That may be a key in the wrong place, or contain control characters.

use crate::config::{HIDDEN, quotable, suggestion};
use crate::text::SafeText;

use super::help::command;
use super::option_flags::flags;

/// Number of digits up to which a number is taken for a number and not for a key.
const MAX_DIGITS: usize = 6;

/// Returns the text of `error` without control characters and without those of `arguments` that may be a key.
pub fn usage_error(error: &clap::Error, arguments: &[String]) -> String {
    let mut text = error.render().to_string();
    let mut hidden: Vec<(&str, String)> = arguments.iter().flat_map(|argument| hidden_parts(argument)).collect();
    // The longest first: an argument may be a part of another one.
    hidden.sort_by_key(|(written, _)| std::cmp::Reverse(written.len()));
    for (written, shown) in hidden {
        text = text.replace(written, &shown);
    }
    SafeText::block(&text).as_str().to_owned()
}

/// Returns the parts of an argument that are not repeated, and what is written instead of each.
fn hidden_parts(argument: &str) -> Vec<(&str, String)> {
    if !argument.starts_with('-') {
        return if is_harmless(argument) { Vec::new() } else { vec![(argument, HIDDEN.to_owned())] };
    }
    let (flag, value) = argument.split_once('=').unwrap_or((argument, ""));
    let mut parts = if is_harmless(value) { Vec::new() } else { vec![(value, HIDDEN.to_owned())] };
    let known = || flags().map(|(_, flag)| flag.long).chain(["--help", "--version"]);
    let name = flag.trim_start_matches('-');
    if quotable(name, []) == HIDDEN && !is_number(name) && suggestion(flag, known()).is_none() {
        let prefix = known().filter(|known| flag.starts_with(known)).max_by_key(|known| known.len());
        parts.push((flag, format!("{}{HIDDEN}", prefix.unwrap_or("-"))));
    }
    parts
}

/// Whether an argument that is no flag cannot be a key.
fn is_harmless(argument: &str) -> bool {
    let command = command();
    let words = command.get_subcommands().flat_map(|command| {
        std::iter::once(command.get_name()).chain(command.get_subcommands().map(clap::Command::get_name))
    });
    is_number(argument) || quotable(argument, words) != HIDDEN
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
        usage_error(&error, &arguments)
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

    #[test]
    fn misspelled_words_are_repeated() {
        assert!(error(&["dmo"]).contains("'dmo'") && error(&["--nonsense"]).contains("'--nonsense'"));
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
