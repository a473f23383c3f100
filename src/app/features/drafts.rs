//! Drafts: moves text between the composer and the draft of a room.
//!
//! A room has a draft beside the text in the composer only while it is closed for messages, or while the composer holds
//! a command or text that is newer than a rejected edit.

use crate::app::features::outbox::queue;
use crate::app::features::typing;
use crate::app::model::account::Account;
use crate::app::model::composer::Composer;
use crate::app::model::context::Context;
use crate::domain::RoomId;
use crate::input::Action;

/// Saves the composer as a draft if the open room cannot be written to, and restores the draft if it can again.
///
/// Idempotent. A command that is being typed stays in the composer.
pub(in crate::app) fn sync_draft(cx: &mut Context<'_>) {
    let Some(id) = cx.ui.open.clone() else {
        if cx.ui.composer.is_blank()
            && let Some(text) = cx.account.roomless_draft.take()
        {
            cx.ui.composer = text;
        }
        return;
    };
    if cx.is_closed() {
        typing::stop_typing(cx);
        let has_text = !cx.ui.composer.is_empty() || cx.ui.composer.reply.is_some();
        if has_text && !cx.ui.composer.is_command() {
            let text = std::mem::take(&mut cx.ui.composer);
            save_draft(cx.account, &id, text);
        }
    } else if cx.ui.composer.is_blank()
        && let Some(draft) = cx.account.drafts.remove(&id)
    {
        cx.ui.composer = draft.returned();
    }
}

/// Makes space for a command. The text returns when the command has run or was deleted, or in the room that it opens.
pub(in crate::app) fn set_aside(cx: &mut Context<'_>) {
    let text = std::mem::take(&mut cx.ui.composer);
    match cx.ui.open.clone() {
        Some(room) => save_draft(cx.account, &room, text),
        None if text.is_blank() => {}
        None => {
            cx.account.roomless_draft = Some(match cx.account.roomless_draft.take() {
                None => text,
                Some(draft) => merge(draft, text),
            });
        }
    }
}

/// Makes space for a command whose slash is typed directly after a draft has returned. The user looks at another room than
/// before and may not think of the draft, so that the command would be sent as a part of it.
pub(in crate::app) fn set_aside_for_command(cx: &mut Context<'_>) {
    if cx.ui.composer.has_returned() && cx.ui.composer.editing.is_none() {
        set_aside(cx);
        cx.notify("The draft returns after the command.");
    }
}

/// Discards what is in the composer: a text, a reply or an edit. In a room that is closed for messages, discards its draft.
/// The text can be inserted again.
pub(in crate::app) fn discard(cx: &mut Context<'_>) {
    let mut discarded = std::mem::take(&mut cx.ui.composer);
    if discarded.is_blank()
        && let Some(draft) = cx.ui.open.as_ref().and_then(|room| cx.account.drafts.remove(room))
    {
        discarded = draft;
    }
    typing::stop_typing(cx);
    sync_draft(cx);
    // An unsent message that was edited is not sent meanwhile.
    queue::advance(cx);
    if discarded.is_blank() {
        return cx.notify("There is no draft to discard.");
    }
    let what = match (&discarded.editing, discarded.is_empty()) {
        (Some(_), _) => "Editing canceled.",
        (None, true) => "Reply canceled.",
        (None, false) => "Discarded.",
    };
    let key = cx.options.key_name(Action::Yank);
    let hint =
        if key.is_empty() || discarded.is_empty() { String::new() } else { format!(" {key} inserts the text again.") };
    cx.terminal.kill_ring.push(discarded.text().to_owned());
    cx.notify(format!("{what}{hint}"));
}

/// Saves text as the draft of a room. An existing draft is never overwritten: the text is appended to it.
pub(in crate::app) fn save_draft(account: &mut Account, room: &RoomId, text: Composer) {
    if text.is_empty() && text.reply.is_none() {
        return;
    }
    let draft = match account.drafts.remove(room) {
        None => text,
        Some(draft) => merge(draft, text),
    };
    account.drafts.insert(room.clone(), draft);
}

/// Appends `text` to a draft on a new line. A command is dropped, because it is not part of a message.
///
/// The result is a new message if both contain text, even if the draft edits a message.
pub(in crate::app) fn merge(draft: Composer, text: Composer) -> Composer {
    let (first, second) = (draft.text(), text.text());
    let (reply, literal) = (draft.reply.clone().or_else(|| text.reply.clone()), draft.literal);
    let mut merged = if second.is_empty() || text.is_command() || first == second {
        draft
    } else if first.is_empty() {
        text
    } else {
        let mut both = Composer::with_text(&format!("{first}\n{second}"));
        both.literal = literal;
        both
    };
    merged.reply = reply;
    merged
}
