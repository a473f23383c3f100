//! Finds what is being completed: looks at the word before the cursor, and at nothing else unless the text is a command.

use crate::app::model::completion::{CompletedWord, WordKind};
use crate::app::model::composer::Composer;
use crate::app::overlays::text_input::TextInput;
use crate::input::{ArgumentKind, CommandSpec};
use crate::text::emoji_of;

/// Returns what is being completed at the cursor; `None` if the word there is plain text.
///
/// `is_requested` tells that the user asked for it, so that any word may be the beginning of a name.
pub(in crate::app) fn find_word(composer: &Composer, is_requested: bool) -> Option<CompletedWord> {
    let (before, after) = composer.text().split_at(composer.cursor_byte());
    // In the middle of a word, it is not clear what to replace.
    if after.chars().next().is_some_and(|c| !c.is_whitespace()) || composer.selection().is_some() {
        return None;
    }
    let (kind, start) = if composer.is_command() { in_command(before)? } else { in_text(before, is_requested)? };
    Some(CompletedWord { kind, start, word: before[start..].to_owned() })
}

/// Returns the path in a text field; `None` in the middle of it, where it is not clear what to replace.
pub(in crate::app) fn of_path(input: &TextInput) -> Option<CompletedWord> {
    let word = input.before_cursor();
    let is_at_end = word.len() == input.text.len() && !input.is_old;
    is_at_end.then(|| CompletedWord { kind: WordKind::SavePath, start: 0, word: word.to_owned() })
}

/// Returns the kind and the start of the last word of a text.
fn in_text(before: &str, is_requested: bool) -> Option<(WordKind, usize)> {
    let start = before.char_indices().rev().find(|(_, c)| c.is_whitespace()).map_or(0, |(at, c)| at + c.len_utf8());
    let word = &before[start..];
    let mention = word.rfind('@').filter(|at| ends_word(&word[..*at])).map(|at| (WordKind::Mention, start + at));
    let emoji = || {
        word.rfind(':').filter(|colon| begins_emoji(word, *colon, is_requested)).map(|at| (WordKind::Emoji, start + at))
    };
    let name = || (is_requested && !word.is_empty()).then_some((WordKind::Name, start));
    mention.or_else(emoji).or_else(name)
}

/// Whether a word may begin after this text, so that neither an address nor a time is taken for one.
fn ends_word(text: &str) -> bool {
    text.chars().next_back().is_none_or(|c| !c.is_alphanumeric())
}

/// Whether a colon begins the shortcode of an emoji: followed by a letter, but not by one of `:D` and `:P`, which are
/// complete without lower-case letters. The colon alone does so at the user's request only, as it may begin `:)`.
fn begins_emoji(word: &str, colon: usize, is_requested: bool) -> bool {
    let (before, letters) = (&word[..colon], &word[colon + 1..]);
    let is_code = letters.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '+' | '-'));
    let is_long = match letters.len() {
        0 => is_requested,
        1 => letters.starts_with(|c: char| c.is_ascii_lowercase()),
        _ => true,
    };
    let is_named =
        letters.is_empty() || letters.starts_with(|c: char| c.is_ascii_alphabetic()) || matches!(letters, "+1" | "-1");
    // A colon before it ends another shortcode, as in `:wave::smi`, or is part of a path, as in `std::io`.
    let follows_code = || {
        let name = before.strip_suffix(':').and_then(|rest| rest.rsplit_once(':'));
        name.is_some_and(|(_, name)| emoji_of(name).is_some())
    };
    is_code && is_long && is_named && (ends_word(before) && !before.ends_with(':') || follows_code())
}

/// Returns the kind and the start of the word before the cursor in a command.
fn in_command(before: &str) -> Option<(WordKind, usize)> {
    let Some(blank) = before.find(char::is_whitespace) else {
        return before.starts_with('/').then_some((WordKind::Command, 0));
    };
    let command = CommandSpec::by_name(before.get(1..blank)?)?;
    let mut start = next_word(before, blank);
    for (index, argument) in command.arguments.iter().enumerate() {
        let kind = WordKind::Argument(command.id, argument.kind, index + 1 < command.arguments.len());
        match argument.kind {
            ArgumentKind::Text => return None,
            ArgumentKind::Room | ArgumentKind::Path | ArgumentKind::Profile => return Some((kind, start)),
            ArgumentKind::Users => {
                let separator = before[start..].rfind([' ', ',']).map_or(start, |at| start + at + 1);
                let kind = WordKind::Argument(command.id, argument.kind, true);
                return Some((kind, separator));
            }
            ArgumentKind::Title => start = next_word(before, start + before[start..].find(':')? + 1),
            ArgumentKind::User | ArgumentKind::Member | ArgumentKind::Outsider | ArgumentKind::Choice(_) => {
                match before[start..].find(char::is_whitespace) {
                    Some(blank) => start = next_word(before, start + blank),
                    None => return Some((kind, start)),
                }
            }
        }
    }
    None
}

