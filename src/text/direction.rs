//! Detection of right-to-left text, which some terminals reorder.

/// Whether `text` contains a character of a right-to-left script, so that a terminal with bidirectional support would
/// reorder it.
///
/// Decided by Unicode block: every assigned or reserved character of these blocks is right-to-left.
pub fn contains_rtl(text: &str) -> bool {
    // In UTF-8, the first right-to-left block (U+0590) begins with the byte 0xD6; smaller bytes never start one.
    text.bytes().any(|byte| byte >= 0xd6) && text.chars().any(is_rtl)
}

fn is_rtl(c: char) -> bool {
    matches!(c,
        '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefe}' | '\u{10800}'..='\u{10fff}'
        | '\u{1e800}'..='\u{1efff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rtl_scripts_are_recognised() {
        for text in ["שלום", "a, سلام", "ﷺ", "٣", "ߒߞߏ", "𞤀"] {
            assert!(contains_rtl(text), "{text}");
        }
        for text in ["", "hello", "Grüße", "日本", "नमस्ते", "👨‍👩‍👧 ☕️", "Привет", "ภาษา"]
        {
            assert!(!contains_rtl(text), "{text}");
        }
    }
}
