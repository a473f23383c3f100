//! Synchronisation state of a room's history: which messages are loaded, which are missing, and what to fetch next.

use super::ids::MessageId;
use super::time::Timestamp;
use super::timeline::Slot;

/// How much of a room's history is loaded.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct History {
    /// Page that was requested and has not arrived.
    pub loading: Option<u32>,
    /// Number of unanswered requests for the newest page.
    pub asked: u32,
    /// Whether the newest page has arrived since the connection was last established.
    pub fresh: bool,
    /// Whether the last requested page could not be loaded. It is not requested again automatically.
    pub stuck: bool,
    /// Number of the last older page that contained nothing new; the next request continues after it.
    pub barren: u32,
    /// Whether the very first message is loaded.
    pub complete: bool,
    /// Newest message of a page that was fetched while the room was still being joined. Live events after it may have been
    /// missed.
    pub unsure_after: Option<(MessageId, Timestamp)>,
    /// Newest message that arrived live or on a newest page. Everything before it is loaded or known to be missing. The
    /// reply to a send does not count: it arrives on another connection.
    pub heard: Option<(MessageId, Timestamp)>,
    /// Live events may have been lost after this message; pages are fetched until they reach it.
    pub resume_from: Option<(MessageId, Timestamp)>,
    /// Oldest message that those pages have brought so far.
    pub reached: Option<MessageId>,
    /// Gaps in the loaded history, in no particular order.
    pub gaps: Vec<Gap>,
    /// Gap that the requested page is for.
    pub filling: Option<Filling>,
}

/// Range of the history in which messages are missing, between two messages that are loaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// Last message before the gap, and when it was sent. Identifies the gap, since it stays while the gap is filled from
    /// its newer end.
    pub after: (MessageId, Timestamp),
    /// First message after the gap. From here on the history is contiguous up to the next gap.
    pub before: Slot,
    /// Whether the gap is left because a page failed to load. It is then retried automatically, once per connection.
    pub again: bool,
}

/// Progress of filling a gap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filling {
    /// Id of the message before the gap, which identifies the gap.
    pub after: MessageId,
    /// Number of further pages that may be fetched for it.
    pub pages: u32,
}
