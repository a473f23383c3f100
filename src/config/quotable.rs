//! Decides which words of a command line or a configuration file may be quoted in a problem.
//!
//! A key may be written in the wrong place, and problems are shown on the screen, pasted into chats and reported as
//! bugs. A word is therefore only quoted if it is probably a misspelling of a word that is expected there, or too short
//! to be a key, and a path only as far as it exists or is obviously a path.

use std::path::Path;

use super::problem::suggestion;

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

/// Whether a path consists of lower-case words and ends with the extension of a configuration or a certificate.
fn is_plain_file(path: &Path) -> bool {
    let has_extension =
        path.extension().is_some_and(|extension| ["toml", "pem", "crt"].iter().any(|usual| extension == *usual));
    let is_plain = |c: char| c.is_ascii_lowercase() || "-_./".contains(c);
    has_extension && path.to_str().is_some_and(|path| path.chars().all(is_plain))
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
        for path in ["nope.toml", "chat/my-config.toml", "/nowhere/ca.pem"] {
            assert_eq!(quotable_path(Path::new(path)), path);
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
