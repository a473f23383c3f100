//! Writing and sending.

use crate::app::features::outbox::queue;
use crate::app::features::{drafts, typing};
use crate::app::model::composer::Composer;
use crate::app::model::context::Context;
use crate::domain::{Content, Message, RoomId};
use crate::store::OutboxPayload;
use crate::text::SafeText;

/// Empties the composer and ends an edit.
pub(in crate::app) fn reset(cx: &mut Context<'_>) {
    cx.ui.composer = Composer::default();
    typing::stop_typing(cx);
    drafts::follow(cx);
}

pub(in crate::app) fn send_text(cx: &mut Context<'_>, text: String) {
    let Some(room) = cx.ui.open.clone().filter(|_| cx.account.me.is_some()) else {
        cx.notify_no_room();
        return;
    };
    let reply = cx.ui.composer.reply.clone().map(|reply| (reply.to, Box::new(reply.quote)));
    let (reply_to, quote) = reply.unzip();
    let shown = SafeText::block(&text);
    let shape = |message: Message| Message { quote, ..message };
    typing::stop_typing(cx);
    // What is written stays where it is until the outbox has it, on disk too: the draft is forgotten after that.
    if put_out(cx, &room, shown, Content::Text { text, reply_to }, shape) {
        reset(cx);
    }
}

/// Sends something to a room: it goes into the outbox, and waits in the room in the shape that `shape` gives it. Says
/// whether it was taken.
pub(in crate::app) fn put_out(
    cx: &mut Context<'_>,
    room: &RoomId,
    text: SafeText,
    content: Content,
    shape: impl FnOnce(Message) -> Message,
) -> bool {
    let Some((_, me)) = cx.account.rooms.get(room).zip(cx.account.me.clone()) else {
        cx.notify("That room is no longer in your list. Nothing was sent.");
        return false;
    };
    let now = cx.server_time();
    let shape = |local| Some(shape(Message::queued(local, me, text, now)));
    queue::enqueue(cx, room, OutboxPayload::Send(content), shape)
}
