//! Sending: moves the text of the composer into the outbox.

use crate::app::features::outbox::queue;
use crate::app::features::{drafts, recall, receipts, recent_emoji, typing};
use crate::app::model::composer::Composer;
use crate::app::model::context::Context;
use crate::domain::{Content, Message, RoomId};
use crate::store::OutboxPayload;
use crate::text::SafeText;

/// Clears the composer and ends an edit. The draft of the open room returns, if there is one.
pub(in crate::app) fn clear_composer(cx: &mut Context<'_>) {
    cx.ui.composer = Composer::default();
    typing::stop_typing(cx);
    drafts::sync_draft(cx);
}

/// Sends a text to the open room, as a reply if one was begun.
pub(in crate::app) fn send_text(cx: &mut Context<'_>, text: String) {
    let Some(room) = cx.ui.open.clone().filter(|_| cx.account.me.is_some()) else {
        cx.notify_no_room();
        return;
    };
    let reply = cx.ui.composer.reply.clone().map(|reply| (reply.to, Box::new(reply.quote)));
    let (reply_to, quote) = reply.unzip();
    let shown = SafeText::block(&text);
    recent_emoji::note_in(cx, &text);
    let complete = |message: Message| Message { quote, ..message };
    typing::stop_typing(cx);
    // The text stays in the composer until the outbox has it, so its stored draft is removed only after that.
    let (line, literal) = (cx.ui.composer.text().to_owned(), cx.ui.composer.literal);
    if enqueue_message(cx, &room, shown, Content::Text { text, reply_to }, complete) {
        recall::record(cx, &line, literal);
        clear_composer(cx);
    }
}

/// Queues a message for a room and shows it there as queued; returns whether the outbox has taken it.
///
/// `complete` completes the message that is shown: attachment, quote, kind.
pub(in crate::app) fn enqueue_message(
    cx: &mut Context<'_>,
    room: &RoomId,
    text: SafeText,
    content: Content,
    complete: impl FnOnce(Message) -> Message,
) -> bool {
    let Some((_, me)) = cx.account.rooms.get(room).zip(cx.account.me.clone()) else {
        cx.notify("That room is no longer in your list. Nothing was sent.");
        return false;
    };
    let now = cx.server_time();
    let complete = |local| Some(complete(Message::queued(local, me, text, now)));
    let is_queued = queue::enqueue(cx, room, OutboxPayload::Send(content), complete);
    if is_queued {
        receipts::report_on_reply(cx, room);
    }
    is_queued
}
