//! Placeholder texts: the emoji that V Chat clients send as the text of an attachment (`docs/protocol/vchat.md`
//! §2.3.1).

/// Text of a file.
pub(super) const FILE: &str = "📁";
/// Text of an image.
pub(super) const IMAGE: &str = "📷";
/// Text of a video.
pub(super) const VIDEO: &str = "🎥";
/// Text of a location.
pub(super) const LOCATION: &str = "📍";
/// Text of a voice message, followed by its duration.
pub(super) const VOICE: &str = "🎤";

/// Whether a text is only the placeholder of an attachment, so that it need not be shown.
pub(super) fn is_placeholder(text: &str) -> bool {
    // A variation selector, which requests the coloured form of the emoji, may follow.
    let text = text.trim().trim_end_matches('\u{fe0f}');
    let is_duration = |text: &str| text.chars().all(|c| c.is_ascii_digit() || matches!(c, ':' | ' ' | '\u{fe0f}'));
    matches!(text, FILE | IMAGE | VIDEO | LOCATION) || text.strip_prefix(VOICE).is_some_and(is_duration)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_exact_placeholders_are_recognised() {
        for text in ["📷", " 📁 ", "🎥\u{fe0f}", "🎤 00:07", "🎤", "📍"] {
            assert!(is_placeholder(text), "{text}");
        }
        for text in ["", "📷 me", "🎤 my song", "hi", "📷📷"] {
            assert!(!is_placeholder(text), "{text}");
        }
    }
}
