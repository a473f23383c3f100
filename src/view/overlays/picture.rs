//! A picture on the whole screen.

use crate::app::{PictureView, Region, Scene, Size};
use crate::config::Role;

use super::frame;
use crate::view::canvas::Canvas;
use crate::view::glyphs::Glyphs;
use crate::view::pictures;

pub(super) fn paint(scene: Scene<'_>, canvas: &mut Canvas<'_>, glyphs: Glyphs, view: &PictureView) {
    let zoom = if view.zoom > 1 { format!(" {} {} %", glyphs.dot(), view.zoom * 100) } else { String::new() };
    let inside = frame::draw(scene, canvas, glyphs, &format!("{}{zoom}", view.title));
    let dim = canvas.style(Role::Dim);
    let middle = inside.y + inside.height / 2;
    let picture = match scene.account.pictures.get(&view.url, true) {
        Some(Ok(picture)) => picture,
        Some(Err(reason)) => {
            canvas.put_centred(inside, middle.saturating_sub(1), "Cannot show the picture:", dim);
            return canvas.put_centred(inside, middle, reason, dim);
        }
        None => return canvas.put_centred(inside, middle, &format!("Loading picture{}", glyphs.dots()), dim),
    };
    let size = Size { width: picture.columns(), height: picture.rows() };
    let (first_column, first_row) = view.first(size, inside);
    // A picture that is smaller than the screen is in its middle.
    let (left, top) = (inside.width.saturating_sub(size.width) / 2, inside.height.saturating_sub(size.height) / 2);
    let area =
        Region { x: inside.x + left, y: inside.y + top, width: inside.width - left, height: inside.height - top };
    for (row, y) in (first_row..size.height).zip(area.y..area.y + area.height) {
        pictures::row(canvas, picture, (first_column, row), (area.x, y), area.width, scene.options.colors);
    }
}
