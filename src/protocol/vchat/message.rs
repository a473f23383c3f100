//! Reads messages (`docs/protocol/vchat.md` §8.1).
//!
//! The official client rejects a whole page because of one message that it cannot read. Here such a message is kept in
//! its place, with its author if there is one, and with a text that says what is wrong.

use std::borrow::Cow;

use serde_json::{Map, Value};

use crate::domain::{LocalId, MessageId, MessageInfo, PersonId, PersonInfo, Quote, RoomId, Timestamp};
use crate::protocol::fields::{Malformed, flag_value, time_value};
use crate::protocol::person_cache::{PersonCache, ReportAuthors};
use crate::protocol::{fields, limits};
use crate::text::{SafeText, Secrets};

use super::message_body::{self, MessageBody};
use super::people::PersonNames;

/// Reads messages in the order in which they were sent.
pub(super) struct MessageReader<'a> {
    pub(super) people: &'a mut PersonCache,
    /// Time of the newest message that was ever read.
    pub(super) latest: &'a mut Timestamp,
    /// Time of the previous message. A message without a time of its own gets this one.
    pub(super) previous: Timestamp,
    /// The signed-in user.
    pub(super) me: Option<&'a PersonId>,
    /// Policy for including authors.
    pub(super) report: ReportAuthors,
    /// Room of messages that do not name theirs.
    pub(super) room: Option<RoomId>,
    /// Secrets of the account, for sentences that quote the server.
    pub(super) secrets: &'a Secrets,
}

