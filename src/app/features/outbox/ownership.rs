//! Changes of messages that turn out not to be ours.
//!
//! The keys offer a change of own messages only. What waited on disk, or for the connection, is looked at once more before
//! it goes out: whose message it is may have become known since.

use crate::app::effect::{Effect, LogLevel};
use crate::app::features::outbox::answers::on_confirmed;
use crate::app::model::composer::Composer;
use crate::app::model::context::Context;
use crate::domain::LocalId;
use crate::store::OutboxPayload;

/// Whether an entry changes a message that is known as somebody else's: then it is not carried out, which is said and
/// logged. Its text is given back as one of our own.
pub(in crate::app) fn reject_foreign_change(cx: &mut Context<'_>, local: LocalId) -> bool {
    let Some(entry) = cx.account.outbox.get(local) else { return false };
    let (message, text) = match &entry.payload {
        OutboxPayload::Edit { message, text } => (message, Some(text.clone())),
        OutboxPayload::Delete { message } => (message, None),
        OutboxPayload::Send(_) | OutboxPayload::DeleteForMe { .. } => return false,
    };
    let author = cx.account.rooms.get(&entry.room).and_then(|room| room.author_of(message));
    let Some(author) = author.filter(|author| !cx.account.is_me(author)) else { return false };
    let (id, room, whose) = (message.as_str(), entry.room.as_str(), author.as_str());
    let line = format!("ignored: a queued change of message {id} in room {room}, which was written by {whose}");
    cx.effects.push(Effect::Log(LogLevel::Warn, line));
    let room = entry.room.clone();
    on_confirmed(cx, local);
    match text {
        None => cx.notify("Not deleted: someone else wrote that message."),
        Some(text) => {
            let draft = Composer::with_text(&text);
            if cx.ui.open.as_ref() != Some(&room) {
                cx.account.drafts.entry(room).or_insert(draft);
            } else if cx.ui.composer.is_empty() {
                cx.ui.composer = draft;
            }
            cx.notify(format!("Not edited: someone else wrote that message. Your text: {text}"));
        }
    }
    true
}
