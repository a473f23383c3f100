//! The connection: after each reconnect everything is joined and fetched again.

use crate::app::actions::rooms::{ask_history, ask_list, enter};
use crate::app::effect::Effect;
use crate::app::keeping;
use crate::app::outbox;
use crate::app::pane::Pane;
use crate::app::presence;
use crate::app::rooms::Rooms;
use crate::app::state::{ConnectionState, SecondLook, State};
use crate::domain::{Capabilities, ConnectionStatus, Feature, PersonInfo, Request};

use super::calls;

pub(super) fn on_link(state: &mut State, link: ConnectionStatus, effects: &mut Vec<Effect>) {
    state.account.connection = match link {
        ConnectionStatus::Connecting => {
            let reason = match &state.account.connection {
                ConnectionState::Offline { reason, .. } | ConnectionState::Refused { reason } => Some(reason.clone()),
                ConnectionState::Connecting { reason } => reason.clone(),
                ConnectionState::Online => None,
            };
            ConnectionState::Connecting { reason }
        }
        ConnectionStatus::Online => ConnectionState::Online,
        ConnectionStatus::Offline { retry_in, reason } => {
            ConnectionState::Offline { retry_at: state.now + retry_in, reason }
        }
        ConnectionStatus::Refused { reason } => ConnectionState::Refused { reason },
    };
    state.typing_in = None;
    state.second_look = None;
    outbox::cut(state);
    if let ConnectionState::Refused { .. } = state.account.connection
        && !state.account.was_online
        && !state.keeping.has_restored()
    {
        // Nothing was ever here to be kept on screen: the sentence goes to the shell.
        effects.push(Effect::Quit);
    }
    if state.account.connection == ConnectionState::Online {
        state.account.was_online = true;
        outbox::hurry(state);
        catch_up(state, effects);
        presence::tell_or_ask(state, effects);
    }
}

pub(super) fn on_signed_in(state: &mut State, me: PersonInfo, capabilities: Capabilities, effects: &mut Vec<Effect>) {
    if state.account.me.as_ref().is_some_and(|known| *known != me.id) {
        // The server has forgotten who we were, and so all chats: nothing here is of any use any more.
        state.rooms = Rooms::default();
        let provisional = keeping::forget_history(state);
        state.open = None;
        state.call = None;
        state.hunt = None;
        state.pane = Pane::default();
        if provisional {
            outbox::disown(state, effects);
            state.say("The chats kept here were another account's; those of this one were loaded.");
        } else {
            let lost = outbox::forget_all(state, effects);
            state.say(format!("The server has forgotten this account; its chats were loaded anew.{}", not_sent(lost)));
        }
    }
    state.account.me = Some(me.id.clone());
    state.account.capabilities = Some(capabilities);
    state.people.learn(me);
    state.keeping.signed_in();
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
pub(super) fn on_gap(state: &mut State, effects: &mut Vec<Effect>) {
    lose_track(state);
    ask_list(state, effects);
    ask_for_call(state, effects);
    if let Some(id) = state.open.clone() {
        ask_history(state, &id, 1, None, effects);
    }
}

/// A fresh connection: the room list and the open room may both have changed meanwhile.
fn catch_up(state: &mut State, effects: &mut Vec<Effect>) {
    lose_track(state);
    calls::on_reconnect(state);
    enter(state, effects);
    state.second_look = state.second_look.map(|look| SecondLook { rooms: true, ..look });
    ask_list(state, effects);
    ask_for_call(state, effects);
}

/// A call may have begun to ring, or ceased to, while nobody listened.
fn ask_for_call(state: &mut State, effects: &mut Vec<Effect>) {
    if state.can(Feature::Calls) {
        effects.push(state.ask(Request::ActiveCall));
    }
}

fn lose_track(state: &mut State) {
    state.rooms_asked.clear();
    state.early.clear();
    for room in state.rooms.iter_mut() {
        room.lose_track();
        room.typing.clear();
    }
}
