//! Lines of the help overlay, generated from the live key bindings and the command table.

use crate::app::features::hints::hints_below_overlay;
use crate::app::features::overlay_hints::hints_of;
use crate::app::model::context::{Context, Scene};
use crate::app::model::terminal::Readout;
use crate::app::overlays::component::HelpSection;
use crate::app::overlays::help::Help;
use crate::app::overlays::overlay::Overlay;
use crate::config::MARKS;
use crate::input::{Action, COMMANDS, Context as KeyContext, Key, Keymap};
use crate::text::wrap;

/// Maximum width of the column of keys, in cells.
const KEYS_WIDTH: usize = 31;

/// Minimum number of blank cells between the columns.
const COLUMN_GAP: usize = 1;

/// Number of overlays from which on a row that they share is listed only once.
const SHARED: usize = 4;

/// Heading of the rows that several overlays share.
const SHARED_HEADING: &str = "In lists and other boxes";

/// Heading of the marks on the screen.
const MARKS_HEADING: &str = "Marks on the screen";

/// Heading of the problem with the store.
const PROBLEM: &str = "Saving to disk";

/// Heading of the keys that do something where the user is.
const NOW: &str = "Here and now";

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

/// Opens the help over everything else, with the entries that contain all `words`. It begins with the keys of the box that
/// it covers, which is open again afterwards. Where nothing is drawn, it is no box: its lines are said once.
pub(in crate::app) fn open(cx: &mut Context<'_>, words: &str) {
    if cx.options.linear {
        return cx.terminal.read_out(Readout::Help(words.to_owned()));
    }
    let covered = match cx.ui.overlay.take() {
        Some(Overlay::Help(_, covered)) => covered,
        other => other.map(Box::new),
    };
    cx.ui.overlay = Some(Overlay::Help(Help::filtered(words), covered));
}

/// Returns the lines of the help, in order, wrapped to the width of the box. While the open help has a filter, only
/// entries that contain all its words are returned.
pub fn help_lines(scene: Scene<'_>) -> Vec<HelpLine> {
    let width = Help::text_cells(scene.overlay_area().size());
    let filter = match &scene.ui.overlay {
        Some(Overlay::Help(Help { filter: Some(filter), .. }, _)) => filter.text.to_lowercase(),
        _ => String::new(),
    };
    let words: Vec<&str> = filter.split_whitespace().collect();
    let mut lines = Vec::new();
    if let Some(problem) = scene.account.persistence.problem() {
        // The status line shows only the beginning of the problem.
        lines.push(HelpLine::Heading(PROBLEM));
        let rows = wrap(problem, width.saturating_sub(1)).into_iter();
        lines.extend(rows.map(|row| HelpLine::Note(problem[row.start as usize..row.end as usize].to_owned())));
    }
    for section in sections(scene).into_iter().filter_map(|section| section.matching(&words)) {
        add_section(&mut lines, section, width);
    }
    lines
}

/// Returns the help as lines of any width, for those who read it one line after the other. Only entries that contain all
/// `words` are returned.
pub fn help_text(scene: Scene<'_>, words: &str) -> Vec<String> {
    let words = words.to_lowercase();
    let words: Vec<&str> = words.split_whitespace().collect();
    let problem = scene.account.persistence.problem().filter(|_| words.is_empty());
    let problem = problem.map(|problem| format!("{PROBLEM}: {problem}"));
    // Nothing is drawn there, so there are no marks.
    let sections = sections(scene).into_iter().filter(|section| section.heading != MARKS_HEADING);
    let sections = sections.filter_map(|section| section.matching(&words));
    let sections = sections.flat_map(|Section { heading, entries }| {
        let entries = entries.into_iter().map(|(keys, help)| format!("  {keys}: {help}"));
        std::iter::once(format!("{heading}:")).chain(entries)
    });
    problem.into_iter().chain(sections).collect()
}

