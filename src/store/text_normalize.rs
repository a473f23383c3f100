//! Normalization of texts and search queries for the full-text index. Contains no database access.
//!
//! The index splits text into words at spaces and punctuation. In scripts without spaces a whole sentence would be one
//! word, so each of their characters is made a word of its own. A word of a query becomes a phrase of such characters,
//! which matches inside a sentence.

use crate::text::is_unspaced_script;

/// Maximum number of words of a query; further words are ignored.
const MAX_QUERY_WORDS: usize = 16;

/// Returns `text` in the form in which it is indexed.
pub(super) fn normalize(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if is_unspaced_script(c) {
            out.extend([' ', c, ' ']);
        } else {
            out.push(c);
        }
    }
    out
}

/// Returns the FTS5 query for words that a user typed. All words are quoted, so none of them acts as an operator, and
/// the last one matches as a prefix, since it may be unfinished. Returns `None` if there is no letter and no digit: the
/// index contains nothing else.
pub(super) fn match_query(typed: &str) -> Option<String> {
    let words = typed.split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric)).take(MAX_QUERY_WORDS);
    let quoted = words.map(|word| format!("\"{}\"", normalize(word).replace(['\0', '"'], " ")));
    let quoted: Vec<String> = quoted.collect();
    (!quoted.is_empty()).then(|| quoted.join(" ") + "*")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn query_words_are_quoted_and_the_last_is_a_prefix() {
        assert_eq!(match_query("foo OR \"bar").as_deref(), Some("\"foo\" \"OR\" \" bar\"*"));
    }

    #[test]
    fn query_without_letters_is_none() {
        assert_eq!(match_query("- * ()").as_deref(), None);
        assert_eq!(match_query("  ").as_deref(), None);
    }

    #[test]
    fn scripts_without_spaces_are_split_into_characters() {
        assert_eq!(normalize("a日本b").split_whitespace().collect::<Vec<_>>(), ["a", "日", "本", "b"]);
        assert_eq!(normalize("Grüße 한국어"), "Grüße 한국어");
    }
}
