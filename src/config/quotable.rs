//! Decides which words of a command line or a configuration file may be quoted in a problem.
//!
//! A key may be written in the wrong place, and problems are shown on the screen, pasted into chats and reported as
//! bugs. A word is therefore only quoted if it resembles a word that is expected, or cannot be a key.

use super::problem::suggestion;

/// Replacement for a word that is not quoted.
pub const HIDDEN: &str = "***";

/// Maximum length of a word that is taken for a natural-language word. Keys are longer, or contain digits or capitals.
const MAX_WORD: usize = 16;

/// Returns `word`, or [`HIDDEN`] if it may be a key. `known` are the words that could have been meant.
pub fn quotable<'a, 'k>(word: &'a str, known: impl IntoIterator<Item = &'k str>) -> &'a str {
    let is_plain =
        word.len() <= MAX_WORD && word.bytes().all(|byte| byte.is_ascii_lowercase() || b"-_ ./~".contains(&byte));
    if is_plain || suggestion(word, known).is_some() { word } else { HIDDEN }
}

/// Returns `written`, a path that cannot be used, or [`HIDDEN`] if it may be a key: if it does not begin with `/`, `~`
/// or a dot, and has no extension.
pub fn quotable_path(written: &str) -> &str {
    let is_extension = |text: &str| (1..=5).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_lowercase());
    let has_extension = written.rsplit_once('.').is_some_and(|(_, extension)| is_extension(extension));
    let is_path = written.starts_with(['/', '~', '.']) || has_extension;
    if is_path { written } else { quotable(written, []) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_that_cannot_be_keys_are_quoted() {
        for path in ["/etc/ssl/CA2", "~/Keys/my", "./A1", "My-CA2.pem", "log", "logs/today"] {
            assert_eq!(quotable_path(path), path);
        }
        for path in ["M4RKER/k+e=y?~", "eyJhbGciOi.eyJpZCI6IjYzZ.SflKxwRJSM", "0123456789abcdef"] {
            assert_eq!(quotable_path(path), HIDDEN, "{path}");
        }
    }

    #[test]
    fn only_words_that_cannot_be_keys_are_quoted() {
        let known = ["api_key", "theme", "work2"];
        for word in ["thme", "frobnicate", "api-key", "Api_Key", "work1", "no"] {
            assert_eq!(quotable(word, known), word);
        }
        for word in ["M4RKER/k+e=y?~", "0123456789abcdef", "SECRETKEY", "abcdefghijklmnopqrstuvwxyz", "eyJh.b.c"] {
            assert_eq!(quotable(word, known), HIDDEN, "{word}");
        }
    }
}
