//! Takes rooms out of the list.

use crate::app::features::outbox::answers;
use crate::app::features::rooms::open;
use crate::app::model::context::Context;
use crate::domain::RoomId;

pub(in crate::app) fn on_room_deleted(cx: &mut Context<'_>, id: &RoomId) {
    let title = cx.account.rooms.get(id).map(|room| room.info.title.to_string()).unwrap_or_default();
    drop_room(cx, id, &format!("{title} was deleted."));
}

/// Takes a room out of the list, and says why.
pub(in crate::app) fn drop_room(cx: &mut Context<'_>, id: &RoomId, why: &str) {
    if cx.ui.open.as_ref() == Some(id) {
        open::close(cx);
    }
    let draft = cx.account.drafts.remove(id).filter(|draft| !draft.is_command());
    let had = draft.map_or_else(String::new, |draft| had_written(&draft.text()));
    let lost = answers::discard_room(cx, id);
    cx.account.rooms.remove(id);
    if cx.ui.open.is_none()
        && cx.is_shown()
        && let Some(next) = cx.account.rooms.ids().first().cloned()
    {
        open::open(cx, &next);
    }
    cx.notify(format!("{why}{}{had}", not_sent(lost)));
}

/// What somebody was writing that has no place any more, so that it can be written anew.
pub(in crate::app) fn had_written(text: &str) -> String {
    if text.trim().is_empty() { String::new() } else { format!(" Your text: {text}") }
}

/// That so much went with its room before it was sent.
pub(in crate::app) fn not_sent(count: usize) -> String {
    match count {
        0 => String::new(),
        1 => " 1 queued message was discarded.".to_owned(),
        count => format!(" {count} queued messages were discarded."),
    }
}
