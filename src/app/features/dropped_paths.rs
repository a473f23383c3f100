//! Recognises pasted text that consists of paths, as terminals write them for dropped files.
//!
//! Terminals differ: some quote a path as for a shell, some escape its blanks, some write it as it is or as a `file://`
//! address, and several paths are separated by blanks or line breaks. Whether the files exist is for the runtime.

use crate::text::percent_decode;

/// Maximum number of paths.
const MAX_PATHS: usize = 20;

/// Maximum length of the text, in bytes.
const MAX_BYTES: usize = 16 << 10;

/// Returns the ways to read `text` as absolute paths, the most literal first; empty if it is something else.
pub(in crate::app) fn read(text: &str) -> Vec<Vec<String>> {
    let text = text.trim();
    if text.len() > MAX_BYTES || !text.starts_with(['/', '\'', '"', '\\', 'f']) {
        return Vec::new();
    }
    let lines = paths(text.lines().map(|line| line.trim().to_owned()).collect());
    let words = shell_words::split(text).ok().and_then(paths);
    let mut ways: Vec<Vec<String>> = lines.into_iter().chain(words).collect();
    ways.dedup();
    ways
}

/// Returns the words as paths if all of them are absolute.
fn paths(words: Vec<String>) -> Option<Vec<String>> {
    let is_usual = (1..=MAX_PATHS).contains(&words.len());
    words.into_iter().map(path).collect::<Option<Vec<String>>>().filter(|_| is_usual)
}

fn path(word: String) -> Option<String> {
    match word.strip_prefix("file://") {
        // The host may be named, but only this machine has the file.
        Some(rest) => percent_decode(rest.strip_prefix("localhost").unwrap_or(rest)),
        None => Some(word),
    }
    .filter(|path| path.starts_with('/') && !path.contains(['\n', '\0']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dropped_paths_are_recognised_in_every_notation() {
        for (pasted, first) in [
            ("/tmp/a.png", &["/tmp/a.png"][..]),
            ("/tmp/my file.png\n", &["/tmp/my file.png"]),
            ("'/tmp/it'\\''s.png'", &["/tmp/it's.png"]),
            ("\"/tmp/a b\"", &["/tmp/a b"]),
            ("file:///tmp/a%20b.png", &["/tmp/a b.png"]),
            ("file://localhost/tmp/a", &["/tmp/a"]),
            ("/tmp/a\n/tmp/b", &["/tmp/a", "/tmp/b"]),
            ("'/tmp/a b' '/tmp/c'", &["/tmp/a b", "/tmp/c"]),
        ] {
            assert_eq!(
                read(pasted).first().map(Vec::as_slice),
                Some(first.iter().map(|path| (*path).to_owned()).collect::<Vec<_>>()).as_deref(),
                "{pasted}"
            );
        }
        assert_eq!(read("/tmp/a\\ b /tmp/c")[1], ["/tmp/a b", "/tmp/c"]);
    }

    #[test]
    fn other_text_is_not_a_path() {
        let many = "/a\n".repeat(21);
        for pasted in
            ["", "hello /tmp/a", "./a", "https://x/a", "/a and b\nor c", "file://host/a", "'/a", many.as_str()]
        {
            let ways = read(pasted);
            assert!(ways.iter().all(|way| way.iter().all(|path| path.starts_with("/a"))), "{pasted}: {ways:?}");
            assert!(pasted.starts_with('/') || ways.is_empty(), "{pasted}: {ways:?}");
        }
        assert!(read(&format!("/{}", "a".repeat(MAX_BYTES))).is_empty());
    }
}
