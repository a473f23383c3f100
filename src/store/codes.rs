//! How the kinds of things are written on disk: words that mean the same in every version.
//!
//! The words are never taken from the order or the spelling of the variants, and a word is never given another meaning.
//! A word of a newer version is read as what stands behind `else`, and stays in the file until the thing changes.

use crate::domain::{AttachmentKind, Delivery, MessageKind, RoomKind};

/// A kind that has a word on disk.
pub(super) trait Coded: Copy {
    /// The word.
    fn code(self) -> &'static str;

    /// What the word means.
    fn of(code: &str) -> Self;
}

macro_rules! codes {
    ($($name:ident else $other:ident { $($variant:ident = $code:literal,)* })*) => {
        $(impl Coded for $name {
            fn code(self) -> &'static str {
                match self {
                    $(Self::$variant => $code,)*
                }
            }

            fn of(code: &str) -> Self {
                match code {
                    $($code => Self::$variant,)*
                    _ => Self::$other,
                }
            }
        })*
    };
}

codes! {
    MessageKind else Custom {
        Text = "said",
        Location = "location",
        Custom = "custom",
        Call = "call",
        Info = "info",
        Unreadable = "unreadable",
    }
    Delivery else Sent {
        Queued = "queued",
        Uncertain = "uncertain",
        Failed = "failed",
        Sent = "sent",
        Delivered = "delivered",
        Seen = "seen",
    }
    AttachmentKind else File {
        Image = "image",
        Video = "video",
        Gif = "gif",
        Voice = "voice",
        File = "file",
    }
    RoomKind else Unknown {
        Unknown = "unsaid",
        Single = "single",
        Group = "group",
        Broadcast = "broadcast",
        Order = "order",
    }
}

/// What is known of the place before a message (`messages.joined`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Joined {
    /// The message that is kept before it is the one that stands there.
    Kept,
    /// Nothing: messages may be missing.
    Unknown,
    /// It is the first message of the room.
    Start,
}

impl Joined {
    /// The number on disk.
    pub(super) fn number(self) -> i64 {
        match self {
            Self::Kept => 0,
            Self::Unknown => 1,
            Self::Start => 2,
        }
    }

    /// What the number means.
    pub(super) fn of(number: i64) -> Self {
        match number {
            0 => Self::Kept,
            2 => Self::Start,
            _ => Self::Unknown,
        }
    }
}

/// The bits of `messages.flags`.
pub(super) mod flag {
    /// Its text was changed.
    pub(in super::super) const EDITED: i64 = 1;
    /// It was taken back.
    pub(in super::super) const DELETED: i64 = 2;
    /// It was sent on from elsewhere.
    pub(in super::super) const FORWARDED: i64 = 4;
    /// We have starred it.
    pub(in super::super) const STARRED: i64 = 8;
}
