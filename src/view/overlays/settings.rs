//! The settings: options with their values and origins, or the values of one option.

use ratatui::layout::Position;

use crate::app::{Region, Scene, SettingEditor, SettingsPage};
use crate::config::Role;
use crate::text::wrap;

use super::{frame, query};
use crate::view::canvas::Canvas;
use crate::view::glyphs::Glyphs;

/// Columns for the keys of the options.
const KEY_WIDTH: u16 = 18;

/// Columns for the origins of the values.
const ORIGIN_WIDTH: u16 = 22;

/// Minimum width of the box inside at which the origins have a column of their own.
const MIN_WIDTH_ORIGINS: u16 = 56;

pub(super) fn paint(
    scene: Scene<'_>,
    canvas: &mut Canvas<'_>,
    glyphs: Glyphs,
    page: &SettingsPage,
) -> Option<Position> {
    let option = page.selected().map(|selected| selected.option);
    let title = option.filter(|_| page.editor.is_some()).map_or("Settings", |option| option.key);
    let inside = frame::draw(scene, canvas, glyphs, title);
    frame::mark_rows_below(canvas, scene.ui.regions.overlay, page.rows_below(inside));
    let help = option.map_or_else(String::new, |option| format!("{}.", option.help));
    let note = match &page.editor {
        Some(SettingEditor::Text { error: Some(error), .. }) => (error.clone(), Role::Error),
        Some(SettingEditor::Text { .. }) => {
            let default = option.map_or("", |option| option.default);
            (format!("{help} If empty: {default}."), Role::Dim)
        }
        Some(SettingEditor::Choices { .. }) | None => (help, Role::Dim),
    };
    paint_note(canvas, inside, page, &note.0, note.1);
    match &page.editor {
        Some(SettingEditor::Text { input, .. }) => {
            let field = Region { height: inside.height.min(1), ..inside };
            (field.height > 0).then(|| query::paint(canvas, glyphs, field, input))
        }
        Some(SettingEditor::Choices { values, selected, .. }) => {
            paint_values(canvas, inside, page, values, *selected);
            None
        }
        None => {
            let field = Region { height: inside.height.min(1), ..inside };
            let filter = page.filter.as_ref().filter(|_| field.height > 0);
            paint_options(canvas, inside, page);
            filter.map(|filter| query::paint(canvas, glyphs, field, filter))
        }
    }
}

fn paint_options(canvas: &mut Canvas<'_>, inside: Region, page: &SettingsPage) {
    let (text, dim) = (canvas.style(Role::Text), canvas.style(Role::Dim));
    let has_origins = inside.width >= MIN_WIDTH_ORIGINS;
    if page.shown.is_empty() {
        let list = page.list_area(inside);
        canvas.put(list.x, list.y, "No matches", if list.height > 0 { list.width } else { 0 }, dim);
    }
    for (index, region) in page.visible(inside) {
        let row = &page.rows[page.shown[index]];
        let value = region.x + KEY_WIDTH.min(region.width);
        let origin = (region.x + region.width).saturating_sub(if has_origins { ORIGIN_WIDTH } else { 0 });
        canvas.put(region.x, region.y, row.option.key, KEY_WIDTH - 1, text);
        canvas.put(value, region.y, &row.value, origin.saturating_sub(value + 1), text);
        if has_origins {
            let origin = Region { x: origin, width: ORIGIN_WIDTH, ..region };
            canvas.put_right(origin, region.y, &row.origin, dim);
        }
        if index == page.selected {
            let style = canvas.style(Role::Selection);
            canvas.tint(region, style);
        }
    }
}

fn paint_values(
    canvas: &mut Canvas<'_>,
    inside: Region,
    page: &SettingsPage,
    values: &[Option<String>],
    selected: usize,
) {
    let (text, dim) = (canvas.style(Role::Text), canvas.style(Role::Dim));
    let default = page.selected().map_or("", |row| row.option.default);
    for (index, region) in page.visible(inside) {
        match &values[index] {
            Some(value) => canvas.put(region.x, region.y, value, region.width, text),
            None => canvas.put(region.x, region.y, &format!("default ({default})"), region.width, dim),
        };
        if index == selected {
            let style = canvas.style(Role::Selection);
            canvas.tint(region, style);
        }
    }
}

/// Paints the sentences below the list.
fn paint_note(canvas: &mut Canvas<'_>, inside: Region, page: &SettingsPage, note: &str, role: Role) {
    let list = page.list_area(inside);
    let style = canvas.style(role);
    let first = list.y + list.height + 1;
    let rows = wrap(note, usize::from(inside.width).max(1));
    for (row, y) in rows.iter().zip(first..inside.y + inside.height) {
        canvas.put(inside.x, y, &note[row.start as usize..row.end as usize], inside.width, style);
    }
}
