//! Jump to a message: requests older pages until the message is loaded, then selects it.

use crate::app::features::history::pages;
use crate::app::features::persistence::older_messages;
use crate::app::features::rooms::open;
use crate::app::features::selection;
use crate::app::model::account::ConnectionState;
use crate::app::model::context::Context;
use crate::app::model::jump::{JumpGoal, JumpOrigin, JumpTarget, Period};
use crate::app::model::options::Options;
use crate::app::model::pane::Anchor;
use crate::app::model::ui::Focus;
use crate::domain::{Message, MessageId, Request, RoomId};
use crate::input::Action;

/// Maximum number of pages that one jump requests, so that a jump far back does not flood the server.
pub(in crate::app) const MAX_PAGES: u32 = 60;

/// Number of places to which the user can return.
const MAX_ORIGINS: usize = 50;

/// Advances the jump in progress, if there is one: selects the message if it is loaded, otherwise requests the next
/// page.
///
/// Waits while a page is loading. If no page can bring the message, the jump ends with a notice.
pub(in crate::app) fn advance(cx: &mut Context<'_>) {
    let Some(target) = cx.ui.jump.clone() else { return };
    if cx.ui.open.as_ref() != Some(&target.room) && cx.account.rooms.get(&target.room).is_some() {
        open::open(cx, &target.room);
        // Opening a room cancels the jump, so it is set again.
        cx.ui.jump = Some(target.clone());
    }
    if target.goal.is_first_unread() {
        // Messages from the store may have brought its place.
        pages::place_unread_marker(cx);
    }
    let paging = cx.account.paging();
    let Some(room) = cx.account.rooms.get(&target.room) else { return };
    let (history, is_deleted, is_left) = (&room.history, room.is_deleted(), !room.can_fetch());
    let (failed, complete, loading) = (history.has_load_failed(), history.is_complete(), history.is_loading());
    let next = history.next_older_page(&room.timeline, paging);
    let subject = target.goal.subject();
    if let Some(slot) = target.goal.find(room) {
        let absence = absence(cx.options, &target.goal, room.timeline.get(slot));
        cx.ui.focus = Focus::Message(slot);
        // The words that were searched for may be in the part that is folded.
        if cx.scene().is_search_result(room.timeline.get(slot)) && !cx.ui.pane.unfolded.contains(&slot) {
            cx.ui.pane.unfolded.push(slot);
        }
        (cx.ui.pane.reveal, cx.ui.pane.reveal_around) = (Some(slot), true);
        if let Some(room) = cx.account.rooms.get_mut(&target.room).filter(|_| target.goal.is_first_unread()) {
            room.unread_marker.place_above(slot);
        }
        finish(cx);
        absence.into_iter().for_each(|sentence| cx.notify(sentence));
    } else if older_messages::query_older(cx) {
        notify_fetching(cx);
    } else if is_deleted {
        fail(cx, &format!("{subject} is not loaded, and its room was deleted."));
    } else if is_left {
        fail(cx, &format!("{subject} is not loaded, and you are no longer in its group."));
    } else if cx.account.connection != ConnectionState::Online {
        fail(cx, &format!("{subject} is not loaded. Try again once connected."));
    } else if loading {
        notify_fetching(cx);
    } else if complete {
        fail(cx, &missing_text(&target.goal));
    } else if failed {
        fail(cx, "Could not load earlier messages. Scroll up to retry.");
    } else if target.pages == 0 {
        give_up(cx);
    } else if let Some(request) = next {
        cx.ui.jump = Some(JumpTarget { pages: target.pages - 1, ..target.clone() });
        pages::request_page(cx, &target.room, &request);
        notify_fetching(cx);
    }
}

/// Ends the jump in progress because its message is too far back to load everything after it.
pub(in crate::app) fn give_up(cx: &mut Context<'_>) {
    let subject = cx.ui.jump.as_ref().map_or("The message", |target| target.goal.subject());
    fail(cx, &format!("{subject} is too far back. Scroll up some way, then try again."));
}

/// Cancels the jump in progress; returns whether there was one.
pub(in crate::app) fn cancel(cx: &mut Context<'_>) -> bool {
    let stopped = cx.ui.jump.take().is_some();
    if stopped {
        cx.notify("Stopped.");
    }
    stopped
}

/// Returns why a jump ended although the whole history is loaded.
fn missing_text(goal: &JumpGoal) -> String {
    match goal {
        JumpGoal::Message(_) => "The message no longer exists in this room.".to_owned(),
        JumpGoal::FirstUnread(_) => "The first unread message was not found.".to_owned(),
        JumpGoal::Time(_) => "There are no messages in this room.".to_owned(),
    }
}

