//! What time alone brings about.

use crate::app::features::history::pages;
use crate::app::features::rooms::open;
use crate::app::features::rooms::open::SECOND_LOOK;
use crate::app::features::{presence, receipts, search, typing};
use crate::app::model::account::{ConnectionState, Resync};
use crate::app::model::context::Context;

pub(in crate::app) fn on_tick(cx: &mut Context<'_>) {
    let now = cx.now;
    for room in cx.account.rooms.iter_mut() {
        room.typing.retain(|typing| now < typing.until);
    }
    if cx.ui.notice.as_ref().is_some_and(|notice| notice.until <= now) {
        cx.ui.notice = None;
    }
    if cx.ui.quit_armed_until.is_some_and(|until| until <= now) {
        cx.ui.quit_armed_until = None;
    }
    if cx.account.typing_in.as_ref().is_some_and(|(_, quiet_at)| *quiet_at <= now) {
        typing::stop_typing(cx);
    }
    if cx.ui.seen_at.is_some_and(|at| at <= now) {
        cx.ui.seen_at = None;
        receipts::mark_visible_seen(cx);
    }
    if let Some(call) = cx.account.call.take_if(|call| call.expires_at().is_some_and(|at| at <= now))
        && call.is_shown()
    {
        cx.notify(format!("Nothing more was heard of the {} with {}.", call.word(), call.with));
    }
    if cx.account.resync.is_some_and(|look| look.at <= now) {
        look_again(cx);
    }
    if cx.account.presence_at.is_some_and(|at| at <= now) {
        presence::tell_or_ask(cx);
    }
    search::on_tick(cx);
}

/// Fetches what may have been missed while a join was on its way.
fn look_again(cx: &mut Context<'_>) {
    let Some(look) = cx.account.resync.take().filter(|_| cx.account.connection == ConnectionState::Online) else {
        return;
    };
    if let Some(room) = cx.open_room_mut() {
        if room.history.loading == Some(1) {
            // The first look has not come back yet.
            cx.account.resync = Some(Resync { at: cx.now + SECOND_LOOK, ..look });
            return;
        }
        if room.history.resume_from.is_none() {
            room.history.resume_from = room.history.unsure_after.take();
        }
        let id = room.info.id.clone();
        pages::ask_history(cx, &id, 1, None);
    }
    if look.rooms {
        open::ask_list(cx);
    }
}
