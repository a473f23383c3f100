//! The composer: the text being written with its prompt and cursor, or the reason why the room accepts no messages.

use crate::app::{Composer, PROMPT, Region, Scene};
use crate::config::Role;
use crate::domain::{Feature, RoomKind, format_limit};
use crate::input::Action;
use crate::text::{Row, is_rtl_line, wrap};

use super::canvas::{Canvas, cells};
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
    let row_cells = scene.ui.regions.composer_cells();
    let text = canvas.style(Role::Text);
    let first = scene.ui.regions.first_composer_row;
    let composer = &scene.ui.composer;
    for (row, y) in composer.rows(row_cells).iter().skip(first).zip(area.y..area.y + area.height) {
        let (start, end) = (row.start as usize, row.end as usize);
        let after = canvas.put(x, y, &composer.text()[start..end], width, text);
        canvas.unite_rtl(y, x, after, is_rtl_line(composer.text(), start));
        paint_selection(composer, row, Region { x, y, width, height: 1 }, canvas);
    }
    let (row, column) = scene.ui.composer.cursor(row_cells);
    let y = u16::try_from(row.checked_sub(first)?).ok().filter(|row| *row < area.height)? + area.y;
    Some(((x + u16::try_from(column).unwrap_or(width)).min(area.x + area.width - 1), y))
}

/// Paints the selected part of a row. A selected line break or blank at its end is one cell.
fn paint_selection(composer: &Composer, row: &Row, area: Region, canvas: &mut Canvas<'_>) {
    let Some(selected) = composer.selection() else { return };
    let (start, end) = (row.start as usize, row.end as usize);
    let part = selected.start.max(start)..selected.end.min(end);
    let goes_on = selected.start <= end && selected.end > end;
    if part.start > part.end || part.is_empty() && !goes_on {
        return;
    }
    let left = cells(&composer.text()[start..part.start]);
    let wide = (cells(&composer.text()[part]) + u16::from(goes_on)).min(area.width.saturating_sub(left));
    let style = canvas.style(Role::Selection);
    canvas.tint(Region { x: area.x + left, width: wide, ..area }, style);
}

fn paint_closed(canvas: &mut Canvas<'_>, area: Region, reason: &str) {
    let dim = canvas.style(Role::Dim);
    let width = area.width - PROMPT;
    for (row, y) in wrap(reason, usize::from(width).max(1)).into_iter().zip(area.y..area.y + area.height) {
        canvas.put(area.x + PROMPT, y, &reason[row.start as usize..row.end as usize], width, dim);
    }
}

/// Describes what is not visible: rows above and below, and how much still fits if that is little. Empty if all is
/// well.
pub(super) fn describe(scene: Scene<'_>, glyphs: Glyphs) -> String {
    let (above, below) = (scene.ui.regions.first_composer_row, scene.ui.regions.composer_rows_below);
    let left = scene.ui.composer.space_left().map(|left| format!("{} left", format_limit(left as u64)));
    let rows = |count: usize, place| (count > 0).then(|| format!("{count} {place}"));
    let parts = [rows(above, "above"), rows(below, "below"), left];
    parts.into_iter().flatten().collect::<Vec<_>>().join(&format!(" {} ", glyphs.dot()))
}

fn placeholder(scene: Scene<'_>, glyphs: Glyphs) -> String {
    let is_unsent = scene.ui.composer.edited_send().is_some();
    match scene.open_room() {
        Some(_) if is_unsent || (scene.ui.composer.editing.is_some() && scene.account.can(Feature::Delete)) => {
            let (key, verb) =
                (scene.options.keymap.shown(Action::Send), if is_unsent { "discards" } else { "deletes" });
            if key.is_empty() { format!("New text{}", glyphs.dots()) } else { format!("{key} {verb} the message") }
        }
        Some(_) if scene.ui.composer.editing.is_some() => format!("New text{}", glyphs.dots()),
        Some(_) if scene.ui.composer.reply.is_some() => format!("Reply{}", glyphs.dots()),
        // Each member gets the message as a direct message, and answers in private.
        Some(room) if room.info.kind == RoomKind::Broadcast => {
            format!("Message {} (each member gets it){}", scene.account.room_label(room), glyphs.dots())
        }
        Some(room) => format!("Message {}{}", scene.account.room_label(room), glyphs.dots()),
        None => match scene.options.keymap.shown(Action::Switcher).as_str() {
            "" => "Type /help for keys and commands".to_owned(),
            key => format!("Press {key} for rooms and commands"),
        },
    }
}
