//! What the user has read of a room: how many messages are unread, and whether a read receipt is due.
//!
//! A report of the server may be older than what is known here. A room list that was read before a live message arrived
//! knows nothing of that message, and one that was read before a receipt arrived still calls the room unread. Each report
//! therefore says up to which message it goes: what is newer is counted here, and what was read here stays read.

use serde::{Deserialize, Serialize};

use super::time::Timestamp;

/// Number of unread messages in a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Unread {
    /// Number of messages known to be unread.
    pub count: u32,
    /// Whether there may be more, because the room list only contains the last message.
    pub or_more: bool,
    /// Number of those that mention the user, as far as they are loaded.
    pub mentions: u32,
}

impl Unread {
    /// Whether anything is unread.
    pub fn any(self) -> bool {
        self.count > 0
    }

    /// Returns `count` messages, with as many of the mentions as they can have.
    fn limited_to(self, count: u32) -> Self {
        Self { count, or_more: false, mentions: self.mentions.min(count) }
    }
}

/// What the user has read of a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ReadState {
    unread: Unread,
    /// Messages that arrived while the user was looking, and are not reported as seen yet.
    watched: u32,
    receipt_pending: bool,
    read_until: Option<Timestamp>,
}

/// A live message of somebody else that is not seen yet.
#[derive(Debug, Clone, Copy)]
pub struct Arrival {
    /// Whether the user is looking at it.
    pub is_watched: bool,
    /// Whether the unread count of an earlier report includes it.
    pub is_counted: bool,
    /// Whether it mentions the user.
    pub is_mention: bool,
    /// Whether the room needs a receipt for it. Only with receipts per room.
    pub needs_receipt: bool,
}

/// The unread count of a room, as a list reports it that counts.
#[derive(Debug, Clone, Copy)]
pub struct UnreadCount {
    /// Number of unread messages.
    pub count: u32,
    /// When the last message was sent that the server has counted; `None` if the room has no messages.
    pub until: Option<Timestamp>,
    /// Number of messages of others after that one and after those read here.
    pub newer: u32,
    /// Number of messages of others after those read here, up to that one; `None` if some of them may not be loaded.
    pub since_read: Option<u32>,
}

/// The last message of a room, as a list reports it that does not count.
#[derive(Debug, Clone, Copy)]
pub struct LastMessage {
    /// When it was sent; `None` if the room has no messages.
    pub at: Option<Timestamp>,
    /// Whether somebody else wrote it and it was not seen.
    pub is_unread: bool,
    /// Whether it is not loaded although others are, so that still others may be missing before it.
    pub is_missed: bool,
    /// Whether no message of the room is loaded.
    pub is_first: bool,
}

impl ReadState {
    /// Creates the state of a room with the server's unread count, on services that count.
    pub fn new(count: Option<u32>) -> Self {
        Self::restored(Unread { count: count.unwrap_or(0), ..Unread::default() })
    }

    /// Creates the state of a room of which an earlier run has counted the unread messages.
    pub fn restored(unread: Unread) -> Self {
        Self { unread, ..Self::default() }
    }

    /// Returns the unread messages.
    pub fn unread(self) -> Unread {
        self.unread
    }

    /// Returns the time of the newest message that was read since the connection was last established: for which a read
    /// receipt was sent, unless the user does not want to send any.
    pub fn read_until(self) -> Option<Timestamp> {
        self.read_until
    }

    /// Whether others have written messages for which no read receipt was sent. Only with receipts per room.
    pub fn needs_receipt(self) -> bool {
        self.receipt_pending || self.unread.any()
    }

    /// Counts a live message.
    pub fn on_arrival(&mut self, arrival: Arrival) {
        self.receipt_pending |= arrival.needs_receipt;
        if arrival.is_counted {
            return;
        }
        if arrival.is_watched {
            self.watched = self.watched.saturating_add(1);
        } else {
            self.unread.count = self.unread.count.saturating_add(1);
            self.unread.mentions = self.unread.mentions.saturating_add(u32::from(arrival.is_mention));
        }
    }

    /// Whether messages are neither read nor reported as seen, those included that the user is looking at.
    pub fn has_new(self) -> bool {
        self.unread.any() || self.watched > 0
    }

    /// Returns the messages that are unread if the user leaves the room now. What arrived just before was not seen.
    pub fn unread_when_left(self) -> Unread {
        Unread { count: self.unread.count.saturating_add(self.watched), ..self.unread }
    }

