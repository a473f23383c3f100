//! Who is in a room with which rights, and how we stand in it ourselves.

use crate::text::SafeText;

use super::person::PersonInfo;

/// What sort of room it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum RoomKind {
    /// The server does not say; one of two people is taken for a one-to-one chat.
    #[default]
    Unknown,
    /// Two people.
    Single,
    /// Several people.
    Group,
    /// One writes, each of the others reads it in their own room.
    Broadcast,
    /// Two people, about an order.
    Order,
}

impl RoomKind {
    /// Whether it may be a chat of two people.
    pub fn is_of_two(self) -> bool {
        matches!(self, Self::Unknown | Self::Single | Self::Order)
    }
}

/// What a member of a group may do, from least to most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MemberRole {
    /// Read and write.
    Member,
    /// Change members and their roles.
    Admin,
    /// The same, and nobody can change theirs.
    Owner,
}

impl MemberRole {
    /// The word to show.
    pub fn word(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::Admin => "admin",
            Self::Owner => "owner",
        }
    }
}

/// A member of a group or broadcast.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Who.
    pub person: PersonInfo,
    /// Their role, where there are roles.
    pub role: Option<MemberRole>,
}

/// Whether one can write in a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Access {
    /// Yes, as far as is known.
    #[default]
    Open,
    /// No: we have blocked the other side.
    BlockedByMe,
    /// No: the other side has blocked us.
    BlockedByPeer,
    /// No: we are not in it any more.
    NotMember,
    /// No: it is closed, such as an order that is done.
    Closed,
    /// No: it was deleted, and only what we wrote there and could not be sent keeps it here.
    Deleted,
}

/// How we stand in a room, as the server said when it was asked last.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Membership {
    /// Whether we can write.
    pub access: Access,
    /// Our role, where there are roles.
    pub role: Option<MemberRole>,
    /// How many members there are.
    pub members: Option<u32>,
    /// How many of them are there now.
    pub online: Option<u32>,
    /// What the room is about.
    pub description: Option<SafeText>,
}
