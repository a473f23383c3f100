//! The user's settings for a room, which this program keeps.
//!
//! Servers do not know them. They are stored with the room, so that they survive a restart and a reconnect.

use serde::{Deserialize, Serialize};

use super::time::Timestamp;

/// The user's settings for a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct RoomSettings {
    /// Whether the room is muted here: on services that cannot mute rooms themselves, or until a certain time.
    pub muted: bool,
    /// The time at which it is no longer muted here; `None` if the user ends that.
    #[serde(default)]
    pub muted_until: Option<Timestamp>,
    /// Whether the room is archived here, on services that cannot archive rooms themselves.
    pub archived: bool,
    /// Whether the room is at the top of the room list.
    pub pinned: bool,
    /// Whether the user has marked messages as unread that the server takes for read.
    pub marked_unread: bool,
    /// About which messages to notify; `None` is the level of the profile.
    pub notify: Option<NotifyLevel>,
}

/// About which messages the user wants notifications. Each level includes those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum NotifyLevel {
    /// None.
    None,
    /// Direct messages.
    Direct,
    /// Direct messages and messages that mention the user.
    Mentions,
    /// All messages.
    All,
}

impl NotifyLevel {
    /// All levels, in the order in which they are listed.
    pub const ALL: [Self; 4] = [Self::All, Self::Mentions, Self::Direct, Self::None];

    /// Returns the name in the configuration, in commands and in the store.
    pub fn name(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Mentions => "mentions",
            Self::Direct => "dms",
            Self::None => "none",
        }
    }

    /// Returns the level with this name.
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.name() == name)
    }

    /// Returns about what to notify, as part of a sentence.
    pub fn description(self) -> &'static str {
        match self {
            Self::All => "notifications for all messages",
            Self::Mentions => "notifications for direct messages and mentions",
            Self::Direct => "notifications for direct messages",
            Self::None => "no notifications",
        }
    }

    /// Whether a message is included.
    pub fn includes(self, is_direct: bool, is_mention: bool) -> bool {
        match self {
            Self::All => true,
            Self::Mentions => is_direct || is_mention,
            Self::Direct => is_direct,
            Self::None => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_level_includes_those_before_it() {
        for (is_direct, is_mention) in [(false, false), (false, true), (true, false), (true, true)] {
            let included: Vec<bool> =
                NotifyLevel::ALL.iter().rev().map(|level| level.includes(is_direct, is_mention)).collect();
            assert!(included.is_sorted(), "{is_direct} {is_mention}: {included:?}");
        }
        assert!(NotifyLevel::Mentions.includes(true, false) && NotifyLevel::Mentions.includes(false, true));
        assert!(!NotifyLevel::Direct.includes(false, true) && !NotifyLevel::Mentions.includes(false, false));
    }

    #[test]
    fn levels_are_found_by_their_names() {
        for level in NotifyLevel::ALL {
            assert_eq!(NotifyLevel::by_name(level.name()), Some(level));
        }
    }
}
