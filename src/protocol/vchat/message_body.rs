//! Reads the body of a message: a text for every message type, and the attachment (`docs/protocol/vchat.md` §8.2).

use serde_json::{Map, Value, json};

use crate::domain::{Attachment, AttachmentKind, MessageKind, PersonId, format_duration, format_size};
use crate::protocol::fields::{flag_value, integer_value, text, time_value};
use crate::protocol::limits::{self, first_chars};
use crate::text::{SafeText, Secrets};

use super::mentions::plain_mentions;
use super::notices;
use super::placeholders::{self, is_placeholder};

/// Separates the title, the coordinates and the link of a location.
const SEPARATOR: &str = " · ";

/// Maximum length of the data of a custom message, in characters.
const CUSTOM_CHARS: usize = 200;

/// Maximum length of a quoted message, in characters.
const QUOTE_CHARS: usize = 200;

/// Maximum length of the reason why a message cannot be read, in characters.
const REASON_CHARS: usize = 24;

/// The body of a message.
pub(super) struct MessageBody {
    pub(super) kind: MessageKind,
    pub(super) text: SafeText,
    pub(super) attachment: Option<Box<Attachment>>,
}

impl MessageBody {
    fn new(kind: MessageKind, text: &str) -> Self {
        Self { kind, text: limits::message_text(text), attachment: None }
    }

    /// Returns the body that stands for a message that cannot be read.
    pub(super) fn unreadable(reason: &str, secrets: &Secrets) -> Self {
        let reason = limits::quote(reason, secrets, REASON_CHARS);
        let text = SafeText::line(&format!("A message that cannot be read ({reason})."));
        Self { kind: MessageKind::Unreadable, text, attachment: None }
    }

    /// Returns the body of a deleted message. It is empty even if the server still sends the old text
    /// (`docs/protocol/vchat.md` §2.3.3).
    pub(super) fn deleted(kind: MessageKind) -> Self {
        let kind = if kind == MessageKind::Unreadable { MessageKind::Text } else { kind };
        Self { kind, text: SafeText::default(), attachment: None }
    }

    /// Returns the body as one line, for quotes.
    pub(super) fn summary(&self) -> SafeText {
        let Some(file) = self.attachment.as_deref().filter(|_| self.text.is_empty()) else {
            return SafeText::line(&first_chars(&self.text.editable(), QUOTE_CHARS));
        };
        let (kind, name) = (file.kind.label(), file.name.as_str());
        if name.is_empty() { SafeText::line(&format!("[{kind}]")) } else { SafeText::line(&format!("[{kind}] {name}")) }
    }
}

/// Reads the body of a message of type `kind`. `mine` says that the user wrote it, `me` is the user's id.
///
/// A message of an unknown type, or without the data of its type, is shown by its text: every type has one
/// (`docs/protocol/vchat.md` §2.3.1).
///
/// # Errors
/// Returns the type if there is no text either.
pub(super) fn read(
    kind: &str,
    content: Option<&str>,
    attachment: Option<&Map<String, Value>>,
    mine: bool,
    me: Option<&PersonId>,
) -> Result<MessageBody, String> {
    read_by_type(kind, content, attachment, mine, me).or_else(|reason| {
        let text = content.filter(|text| !text.trim().is_empty() && !is_placeholder(text)).ok_or(reason)?;
        let kind = match kind {
            "image" | "file" | "video" | "voice" => MessageKind::Text,
            "location" => MessageKind::Location,
            // Also calls and notices: their lines have no author, but this text may come from any member.
            _ => MessageKind::Custom,
        };
        Ok(MessageBody::new(kind, &plain_mentions(text)))
    })
}

fn read_by_type(
    kind: &str,
    content: Option<&str>,
    attachment: Option<&Map<String, Value>>,
    mine: bool,
    me: Option<&PersonId>,
) -> Result<MessageBody, String> {
    let unreadable = || kind.to_owned();
    let content = content.unwrap_or_default();
    match kind {
        "text" if !content.is_empty() => Ok(MessageBody::new(MessageKind::Text, &plain_mentions(content))),
        "image" | "file" | "video" | "voice" => {
            let text = if is_placeholder(content) { "".into() } else { plain_mentions(content) };
            let attachment = Some(Box::new(file(kind, attachment.ok_or_else(unreadable)?)));
            Ok(MessageBody { attachment, ..MessageBody::new(MessageKind::Text, &text) })
        }
        "location" => {
            let location = location(attachment.ok_or_else(unreadable)?).ok_or_else(unreadable)?;
            Ok(MessageBody::new(MessageKind::Location, &location))
        }
        "custom" => {
            let custom = custom(content, attachment).ok_or_else(unreadable)?;
            Ok(MessageBody::new(MessageKind::Custom, &custom))
        }
        "call" => Ok(MessageBody::new(MessageKind::Call, &call(attachment.ok_or_else(unreadable)?))),
        "info" => {
            let sentence = notices::sentence(attachment.ok_or_else(unreadable)?, mine, me).ok_or_else(unreadable)?;
            Ok(MessageBody::new(MessageKind::Info, &sentence))
        }
        _ => Err(unreadable()),
    }
}

