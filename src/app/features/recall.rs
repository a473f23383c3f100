//! Brings sent lines of the open room back into the composer, as a shell does with its history.
//!
//! The messages of the user that are loaded come first, so the history survives a restart; then follow the lines of
//! this session, including commands. The draft is the newest line, so that walking back to it restores it.

use crate::app::features::typing;
use crate::app::model::context::Context;
use crate::app::model::sent_lines::{Recall, SentLine};
use crate::app::model::ui::Focus;
use crate::domain::{MessageKind, RoomId};

/// Maximum number of loaded messages that are offered.
const MAX_MESSAGES: usize = 100;

/// Records a line that was sent from the open room.
pub(in crate::app) fn record(cx: &mut Context<'_>, text: &str, literal: bool) {
    record_in(cx, cx.ui.open.clone(), text, literal);
}

/// Records a line that was sent from this room.
pub(in crate::app) fn record_in(cx: &mut Context<'_>, room: Option<RoomId>, text: &str, literal: bool) {
    if let Some(room) = room {
        cx.account.sent_lines.entry(room).or_default().push(SentLine::new(text.to_owned(), literal));
    }
    cx.ui.recall = None;
}

/// Shows the next older or newer line in the composer.
pub(in crate::app) fn step(cx: &mut Context<'_>, older: bool) {
    let Some(room) = cx.ui.open.clone() else { return cx.notify_no_room() };
    if cx.ui.composer.editing.is_some() {
        return cx.notify("Sent lines can be brought back once you have finished editing.");
    }
    // A sent line is a message, and only commands can be typed there.
    if let Some(reason) = cx.closed_reason() {
        return cx.notify(reason);
    }
    let going = cx.ui.recall.take().filter(|recall| recall.room == room && recall.shows(cx.ui.composer.text()));
    let mut recall = going.unwrap_or_else(|| {
        let draft = SentLine { text: cx.ui.composer.text().to_owned(), literal: cx.ui.composer.literal };
        let mut lines = own_messages(cx);
        lines.extend(cx.account.sent_lines.get(&room).into_iter().flat_map(|lines| lines.iter().cloned()));
        Recall::new(room, lines, draft)
    });
    match recall.step(older).cloned() {
        Some(line) => {
            cx.ui.focus = Focus::Composer;
            cx.ui.composer.replace(0..cx.ui.composer.text().len(), &line.text);
            cx.ui.composer.literal = line.literal;
            typing::update_typing(cx);
        }
        None if older => cx.notify("There is no older line of yours here."),
        None => cx.notify("There is no newer line of yours here."),
    }
    cx.ui.recall = Some(recall);
}

/// Returns the texts of the user's loaded messages in the open room.
fn own_messages(cx: &Context<'_>) -> Vec<SentLine> {
    let Some(room) = cx.open_room() else { return Vec::new() };
    let own = room.timeline.iter().rev().map(|(_, message)| message).filter(|message| {
        cx.account.is_me(&message.author)
            && message.kind == MessageKind::Text
            && message.attachment.is_none()
            && !message.deleted
            && !message.forwarded
            && !message.text.is_empty()
    });
    let mut lines: Vec<SentLine> =
        own.take(MAX_MESSAGES).map(|message| SentLine::new(message.text.editable(), true)).collect();
    lines.reverse();
    lines
}
