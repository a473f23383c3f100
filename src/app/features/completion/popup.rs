//! The rules of the popup: when it opens, follows the text, closes, and what accepting a row does.

use crate::app::effect::FolderListing;
use crate::app::features::completion::{candidates, completed_word, people};
use crate::app::features::{recent_emoji, typing};
use crate::app::model::completion::{CompletedWord, Completion, WordKind};
use crate::app::model::context::Context;
use crate::app::model::ui::Focus;
use crate::app::overlays::overlay::Overlay;
use crate::input::ArgumentKind;

/// Updates the popup after the text or the cursor has changed. `may_open` tells that a character was typed or deleted;
/// merely moving the cursor opens nothing.
pub(in crate::app) fn refresh(cx: &mut Context<'_>, may_open: bool) {
    if cx.options.linear {
        // A line is typed as a whole.
        return;
    }
    let is_requested = is_requested(cx);
    match find(cx, is_requested) {
        Some(completed) if cx.ui.completion.closed_at == Some(completed.start) => cx.ui.completion.popup = None,
        Some(completed) => {
            cx.ui.completion.closed_at = None;
            if may_open || cx.ui.completion.popup.is_some() {
                show(cx, completed);
            }
        }
        None => cx.ui.completion.reset(),
    }
}

/// Closes the popup if the text before the cursor is no longer what it completes, as after another room was opened.
/// A word for which the user closed it is forgotten once the cursor has left it.
pub(in crate::app) fn close_if_outdated(cx: &mut Context<'_>) {
    let state = &cx.ui.completion;
    if state.popup.is_none() && state.closed_at.is_none() {
        return;
    }
    let completed = find(cx, is_requested(cx));
    let state = &cx.ui.completion;
    let is_outdated = match &state.popup {
        Some(popup) => completed.as_ref() != Some(&popup.completed),
        None => completed.map(|completed| completed.start) != state.closed_at,
    };
    if is_outdated {
        cx.ui.completion.reset();
    }
}

/// Opens the popup at the user's request: any word may then be the beginning of a name.
pub(in crate::app) fn open(cx: &mut Context<'_>) {
    cx.ui.completion.reset();
    if let Some(completed) = find(cx, true) {
        show(cx, completed);
    }
}

/// Closes the popup; the text stays.
pub(in crate::app) fn close(cx: &mut Context<'_>) {
    let start = cx.ui.completion.popup.as_ref().map(|popup| popup.completed.start);
    cx.ui.completion.reset();
    cx.ui.completion.closed_at = start;
}

/// Moves the selection.
pub(in crate::app) fn step(cx: &mut Context<'_>, down: bool) {
    if let Some(popup) = &mut cx.ui.completion.popup {
        popup.step(down);
    }
}

/// Inserts the row at a place of the list.
pub(in crate::app) fn accept_row(cx: &mut Context<'_>, row: usize) {
    if let Some(popup) = &mut cx.ui.completion.popup {
        popup.selected = row;
        accept(cx);
    }
}

/// Replaces the word before the cursor by the selected row. If more can be completed there, the popup stays open.
pub(in crate::app) fn accept(cx: &mut Context<'_>) {
    let Some(popup) = &cx.ui.completion.popup else { return };
    let Some(candidate) = popup.selected().map(|row| row.candidate.clone()) else { return };
    let CompletedWord { start, word, .. } = &popup.completed;
    let place = *start..start + word.len();
    match &mut cx.ui.overlay {
        Some(Overlay::Save(prompt)) => prompt.input.replace(place, &candidate.insert),
        _ => {
            cx.ui.composer.replace(place, &candidate.insert);
            typing::update_typing(cx);
        }
    }
    if candidate.continues {
        cx.ui.completion.popup = None;
        refresh(cx, true);
    } else {
        close(cx);
    }
    if !candidate.icon.is_empty() {
        recent_emoji::note(cx, candidate.icon);
    }
}

/// Takes the content of a folder, and shows it if the path before the cursor still needs it.
pub(in crate::app) fn on_listed(cx: &mut Context<'_>, listing: FolderListing) {
    if cx.ui.completion.requested.as_ref() == Some(&listing.request) {
        cx.ui.completion.requested = None;
        cx.ui.completion.listing = Some(listing);
        refresh(cx, true);
    }
}

/// Whether the open popup completes what only the user's request makes a beginning: a word of a name, or a colon.
fn is_requested(cx: &Context<'_>) -> bool {
    let completed = cx.ui.completion.popup.as_ref().map(|popup| &popup.completed);
    completed.is_some_and(|completed| match completed.kind {
        WordKind::Name => true,
        WordKind::Emoji => completed.query().is_empty(),
        _ => false,
    })
}

fn find(cx: &Context<'_>, is_requested: bool) -> Option<CompletedWord> {
    match &cx.ui.overlay {
        None if cx.ui.focus == Focus::Composer => completed_word::find_word(&cx.ui.composer, is_requested),
        Some(Overlay::Save(prompt)) => completed_word::of_path(&prompt.input),
        _ => None,
    }
}

/// Shows the popup for a word. Candidates are collected once for a word and ranked again with each letter, except for
/// paths and emoji, whose candidates depend on the letters.
fn show(cx: &mut Context<'_>, completed: CompletedWord) {
    let depends_on_letters =
        matches!(completed.kind, WordKind::Emoji | WordKind::Argument(_, ArgumentKind::Path, _) | WordKind::SavePath);
    let shown = cx.ui.completion.popup.as_mut().filter(|popup| {
        popup.completed.kind == completed.kind && popup.completed.start == completed.start && !depends_on_letters
    });
    match shown {
        Some(popup) => popup.update(completed),
        None => {
            let pool = candidates::collect(cx, &completed);
            let mut popup = Completion::new(completed, pool);
            if popup.knows_nothing() {
                popup.note = people::note(cx.scene(), popup.completed.kind);
            }
            cx.ui.completion.popup = Some(popup);
        }
    }
    if cx.ui.completion.popup.as_ref().is_some_and(|popup| popup.rows.is_empty() && popup.note.is_none()) {
        cx.ui.completion.popup = None;
    }
}
