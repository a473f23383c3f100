//! A frame.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::app::{Focus, State};

use super::canvas::Canvas;
use super::glyphs::Glyphs;
use super::{call, composer, header, messages, overlay, rooms, status, welcome};

/// Paints the state that `layout` has settled; returns where the cursor stands, if it is shown. A buffer that covers only
/// a part of `area` gets that part.
pub fn paint(state: &State, area: Rect, buffer: &mut Buffer) -> Option<Position> {
    let mut canvas = Canvas::new(buffer, area, &state.options.theme);
    let glyphs = Glyphs::new(state.options.ascii);
    let areas = &state.areas;
    if canvas.touches(areas.call) {
        call::paint(state, &mut canvas, glyphs);
    }
    if canvas.touches(areas.rooms) || canvas.touches(areas.divider) {
        rooms::paint(state, &mut canvas, glyphs);
    }
    if canvas.touches(areas.header) || canvas.touches(areas.header_rule) || canvas.touches(areas.composer_rule) {
        header::paint(state, &mut canvas, glyphs);
    }
    if canvas.touches(areas.messages) || canvas.touches(areas.typing) {
        if state.open_room().is_some() {
            messages::paint(state, &mut canvas, glyphs);
        } else {
            welcome::paint(state, &mut canvas, glyphs);
        }
    }
    let cursor = composer::paint(state, &mut canvas, glyphs);
    if canvas.touches(areas.status) {
        status::paint(state, &mut canvas, glyphs);
    }
    let cursor = match state.overlay {
        Some(_) => overlay::paint(state, &mut canvas, glyphs),
        None => cursor.filter(|_| state.focus == Focus::Composer).map(Position::from),
    };
    if !state.options.ascii {
        canvas.finish();
    }
    // On a screen too small for what it belongs to, there is no cursor.
    cursor.filter(|cursor| area.contains(*cursor))
}
