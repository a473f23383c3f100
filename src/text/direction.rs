//! Which text runs from right to left.

/// Whether a terminal that reorders text would reorder this: letters, marks or digits of a script that runs from right
/// to left. By blocks: all that is in them, or may ever be, is such.
pub fn runs_leftward(text: &str) -> bool {
    // No byte below this begins one of them.
    text.bytes().any(|byte| byte >= 0xd6) && text.chars().any(is_leftward)
}

fn is_leftward(c: char) -> bool {
    matches!(c,
        '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefe}' | '\u{10800}'..='\u{10fff}'
        | '\u{1e800}'..='\u{1efff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_are_told_apart_by_their_direction() {
        for text in ["שלום", "a, سلام", "ﷺ", "٣", "ߒߞߏ", "𞤀"] {
            assert!(runs_leftward(text), "{text}");
        }
        for text in ["", "hello", "Grüße", "日本", "नमस्ते", "👨‍👩‍👧 ☕️", "Привет", "ภาษา"]
        {
            assert!(!runs_leftward(text), "{text}");
        }
    }
}