/// A part of the help.
struct Section {
    heading: &'static str,
    /// Keys or commands, each with its description.
    entries: Vec<(String, &'static str)>,
}

impl Section {
    /// Returns the section with those of its entries that contain all `words`, which are in lower case, or with all if
    /// only the heading does. `None` if nothing does.
    fn matching(mut self, words: &[&str]) -> Option<Self> {
        let matches = |text: String| words.iter().all(|word| text.to_lowercase().contains(word));
        let matching = |(keys, help): &(String, &str)| matches(format!("{keys} {help}"));
        if self.entries.iter().any(matching) || !matches(self.heading.to_owned()) {
            self.entries.retain(matching);
        }
        (!self.entries.is_empty()).then_some(self)
    }
}

/// Returns the sections of the help that have entries.
fn sections(scene: Scene<'_>) -> Vec<Section> {
    let keymap = &scene.options.keymap;
    let contexts = [
        KeyContext::Anywhere,
        KeyContext::Ringing,
        KeyContext::EmptyComposer,
        KeyContext::Composer,
        KeyContext::Selection,
        KeyContext::Completion,
        KeyContext::Message,
        KeyContext::Rooms,
    ];
    let mut all: Vec<Section> =
        here_and_now(scene).into_iter().map(|(heading, entries)| Section { heading, entries }).collect();
    for context in contexts {
        let offered = Action::all().filter(|action| action.context() == context && scene.account.offers(*action));
        let entries = entries(keymap, offered.map(|action| (action, action.help())));
        all.push(Section { heading: context.heading(), entries });
    }
    // The sections of the covered box are above already.
    let shown: Vec<&str> = all.iter().filter(|section| !section.entries.is_empty()).map(|s| s.heading).collect();
    let others: Vec<HelpSection> =
        overlay_sections().into_iter().filter(|section| !shown.contains(&section.heading)).collect();
    for HelpSection { heading, rows } in others {
        let offered = rows.into_iter().filter(|(action, _)| scene.account.offers(*action));
        all.push(Section { heading, entries: entries(keymap, offered) });
    }
    let marks = MARKS.iter().map(|mark| (mark.symbol(scene.options.ascii).to_owned(), mark.help)).collect();
    all.push(Section { heading: MARKS_HEADING, entries: marks });
    let commands = COMMANDS.iter().filter(|command| scene.account.offers_command(command));
    let commands = commands.map(|command| (command.usage(), command.help)).collect();
    all.push(Section { heading: "Commands", entries: commands });
    all.retain(|section| !section.entries.is_empty());
    all
}

/// Returns the keys that do something where the user is, the most useful first: those of the box that the help covers,
/// or else those of what has the focus.
fn here_and_now(scene: Scene<'_>) -> Vec<(&'static str, Vec<(String, &'static str)>)> {
    let keymap = &scene.options.keymap;
    let covered = match &scene.ui.overlay {
        Some(Overlay::Help(_, covered)) => covered.as_deref(),
        // Where nothing is drawn, the help covers nothing.
        open => open.as_ref(),
    };
    let Some(covered) = covered else {
        let hints = hints_below_overlay(scene).into_iter();
        let hints = hints.filter(|hint| hint.action != Action::Help).map(|hint| hint.action);
        // Parts of the screen that have no keys of their own but one that hides them.
        let (has_latency, has_members) = (scene.terminal.latency.is_some(), scene.ui.regions.members.width > 0);
        let parts = [has_latency.then_some(Action::Latency), has_members.then_some(Action::ToggleMembers)];
        let actions = hints.chain(parts.into_iter().flatten());
        return vec![(NOW, entries(keymap, actions.map(|action| (action, action.help()))))];
    };
    let own = covered.own_help();
    // A key of all lists may have another meaning in this one.
    let is_own = |action: Action, key: Key| covered.action(keymap, key) == Some(action);
    let help = |action: Action| own.iter().flat_map(|section| &section.rows).find(|(known, _)| *known == action);
    let now: Vec<(Action, &str)> =
        hints_of(scene, covered).into_iter().filter_map(|(action, _)| help(action).copied()).collect();
    let others = own.iter().map(|section| {
        let rows = section.rows.iter().copied().filter(|row| !now.contains(row));
        let offered = rows.filter(|(action, _)| scene.account.offers(*action));
        (section.heading, entries_with(keymap, offered, is_own))
    });
    std::iter::once((NOW, entries_with(keymap, now.iter().copied(), is_own))).chain(others).collect()
}

/// Returns the column of the descriptions in a box of this width.
pub fn help_column(cells: usize) -> usize {
    (cells / 2).min(KEYS_WIDTH)
}

/// Adds a heading and its entries, whose columns are wrapped to a box of this width.
fn add_section(lines: &mut Vec<HelpLine>, Section { heading, entries }: Section, width: usize) {
    lines.push(HelpLine::Heading(heading));
    let column = help_column(width);
    for (keys, help) in entries {
        // The keys are indented by one cell.
        let keys_rows = wrap(&keys, column.saturating_sub(1 + COLUMN_GAP));
        let help_rows = wrap(help, width.saturating_sub(column));
        for row in 0..keys_rows.len().max(help_rows.len()) {
            let keys = keys_rows.get(row).map_or("", |row| &keys[row.start as usize..row.end as usize]);
            let help = help_rows.get(row).map_or("", |row| &help[row.start as usize..row.end as usize]);
            lines.push(HelpLine::Entry { keys: keys.to_owned(), help });
        }
    }
}

/// Returns the sections of the overlays. The rows that most of them share are in a section of their own.
fn overlay_sections() -> Vec<HelpSection> {
    let mut sections = Overlay::help_sections();
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
    entries_with(keymap, rows, |_, _| true)
}

/// Like [`entries`], with those of the keys for which `is_shown` is true.
fn entries_with(
    keymap: &Keymap,
    rows: impl Iterator<Item = (Action, &'static str)>,
    is_shown: impl Fn(Action, Key) -> bool,
) -> Vec<(String, &'static str)> {
    let mut grouped: Vec<(Vec<String>, &'static str)> = Vec::new();
    for (action, help) in rows {
        let keys = keymap.keys(action).iter().filter(|key| is_shown(action, **key));
        let keys: Vec<String> = keys.map(|key| keymap.show(*key)).collect();
        match grouped.last_mut() {
            Some((known, last)) if *last == help => known.extend(keys),
            _ => grouped.push((keys, help)),
        }
    }
    grouped.retain(|(keys, _)| !keys.is_empty());
    grouped.into_iter().map(|(keys, help)| (keys.join(", "), help)).collect()
}
