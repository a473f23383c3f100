//! The quick switcher: a text field, and below it the matching rooms, people and commands.

use ratatui::layout::Position;

use crate::app::{Region, Scene, Switcher};
use crate::config::Role;

use super::frame;
use crate::view::canvas::Canvas;
use crate::view::glyphs::Glyphs;

/// Maximum width of the box, in cells.
const WIDTH: u16 = 64;
/// Maximum height of the box, in rows.
const HEIGHT: u16 = 20;

pub(super) fn paint(
    scene: Scene<'_>,
    canvas: &mut Canvas<'_>,
    glyphs: Glyphs,
    switcher: &Switcher,
) -> Option<Position> {
    let inside = frame::draw(scene, canvas, glyphs, switcher.purpose.title(), WIDTH, HEIGHT);
    if inside.height == 0 {
        return None;
    }
    let (text, dim, accent) = (canvas.style(Role::Text), canvas.style(Role::Dim), canvas.style(Role::Accent));
    canvas.put(inside.x, inside.y, glyphs.prompt(), 1, accent);
    let cursor = canvas.put(inside.x + 2, inside.y, &switcher.query, inside.width.saturating_sub(2), text);
    let list = Region { y: inside.y + 1, height: inside.height - 1, ..inside };
    let first = (switcher.chosen + 1).saturating_sub(usize::from(list.height));
    for ((index, found), y) in switcher.found.iter().enumerate().skip(first).zip(list.y..list.y + list.height) {
        let hint = canvas.put_right(list, y, &found.hint, dim);
        canvas.put(list.x, y, &found.label, hint.saturating_sub(list.x + 1), text);
        if index == switcher.chosen {
            let style = canvas.style(Role::Selection);
            canvas.tint(Region { y, height: 1, ..list }, style);
        }
    }
    if switcher.found.is_empty() {
        canvas.put(list.x, list.y, "No matches", list.width, dim);
    }
    Some(Position::new(cursor.min(inside.x + inside.width.saturating_sub(1)), inside.y))
}
