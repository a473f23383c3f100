//! Messages in words: each once, and again what has become of it.

use crate::app::{OutboxEntry, Scene, body_text, failure_text};
use crate::domain::{Delivery, Message, SendFailure, Slot};
use crate::input::Action;
use crate::text::{clip, own_words, stable_hash, visible_text, wrap};
use crate::view::preview::{self, DELETED};

use super::composed::without_marks;
use super::{SELECTED, names};

/// Maximum width of a message that is repeated to say what has become of it, in cells.
const EXCERPT: usize = 40;

/// Width of the rows by which a long message is measured, in cells.
const ROW: usize = 100;

/// Number of rows that are said of a long message. A pasted log would delay everything after it.
const SAID_ROWS: usize = 10;

/// State of a message when it was last said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Said {
    text: u32,
    deleted: bool,
    delivery: Delivery,
    is_folded: bool,
}

impl Said {
    pub(super) fn of(scene: Scene<'_>, slot: Slot, message: &Message) -> Self {
        Self {
            text: stable_hash(&message.text),
            deleted: message.deleted,
            delivery: scene.shown_delivery(message),
            is_folded: scene.ui.pane.is_folded(slot),
        }
    }
}

/// Says what has become of a message: all of it, or what has changed.
pub(super) fn change(scene: Scene<'_>, message: &Message, before: Option<Said>, now: Said) -> Vec<String> {
    let author = author(scene, message);
    let time = scene.options.times.time(message.sent_at);
    let Some(before) = before else { return whole(scene, message, &author, now) };
    if now.deleted {
        return vec![format!("{author} deleted a message of {time}.")];
    }
    if before.text != now.text {
        let text = visible_text(own_words(&message.text), scene.text_format()).into_owned();
        let text = Text::of(text, now);
        return text.lines(scene, &format!("{author} edited a message of {time}: "));
    }
    if before.is_folded && !now.is_folded {
        let text = Text { is_folded: true, ..Text::of(visible(scene, message), now) };
        let rest = text.rest().lines().map(|line| format!("  {line}"));
        return std::iter::once("Rest of the message:".to_owned()).chain(rest).collect();
    }
    if before.delivery == now.delivery {
        return Vec::new();
    }
    let state = state(scene, message);
    if state.is_empty() { Vec::new() } else { vec![format!("{state}: {}", excerpt(message))] }
}

/// Returns what tells a message from others: its file, and the beginning of its text.
fn excerpt(message: &Message) -> String {
    let file = message.attachment.as_ref().map(|file| file.summary());
    let text = clip(&own_words(&message.text).replace('\n', " "), EXCERPT);
    let parts: Vec<String> = file.into_iter().chain(Some(text).filter(|text| !text.trim().is_empty())).collect();
    parts.join(" ")
}

/// Says a whole message: author, time, text, file and, if it is the user's, whether it was sent.
fn whole(scene: Scene<'_>, message: &Message, author: &str, now: Said) -> Vec<String> {
    let time = scene.options.times.time(message.sent_at);
    let text = if message.deleted { DELETED.to_owned() } else { visible(scene, message) };
    let mut lines = Text::of(text, now).lines(scene, &format!("{author}, {time}: "));
    if let Some(quote) = &message.quote {
        lines.insert(0, format!("In reply to {}", preview::quote(scene, quote)));
    }
    let quotation = body_text(message).strip_suffix(own_words(&body_text(message))).map(without_marks);
    let quotation = quotation.filter(|quotation| !quotation.is_empty() && !message.deleted);
    lines.extend(quotation.map(|quotation| format!("  Quoting {}", clip(&quotation, SELECTED))));
    lines.extend(message.attachment.as_ref().map(|file| format!("  File: {}", file.summary())));
    let state = state(scene, message);
    // A message that is on its way is not worth a line.
    let is_on_its_way = scene.account.is_online() && message.delivery == Delivery::Queued;
    if message.delivery < Delivery::Delivered && !state.is_empty() && !is_on_its_way {
        lines.push(format!("  {state}"));
    }
    lines
}

/// Returns the text of a message without its markup and without the quotation at its start, which is said by itself.
fn visible(scene: Scene<'_>, message: &Message) -> String {
    visible_text(own_words(&body_text(message)), scene.text_format()).into_owned()
}

/// The text of a message, of which only the first rows are said if it is folded.
struct Text {
    text: String,
    is_folded: bool,
}

impl Text {
    fn of(text: String, now: Said) -> Self {
        Self { text, is_folded: now.is_folded && !now.deleted }
    }

    /// Returns the number of bytes that are said, and of rows that are not.
    fn fold(&self) -> (usize, usize) {
        let rows = if self.is_folded { wrap(&self.text, ROW) } else { Vec::new() };
        let end = rows.get(SAID_ROWS).map_or(self.text.len(), |row| row.start as usize);
        (end, rows.len().saturating_sub(SAID_ROWS))
    }

    fn rest(&self) -> &str {
        &self.text[self.fold().0..]
    }

    /// Returns the lines that are said, the first of which begins with `prefix`, and how to hear the rest.
    fn lines(&self, scene: Scene<'_>, prefix: &str) -> Vec<String> {
        let (end, hidden) = self.fold();
        let mut parts = self.text[..end].lines();
        let mut lines = vec![format!("{prefix}{}", parts.next().unwrap_or_default())];
        lines.extend(parts.map(|part| format!("  {part}")));
        if hidden > 0 {
            let [select, up, fold] =
                [Action::SelectMessage, Action::MessageUp, Action::MessageFold].map(|key| scene.options.key_name(key));
            let noun = if hidden == 1 { "row" } else { "rows" };
            lines.push(format!(
                "  {hidden} more {noun}. {select} selects the newest message and {up} the one before; then {fold} says the rest."
            ));
        }
        lines
    }
}

/// Returns the author of a message for the beginning of a line.
pub(super) fn author(scene: Scene<'_>, message: &Message) -> String {
    if message.kind.is_system() {
        "Notice".to_owned()
    } else if scene.account.is_me(&message.author) {
        "You".to_owned()
    } else {
        names::person(scene, &message.author)
    }
}

/// The delivery state of the user's own message in words; empty for messages of others.
fn state(scene: Scene<'_>, message: &Message) -> String {
    if !scene.account.is_me(&message.author) || message.kind.is_system() {
        return String::new();
    }
    match scene.shown_delivery(message) {
        Delivery::Queued => "Waiting to be sent".to_owned(),
        Delivery::Sent => "Sent".to_owned(),
        Delivery::Delivered => "Delivered".to_owned(),
        Delivery::Seen => "Seen".to_owned(),
        Delivery::Uncertain => "Not certain to be sent".to_owned(),
        Delivery::Failed => failure_text(failure(scene, message)),
    }
}

fn failure<'a>(scene: Scene<'a>, message: &Message) -> Option<&'a SendFailure> {
    scene.account.outbox.get(*message.local.as_deref()?).and_then(OutboxEntry::failure)
}
