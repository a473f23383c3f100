//! Calls: who rings, and what becomes of it. Answers to a call that is gone are nobody's business.

use crate::app::features::calls::start_call_program;
use crate::app::features::notes::add_note;
use crate::app::model::call::{Call, CallStage, RING_TIMEOUT};
use crate::app::model::context::Context;
use crate::domain::{CallEnd, CallId, CallInfo, Request, RoomId, format_duration};

/// Somebody rings. A call that is held or being made goes on: the server would have refused a second one.
pub(in crate::app) fn on_rings(cx: &mut Context<'_>, call: CallInfo) {
    let name = call.caller.name.to_string();
    cx.account.people.learn(call.caller);
    let same = cx.account.call.as_ref().filter(|known| known.id.as_ref() == Some(&call.id));
    if same.is_some_and(|known| !matches!(known.stage, CallStage::Incoming(_))) {
        return;
    }
    if same.is_none() && cx.account.call.is_some() {
        cx.notify(format!("{name} is calling too. End this call first, then call back."));
        return;
    }
    // It rings once more: refusing it may have failed.
    cx.account.left_call.take_if(|left| *left == call.id);
    let stage = CallStage::Incoming(cx.now + RING_TIMEOUT);
    cx.account.call = Some(Call { id: Some(call.id), room: call.room, peer_name: name, video: call.video, stage });
}

/// The call that we started rings over there, or we gave up meanwhile.
pub(in crate::app) fn on_started(cx: &mut Context<'_>, id: CallId, room: &RoomId) {
    let until = cx.now + RING_TIMEOUT;
    match &mut cx.account.call {
        Some(call) if call.id.is_none() && call.room == *room => {
            if let CallStage::Canceling(_) = call.stage {
                cx.account.call = None;
                cx.account.left_call = Some(id.clone());
                cx.request(Request::EndCall { call: id });
            } else {
                call.id = Some(id);
                // It may have been taken already: that comes by another way, which may be the faster one.
                if let CallStage::Outgoing(_) = call.stage {
                    call.stage = CallStage::Outgoing(until);
                }
            }
        }
        // It was refused, or timed out, before the answer was here; or it is another one.
        None | Some(_) => {}
    }
}

/// The other side has taken our call.
pub(in crate::app) fn on_accepted(cx: &mut Context<'_>, id: Option<&CallId>, room: &RoomId) {
    if let Some(call) = cx.account.call.as_mut().filter(|call| call.matches(id, room))
        && let CallStage::Outgoing(_) = call.stage
    {
        // Taken before the server has named it to us: what carries it wants the name.
        call.id = call.id.take().or_else(|| id.cloned());
        hold(cx);
    }
}

/// The server let us take the call.
pub(in crate::app) fn on_taken(cx: &mut Context<'_>, id: &CallId) {
    if let Some(call) = cx.account.call.as_ref().filter(|call| call.id.as_ref() == Some(id))
        && let CallStage::Accepting(_) = call.stage
    {
        hold(cx);
    }
}

fn hold(cx: &mut Context<'_>) {
    let now = cx.now;
    if let Some(call) = &mut cx.account.call {
        call.stage = CallStage::Active(now);
    }
    start_call_program(cx);
}

/// A call is over. The service puts most of this into the room as a message, which stays; so here it is only said, and
/// noted in the room only when the service says nothing of it.
pub(in crate::app) fn on_ended(cx: &mut Context<'_>, id: Option<&CallId>, room: &RoomId, how: CallEnd) {
    if id.is_some() && cx.account.left_call.as_ref() == id {
        // In the same room another may ring by now, which the server has not named yet.
        return;
    }
    let Some(call) = cx.account.call.take_if(|call| call.matches(id, room)) else { return };
    let Call { peer_name: with, stage, .. } = &call;
    let ours = matches!(stage, CallStage::Outgoing(_) | CallStage::Canceling(_));
    let sentence = match (how, stage) {
        (CallEnd::Finished, CallStage::Active(since)) => {
            format!("The {} with {with} ended after {}.", call.kind_name(), format_duration(cx.now - *since))
        }
        (CallEnd::Finished, _) => format!("The {} with {with} has ended.", call.kind_name()),
        (CallEnd::Canceled, _) if ours => format!("You canceled the call to {with}."),
        (CallEnd::Canceled, _) => format!("{with} canceled the call."),
        (CallEnd::Rejected, _) if ours => format!("{with} declined the call."),
        (CallEnd::Rejected, _) => format!("You declined the {} from {with}.", call.kind_name()),
        (CallEnd::TimedOut, _) if ours => format!("{with} did not answer."),
        (CallEnd::TimedOut, _) => format!("Missed call from {with}."),
    };
    if how == CallEnd::Canceled {
        add_note(cx, &call.room, sentence.trim_end_matches('.'));
    }
    cx.notify(sentence);
}

/// A request about the call was refused: it is gone, whatever was believed.
pub(in crate::app) fn on_refused(cx: &mut Context<'_>, request: &Request, reason: &str) {
    let gone = match (request, &cx.account.call) {
        (Request::StartCall { room, .. }, Some(call)) => call.id.is_none() && call.room == *room,
        (Request::AcceptCall { call }, Some(known)) => known.id.as_ref() == Some(call),
        // It had gone from the screen when this was asked.
        _ => return,
    };
    if gone {
        let call = cx.account.call.take();
        if call.is_some_and(|call| call.is_shown()) {
            let what =
                if matches!(request, Request::StartCall { .. }) { "Call failed" } else { "Could not join the call" };
            cx.notify(format!("{what}: {reason}"));
        }
    }
}

/// The connection is made anew: what rang here is asked about again, and a call that was held went with the old one.
pub(in crate::app) fn on_reconnect(cx: &mut Context<'_>) {
    let Some(call) = cx.account.call.take_if(|call| !matches!(call.stage, CallStage::Outgoing(_))) else { return };
    if let CallStage::Active(_) = call.stage {
        cx.notify(format!("The {} with {} ended: the connection was lost.", call.kind_name(), call.peer_name));
    }
}
