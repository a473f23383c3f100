//! Calls (§2.7, §6): ringing, accepting, ending, and the history. The sandbox transports no media.

use serde_json::{Value, json};

use crate::domain::Timestamp;
use crate::server::clock::rfc3339;
use crate::server::demo::Event;
use crate::server::vchat::effect::{CallEvent, Target};
use crate::server::vchat::error::{ApiError, ApiResult};
use crate::server::vchat::model::{Actor, Id, MessageKind};
use crate::server::vchat::wire;

use super::call::{Call, CallState};
use super::state::World;

/// Maximum number of stored calls. Beyond it, the oldest call that has ended is dropped.
const MAX_CALLS: usize = 1000;
/// Maximum number of calls in a history.
const MAX_LISTED: usize = 30;

/// The end of a call: its final state, and how it is announced.
struct Ending<'a> {
    state: CallState,
    to: Target,
    event: &'static str,
    /// Text of the message about the call in the room, if there is one.
    text: Option<&'a str>,
}

impl World {
    /// Row 60: calls the peer of a room.
    pub(crate) fn start_call(
        &mut self,
        now: Timestamp,
        actor: &Actor,
        room: &str,
        is_video: bool,
        payload: Value,
        platform: &str,
    ) -> ApiResult<Value> {
        self.tick(now);
        let peer = self.member_room(&actor.user, room)?.peer(&actor.user).cloned();
        let peer = peer.ok_or_else(|| ApiError::not_found("The room is not direct"))?;
        if self.is_banned(&actor.user, &peer) {
            return Err(ApiError::bad_request("callNotAllowed"));
        }
        let is_busy = |user: &str| self.calls.values().any(|call| !call.state.is_over() && call.involves(user));
        if self.calls.values().any(|call| !call.state.is_over() && call.room == room) {
            return Err(ApiError::bad_request("roomAlreadyInCall"));
        }
        if is_busy(&peer) {
            return Err(ApiError::bad_request("peerUserInCallNow"));
        }
        // The notes have no error for a caller who is in another call; the error for a busy room fits best.
        if is_busy(&actor.user) {
            return Err(ApiError::bad_request("roomAlreadyInCall"));
        }
        let id = self.ids.next(now);
        let new = Call::new(room, actor, &peer, now);
        let new = Call { is_video, payload, platform: platform.to_owned(), ..new };
        let arg = self.ringing_call(&id, &new)?;
        self.calls.insert(id.clone(), new);
        if self.calls.len() > MAX_CALLS
            && let Some(oldest) = self.calls.iter().find(|(_, call)| call.state.is_over()).map(|(id, _)| id.clone())
        {
            self.calls.remove(&oldest);
        }
        self.emit(Target::User(peer.clone()), "v1OnNewCall", arg);
        let (call, room, caller) = (id.clone(), room.to_owned(), actor.user.clone());
        let ringing = CallEvent::Ringing { call, room, caller, callee: peer, video: is_video };
        self.notify_demo(Event::Service(ringing));
        Ok(json!({ "meetId": id }))
    }

    fn ringing_call(&self, id: &str, call: &Call) -> ApiResult<Value> {
        Ok(json!({
            "roomId": call.room,
            "meetId": id,
            "withVideo": call.is_video,
            "payload": call.payload,
            "userData": wire::user(self.user(&call.caller.user)?),
        }))
    }

    /// Row 57: returns the incoming call that rings for the user, or null.
    pub(crate) fn active_call(&mut self, now: Timestamp, actor: &Actor) -> Value {
        self.tick(now);
        let mut ringing =
            self.calls.iter().filter(|(_, call)| call.state == CallState::Ringing && call.callee == actor.user);
        ringing.next().and_then(|(id, call)| self.ringing_call(id, call).ok()).unwrap_or_default()
    }

    /// Row 58: lists the latest calls of the user.
    pub(crate) fn call_history(&mut self, now: Timestamp, actor: &Actor) -> Value {
        self.tick(now);
        let own = self.calls.iter().rev().filter(|(_, call)| call.involves(&actor.user));
        let own = own.filter(|(_, call)| !call.deleted_for.contains(&actor.user));
        own.filter_map(|(id, call)| {
            Some(json!({
                "_id": id,
                "roomId": call.room,
                "callStatus": call.state.name(),
                "withVideo": call.is_video,
                "meetPlatform": call.platform,
                "endAt": wire::time(call.ended_at),
                "createdAt": rfc3339(call.created_at),
                "peerUser": wire::user(self.users.get(call.other(&actor.user))?),
            }))
        })
        .take(MAX_LISTED)
        .collect()
    }

