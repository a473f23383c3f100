//! Sending of files. The runtime inspects the path, because the application performs no I/O; the file is queued after
//! that.

use crate::app::effect::{Effect, FileRequest};
use crate::app::features::quotes::find_reply;
use crate::app::features::sending;
use crate::app::model::composer::Composer;
use crate::app::model::context::Context;
use crate::domain::{Attachment, Content, Message, OutgoingFile};
use crate::text::SafeText;

/// Requests the inspection of `path`, to send the file to the open room. `plain` sends it as a file, not as media.
pub(in crate::app) fn send(cx: &mut Context<'_>, path: &str, plain: bool) {
    let Some(room) = cx.ui.open.clone() else {
        cx.notify_no_room();
        return;
    };
    let reply_to = cx.ui.composer.reply.take().map(|reply| reply.to);
    cx.effects.push(Effect::Inspect(cx.account.id, FileRequest { room, reply_to, path: path.to_owned(), plain }));
}

/// Queues a file after its inspection, or shows why it cannot be sent.
pub(in crate::app) fn on_inspected(cx: &mut Context<'_>, wish: &FileRequest, found: Result<OutgoingFile, String>) {
    let reply = wish.reply_to.and_then(|local| find_reply(cx.account, cx.account.rooms.get(&wish.room)?, local));
    match found {
        Ok(file) => {
            let quote = reply.map(|reply| Box::new(reply.quote));
            let attachment = Attachment::from_file(&file);
            let shape = |message: Message| Message { attachment: Some(Box::new(attachment)), quote, ..message };
            let content = Content::File { file: Box::new(file), reply_to: wish.reply_to };
            sending::enqueue_message(cx, &wish.room, SafeText::default(), content, shape);
        }
        Err(why) => {
            // The command is put back into the composer for correction, unless other text is being written there by
            // now.
            if cx.ui.open.as_ref() == Some(&wish.room) && cx.ui.composer.is_empty() && cx.ui.composer.editing.is_none()
            {
                let name = if wish.plain { "file" } else { "send" };
                let replying = cx.ui.composer.reply.take().or(reply.map(Box::new));
                cx.ui.composer = Composer::with_text(&format!("/{name} {}", wish.path));
                cx.ui.composer.reply = replying;
            }
            cx.notify(why);
        }
    }
}
