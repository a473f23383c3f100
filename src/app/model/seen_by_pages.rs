//! The pages of the list of people who have seen a message.

/// Maximum number of pages of each kind, whatever the server reports. A group has at most 512 members.
const MAX_PAGES: u32 = 20;

/// The pages that are awaited: of the people who have only received a message, and of those who have seen it. `None`
/// once the last one has arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SeenByPages([Option<u32>; 2]);

impl SeenByPages {
    /// Both first pages are awaited.
    pub(in crate::app) fn begin() -> Self {
        Self([Some(1); 2])
    }

    /// Handles a page. Returns the page after it, `next`, if that is to be requested.
    pub(in crate::app) fn advance(&mut self, seen: bool, next: Option<u32>) -> Option<u32> {
        let awaited = &mut self.0[usize::from(seen)];
        let next = next.filter(|next| *next <= MAX_PAGES);
        // The first page of the readers is also requested without a list, so it may arrive twice.
        if awaited.is_none() || (next.is_some() && next <= *awaited) {
            return None;
        }
        *awaited = next;
        next
    }

    /// Ends the pages of one kind, because a request failed.
    pub(in crate::app) fn fail(&mut self, seen: bool) {
        self.0[usize::from(seen)] = None;
    }

    /// Whether no page is awaited.
    pub(in crate::app) fn is_complete(self) -> bool {
        self.0 == [None; 2]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_page_is_requested_once() {
        let mut pages = SeenByPages::begin();
        assert_eq!([pages.advance(true, Some(2)), pages.advance(true, Some(2))], [Some(2), None]);
        assert_eq!((pages.advance(false, None), pages.is_complete()), (None, false));
        assert_eq!((pages.advance(true, Some(3)), pages.advance(true, None)), (Some(3), None));
        assert!(pages.is_complete());
        assert_eq!(pages.advance(true, Some(2)), None, "a late answer");
    }

    #[test]
    fn number_of_pages_is_limited() {
        let mut pages = SeenByPages::begin();
        let requested = (2..).map_while(|page| pages.advance(true, Some(page))).last();
        assert_eq!(requested, Some(MAX_PAGES));
        pages.fail(false);
        assert!(pages.is_complete());
    }
}
