//! Messages (§8.1).
//!
//! The official client gives a whole page up over one message that it cannot read (§8.1, `mT`). Here such a message
//! stands for itself: it has a place, an author as far as one is named, and a text that says so.

use std::borrow::Cow;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

use serde_json::{Map, Value};

use crate::domain::{LocalId, MessageId, MessageInfo, PersonId, PersonInfo, Quote, RoomId, Timestamp};
use crate::protocol::fields::{Unreadable, instant, truth};
use crate::protocol::recall::{Authors, Recall};
use crate::protocol::{caps, fields};
use crate::text::SafeText;

use super::body::{self, Body};
use super::people::Names;

/// What the ids begin with that stand in for missing ones. No ObjectId does.
const STAND_IN: &str = "unreadable-";

/// What changes about a message after it was sent: left out where a missing id is made up from the rest.
const CHANGEABLE: [&str; 12] = [
    "sAt",
    "dAt",
    "dltAt",
    "dF",
    "stars",
    "isStared",
    "updatedAt",
    "oneSeenBy",
    "isOneSeenByMe",
    "isDeletedFromMe",
    "linkAtt",
    "__v",
];

/// The id under which the server knows a message; `None` when the id was made up here.
pub(super) fn named(id: &MessageId) -> Option<&str> {
    Some(id.as_str()).filter(|id| !id.starts_with(STAND_IN))
}

/// Reads messages, with what has to be known for it.
pub(super) struct Reader<'a> {
    pub(super) recall: &'a mut Recall,
    /// When the newest of all messages was sent.
    pub(super) latest: &'a mut Timestamp,
    /// When the message before was sent: the time of one that does not say its own.
    pub(super) before: Timestamp,
    pub(super) me: Option<&'a PersonId>,
    pub(super) authors: Authors,
    /// The room of messages that do not name theirs.
    pub(super) room: Option<RoomId>,
}

impl Reader<'_> {
    /// One page, which comes newest first, oldest first.
    pub(super) fn page(&mut self, docs: &[Value]) -> Vec<MessageInfo> {
        // A message without a time stands after the one before; the first beside the next one that has a time.
        self.before = docs.iter().rev().find_map(|doc| Raw::read(doc.as_object()?).time()).unwrap_or(self.before);
        let mut messages: Vec<_> = docs.iter().rev().filter_map(|doc| self.message(doc).ok()).collect();
        anchor(&mut messages);
        messages
    }

    /// One message. It fails only if not even its room is known.
    pub(super) fn message(&mut self, value: &Value) -> Result<MessageInfo, Unreadable> {
        let raw = value.as_object().map(Raw::read).unwrap_or_default();
        let room = raw.room.as_deref().map(|room| self.recall.room(room)).or_else(|| self.room.clone());
        let room = room.ok_or("a message has no rId")?;
        let sent_at = raw.time().unwrap_or(self.before);
        self.before = sent_at;
        *self.latest = sent_at.max(*self.latest);
        let (author, author_info) = self.author(&raw);
        let said = match raw.missing() {
            Some(what) => Err(what.to_owned()),
            None => self.body(&raw, self.me == Some(&author)),
        };
        let mut body = said.unwrap_or_else(|why| Body::unreadable(&why));
        if raw.deleted {
            body = Body::deleted(body.kind);
        }
        Ok(MessageInfo {
            id: raw.id.as_deref().map_or_else(|| stand_in(value), MessageId::new),
            room,
            author,
            author_info,
            sent_at,
            text: body.text,
            attachment: body.attachment,
            delivered: raw.delivered || raw.seen,
            seen: raw.seen,
            local: raw.local.and_then(LocalId::parse),
            kind: body.kind,
            quote: raw.quote.filter(|_| !raw.deleted).and_then(|quote| self.quote(quote)).map(Box::new),
            forwarded: raw.forwarded,
            starred: raw.starred,
            deleted: raw.deleted,
        })
    }

    fn body(&self, raw: &Raw<'_>, mine: bool) -> Result<Body, String> {
        body::read(raw.kind.unwrap_or_default(), raw.content, raw.attachment, mine, self.me)
    }

    fn author(&mut self, raw: &Raw<'_>) -> (PersonId, Option<Box<PersonInfo>>) {
        let Some(id) = raw.author.as_deref() else {
            let info = PersonInfo {
                id: PersonId::new("?"),
                username: SafeText::default(),
                name: SafeText::line("Somebody"),
                last_active: None,
                agent: false,
            };
            return (info.id.clone(), Some(Box::new(info)));
        };
        if self.authors == Authors::Strangers && self.recall.is_told(id) {
            return (self.recall.person_id(id), None);
        }
        let names = Names::of(self.recall, id, raw.identifier, raw.name);
        let (person, tell) = match self.authors {
            Authors::Strangers => (self.recall.person_id(id), true),
            authors => {
                let (person, news) = self.recall.person(id, &names.identifier, &names.name, false);
                (person, news || authors == Authors::All)
            }
        };
        (person, tell.then(|| Box::new(names.info(self.recall))))
    }

    /// What a message replies to. The answered message is embedded whole (§8.1), with what it answers in turn; that is
    /// where reading ends.
    fn quote(&self, value: &Value) -> Option<Quote> {
        let raw = Raw::read(value.as_object()?);
        let (id, author) = (raw.id.as_deref()?, raw.author.as_deref()?);
        let author_id = self.recall.person_id(author);
        let text =
            if raw.deleted { SafeText::default() } else { self.body(&raw, self.me == Some(&author_id)).ok()?.line() };
        let name = [raw.name, raw.identifier].into_iter().find(|name| !name.is_empty()).unwrap_or(author);
        Some(Quote { id: MessageId::new(id), author: author_id, author_name: caps::line(name), text })
    }
}

