//! Voice and video calls. Answers about a call that has ended are ignored.

use crate::app::features::calls::start_call_program;
use crate::app::features::notes::add_note;
use crate::app::model::call::{Call, CallStage, RING_TIMEOUT};
use crate::app::model::context::Context;
use crate::domain::{CallEnd, CallId, CallInfo, Request, RoomId, format_duration};

/// Handles an incoming call. An ongoing or outgoing call continues: the server would have refused a second one.
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
    // The same call rings again, because declining it may have failed.
    cx.account.left_call.take_if(|left| *left == call.id);
    let stage = CallStage::Incoming(cx.now + RING_TIMEOUT);
    cx.account.call = Some(Call { id: Some(call.id), room: call.room, peer_name: name, video: call.video, stage });
}

/// Handles the server's confirmation of our call, which may have been canceled meanwhile.
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
                // The other side may have accepted already: that event takes another path, which can be faster.
                if let CallStage::Outgoing(_) = call.stage {
                    call.stage = CallStage::Outgoing(until);
                }
            }
        }
        // The call was declined or timed out before this answer arrived, or the answer is about another call.
        None | Some(_) => {}
    }
}

/// Handles the other side accepting our call.
pub(in crate::app) fn on_accepted(cx: &mut Context<'_>, id: Option<&CallId>, room: &RoomId) {
    if let Some(call) = cx.account.call.as_mut().filter(|call| call.matches(id, room))
        && let CallStage::Outgoing(_) = call.stage
    {
        // The call may be accepted before the server has told us its id, which the audio connection needs.
        call.id = call.id.take().or_else(|| id.cloned());
        hold(cx);
    }
}

/// Handles the server's confirmation that we joined the call.
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

/// Handles the end of a call. The service usually posts a message in the room, so this only shows a notice. It adds a
/// note to the room if the service posts no message.
pub(in crate::app) fn on_ended(cx: &mut Context<'_>, id: Option<&CallId>, room: &RoomId, how: CallEnd) {
    if id.is_some() && cx.account.left_call.as_ref() == id {
        // Another call may ring in the same room by now, whose id the server has not sent yet.
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

/// Handles a rejected request about a call: the call no longer exists, whatever the state says.
pub(in crate::app) fn on_refused(cx: &mut Context<'_>, request: &Request, reason: &str) {
    let gone = match (request, &cx.account.call) {
        (Request::StartCall { room, .. }, Some(call)) => call.id.is_none() && call.room == *room,
        (Request::AcceptCall { call }, Some(known)) => known.id.as_ref() == Some(call),
        // The call had left the screen before the request was answered.
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

/// Handles a new connection: a ringing call is checked again, and an ongoing call ended with the old connection.
pub(in crate::app) fn on_reconnect(cx: &mut Context<'_>) {
    let Some(call) = cx.account.call.take_if(|call| !matches!(call.stage, CallStage::Outgoing(_))) else { return };
    if let CallStage::Active(_) = call.stage {
        cx.notify(format!("The {} with {} ended: the connection was lost.", call.kind_name(), call.peer_name));
    }
}
