//! The help, made from the live bindings and the command table.

use crate::app::model::context::Scene;
use crate::input::{Action, COMMANDS, Context as KeyContext, Key};
use crate::text::wrap;

/// How wide a line of what is amiss is.
const NOTE: usize = 72;

/// A line of the help.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HelpLine {
    /// What the next lines are about.
    Heading(&'static str),
    /// A line of what is amiss.
    Note(String),
    /// A key or command, and what it does.
    Entry {
        /// The keys, or the command as it is typed.
        keys: String,
        /// What it does.
        help: &'static str,
    },
}

/// All lines, in order.
pub fn help_lines(scene: Scene<'_>) -> Vec<HelpLine> {
    let keymap = &scene.options.keymap;
    let contexts = [
        KeyContext::Anywhere,
        KeyContext::EmptyComposer,
        KeyContext::Composer,
        KeyContext::Message,
        KeyContext::Overlay,
    ];
    let mut lines = Vec::new();
    if let Some(problem) = scene.account.persistence.problem() {
        // The status line has room for its beginning only.
        lines.push(HelpLine::Heading("Saving to disk"));
        let rows = wrap(problem, NOTE).into_iter();
        lines.extend(rows.map(|row| HelpLine::Note(problem[row.start as usize..row.end as usize].to_owned())));
    }
    for context in contexts {
        lines.push(HelpLine::Heading(context.heading()));
        let bound = Action::all().filter(|action| action.context() == context && scene.account.offers(*action));
        let bound = bound.filter(|action| !keymap.keys(*action).is_empty());
        lines.extend(bound.map(|action| {
            let keys: Vec<String> = keymap.keys(action).iter().map(Key::to_string).collect();
            HelpLine::Entry { keys: keys.join(", "), help: action.help() }
        }));
    }
    lines.push(HelpLine::Heading("Commands"));
    lines.extend(
        COMMANDS
            .iter()
            .filter(|command| scene.account.offers_command(command))
            .map(|command| HelpLine::Entry { keys: command.written(), help: command.help }),
    );
    lines
}
