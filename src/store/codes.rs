//! Codes of enumerations in the database.
//!
//! A code is a fixed word that means the same in every version. It does not depend on the order or the names of the
//! variants, and is never reused for another meaning. An unknown code of a newer version is read as the variant after
//! `else`, and stays in the file until the value changes.

use crate::domain::{AttachmentKind, Delivery, MessageKind, RoomKind};

/// An enumeration with a code for each variant.
pub(super) trait Coded: Copy {
    /// Returns the code of this variant.
    fn code(self) -> &'static str;

    /// Returns the variant of a code.
    fn from_code(code: &str) -> Self;
}

macro_rules! codes {
    ($($name:ident else $other:ident { $($variant:ident = $code:literal,)* })*) => {
        $(impl Coded for $name {
            fn code(self) -> &'static str {
                match self {
                    $(Self::$variant => $code,)*
                }
            }

            fn from_code(code: &str) -> Self {
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
        Direct = "single",
        Group = "group",
        Broadcast = "broadcast",
        Order = "order",
    }
}

/// Relation of a message to its predecessor in the store (`messages.joined`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Continuity {
    /// The stored message before it is its direct predecessor.
    Contiguous,
    /// Messages may be missing before it.
    Gap,
    /// It is the first message of its room.
    Start,
}

impl Continuity {
    /// Returns the number in the database.
    pub(super) fn number(self) -> i64 {
        match self {
            Self::Contiguous => 0,
            Self::Gap => 1,
            Self::Start => 2,
        }
    }

    /// Returns the meaning of a number in the database.
    pub(super) fn from_number(number: i64) -> Self {
        match number {
            0 => Self::Contiguous,
            2 => Self::Start,
            _ => Self::Gap,
        }
    }
}

/// The bits of `messages.flags`.
pub(super) mod flag {
    /// The text was edited.
    pub(in super::super) const EDITED: i64 = 1;
    /// The message was deleted.
    pub(in super::super) const DELETED: i64 = 2;
    /// The message was forwarded from another room.
    pub(in super::super) const FORWARDED: i64 = 4;
    /// The user has starred the message.
    pub(in super::super) const STARRED: i64 = 8;
}
