//! Lines of the help overlay, generated from the live key bindings and the command table.

use crate::app::model::context::Scene;
use crate::app::overlays::component::HelpSection;
use crate::app::overlays::help::Help;
use crate::app::overlays::overlay::Overlay;
use crate::input::{Action, COMMANDS, Context as KeyContext, Keymap};
use crate::text::wrap;

/// Maximum width of the column of keys, in cells.
const KEYS_WIDTH: usize = 31;

/// Minimum number of blank cells between the columns.
const COLUMN_GAP: usize = 1;

/// Number of overlays from which on a row that they share is listed only once.
const SHARED: usize = 4;

/// Heading of the rows that several overlays share.
const SHARED_HEADING: &str = "In lists and other boxes";

/// One line of the help.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HelpLine {
    /// Heading of the lines that follow.
    Heading(&'static str),
    /// Line of the description of a problem.
    Note(String),
    /// Key or command with its description, or a further row of one.
    Entry {
        /// Keys separated by commas, or the command with its arguments.
        keys: String,
        /// Description.
        help: &'static str,
    },
}

/// Returns all lines of the help, in order, wrapped to the width of the box.
pub fn help_lines(scene: Scene<'_>) -> Vec<HelpLine> {
    let keymap = &scene.options.keymap;
    let cells = Help::text_cells(scene.ui.size);
    let contexts = [KeyContext::Anywhere, KeyContext::EmptyComposer, KeyContext::Composer, KeyContext::Message];
    let mut lines = Vec::new();
    if let Some(problem) = scene.account.persistence.problem() {
        // The status line shows only the beginning of the problem.
        lines.push(HelpLine::Heading("Saving to disk"));
        let rows = wrap(problem, cells.saturating_sub(1)).into_iter();
        lines.extend(rows.map(|row| HelpLine::Note(problem[row.start as usize..row.end as usize].to_owned())));
    }
    for context in contexts {
        let offered = Action::all().filter(|action| action.context() == context && scene.account.offers(*action));
        add_section(
            &mut lines,
            context.heading(),
            entries(keymap, offered.map(|action| (action, action.help()))),
            cells,
        );
    }
    for section in overlay_sections() {
        let offered = section.rows.into_iter().filter(|(action, _)| scene.account.offers(*action));
        add_section(&mut lines, section.heading, entries(keymap, offered), cells);
    }
    let commands = COMMANDS.iter().filter(|command| scene.account.offers_command(command));
    let commands = commands.map(|command| (command.usage(), command.help)).collect();
    add_section(&mut lines, "Commands", commands, cells);
    lines
}

/// Returns the column of the descriptions in a box of this width.
pub fn help_column(cells: usize) -> usize {
    (cells / 2).min(KEYS_WIDTH)
}

/// Adds a heading and its entries, whose columns are wrapped. A section without entries is left out.
fn add_section(lines: &mut Vec<HelpLine>, heading: &'static str, entries: Vec<(String, &'static str)>, cells: usize) {
    if entries.is_empty() {
        return;
    }
    lines.push(HelpLine::Heading(heading));
    let column = help_column(cells);
    for (keys, help) in entries {
        // The keys are indented by one cell.
        let keys_rows = wrap(&keys, column.saturating_sub(1 + COLUMN_GAP));
        let help_rows = wrap(help, cells.saturating_sub(column));
        for row in 0..keys_rows.len().max(help_rows.len()) {
            let keys = keys_rows.get(row).map_or("", |row| &keys[row.start as usize..row.end as usize]);
            let help = help_rows.get(row).map_or("", |row| &help[row.start as usize..row.end as usize]);
            lines.push(HelpLine::Entry { keys: keys.to_owned(), help });
        }
    }
}

/// Returns the sections of the overlays. The rows that most of them share are in a section of their own.
fn overlay_sections() -> Vec<HelpSection> {
    let mut sections = Vec::from(Overlay::help_sections());
    let mut shared = HelpSection { heading: SHARED_HEADING, rows: Vec::new() };
    for row in sections.iter().flat_map(|section| &section.rows) {
        let count = sections.iter().filter(|section| section.rows.contains(row)).count();
        if count >= SHARED && !shared.rows.contains(row) {
            shared.rows.push(*row);
        }
    }
    for section in &mut sections {
        section.rows.retain(|row| !shared.rows.contains(row));
    }
    sections.insert(0, shared);
    sections
}

/// Returns the keys and the description of actions that have a key. Consecutive actions with the same description share
/// a line.
fn entries(keymap: &Keymap, rows: impl Iterator<Item = (Action, &'static str)>) -> Vec<(String, &'static str)> {
    let mut grouped: Vec<(Vec<String>, &'static str)> = Vec::new();
    for (action, help) in rows {
        let keys: Vec<String> = keymap.keys(action).iter().map(|key| keymap.show(*key)).collect();
        match grouped.last_mut() {
            Some((known, last)) if *last == help => known.extend(keys),
            _ => grouped.push((keys, help)),
        }
    }
    grouped.retain(|(keys, _)| !keys.is_empty());
    grouped.into_iter().map(|(keys, help)| (keys.join(", "), help)).collect()
}
