//! The nouns of V Chat: users, devices, rooms, members, messages. The words of the wire stand beside each field
//! (protocol note §8); how they are written is `wire`'s business.

use std::collections::VecDeque;

use serde_json::{Map, Value};

use crate::domain::Timestamp;

/// An ObjectId: 24 hexadecimal digits that sort in creation order.
pub(crate) type Id = String;

/// Who asks: a user on a device, known by a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Me {
    /// The user's `_id`.
    pub(crate) user: Id,
    /// The device they logged in on.
    pub(crate) device: String,
}

/// The three sizes of a picture (`userImages`).
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
    /// One picture for all sizes: the sandbox does not scale.
    pub(crate) fn same(url: &str) -> Self {
        Self { full: url.to_owned(), chat: url.to_owned(), small: url.to_owned() }
    }
}

/// Somebody (§8.3).
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct User {
    /// `_id`.
    pub(crate) id: Id,
    /// The host system's key for them.
    pub(crate) identifier: String,
    /// `fullName`, once somebody gave one.
    pub(crate) name: Option<String>,
    /// Their picture.
    pub(crate) images: Images,
    /// When their last connection ended; until then, when they were created.
    pub(crate) last_seen: Timestamp,
    /// Whether a room that asks for their language has one to translate to (`profile/lang`).
    pub(crate) language: Option<String>,
}

impl User {
    /// The name to show: `fullName` is a required string.
    pub(crate) fn shown(&self) -> &str {
        self.name.as_deref().unwrap_or(&self.identifier)
    }
}

/// Where somebody is logged in. A token is good for as long as its device has a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Device {
    /// `plm` of what is sent from it.
    pub(crate) platform: String,
    /// Where pushes would go; the sandbox sends none.
    pub(crate) push_key: Option<String>,
}

/// `rT`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// `s`.
    Single,
    /// `g`.
    Group,
    /// `b`.
    Broadcast,
    /// `o`.
    Order,
}

impl Kind {
    /// Its letter on the wire.
    pub(crate) fn letter(self) -> &'static str {
        match self {
            Self::Single => "s",
            Self::Group => "g",
            Self::Broadcast => "b",
            Self::Order => "o",
        }
    }

    /// Whether it has exactly two members, with a peer for each.
    pub(crate) fn is_direct(self) -> bool {
        matches!(self, Self::Single | Self::Order)
    }
}

/// `gR`, in order of power.
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
    /// Its name on the wire.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::Admin => "admin",
            Self::SuperAdmin => "superAdmin",
        }
    }

    /// The role called `name`.
    pub(crate) fn named(name: &str) -> Option<Self> {
        [Self::Member, Self::Admin, Self::SuperAdmin].into_iter().find(|role| role.name() == name)
    }
}

/// One user's row of a room (§8.4: `_id` is this row's id).
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Member {
    /// `_id`.
    pub(crate) row: Id,
    /// `uId`.
    pub(crate) user: Id,
    /// `gR`; means something in groups only.
    pub(crate) role: Role,
    /// `isD`: deleted by this user, or not surfaced yet.
    pub(crate) hidden: bool,
    /// `isA`.
    pub(crate) archived: bool,
    /// `isM`.
    pub(crate) muted: bool,
    /// `isOneSeen`: what this user sends here may be looked at once.
    pub(crate) one_seen: bool,
    /// `nTitle`.
    pub(crate) nick: Option<String>,
    /// `tTo`.
    pub(crate) translate_to: Option<String>,
    /// `lSMId`: everything up to this id has been seen.
    pub(crate) seen_to: Id,
}

/// A room.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Room {
    /// `rId`.
    pub(crate) id: Id,
    /// `rT`.
    pub(crate) kind: Kind,
    /// Who made it.
    pub(crate) creator: Id,
    /// `createdAt`.
    pub(crate) created_at: Timestamp,
    /// `t` of a group or broadcast; direct rooms show the peer.
    pub(crate) title: String,
    /// `img` of a group or broadcast.
    pub(crate) image: String,
    /// Who takes part. Of a broadcast: its creator alone.
    pub(crate) members: Vec<Member>,
    /// To whom a broadcast goes, and since when.
    pub(crate) audience: Vec<(Id, Timestamp)>,
    /// What was said, `_id` ascending.
    pub(crate) messages: VecDeque<Message>,
    /// `groupSettings.desc`.
    pub(crate) description: Option<String>,
    /// `groupSettings.extraData`.
    pub(crate) extra: Option<Map<String, Value>>,
    /// What an order room is about.
    pub(crate) order: Option<Order>,
}

