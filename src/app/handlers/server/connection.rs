//! Connection changes: after each reconnect, rooms are joined and loaded again.

use crate::app::effect::Effect;
use crate::app::features::history::pages::request_page;
use crate::app::features::outbox::{queue, restore};
use crate::app::features::persistence::stored_history;
use crate::app::features::rooms::archive_check;
use crate::app::features::rooms::open::{enter, request_list};
use crate::app::features::{export, presence, receipts, vanished_rooms};
use crate::app::handlers::server::{calls, responses};
use crate::app::model::account::{Account, ConnectionState, Join, Resync};
use crate::app::model::context::Context;
use crate::app::model::pane::Pane;
use crate::app::model::room_list::RoomList;
use crate::app::model::timers::AccountTimer;
use crate::domain::{Capabilities, ConnectionStatus, Feature, PageRequest, PersonInfo, Request};

/// Handles a change of the connection status.
pub(in crate::app) fn on_status(cx: &mut Context<'_>, status: ConnectionStatus) {
    cx.account.connection = match status {
        ConnectionStatus::Connecting => {
            let reason = match &cx.account.connection {
                ConnectionState::Offline { reason, .. } | ConnectionState::Refused { reason } => Some(reason.clone()),
                ConnectionState::Connecting { reason } => reason.clone(),
                ConnectionState::Online => None,
            };
            ConnectionState::Connecting { reason }
        }
        ConnectionStatus::Online => ConnectionState::Online,
        ConnectionStatus::Offline { retry_in, reason } => {
            ConnectionState::Offline { retry_at: cx.now + retry_in, reason }
        }
        ConnectionStatus::Refused { reason } => ConnectionState::Refused { reason },
    };
    cx.account.silent_since = None;
    cx.account.typing_in = None;
    cx.account.resync = None;
    cx.account.join = Join::default();
    cx.account.timers.clear(AccountTimer::StopTyping);
    cx.account.timers.clear(AccountTimer::Resync);
    queue::on_disconnect(cx);
    if cx.account.has_failed() && cx.others.all().all(Account::has_failed) {
        // There is nothing to show, so the program ends and prints the error in the shell.
        cx.effects.push(Effect::Quit);
    }
    if cx.account.connection == ConnectionState::Online {
        cx.account.was_online = true;
        queue::retry_now(cx);
        catch_up(cx);
        cx.account.pictures.forget_failures();
        presence::refresh_presence(cx);
        export::collect::resume(cx);
    } else {
        receipts::on_disconnect(cx);
    }
}

/// Handles the sign-in, which reveals our user id and the features of the service.
pub(in crate::app) fn on_signed_in(cx: &mut Context<'_>, me: PersonInfo, capabilities: Capabilities) {
    if cx.account.me.as_ref().is_some_and(|known| *known != me.id) {
        // Either the restored rooms belong to another account, or the server has lost this account with its rooms. The
        // local history is useless in both cases.
        let was_from_store = stored_history::clear_history(cx);
        let open = cx.ui.open.take();
        export::collect::abandon(cx);
        cx.account.call = None;
        cx.account.pending_forwards.clear();
        cx.ui.jump = None;
        cx.ui.pane = Pane::default();
        if was_from_store {
            cx.account.rooms = RoomList::default();
            restore::fail_foreign(cx);
            cx.notify_at_start(
                "The saved rooms belonged to another account. Those of this account are shown.".to_owned(),
            );
        } else {
            vanished_rooms::on_account_lost(cx, open, &me.id);
        }
    }
    cx.account.me = Some(me.id.clone());
    cx.account.capabilities = Some(capabilities);
    // A token does not tell the name.
    if cx.account.people.is_renamed(&me.id) && me.name != me.username {
        cx.account.people.rename_user(me);
    } else {
        cx.account.people.learn(me);
    }
    cx.account.persistence.confirm_identity();
}

/// Reloads the room list and the open room after live events were lost on a working connection.
pub(in crate::app) fn on_events_lost(cx: &mut Context<'_>) {
    mark_stale(cx);
    request_list(cx);
    archive_check::begin(cx);
    request_active_call(cx);
    if let Some(id) = cx.ui.open.clone() {
        request_page(cx, &id, &PageRequest::newest());
    }
}

/// Joins the open room and reloads it and the room list after a reconnect, because both may have changed.
fn catch_up(cx: &mut Context<'_>) {
    mark_stale(cx);
    calls::on_reconnect(cx);
    enter(cx);
    cx.account.resync = cx.account.resync.map(|_| Resync { rooms: true });
    request_list(cx);
    archive_check::begin(cx);
    request_active_call(cx);
}

/// Requests the current call, which may have started or stopped ringing while events were lost.
fn request_active_call(cx: &mut Context<'_>) {
    if cx.account.can(Feature::Calls) {
        cx.request(Request::ActiveCall);
    }
}

/// Marks all rooms as possibly out of date, and forgets requests whose replies may have been lost.
fn mark_stale(cx: &mut Context<'_>) {
    cx.account.room_sync.forget_replies();
    for (room, verification) in std::mem::take(&mut cx.account.room_sync.verifying) {
        // The answer may have been lost, so the sends fail with the reason that the server gave.
        responses::report_postponed(cx, &room, verification.postponed);
    }
    cx.account.pending_messages.clear();
    for room in cx.account.rooms.iter_mut() {
        room.mark_stale();
        room.typing.clear();
    }
}
