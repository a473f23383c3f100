//! The connection: after each reconnect everything is joined and fetched again.

use crate::app::account::{ConnectionState, Resync};
use crate::app::actions::rooms::{ask_history, ask_list, enter};
use crate::app::context::Context;
use crate::app::effect::Effect;
use crate::app::keeping;
use crate::app::outbox;
use crate::app::pane::Pane;
use crate::app::presence;
use crate::app::rooms::Rooms;
use crate::domain::{Capabilities, ConnectionStatus, Feature, PersonInfo, Request};

use super::calls;

pub(super) fn on_link(cx: &mut Context<'_>, link: ConnectionStatus) {
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
    outbox::cut(cx);
    if let ConnectionState::Refused { .. } = cx.account.connection
        && !cx.account.was_online
        && !cx.account.persistence.has_restored()
    {
        // Nothing was ever here to be kept on screen: the sentence goes to the shell.
        cx.effects.push(Effect::Quit);
    }
    if cx.account.connection == ConnectionState::Online {
        cx.account.was_online = true;
        outbox::hurry(cx);
        catch_up(cx);
        presence::tell_or_ask(cx);
    }
}

pub(super) fn on_signed_in(cx: &mut Context<'_>, me: PersonInfo, capabilities: Capabilities) {
    if cx.account.me.as_ref().is_some_and(|known| *known != me.id) {
        // The server has forgotten who we were, and so all chats: nothing here is of any use any more.
        cx.account.rooms = Rooms::default();
        let provisional = keeping::forget_history(cx);
        cx.ui.open = None;
        cx.account.call = None;
        cx.ui.jump = None;
        cx.ui.pane = Pane::default();
        if provisional {
            outbox::disown(cx);
            cx.notify("The chats kept here were another account's; those of this one were loaded.");
        } else {
            let lost = outbox::forget_all(cx);
            cx.notify(format!("The server has forgotten this account; its chats were loaded anew.{}", not_sent(lost)));
        }
    }
    cx.account.me = Some(me.id.clone());
    cx.account.capabilities = Some(capabilities);
    cx.account.people.learn(me);
    cx.account.persistence.signed_in();
}

/// That so much went with its room before it was sent.
pub(super) fn not_sent(count: usize) -> String {
    match count {
        0 => String::new(),
        1 => " What waited to be sent there went with it.".to_owned(),
        count => format!(" {count} messages that waited to be sent there went with it."),
    }
}

/// Live events were lost although the connection held: what is on screen is fetched again.
pub(super) fn on_gap(cx: &mut Context<'_>) {
    lose_track(cx);
    ask_list(cx);
    ask_for_call(cx);
    if let Some(id) = cx.ui.open.clone() {
        ask_history(cx, &id, 1, None);
    }
}

/// A fresh connection: the room list and the open room may both have changed meanwhile.
fn catch_up(cx: &mut Context<'_>) {
    lose_track(cx);
    calls::on_reconnect(cx);
    enter(cx);
    cx.account.resync = cx.account.resync.map(|look| Resync { rooms: true, ..look });
    ask_list(cx);
    ask_for_call(cx);
}

/// A call may have begun to ring, or ceased to, while nobody listened.
fn ask_for_call(cx: &mut Context<'_>) {
    if cx.account.can(Feature::Calls) {
        cx.request(Request::ActiveCall);
    }
}

fn lose_track(cx: &mut Context<'_>) {
    cx.account.room_sync.requested.clear();
    cx.account.pending_messages.clear();
    for room in cx.account.rooms.iter_mut() {
        room.lose_track();
        room.typing.clear();
    }
}
