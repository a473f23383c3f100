//! Effects of passing time.

use crate::app::features::history::pages;
use crate::app::features::rooms::open;
use crate::app::features::rooms::open::RESYNC_DELAY;
use crate::app::features::{presence, receipts, search, typing};
use crate::app::model::account::ConnectionState;
use crate::app::model::context::Context;
use crate::app::model::timers::Timer;
use crate::domain::PageRequest;

/// Performs whatever is due.
pub(in crate::app) fn on_tick(cx: &mut Context<'_>) {
    let now = cx.now;
    for room in cx.account.rooms.iter_mut() {
        room.typing.retain(|typing| now < typing.until);
    }
    if cx.ui.timers.take_due(Timer::NoticeExpires, now) {
        cx.ui.notice = None;
    }
    cx.ui.timers.take_due(Timer::QuitDisarms, now);
    if cx.account.timers.take_due(Timer::StopTyping, now) {
        typing::stop_typing(cx);
    }
    if cx.ui.timers.take_due(Timer::MarkSeen, now) {
        receipts::mark_visible_seen(cx);
    }
    if let Some(call) = cx.account.call.take_if(|call| call.expires_at().is_some_and(|at| at <= now))
        && call.is_shown()
    {
        cx.notify(format!("The {} with {} timed out.", call.kind_name(), call.peer_name));
    }
    if cx.account.timers.take_due(Timer::Resync, now) {
        resync(cx);
    }
    if cx.account.timers.take_due(Timer::RetryPage, now) {
        pages::retry_newest(cx);
    }
    if cx.account.timers.take_due(Timer::Presence, now) {
        presence::refresh_presence(cx);
    }
    search::on_tick(cx);
}

/// Requests the messages that may have been missed while a join was in progress.
fn resync(cx: &mut Context<'_>) {
    let Some(resync) = cx.account.resync.take().filter(|_| cx.account.connection == ConnectionState::Online) else {
        return;
    };
    if let Some(room) = cx.open_room_mut() {
        if room.history.is_loading_page(1) {
            // An earlier request for the newest page has not been answered yet.
            cx.account.resync = Some(resync);
            cx.account.timers.set(Timer::Resync, cx.now + RESYNC_DELAY);
            return;
        }
        room.history.on_joined();
        let id = room.info.id.clone();
        pages::request_page(cx, &id, &PageRequest::newest());
    }
    if resync.rooms {
        open::recheck_list(cx);
    }
}
