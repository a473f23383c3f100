//! Editing of the draft in the user's text editor. The runtime starts the editor, because the application performs no
//! I/O; the network and the store go on meanwhile, so the draft or the room may have changed when it ends.

use crate::app::effect::{EditRequest, Effect};
use crate::app::features::{drafts, typing};
use crate::app::model::composer::Composer;
use crate::app::model::context::Context;

/// Opens the text of the composer in the user's editor.
pub(in crate::app) fn open(cx: &mut Context<'_>) {
    if let Some(reason) = cx.closed_reason() {
        cx.notify(reason);
        return;
    }
    typing::stop_typing(cx);
    let request = EditRequest { room: cx.ui.open.clone(), text: cx.ui.composer.text().to_owned() };
    cx.effects.push(Effect::EditText(cx.account.id, request));
}

/// Puts the text of the editor in the place of the draft, or shows why it is unchanged.
pub(in crate::app) fn on_closed(cx: &mut Context<'_>, request: &EditRequest, result: Result<String, String>) {
    let text = match result {
        Ok(text) if text == request.text => return,
        Ok(text) => text,
        Err(sentence) => return cx.notify(sentence),
    };
    let was_command = Composer::with_text(&request.text).is_command();
    let is_here = cx.ui.open == request.room && !cx.is_closed();
    if is_here && cx.ui.composer.text() == request.text {
        let literal = cx.ui.composer.literal;
        cx.ui.composer.replace_all(&text);
        cx.ui.composer.literal = literal || !was_command;
        typing::update_typing(cx);
        return;
    }
    // Nothing that was written is lost: it follows what the draft contains by now.
    let mut written = Composer::with_text(&text);
    written.literal = !was_command;
    if is_here {
        let draft = std::mem::take(&mut cx.ui.composer);
        cx.ui.composer = drafts::merge(draft, written);
        cx.notify("The draft has changed meanwhile. The text from the editor follows it.");
    } else if let Some(room) = &request.room {
        drafts::save_draft(cx.account, room, written);
        cx.notify("The text from the editor is the draft of the room in which you began it.");
    } else {
        cx.ui.composer = drafts::merge(std::mem::take(&mut cx.ui.composer), written);
    }
}
