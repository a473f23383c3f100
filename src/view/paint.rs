//! A frame.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::app::{Focus, State};

use super::canvas::Canvas;
use super::glyphs::Glyphs;
use super::{composer, header, messages, overlay, rooms, status, welcome};

/// Paints the state that `layout` has settled; returns where the cursor stands, if it is shown.
pub fn paint(state: &State, area: Rect, buffer: &mut Buffer) -> Option<Position> {
    let mut canvas = Canvas::new(buffer, area, &state.options.theme);
    let glyphs = Glyphs::new(state.options.ascii);
    rooms::paint(state, &mut canvas, glyphs);
    header::paint(state, &mut canvas, glyphs);
    if state.open_room().is_some() {
        messages::paint(state, &mut canvas, glyphs);
    } else {
        welcome::paint(state, &mut canvas, glyphs);
    }
    let cursor = composer::paint(state, &mut canvas, glyphs);
    status::paint(state, &mut canvas, glyphs);
    let cursor = match state.overlay {
        Some(_) => overlay::paint(state, &mut canvas, glyphs),
        None => cursor.filter(|_| state.focus == Focus::Composer).map(Position::from),
    };
    // On a screen too small for what it belongs to, there is no cursor.
    cursor.filter(|cursor| area.contains(*cursor))
}
