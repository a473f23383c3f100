//! Going to a message that is not here yet: older pages are fetched until it is.

use crate::app::features::history::pages;
use crate::app::features::persistence::older_messages;
use crate::app::features::rooms::open;
use crate::app::model::account::ConnectionState;
use crate::app::model::context::{Context, Scene};
use crate::app::model::jump::JumpTarget;
use crate::app::model::ui::Focus;
use crate::domain::{MessageId, Request, RoomId};
use crate::input::Action;

/// So many pages are fetched for it. What lies further back is found faster by scrolling, at the same cost.
pub(in crate::app) const MOST_PAGES: u32 = 60;

/// Takes the next step towards the message, if one is gone to: selects it, fetches the next page, waits for the one that
/// is on its way, or says why it cannot be had.
pub(in crate::app) fn proceed(cx: &mut Context<'_>) {
    let Some(hunt) = cx.ui.jump.clone() else { return };
    if cx.ui.open.as_ref() != Some(&hunt.room) && cx.account.rooms.get(&hunt.room).is_some() {
        open::open(cx, &hunt.room);
        // Opening a room ends whatever was gone to; not this.
        cx.ui.jump = Some(hunt.clone());
    }
    let page_size = cx.account.capabilities.map_or(1, |can| can.page_size);
    let Some(room) = cx.account.rooms.get(&hunt.room) else { return };
    let gone = room.is_deleted();
    let (stuck, complete, loading) = (room.history.stuck, room.history.complete, room.history.loading.is_some());
    if let Some(slot) = room.timeline.find(&hunt.message) {
        cx.ui.focus = Focus::Message(slot);
        (cx.ui.pane.reveal, cx.ui.pane.reveal_around) = (Some(slot), true);
        end(cx);
    } else if older_messages::query_older(cx) {
        say_looking(cx);
    } else if gone {
        give_up(cx, "The message is not loaded, and its room was deleted.");
    } else if cx.account.connection != ConnectionState::Online {
        give_up(cx, "The message is not loaded. Try again once connected.");
    } else if loading {
        say_looking(cx);
    } else if complete {
        give_up(cx, "The message no longer exists in this room.");
    } else if stuck {
        give_up(cx, "Could not load earlier messages. Scroll up to retry.");
    } else if hunt.pages == 0 {
        give_up(cx, "The message is too far back. Scroll up some way, then try again.");
    } else if let Some((page, before)) = next_page(cx.scene(), &hunt.room, page_size) {
        cx.ui.jump = Some(JumpTarget { pages: hunt.pages - 1, ..hunt.clone() });
        pages::ask_history(cx, &hunt.room, page, before);
        say_looking(cx);
    }
}

fn next_page(scene: Scene<'_>, room: &RoomId, page_size: u32) -> Option<(u32, Option<MessageId>)> {
    let room = scene.account.rooms.get(room)?;
    room.next_older_page(page_size).map(|page| (page, room.oldest_id()))
}

/// Stops looking; says whether something was looked for.
pub(in crate::app) fn stop(cx: &mut Context<'_>) -> bool {
    let stopped = cx.ui.jump.take().is_some();
    if stopped {
        cx.notify("Stopped.");
    }
    stopped
}

fn say_looking(cx: &mut Context<'_>) {
    let cancel = cx.options.keymap.shown(Action::Cancel);
    cx.notify(format!("Loading earlier messages. Press {cancel} to stop."));
}

fn end(cx: &mut Context<'_>) {
    cx.ui.jump = None;
    cx.ui.notice = None;
}

fn give_up(cx: &mut Context<'_>, why: &str) {
    cx.ui.jump = None;
    cx.notify(why);
}

/// Opens a room and goes to one of its messages, fetching older pages until it is there. A room that is not in the list
/// is asked for.
pub(in crate::app) fn go_to(cx: &mut Context<'_>, room: &RoomId, message: &MessageId) {
    if cx.account.rooms.get(room).is_none() {
        if cx.account.connection != ConnectionState::Online {
            return cx.notify("That room is not in your list. Try again once connected.");
        }
        cx.request(Request::Room { room: room.clone() });
        cx.notify("That room is not in your list. Loading it.");
    }
    cx.ui.jump = Some(JumpTarget { room: room.clone(), message: message.clone(), pages: MOST_PAGES });
    if let Some(known) = cx.account.rooms.get_mut(room) {
        known.history.stuck = false;
    }
    proceed(cx);
}
