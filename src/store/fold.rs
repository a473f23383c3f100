//! Texts and queries as the full-text index is to see them. Knows nothing of the database.
//!
//! The index makes words out of runs of letters. Where a script writes no spaces a whole sentence would be one word, so
//! each of its characters becomes a word; a word of the query becomes a phrase of them, which finds it inside a sentence.

use crate::text::writes_no_spaces;

/// How many words of a query count.
const MOST_WORDS: usize = 16;

/// `text` as it goes into the index.
pub(super) fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if writes_no_spaces(c) {
            out.extend([' ', c, ' ']);
        } else {
            out.push(c);
        }
    }
    out
}

/// What a user typed as a question to the index, in which nothing they type is an operator; `None` when it holds no
/// letter and no digit, which the index does not know.
pub(super) fn query(typed: &str) -> Option<String> {
    let words = typed.split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric)).take(MOST_WORDS);
    let quoted = words.map(|word| format!("\"{}\"", fold(word).replace(['\0', '"'], " ")));
    let quoted: Vec<String> = quoted.collect();
    // The last word may not be typed to its end.
    (!quoted.is_empty()).then(|| quoted.join(" ") + "*")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_word_is_quoted_and_the_last_may_go_on() {
        assert_eq!(query("foo OR \"bar").as_deref(), Some("\"foo\" \"OR\" \" bar\"*"));
        assert_eq!(query("- * ()").as_deref(), None);
        assert_eq!(query("  ").as_deref(), None);
    }

    #[test]
    fn a_script_without_spaces_gets_them() {
        assert_eq!(fold("a日本b").split_whitespace().collect::<Vec<_>>(), ["a", "日", "本", "b"]);
        assert_eq!(fold("Grüße 한국어"), "Grüße 한국어");
    }
}