    /// Row 64: removes one call, or all that are over, from the user's history.
    pub(crate) fn clear_calls(&mut self, actor: &Actor, id: Option<&str>) -> ApiResult<Value> {
        let mut has_cleared = false;
        for (known, call) in &mut self.calls {
            let is_meant = id.is_none_or(|id| id == known) && call.involves(&actor.user) && call.state.is_over();
            if is_meant && !call.deleted_for.contains(&actor.user) {
                call.deleted_for.push(actor.user.clone());
                has_cleared = true;
            }
        }
        if id.is_some() && !has_cleared {
            return Err(ApiError::not_found("Call not found"));
        }
        Ok("Done".into())
    }

    /// Row 59: returns access data for a media channel. The sandbox has no such channel.
    pub(crate) fn agora_access(&self, now: Timestamp, actor: &Actor, room: &str) -> ApiResult<Value> {
        self.member_room(&actor.user, room)?;
        Ok(json!({ "channelName": room, "uid": 0, "rtcToken": "sandbox-call-token", "joinedAt": rfc3339(now) }))
    }

    fn own_call(&self, actor: &Actor, id: &str) -> ApiResult<Call> {
        let call = self.calls.get(id).filter(|call| call.involves(&actor.user));
        call.cloned().ok_or_else(|| ApiError::not_found("Call not found"))
    }

    /// Row 61: accepts a call.
    pub(crate) fn accept_call(&mut self, now: Timestamp, actor: &Actor, id: &str, payload: &Value) -> ApiResult<Value> {
        self.tick(now);
        let call = self.own_call(actor, id)?;
        if call.callee != actor.user {
            return Err(ApiError::bad_request("Only the called user can accept the call"));
        }
        if call.state != CallState::Ringing {
            return Err(ApiError::bad_request("The call is not ringing"));
        }
        if !self.is_device_online(&call.caller) {
            self.time_out_call(now, id);
            return Err(ApiError::bad_request("The caller is offline"));
        }
        if let Some(call) = self.calls.get_mut(id) {
            call.state = CallState::InCall;
            call.started_at = Some(now);
            call.accepted_on = Some(actor.device.clone());
        }
        // WebRTC payloads have the answer in this field; any other payload is passed on whole.
        let answer = payload.get("answer").cloned().unwrap_or_else(|| payload.clone());
        let arg = json!({ "roomId": call.room, "meetId": id, "peerAnswer": answer });
        self.emit(Target::Device(call.caller.user.clone(), call.caller.device.clone()), "v1OnCallAccepted", arg);
        self.notify_demo(Event::Service(CallEvent::Accepted(id.to_owned())));
        Ok("Call accepted".into())
    }

    /// Row 62: declines a call.
    pub(crate) fn reject_call(&mut self, now: Timestamp, actor: &Actor, id: &str) -> ApiResult<Value> {
        self.tick(now);
        let call = self.own_call(actor, id)?;
        if call.callee != actor.user || call.state != CallState::Ringing {
            return Err(ApiError::bad_request("The call is not ringing"));
        }
        let to = Target::User(call.caller.user);
        let text = Some("📞 Rejected call");
        self.finish_call(now, id, Ending { state: CallState::Rejected, to, event: "v1OnCallRejected", text })
    }

    /// Row 63, and its predecessors in SDKs up to 2.0.0: cancels, declines or ends a call, depending on the user's role
    /// and the state of the call.
    pub(crate) fn end_call(&mut self, now: Timestamp, actor: &Actor, id: &str) -> ApiResult<Value> {
        self.tick(now);
        let call = self.own_call(actor, id)?;
        match call.state {
            CallState::Ringing if call.caller.user == actor.user => {
                let to = Target::User(call.callee);
                let ending = Ending { state: CallState::Canceled, to, event: "v1OnCallCanceled", text: None };
                self.finish_call(now, id, ending)
            }
            CallState::Ringing => self.reject_call(now, actor, id),
            CallState::InCall => {
                let (to, text) = (Target::Room(call.room), Some("📞 Call"));
                self.finish_call(now, id, Ending { state: CallState::Finished, to, event: "v1OnCallEnded", text })
            }
            _ => Err(ApiError::bad_request("The call is over")),
        }
    }

