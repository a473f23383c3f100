//! Removal of rooms from the list.

use crate::app::features::outbox::answers;
use crate::app::features::rooms::open;
use crate::app::model::context::Context;
use crate::app::model::room_title::room_title;
use crate::domain::RoomId;

/// Removes a room that was deleted and notifies the user.
pub(in crate::app) fn on_room_deleted(cx: &mut Context<'_>, id: &RoomId) {
    let title = cx.account.rooms.get(id).map(|room| room_title(room).to_owned()).unwrap_or_default();
    remove_room(cx, id, &format!("{title} was deleted."));
}

/// Removes a room with its draft and queued messages. The notice gives the reason `why` and what was lost.
///
/// If the room was open, the first room of the list is opened instead.
pub(in crate::app) fn remove_room(cx: &mut Context<'_>, id: &RoomId, why: &str) {
    if cx.ui.open.as_ref() == Some(id) {
        open::close(cx);
    }
    let draft = cx.account.drafts.remove(id).filter(|draft| !draft.is_command());
    let had = draft.map_or_else(String::new, |draft| draft_suffix(&draft.text()));
    let lost = answers::discard_room(cx, id);
    cx.account.rooms.remove(id);
    if cx.ui.open.is_none()
        && cx.is_shown()
        && let Some(next) = cx.account.rooms.ids().first().cloned()
    {
        open::open(cx, &next);
    }
    cx.notify(format!("{why}{}{had}", unsent_suffix(lost)));
}

/// Returns the end of a notice that quotes a lost draft, so that the user can write it again; empty without a draft.
pub(in crate::app) fn draft_suffix(text: &str) -> String {
    if text.trim().is_empty() { String::new() } else { format!(" Your text: {text}") }
}

/// Returns the end of a notice that says how many queued messages were discarded; empty if none were.
pub(in crate::app) fn unsent_suffix(count: usize) -> String {
    match count {
        0 => String::new(),
        1 => " 1 queued message was discarded.".to_owned(),
        count => format!(" {count} queued messages were discarded."),
    }
}
