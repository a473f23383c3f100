//! One-line text field of an overlay. Text is added and removed at its end.

use crate::text::graphemes;

/// Longest text in bytes, whether typed or pasted: more words than any search uses.
const MAX_BYTES: usize = 1_000;

/// Text typed into an overlay.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TextInput {
    /// The text, without line breaks and control characters.
    pub text: String,
    /// Whether the text is from an earlier use of the field, so that typing replaces it.
    pub is_old: bool,
}

impl TextInput {
    /// Appends text up to the length limit. Line breaks become spaces.
    pub(in crate::app) fn insert(&mut self, text: &str) {
        if !text.is_empty() && std::mem::take(&mut self.is_old) {
            self.text.clear();
        }
        let text = text.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).filter(|c| !c.is_control());
        for c in text {
            if self.text.len() + c.len_utf8() > MAX_BYTES {
                break;
            }
            self.text.push(c);
        }
    }

    /// Deletes the last grapheme, or the whole text if it is old.
    pub(in crate::app) fn backspace(&mut self) {
        if self.is_old {
            return self.clear();
        }
        let last = graphemes(&self.text).last().map_or(0, |(grapheme, _)| grapheme.len());
        self.text.truncate(self.text.len() - last);
    }

    /// Deletes the last word.
    pub(in crate::app) fn delete_word(&mut self) {
        let rest = self.text.trim_end();
        let rest = rest.rfind(char::is_whitespace).map_or("", |blank| &rest[..=blank]).len();
        self.text.truncate(rest);
        self.is_old = false;
    }

    /// Deletes the whole text.
    pub(in crate::app) fn clear(&mut self) {
        self.text.clear();
        self.is_old = false;
    }

    /// Returns whether the text is blank.
    pub(in crate::app) fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn backspace_deletes_a_joined_emoji_at_once() {
        let mut input = TextInput::default();
        input.insert("a👨‍👩‍👧");
        input.backspace();
        assert_eq!(input.text, "a");
    }

    #[test]
    fn typing_replaces_old_text() {
        let mut input = TextInput { text: "old words".to_owned(), is_old: true };
        input.insert("n\tew\n");
        assert_eq!(input, TextInput { text: "n ew ".to_owned(), is_old: false });
        input.delete_word();
        assert_eq!(input.text, "n ");
    }
}
