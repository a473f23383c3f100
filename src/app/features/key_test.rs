//! Test of keys: what the terminal sends for a key, and what the key does.

use crate::app::effect::Effect;
use crate::app::model::context::Context;
use crate::app::overlays::key_test::KeyTest;
use crate::app::overlays::overlay::Overlay;
use crate::input::Context::Anywhere;
use crate::input::{Action, Key};

/// Opens the page, to which the terminal's bytes are reported.
pub(in crate::app) fn open(cx: &mut Context<'_>) {
    cx.ui.overlay = Some(Overlay::KeyTest(KeyTest::default()));
    cx.effects.push(Effect::ReportBytes(true));
}

/// Shows bytes of the terminal.
pub(in crate::app) fn on_bytes(cx: &mut Context<'_>, bytes: &[u8]) {
    match &mut cx.ui.overlay {
        Some(Overlay::KeyTest(test)) => test.on_bytes(bytes),
        // Another box has replaced the page.
        _ => cx.effects.push(Effect::ReportBytes(false)),
    }
}

/// Forgets bytes that belong to no key, such as those of a mouse event.
pub(in crate::app) fn forget_bytes(cx: &mut Context<'_>) {
    if let Some(Overlay::KeyTest(test)) = &mut cx.ui.overlay {
        test.bytes.clear();
    }
}

/// Shows a key instead of acting on it. Returns whether the page is open.
pub(in crate::app) fn on_key(cx: &mut Context<'_>, key: Key) -> bool {
    let Some(Overlay::KeyTest(test)) = &mut cx.ui.overlay else { return false };
    let closes = cx.options.keymap.action(&[Anywhere], key) == Some(Action::Cancel);
    if test.on_key(key, closes) {
        cx.ui.overlay = None;
        cx.effects.push(Effect::ReportBytes(false));
    }
    true
}
