//! Moves text between the composer and the drafts when a room closes or opens for writing.

use crate::app::features::typing;
use crate::app::model::composer::Composer;
use crate::app::model::context::Context;

/// What was being written in a room that closes waits as its draft, and is under the fingers again when the room opens.
/// Doing it again changes nothing.
pub(in crate::app) fn follow(cx: &mut Context<'_>) {
    let Some(id) = cx.ui.open.clone() else { return };
    if cx.is_closed() {
        typing::stop_typing(cx);
        let begun = !cx.ui.composer.is_empty() || cx.ui.composer.reply.is_some();
        if begun && !cx.ui.composer.is_command() {
            let text = std::mem::take(&mut cx.ui.composer);
            keep(cx, &id, text);
        }
    } else if cx.ui.composer.is_empty()
        && let Some(draft) = cx.account.drafts.remove(&id)
    {
        cx.ui.composer = draft;
    }
}

/// Keeps what was written in a room as its draft; a draft that waits there already is never lost to it.
pub(in crate::app) fn keep(cx: &mut Context<'_>, room: &crate::domain::RoomId, text: Composer) {
    if text.is_empty() && text.reply.is_none() {
        return;
    }
    let reply = text.reply.clone();
    let mut draft = match cx.account.drafts.remove(room) {
        None => text,
        Some(draft) if text.is_command() || draft.text() == text.text() => draft,
        Some(draft) => Composer::with_text(&format!("{}\n{}", draft.text(), text.text())),
    };
    draft.reply = draft.reply.or(reply);
    cx.account.drafts.insert(room.clone(), draft);
}
