//! One-line previews of messages: the last message in the room list, and quotes.

use std::borrow::Cow;

use crate::app::{Label, Scene};
use crate::domain::{Attachment, Delivery, MessageKind, PersonId, Quote, Room, Timestamp};
use crate::text::{own_words, visible_start};

/// Maximum length of a preview in characters. No row on the screen is longer, so more of a long message need not be
/// copied. Its markup is read from a longer part.
const MAX_LENGTH: usize = 200;

/// Stands for the text of a deleted message.
pub(super) const DELETED: &str = "Message deleted";

/// The parts of a message that its preview is made of.
#[derive(Clone, Copy)]
struct Source<'a> {
    kind: MessageKind,
    author: &'a PersonId,
    text: &'a str,
    attachment: Option<&'a Attachment>,
    deleted: bool,
}

/// The last message of a room in one line, and its time: the last loaded message or the last message in the room list,
/// whichever is newer. Failed messages are skipped, because they are sorted last whatever their time.
pub(super) fn last_message(scene: Scene<'_>, room: &Room) -> Option<(String, Timestamp)> {
    let mut loaded = room.timeline.iter().map(|(_, message)| message);
    let loaded = loaded.rfind(|message| message.delivery != Delivery::Failed);
    let loaded = loaded.map(|message| {
        let source = Source {
            kind: message.kind,
            author: &message.author,
            text: &message.text,
            attachment: message.attachment.as_deref(),
            deleted: message.deleted,
        };
        (source, message.sent_at)
    });
    let listed = room.info.last_message.as_ref().map(|message| {
        let source = Source {
            kind: message.kind,
            author: &message.author,
            text: &message.text,
            attachment: message.attachment.as_deref(),
            deleted: message.deleted,
        };
        (source, message.sent_at)
    });
    let (source, sent_at) = match (loaded, listed) {
        (Some(loaded), Some(listed)) if listed.1 > loaded.1 => listed,
        (Some(loaded), _) => loaded,
        (None, listed) => listed?,
    };
    Some((source.line(scene, room), sent_at))
}

impl Source<'_> {
    fn line(self, scene: Scene<'_>, room: &Room) -> String {
        let text = match self.attachment {
            _ if self.deleted => DELETED.into(),
            Some(file) if self.text.is_empty() => file.summary().into(),
            _ if self.kind == MessageKind::Text => visible_start(own_words(self.text), scene.text_format()),
            _ => Cow::Borrowed(self.text),
        };
        let text = excerpt(&text);
        if self.kind.is_system() {
            text
        } else if scene.account.is_me(self.author) {
            format!("you: {text}")
        } else if scene.account.is_shown_as_direct(room) {
            text
        } else {
            format!("{}: {text}", scene.account.label_of(self.author))
        }
    }
}

/// The beginning of a text in one line.
pub(super) fn excerpt(text: &str) -> String {
    text.chars().take(MAX_LENGTH).map(|c| if c == '\n' { ' ' } else { c }).collect()
}

/// A quoted message in one line: its author and text.
pub(super) fn quote(scene: Scene<'_>, quote: &Quote) -> String {
    let is_mine = scene.account.is_me(&quote.author);
    let author = if is_mine { Label::plain("you") } else { scene.account.label_of_quoted(quote) };
    let text = if quote.text.is_empty() { DELETED.into() } else { visible_start(&quote.text, scene.text_format()) };
    format!("{author}: {}", excerpt(&text))
}
