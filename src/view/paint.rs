//! One frame: which parts of the screen are painted, and in which order.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::app::{Focus, State};

use super::canvas::Canvas;
use super::glyphs::Glyphs;
use super::{activity, call, composer, header, messages, overlays, rooms, status, welcome};

/// Paints the state after `app::layout`; returns the cursor position if the cursor is visible.
///
/// `area` is the whole screen. A buffer that covers only a part of it receives that part, so that a change in the composer
/// need not repaint everything.
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
        if let Some(room) = state.open_room() {
            messages::paint(state, room, &mut canvas, glyphs);
            activity::paint(state, room, &mut canvas, glyphs);
        } else {
            welcome::paint(state, &mut canvas, glyphs);
        }
    }
    let cursor = composer::paint(state, &mut canvas, glyphs);
    if canvas.touches(areas.status) {
        status::paint(state, &mut canvas, glyphs);
    }
    let cursor = match state.overlay {
        Some(_) => overlays::paint(state, &mut canvas, glyphs),
        None => cursor.filter(|_| state.focus == Focus::Composer).map(Position::from),
    };
    if !state.options.ascii {
        canvas.finish();
    }
    // On a screen too small for its text field the cursor is hidden.
    cursor.filter(|cursor| area.contains(*cursor))
}
