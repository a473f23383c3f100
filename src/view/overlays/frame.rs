//! The titled box that every overlay is drawn in.

use crate::app::{Region, Scene};
use crate::config::Role;

use crate::view::canvas::Canvas;
use crate::view::glyphs::Glyphs;

/// Draws an empty box of at most `width` by `height` cells in the middle of the screen; returns the area inside it.
pub(super) fn draw(
    scene: Scene<'_>,
    canvas: &mut Canvas<'_>,
    glyphs: Glyphs,
    title: &str,
    width: u16,
    height: u16,
) -> Region {
    // The status bar and the call bar are never covered.
    let top = scene.ui.regions.call.height;
    let available = scene.ui.size.height.saturating_sub(1 + top);
    let (width, height) = (width.min(scene.ui.size.width), height.min(available));
    let area = Region { x: (scene.ui.size.width - width) / 2, y: top + (available - height) / 2, width, height };
    canvas.clear(area);
    if width < 3 || height < 3 {
        return area;
    }
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
    Region { x: area.x + 2, y: area.y + 1, width: width.saturating_sub(4), height: height - 2 }
}
