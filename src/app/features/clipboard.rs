//! Copying and cutting of text that is selected in the composer.

use crate::app::effect::Effect;
use crate::app::features::typing;
use crate::app::model::context::Context;

/// Copies the selected text to the clipboard. It stays selected.
pub(in crate::app) fn copy(cx: &mut Context<'_>) {
    if let Some(text) = cx.ui.composer.copy(&mut cx.terminal.kill_ring) {
        cx.effects.push(Effect::Copy(text));
        cx.notify("Copied.");
    }
}

/// Moves the selected text to the clipboard.
pub(in crate::app) fn cut(cx: &mut Context<'_>) {
    if let Some(text) = cx.ui.composer.cut(&mut cx.terminal.kill_ring) {
        cx.effects.push(Effect::Copy(text));
        typing::update_typing(cx);
    }
}
