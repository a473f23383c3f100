//! Sending of files. The runtime inspects the file first, because the application performs no I/O.

use crate::app::effect::{Effect, FileRequest};
use crate::app::features::quotes::find_reply;
use crate::app::features::sending;
use crate::app::model::composer::Composer;
use crate::app::model::context::Context;
use crate::domain::{Attachment, Content, Message, OutgoingFile};
use crate::text::SafeText;

/// Requests the inspection of `path`, to send the file to the open room. `as_file` sends it as a file, not as media.
pub(in crate::app) fn send(cx: &mut Context<'_>, path: &str, as_file: bool) {
    let Some(room) = cx.ui.open.clone() else {
        cx.notify_no_room();
        return;
    };
    let reply_to = cx.ui.composer.reply.take().map(|reply| reply.to);
    cx.effects.push(Effect::Inspect(cx.account.id, FileRequest { room, reply_to, path: path.to_owned(), as_file }));
}

/// Queues a file after its inspection, or shows why it cannot be sent.
pub(in crate::app) fn on_inspected(cx: &mut Context<'_>, request: &FileRequest, result: Result<OutgoingFile, String>) {
    let reply = request.reply_to.and_then(|local| find_reply(cx.account, cx.account.rooms.get(&request.room)?, local));
    match result {
        Ok(file) => {
            let quote = reply.map(|reply| Box::new(reply.quote));
            let attachment = Attachment::from_file(&file);
            let complete = |message: Message| Message { attachment: Some(Box::new(attachment)), quote, ..message };
            let content = Content::File { file: Box::new(file), reply_to: request.reply_to };
            sending::enqueue_message(cx, &request.room, SafeText::default(), content, complete);
        }
        Err(reason) => {
            // The command returns to the composer for correction, unless the user has written other text there.
            if cx.ui.open.as_ref() == Some(&request.room)
                && cx.ui.composer.is_empty()
                && cx.ui.composer.editing.is_none()
            {
                let name = if request.as_file { "file" } else { "send" };
                let reply = cx.ui.composer.reply.take().or(reply.map(Box::new));
                cx.ui.composer = Composer::with_text(&format!("/{name} {}", request.path));
                cx.ui.composer.reply = reply;
            }
            cx.notify(reason);
        }
    }
}
