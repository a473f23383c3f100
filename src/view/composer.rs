//! The composer: the text being written with its prompt and cursor, or the reason why the room accepts no messages.

use crate::app::{PROMPT, Region, Scene};
use crate::config::Role;
use crate::input::Action;
use crate::text::wrap;

use super::canvas::Canvas;
use super::glyphs::Glyphs;

/// Paints the composer; returns the column and row of the cursor if it is on screen.
pub(super) fn paint(scene: Scene<'_>, canvas: &mut Canvas<'_>, glyphs: Glyphs) -> Option<(u16, u16)> {
    let area = scene.ui.regions.composer;
    if area.height == 0 || area.width <= PROMPT {
        return None;
    }
    if scene.ui.composer.is_empty()
        && let Some(reason) = scene.closed_reason()
    {
        // No prompt and no cursor, since only commands can be typed here.
        paint_closed(canvas, area, &reason);
        return None;
    }
    let editing = scene.ui.composer.editing.is_some();
    let prompt = if editing { glyphs.editing() } else { glyphs.prompt() };
    let accent = canvas.style(Role::Accent);
    canvas.put(area.x, area.y, prompt, PROMPT, accent);
    let (x, width) = (area.x + PROMPT, area.width - PROMPT);
    if scene.ui.composer.is_empty() {
        let placeholder = placeholder(scene, glyphs);
        let dim = canvas.style(Role::Dim);
        canvas.put(x, area.y, &placeholder, width, dim);
    }
    let cells = scene.ui.regions.composer_cells();
    let text = canvas.style(Role::Text);
    let first = scene.ui.regions.first_composer_row;
    for (row, y) in scene.ui.composer.rows(cells).iter().skip(first).zip(area.y..area.y + area.height) {
        let line = &scene.ui.composer.lines()[row.line];
        canvas.put(x, y, &line[row.bytes.start as usize..row.bytes.end as usize], width, text);
    }
    let (row, column) = scene.ui.composer.cursor(cells);
    let y = u16::try_from(row.checked_sub(first)?).ok().filter(|row| *row < area.height)? + area.y;
    Some(((x + u16::try_from(column).unwrap_or(width)).min(area.x + area.width - 1), y))
}

fn paint_closed(canvas: &mut Canvas<'_>, area: Region, reason: &str) {
    let dim = canvas.style(Role::Dim);
    let width = area.width - PROMPT;
    for (row, y) in wrap(reason, usize::from(width).max(1)).into_iter().zip(area.y..area.y + area.height) {
        canvas.put(area.x + PROMPT, y, &reason[row.start as usize..row.end as usize], width, dim);
    }
}

fn placeholder(scene: Scene<'_>, glyphs: Glyphs) -> String {
    match scene.open_room() {
        Some(_) if scene.ui.composer.reply.is_some() => format!("Reply{}", glyphs.dots()),
        Some(room) => format!("Message {}{}", scene.account.room_label(room), glyphs.dots()),
        None => match scene.options.keymap.shown(Action::Switcher).as_str() {
            "" => "Type /help for keys and commands".to_owned(),
            key => format!("Press {key} for rooms and commands"),
        },
    }
}
