//! Menu of a message: its actions and their keys.

use crate::app::{Menu, Scene};
use crate::config::Role;

use super::frame;
use crate::view::canvas::Canvas;
use crate::view::glyphs::Glyphs;

pub(super) fn paint(scene: Scene<'_>, canvas: &mut Canvas<'_>, glyphs: Glyphs, menu: &Menu) {
    let title = match menu.marked {
        0 => "Message".to_owned(),
        1 => "1 marked message".to_owned(),
        count => format!("{count} marked messages"),
    };
    let inside = frame::draw(scene, canvas, glyphs, &title);
    let (text, dim) = (canvas.style(Role::Text), canvas.style(Role::Dim));
    let last = menu.visible(inside).last().map_or(0, |(index, _)| index + 1);
    frame::mark_rows_below(canvas, scene.ui.regions.overlay, menu.actions.len() - last);
    for (index, region) in menu.visible(inside) {
        let action = menu.actions[index];
        let end = canvas.put_right(region, region.y, &scene.options.key_name(action), dim);
        canvas.put(region.x, region.y, action.help(), end.saturating_sub(region.x + 1), text);
        if index == menu.selected {
            let style = canvas.style(Role::Selection);
            canvas.tint(region, style);
        }
    }
}
