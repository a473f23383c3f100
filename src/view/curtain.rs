//! What replaces messages and drafts while the terminal has no focus, if the user wants them hidden.

use crate::app::Scene;
use crate::config::Role;

use super::canvas::Canvas;

/// Whether messages and drafts are hidden now.
pub(super) fn is_drawn(scene: Scene<'_>) -> bool {
    scene.options.hide_unfocused && !scene.terminal.focused
}

pub(super) fn paint(scene: Scene<'_>, canvas: &mut Canvas<'_>) {
    let area = scene.ui.regions.messages;
    let dim = canvas.style(Role::Dim);
    canvas.put_centred(area, area.y + area.height / 2, "Hidden until this terminal has the focus", dim);
}
