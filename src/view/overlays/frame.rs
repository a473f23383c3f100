//! The titled box that every overlay is drawn in.

use crate::app::{Region, Scene, has_border, inside};
use crate::config::Role;

use crate::view::canvas::Canvas;
use crate::view::glyphs::Glyphs;

/// Draws the empty box of the open overlay where `layout` has placed it; returns the area inside it.
pub(super) fn draw(scene: Scene<'_>, canvas: &mut Canvas<'_>, glyphs: Glyphs, title: &str) -> Region {
    let area = scene.ui.regions.overlay;
    canvas.clear(area);
    if !has_border(area) {
        return inside(area);
    }
    let Region { width, height, .. } = area;
    let border = canvas.style(Role::Border);
    let [top_left, top_right, bottom_left, bottom_right] = glyphs.corners();
    let line = glyphs.horizontal().repeat(usize::from(width - 2));
    canvas.put(area.x, area.y, &format!("{top_left}{line}{top_right}"), width, border);
    canvas.put(area.x, area.y + height - 1, &format!("{bottom_left}{line}{bottom_right}"), width, border);
    for y in area.y + 1..area.y + height - 1 {
        canvas.put(area.x, y, glyphs.vertical(), 1, border);
        canvas.put(area.x + width - 1, y, glyphs.vertical(), 1, border);
    }
    let style = canvas.style(Role::Title);
    canvas.put(area.x + 2, area.y, &format!(" {title} "), width.saturating_sub(4), style);
    inside(area)
}
