//! The text field of an overlay.

use ratatui::layout::Position;

use crate::app::{Region, TextInput};
use crate::config::Role;
use crate::text::{SafeText, graphemes, width};

use crate::view::canvas::{Canvas, cells};
use crate::view::glyphs::Glyphs;

/// Cells of the prompt before the text.
const PROMPT: u16 = 2;

/// Paints a text field, scrolled so that the cursor is visible. Returns the cursor.
pub(in crate::view) fn paint(canvas: &mut Canvas<'_>, glyphs: Glyphs, field: Region, input: &TextInput) -> Position {
    let (text, accent) = (canvas.style(Role::Text), canvas.style(Role::Accent));
    canvas.put(field.x, field.y, glyphs.prompt(), 1, accent);
    let start = field.x + PROMPT;
    // One cell for the cursor.
    let available = field.width.saturating_sub(PROMPT + 1).max(1);
    let before = SafeText::line(input.before_cursor());
    let query = SafeText::line(&input.text);
    let mut hidden = 0;
    for (grapheme, _) in graphemes(&before) {
        if width(&before[hidden..]) <= usize::from(available) {
            break;
        }
        hidden += grapheme.len();
    }
    let cursor = start + cells(&before[hidden..]);
    let end = canvas.put(start, field.y, query.get(hidden..).unwrap_or_default(), available, text);
    if input.is_old {
        let style = canvas.style(Role::Selection);
        canvas.tint(Region { x: start, y: field.y, width: end.saturating_sub(start), height: 1 }, style);
    }
    Position::new(cursor.min(field.x + field.width.saturating_sub(1)), field.y)
}
