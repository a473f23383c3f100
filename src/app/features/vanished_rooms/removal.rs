//! Removal of rooms from the list, and what the user loses by it.

use crate::app::features::outbox::answers;
use crate::app::features::rooms::open;
use crate::app::model::context::Context;
use crate::domain::RoomId;

/// Removes a room with its draft and queued messages. The notice begins with the sentence `reason` and says what was
/// lost.
///
/// If the room was open, the first room of the list is opened instead.
pub(in crate::app) fn remove_room(cx: &mut Context<'_>, id: &RoomId, reason: &str) {
    if cx.ui.open.as_ref() == Some(id) {
        open::close(cx).into_iter().for_each(|request| cx.request(request));
    }
    let losses = discard(cx, id);
    if cx.ui.open.is_none()
        && let Some(next) = cx.account.rooms.ids().first().cloned()
    {
        open::open(cx, &next);
    }
    cx.notify(format!("{reason}{losses}"));
}

/// Discards a room with its draft and queued messages. Returns the end of a notice that says what was lost.
pub(super) fn discard(cx: &mut Context<'_>, id: &RoomId) -> String {
    let draft = cx.account.drafts.remove(id).filter(|draft| !draft.is_command());
    let draft = draft.map_or_else(String::new, |draft| draft_suffix(draft.text()));
    let unsent = unsent_suffix(answers::discard_room(cx, id));
    cx.account.rooms.remove(id);
    cx.account.sent_lines.remove(id);
    format!("{unsent}{draft}")
}

/// Returns the end of a notice that quotes a lost draft, so that the user can write it again; empty without a draft.
pub(in crate::app) fn draft_suffix(text: &str) -> String {
    if text.trim().is_empty() { String::new() } else { format!(" Your text: {text}") }
}

/// Returns the end of a notice that says how many queued messages were discarded; empty if none were.
fn unsent_suffix(count: usize) -> String {
    match count {
        0 => String::new(),
        1 => " 1 queued message was discarded.".to_owned(),
        count => format!(" {count} queued messages were discarded."),
    }
}
