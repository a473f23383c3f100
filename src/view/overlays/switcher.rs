//! The quick switcher: a text field, and below it the matching rooms, people and commands.

use ratatui::layout::Position;

use crate::app::{Label, Region, Scene, Switcher, SwitcherResult};
use crate::config::Role;

use super::{frame, query};
use crate::view::canvas::Canvas;
use crate::view::glyphs::Glyphs;
use crate::view::name_row::NameRow;

pub(super) fn paint(
    scene: Scene<'_>,
    canvas: &mut Canvas<'_>,
    glyphs: Glyphs,
    switcher: &Switcher,
) -> Option<Position> {
    let inside = frame::draw(scene, canvas, glyphs, switcher.purpose.title());
    if inside.height == 0 {
        return None;
    }
    let dim = canvas.style(Role::Dim);
    let cursor = query::paint(canvas, glyphs, Region { height: 1, ..inside }, &switcher.query);
    let results = switcher.results_region(inside);
    for (row, y) in switcher.note().iter().zip(inside.y + 1..results.y) {
        canvas.put(inside.x, y, row, inside.width, dim);
    }
    for (index, region) in switcher.visible(inside) {
        let SwitcherResult { entry, matched } = &switcher.results[index];
        let label = Label { name: &entry.label, mark: (&*entry.mark).into() };
        NameRow { label, matched, detail: &entry.detail, detail_column: 0, hint: &entry.hint }.paint(canvas, region);
        if index == switcher.selected {
            let style = canvas.style(Role::Selection);
            canvas.tint(region, style);
        }
    }
    let last = switcher.visible(inside).last().map_or(0, |(index, _)| index + 1);
    frame::mark_rows_below(canvas, scene.ui.regions.overlay, switcher.results.len() - last);
    if switcher.results.is_empty() && results.height > 0 {
        canvas.put(results.x, results.y, "No matches", results.width, dim);
    }
    Some(cursor)
}
