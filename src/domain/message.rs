//! A message and what became of it.

use crate::text::SafeText;

use super::attachment::{FileFacts, size_in_words};
use super::ids::{LocalId, MessageId, PersonId, RoomId};
use super::person::PersonInfo;
use super::time::{Timestamp, length};

/// A message as a server reports it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageInfo {
    /// The server's name for it.
    pub id: MessageId,
    /// The room it belongs to.
    pub room: RoomId,
    /// Who wrote it.
    pub author: PersonId,
    /// Who wrote it, in full, where the server embeds them.
    pub author_info: Option<Box<PersonInfo>>,
    /// When the server accepted it.
    pub sent_at: Timestamp,
    /// What it says.
    pub text: SafeText,
    /// The file that hangs on it.
    pub attachment: Option<Box<Attachment>>,
    /// A device of somebody other than the author has it.
    pub delivered: bool,
    /// Somebody other than the author has seen it.
    pub seen: bool,
    /// The send it answers to: every message's where the service keeps one, else that of this program's own.
    pub local: Option<LocalId>,
    /// What sort of message it is.
    pub kind: MessageKind,
    /// What it replies to.
    pub quote: Option<Box<Quote>>,
    /// It was sent on from elsewhere.
    pub forwarded: bool,
    /// We have starred it, if the server says so.
    pub starred: Option<bool>,
    /// It was taken back; `text` and `attachment` are empty, whatever was on the wire.
    pub deleted: bool,
}

impl MessageInfo {
    /// How far it has come.
    pub fn delivery(&self) -> Delivery {
        match (self.seen, self.delivered) {
            (true, _) => Delivery::Seen,
            (false, true) => Delivery::Delivered,
            (false, false) => Delivery::Sent,
        }
    }
}

impl MessageInfo {
    /// Forgets what it said: it was taken back.
    pub fn delete(&mut self) {
        self.deleted = true;
        self.text = SafeText::default();
        self.attachment = None;
        self.quote = None;
    }
}

/// What sort of message it is: how it is drawn, and what one can do with it. Its `text` says it in words, always.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum MessageKind {
    /// Somebody said it, or sent a file.
    #[default]
    Text,
    /// A place.
    Location,
    /// Something that only the app understands.
    Custom,
    /// What became of a call.
    Call,
    /// The service reports what happened in the room, such as who joined.
    Info,
    /// It cannot be read; its text says so. It stands for one broken message and costs no other.
    Unreadable,
}

/// The message that another one replies to, as it was then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quote {
    /// The server's name for it.
    pub id: MessageId,
    /// Who wrote it.
    pub author: PersonId,
    /// What they were called.
    pub author_name: SafeText,
    /// What it said, in a line; empty when it was deleted.
    pub text: SafeText,
}

/// A file on a message. It is shown as a line; nothing is fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// What sort of file.
    pub kind: AttachmentKind,
    /// Its name, empty when unknown.
    pub name: SafeText,
    /// Its size as the server words it, such as `2 MB`; empty when unknown.
    pub size: SafeText,
    /// Where it lies.
    pub url: SafeText,
    /// How long it plays, in milliseconds.
    pub duration: Option<u32>,
}

impl Attachment {
    /// A file of this machine, as it is shown while it waits to be sent.
    pub fn of(file: &FileFacts) -> Self {
        Self {
            kind: file.kind,
            name: SafeText::line(&file.name),
            size: SafeText::line(&size_in_words(file.size)),
            url: SafeText::line(&file.path.display().to_string()),
            duration: file.duration,
        }
    }

    /// It as a line: kind, name, length and size.
    pub fn in_words(&self) -> String {
        let mut line = format!("[{}]", self.kind.word());
        if !self.name.is_empty() {
            line.push(' ');
            line.push_str(&self.name);
        }
        let length = self.duration.map(|millis| length(millis.into()));
        let facts: Vec<&str> = length.as_deref().into_iter().chain([&*self.size]).filter(|s| !s.is_empty()).collect();
        if !facts.is_empty() {
            line.push_str(&format!(" ({})", facts.join(", ")));
        }
        line
    }
}

/// What sort of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AttachmentKind {
    /// A still picture.
    Image,
    /// A film.
    Video,
    /// A moving picture.
    Gif,
    /// Something spoken.
    Voice,
    /// Anything else.
    File,
}

impl MessageKind {
    /// Whether the service says it of the room, rather than somebody to somebody: it has no author above it, and there
    /// is nothing to answer or to send on.
    pub fn is_report(self) -> bool {
        matches!(self, Self::Info | Self::Call)
    }
}

impl AttachmentKind {
    /// The word to show.
    pub fn word(self) -> &'static str {
        match self {
            Self::Image => "image",
            Self::Video => "video",
            Self::Gif => "gif",
            Self::Voice => "voice",
            Self::File => "file",
        }
    }
}

