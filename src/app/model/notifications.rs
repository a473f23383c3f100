//! Messages that wait to be notified about, and the notifications on the desktop.

use crate::app::effect::NotificationId;
use crate::domain::{AccountId, RoomId, Timestamp};

/// Maximum number of notifications that are remembered in order to withdraw them.
const MAX_SHOWN: usize = 32;

/// Maximum number of rooms whose messages wait. Others are left out: nobody reads so many names.
const MAX_WAITING: usize = 64;

/// The notifications of an account.
#[derive(Debug, Clone, Default)]
pub struct Notifications {
    /// New messages by room, in the order in which the rooms got the first of them.
    waiting: Vec<WaitingRoom>,
    /// Notifications on the desktop, the oldest first.
    shown: Vec<ShownNotification>,
    /// When the last notification was sent.
    pub(in crate::app) last_sent: Option<Timestamp>,
    last_number: u64,
}

/// New messages of a room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::app) struct WaitingRoom {
    /// The room.
    pub(in crate::app) room: RoomId,
    /// Number of messages.
    pub(in crate::app) count: u32,
    /// Whether one of them mentions the user.
    pub(in crate::app) is_mention: bool,
    /// The sender of the last one.
    pub(in crate::app) sender: String,
    /// The text of the last one, as a line.
    pub(in crate::app) text: String,
}

/// A notification on the desktop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::app) struct ShownNotification {
    /// Its id.
    pub(in crate::app) id: NotificationId,
    /// What it is about.
    pub(in crate::app) subject: NotificationSubject,
}

/// What a notification is about. It is withdrawn when that has been dealt with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::app) enum NotificationSubject {
    /// New messages in these rooms.
    Rooms(Vec<RoomId>),
    /// A call that rings.
    Call,
}

impl Notifications {
    /// Adds a message to those that wait.
    pub(in crate::app) fn add(&mut self, new: WaitingRoom) {
        if let Some(waiting) = self.waiting.iter_mut().find(|waiting| waiting.room == new.room) {
            waiting.count += new.count;
            waiting.is_mention |= new.is_mention;
            (waiting.sender, waiting.text) = (new.sender, new.text);
        } else if self.waiting.len() < MAX_WAITING {
            self.waiting.push(new);
        }
    }

    /// Returns the messages that wait, and forgets them.
    pub(in crate::app) fn take_waiting(&mut self) -> Vec<WaitingRoom> {
        std::mem::take(&mut self.waiting)
    }

    /// Returns an id for a notification: that of the one on the desktop about the same, which it replaces, or a new
    /// one.
    pub(in crate::app) fn show(&mut self, account: AccountId, subject: NotificationSubject) -> NotificationId {
        if let Some(shown) = self.shown.iter().find(|shown| shown.subject == subject) {
            return shown.id;
        }
        if self.shown.len() >= MAX_SHOWN {
            self.shown.remove(0);
        }
        self.last_number += 1;
        let id = NotificationId { account, number: self.last_number };
        self.shown.push(ShownNotification { id, subject });
        id
    }

    /// Whether there are notifications on the desktop.
    pub(in crate::app) fn has_shown(&self) -> bool {
        !self.shown.is_empty()
    }

    /// Removes the notifications on the desktop about something that has been dealt with, and returns their ids.
    pub(in crate::app) fn take_finished(
        &mut self,
        is_finished: impl Fn(&NotificationSubject) -> bool,
    ) -> Vec<NotificationId> {
        let (finished, shown) =
            std::mem::take(&mut self.shown).into_iter().partition(|shown| is_finished(&shown.subject));
        self.shown = shown;
        let finished: Vec<ShownNotification> = finished;
        finished.into_iter().map(|shown| shown.id).collect()
    }
}
