//! The menu for pasted text.

use crate::app::{PasteMenu, Scene};
use crate::config::Role;

use super::frame;
use crate::view::canvas::Canvas;
use crate::view::glyphs::Glyphs;

pub(super) fn paint(scene: Scene<'_>, canvas: &mut Canvas<'_>, glyphs: Glyphs, menu: &PasteMenu) {
    let inside = frame::draw(scene, canvas, glyphs, &menu.title());
    let (text, selection) = (canvas.style(Role::Text), canvas.style(Role::Selection));
    let labels = menu.labels();
    let last = menu.visible(inside).last().map_or(0, |(index, _)| index + 1);
    frame::mark_rows_below(canvas, scene.ui.regions.overlay, labels.len() - last);
    for (index, region) in menu.visible(inside) {
        canvas.put(region.x, region.y, &labels[index], region.width, text);
        if index == menu.selected {
            canvas.tint(region, selection);
        }
    }
}
