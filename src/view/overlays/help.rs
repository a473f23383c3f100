//! The help screen: keys on the left, what they do on the right.

use ratatui::layout::Position;

use crate::app::{Help, HelpLine, Scene, help_column, help_lines};
use crate::config::Role;

use super::{frame, query};
use crate::view::canvas::Canvas;
use crate::view::glyphs::Glyphs;

pub(super) fn paint(scene: Scene<'_>, canvas: &mut Canvas<'_>, glyphs: Glyphs, help: &Help) -> Option<Position> {
    let lines = help_lines(scene);
    let inside = frame::draw(scene, canvas, glyphs, "Keys and commands");
    let (title, text, accent) = (canvas.style(Role::Title), canvas.style(Role::Text), canvas.style(Role::Accent));
    let cursor = help.filter.as_ref().map(|filter| query::paint(canvas, glyphs, inside, filter));
    let inside = help.lines_region(inside);
    if lines.is_empty() {
        canvas.put(inside.x, inside.y, "No matches", inside.width, canvas.style(Role::Dim));
    }
    let column = u16::try_from(help_column(inside.width.into())).unwrap_or_default();
    let is_more_below = help.scroll + usize::from(inside.height) < lines.len();
    frame::mark_more(scene, canvas, is_more_below);
    for (line, y) in lines.iter().skip(help.scroll).zip(inside.y..inside.y + inside.height) {
        match line {
            HelpLine::Heading(heading) => drop(canvas.put(inside.x, y, heading, inside.width, title)),
            HelpLine::Note(note) => drop(canvas.put(inside.x + 1, y, note, inside.width, text)),
            HelpLine::Entry { keys, help } => {
                canvas.put(inside.x + 1, y, keys, column.saturating_sub(2), accent);
                canvas.put(inside.x + column, y, help, inside.width.saturating_sub(column), text);
            }
        }
    }
    cursor
}
