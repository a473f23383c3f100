//! The user's work on messages that were deleted: replies to them, edits of them, and the list of their readers.

use crate::app::features::seen_by;
use crate::app::features::sending::clear_composer;
use crate::app::model::composer::{Composer, Reply};
use crate::app::model::context::Context;
use crate::domain::{MessageId, RoomId};

/// Notice for a reply whose message was deleted.
pub(in crate::app) const REPLY_ENDED: &str = "The message you were replying to was deleted.";

/// Ends the reply and the edit in a room's composer or draft and the list of readers, if a page of its history has shown
/// that the message was deleted.
pub(in crate::app) fn end_deleted(cx: &mut Context<'_>, id: &RoomId) {
    let is_open = cx.ui.open.as_ref() == Some(id);
    let written = is_open.then_some(&cx.ui.composer).into_iter().chain(cx.account.drafts.get(id));
    let subjects = written.flat_map(|composer| {
        let replied = composer.reply.as_ref().map(|reply| &reply.quote.id);
        replied.into_iter().chain(composer.edited_message())
    });
    let subjects = subjects.chain(cx.ui.box_ref().and_then(seen_by::listed_message));
    let Some(room) = cx.account.rooms.get(id) else { return };
    let deleted: Vec<MessageId> = subjects.filter(|message| room.timeline.is_deleted(message)).cloned().collect();
    for message in deleted {
        end_reply(cx, &message, REPLY_ENDED);
        end_edit(cx, &message, None);
        seen_by::on_deleted(cx, &message);
    }
}

/// Turns replies to a deleted message into ordinary messages, in the composer and in drafts.
pub(in crate::app) fn end_reply(cx: &mut Context<'_>, message: &MessageId, reason: &str) {
    let to_it = |reply: &mut Box<Reply>| reply.quote.id == *message;
    for draft in cx.account.drafts.values_mut() {
        draft.reply.take_if(to_it);
    }
    if cx.ui.composer.reply.take_if(to_it).is_some() {
        cx.notify(reason);
    }
}

/// Turns edits of a deleted message into new messages, in the composer and in drafts. A text that is still `original`,
/// the text of the message, is discarded.
pub(in crate::app) fn end_edit(cx: &mut Context<'_>, message: &MessageId, original: Option<&str>) {
    let edits_it = |composer: &Composer| composer.edited_message() == Some(message);
    let is_unchanged = |composer: &Composer| original == Some(composer.text());
    cx.account.drafts.retain(|_, draft| !(edits_it(draft) && is_unchanged(draft)));
    for draft in cx.account.drafts.values_mut().filter(|draft| edits_it(draft)) {
        draft.editing = None;
    }
    if !edits_it(&cx.ui.composer) {
        return;
    }
    if is_unchanged(&cx.ui.composer) {
        clear_composer(cx);
        cx.notify("The message you were editing was deleted.");
    } else {
        cx.ui.composer.editing = None;
        cx.notify("The message you were editing was deleted. Your text would be a new message.");
    }
}
