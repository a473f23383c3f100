//! Search in the newest messages of a room for one that may have been sent.
//!
//! The search is fed page by page, newest first. That a message is not there counts only if the pages go back to the
//! time of the first attempt.

use crate::domain::{Content, LocalId, MAX_SEARCH_PAGES, MessageInfo, PersonId, SentContent, Timestamp};

/// Result of a search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CopySearchResult {
    /// The message with this id is the one.
    Found(String),
    /// The message with this id has the same content, and nobody can tell whether it is the one.
    LikelyCopy(String),
    /// The pages go back to the first attempt, and it is on none of them.
    Absent,
    /// The pages do not go back to the first attempt, so it may be further back.
    Unreached,
}

/// A search under way.
#[derive(Debug)]
pub struct CopySearch {
    local: LocalId,
    content: SentContent,
    me: Option<PersonId>,
    since: Timestamp,
    pages: u32,
    copy: Option<String>,
}

impl CopySearch {
    /// Begins to search for a message of `me` that was sent with this id and content at `since` or later, by the clock
    /// of the service.
    pub fn new(local: LocalId, content: &Content, me: Option<PersonId>, since: Timestamp) -> Self {
        Self { local, content: SentContent::of(content), me, since, pages: 0, copy: None }
    }

    /// Takes the next page, whose messages are ordered oldest first. `more` says whether there are older ones. Returns
    /// the result if no further page is needed.
    pub fn take(&mut self, messages: &[MessageInfo], more: bool) -> Option<CopySearchResult> {
        self.pages += 1;
        for message in messages {
            if message.local == Some(self.local) {
                return Some(CopySearchResult::Found(message.id.as_str().to_owned()));
            }
            let is_mine = self.me.as_ref() == Some(&message.author);
            let is_likely = self.content.may_be(&message.text, message.attachment.is_some());
            if is_mine && message.local.is_none() && message.sent_at >= self.since && is_likely {
                self.copy = Some(message.id.as_str().to_owned());
            }
        }
        let is_old = messages.first().is_none_or(|oldest| oldest.sent_at < self.since);
        let is_complete = is_old || !more;
        if !is_complete && self.pages < MAX_SEARCH_PAGES {
            return None;
        }
        Some(match self.copy.take() {
            Some(copy) => CopySearchResult::LikelyCopy(copy),
            None if is_complete => CopySearchResult::Absent,
            None => CopySearchResult::Unreached,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{MessageId, RoomId};
    use crate::text::SafeText;

    const LOCAL: u128 = 7;

    fn message(id: &str, at: i64, text: &str, local: Option<u128>) -> MessageInfo {
        let (room, author) = (RoomId::new("r"), PersonId::new("me"));
        let info = MessageInfo::new(MessageId::new(id), room, author, Timestamp(at));
        MessageInfo { text: SafeText::block(text), local: local.map(LocalId::from_random), ..info }
    }

    /// Searches pages, of which the first is the newest.
    fn search(pages: &[Vec<MessageInfo>]) -> Option<CopySearchResult> {
        let content = Content::text("hello");
        let me = Some(PersonId::new("me"));
        let mut search = CopySearch::new(LocalId::from_random(LOCAL), &content, me, Timestamp(100));
        let last = pages.len() - 1;
        pages.iter().enumerate().find_map(|(index, page)| search.take(page, index < last))
    }

    #[test]
    fn absence_needs_pages_back_to_the_first_attempt() {
        let other = |at| vec![message("a", at, "other", Some(1))];
        assert_eq!(search(&[other(200), other(99)]), Some(CopySearchResult::Absent));
        assert_eq!(search(&[other(200)]), Some(CopySearchResult::Absent), "the room has no older messages");
        // Regression test: the message was sent again.
        let busy: Vec<_> = (0..100).map(|number| other(1_000 - number)).collect();
        assert_eq!(search(&busy), Some(CopySearchResult::Unreached));
    }

    #[test]
    fn own_id_wins_over_the_same_text() {
        let copy = message("copy", 150, "hello", None);
        let found = message("found", 120, "hello", Some(LOCAL));
        assert_eq!(search(&[vec![copy.clone()], vec![found]]), Some(CopySearchResult::Found("found".to_owned())));
        assert_eq!(search(&[vec![copy]]), Some(CopySearchResult::LikelyCopy("copy".to_owned())));
        assert_eq!(search(&[vec![message("old", 99, "hello", None)]]), Some(CopySearchResult::Absent));
        assert_eq!(search(&[vec![message("foreign", 150, "hello", Some(2))]]), Some(CopySearchResult::Absent));
    }
}