    /// Records that the user has left the room.
    pub fn on_left(&mut self) {
        (self.unread, self.watched) = (self.unread_when_left(), 0);
    }

    /// Records that a page has brought messages of others that are newer than those loaded before.
    pub fn on_newer_page(&mut self) {
        self.receipt_pending = true;
    }

    /// Counts the unseen messages at the end of the loaded ones. `has_newest` tells that no newer ones are missing.
    pub fn on_unseen(&mut self, count: u32, has_newest: bool) {
        self.unread.or_more &= !has_newest;
        self.unread.count = self.unread.count.max(count);
    }

    /// Applies the server's unread count, on services that count. A room that is `marked` as unread stays so.
    ///
    /// The count may include what was read here: the server counted before our receipt, or gets none because the user
    /// sends none. So there are never more than arrived here since, if all of that is loaded. Only the number becomes
    /// smaller by that, and never 0: the event of an unread message may have been lost, and the room must not be taken
    /// for read. If messages may be missing here, the server's count holds, because too many unread messages harm less
    /// than a forgotten one.
    pub fn on_count(&mut self, report: UnreadCount, marked: bool) {
        let UnreadCount { count, until, newer, since_read } = report;
        let is_outdated = self.read_until.is_some() && self.read_until >= until;
        let is_certain = |since_read: &u32| *since_read > 0 || newer > 0;
        let most = if is_outdated { 0 } else { since_read.filter(is_certain).unwrap_or(u32::MAX) };
        let count = count.min(most).saturating_add(newer);
        let kept = if marked { self.unread.count } else { 0 };
        self.unread = self.unread.limited_to(count.max(kept));
        self.watched = 0;
    }

    /// Applies what a list says about the last message, on services that do not count. `newer` is the number of unseen
    /// messages from others after that one. A room that is `marked` as unread stays so.
    pub fn on_last_message(&mut self, last: LastMessage, newer: u32, marked: bool) {
        let is_unread = last.is_unread && self.read_until < last.at;
        if !is_unread && !marked {
            // Everything up to it is read.
            self.unread = self.unread.limited_to(self.unread.count.min(newer));
        } else if is_unread && last.is_missed {
            self.unread = Unread { count: self.unread.count.max(1), or_more: true, ..self.unread };
        } else if is_unread && last.is_first && !self.unread.any() {
            self.unread = Unread { count: 1, or_more: true, ..self.unread };
        }
    }

    /// Records that the last message mentions the user, unless mentions have been counted.
    pub fn on_last_mention(&mut self) {
        if self.unread.any() {
            self.unread.mentions = self.unread.mentions.max(1);
        }
    }

    /// Adds what an earlier run has counted, if the server says that messages are unread. Its report, which has arrived
    /// before, is only about the last message, or only a number.
    pub fn add_stored(&mut self, stored: Unread) {
        if self.unread.or_more && self.unread.any() {
            self.unread.count = self.unread.count.max(stored.count);
        }
        self.unread.mentions = self.unread.mentions.max(stored.mentions).min(self.unread.count);
    }

    /// Records that all messages are read, and that each has a receipt of its own or was seen on another device.
    pub fn on_all_seen(&mut self) {
        (self.unread, self.watched) = (Unread::default(), 0);
    }

    /// Records that all messages up to the one at `until` are read. Unless a receipt for the room is `reported`, it may
    /// follow with a reply.
    pub fn on_read(&mut self, until: Option<Timestamp>, reported: bool) {
        self.receipt_pending = !reported && self.needs_receipt();
        self.read_until = until;
        self.on_all_seen();
    }

    /// Records that a read receipt did not reach the server.
    pub fn on_receipt_lost(&mut self) {
        self.receipt_pending = true;
        self.read_until = None;
    }

    /// Records which messages the user has marked as unread.
    pub fn on_marked_unread(&mut self, unread: Unread) {
        self.unread = unread;
    }

    /// Records that the user knows of the mentions so far.
    pub fn on_mentions_known(&mut self) {
        self.unread.mentions = 0;
    }

    /// Records that messages and receipts may have been missed, so the server's reports count again.
    pub fn on_stale(&mut self) {
        self.read_until = None;
    }
}

#[cfg(test)]
mod tests;
