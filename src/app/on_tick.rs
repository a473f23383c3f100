//! What time alone brings about.

use super::actions::rooms::SECOND_LOOK;
use super::actions::{messages, rooms, typing};
use super::effect::Effect;
use super::presence;
use super::search;
use super::state::{ConnectionState, SecondLook, State};

pub(super) fn on_tick(state: &mut State, effects: &mut Vec<Effect>) {
    let now = state.now;
    for room in state.rooms.iter_mut() {
        room.typing.retain(|typing| now < typing.until);
    }
    if state.notice.as_ref().is_some_and(|notice| notice.until <= now) {
        state.notice = None;
    }
    if state.quit_armed_until.is_some_and(|until| until <= now) {
        state.quit_armed_until = None;
    }
    if state.typing_in.as_ref().is_some_and(|(_, quiet_at)| *quiet_at <= now) {
        typing::stop_typing(state, effects);
    }
    if state.seen_at.is_some_and(|at| at <= now) {
        state.seen_at = None;
        messages::mark_visible_seen(state, effects);
    }
    if let Some(call) = state.call.take_if(|call| call.expires_at().is_some_and(|at| at <= now))
        && call.is_shown()
    {
        state.say(format!("Nothing more was heard of the {} with {}.", call.word(), call.with));
    }
    if state.second_look.is_some_and(|look| look.at <= now) {
        look_again(state, effects);
    }
    if state.presence_at.is_some_and(|at| at <= now) {
        presence::tell_or_ask(state, effects);
    }
    search::on_tick(state, effects);
}

/// Fetches what may have been missed while a join was on its way.
fn look_again(state: &mut State, effects: &mut Vec<Effect>) {
    let Some(look) = state.second_look.take().filter(|_| state.account.connection == ConnectionState::Online) else {
        return;
    };
    if let Some(room) = state.open_room_mut() {
        if room.history.loading == Some(1) {
            // The first look has not come back yet.
            state.second_look = Some(SecondLook { at: state.now + SECOND_LOOK, ..look });
            return;
        }
        if room.history.resume_from.is_none() {
            room.history.resume_from = room.history.unsure_after.take();
        }
        let id = room.info.id.clone();
        rooms::ask_history(state, &id, 1, None, effects);
    }
    if look.rooms {
        rooms::ask_list(state, effects);
    }
}
