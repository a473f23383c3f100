//! The command that collects a bundle for a bug report: first what it would contain, then a question, then the files.

use crate::app::effect::{BundleContents, Effect, ScreenDump};
use crate::app::features::screen_dump;
use crate::app::model::context::Context;
use crate::app::overlays::overlay::Overlay;
use crate::app::overlays::question::Question;

/// Carries out `/bundle`: `[hidden] [PATH]`.
pub(in crate::app) fn run(cx: &mut Context<'_>, arguments: &str) {
    let (path, hides_names) = screen_dump::parse(arguments);
    let names = if hides_names { screen_dump::names(cx.scene()) } else { Vec::new() };
    cx.effects.push(Effect::PrepareBundle(ScreenDump { path, names }));
}

/// Forgets a collected bundle whose question disappears with the screen.
pub(in crate::app) fn abandon(cx: &mut Context<'_>) {
    if let Some(Overlay::Question(Question::WriteBundle(_))) = cx.ui.box_ref() {
        cx.effects.push(Effect::DiscardBundle);
    }
}

/// Shows what the bundle contains, and asks whether to write it.
pub(in crate::app) fn on_ready(cx: &mut Context<'_>, contents: BundleContents) {
    if cx.ui.overlay.is_some() {
        cx.effects.push(Effect::DiscardBundle);
        return cx.notify("The bundle was not written, because something else was opened. Type /bundle again.");
    }
    cx.ask(Question::WriteBundle(contents));
}
