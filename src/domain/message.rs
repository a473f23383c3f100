//! Messages: as servers report them ([`MessageInfo`]), and as a timeline holds them ([`Message`]).

use serde::{Deserialize, Serialize};

use crate::text::SafeText;

use super::attachment::Attachment;
use super::ids::{LocalId, MessageId, PersonId, RoomId};
use super::person::PersonInfo;
use super::time::Timestamp;

/// Message as a server reports it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessageInfo {
    /// Server-assigned id.
    pub id: MessageId,
    /// Room that the message belongs to.
    pub room: RoomId,
    /// Id of the author.
    pub author: PersonId,
    /// Full description of the author, if the server embeds it.
    pub author_info: Option<Box<PersonInfo>>,
    /// When the server accepted it.
    pub sent_at: Timestamp,
    /// Text of the message.
    pub text: SafeText,
    /// Attached file.
    pub attachment: Option<Box<Attachment>>,
    /// Whether it was delivered to a device of somebody other than the author.
    pub delivered: bool,
    /// Whether somebody other than the author has seen it.
    pub seen: bool,
    /// Id of the send that created it. Some services store this id for all messages, others return it only to the
    /// sender.
    pub local: Option<LocalId>,
    /// Kind of message.
    pub kind: MessageKind,
    /// Message that it replies to.
    pub quote: Option<Box<Quote>>,
    /// Whether it was forwarded from another room.
    pub forwarded: bool,
    /// Whether the user has starred it; `None` if the server does not say.
    pub starred: Option<bool>,
    /// Whether it was deleted. `text` and `attachment` are then ignored.
    pub deleted: bool,
}

impl MessageInfo {
    /// Creates an empty text message; callers fill in the other fields with struct update syntax.
    pub fn new(id: MessageId, room: RoomId, author: PersonId, sent_at: Timestamp) -> Self {
        Self {
            id,
            room,
            author,
            author_info: None,
            sent_at,
            text: SafeText::default(),
            attachment: None,
            delivered: false,
            seen: false,
            local: None,
            kind: MessageKind::default(),
            quote: None,
            forwarded: false,
            starred: None,
            deleted: false,
        }
    }

    /// Returns the delivery state.
    pub fn delivery(&self) -> Delivery {
        match (self.seen, self.delivered) {
            (true, _) => Delivery::Seen,
            (false, true) => Delivery::Delivered,
            (false, false) => Delivery::Sent,
        }
    }

    /// Marks the message as deleted and drops its content.
    pub fn delete(&mut self) {
        self.deleted = true;
        self.text = SafeText::default();
        self.attachment = None;
        self.quote = None;
    }
}

/// Kind of a message, which decides how it is drawn and which actions it allows. Whatever the kind, `text` describes
/// the content in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub enum MessageKind {
    /// Text or file from a person.
    #[default]
    Text,
    /// Shared location.
    Location,
    /// Content that only the service's own app understands.
    Custom,
    /// System message about the outcome of a call.
    Call,
    /// System message about the room, such as who joined.
    Info,
    /// Placeholder for a message that could not be decoded, so that the rest of its page is still shown.
    Unreadable,
}

impl MessageKind {
    /// Whether it is a system message rather than a message from a person. System messages are drawn without an author
    /// and cannot be replied to or forwarded.
    pub fn is_system(self) -> bool {
        matches!(self, Self::Info | Self::Call)
    }
}

/// Copy of the message that a reply refers to, as of the time of the reply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quote {
    /// Server-assigned id of the quoted message.
    pub id: MessageId,
    /// Its author.
    pub author: PersonId,
    /// Display name of the author.
    pub author_name: SafeText,
    /// Its text as a single line; empty if it was deleted.
    pub text: SafeText,
}

/// Delivery state of a message, in ascending order. It only advances, except that a retry takes `Uncertain` and
/// `Failed` back to `Queued`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Delivery {
    /// Waiting to be sent, or sent and not yet answered.
    Queued,
    /// The server may or may not have it.
    Uncertain,
    /// The server does not have it.
    Failed,
    /// The server accepted it.
    Sent,
    /// It reached a device of a recipient.
    Delivered,
    /// A recipient has seen it.
    Seen,
}