/// Returns a sentence that says that the days to which the user jumps have no messages, if `found` is of another one.
fn absence(options: &Options, goal: &JumpGoal, found: &Message) -> Option<String> {
    let JumpGoal::Time(Period { start, days: Some(days) }) = goal else { return None };
    let times = &options.times;
    let after = (found.sent_at.day(&times.zone) - start.day(&times.zone)).get_days();
    if (0..*days).contains(&after) {
        return None;
    }
    let (day, found_day) = (times.short_date(*start), times.short_date(found.sent_at));
    let what = if *days > 1 { format!("in the week of {day}") } else { format!("on {day}") };
    Some(match after {
        ..0 => format!("No messages {what} or later. The newest is of {found_day}."),
        _ => format!("No messages {what}. The next are of {found_day}."),
    })
}

fn notify_fetching(cx: &mut Context<'_>) {
    cx.notify(format!("Loading earlier messages. {} to stop.", cx.options.press(Action::Cancel)));
}

fn finish(cx: &mut Context<'_>) {
    cx.ui.jump = None;
    cx.dismiss_notice();
}

fn fail(cx: &mut Context<'_>, reason: &str) {
    cx.ui.jump = None;
    cx.notify(reason);
}

/// Starts a jump to a message, from which the user can come back. A room that is not in the list is requested first.
pub(in crate::app) fn jump_to(cx: &mut Context<'_>, room: &RoomId, message: &MessageId) {
    remember_origin(cx);
    start(cx, room, JumpGoal::Message(message.clone()));
}

/// Starts a jump to the first message of a known room that was sent in a period or later.
pub(in crate::app) fn jump_to_period(cx: &mut Context<'_>, room: &RoomId, period: Period) {
    remember_origin(cx);
    start(cx, room, JumpGoal::Time(period));
}

/// Starts a jump to the first unread message of the open room.
pub(in crate::app) fn jump_to_first_unread(cx: &mut Context<'_>) {
    let Some(room) = cx.open_room() else { return cx.notify_no_room() };
    if !room.unread_marker.is_set() && !room.unread().any() {
        return cx.notify("Nothing is unread in this room.");
    }
    let id = room.info.id.clone();
    let reader = cx.account.me.clone().filter(|_| !cx.account.has_room_receipts());
    remember_origin(cx);
    start(cx, &id, JumpGoal::FirstUnread(reader));
}

/// Returns to the place from which the last jump started.
pub(in crate::app) fn back(cx: &mut Context<'_>) {
    let Some(JumpOrigin { room, message }) = cx.ui.jumped_from.pop() else {
        return cx.notify("There is no jump to go back from.");
    };
    match message {
        Some(message) => start(cx, &room, JumpGoal::Message(message)),
        None => {
            open::open(cx, &room);
            selection::scroll_to_newest(cx);
        }
    }
}

/// Returns from the selection to the composer and the newest message. The way back leads to the selected message.
pub(in crate::app) fn leave_selection(cx: &mut Context<'_>) {
    if cx.ui.pane.anchor != Anchor::Bottom {
        remember_origin(cx);
    }
    cx.ui.focus = Focus::Composer;
    selection::scroll_to_newest(cx);
}

/// Stores the place on screen: the selected message, or else the oldest one on screen unless the newest is there too.
fn remember_origin(cx: &mut Context<'_>) {
    let Some(room) = cx.open_room() else { return };
    let at_top = match cx.ui.pane.anchor {
        Anchor::Top { slot, .. } => Some(slot),
        Anchor::Bottom => None,
    };
    let message = cx.ui.selected().or(at_top).and_then(|slot| room.timeline.get(slot).id.clone());
    let origin = JumpOrigin { room: room.info.id.clone(), message };
    if cx.ui.jumped_from.last() != Some(&origin) {
        cx.ui.jumped_from.push(origin);
    }
    if cx.ui.jumped_from.len() > MAX_ORIGINS {
        cx.ui.jumped_from.remove(0);
    }
}

fn start(cx: &mut Context<'_>, room: &RoomId, goal: JumpGoal) {
    if cx.account.rooms.get(room).is_none() {
        if cx.account.connection != ConnectionState::Online {
            return cx.notify("That room is not in your list. Try again once connected.");
        }
        cx.request(Request::Room { room: room.clone() });
        cx.notify("That room is not in your list. Loading it.");
    }
    cx.ui.jump = Some(JumpTarget { room: room.clone(), goal, pages: MAX_PAGES });
    if let Some(known) = cx.account.rooms.get_mut(room) {
        known.history.clear_load_error();
    }
    advance(cx);
}
