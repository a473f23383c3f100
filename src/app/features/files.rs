//! Sending of files and pictures. The runtime inspects the file first, because the application performs no I/O.

use crate::app::effect::{Effect, FilePurpose, FileRequest};
use crate::app::features::quotes::find_reply;
use crate::app::features::sending;
use crate::app::model::composer::{Composer, Reply};
use crate::app::model::context::Context;
use crate::domain::{Attachment, AttachmentKind, Content, LocalId, Message, OutgoingFile, Request, RoomId};
use crate::text::SafeText;

/// Requests the inspection of `path`, to send the file to the open room. `as_file` sends it as a file, not as media.
pub(in crate::app) fn send(cx: &mut Context<'_>, path: String, as_file: bool) {
    let Some(room) = cx.ui.open.clone() else {
        cx.notify_no_room();
        return;
    };
    let reply_to = cx.ui.composer.reply.take().map(|reply| reply.to);
    inspect(cx, path, FilePurpose::Message { room, reply_to, as_file });
}

/// Requests the image in the clipboard, to send it to the open room.
pub(in crate::app) fn paste_image(cx: &mut Context<'_>) {
    if let Some(reason) = cx.closed_reason() {
        return cx.notify(reason);
    }
    let Some(room) = cx.ui.open.clone() else { return cx.notify_no_room() };
    let reply_to = cx.ui.composer.reply.as_ref().map(|reply| reply.to);
    let name = format!("image-{}.png", cx.now.format_for_file(&cx.options.times.zone));
    let purpose = FilePurpose::Message { room, reply_to, as_file: false };
    cx.effects.push(Effect::PasteImage(cx.account.id, purpose, name));
}

/// Requests the inspection of `path`, to make it the user's own picture.
pub(in crate::app) fn set_own_picture(cx: &mut Context<'_>, path: String) {
    inspect(cx, path, FilePurpose::OwnPicture);
}

/// Requests the inspection of `path`, to make it the picture of a group or broadcast.
pub(in crate::app) fn set_room_picture(cx: &mut Context<'_>, room: RoomId, path: String) {
    inspect(cx, path, FilePurpose::RoomPicture(room));
}

fn inspect(cx: &mut Context<'_>, path: String, purpose: FilePurpose) {
    cx.effects.push(Effect::Inspect(cx.account.id, FileRequest { path, purpose }));
}

/// Sends a file after its inspection, or shows why it cannot be sent.
pub(in crate::app) fn on_inspected(cx: &mut Context<'_>, request: &FileRequest, result: Result<OutgoingFile, String>) {
    let is_message = matches!(request.purpose, FilePurpose::Message { .. });
    let result = result.and_then(|file| match file.kind {
        AttachmentKind::Image => Ok(file),
        _ if is_message => Ok(file),
        _ => Err(format!("{} is not an image. Choose a JPEG, PNG or WebP file.", SafeText::line(&file.name))),
    });
    let file = match result {
        Ok(file) => file,
        Err(reason) => {
            restore_command(cx, request);
            return cx.notify(reason);
        }
    };
    match &request.purpose {
        FilePurpose::Message { room, reply_to, .. } => {
            // An image from the clipboard leaves the reply in the composer until it is there.
            cx.ui.composer.reply.take_if(|reply| Some(reply.to) == *reply_to);
            enqueue(cx, room, *reply_to, file);
        }
        FilePurpose::OwnPicture => cx.request(Request::SetPicture { file: Box::new(file) }),
        FilePurpose::RoomPicture(room) => {
            let Some(kind) = cx.account.rooms.get(room).map(|room| room.info.kind) else { return };
            cx.request(Request::SetRoomPicture { room: room.clone(), kind, file: Box::new(file) });
        }
    }
}

/// Queues a message with a file.
pub(in crate::app) fn enqueue(cx: &mut Context<'_>, room: &RoomId, reply_to: Option<LocalId>, file: OutgoingFile) {
    let quote = find_quoted(cx, room, reply_to).map(|reply| Box::new(reply.quote));
    let attachment = Attachment::from_file(&file);
    let complete = |message: Message| Message { attachment: Some(Box::new(attachment)), quote, ..message };
    let content = Content::File { file: Box::new(file), reply_to };
    sending::enqueue_message(cx, room, SafeText::default(), content, complete);
}

fn find_quoted(cx: &Context<'_>, room: &RoomId, reply_to: Option<LocalId>) -> Option<Reply> {
    find_reply(cx.account, cx.account.rooms.get(room)?, reply_to?)
}

/// Returns the command to the composer for correction, unless the user has written other text there.
fn restore_command(cx: &mut Context<'_>, request: &FileRequest) {
    let (name, room, reply) = match &request.purpose {
        FilePurpose::Message { room, reply_to, as_file } => {
            (if *as_file { "file" } else { "send" }, Some(room), find_quoted(cx, room, *reply_to))
        }
        FilePurpose::OwnPicture => ("picture", None, None),
        FilePurpose::RoomPicture(room) => ("group-picture", Some(room), None),
    };
    let is_elsewhere = room.is_some_and(|room| cx.ui.open.as_ref() != Some(room));
    if !is_elsewhere && cx.ui.composer.is_empty() && cx.ui.composer.editing.is_none() {
        let reply = cx.ui.composer.reply.take().or(reply.map(Box::new));
        cx.ui.composer = Composer::with_text(&format!("/{name} {}", request.path));
        cx.ui.composer.reply = reply;
    }
}
