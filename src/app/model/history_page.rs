//! Page of a room's history that is merged in slices.

use crate::domain::{MessageInfo, PageSerial, RoomId};

/// Page of a room's history, or what is left of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryPage {
    /// The room.
    pub room: RoomId,
    /// Serial of the request that the page answers.
    pub serial: PageSerial,
    /// Page number, from 1; page 1 holds the newest messages.
    pub page: u32,
    /// Number of pages.
    pub pages: u32,
    /// Number of messages in the room, if the server reports it and this is a whole page.
    pub total: Option<u32>,
    /// Messages on the page, oldest first.
    pub messages: Vec<MessageInfo>,
}

impl HistoryPage {
    /// Keeps the newest `count` messages and returns the others as the next page; `None` if there are none.
    pub(in crate::app) fn split_off_older(&mut self, count: usize) -> Option<Self> {
        let older = self.messages.len().checked_sub(count).filter(|older| *older > 0)?;
        self.messages.sort_by_key(|message| message.sent_at);
        let newest = self.messages.split_off(older);
        let messages = std::mem::replace(&mut self.messages, newest);
        let page = self.page.saturating_add(1);
        let pages = if self.page >= self.pages { page } else { page.saturating_add(1) };
        (self.pages, self.total) = (page, None);
        Some(Self { room: self.room.clone(), serial: self.serial, page, pages, total: None, messages })
    }
}
