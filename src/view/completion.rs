//! The completion popup above the composer.

use crate::app::{CompletionRow, Label, Region, Scene, WordKind, has_border, inside};
use crate::config::Role;
use crate::input::{COMMANDS, CommandId, CommandSpec};

use super::canvas::Canvas;
use super::glyphs::Glyphs;
use super::name_row::{NameRow, name_cells};
use super::overlays::{draw_box, mark_rows_below};

/// Cells of an emoji and the blank after it.
const ICON: u16 = 3;

pub(super) fn paint(scene: Scene<'_>, canvas: &mut Canvas<'_>, glyphs: Glyphs) {
    let area = scene.ui.regions.completion;
    let Some(popup) = scene.ui.completion.popup.as_ref().filter(|_| area.height > 0 && canvas.touches(area)) else {
        return;
    };
    if has_border(area) {
        draw_box(canvas, glyphs, area, &title(popup.completed.kind));
    } else {
        canvas.clear(area);
    }
    let inside = inside(area);
    let last = popup.visible(area).last().map_or(0, |(index, _)| index + 1);
    mark_rows_below(canvas, area, popup.rows.len() - last);
    let has_icons = !scene.options.ascii && popup.rows.iter().any(|row| !row.candidate.icon.is_empty());
    let label_cells =
        popup.visible(area).map(|(index, _)| name_cells(&label(&popup.rows[index]))).max().unwrap_or_default();
    // Descriptions begin in one column, unless a long name would push them off the popup.
    let label_cells = label_cells.min(inside.width / 2);
    for (note, y) in popup.note_rows(inside).iter().zip(inside.y..inside.y + inside.height) {
        canvas.put(inside.x, y, note, inside.width, canvas.style(Role::Dim));
    }
    for (index, region) in popup.visible(area) {
        paint_row(canvas, &popup.rows[index], region, label_cells, has_icons);
        if index == popup.selected {
            let style = canvas.style(Role::Selection);
            canvas.tint(region, style);
        }
    }
}

fn paint_row(canvas: &mut Canvas<'_>, row: &CompletionRow, mut area: Region, detail_column: u16, has_icons: bool) {
    let candidate = &row.candidate;
    if has_icons {
        let (icon, text) = (area.take_left(ICON), canvas.style(Role::Text));
        canvas.put(icon.x, icon.y, candidate.icon, icon.width.min(ICON - 1), text);
    }
    let (label, detail, hint) = (label(row), &*candidate.detail, &*candidate.hint);
    NameRow { label, matched: &row.matched, detail, detail_column, hint }.paint(canvas, area);
}

fn label(row: &CompletionRow) -> Label<'_> {
    Label { name: &row.candidate.label, mark: (&*row.candidate.mark).into() }
}

/// The title of the popup; for an argument, how the command is used.
fn title(kind: WordKind) -> String {
    match kind {
        WordKind::Command => "Commands".to_owned(),
        WordKind::Mention | WordKind::Name => "People".to_owned(),
        WordKind::Emoji => "Emoji".to_owned(),
        WordKind::Argument(command, _, _) => usage(command),
        WordKind::SavePath => "Files and folders".to_owned(),
    }
}

fn usage(id: CommandId) -> String {
    COMMANDS.iter().find(|command| command.id == id).map(CommandSpec::usage).unwrap_or_default()
}
