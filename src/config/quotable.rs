//! Decides which words of a command line or a configuration file may be quoted in a problem.
//!
//! A key may be written in the wrong place, and problems are shown on the screen, pasted into chats and reported as
//! bugs. A word is therefore only quoted if it is probably a misspelling of a word that is expected there, or too short
//! to be a key, and a path only as far as it exists or is obviously a path.

use std::path::Path;

use crate::text::suggestion;

/// Replacement for a word that is not quoted.
pub const HIDDEN: &str = "***";

/// Minimum length of a key in characters.
const MIN_KEY_CHARS: usize = 4;

/// Returns `word`, or [`HIDDEN`] if it may be a key. `known` are the words that could have been meant.
pub fn quotable<'a, 'k>(word: &'a str, known: impl IntoIterator<Item = &'k str>) -> &'a str {
    let is_short = word.chars().count() < MIN_KEY_CHARS;
    if is_short || suggestion(word, known).is_some() { word } else { HIDDEN }
}

/// Returns a path, with [`HIDDEN`] in place of a part that does not exist and may be a key.
pub fn quotable_path(path: &Path) -> String {
    if path.exists() {
        return path.display().to_string();
    }
    let folder = path.ancestors().skip(1).find(|folder| folder.exists());
    let folder = folder.unwrap_or(Path::new(""));
    let is_plain = path.strip_prefix(folder).is_ok_and(is_plain_file);
    if is_plain { path.display().to_string() } else { folder.join(HIDDEN).display().to_string() }
}

/// Extensions of the files that this program reads and writes. No key ends with one.
const EXTENSIONS: [&str; 10] = ["toml", "pem", "crt", "ndjson", "json", "log", "rec", "cast", "svg", "html"];

/// Maximum length of the extension of a file that has no usual one and consists of words.
const MAX_EXTENSION: usize = 4;

/// Maximum length of a word with capitals anywhere, in the name of a file with a usual extension.
const MAX_WORD: usize = 16;

/// Maximum number of digits without letters: those of a date without hyphens.
const DATE_DIGITS: usize = 8;

/// Maximum length of a name that is quoted although nothing is called so.
const MAX_NAME_CHARS: usize = 12;

/// Maximum length of the words, and of all of them together, that are quoted although nothing like them is expected.
const MAX_WORDS: (usize, usize) = (8, 12);

/// Whether a text consists of short words of lower-case letters, such as `hello` or `dry-run`. Keys are longer, or
/// contain digits and capital letters.
pub fn is_plain_word(text: &str) -> bool {
    let (longest, all) = MAX_WORDS;
    let is_word =
        |word: &str| (1..=longest).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_lowercase());
    text.len() <= all && text.split('-').all(is_word)
}

/// Like [`quotable`], for the name of a profile or a theme, or one of a few words. Users invent such names, so one that
/// does not exist need not be a misspelling: a short word of lower-case letters is quoted as well.
pub fn quotable_name<'a, 'k>(name: &'a str, known: impl IntoIterator<Item = &'k str>) -> &'a str {
    let is_word = name.chars().count() <= MAX_NAME_CHARS && name.chars().all(|c| c.is_ascii_lowercase());
    if is_word { name } else { quotable(name, known) }
}

/// Whether a path consists of several words, or of words and numbers if it ends with a usual extension. One word alone may
/// be a key to which a folder was added.
fn is_plain_file(path: &Path) -> bool {
    let Some(text) = path.to_str() else { return false };
    let has_separator = path.components().count() > 1;
    let has_extension = path.extension().is_some_and(|extension| EXTENSIONS.iter().any(|usual| extension == *usual));
    let has_short_extension = path.extension().is_some_and(|extension| (1..=MAX_EXTENSION).contains(&extension.len()));
    let mut parts = text.split(|c: char| "-_./ ()".contains(c));
    // Keys mix capitals and small letters, or letters and digits.
    let is_word = |part: &str| {
        let rest = part.strip_prefix(char::is_uppercase).unwrap_or(part);
        part.chars().all(|c| c.is_alphabetic() && !c.is_uppercase()) || rest.chars().all(char::is_lowercase)
    };
    let is_title =
        |part: &str| is_word(part) || (part.chars().count() <= MAX_WORD && part.chars().all(char::is_alphabetic));
    let is_number = |part: &str| part.len() <= DATE_DIGITS && part.bytes().all(|byte| byte.is_ascii_digit());
    let is_numbered = |part: &str| is_title(part.trim_end_matches(|c: char| c.is_ascii_digit())) || is_number(part);
    if has_extension { parts.all(is_numbered) } else { parts.all(is_word) && (has_separator || has_short_extension) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn part_of_a_path_that_does_not_exist_is_hidden() {
        let dir = tempfile::tempdir().expect("a folder");
        std::fs::write(dir.path().join("CA2.pem"), "").expect("a file");
        let shown = |path: &str| quotable_path(&dir.path().join(path)).replace(&dir.path().display().to_string(), "~");
        assert_eq!(
            (shown("CA2.pem"), shown("K3y=="), shown("K3y/x.pem")),
            ("~/CA2.pem".into(), "~/***".into(), "~/***".into())
        );
        for path in ["M4RKER/k+e=y?~", "eyJhbGciOi.eyJpZCI6IjYzZ.SflKxwRJSM", "hunter2.txt", ".k9Xz", ""] {
            assert_eq!(quotable_path(Path::new(path)), HIDDEN, "{path}");
        }
        assert_eq!(quotable_path(Path::new("/Kx93jdkQ==")), "/***");
        assert_eq!(shown("correct-horse-ba"), "~/***", "a key for which a path was expected");
        for path in [
            "nope.toml",
            "chat/my-config.toml",
            "/nowhere/ca.pem",
            // Regression tests: these were hidden, so that nobody could see what was wrong.
            "nope.ndjson",
            "session-2026-11-29.ndjson",
            "rec1.ndjson",
            "/nope/x",
            "my-session.rec",
            "notes.txt",
            "MyRecording.ndjson",
            "Session 20261130 (2).ndjson",
            "Aufnahme_Küche.ndjson",
            "Notes.txt",
            "/nope/Reports/x",
        ] {
            assert_eq!(quotable_path(Path::new(path)), path);
        }
    }

    #[test]
    fn short_words_are_plain() {
        for text in ["hello", "dry-run", "no-such-one"] {
            assert!(is_plain_word(text), "{text}");
        }
        for text in
            ["no-such-thing", "swordfish", "correct-horse-ba", "hunter2", "Hello", "a--b", "-x", "", "k3y", "my.secret"]
        {
            assert!(!is_plain_word(text), "{text}");
        }
    }

    #[test]
    fn names_are_quoted_unless_they_may_be_keys() {
        for name in ["work", "swrk", "nope"] {
            assert_eq!(quotable_name(name, ["team"]), name);
        }
        for name in ["hunter2x", "SECRETKEY", "correct-horse-ba", "abcdefghijklmnop", "0123456789abcdef"] {
            assert_eq!(quotable_name(name, ["team"]), HIDDEN, "{name}");
        }
    }

    #[test]
    fn only_words_close_to_known_ones_are_quoted() {
        let known = ["api_key", "theme", "work2"];
        for word in ["thme", "api-key", "Api_Key", "work1", "no", "x=1"] {
            assert_eq!(quotable(word, known), word);
        }
        for word in ["M4RKER/k+e=y?~", "0123456789abcdef", "SECRETKEY", "frobnicate", "my.secret", "correct-horse-ba"] {
            assert_eq!(quotable(word, known), HIDDEN, "{word}");
        }
    }
}