impl Room {
    /// The row of `user`.
    pub(crate) fn member(&self, user: &str) -> Option<&Member> {
        self.members.iter().find(|member| member.user == user)
    }

    /// The row of `user`.
    pub(crate) fn member_mut(&mut self, user: &str) -> Option<&mut Member> {
        self.members.iter_mut().find(|member| member.user == user)
    }

    /// The other one of a direct room.
    pub(crate) fn peer(&self, user: &str) -> Option<&Id> {
        let others = self.members.iter().map(|member| &member.user);
        self.kind.is_direct().then(|| others.into_iter().find(|other| *other != user)).flatten()
    }

    /// The message called `id`.
    pub(crate) fn message(&self, id: &str) -> Option<&Message> {
        let at = self.messages.binary_search_by(|message| message.id.as_str().cmp(id)).ok()?;
        self.messages.get(at)
    }

    /// The message called `id`.
    pub(crate) fn message_mut(&mut self, id: &str) -> Option<&mut Message> {
        let at = self.messages.binary_search_by(|message| message.id.as_str().cmp(id)).ok()?;
        self.messages.get_mut(at)
    }

    /// What `user` can see, the newest first.
    pub(crate) fn visible<'a>(&'a self, user: &'a str) -> impl Iterator<Item = &'a Message> {
        self.messages.iter().rev().filter(move |message| !message.is_gone_for(user))
    }
}

/// What an order room is about (§2.6).
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Order {
    /// `orderId`.
    pub(crate) id: String,
    /// `orderTitle`.
    pub(crate) title: Option<String>,
    /// `orderImage`.
    pub(crate) image: Option<String>,
    /// `orderData` of the request; `pinData` of the answer is the same thing to the sandbox.
    pub(crate) data: Option<Value>,
}

/// `mT`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sort {
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
    /// `call`: the server's.
    Call,
    /// `info`: the server's.
    Info,
}

impl Sort {
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

    /// Its name on the wire.
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

    /// The sort called `name`.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|sort| sort.name() == name)
    }
}

/// One member's status of a group or broadcast message (§2.3.1 rule 6).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Status {
    /// Who.
    pub(crate) user: Id,
    /// `dAt`.
    pub(crate) delivered: Option<Timestamp>,
    /// `sAt`.
    pub(crate) seen: Option<Timestamp>,
}

/// Something said (§8.1).
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
    /// `sName`, as it was then.
    pub(crate) sender_name: String,
    /// `sImg`, as it was then.
    pub(crate) sender_image: String,
    /// `plm`.
    pub(crate) platform: String,
    /// `c`.
    pub(crate) content: String,
    /// `isEncrypted`.
    pub(crate) encrypted: bool,
    /// `mT`.
    pub(crate) sort: Sort,
    /// `msgAtt`.
    pub(crate) attachment: Value,
    /// `rTo`.
    pub(crate) reply: Value,
    /// `sAt`.
    pub(crate) seen: Option<Timestamp>,
    /// `dAt`.
    pub(crate) delivered: Option<Timestamp>,
    /// `forId`.
    pub(crate) forward_of: Option<String>,
    /// `dltAt`.
    pub(crate) deleted: Option<Timestamp>,
    /// `pBId`.
    pub(crate) parent: Option<Id>,
    /// `dF`.
    pub(crate) gone_for: Vec<Id>,
    /// `stars`.
    pub(crate) stars: Vec<Id>,
    /// `lId`.
    pub(crate) local: String,
    /// `linkAtt`.
    pub(crate) link: Value,
    /// `peerData`.
    pub(crate) peer: Value,
    /// `mentions`.
    pub(crate) mentions: Vec<String>,
    /// `isOneSeen`.
    pub(crate) one_seen: bool,
    /// `oneSeenBy`.
    pub(crate) one_seen_by: Vec<Id>,
    /// `createdAt`.
    pub(crate) created_at: Timestamp,
    /// `updatedAt`.
    pub(crate) updated_at: Timestamp,
    /// The members' rows, in rooms with more than two.
    pub(crate) statuses: Vec<Status>,
}

impl Message {
    /// Whether `user` deleted it for themselves.
    pub(crate) fn is_gone_for(&self, user: &str) -> bool {
        self.gone_for.iter().any(|gone| gone == user)
    }
}

/// An uploaded file with its address: what the common file map says (§8.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stored {
    /// `name`.
    pub(crate) name: String,
    /// `url`.
    pub(crate) url: String,
    /// `mimeType`.
    pub(crate) mime: String,
    /// `fileSize`.
    pub(crate) size: usize,
    /// `fileHash`.
    pub(crate) hash: String,
    /// `width` and `height`, as far as its head tells.
    pub(crate) extent: (u32, u32),
}
