//! Lines of the help overlay, generated from the live key bindings and the command table.

use crate::app::model::context::Scene;
use crate::app::overlays::overlay::Overlay;
use crate::input::{Action, COMMANDS, Context as KeyContext, Keymap};
use crate::text::wrap;

/// Width of the lines that describe a problem, in columns.
const NOTE_WIDTH: usize = 72;

/// One line of the help.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HelpLine {
    /// Heading of the lines that follow.
    Heading(&'static str),
    /// Line of the description of a problem.
    Note(String),
    /// Key or command with its description.
    Entry {
        /// Keys separated by commas, or the command with its arguments.
        keys: String,
        /// Description.
        help: &'static str,
    },
}

/// Returns all lines of the help, in order.
pub fn help_lines(scene: Scene<'_>) -> Vec<HelpLine> {
    let keymap = &scene.options.keymap;
    let contexts = [KeyContext::Anywhere, KeyContext::EmptyComposer, KeyContext::Composer, KeyContext::Message];
    let mut lines = Vec::new();
    if let Some(problem) = scene.account.persistence.problem() {
        // The status line shows only the beginning of the problem.
        lines.push(HelpLine::Heading("Saving to disk"));
        let rows = wrap(problem, NOTE_WIDTH).into_iter();
        lines.extend(rows.map(|row| HelpLine::Note(problem[row.start as usize..row.end as usize].to_owned())));
    }
    for context in contexts {
        lines.push(HelpLine::Heading(context.heading()));
        let offered = Action::all().filter(|action| action.context() == context && scene.account.offers(*action));
        lines.extend(entries(keymap, offered.map(|action| (action, action.help()))));
    }
    for section in Overlay::help_sections() {
        lines.push(HelpLine::Heading(section.heading));
        lines.extend(entries(keymap, section.rows.into_iter().filter(|(action, _)| scene.account.offers(*action))));
    }
    lines.push(HelpLine::Heading("Commands"));
    lines.extend(
        COMMANDS
            .iter()
            .filter(|command| scene.account.offers_command(command))
            .map(|command| HelpLine::Entry { keys: command.usage(), help: command.help }),
    );
    lines
}

/// Returns the lines for actions that have a key. Consecutive actions with the same description share a line.
fn entries(keymap: &Keymap, rows: impl Iterator<Item = (Action, &'static str)>) -> Vec<HelpLine> {
    let mut grouped: Vec<(Vec<String>, &'static str)> = Vec::new();
    for (action, help) in rows {
        let keys: Vec<String> = keymap.keys(action).iter().map(|key| keymap.show(*key)).collect();
        match grouped.last_mut() {
            Some((known, last)) if *last == help => known.extend(keys),
            _ => grouped.push((keys, help)),
        }
    }
    grouped.retain(|(keys, _)| !keys.is_empty());
    grouped.into_iter().map(|(keys, help)| HelpLine::Entry { keys: keys.join(", "), help }).collect()
}
