//! Filters of the room list.

/// Which rooms the list on screen shows. The open room is always among them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RoomFilter {
    /// All.
    #[default]
    All,
    /// Unread rooms.
    Unread,
    /// Direct messages.
    Direct,
    /// Everything but direct messages.
    Groups,
}

impl RoomFilter {
    /// All filters. The key that changes the filter goes through them.
    pub(in crate::app) const ALL: [Self; 4] = [Self::All, Self::Unread, Self::Direct, Self::Groups];

    /// Returns the name in commands.
    pub fn name(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Unread => "unread",
            Self::Direct => "dms",
            Self::Groups => "groups",
        }
    }

    /// Returns the filter with this name.
    pub(in crate::app) fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|filter| filter.name() == name)
    }
}
