//! Events and responses about voice and video calls. Those about a call that has already ended are ignored.

use crate::app::features::calls::{launch, start_call_program};
use crate::app::features::notes::add_note;
use crate::app::features::notifications;
use crate::app::model::call::{Call, CallStage, RING_TIMEOUT};
use crate::app::model::context::Context;
use crate::domain::{CallAccess, CallEnd, CallId, CallInfo, Request, RoomId, format_duration};

/// Handles an incoming call. During another call, a notice tells the user who is calling.
pub(in crate::app) fn on_incoming(cx: &mut Context<'_>, call: CallInfo) {
    let caller = call.caller.id.clone();
    cx.account.people.learn(call.caller);
    let name = cx.account.label_of(&caller).to_string();
    let same = cx.account.call.as_ref().filter(|known| known.id.as_ref() == Some(&call.id));
    if same.is_some_and(|known| !matches!(known.stage, CallStage::Incoming(_))) {
        return;
    }
    if same.is_none() && cx.account.call.is_some() {
        cx.notify(format!("{name} is calling too. End this call first, then call back."));
        return;
    }
    // A declined call that rings again was not declined after all, so its end is no longer ignored.
    cx.account.left_call.take_if(|left| *left == call.id);
    let is_new = same.is_none();
    let stage = CallStage::Incoming(cx.now + RING_TIMEOUT);
    cx.account.call = Some(Call { id: Some(call.id), room: call.room, peer_name: name, video: call.video, stage });
    if is_new {
        notifications::on_call(cx);
    }
}

/// Handles the server's confirmation that our call rings. The user may have canceled the call in the meantime.
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
                // A call that the other side has already accepted stays active: that event may arrive first.
                if let CallStage::Outgoing(_) = call.stage {
                    call.stage = CallStage::Outgoing(until);
                }
            }
        }
        // The call was declined or timed out before this confirmation arrived.
        None | Some(_) => {}
    }
}

/// Handles the other side accepting our call.
pub(in crate::app) fn on_answered(cx: &mut Context<'_>, id: Option<&CallId>, room: &RoomId) {
    if let Some(call) = cx.account.call.as_mut().filter(|call| call.matches(id, room))
        && let CallStage::Outgoing(_) = call.stage
    {
        // This event may arrive before the confirmation with the call's id, which the call program needs.
        call.id = call.id.take().or_else(|| id.cloned());
        activate(cx);
    }
}

/// Handles the server's confirmation that we joined the call.
pub(in crate::app) fn on_joined(cx: &mut Context<'_>, id: &CallId) {
    if let Some(call) = cx.account.call.as_ref().filter(|call| call.id.as_ref() == Some(id))
        && let CallStage::Accepting(_) = call.stage
    {
        activate(cx);
    }
}

fn activate(cx: &mut Context<'_>) {
    let now = cx.now;
    if let Some(call) = &mut cx.account.call {
        call.stage = CallStage::Active(now);
    }
    start_call_program(cx);
}

/// Starts the call program with the access that it needs, unless the call has ended meanwhile.
pub(in crate::app) fn on_access(cx: &mut Context<'_>, room: &RoomId, access: &CallAccess) {
    let is_active = |call: &&Call| call.room == *room && matches!(call.stage, CallStage::Active(_));
    if cx.account.call.as_ref().filter(is_active).is_some() {
        launch(cx, Some(access));
    }
}

/// Handles the end of a call and shows a notice.
///
/// The service posts a message in the room about every call except a canceled one, for which a note is added here.
pub(in crate::app) fn on_ended(cx: &mut Context<'_>, id: Option<&CallId>, room: &RoomId, reason: CallEnd) {
    if id.is_some() && cx.account.left_call.as_ref() == id {
        // The user has left this call already. A new call in the same room, whose id is not known yet, must not end.
        return;
    }
    let Some(call) = cx.account.call.take_if(|call| call.matches(id, room)) else { return };
    let Call { peer_name: with, stage, .. } = &call;
    let ours = matches!(stage, CallStage::Outgoing(_) | CallStage::Canceling(_));
    let sentence = match (reason, stage) {
        (CallEnd::Finished, CallStage::Active(since)) => {
            format!("The {} with {with} ended after {}.", call.kind_name(), format_duration(cx.now - *since))
        }
        (CallEnd::Finished, _) => format!("The {} with {with} has ended.", call.kind_name()),
        (CallEnd::Canceled, _) if ours => format!("You canceled the call to {with}."),
        (CallEnd::Canceled, _) => format!("{with} canceled the call."),
        (CallEnd::Declined, _) if ours => format!("{with} declined the call."),
        (CallEnd::Declined, _) => format!("You declined the {} from {with}.", call.kind_name()),
        (CallEnd::TimedOut, _) if ours => format!("{with} did not answer."),
        (CallEnd::TimedOut, _) => format!("Missed call from {with}."),
    };
    if reason == CallEnd::Canceled {
        add_note(cx, &call.room, sentence.trim_end_matches('.'));
    }
    cx.notify(sentence);
}

/// Handles a failed request to start or accept a call: removes the call and shows the reason.
pub(in crate::app) fn on_request_failed(cx: &mut Context<'_>, request: &Request, reason: &str) {
    let is_current = match (request, &cx.account.call) {
        (Request::StartCall { room, .. }, Some(call)) => call.id.is_none() && call.room == *room,
        (Request::AcceptCall { call }, Some(known)) => known.id.as_ref() == Some(call),
        // The call ended before the request failed.
        _ => return,
    };
    if is_current {
        let call = cx.account.call.take();
        if call.is_some_and(|call| call.is_shown()) {
            let what =
                if matches!(request, Request::StartCall { .. }) { "Call failed" } else { "Could not join the call" };
            cx.notify(format!("{what}: {reason}"));
        }
    }
}

/// Removes the current call after a reconnect, unless it rings on the other side. An active call ended with the old
/// connection; a call that still rings here is reported again in response to `Request::ActiveCall`.
pub(in crate::app) fn on_reconnect(cx: &mut Context<'_>) {
    let rings_there = |call: &Call| matches!(call.stage, CallStage::Outgoing(_) | CallStage::Canceling(_));
    let Some(call) = cx.account.call.take_if(|call| !rings_there(call)) else { return };
    if let CallStage::Active(_) = call.stage {
        cx.notify(format!("The {} with {} ended: the connection was lost.", call.kind_name(), call.peer_name));
    }
}
