//! Pasted text: asks how to send many lines or dropped files, and does so.
//!
//! The text is inserted into the composer first and stays there until the user has chosen something else, so it is part
//! of the draft whatever happens.

use std::ops::Range;

use crate::app::effect::Effect;
use crate::app::features::{dropped_paths, files, typing};
use crate::app::model::context::Context;
use crate::app::overlays::overlay::Overlay;
use crate::app::overlays::paste::{PasteMenu, PasteUse, line_count};
use crate::domain::{DroppedFile, Feature, OutgoingFile, Pasted};

/// Maximum number of lines that are pasted without a question.
const MAX_LINES: usize = 5;

/// Handles text that was inserted into the composer at `range`. `rest` is what did not fit.
pub(in crate::app) fn on_pasted(cx: &mut Context<'_>, range: Range<usize>, rest: String) {
    let Some(text) = cx.ui.composer.text().get(range.clone()) else { return };
    // A command or an edit goes on as it began.
    let begins_other = cx.ui.composer.is_command() || cx.ui.composer.editing.is_some();
    let Some(room) = cx.ui.open.clone().filter(|_| !begins_other) else { return };
    let pasted = Pasted { room, start: range.start, text: text.to_owned(), rest };
    let ways =
        if cx.account.can(Feature::Files) && pasted.rest.is_empty() { dropped_paths::read(text) } else { Vec::new() };
    if ways.is_empty() {
        ask(cx, pasted, Vec::new());
    } else {
        cx.effects.push(Effect::FindFiles(cx.account.id, pasted, ways));
    }
}

/// Asks what to do with the files that pasted text names, if there are any.
pub(in crate::app) fn on_files_found(cx: &mut Context<'_>, pasted: Pasted, files: Vec<DroppedFile>) {
    // The user may be elsewhere by now, or have changed the text.
    if cx.ui.overlay.is_none() && find(cx, &pasted).is_some() {
        ask(cx, pasted, files);
    }
}

/// Opens the menu for text of many lines and for files.
fn ask(cx: &mut Context<'_>, pasted: Pasted, files: Vec<DroppedFile>) {
    let is_short = line_count(&pasted.text) <= MAX_LINES && pasted.rest.is_empty();
    if files.is_empty() && is_short || cx.is_closed() {
        return;
    }
    let can_send_files = cx.account.can(Feature::Files);
    cx.ui.overlay = Some(Overlay::Paste(PasteMenu { pasted, files, can_send_files, selected: 0 }));
}

/// Does what the user has chosen in the menu, and returns whether the draft is to be sent.
pub(in crate::app) fn on_chosen(cx: &mut Context<'_>, chosen: PasteUse) -> bool {
    let Some(Overlay::Paste(menu)) = cx.ui.overlay.take() else { return false };
    let Some(range) = find(cx, &menu.pasted) else {
        cx.notify("The draft has changed meanwhile. Nothing was sent.");
        return false;
    };
    match chosen {
        PasteUse::Keep => return false,
        PasteUse::Send => return true,
        PasteUse::SendAsCode => {
            let fenced = fenced(cx.ui.composer.text(), range.clone());
            cx.ui.composer.replace(range, &fenced);
            return true;
        }
        PasteUse::SendAsFile => {
            let name = format!("paste-{}.txt", cx.now.format_for_file(&cx.options.times.zone));
            cx.effects.push(Effect::SavePaste(cx.account.id, menu.pasted, name));
            return false;
        }
        PasteUse::SendFiles => {
            cx.ui.composer.replace(range, "");
            menu.files.into_iter().for_each(|file| files::send(cx, file.path, false));
        }
        PasteUse::Discard => cx.ui.composer.replace(range, ""),
    }
    typing::update_typing(cx);
    false
}

/// Sends the file with pasted text, which leaves the composer, or shows why there is none.
pub(in crate::app) fn on_saved(cx: &mut Context<'_>, pasted: &Pasted, result: Result<OutgoingFile, String>) {
    let file = match result {
        Ok(file) => file,
        Err(sentence) => return cx.notify(sentence),
    };
    let range = find(cx, pasted);
    let reply_to = range.as_ref().and_then(|_| cx.ui.composer.reply.take()).map(|reply| reply.to);
    if let Some(range) = range {
        cx.ui.composer.replace(range, "");
        typing::update_typing(cx);
    }
    files::enqueue(cx, &pasted.room, reply_to, file);
}

/// Returns the place of pasted text in the composer, if it is still there.
fn find(cx: &Context<'_>, pasted: &Pasted) -> Option<Range<usize>> {
    if cx.ui.open.as_ref() != Some(&pasted.room) {
        return None;
    }
    let (text, end) = (cx.ui.composer.text(), pasted.start + pasted.text.len());
    if text.get(pasted.start..end) == Some(pasted.text.as_str()) {
        return Some(pasted.start..end);
    }
    text.find(&pasted.text).map(|start| start..start + pasted.text.len())
}

/// Returns a part of a text as a block of code, on lines of its own. The fence is longer than any within the block.
fn fenced(text: &str, range: Range<usize>) -> String {
    let code = text[range.clone()].trim_matches('\n');
    let longest = code.split(|c| c != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(longest.max(2) + 1);
    let before = if text[..range.start].is_empty() || text[..range.start].ends_with('\n') { "" } else { "\n" };
    let after = if text[range.end..].is_empty() || text[range.end..].starts_with('\n') { "" } else { "\n" };
    format!("{before}{fence}\n{code}\n{fence}{after}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_block_has_lines_and_a_fence_of_its_own() {
        assert_eq!(fenced("a\nb\n", 0..4), "```\na\nb\n```");
        assert_eq!(fenced("see: x end", 5..6), "\n```\nx\n```\n");
        assert_eq!(fenced("```\nx\n```", 0..9), "````\n```\nx\n```\n````");
    }
}
