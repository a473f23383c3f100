//! Rejection of edits and deletions that concern messages of other people.
//!
//! The keys offer these actions on own messages only. Entries that waited on disk or for the connection are checked
//! once more before they are sent, because the author of a message may have become known in the meantime.

use crate::app::effect::{Effect, LogLevel};
use crate::app::features::outbox::answers::on_confirmed;
use crate::app::model::composer::Composer;
use crate::app::model::context::Context;
use crate::domain::LocalId;
use crate::store::OutboxPayload;

/// Rejects an entry if it changes a message known to be somebody else's, and returns whether it did.
///
/// The rejection is logged, and a notice quotes the text of a rejected edit. The text also becomes a draft, unless the
/// user is writing something else in that room.
pub(in crate::app) fn reject_foreign_change(cx: &mut Context<'_>, local: LocalId) -> bool {
    let Some(entry) = cx.account.outbox.get(local) else { return false };
    let (message, text) = match entry.payload() {
        OutboxPayload::Edit { message, text } => (message, Some(text.clone())),
        OutboxPayload::Delete { message } => (message, None),
        OutboxPayload::Send(_) | OutboxPayload::DeleteForMe { .. } => return false,
    };
    let author = cx.account.rooms.get(entry.room()).and_then(|room| room.author_of(message));
    let Some(author) = author.filter(|author| !cx.account.is_me(author)) else { return false };
    let (id, room, whose) = (message.as_str(), entry.room().as_str(), author.as_str());
    let line = format!("ignored: a queued change of message {id} in room {room}, which was written by {whose}");
    cx.effects.push(Effect::Log(LogLevel::Warn, line));
    let room = entry.room().clone();
    on_confirmed(cx, local);
    match text {
        None => cx.notify("Not deleted: someone else wrote that message."),
        Some(text) => {
            let draft = Composer::with_text(&text);
            if cx.ui.open.as_ref() != Some(&room) {
                cx.account.drafts.entry(room).or_insert(draft);
            } else if cx.ui.composer.is_blank() {
                cx.ui.composer = draft;
            }
            cx.notify(format!("Not edited: someone else wrote that message. Your text: {text}"));
        }
    }
    true
}