/// Sees to it that a page does not begin with a message that the server has not named: the next older page is what
/// lies before that one.
fn anchor(messages: &mut [MessageInfo]) {
    let Some(first) = messages.iter().position(|message| named(&message.id).is_some()) else { return };
    let oldest = messages.iter().filter(|message| named(&message.id).is_some()).map(|message| message.sent_at).min();
    if let Some(oldest) = oldest {
        for message in messages.iter_mut().filter(|message| named(&message.id).is_none()) {
            message.sent_at = message.sent_at.max(oldest);
        }
    }
    if let Some(head) = messages.get_mut(..=first) {
        head.rotate_right(1);
    }
}

/// An id for a message that has none, the same whenever it is fetched.
fn stand_in(value: &Value) -> MessageId {
    let mut hasher = DefaultHasher::new();
    match value.as_object() {
        Some(object) => {
            for (key, value) in object.iter().filter(|(key, _)| !CHANGEABLE.contains(&key.as_str())) {
                (key, value.to_string()).hash(&mut hasher);
            }
        }
        None => value.to_string().hash(&mut hasher),
    }
    MessageId::new(&format!("{STAND_IN}{:016x}", hasher.finish()))
}

/// A message's fields, sorted out in one pass: in a burst, looking each of them up costs more than all the rest.
#[derive(Default)]
struct Raw<'a> {
    id: Option<Cow<'a, str>>,
    room: Option<Cow<'a, str>>,
    author: Option<Cow<'a, str>>,
    identifier: &'a str,
    name: &'a str,
    kind: Option<&'a str>,
    content: Option<&'a str>,
    attachment: Option<&'a Map<String, Value>>,
    quote: Option<&'a Value>,
    created_at: Option<Timestamp>,
    local: Option<&'a str>,
    seen: bool,
    delivered: bool,
    deleted: bool,
    forwarded: bool,
    starred: Option<bool>,
}

impl<'a> Raw<'a> {
    fn read(object: &'a Map<String, Value>) -> Self {
        let mut raw = Self::default();
        for (key, value) in object {
            match key.as_str() {
                "_id" => raw.id = fields::id_of(value),
                "rId" => raw.room = fields::id_of(value),
                "sId" => raw.author = fields::id_of(value),
                "sIdentifier" => raw.identifier = value.as_str().unwrap_or_default(),
                "sName" => raw.name = value.as_str().unwrap_or_default(),
                "mT" => raw.kind = value.as_str(),
                "c" => raw.content = value.as_str(),
                "msgAtt" => raw.attachment = value.as_object(),
                "rTo" => raw.quote = Some(value),
                "createdAt" => raw.created_at = instant(value),
                "lId" => raw.local = value.as_str(),
                "sAt" => raw.seen = is_set(value),
                "dAt" => raw.delivered = is_set(value),
                "dltAt" => raw.deleted = is_set(value),
                "forId" => raw.forwarded = is_set(value),
                "isStared" if !value.is_null() => raw.starred = Some(truth(value)),
                _ => {}
            }
        }
        // Known to servers and never written by any (§8.2).
        raw.deleted |= raw.kind == Some("allDeleted");
        raw
    }

    /// When it was sent. An ObjectId says so too, to the second.
    fn time(&self) -> Option<Timestamp> {
        let seconds = || {
            let id =
                self.id.as_deref().filter(|id| id.len() == 24 && id.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
            i64::from_str_radix(id.get(..8)?, 16).ok()
        };
        self.created_at.or_else(|| Some(Timestamp(seconds()?.checked_mul(1000)?)))
    }

    /// What is missing that every message has; `rId` is known from elsewhere.
    fn missing(&self) -> Option<&'static str> {
        let fields = [
            (self.id.is_some(), "no id"),
            (self.author.is_some(), "no sender"),
            (self.created_at.is_some(), "no time"),
            (self.kind.is_some(), "no type"),
        ];
        fields.into_iter().find(|(there, _)| !there).map(|(_, what)| what)
    }
}

/// Whether a field that is usually `null` says something.
fn is_set(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => false,
        Value::String(text) => !text.is_empty(),
        Value::Bool(true) | Value::Number(_) | Value::Array(_) | Value::Object(_) => true,
    }
}
