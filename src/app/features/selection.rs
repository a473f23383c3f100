//! Scrolling, and the selected message.

use crate::app::effect::Effect;
use crate::app::features::history::pages;
use crate::app::model::context::{Context, Scene};
use crate::app::model::message_rows::PaneRow;
use crate::app::model::pane::Anchor;
use crate::app::model::ui::Focus;
use crate::domain::{Message, RoomId};

/// Shows the newest message.
pub(in crate::app) fn to_newest(cx: &mut Context<'_>) {
    cx.ui.pane.anchor = Anchor::Bottom;
    cx.ui.pane.scroll_by = 0;
    cx.ui.pane.reveal = None;
}

/// More rows than ever stand above the text of a message.
const ABOVE_TEXT: isize = 8;

/// Shows the oldest message that is here; older ones follow if there are any.
pub(in crate::app) fn to_oldest(cx: &mut Context<'_>) {
    let oldest = cx.open_room().and_then(|room| room.timeline.slot_at(0));
    if let Some(slot) = oldest {
        cx.ui.pane.anchor = Anchor::Top { slot, row: 0 };
        // Whatever stands above its text.
        cx.ui.pane.scroll_by = -ABOVE_TEXT;
        cx.ui.pane.reveal = None;
        pages::unstick(cx);
    }
}

/// Selects the newest message on screen.
pub(in crate::app) fn select(cx: &mut Context<'_>) {
    let on_screen = cx.ui.pane.rows.iter().rev().find_map(PaneRow::message);
    match on_screen {
        Some(slot) => cx.ui.focus = Focus::Message(slot),
        None => cx.notify("There is no message to select."),
    }
}

/// Moves the selection; below the last message it goes back to the composer.
pub(in crate::app) fn step(cx: &mut Context<'_>, by: isize) {
    let Some((slot, room)) = cx.ui.selected().zip(cx.open_room()) else { return };
    let Some(position) = room.timeline.position(slot) else { return };
    let target = position.checked_add_signed(by);
    let Some(target) = target else {
        pages::unstick(cx);
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

/// Puts the selected message's text into the clipboard, as it stands on the screen: with badges for what cannot be seen.
/// What is pasted into a shell or an editor is then what was read, with its line breaks and nothing that hides.
pub(in crate::app) fn copy_selected(cx: &mut Context<'_>) {
    let Some(message) = selected_message(cx.scene()).filter(|message| !message.deleted) else { return };
    let text = match &message.attachment {
        Some(file) if message.text.is_empty() => file.url.to_string(),
        _ => message.text.to_string(),
    };
    cx.effects.push(Effect::Copy(text));
    cx.notify("Copied.");
}

pub(in crate::app) fn selected_message(scene: Scene<'_>) -> Option<&Message> {
    Some(scene.open_room()?.timeline.get(scene.ui.selected()?))
}

/// What was just written is looked at: the room goes to its newest message.
pub(in crate::app) fn show_newest(cx: &mut Context<'_>, room: &RoomId) {
    if cx.ui.open.as_ref() == Some(room) {
        if let Some(room) = cx.account.rooms.get_mut(room) {
            room.clear_unread_marker();
        }
        to_newest(cx);
    }
}
