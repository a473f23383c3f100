//! The latency line: how long sends take, and how the connection does. It reads the records of the wire while it is shown.

use crate::app::effect::Effect;
use crate::app::model::context::Context;
use crate::app::model::timers::TerminalTimer;
use crate::app::overlays::overlay::Overlay;
use crate::domain::SECOND;

/// Shows or hides the line.
pub(in crate::app) fn toggle(cx: &mut Context<'_>) {
    if cx.terminal.latency.take().is_none() {
        cx.terminal.latency = Some(Box::default());
        cx.effects.push(Effect::ReadWire(true));
        refresh_age(cx);
        return;
    }
    if !matches!(cx.ui.box_ref(), Some(Overlay::Inspector(_))) {
        cx.effects.push(Effect::ReadWire(false));
    }
}

/// Draws the line again every second, because it shows the age of the last packet.
pub(in crate::app) fn refresh_age(cx: &mut Context<'_>) {
    if cx.terminal.latency.is_some() {
        cx.terminal.timers.set(TerminalTimer::LatencyAge, cx.now + SECOND);
    }
}
