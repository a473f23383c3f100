//! Notifications that leave the program: on the desktop, and as facts for another program.

use crate::config::DesktopNotifications;
use crate::domain::AccountId;

/// Identifies a notification, so that it can be replaced and withdrawn. Unique until the program ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotificationId {
    /// The account that it concerns.
    pub account: AccountId,
    /// Its number within the account.
    pub number: u64,
}

/// A notification on the desktop. One with the id of an earlier one replaces it.
///
/// Its texts are sanitised lines of limited length.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notification {
    /// Its id.
    pub id: NotificationId,
    /// The first line.
    pub title: String,
    /// The rest; may be empty.
    pub body: String,
    /// Whether the user has to react soon, as to a call.
    pub is_urgent: bool,
    /// The way in which the profile shows it.
    pub channel: DesktopNotifications,
}

/// What a program for notifications learns. What the user does not want to be shown is missing here as well.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotificationFacts {
    /// The profile.
    pub profile: String,
    /// Whether it is a call rather than messages.
    pub is_call: bool,
    /// Number of messages.
    pub count: u32,
    /// Whether one of them mentions the user.
    pub is_mention: bool,
    /// Whether they are all in direct messages.
    pub is_direct: bool,
    /// The titles of the rooms.
    pub rooms: Vec<String>,
    /// The sender of the last message, or the caller.
    pub sender: Option<String>,
    /// The text of the last message.
    pub text: Option<String>,
    /// The first line of the notification.
    pub title: String,
    /// The rest of the notification.
    pub body: String,
}
