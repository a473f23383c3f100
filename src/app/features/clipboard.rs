//! Copying and cutting of text.

use crate::app::effect::Effect;
use crate::app::features::typing;
use crate::app::model::context::Context;

/// Copies a text to the clipboard. It can also be inserted into a message here, as not every terminal has a clipboard.
pub(in crate::app) fn copy_text(cx: &mut Context<'_>, text: String) {
    cx.terminal.kill_ring.push(text.clone());
    cx.effects.push(Effect::Copy(text));
}

/// Copies the text that is selected in the composer to the clipboard. It stays selected.
pub(in crate::app) fn copy(cx: &mut Context<'_>) {
    if let Some(text) = cx.ui.composer.copy(&mut cx.terminal.kill_ring) {
        cx.effects.push(Effect::Copy(text));
        cx.notify("Copied.");
    }
}

/// Moves the text that is selected in the composer to the clipboard.
pub(in crate::app) fn cut(cx: &mut Context<'_>) {
    if let Some(text) = cx.ui.composer.cut(&mut cx.terminal.kill_ring) {
        cx.effects.push(Effect::Copy(text));
        typing::update_typing(cx);
    }
}
