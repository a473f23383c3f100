//! Reports what has been on screen as seen.

use crate::app::model::account::ConnectionState;
use crate::app::model::context::{Context, Scene};
use crate::app::model::message_rows::{PaneRow, body_text};
use crate::domain::{Access, Delivery, MessageId, Request, Room, Slot};

/// Reports what is on screen as seen; the room is read once its newest message is on screen.
pub(in crate::app) fn mark_visible_seen(cx: &mut Context<'_>) {
    if !cx.ui.focused || cx.account.connection != ConnectionState::Online {
        return;
    }
    let Some(room) = cx.open_room() else { return };
    let newest = shows_newest(cx.scene(), room);
    let id = room.info.id.clone();
    if cx.account.has_room_receipts() {
        return room_seen(cx, newest);
    }
    let unseen: Vec<Slot> =
        read_through(cx.scene(), room).filter(|slot| needs_receipt(cx.scene(), room, *slot)).collect();
    let ids: Vec<MessageId> = unseen.iter().filter_map(|slot| room.timeline.get(*slot).id.clone()).collect();
    cx.effects.extend(ids.into_iter().map(|message| cx.account.request(Request::Seen { room: id.clone(), message })));
    let Some(room) = cx.open_room_mut() else { return };
    for slot in unseen {
        room.timeline.change(slot, |message| message.advance(Delivery::Seen));
    }
    if newest {
        room.unread = Default::default();
    }
}

/// Reports a room as seen, once for all that is new in it: what was seen is told again only when somebody else has
/// written more.
fn room_seen(cx: &mut Context<'_>, newest: bool) {
    let Some(room) = cx.open_room_mut().filter(|room| newest && awaits_receipt(room)) else { return };
    let last = room.timeline.newest_accepted().and_then(|last| Some((last.id.clone()?, last.sent_at)));
    let Some((message, at)) = last else { return };
    room.receipt_pending = false;
    room.seen_reported_until = Some(at);
    room.unread = Default::default();
    let room = room.info.id.clone();
    cx.request(Request::Seen { room, message });
}

/// Whether something in a room is new to the server's eyes, and all of it is here to be seen.
pub(in crate::app) fn awaits_receipt(room: &Room) -> bool {
    let heard = room.membership.access != Access::NotMember;
    heard && (room.receipt_pending || room.unread.any()) && room.history.fresh && room.history.resume_from.is_none()
}

/// Whether a message is somebody else's and nobody has seen it.
pub(in crate::app) fn needs_receipt(scene: Scene<'_>, room: &Room, slot: Slot) -> bool {
    let message = room.timeline.get(slot);
    message.delivery < Delivery::Seen && message.id.is_some() && !scene.account.is_me(&message.author)
}

/// The messages whose end is on screen.
pub(in crate::app) fn read_through<'a>(scene: Scene<'a>, room: &'a Room) -> impl Iterator<Item = Slot> + 'a {
    scene.ui.pane.rows.iter().filter_map(|row| match row {
        PaneRow::Body { slot, bytes, .. } | PaneRow::Report { slot, bytes, .. } => {
            let ends = bytes.end as usize >= body_text(room.timeline.get(*slot)).len();
            ends.then_some(*slot)
        }
        PaneRow::Attachment { slot, .. } => Some(*slot),
        _ => None,
    })
}

/// Whether the newest message is on screen.
pub(in crate::app) fn shows_newest(scene: Scene<'_>, room: &Room) -> bool {
    let newest = room.timeline.iter().next_back().map(|(slot, _)| slot);
    newest.is_some_and(|newest| scene.ui.pane.rows.iter().any(|row| row.message() == Some(newest)))
}
