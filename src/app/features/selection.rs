//! Scrolling of the messages and selection of a message.

use crate::app::features::clipboard::copy_text;
use crate::app::features::history::pages;
use crate::app::model::context::{Context, Scene};
use crate::app::model::pane::Anchor;
use crate::app::model::pane_row::PaneRow;
use crate::app::model::ui::Focus;
use crate::domain::{Message, Room, RoomId, Slot};

/// Scrolls to the newest message.
pub(in crate::app) fn scroll_to_newest(cx: &mut Context<'_>) {
    select_if_selecting(cx, |room| room.timeline.slot_at(room.timeline.len().checked_sub(1)?));
    cx.ui.pane.anchor = Anchor::Bottom;
    cx.ui.pane.scroll_by = 0;
    cx.ui.pane.reveal = None;
}

/// Upper bound of the rows above the text of a message: date, unread marker, author, quote.
const ABOVE_TEXT: isize = 8;

/// Scrolls to the oldest loaded message. The next frame requests older ones if there are any.
pub(in crate::app) fn scroll_to_oldest(cx: &mut Context<'_>) {
    let oldest = cx.open_room().and_then(|room| room.timeline.slot_at(0));
    if let Some(slot) = oldest {
        select_if_selecting(cx, |_| Some(slot));
        cx.ui.pane.anchor = Anchor::Top { slot, row: 0 };
        // Shows the rows above the message's text as well.
        cx.ui.pane.scroll_by = -ABOVE_TEXT;
        cx.ui.pane.reveal = None;
        pages::clear_load_error(cx);
    }
}

/// Moves an existing selection to the message that `target` returns.
fn select_if_selecting(cx: &mut Context<'_>, target: impl FnOnce(&Room) -> Option<Slot>) {
    if cx.ui.selected().is_some()
        && let Some(slot) = cx.open_room().and_then(target)
    {
        cx.ui.focus = Focus::Message(slot);
    }
}

/// Selects the newest message on screen.
pub(in crate::app) fn select_newest(cx: &mut Context<'_>) {
    let on_screen = cx.ui.pane.rows.iter().rev().find_map(PaneRow::message);
    match on_screen {
        Some(slot) => cx.ui.focus = Focus::Message(slot),
        None => cx.notify("There is no message to select."),
    }
}

/// Moves the selection by `by` messages. Below the newest message the focus returns to the composer.
pub(in crate::app) fn step_selection(cx: &mut Context<'_>, by: isize) {
    let Some((slot, room)) = cx.ui.selected().zip(cx.open_room()) else { return };
    let Some(position) = room.timeline.position(slot) else { return };
    let target = position.checked_add_signed(by);
    let Some(target) = target else {
        pages::clear_load_error(cx);
        return;
    };
    match room.timeline.slot_at(target) {
        Some(next) => {
            cx.ui.focus = Focus::Message(next);
            cx.ui.pane.reveal = Some(next);
        }
        None => cx.ui.focus = Focus::Composer,
    }
}

/// Copies the text of the selected message to the clipboard, as it is on screen: with badges for invisible characters,
/// but with its tabs.
///
/// The user pastes exactly what they have read, so a message cannot hide characters from a shell or an editor.
pub(in crate::app) fn copy_selected(cx: &mut Context<'_>) {
    let Some(message) = selected_message(cx.scene()).filter(|message| !message.deleted) else { return };
    let text = match &message.attachment {
        Some(file) if message.text.is_empty() => file.url.to_string(),
        _ => message.text.with_tabs().to_owned(),
    };
    copy_text(cx, text);
    cx.notify("Copied.");
}

/// Shows the selected message as it was written, or formatted again.
pub(in crate::app) fn toggle_source(cx: &mut Context<'_>) {
    let Some((slot, message)) = cx.ui.selected().zip(selected_message(cx.scene())) else { return };
    if cx.ui.pane.source_of == Some(slot) {
        cx.ui.pane.source_of = None;
    } else if cx.scene().has_markup(message) {
        cx.ui.pane.source_of = Some(slot);
    } else {
        cx.notify("This message is shown as it was written.");
        return;
    }
    cx.ui.pane.reveal = Some(slot);
}

/// Shows the selected message in full, or folds it again.
pub(in crate::app) fn toggle_fold(cx: &mut Context<'_>) {
    let Some(slot) = cx.ui.selected() else { return };
    if !cx.ui.pane.is_foldable(slot) {
        return cx.notify("This message is not long enough to be folded.");
    }
    if cx.ui.pane.toggle_fold(slot) {
        // From its beginning, with the row above, which may have the name. The end may be many screens further down.
        cx.ui.pane.anchor = Anchor::Top { slot, row: -1 };
    } else {
        // It may have been on screen only with rows that are no longer there.
        cx.ui.pane.reveal = Some(slot);
    }
}

/// Returns the selected message.
pub(in crate::app) fn selected_message(scene: Scene<'_>) -> Option<&Message> {
    Some(scene.open_room()?.timeline.get(scene.ui.selected()?))
}

/// Scrolls an open room to its newest message after the user has sent one, and removes the unread marker.
pub(in crate::app) fn show_newest(cx: &mut Context<'_>, room: &RoomId) {
    if cx.ui.open.as_ref() == Some(room) {
        if let Some(room) = cx.account.rooms.get_mut(room) {
            room.unread_marker.clear();
        }
        scroll_to_newest(cx);
    }
}
