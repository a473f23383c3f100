//! Data types of V Chat: users, devices, rooms, members and messages.
//!
//! The docs of the fields name the fields of the wire format (§8), which [`wire`](super::wire) writes.

use std::collections::VecDeque;
use std::sync::Arc;

use serde_json::{Map, Value};

use crate::domain::Timestamp;

/// An ObjectId: 24 hexadecimal digits that sort in creation order.
pub(crate) type Id = String;

/// The user and device that make a request, as their access token names them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Actor {
    /// `_id` of the user.
    pub(crate) user: Id,
    /// Device they logged in on.
    pub(crate) device: String,
}

/// Three sizes of a picture (`userImages`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Images {
    /// `fullImage`.
    pub(crate) full: String,
    /// `chatImage`.
    pub(crate) chat: String,
    /// `smallImage`.
    pub(crate) small: String,
}

impl Images {
    /// The same picture in all sizes: the sandbox does not scale images.
    pub(crate) fn same(url: &str) -> Self {
        Self { full: url.to_owned(), chat: url.to_owned(), small: url.to_owned() }
    }
}

/// A user (§8.3).
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct User {
    /// `_id`.
    pub(crate) id: Id,
    /// Key of the user in the host system.
    pub(crate) identifier: String,
    /// `fullName`, if one was given.
    pub(crate) name: Option<String>,
    /// Profile picture.
    pub(crate) images: Images,
    /// Time at which the last connection ended, or of the user's creation.
    pub(crate) last_seen: Timestamp,
    /// Language of the user (`profile/lang`).
    pub(crate) language: Option<String>,
}

impl User {
    /// The name to show. `fullName` is a required string, so a user without one shows the identifier.
    pub(crate) fn display_name(&self) -> &str {
        self.name.as_deref().unwrap_or(&self.identifier)
    }
}

/// A device on which a user is logged in. Its access token is valid for as long as the device exists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Device {
    /// `plm` of messages sent from it.
    pub(crate) platform: String,
    /// Key for push notifications. The sandbox sends none.
    pub(crate) push_key: Option<String>,
}

/// Kind of a room (`rT`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RoomKind {
    /// `s`: a direct message between two users.
    Single,
    /// `g`: a group.
    Group,
    /// `b`: a broadcast.
    Broadcast,
    /// `o`: a direct message about an order.
    Order,
}

impl RoomKind {
    /// Letter on the wire.
    pub(crate) fn letter(self) -> &'static str {
        match self {
            Self::Single => "s",
            Self::Group => "g",
            Self::Broadcast => "b",
            Self::Order => "o",
        }
    }

    /// Whether the room has exactly two members.
    pub(crate) fn is_direct(self) -> bool {
        matches!(self, Self::Single | Self::Order)
    }
}

/// Role in a group (`gR`), in ascending order of rights.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Role {
    /// `member`.
    Member,
    /// `admin`.
    Admin,
    /// `superAdmin`.
    SuperAdmin,
}

impl Role {
    /// Name on the wire.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::Admin => "admin",
            Self::SuperAdmin => "superAdmin",
        }
    }

    /// Returns the role with this name.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        [Self::Member, Self::Admin, Self::SuperAdmin].into_iter().find(|role| role.name() == name)
    }
}

/// A member of a room, with their personal settings (§8.4).
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Member {
    /// `_id`: each member has their own id for the room.
    pub(crate) id: Id,
    /// `uId`.
    pub(crate) user: Id,
    /// `gR`. It matters only in groups.
    pub(crate) role: Role,
    /// `isD`: the user has deleted the room, or it has no message yet.
    pub(crate) is_hidden: bool,
    /// `isA`.
    pub(crate) is_archived: bool,
    /// `isM`.
    pub(crate) is_muted: bool,
    /// `isOneSeen`: messages of this user in the room can be viewed once.
    pub(crate) sends_view_once: bool,
    /// `nTitle`.
    pub(crate) nickname: Option<String>,
    /// `tTo`.
    pub(crate) translate_to: Option<String>,
    /// `lSMId`: all messages up to this id have been seen.
    pub(crate) seen_to: Id,
}

/// A room.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Room {
    /// `rId`.
    pub(crate) id: Id,
    /// `rT`.
    pub(crate) kind: RoomKind,
    /// User who created it.
    pub(crate) creator: Id,
    /// `createdAt`.
    pub(crate) created_at: Timestamp,
    /// `t` of a group or broadcast. Direct rooms show the name of the peer.
    pub(crate) title: String,
    /// `img` of a group or broadcast.
    pub(crate) image: String,
    /// Members. The only member of a broadcast is its creator.
    pub(crate) members: Vec<Member>,
    /// Recipients of a broadcast, and when they were added.
    pub(crate) recipients: Vec<(Id, Timestamp)>,
    /// Messages, in ascending order of `_id`.
    pub(crate) messages: VecDeque<Message>,
    /// `groupSettings.desc`.
    pub(crate) description: Option<String>,
    /// `groupSettings.extraData`.
    pub(crate) extra: Option<Map<String, Value>>,
    /// Order that an order room is about.
    pub(crate) order: Option<Order>,
}

impl Room {
    /// Returns the membership of `user`.
    pub(crate) fn member(&self, user: &str) -> Option<&Member> {
        self.members.iter().find(|member| member.user == user)
    }

    /// Returns the membership of `user` for changes.
    pub(crate) fn member_mut(&mut self, user: &str) -> Option<&mut Member> {
        self.members.iter_mut().find(|member| member.user == user)
    }