    /// Ends a call and announces it. The author of the message about it is the caller.
    fn finish_call(&mut self, now: Timestamp, id: &str, ending: Ending<'_>) -> ApiResult<Value> {
        let call = self.calls.get_mut(id).ok_or_else(|| ApiError::not_found("Call not found"))?;
        call.state = ending.state;
        call.ended_at = Some(now);
        let call = call.clone();
        self.emit(ending.to, ending.event, json!({ "meetId": id, "roomId": call.room }));
        if let Some(text) = ending.text {
            let mut message = self.new_message(now, &call.caller, &call.room, MessageKind::Call, text)?;
            message.attachment = call.attachment();
            self.store_message(message)?;
        }
        self.notify_demo(Event::Service(CallEvent::Ended(id.to_owned())));
        Ok("Call ended".into())
    }

    fn time_out_call(&mut self, now: Timestamp, id: &str) {
        let Some(call) = self.calls.get(id).cloned() else { return };
        let name = self.user(&call.caller.user).map_or_else(|_| String::new(), |user| user.display_name().to_owned());
        let text = format!("📞 Missed Call from {name}");
        let (to, text) = (Target::Room(call.room), Some(text.as_str()));
        let _ = self.finish_call(now, id, Ending { state: CallState::TimedOut, to, event: "v1OnCallTimeout", text });
    }

    /// Ends the calls that have rung for too long. Called by the timer and at the start of every request about calls.
    pub(crate) fn tick(&mut self, now: Timestamp) {
        let is_late = |call: &Call| call.state == CallState::Ringing && now - call.created_at >= self.ring_timeout;
        let late: Vec<Id> = self.calls.iter().filter(|(_, call)| is_late(call)).map(|(id, _)| id.clone()).collect();
        for id in late {
            self.time_out_call(now, &id);
        }
    }

    /// Milliseconds after which an unanswered call ends.
    pub(crate) fn ring_timeout(&self) -> i64 {
        self.ring_timeout
    }

    /// Changes the time after which an unanswered call ends, for tests.
    pub(crate) fn set_ring_timeout(&mut self, millis: i64) -> ApiResult<Value> {
        self.ring_timeout = millis.max(0);
        Ok("Done".into())
    }

    /// Time at which [`Self::tick`] has to be called next.
    pub(crate) fn deadline(&self) -> Option<Timestamp> {
        let ringing = self.calls.values().filter(|call| call.state == CallState::Ringing);
        ringing.map(|call| call.created_at + self.ring_timeout).min()
    }

    /// Ends the call on a device whose last connection has ended (§3.2).
    pub(super) fn drop_calls(&mut self, now: Timestamp, actor: &Actor) {
        if self.is_device_online(actor) {
            return;
        }
        let is_on_device = |call: &Call| {
            let as_callee = call.callee == actor.user && call.accepted_on.as_ref() == Some(&actor.device);
            call.state == CallState::InCall && (call.caller == *actor || as_callee)
        };
        let dropped = self.calls.iter().filter(|(_, call)| is_on_device(call));
        let dropped: Vec<(Id, Id)> = dropped.map(|(id, call)| (id.clone(), call.other(&actor.user).clone())).collect();
        for (id, peer) in dropped {
            let to = Target::User(peer);
            let ending = Ending { state: CallState::SessionEnded, to, event: "v1OnCallEnded", text: None };
            let _ = self.finish_call(now, &id, ending);
        }
    }

    /// Handles `v1IceCandidate`: passes it on unchanged to the other participant of a call.
    pub(crate) fn relay_ice_candidate(&mut self, actor: &Actor, candidate: &Value) -> ApiResult<()> {
        let id = candidate.get("meetId").and_then(Value::as_str).unwrap_or_default();
        let other = self.own_call(actor, id)?.other(&actor.user).clone();
        self.emit(Target::User(other), "v1OnIceCandidate", candidate.clone());
        Ok(())
    }
}
