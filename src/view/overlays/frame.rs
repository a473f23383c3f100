//! The titled box that every overlay is drawn in.

use crate::app::{Region, Scene, has_border, inside};
use crate::config::Role;
use crate::input::Action;

use crate::view::canvas::Canvas;
use crate::view::glyphs::Glyphs;

/// Draws the empty box of the open overlay where `layout` has placed it; returns the area inside it.
pub(super) fn draw(scene: Scene<'_>, canvas: &mut Canvas<'_>, glyphs: Glyphs, title: &str) -> Region {
    draw_box(canvas, glyphs, scene.ui.regions.overlay, title)
}

/// Draws an empty box; returns the area inside it.
pub(in crate::view) fn draw_box(canvas: &mut Canvas<'_>, glyphs: Glyphs, area: Region, title: &str) -> Region {
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

/// Writes how many rows are below the last one that is visible into the bottom border of a box.
pub(in crate::view) fn mark_rows_below(canvas: &mut Canvas<'_>, area: Region, count: usize) {
    if count > 0 && has_border(area) {
        let bottom =
            Region { x: area.x + 2, y: area.y + area.height - 1, width: area.width.saturating_sub(4), height: 1 };
        let style = canvas.style(Role::Dim);
        canvas.put_right(bottom, bottom.y, &format!(" {count} more "), style);
    }
}

/// Writes keys into the left of the bottom border of a box.
pub(super) fn mark_keys(canvas: &mut Canvas<'_>, area: Region, keys: &str) {
    if !keys.is_empty() && has_border(area) {
        let style = canvas.style(Role::Dim);
        canvas.put(area.x + 2, area.y + area.height - 1, &format!(" {keys} "), area.width.saturating_sub(4), style);
    }
}

/// Writes the key that scrolls down into the bottom border of the box, if there is more below.
pub(super) fn mark_more(scene: Scene<'_>, canvas: &mut Canvas<'_>, is_more_below: bool) {
    let area = scene.ui.regions.overlay;
    if !is_more_below || !has_border(area) {
        return;
    }
    let key = scene.options.key_name(Action::ScrollDown);
    let text = if key.is_empty() { " more below ".to_owned() } else { format!(" {key} more below ") };
    let bottom = Region { x: area.x + 2, y: area.y + area.height - 1, width: area.width.saturating_sub(4), height: 1 };
    let style = canvas.style(Role::Accent);
    canvas.put_right(bottom, bottom.y, &text, style);
}
