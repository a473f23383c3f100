//! Emoji that were used lately, which completion offers first.

/// Maximum number of emoji that are remembered.
pub(in crate::app) const MAX_EMOJI: usize = 24;

/// Emoji that the user has inserted or sent in an account, the last one first.
#[derive(Debug, Clone, Default)]
pub(in crate::app) struct RecentEmoji {
    /// Those of earlier runs come from the disk and may be any text, so they are compared and never shown.
    emoji: Vec<String>,
}

impl RecentEmoji {
    /// Notes that an emoji was used. Returns whether that changes anything.
    pub(in crate::app) fn note(&mut self, emoji: &str) -> bool {
        if self.emoji.first().is_some_and(|last| last == emoji) {
            return false;
        }
        self.emoji.retain(|other| other != emoji);
        self.emoji.insert(0, emoji.to_owned());
        self.emoji.truncate(MAX_EMOJI);
        true
    }

    /// Adds the emoji of earlier runs after those of this one.
    pub(in crate::app) fn restore(&mut self, stored: Vec<String>) {
        let new: Vec<String> = stored.into_iter().take(MAX_EMOJI).filter(|emoji| !self.emoji.contains(emoji)).collect();
        self.emoji.extend(new);
        self.emoji.truncate(MAX_EMOJI);
    }

    /// Returns the place of an emoji in the order; that of all others is the last.
    pub(in crate::app) fn place(&self, emoji: &str) -> usize {
        self.emoji.iter().position(|other| other == emoji).unwrap_or(self.emoji.len())
    }

    /// Returns them for the disk.
    pub(in crate::app) fn to_store(&self) -> Vec<String> {
        self.emoji.clone()
    }
}