/// Returns the place of the first character from `from` on that is not a blank.
fn next_word(text: &str, from: usize) -> usize {
    text.len() - text[from..].trim_start().len()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The kind and the word of the text's end.
    fn completed(text: &str) -> Option<(WordKind, String)> {
        find_word(&Composer::with_text(text), false).map(|completed| (completed.kind, completed.word))
    }

    fn argument(text: &str) -> Option<(ArgumentKind, String)> {
        match completed(text)? {
            (WordKind::Argument(_, kind, _), word) => Some((kind, word)),
            _ => None,
        }
    }

    #[test]
    fn word_after_an_at_sign_is_a_mention() {
        let mention = |word: &str| Some((WordKind::Mention, word.to_owned()));
        for (text, expected) in [
            ("@", mention("@")),
            ("hi @al", mention("@al")),
            ("(@al", mention("@al")),
            ("one\n@日", mention("@日")),
            ("me@home", None),
            ("@al ", None),
            ("al", None),
            ("//@al", mention("@al")),
        ] {
            assert_eq!(completed(text), expected, "{text}");
        }
    }

    #[test]
    fn colon_and_a_letter_are_an_emoji() {
        let emoji = |word: &str| Some((WordKind::Emoji, word.to_owned()));
        for (text, expected) in [
            (":sm", emoji(":sm")),
            ("ok :thumbs_", emoji(":thumbs_")),
            (":wave::sm", emoji(":sm")),
            ("(:sm", emoji(":sm")),
            (":+1", emoji(":+1")),
            (":s", emoji(":s")),
            (":", None),
            (":D", None),
            (":P", None),
            (":Sm", emoji(":Sm")),
            (":-)", None),
            (":30", None),
            ("10:30", None),
            ("note:this", None),
            ("std::io", None),
            ("https://x", None),
            (":smile:", None),
        ] {
            assert_eq!(completed(text), expected, "{text}");
        }
    }

    #[test]
    fn each_argument_of_a_command_has_its_kind() {
        let word = |kind, word: &str| Some((kind, word.to_owned()));
        for (text, expected) in [
            ("/dm ", word(ArgumentKind::User, "")),
            ("/dm @al", word(ArgumentKind::User, "@al")),
            ("/dm al ", None),
            ("/role al", word(ArgumentKind::Member, "al")),
            ("/role  al ad", word(ArgumentKind::Choice(&["member", "admin"]), "ad")),
            ("/group Release crew", None),
            ("/group Release crew: al", word(ArgumentKind::Users, "al")),
            ("/group Release crew: al,bo", word(ArgumentKind::Users, "bo")),
            ("/group Release crew: al ", word(ArgumentKind::Users, "")),
            ("/go release cr", word(ArgumentKind::Room, "release cr")),
            ("/send ~/my file", word(ArgumentKind::Path, "~/my file")),
            ("/rename @al", None),
            ("/nope al", None),
            ("/leave ", None),
        ] {
            assert_eq!(argument(text), expected, "{text}");
        }
        assert_eq!(completed("/"), Some((WordKind::Command, "/".to_owned())));
        assert_eq!(completed("/he"), Some((WordKind::Command, "/he".to_owned())));
    }

    #[test]
    fn text_that_is_no_command_has_no_command_to_complete() {
        for text in ["//he", "/me\nwaves", " /he", "a/b", "/he/", "/usr/bin/he"] {
            assert_eq!(completed(text), None, "{text}");
        }
        let mut pasted = Composer::default();
        pasted.paste("/he");
        assert_eq!(find_word(&pasted, false), None, "pasted text is never a command");
    }

    #[test]
    fn nothing_is_completed_within_a_word() {
        let mut composer = Composer::with_text("@alice");
        composer.left();
        assert_eq!(find_word(&composer, true), None);
        let composer = Composer::with_cursor_at("@al and bob", 3);
        assert_eq!(find_word(&composer, false).map(|completed| completed.word), Some("@al".to_owned()));
    }

    #[test]
    fn any_word_may_be_a_name_on_request() {
        let word =
            |text: &str| find_word(&Composer::with_text(text), true).map(|completed| (completed.kind, completed.word));
        assert_eq!(word("hi al"), Some((WordKind::Name, "al".to_owned())));
        assert_eq!(word("hi "), None);
        assert_eq!(word("hi :"), Some((WordKind::Emoji, ":".to_owned())), "those used lately");
        assert_eq!(word("10:"), Some((WordKind::Name, "10:".to_owned())));
        assert_eq!(word("hi @al"), Some((WordKind::Mention, "@al".to_owned())));
    }
}