    /// Returns the other member of a direct room.
    pub(crate) fn peer(&self, user: &str) -> Option<&Id> {
        let others = self.members.iter().map(|member| &member.user);
        self.kind.is_direct().then(|| others.into_iter().find(|other| *other != user)).flatten()
    }

    /// Returns the message `id`.
    pub(crate) fn message(&self, id: &str) -> Option<&Message> {
        let at = self.messages.binary_search_by(|message| message.id.as_str().cmp(id)).ok()?;
        self.messages.get(at)
    }

    /// Returns the message `id` for changes.
    pub(crate) fn message_mut(&mut self, id: &str) -> Option<&mut Message> {
        let at = self.messages.binary_search_by(|message| message.id.as_str().cmp(id)).ok()?;
        self.messages.get_mut(at)
    }

    /// Returns the messages that `user` can see, newest first.
    pub(crate) fn visible_messages<'a>(&'a self, user: &'a str) -> impl Iterator<Item = &'a Message> {
        self.messages.iter().rev().filter(move |message| !message.is_deleted_for(user))
    }
}

/// The order that an order room is about (§2.6).
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Order {
    /// `orderId`.
    pub(crate) id: String,
    /// `orderTitle`.
    pub(crate) title: Option<String>,
    /// `orderImage`.
    pub(crate) image: Option<String>,
    /// `orderData` of requests and `pinData` of responses, which the sandbox treats as the same thing.
    pub(crate) data: Option<Value>,
}

/// Kind of a message (`mT`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MessageKind {
    /// `text`.
    Text,
    /// `image`.
    Image,
    /// `file`.
    File,
    /// `video`.
    Video,
    /// `voice`.
    Voice,
    /// `location`.
    Location,
    /// `custom`.
    Custom,
    /// `call`. Only the server creates these.
    Call,
    /// `info`. Only the server creates these.
    Info,
}

impl MessageKind {
    const ALL: [Self; 9] = [
        Self::Text,
        Self::Image,
        Self::File,
        Self::Video,
        Self::Voice,
        Self::Location,
        Self::Custom,
        Self::Call,
        Self::Info,
    ];

    /// Name on the wire.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Image => "image",
            Self::File => "file",
            Self::Video => "video",
            Self::Voice => "voice",
            Self::Location => "location",
            Self::Custom => "custom",
            Self::Call => "call",
            Self::Info => "info",
        }
    }

    /// Returns the kind with this name.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// Delivery and seen times of one recipient, for messages in groups and broadcasts (§2.3.1 rule 6).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Receipt {
    /// The recipient.
    pub(crate) user: Id,
    /// `dAt`.
    pub(crate) delivered_at: Option<Timestamp>,
    /// `sAt`.
    pub(crate) seen_at: Option<Timestamp>,
}

/// A message (§8.1).
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Message {
    /// `_id`.
    pub(crate) id: Id,
    /// `rId`.
    pub(crate) room: Id,
    /// `sId`.
    pub(crate) sender: Id,
    /// `sIdentifier`.
    pub(crate) sender_identifier: String,
    /// `sName`, at the time of sending.
    pub(crate) sender_name: String,
    /// `sImg`, at the time of sending.
    pub(crate) sender_image: String,
    /// `plm`.
    pub(crate) platform: String,
    /// `c`.
    pub(crate) content: String,
    /// `isEncrypted`.
    pub(crate) is_encrypted: bool,
    /// `mT`.
    pub(crate) kind: MessageKind,
    /// `msgAtt`.
    pub(crate) attachment: Value,
    /// `rTo`: the message that this one replies to, as it was then, the one that that one replied to, and so on. Each is
    /// an object without `rTo`, and shared by the later messages of the chain.
    pub(crate) reply_to: Vec<Arc<Value>>,
    /// `sAt`, in direct rooms.
    pub(crate) seen_at: Option<Timestamp>,
    /// `dAt`, in direct rooms.
    pub(crate) delivered_at: Option<Timestamp>,
    /// `forId`.
    pub(crate) forward_of: Option<String>,
    /// `dltAt`.
    pub(crate) deleted_at: Option<Timestamp>,
    /// `pBId`: the broadcast message that this is a copy of.
    pub(crate) parent: Option<Id>,
    /// `dF`: users who deleted it for themselves.
    pub(crate) deleted_for: Vec<Id>,
    /// `stars`: users who starred it.
    pub(crate) starred_by: Vec<Id>,
    /// `lId`: the id that the client chose.
    pub(crate) local_id: String,
    /// `linkAtt`.
    pub(crate) link: Value,
    /// `peerData`.
    pub(crate) peer_data: Value,
    /// `mentions`.
    pub(crate) mentions: Vec<String>,
    /// `isOneSeen`.
    pub(crate) is_view_once: bool,
    /// `oneSeenBy`.
    pub(crate) viewed_by: Vec<Id>,
    /// `createdAt`.
    pub(crate) created_at: Timestamp,
    /// `updatedAt`.
    pub(crate) updated_at: Timestamp,
    /// Receipts of the recipients, in groups and broadcasts.
    pub(crate) receipts: Vec<Receipt>,
}

impl Message {
    /// Whether `user` deleted the message for themselves.
    pub(crate) fn is_deleted_for(&self, user: &str) -> bool {
        self.deleted_for.iter().any(|other| other == user)
    }
}

/// Description of an uploaded file (§8.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FileInfo {
    /// `name`.
    pub(crate) name: String,
    /// `url`.
    pub(crate) url: String,
    /// `mimeType`.
    pub(crate) mime: String,
    /// `fileSize`, in bytes.
    pub(crate) size: usize,
    /// `fileHash`.
    pub(crate) hash: String,
    /// `width` and `height` of an image; zero if they are not known.
    pub(crate) dimensions: (u32, u32),
}
