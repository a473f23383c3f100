//! Calls: who rings, and what becomes of it. Answers to a call that is gone are nobody's business.

use crate::app::actions::calls::carry;
use crate::app::call::{Call, CallStage, RINGS};
use crate::app::effect::Effect;
use crate::app::state::State;
use crate::domain::{CallEnd, CallId, CallInfo, Request, RoomId, length};

use super::notes::note;

/// Somebody rings. A call that is held or being made goes on: the server would have refused a second one.
pub(super) fn on_rings(state: &mut State, call: CallInfo) {
    let name = call.caller.name.to_string();
    state.people.learn(call.caller);
    let same = state.call.as_ref().filter(|known| known.id.as_ref() == Some(&call.id));
    if same.is_some_and(|known| !matches!(known.stage, CallStage::In(_))) {
        return;
    }
    if same.is_none() && state.call.is_some() {
        state.say(format!("{name} rings too. End the other call first, then ring them back."));
        return;
    }
    // It rings once more: refusing it may have failed.
    state.call_left.take_if(|left| *left == call.id);
    let stage = CallStage::In(state.now + RINGS);
    state.call = Some(Call { id: Some(call.id), room: call.room, with: name, video: call.video, stage });
}

/// The call that we started rings over there, or we gave up meanwhile.
pub(super) fn on_started(state: &mut State, id: CallId, room: &RoomId, effects: &mut Vec<Effect>) {
    let until = state.now + RINGS;
    match &mut state.call {
        Some(call) if call.id.is_none() && call.room == *room => {
            if let CallStage::GivenUp(_) = call.stage {
                state.call = None;
                state.call_left = Some(id.clone());
                effects.push(state.ask(Request::EndCall { call: id }));
            } else {
                call.id = Some(id);
                // It may have been taken already: that comes by another way, which may be the faster one.
                if let CallStage::Out(_) = call.stage {
                    call.stage = CallStage::Out(until);
                }
            }
        }
        // It was refused, or timed out, before the answer was here; or it is another one.
        None | Some(_) => {}
    }
}

/// The other side has taken our call.
pub(super) fn on_accepted(state: &mut State, id: Option<&CallId>, room: &RoomId, effects: &mut Vec<Effect>) {
    if let Some(call) = state.call.as_mut().filter(|call| call.is(id, room))
        && let CallStage::Out(_) = call.stage
    {
        // Taken before the server has named it to us: what carries it wants the name.
        call.id = call.id.take().or_else(|| id.cloned());
        hold(state, effects);
    }
}

/// The server let us take the call.
pub(super) fn on_taken(state: &mut State, id: &CallId, effects: &mut Vec<Effect>) {
    if let Some(call) = state.call.as_ref().filter(|call| call.id.as_ref() == Some(id))
        && let CallStage::Taking(_) = call.stage
    {
        hold(state, effects);
    }
}

fn hold(state: &mut State, effects: &mut Vec<Effect>) {
    let now = state.now;
    if let Some(call) = &mut state.call {
        call.stage = CallStage::Held(now);
    }
    carry(state, effects);
}

/// A call is over. The service puts most of this into the room as a message, which stays; so here it is only said, and
/// noted in the room only when the service says nothing of it.
pub(super) fn on_ended(state: &mut State, id: Option<&CallId>, room: &RoomId, how: CallEnd) {
    if id.is_some() && state.call_left.as_ref() == id {
        // In the same room another may ring by now, which the server has not named yet.
        return;
    }
    let Some(call) = state.call.take_if(|call| call.is(id, room)) else { return };
    let Call { with, stage, .. } = &call;
    let ours = matches!(stage, CallStage::Out(_) | CallStage::GivenUp(_));
    let sentence = match (how, stage) {
        (CallEnd::Finished, CallStage::Held(since)) => {
            format!("The {} with {with} ended after {}.", call.word(), length(state.now - *since))
        }
        (CallEnd::Finished, _) => format!("The {} with {with} is over.", call.word()),
        (CallEnd::Canceled, _) if ours => format!("You stopped ringing {with}."),
        (CallEnd::Canceled, _) => format!("{with} rang and gave up."),
        (CallEnd::Rejected, _) if ours => format!("{with} refused the call."),
        (CallEnd::Rejected, _) => format!("You refused the call of {with}."),
        (CallEnd::TimedOut, _) if ours => format!("{with} did not answer."),
        (CallEnd::TimedOut, _) => format!("{with} rang and was not answered."),
    };
    if how == CallEnd::Canceled {
        note(state, &call.room, sentence.trim_end_matches('.'));
    }
    state.say(sentence);
}

/// A request about the call was refused: it is gone, whatever was believed.
pub(super) fn on_refused(state: &mut State, request: &Request, reason: &str) {
    let gone = match (request, &state.call) {
        (Request::StartCall { room, .. }, Some(call)) => call.id.is_none() && call.room == *room,
        (Request::AcceptCall { call }, Some(known)) => known.id.as_ref() == Some(call),
        // It had gone from the screen when this was asked.
        _ => return,
    };
    if gone {
        let call = state.call.take();
        if call.is_some_and(|call| call.is_shown()) {
            let what = if matches!(request, Request::StartCall { .. }) { "Not rung" } else { "Not taken" };
            state.say(format!("{what}: {reason}"));
        }
    }
}

/// The connection is made anew: what rang here is asked about again, and a call that was held went with the old one.
pub(super) fn on_reconnect(state: &mut State) {
    let Some(call) = state.call.take_if(|call| !matches!(call.stage, CallStage::Out(_))) else { return };
    if let CallStage::Held(_) = call.stage {
        state.say(format!("The {} with {} went with the connection.", call.word(), call.with));
    }
}
