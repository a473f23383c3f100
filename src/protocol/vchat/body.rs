//! What a message says, by its type (§8.2): words for all of it, and its file.

use serde_json::{Map, Value};

use crate::domain::{Attachment, AttachmentKind, MessageKind, PersonId, format_size, length};
use crate::protocol::caps;
use crate::protocol::fields::{instant, text, truth, whole};
use crate::text::SafeText;

use super::notices;
use super::words::{self, cut, is_conventional, without_mentions};

/// How much is shown of what only the app understands.
const CUSTOM_CHARS: usize = 200;

/// How much of a message stays where it is quoted.
const QUOTE_CHARS: usize = 200;

/// How much is shown of why a message cannot be read.
const WHY_CHARS: usize = 24;

/// What a message says.
pub(super) struct Body {
    pub(super) kind: MessageKind,
    pub(super) text: SafeText,
    pub(super) attachment: Option<Box<Attachment>>,
}

impl Body {
    fn new(kind: MessageKind, text: &str) -> Self {
        Self { kind, text: caps::said(text), attachment: None }
    }

    /// The body of a message that cannot be read.
    pub(super) fn unreadable(why: &str) -> Self {
        let why: String = why.chars().take(WHY_CHARS).collect();
        let text = SafeText::line(&format!("A message that cannot be read ({why})."));
        Self { kind: MessageKind::Unreadable, text, attachment: None }
    }

    /// What is left of a message that was taken back: nothing, whatever was on the wire (§2.3.3).
    pub(super) fn deleted(kind: MessageKind) -> Self {
        let kind = if kind == MessageKind::Unreadable { MessageKind::Text } else { kind };
        Self { kind, text: SafeText::default(), attachment: None }
    }

    /// What it says in a line, for quotes.
    pub(super) fn line(&self) -> SafeText {
        let Some(file) = self.attachment.as_deref().filter(|_| self.text.is_empty()) else {
            return SafeText::line(&cut(&self.text.editable(), QUOTE_CHARS));
        };
        let (kind, name) = (file.kind.word(), file.name.as_str());
        if name.is_empty() { SafeText::line(&format!("[{kind}]")) } else { SafeText::line(&format!("[{kind}] {name}")) }
    }
}

/// Reads the body of a message of type `kind`, which is ours if it is `mine`. Fails with a word or two that say what
/// cannot be read.
pub(super) fn read(
    kind: &str,
    content: Option<&str>,
    attachment: Option<&Map<String, Value>>,
    mine: bool,
    me: Option<&PersonId>,
) -> Result<Body, String> {
    let broken = || kind.to_owned();
    let content = content.unwrap_or_default();
    match kind {
        "text" if !content.is_empty() => Ok(Body::new(MessageKind::Text, &without_mentions(content))),
        "image" | "file" | "video" | "voice" => {
            let text = if is_conventional(content) { "".into() } else { without_mentions(content) };
            let attachment = Some(Box::new(file(kind, attachment.ok_or_else(broken)?)));
            Ok(Body { attachment, ..Body::new(MessageKind::Text, &text) })
        }
        "location" => {
            let place = place(attachment.ok_or_else(broken)?).ok_or_else(broken)?;
            Ok(Body::new(MessageKind::Location, &place))
        }
        "custom" => Ok(Body::new(MessageKind::Custom, &custom(content, attachment).ok_or_else(broken)?)),
        "call" => Ok(Body::new(MessageKind::Call, &call(attachment.ok_or_else(broken)?))),
        "info" => {
            let words = notices::words(attachment.ok_or_else(broken)?, mine, me).ok_or_else(broken)?;
            Ok(Body::new(MessageKind::Info, &words))
        }
        _ => Err(broken()),
    }
}

fn file(kind: &str, map: &Map<String, Value>) -> Attachment {
    let line = |key| text(map, key).map(|text| caps::line(&text)).unwrap_or_default();
    let gif = || text(map, "mimeType").is_some_and(|mime| mime == "image/gif");
    Attachment {
        kind: match kind {
            "image" if gif() => AttachmentKind::Gif,
            "image" => AttachmentKind::Image,
            "video" => AttachmentKind::Video,
            "voice" => AttachmentKind::Voice,
            _ => AttachmentKind::File,
        },
        name: line("name"),
        size: map.get("fileSize").and_then(whole).map(|size| SafeText::line(&format_size(size))).unwrap_or_default(),
        url: text(map, "url").map(|url| caps::address(&url)).unwrap_or_default(),
        duration: map.get("duration").and_then(whole).and_then(|millis| u32::try_from(millis).ok()),
    }
}

/// A place in words; `None` when it names none at all.
fn place(map: &Map<String, Value>) -> Option<String> {
    let preview = map.get("linkPreviewData").and_then(Value::as_object);
    let of_preview = |key| text(preview?, key);
    let at = text(map, "lat").zip(text(map, "long")).map(|(lat, long)| format!("{lat}, {long}"));
    let said = [of_preview("title").map(String::from), at, of_preview("link").map(String::from)];
    let said: Vec<String> = said.into_iter().flatten().collect();
    (!said.is_empty()).then(|| format!("{} {}", words::PLACE, said.join(" · ")))
}

/// What only the app understands: the text that goes with it, else the beginning of its data.
fn custom(content: &str, map: Option<&Map<String, Value>>) -> Option<String> {
    if !content.is_empty() {
        return Some(without_mentions(content).into_owned());
    }
    let data = map?.get("data").filter(|data| !data.is_null())?.to_string();
    Some(cut(&data, CUSTOM_CHARS))
}

/// What became of a call (§6.2).
fn call(map: &Map<String, Value>) -> String {
    let what = if map.get("withVideo").is_some_and(truth) { "video call" } else { "audio call" };
    let time = |key| map.get(key).and_then(instant);
    let said = match text(map, "callStatus").as_deref() {
        Some("timeout") => format!("missed {what}"),
        Some("canceled") => format!("canceled {what}"),
        Some("rejected") => format!("rejected {what}"),
        Some("ring") => format!("{what}, ringing"),
        Some("inCall") => format!("{what}, going on"),
        Some("sessionEnd") => format!("{what}, broken off"),
        Some("finished") => match time("startAt").zip(time("endAt")) {
            Some((start, end)) => format!("{what}, {}", length(end - start)),
            None => what.to_owned(),
        },
        _ => what.to_owned(),
    };
    capitalized(&said)
}

/// With its first letter large.
fn capitalized(words: &str) -> String {
    let mut chars = words.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}
