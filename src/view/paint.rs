//! One frame: which parts of the screen are painted, and in which order.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::app::{Focus, Options, Region, Scene, State};
use crate::config::Bidi;

use super::canvas::{Canvas, LinkRun};
use super::glyphs::Glyphs;
use super::{
    activity, call, completion, composer, curtain, header, latency, members, messages, overlays, rooms, status, tile,
    welcome,
};

/// Paints the state like [`paint_with_links`], for terminals without links.
pub fn paint(state: &State, area: Rect, buffer: &mut Buffer) -> Option<Position> {
    paint_with_links(state, area, buffer).0
}

/// Paints the state after `app::layout`; returns the cursor position if the cursor is visible, and the links
/// on screen.
///
/// `area` is the whole screen. If `buffer` covers only a part of the screen, only that part is painted, so that a
/// change in the composer does not repaint everything.
pub fn paint_with_links(state: &State, area: Rect, buffer: &mut Buffer) -> (Option<Position>, Vec<LinkRun>) {
    let scene = state.scene();
    let mut canvas = Canvas::new(buffer, area, &scene.options.theme);
    for scene in state.other_tiles() {
        let Region { x, y, width, height } = scene.area();
        // With the line to its right. Its cursor is where the user cannot type.
        canvas.set_bounds(Rect::new(x, y, width + 1, height));
        paint_account(scene, &mut canvas);
    }
    canvas.set_bounds(area);
    let mut cursor = paint_account(scene, &mut canvas);
    // What is read out stays in the order in which it is read.
    if scene.options.bidi == Bidi::Program && !scene.options.linear {
        cursor = canvas.reorder_rtl(cursor);
    }
    let links = std::mem::take(&mut canvas.links);
    match scene.options {
        Options { ascii: true, .. } => canvas.replace_non_ascii(),
        Options { linear: true, .. } => {}
        Options { isolates: true, bidi, .. } => canvas.enclose_rtl(*bidi),
        _ => {}
    }
    // On a screen that is too small for the text field, the cursor is hidden.
    (cursor.filter(|cursor| area.contains(*cursor)), links)
}

/// Paints the screen of an account; returns the cursor position if the cursor is visible.
fn paint_account(scene: Scene<'_>, canvas: &mut Canvas<'_>) -> Option<Position> {
    let glyphs = Glyphs::new(scene.options.ascii);
    let regions = &scene.ui.regions;
    if canvas.touches(regions.title) {
        tile::paint(scene, canvas, glyphs);
    }
    if canvas.touches(regions.call) {
        call::paint(scene, canvas, glyphs);
    }
    if canvas.touches(regions.rooms) || canvas.touches(regions.divider) {
        rooms::paint(scene, canvas, glyphs);
    }
    if canvas.touches(regions.members) || canvas.touches(regions.members_divider) {
        members::paint(scene, canvas, glyphs);
    }
    if canvas.touches(regions.header) || canvas.touches(regions.header_rule) || canvas.touches(regions.composer_rule) {
        header::paint(scene, canvas, glyphs);
    }
    let is_hidden = curtain::is_drawn(scene);
    if is_hidden {
        curtain::paint(scene, canvas);
    } else if canvas.touches(regions.messages) || canvas.touches(regions.typing) {
        if let Some(room) = scene.open_room() {
            messages::paint(scene, room, canvas, glyphs);
            activity::paint(scene, room, canvas, glyphs);
        } else {
            welcome::paint(scene, canvas, glyphs);
        }
    }
    let mut cursor = None;
    if !is_hidden {
        cursor = composer::paint(scene, canvas, glyphs);
        completion::paint(scene, canvas, glyphs);
    }
    if canvas.touches(regions.latency) {
        latency::paint(scene, canvas, glyphs);
    }
    if canvas.touches(regions.status) {
        status::paint(scene, canvas, glyphs);
    }
    match scene.ui.overlay {
        _ if is_hidden => None,
        Some(_) => overlays::paint(scene, canvas, glyphs),
        None => cursor.filter(|_| scene.ui.focus == Focus::Composer).map(Position::from),
    }
}
