//! Drafts: moves text between the composer and the draft of a room.

use crate::app::features::typing;
use crate::app::model::account::Account;
use crate::app::model::composer::Composer;
use crate::app::model::context::Context;
use crate::domain::RoomId;

/// Saves the composer as a draft if the open room cannot be written to, and restores the draft if it can again.
///
/// Idempotent. A command that is being typed stays in the composer.
pub(in crate::app) fn sync_draft(cx: &mut Context<'_>) {
    let Some(id) = cx.ui.open.clone() else { return };
    if cx.is_closed() {
        typing::stop_typing(cx);
        let begun = !cx.ui.composer.is_empty() || cx.ui.composer.reply.is_some();
        if begun && !cx.ui.composer.is_command() {
            let text = std::mem::take(&mut cx.ui.composer);
            save_draft(cx.account, &id, text);
        }
    } else if cx.ui.composer.is_empty()
        && let Some(draft) = cx.account.drafts.remove(&id)
    {
        cx.ui.composer = draft;
    }
}

/// Saves text as the draft of a room. An existing draft is never overwritten: the text is appended to it.
pub(in crate::app) fn save_draft(account: &mut Account, room: &RoomId, text: Composer) {
    if text.is_empty() && text.reply.is_none() {
        return;
    }
    let reply = text.reply.clone();
    let mut draft = match account.drafts.remove(room) {
        None => text,
        Some(draft) if text.is_command() || draft.text() == text.text() => draft,
        Some(draft) => Composer::with_text(&format!("{}\n{}", draft.text(), text.text())),
    };
    draft.reply = draft.reply.or(reply);
    account.drafts.insert(room.clone(), draft);
}
