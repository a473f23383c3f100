//! Servers that send the same page again and again: they are not asked for ever.

/// Number of pages in a row that may bring nothing new before no more are requested.
const MAX_REPEATED_PAGES: u8 = 3;

/// Counts pages in a row that bring nothing new.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Repetition {
    pages: u8,
}

impl Repetition {
    /// Counts a page. Returns whether too many in a row brought nothing new, so that no more are to be requested.
    pub fn count(&mut self, is_new: bool) -> bool {
        self.pages = if is_new { 0 } else { self.pages.saturating_add(1) };
        self.is_endless()
    }

    /// Whether too many pages in a row brought nothing new.
    pub fn is_endless(self) -> bool {
        self.pages >= MAX_REPEATED_PAGES
    }
}