impl MessageReader<'_> {
    /// Reads a page, which comes newest first, and returns its messages oldest first. Entries that cannot be read are
    /// skipped; fails if that leaves none.
    pub(super) fn page(&mut self, docs: &[Value]) -> Result<Vec<MessageInfo>, Malformed> {
        // The oldest messages may have no time. They get the time of the first newer one that has.
        self.previous =
            docs.iter().rev().find_map(|doc| RawMessage::read(doc.as_object()?).time()).unwrap_or(self.previous);
        fields::read_page(docs.iter().rev(), |doc| self.message(doc))
    }

    /// Reads one message. Fails only if its room is unknown or it has no id. Such a message is not shown, because it
    /// could not be recognised when the server reports it again: each page would add another copy.
    pub(super) fn message(&mut self, value: &Value) -> Result<MessageInfo, Malformed> {
        let raw = value.as_object().map(RawMessage::read).unwrap_or_default();
        let room = raw.room.as_deref().map(|room| self.people.room_id(room)).or_else(|| self.room.clone());
        let room = room.ok_or("a message has no rId")?;
        let id = raw.id.as_deref().map(MessageId::new).ok_or("a message has no _id")?;
        let sent_at = raw.time().unwrap_or(self.previous);
        self.previous = sent_at;
        *self.latest = sent_at.max(*self.latest);
        let (author, author_info) = self.author(&raw);
        let body = match raw.missing_field() {
            Some(field) => Err(field.to_owned()),
            None => self.body(&raw, self.me == Some(&author)),
        };
        let mut body = body.unwrap_or_else(|reason| MessageBody::unreadable(&reason, self.secrets));
        if raw.deleted {
            body = MessageBody::deleted(body.kind);
        }
        Ok(MessageInfo {
            id,
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

    fn body(&self, raw: &RawMessage<'_>, mine: bool) -> Result<MessageBody, String> {
        message_body::read(raw.kind.as_deref().unwrap_or("no type"), raw.content, raw.attachment, mine, self.me)
    }

    fn author(&mut self, raw: &RawMessage<'_>) -> (PersonId, Option<Box<PersonInfo>>) {
        let Some(id) = raw.author.as_deref() else {
            let unknown = PersonInfo {
                id: PersonId::new("?"),
                username: SafeText::default(),
                name: SafeText::line("Unknown sender"),
                last_active: None,
                agent: false,
            };
            return (unknown.id.clone(), Some(Box::new(unknown)));
        };
        if self.report == ReportAuthors::IfUnknown && self.people.is_reported(id) {
            return (self.people.person_id(id), None);
        }
        let names = PersonNames::resolve(self.people, id, raw.identifier, raw.name);
        let (person, include) = match self.report {
            // The names of an old message are not recorded: the person may have another name by now.
            ReportAuthors::IfUnknown => (self.people.person_id(id), true),
            report => {
                let (person, is_new) = self.people.report(id, &names.identifier, &names.name, false);
                (person, is_new || report == ReportAuthors::Always)
            }
        };
        (person, include.then(|| Box::new(names.info(self.people))))
    }

    /// Reads the quoted message. Servers embed it in full, including the message that it quotes in turn
    /// (`docs/protocol/vchat.md` §8.1). Only the first level is read.
    fn quote(&self, value: &Value) -> Option<Quote> {
        let raw = RawMessage::read(value.as_object()?);
        let (id, author) = (raw.id.as_deref()?, raw.author.as_deref()?);
        let author_id = self.people.person_id(author);
        let text = if raw.deleted {
            SafeText::default()
        } else {
            self.body(&raw, self.me == Some(&author_id)).ok()?.summary()
        };
        let names = [raw.name, raw.identifier].map(limits::name);
        let name = names.into_iter().find(|name| !name.is_empty()).unwrap_or_else(|| limits::line(author));
        Some(Quote { id: MessageId::new(id), author: author_id, author_name: name, text })
    }
}

/// The fields of a message object, read in one pass. In a burst, looking up each field by its key would cost more than
/// everything else.
#[derive(Default)]
struct RawMessage<'a> {
    id: Option<Cow<'a, str>>,
    room: Option<Cow<'a, str>>,
    author: Option<Cow<'a, str>>,
    identifier: &'a str,
    name: &'a str,
    kind: Option<Cow<'a, str>>,
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

impl<'a> RawMessage<'a> {
    fn read(object: &'a Map<String, Value>) -> Self {
        let mut raw = Self::default();
        for (key, value) in object {
            match key.as_str() {
                "_id" => raw.id = fields::id_value(value),
                "rId" => raw.room = fields::id_value(value),
                "sId" => raw.author = fields::id_value(value),
                "sIdentifier" => raw.identifier = value.as_str().unwrap_or_default(),
                "sName" => raw.name = value.as_str().unwrap_or_default(),
                "mT" => raw.kind = type_name(value),
                "c" => raw.content = value.as_str(),
                "msgAtt" => raw.attachment = value.as_object(),
                "rTo" => raw.quote = Some(value),
                "createdAt" => raw.created_at = time_value(value),
                "lId" => raw.local = value.as_str(),
                "sAt" => raw.seen = is_set(value),
                "dAt" => raw.delivered = is_set(value),
                "dltAt" => raw.deleted = is_set(value),
                "forId" => raw.forwarded = is_set(value),
                "isStared" if !value.is_null() => raw.starred = Some(flag_value(value)),
                _ => {}
            }
        }
        // Servers declare this type, but none is known to send it (`docs/protocol/vchat.md` §8.2).
        raw.deleted |= raw.kind.as_deref() == Some("allDeleted");
        raw
    }

    /// Returns the time of sending. Without `createdAt` it is taken from the ObjectId, which holds it in seconds.
    fn time(&self) -> Option<Timestamp> {
        let id_seconds = || {
            let is_object_id = |id: &&str| id.len() == 24 && id.bytes().all(|byte| byte.is_ascii_hexdigit());
            let id = self.id.as_deref().filter(is_object_id)?;
            i64::from_str_radix(id.get(..8)?, 16).ok()
        };
        self.created_at.or_else(|| Some(Timestamp(id_seconds()?.checked_mul(1000)?)))
    }

    /// Describes the first required field that is missing. `rId` is not among them, because the room may be known
    /// otherwise, nor `_id`, without which a message is not shown at all, nor the type, because the text is enough.
    fn missing_field(&self) -> Option<&'static str> {
        let fields = [(self.author.is_some(), "no sender"), (self.created_at.is_some(), "no time")];
        fields.into_iter().find(|(present, _)| !present).map(|(_, description)| description)
    }
}

/// Returns the name of a message's type; for a number, its digits, which no known type has.
fn type_name(value: &Value) -> Option<Cow<'_, str>> {
    match value {
        Value::String(name) => Some(Cow::Borrowed(name)),
        Value::Number(number) => Some(Cow::Owned(number.to_string())),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

/// Whether a field that is usually `null` has a value.
fn is_set(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => false,
        Value::String(text) => !text.is_empty(),
        Value::Bool(true) | Value::Number(_) | Value::Array(_) | Value::Object(_) => true,
    }
}
