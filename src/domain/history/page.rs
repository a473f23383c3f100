//! Pages of a room's history: the request for a page, its state while no reply has arrived, and the page that arrived.

use super::gaps::GapFill;
use super::{MessagePoint, Paging};
use crate::domain::ids::{MessageId, PageSerial};
use crate::domain::timeline::Timeline;

/// Page of history to request from the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageRequest {
    /// Page number, from 1; page 1 holds the newest messages.
    pub page: u32,
    /// Message that the page ends right before; `None` for the newest messages.
    pub before: Option<MessageId>,
    pub(super) purpose: Purpose,
}

impl PageRequest {
    /// Creates a request for the newest page.
    pub fn newest() -> Self {
        Self { page: 1, before: None, purpose: Purpose::Newest }
    }

    /// Creates a request for an older page.
    pub fn older(page: u32, before: Option<MessageId>) -> Self {
        let purpose = if page == 1 { Purpose::Newest } else { Purpose::Older };
        Self { page, before, purpose }
    }

    /// Whether the page ends right before this message.
    pub fn ends_before(&self, message: Option<&MessagePoint>) -> bool {
        self.before.is_some() && self.before.as_ref() == message.map(|(id, _)| id)
    }
}

/// Unanswered request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct InFlight {
    pub(super) serial: PageSerial,
    pub(super) page: u32,
    pub(super) before: Option<MessageId>,
    pub(super) purpose: Purpose,
    /// Whether the history was marked stale after the request was made. Nobody waits for the page then.
    pub(super) stale: bool,
    /// Whether the page adjoins the loaded messages only if it overlaps them. That holds for the newest page if another
    /// one, which may be newer, has arrived since the request, or if messages were unloaded.
    pub(super) must_overlap: bool,
    /// For the newest page: the newest loaded messages that were older than `PAGE_DELAY` when it was requested. Those
    /// missing on the page have been deleted.
    pub(super) known: Vec<MessageId>,
}

impl InFlight {
    pub(super) fn mark_stale(&mut self) {
        self.stale = true;
        match self.purpose {
            // The page need not adjoin the messages that are loaded when it arrives.
            Purpose::Newest => self.purpose = Purpose::Outdated,
            // Missed messages are fetched anew, beginning with the newest page.
            Purpose::Resume => self.purpose = Purpose::Older,
            Purpose::Older | Purpose::Fill(_) | Purpose::Outdated => {}
        }
    }
}

/// Reason why a page was requested.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Purpose {
    /// To load the newest messages.
    Newest,
    /// To load older messages.
    Older,
    /// To fetch missed messages, continuing from the newest page.
    Resume,
    /// To fill a gap.
    Fill(GapFill),
    /// Obsolete: the page need not adjoin the loaded messages any more.
    Outdated,
}

/// Page that has arrived and is about to be merged into the timeline.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use = "pass it to `HistorySync::on_merged` after merging the page"]
pub struct IncomingPage {
    pub(super) page: u32,
    /// Message right before which the page was requested to end, if the request named one.
    pub(super) before: Option<MessageId>,
    pub(super) purpose: Purpose,
    /// Whether the history was marked stale after the page was requested.
    pub(super) is_stale: bool,
    /// Whether the server has no older messages.
    pub(super) is_last: bool,
    /// The newest loaded messages that were older than `PAGE_DELAY` when the page was requested.
    pub(super) known: Vec<MessageId>,
    /// Ids of its messages.
    pub(super) ids: Vec<MessageId>,
    pub(super) oldest: Option<MessagePoint>,
    pub(super) newest: Option<MessagePoint>,
}

impl IncomingPage {
    /// Whether the page must be ignored, because it need not adjoin the loaded messages any more: either live events
    /// may have been lost since it was requested, or the messages that it adjoins were unloaded.
    pub fn is_outdated(&self) -> bool {
        self.purpose == Purpose::Outdated
    }

    /// Whether the history was marked stale after the page was requested.
    pub fn is_stale(&self) -> bool {
        self.is_stale
    }

    /// Whether the server has no older messages.
    pub fn is_last(&self) -> bool {
        self.is_last
    }

    /// Whether the page is one that was fetched before, so that it leads no further back. Numbered pages may move while
    /// they are fetched, so only one with the same oldest message is certainly the same.
    pub(super) fn is_repeated(&self, timeline: &Timeline, paging: Paging) -> bool {
        let Some((before, (oldest, _))) = self.before.as_ref().zip(self.oldest.as_ref()) else { return false };
        let position = |id| timeline.find(id).and_then(|slot| timeline.position(slot));
        before == oldest || (!paging.by_number && position(oldest) >= position(before))
    }

    /// Returns the messages that were deleted while no live events arrived: they were loaded and older than
    /// `PAGE_DELAY` when this page was requested, and the page would contain them. For services whose pages omit
    /// deleted messages.
    pub fn deleted(&self, timeline: &Timeline, paging: Paging) -> Vec<MessageId> {
        let known = u32::try_from(self.known.len()).unwrap_or(u32::MAX);
        if self.ids.is_empty() && known > paging.size {
            // Somebody who was removed from a room may get an empty page too. Nobody deletes so many messages.
            return Vec::new();
        }
        let oldest = self.oldest.as_ref().filter(|_| !self.is_last).map(|(_, at)| *at);
        let is_deleted = |id: &&MessageId| {
            let message = timeline.find(id).map(|slot| timeline.get(slot));
            // Messages as old as the oldest one on the page may be on the next page.
            message.is_some_and(|message| !message.deleted && oldest.is_none_or(|oldest| message.sent_at > oldest))
        };
        self.known.iter().filter(|id| !self.ids.contains(id)).filter(is_deleted).cloned().collect()
    }

    /// Returns the oldest message on the page.
    pub fn oldest(&self) -> Option<&MessagePoint> {
        self.oldest.as_ref()
    }
}
