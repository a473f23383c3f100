//! Test of keys: what the terminal sends for a key, and what the key does.

use crate::app::effect::Effect;
use crate::app::model::context::Context;
use crate::app::overlays::key_test::KeyTest;
use crate::app::overlays::overlay::Overlay;
use crate::input::Key;

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

/// Shows a key instead of acting on it. Returns whether the page is open.
pub(in crate::app) fn on_key(cx: &mut Context<'_>, key: Key) -> bool {
    let Some(Overlay::KeyTest(test)) = &mut cx.ui.overlay else { return false };
    if test.on_key(key) {
        cx.ui.overlay = None;
        cx.effects.push(Effect::ReportBytes(false));
    }
    true
}
