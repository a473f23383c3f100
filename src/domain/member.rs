//! Membership: kinds of rooms, roles of members, and the user's own membership in a room.

use serde::{Deserialize, Serialize};

use crate::text::SafeText;

use super::person::PersonInfo;
use super::time::Timestamp;

/// Kind of a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum RoomKind {
    /// The server does not say. A room with exactly two participants is treated as a direct message.
    #[default]
    Unknown,
    /// Direct message between two people.
    Direct,
    /// Group.
    Group,
    /// Broadcast: one person writes, and every recipient receives the message as a direct message.
    Broadcast,
    /// Conversation between two people about an order.
    Order,
}

impl RoomKind {
    /// Whether a room of this kind may be a direct message.
    pub fn may_be_direct(self) -> bool {
        matches!(self, Self::Unknown | Self::Direct | Self::Order)
    }
}

/// Role of a group member, in ascending order of rights.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum MemberRole {
    /// May read and write.
    Member,
    /// May also add and remove members and change their roles.
    Admin,
    /// Has the rights of an admin, and nobody can change this role.
    Owner,
}

impl MemberRole {
    /// Returns the label shown to users.
    pub fn label(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::Admin => "admin",
            Self::Owner => "owner",
        }
    }
}

/// Member of a group or broadcast.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// The person.
    pub person: PersonInfo,
    /// The person's role, on services that have roles.
    pub role: Option<MemberRole>,
}

/// Whether the user can write in a room, or the reason why not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum RoomAccess {
    /// The user can write, as far as is known.
    #[default]
    Open,
    /// The user has blocked the other person.
    BlockedByMe,
    /// The other person has blocked the user.
    BlockedByPeer,
    /// The user is no longer a member.
    NotMember,
    /// The room is closed, such as that of a completed order.
    Closed,
    /// The room was deleted. It is kept only because it contains unsent messages of the user.
    Deleted,
}

/// The user's membership in a room, as of the server's last answer.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Membership {
    /// Whether the user can write.
    pub access: RoomAccess,
    /// The user's role, on services that have roles.
    pub role: Option<MemberRole>,
    /// Number of members.
    pub members: Option<u32>,
    /// Number of members who are online.
    pub online: Option<u32>,
    /// Description of the room.
    pub description: Option<SafeText>,
    /// When the group was created. The entry of the room list may say when the user joined it.
    #[serde(default)]
    pub created_at: Option<Timestamp>,
}