/// Message in a timeline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Server-assigned id; `None` until the server has reported it.
    pub id: Option<MessageId>,
    /// Id of the send that created it, if known. Boxed because most messages have none.
    pub local: Option<Box<LocalId>>,
    /// Id of the author.
    pub author: PersonId,
    /// When the server accepted it; until then, when the user sent it.
    pub sent_at: Timestamp,
    /// Text of the message; empty once deleted.
    pub text: SafeText,
    /// Attached file.
    pub attachment: Option<Box<Attachment>>,
    /// Delivery state. For messages of others, `Seen` means that they need no receipt any more.
    pub delivery: Delivery,
    /// Whether its text was edited.
    pub edited: bool,
    /// Whether it was deleted. It stays in the timeline as a tombstone.
    pub deleted: bool,
    /// Kind of message.
    pub kind: MessageKind,
    /// Whether it was forwarded from another room.
    pub forwarded: bool,
    /// Whether the user has starred it.
    pub starred: bool,
    /// Message that it replies to.
    pub quote: Option<Box<Quote>>,
    /// Texts that it had before edits, as far as this program has seen them.
    pub earlier: Option<Box<EarlierTexts>>,
    /// Incremented by every visible change; part of the key of caches.
    pub revision: u32,
}

/// Number of earlier texts of a message that are kept.
const MAX_EARLIER: usize = 10;

/// Largest size of all earlier texts of a message that are kept, in bytes.
const MAX_EARLIER_BYTES: usize = 64 << 10;

/// Texts of a message before its edits, from the oldest; only the last ones are kept.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct EarlierTexts(Vec<SafeText>);

impl EarlierTexts {
    /// Creates them from texts that begin with the oldest. The oldest ones beyond the limits are dropped. `None` if
    /// nothing is left.
    pub fn new(texts: Vec<SafeText>) -> Option<Box<Self>> {
        let mut earlier = Self(texts);
        earlier.drop_oldest();
        (!earlier.0.is_empty()).then(|| Box::new(earlier))
    }

    /// Joins two reports of the texts of a message, each from the oldest that it knows to the present one. Texts at the
    /// end of the first report that begin the second are the same ones. `None` if the message has had one text only.
    pub fn joined(known: &[SafeText], reported: &[SafeText]) -> Option<Box<Self>> {
        let most = known.len().min(reported.len());
        let common = (0..=most).rev().find(|common| known.ends_with(&reported[..*common])).unwrap_or(0);
        let mut texts = [known, &reported[common..]].concat();
        texts.pop();
        Self::new(texts)
    }

    /// Returns the texts, from the oldest.
    pub fn texts(&self) -> &[SafeText] {
        &self.0
    }

    fn drop_oldest(&mut self) {
        let mut bytes = 0;
        let fits = |text: &&SafeText| {
            bytes += text.len();
            bytes <= MAX_EARLIER_BYTES
        };
        let kept = self.0.iter().rev().take(MAX_EARLIER).take_while(fits).count();
        self.0.drain(..self.0.len() - kept);
    }
}

