//! Connection changes: after each reconnect, rooms are joined and loaded again.

use crate::app::effect::Effect;
use crate::app::features::history::pages::request_page;
use crate::app::features::outbox::{answers, queue, restore};
use crate::app::features::persistence::stored_history;
use crate::app::features::presence;
use crate::app::features::rooms::open::{enter, request_list};
use crate::app::features::rooms::removal::unsent_suffix;
use crate::app::handlers::server::calls;
use crate::app::model::account::{ConnectionState, Resync};
use crate::app::model::context::Context;
use crate::app::model::pane::Pane;
use crate::app::model::room_list::RoomList;
use crate::app::model::timers::Timer;
use crate::domain::{Capabilities, ConnectionStatus, Feature, PageRequest, PersonInfo, Request};

pub(in crate::app) fn on_link(cx: &mut Context<'_>, link: ConnectionStatus) {
    cx.account.connection = match link {
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
    cx.account.typing_in = None;
    cx.account.resync = None;
    cx.account.timers.clear(Timer::StopTyping);
    cx.account.timers.clear(Timer::Resync);
    queue::on_disconnect(cx);
    if let ConnectionState::Refused { .. } = cx.account.connection
        && !cx.account.was_online
        && !cx.account.persistence.has_restored()
    {
        // There is no history to show, so the error goes to the shell.
        cx.effects.push(Effect::Quit);
    }
    if cx.account.connection == ConnectionState::Online {
        cx.account.was_online = true;
        queue::retry_now(cx);
        catch_up(cx);
        presence::refresh_presence(cx);
    }
}

pub(in crate::app) fn on_signed_in(cx: &mut Context<'_>, me: PersonInfo, capabilities: Capabilities) {
    if cx.account.me.as_ref().is_some_and(|known| *known != me.id) {
        // The server has forgotten our account and with it all chats, so the local history is useless.
        cx.account.rooms = RoomList::default();
        let provisional = stored_history::clear_history(cx);
        cx.ui.open = None;
        cx.account.call = None;
        cx.ui.jump = None;
        cx.ui.pane = Pane::default();
        if provisional {
            restore::fail_foreign(cx);
            cx.notify("The saved rooms belonged to another account. Those of this account were loaded.");
        } else {
            let lost = answers::discard_all(cx);
            cx.notify(format!(
                "The server no longer knew this account. Its rooms were loaded again.{}",
                unsent_suffix(lost)
            ));
        }
    }
    cx.account.me = Some(me.id.clone());
    cx.account.capabilities = Some(capabilities);
    cx.account.people.learn(me);
    cx.account.persistence.confirm_identity();
}

/// Reloads the visible room after live events were lost on a working connection.
pub(in crate::app) fn on_gap(cx: &mut Context<'_>) {
    mark_stale(cx);
    request_list(cx);
    ask_for_call(cx);
    if let Some(id) = cx.ui.open.clone() {
        request_page(cx, &id, &PageRequest::newest());
    }
}

/// Handles a new connection: the room list and the open room may both have changed meanwhile.
fn catch_up(cx: &mut Context<'_>) {
    mark_stale(cx);
    calls::on_reconnect(cx);
    enter(cx);
    cx.account.resync = cx.account.resync.map(|_| Resync { rooms: true });
    request_list(cx);
    ask_for_call(cx);
}

/// Requests the current calls. One may have started or stopped ringing while we were disconnected.
fn ask_for_call(cx: &mut Context<'_>) {
    if cx.account.can(Feature::Calls) {
        cx.request(Request::ActiveCall);
    }
}

fn mark_stale(cx: &mut Context<'_>) {
    cx.account.room_sync.requested.clear();
    cx.account.room_sync.verifying.clear();
    cx.account.pending_messages.clear();
    for room in cx.account.rooms.iter_mut() {
        room.mark_stale();
        room.typing.clear();
    }
}
