//! The prompt for the path of a file.

use ratatui::layout::Position;

use crate::app::{Region, SavePrompt, Scene};

use super::{frame, query};
use crate::view::canvas::Canvas;
use crate::view::glyphs::Glyphs;

pub(super) fn paint(
    scene: Scene<'_>,
    canvas: &mut Canvas<'_>,
    glyphs: Glyphs,
    prompt: &SavePrompt,
) -> Option<Position> {
    let inside = frame::draw(scene, canvas, glyphs, &prompt.title());
    let field = Region { height: inside.height.min(1), ..inside };
    (field.height > 0).then(|| query::paint(canvas, glyphs, field, &prompt.input))
}