fn file(kind: &str, map: &Map<String, Value>) -> Attachment {
    let line = |key| text(map, key).map(|text| limits::line(&text)).unwrap_or_default();
    let is_gif = || text(map, "mimeType").is_some_and(|mime| mime == "image/gif");
    let size = map.get("fileSize").and_then(integer_value);
    Attachment {
        kind: match kind {
            "image" if is_gif() => AttachmentKind::Gif,
            "image" => AttachmentKind::Image,
            "video" => AttachmentKind::Video,
            "voice" => AttachmentKind::Voice,
            _ => AttachmentKind::File,
        },
        name: line("name"),
        size: size.map(|size| SafeText::line(&format_size(size))).unwrap_or_default(),
        bytes: size,
        url: text(map, "url").map(|url| limits::url(&url)).unwrap_or_default(),
        duration: map.get("duration").and_then(integer_value).and_then(|millis| u32::try_from(millis).ok()),
    }
}

/// Describes a location by its title, coordinates and link. `None` if it has none of them.
fn location(map: &Map<String, Value>) -> Option<String> {
    let preview = map.get("linkPreviewData").and_then(Value::as_object);
    let of_preview = |key| text(preview?, key).map(String::from);
    let coordinates = text(map, "lat").zip(text(map, "long")).map(|(lat, long)| format!("{lat}, {long}"));
    let parts: Vec<String> = [of_preview("title"), coordinates, of_preview("link")].into_iter().flatten().collect();
    (!parts.is_empty()).then(|| format!("{} {}", placeholders::LOCATION, parts.join(SEPARATOR)))
}

/// Returns the data of a location, for a forward, from the text that [`location`] made of it. `None` if the text has no
/// coordinates.
pub(super) fn location_data(text: &str) -> Option<Value> {
    let parts: Vec<&str> = text.strip_prefix(placeholders::LOCATION)?.trim_start().split(SEPARATOR).collect();
    let coordinates = |part: &&str| {
        let (lat, long) = part.split_once(", ")?;
        let is_number = |text: &str| text.parse::<f64>().is_ok();
        (is_number(lat) && is_number(long)).then(|| (lat.to_owned(), long.to_owned()))
    };
    // A title may look like coordinates; they come last, but before the link.
    let (at, (lat, long)) = parts.iter().enumerate().rev().find_map(|(at, part)| Some((at, coordinates(part)?)))?;
    let title = match parts[..at].join(SEPARATOR) {
        title if title.is_empty() => format!("{lat}, {long}"),
        title => title,
    };
    let link = parts.get(at + 1..).filter(|rest| !rest.is_empty()).map(|rest| rest.join(SEPARATOR));
    // The official client sends `desc` and related servers require `description` (`docs/protocol/vchat.md` §12,
    // question 2).
    let preview = json!({"image": null, "title": title, "desc": title, "description": title, "link": link});
    Some(json!({"lat": lat, "long": long, "linkPreviewData": preview}))
}

/// Describes a message type of the host app: by its text, or else by the beginning of its data.
fn custom(content: &str, map: Option<&Map<String, Value>>) -> Option<String> {
    if !content.is_empty() {
        return Some(plain_mentions(content).into_owned());
    }
    let data = map?.get("data").filter(|data| !data.is_null())?.to_string();
    Some(first_chars(&data, CUSTOM_CHARS))
}

/// Describes the outcome of a call (`docs/protocol/vchat.md` §6.2).
fn call(map: &Map<String, Value>) -> String {
    let kind = if map.get("withVideo").is_some_and(flag_value) { "video call" } else { "voice call" };
    let time = |key| map.get(key).and_then(time_value);
    let text = match text(map, "callStatus").as_deref() {
        Some("timeout") => format!("missed {kind}"),
        Some("canceled") => format!("canceled {kind}"),
        Some("rejected") => format!("declined {kind}"),
        Some("ring") => format!("{kind}, ringing"),
        Some("inCall") => format!("{kind}, in progress"),
        Some("sessionEnd") => format!("{kind}, interrupted"),
        Some("finished") => match time("startAt").zip(time("endAt")) {
            Some((start, end)) => format!("{kind}, {}", format_duration(end - start)),
            None => kind.to_owned(),
        },
        _ => kind.to_owned(),
    };
    capitalize(&text)
}

/// Turns the first letter into upper case.
fn capitalize(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}