impl Message {
    /// Creates a message that the user has just written and that the server has not accepted yet.
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
            earlier: None,
            revision: 0,
        }
    }

    /// Returns the address of its picture, if it has one.
    pub fn picture_url(&self) -> Option<&str> {
        let file = self.attachment.as_deref().filter(|file| file.is_picture())?;
        (!file.url.is_empty()).then_some(&*file.url)
    }

    /// Takes back that the message was seen, because that could not be reported. Returns whether that changed anything.
    pub fn retract_seen(&mut self) -> bool {
        let was_seen = self.delivery == Delivery::Seen;
        if was_seen {
            self.delivery = Delivery::Delivered;
            self.revision += 1;
        }
        was_seen
    }

    /// Advances the delivery state to `delivery`, never back. Returns whether that changed anything.
    pub fn advance(&mut self, delivery: Delivery) -> bool {
        let advances = delivery > self.delivery;
        if advances {
            self.delivery = delivery;
            self.revision += 1;
        }
        advances
    }

    /// Updates the message from a newer report of the server. Returns whether that changed anything.
    ///
    /// `text_is_local` says that the text is the one the user sent and the server's version of it is not known yet.
    /// Adopting the server's version then does not count as an edit.
    pub fn update(&mut self, mut info: MessageInfo, text_is_local: bool) -> bool {
        let delivery = info.delivery();
        if info.deleted {
            return self.advance(delivery) | self.delete();
        }
        let mut changed = self.advance(delivery);
        if self.deleted {
            return changed;
        }
        if text_is_local && (self.text != info.text || self.attachment != info.attachment) {
            (self.text, self.attachment) = (info.text, info.attachment);
            self.revision += 1;
            changed = true;
        } else if !text_is_local {
            changed |= self.edit(info.text, info.attachment);
        }
        let quote = self.quote.as_ref().filter(|quote| quote.text.is_empty());
        if let Some((new, _)) = info.quote.as_mut().zip(quote).filter(|(new, old)| new.id == old.id) {
            // The quoted message was deleted, though the server sends its text again.
            new.text = SafeText::default();
        }
        let starred = info.starred.unwrap_or(self.starred);
        let attributes = (info.kind, info.forwarded, starred);
        if (self.kind, self.forwarded, self.starred) != attributes || self.quote != info.quote {
            (self.kind, self.forwarded, self.starred) = attributes;
            self.quote = info.quote;
            self.revision += 1;
            changed = true;
        }
        changed
    }

    /// Adds or removes the star. Returns whether that changed anything.
    pub fn set_starred(&mut self, on: bool) -> bool {
        let changed = self.starred != on;
        if changed {
            self.starred = on;
            self.revision += 1;
        }
        changed
    }

    /// Replaces text and attachment. Returns whether that changed anything; a deleted message never changes. Other tabs
    /// alone are no edit: a text that an earlier version stored has none.
    pub fn edit(&mut self, text: SafeText, attachment: Option<Box<Attachment>>) -> bool {
        let has_other_tabs = self.text.differs_only_in_tabs(&text);
        if self.deleted || (self.text == text && self.attachment == attachment && !has_other_tabs) {
            return false;
        }
        let is_edit = !has_other_tabs || self.attachment != attachment;
        let before = std::mem::replace(&mut self.text, text);
        if before != self.text && !has_other_tabs {
            let earlier = self.earlier.get_or_insert_default();
            earlier.0.push(before);
            earlier.drop_oldest();
        }
        self.attachment = attachment;
        self.edited |= is_edit;
        self.revision += 1;
        true
    }

    /// Returns the texts that it had before edits, from the oldest.
    pub fn earlier(&self) -> &[SafeText] {
        self.earlier.as_ref().map_or(&[], |earlier| earlier.texts())
    }

    /// Drops the text of the quote, because the quoted message was deleted. Returns whether that changed anything.
    pub fn clear_quote(&mut self) -> bool {
        let quote = self.quote.as_mut().filter(|quote| !quote.text.is_empty());
        quote.is_some_and(|quote| {
            quote.text = SafeText::default();
            self.revision += 1;
            true
        })
    }

    /// Turns the message into a tombstone without content. Returns whether that changed anything.
    pub fn delete(&mut self) -> bool {
        if self.deleted {
            return false;
        }
        self.text = SafeText::default();
        self.earlier = None;
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
            // Some servers still send the content of a deleted message; never keep it.
            text: if deleted { SafeText::default() } else { info.text },
            attachment: info.attachment.filter(|_| !deleted),
            delivery,
            edited: false,
            deleted,
            kind: info.kind,
            forwarded: info.forwarded,
            starred: info.starred == Some(true),
            quote: info.quote.filter(|_| !deleted),
            earlier: None,
            revision: 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(texts: &[&str]) -> Vec<SafeText> {
        texts.iter().map(|text| SafeText::block(text)).collect()
    }

    #[test]
    fn reports_of_earlier_texts_are_joined_without_repetition() {
        let joined = |known: &[&str], reported: &[&str]| {
            let earlier = EarlierTexts::joined(&texts(known), &texts(reported));
            earlier.map(|earlier| earlier.0.iter().map(ToString::to_string).collect::<Vec<_>>()).unwrap_or_default()
        };
        assert_eq!(joined(&["a"], &["a"]), [""; 0]);
        assert_eq!(joined(&["a", "b"], &["b"]), ["a"], "a report without history");
        assert_eq!(joined(&["a", "b"], &["a", "b", "c"]), ["a", "b"]);
        assert_eq!(joined(&["a", "b"], &["c"]), ["a", "b"]);
        assert_eq!(joined(&["a", "b"], &["b", "a"]), ["a", "b"], "an edit that was taken back");
        assert_eq!(joined(&[], &["a", "b"]), ["a"]);
    }

    #[test]
    fn earlier_texts_are_bounded() {
        let numbered = |count: usize| (0..count).map(|n| SafeText::block(&n.to_string())).collect::<Vec<_>>();
        let earlier = EarlierTexts::new(numbered(25)).expect("texts");
        assert_eq!(earlier.0, numbered(25)[15..], "the newest stay");
        let long = SafeText::block(&"x".repeat(MAX_EARLIER_BYTES / 2));
        let earlier = EarlierTexts::new(vec![long.clone(), long.clone(), long]).expect("texts");
        assert_eq!(earlier.0.len(), 2);
        assert_eq!(EarlierTexts::new(vec![SafeText::block(&"x".repeat(MAX_EARLIER_BYTES + 1))]), None);
    }
}
