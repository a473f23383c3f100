//! The media, links, files and voice messages of a room.

use crate::app::features::lists;
use crate::app::model::context::Context;
use crate::app::overlays::list::ListKind;
use crate::domain::SharedKind;
use crate::input::SharedList;

/// Opens the list of the media, links, files or voice messages of the open room.
pub(in crate::app) fn show(cx: &mut Context<'_>, list: SharedList) {
    let Some(room) = cx.ui.open.clone() else {
        cx.notify_no_room();
        return;
    };
    let kind = match list {
        SharedList::Media => SharedKind::Media,
        SharedList::Links => SharedKind::Links,
        SharedList::Files => SharedKind::Files,
        SharedList::Voice => SharedKind::Voice,
    };
    lists::show(cx, ListKind::Shared(room, kind));
}
