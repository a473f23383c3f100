//! Commands that were refused: they return to the composer, so that they can be corrected.

use crate::app::features::drafts;
use crate::app::model::composer::Composer;
use crate::app::model::context::Context;

/// Puts a command that was refused at once back, as it was typed, with the reply that was begun. A draft that has taken
/// its place waits until the command has run or was deleted.
pub(in crate::app) fn restore(cx: &mut Context<'_>, typed: Composer) {
    if !cx.ui.composer.is_empty() || cx.ui.composer.editing.is_some() {
        drafts::set_aside(cx);
    }
    cx.ui.composer = typed;
    if !cx.ui.composer.text().contains(char::is_whitespace) {
        // What is typed next is its argument. Otherwise it could become `/block/unblock`, which is a message.
        cx.ui.composer.insert(' ');
    }
}

/// Names the open room after the notice that says why a command was refused, where nothing is drawn: lines are sent there,
/// and the command may have been meant to open another one.
pub(in crate::app) fn name_open_room(cx: &mut Context<'_>) {
    let Some(label) = cx.open_room().map(|room| cx.account.room_label(room).to_string()) else { return };
    if let Some(notice) = cx.terminal.notice.as_mut().filter(|_| cx.options.linear) {
        notice.text.push_str(&format!(" The open room is {label}."));
    }
}

/// Puts a command back that was refused later, unless there is other text by now. Returns whether it is in the composer.
/// Where nothing is drawn, nobody would see it there.
pub(in crate::app) fn put_back(cx: &mut Context<'_>, line: &str) -> bool {
    let is_free =
        !cx.options.linear && cx.ui.composer.is_empty() && cx.ui.composer.editing.is_none() && cx.ui.overlay.is_none();
    if is_free {
        let reply = cx.ui.composer.reply.take();
        cx.ui.composer = Composer::with_text(line);
        cx.ui.composer.reply = reply;
    }
    is_free
}

/// Shows why a command was refused, and puts it back.
pub(in crate::app) fn on_refused(cx: &mut Context<'_>, line: &str, reason: &str) {
    put_back(cx, line);
    cx.notify(reason);
    name_open_room(cx);
}
