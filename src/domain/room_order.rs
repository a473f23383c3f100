//! Orders of the room list.

use serde::{Deserialize, Serialize};

/// By what the rooms in the list are sorted. Pinned rooms come first in every order, and the newest activity decides
/// between rooms that are equal otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum RoomOrder {
    /// By their newest activity.
    #[default]
    Activity,
    /// Rooms with mentions of the user, then other unread rooms, then the rest.
    Unread,
    /// By their titles.
    Name,
}

impl RoomOrder {
    /// All orders. The key that changes the order goes through them.
    pub const ALL: [Self; 3] = [Self::Activity, Self::Unread, Self::Name];

    /// Returns the name in the configuration, in commands and in the store.
    pub fn name(self) -> &'static str {
        match self {
            Self::Activity => "activity",
            Self::Unread => "unread",
            Self::Name => "name",
        }
    }

    /// Returns the order with this name.
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|order| order.name() == name)
    }
}