/// How far a message has come. It only moves forward, down this list; only `Uncertain` and
/// `Failed` may go back, to `Queued`, by a retry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Delivery {
    /// On its way; the server has not answered.
    Queued,
    /// The server may have it.
    Uncertain,
    /// The server did not take it.
    Failed,
    /// The server has it.
    Sent,
    /// A device of the other side has it.
    Delivered,
    /// Somebody has seen it.
    Seen,
}

/// A message as it stands in a timeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// The server's name for it; `None` until the server has answered.
    pub id: Option<MessageId>,
    /// The send it is, if this program sent it. Boxed: most messages are others'.
    pub local: Option<Box<LocalId>>,
    /// Who wrote it.
    pub author: PersonId,
    /// When the server accepted it; until then, when it was sent.
    pub sent_at: Timestamp,
    /// What it says; empty once deleted.
    pub text: SafeText,
    /// The file that hangs on it.
    pub attachment: Option<Box<Attachment>>,
    /// How far it has come. For others' messages `Seen` means that it needs no receipt any more.
    pub delivery: Delivery,
    /// Its text was changed.
    pub edited: bool,
    /// It was taken back: a tombstone stands in its place.
    pub deleted: bool,
    /// What sort of message it is.
    pub kind: MessageKind,
    /// It was sent on from elsewhere.
    pub forwarded: bool,
    /// We have starred it.
    pub starred: bool,
    /// What it replies to.
    pub quote: Option<Box<Quote>>,
    /// Counts every change that shows, for caches.
    pub revision: u32,
}

impl Message {
    /// A message that has just been written here and waits for the server.
    pub fn queued(local: LocalId, author: PersonId, text: SafeText, now: Timestamp) -> Self {
        Self {
            id: None,
            local: Some(Box::new(local)),
            author,
            sent_at: now,
            text,
            attachment: None,
            delivery: Delivery::Queued,
            edited: false,
            deleted: false,
            kind: MessageKind::Text,
            forwarded: false,
            starred: false,
            quote: None,
            revision: 0,
        }
    }

    /// Moves forward to `delivery`; says whether that changed anything.
    pub fn advance(&mut self, delivery: Delivery) -> bool {
        let forward = delivery > self.delivery;
        if forward {
            self.delivery = delivery;
            self.revision += 1;
        }
        forward
    }

    /// Takes what the server says of it now; says whether that changed anything. While the text is our own `draft` of
    /// it, taking the server's is no edit.
    pub fn renew(&mut self, info: MessageInfo, draft: bool) -> bool {
        let delivery = info.delivery();
        if info.deleted {
            return self.advance(delivery) | self.delete();
        }
        let mut changed = self.advance(delivery);
        if self.deleted {
            return changed;
        }
        if draft && (self.text != info.text || self.attachment != info.attachment) {
            (self.text, self.attachment) = (info.text, info.attachment);
            self.revision += 1;
            changed = true;
        } else if !draft {
            changed |= self.edit(info.text, info.attachment);
        }
        let starred = info.starred.unwrap_or(self.starred);
        let facts = (info.kind, info.forwarded, starred);
        if (self.kind, self.forwarded, self.starred) != facts || self.quote != info.quote {
            (self.kind, self.forwarded, self.starred) = facts;
            self.quote = info.quote;
            self.revision += 1;
            changed = true;
        }
        changed
    }

    /// Gets a star or loses it; says whether that changed anything.
    pub fn star(&mut self, on: bool) -> bool {
        let changed = self.starred != on;
        if changed {
            self.starred = on;
            self.revision += 1;
        }
        changed
    }

    /// Takes a new text; says whether that changed anything. A deleted message stays deleted.
    pub fn edit(&mut self, text: SafeText, attachment: Option<Box<Attachment>>) -> bool {
        if self.deleted || (self.text == text && self.attachment == attachment) {
            return false;
        }
        self.text = text;
        self.attachment = attachment;
        self.edited = true;
        self.revision += 1;
        true
    }

    /// Becomes a tombstone and forgets what it said; says whether that changed anything.
    pub fn delete(&mut self) -> bool {
        if self.deleted {
            return false;
        }
        self.text = SafeText::default();
        self.attachment = None;
        self.quote = None;
        self.deleted = true;
        self.revision += 1;
        true
    }
}

impl From<MessageInfo> for Message {
    fn from(info: MessageInfo) -> Self {
        let (delivery, deleted) = (info.delivery(), info.deleted);
        Self {
            id: Some(info.id),
            local: info.local.map(Box::new),
            author: info.author,
            sent_at: info.sent_at,
            // Whatever was on the wire: what was taken back is not kept.
            text: if deleted { SafeText::default() } else { info.text },
            attachment: info.attachment.filter(|_| !deleted),
            delivery,
            edited: false,
            deleted,
            kind: info.kind,
            forwarded: info.forwarded,
            starred: info.starred == Some(true),
            quote: info.quote.filter(|_| !deleted),
            revision: 0,
        }
    }
}
