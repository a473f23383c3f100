//! Calls, as a state machine (protocol note §2.7, §6): `ring` → `inCall` → `finished` or `sessionEnd`; `ring` →
//! `canceled`, `rejected` or `timeout`. What is over is history. No media: the sandbox only rings.

use serde_json::{Value, json};

use crate::domain::Timestamp;
use crate::server::clock::rfc3339;
use crate::server::demo::Event;
use crate::server::vchat::model::{Id, Me, Sort};
use crate::server::vchat::news::{CallEvent, To};
use crate::server::vchat::refusal::{Answer, Refusal};
use crate::server::vchat::wire;

use super::state::World;

/// Calls that are kept; the oldest that are over give way.
const KEPT: usize = 1000;
/// Calls that a history lists.
const LISTED: usize = 30;

/// Where a call is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Ring,
    InCall,
    Canceled,
    Timeout,
    Rejected,
    Finished,
    SessionEnd,
}

impl State {
    fn name(self) -> &'static str {
        match self {
            Self::Ring => "ring",
            Self::InCall => "inCall",
            Self::Canceled => "canceled",
            Self::Timeout => "timeout",
            Self::Rejected => "rejected",
            Self::Finished => "finished",
            Self::SessionEnd => "sessionEnd",
        }
    }

    fn is_over(self) -> bool {
        !matches!(self, Self::Ring | Self::InCall)
    }
}

/// A call.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Call {
    room: Id,
    caller: Me,
    callee: Id,
    /// On which device it was accepted.
    accepted_on: Option<String>,
    video: bool,
    payload: Value,
    platform: String,
    state: State,
    created_at: Timestamp,
    /// When it was accepted.
    started_at: Option<Timestamp>,
    ended_at: Option<Timestamp>,
    /// Who has cleared it from their history.
    gone_for: Vec<Id>,
}

impl Call {
    /// What its payload costs.
    pub(super) fn weight(&self) -> usize {
        crate::server::quota::json_bytes(&self.payload) + self.platform.len()
    }

    fn concerns(&self, user: &str) -> bool {
        self.caller.user == user || self.callee == user
    }

    /// `msgAtt` of the message that a call leaves behind (§8.2).
    fn attachment(&self) -> Value {
        json!({
            "callStatus": self.state.name(),
            "startAt": wire::date(self.started_at),
            "endAt": wire::date(self.ended_at),
            "withVideo": self.video,
        })
    }
}

impl World {
    /// Row 60. Rings at the callee.
    pub(crate) fn call(
        &mut self,
        now: Timestamp,
        me: &Me,
        room: &str,
        video: bool,
        payload: Value,
        platform: &str,
    ) -> Answer<Value> {
        self.tick(now);
        let place = self.room_of(&me.user, room)?;
        let peer = place.peer(&me.user).cloned().ok_or_else(|| Refusal::missing("The room is not direct"))?;
        if self.is_banned(&me.user, &peer) {
            return Err(Refusal::bad("callNotAllowed"));
        }
        let busy = |user: &str| self.calls.values().any(|call| !call.state.is_over() && call.concerns(user));
        if self.calls.values().any(|call| !call.state.is_over() && call.room == room) {
            return Err(Refusal::bad("roomAlreadyInCall"));
        }
        if busy(&peer) {
            return Err(Refusal::bad("peerUserInCallNow"));
        }
        // The note has no word for a caller who is in another call; the room's fits.
        if busy(&me.user) {
            return Err(Refusal::bad("roomAlreadyInCall"));
        }
        let meet = self.ids.next(now);
        let call = Call {
            room: room.to_owned(),
            caller: me.clone(),
            callee: peer.clone(),
            accepted_on: None,
            video,
            payload,
            platform: platform.to_owned(),
            state: State::Ring,
            created_at: now,
            started_at: None,
            ended_at: None,
            gone_for: Vec::new(),
        };
        let arg = self.ringing(&meet, &call)?;
        self.calls.insert(meet.clone(), call);
        if self.calls.len() > KEPT
            && let Some(oldest) = self.calls.iter().find(|(_, call)| call.state.is_over()).map(|(id, _)| id.clone())
        {
            self.calls.remove(&oldest);
        }
        self.tell(To::Person(peer.clone()), "v1OnNewCall", arg);
        let (call, room, caller) = (meet.clone(), room.to_owned(), me.user.clone());
        self.cue(Event::Service(CallEvent::Ringing { call, room, caller, callee: peer, video }));
        Ok(json!({ "meetId": meet }))
    }

    fn ringing(&self, meet: &str, call: &Call) -> Answer<Value> {
        Ok(json!({
            "roomId": call.room,
            "meetId": meet,
            "withVideo": call.video,
            "payload": call.payload,
            "userData": wire::user(self.user(&call.caller.user)?),
        }))
    }

    /// Row 57: what rings at me, or null.
    pub(crate) fn active_call(&mut self, now: Timestamp, me: &Me) -> Value {
        self.tick(now);
        let mut rings = self.calls.iter().filter(|(_, call)| call.state == State::Ring && call.callee == me.user);
        rings.next().and_then(|(meet, call)| self.ringing(meet, call).ok()).unwrap_or_default()
    }

    /// Row 58.
    pub(crate) fn call_history(&mut self, now: Timestamp, me: &Me) -> Value {
        self.tick(now);
        let mine = self.calls.iter().rev().filter(|(_, call)| call.concerns(&me.user));
        let mine = mine.filter(|(_, call)| !call.gone_for.contains(&me.user));
        mine.filter_map(|(id, call)| {
            let peer = if call.caller.user == me.user { &call.callee } else { &call.caller.user };
            Some(json!({
                "_id": id,
                "roomId": call.room,
                "callStatus": call.state.name(),
                "withVideo": call.video,
                "meetPlatform": call.platform,
                "endAt": wire::date(call.ended_at),
                "createdAt": rfc3339(call.created_at),
                "peerUser": wire::user(self.users.get(peer)?),
            }))
        })
        .take(LISTED)
        .collect()
    }

    /// Row 64: forgets one, or all that are over.
    pub(crate) fn clear_calls(&mut self, me: &Me, id: Option<&str>) -> Answer<Value> {
        let mut any = false;
        for (known, call) in &mut self.calls {
            let asked = id.is_none_or(|id| id == known) && call.concerns(&me.user) && call.state.is_over();
            if asked && !call.gone_for.contains(&me.user) {
                call.gone_for.push(me.user.clone());
                any = true;
            }
        }
        if id.is_some() && !any {
            return Err(Refusal::missing("Call not found"));
        }
        Ok("Done".into())
    }

    /// Row 59: access to a channel that does not exist.
    pub(crate) fn agora_access(&self, now: Timestamp, me: &Me, room: &str) -> Answer<Value> {
        self.room_of(&me.user, room)?;
        Ok(json!({ "channelName": room, "uid": 0, "rtcToken": "sandbox", "joinedAt": rfc3339(now) }))
    }

    fn call_of(&self, me: &Me, meet: &str) -> Answer<Call> {
        let call = self.calls.get(meet).filter(|call| call.concerns(&me.user));
        call.cloned().ok_or_else(|| Refusal::missing("Call not found"))
    }

    /// Row 61.
    pub(crate) fn accept_call(&mut self, now: Timestamp, me: &Me, meet: &str, payload: &Value) -> Answer<Value> {
        self.tick(now);
        let call = self.call_of(me, meet)?;
        if call.callee != me.user {
            return Err(Refusal::bad("You are not the one who is called"));
        }
        if call.state != State::Ring {
            return Err(Refusal::bad("The call does not ring"));
        }
        if !self.is_connected(&call.caller) {
            self.time_out(now, meet);
            return Err(Refusal::bad("The caller is offline"));
        }
        if let Some(call) = self.calls.get_mut(meet) {
            call.state = State::InCall;
            call.started_at = Some(now);
            call.accepted_on = Some(me.device.clone());
        }
        // The answer of WebRTC's payload is under this name; without one, what came is passed on.
        let answer = payload.get("answer").cloned().unwrap_or_else(|| payload.clone());
        let arg = json!({ "roomId": call.room, "meetId": meet, "peerAnswer": answer });
        self.tell(To::Device(call.caller.user.clone(), call.caller.device.clone()), "v1OnCallAccepted", arg);
        self.cue(Event::Service(CallEvent::Accepted(meet.to_owned())));
        Ok("Call accepted".into())
    }

    /// Row 62.
    pub(crate) fn reject_call(&mut self, now: Timestamp, me: &Me, meet: &str) -> Answer<Value> {
        self.tick(now);
        let call = self.call_of(me, meet)?;
        if call.callee != me.user || call.state != State::Ring {
            return Err(Refusal::bad("The call does not ring"));
        }
        self.over(
            now,
            meet,
            State::Rejected,
            To::Person(call.caller.user.clone()),
            "v1OnCallRejected",
            Some("📞 Rejected call"),
        )
    }

    /// Row 63, and what SDKs up to 2.0.0 say: cancels, rejects or ends, by who asks and how far the call is.
    pub(crate) fn end_call(&mut self, now: Timestamp, me: &Me, meet: &str) -> Answer<Value> {
        self.tick(now);
        let call = self.call_of(me, meet)?;
        match call.state {
            State::Ring if call.caller.user == me.user => {
                self.over(now, meet, State::Canceled, To::Person(call.callee), "v1OnCallCanceled", None)
            }
            State::Ring => self.reject_call(now, me, meet),
            State::InCall => {
                self.over(now, meet, State::Finished, To::Room(call.room), "v1OnCallEnded", Some("📞 Call"))
            }
            _ => Err(Refusal::bad("The call is over")),
        }
    }

    /// Ends a call, tells so, and leaves a message behind when there is a text for it. The message is the caller's.
    fn over(
        &mut self,
        now: Timestamp,
        meet: &str,
        state: State,
        to: To,
        event: &'static str,
        text: Option<&str>,
    ) -> Answer<Value> {
        let call = self.calls.get_mut(meet).ok_or_else(|| Refusal::missing("Call not found"))?;
        call.state = state;
        call.ended_at = Some(now);
        let call = call.clone();
        self.tell(to, event, json!({ "meetId": meet, "roomId": call.room }));
        if let Some(text) = text {
            let mut said = self.blank(now, &call.caller, &call.room, Sort::Call, text)?;
            said.attachment = call.attachment();
            self.store(said)?;
        }
        self.cue(Event::Service(CallEvent::Ended(meet.to_owned())));
        Ok("Call ended".into())
    }

    fn time_out(&mut self, now: Timestamp, meet: &str) {
        let Some(call) = self.calls.get(meet).cloned() else { return };
        let name = self.user(&call.caller.user).map_or_else(|_| String::new(), |user| user.shown().to_owned());
        let text = format!("📞 Missed Call from {name}");
        let _ = self.over(now, meet, State::Timeout, To::Room(call.room), "v1OnCallTimeout", Some(&text));
    }

    /// Ends what has rung for too long. Anybody may call it at any time; each request about calls does first.
    pub(crate) fn tick(&mut self, now: Timestamp) {
        let long = |call: &Call| call.state == State::Ring && now - call.created_at >= self.ring;
        let late: Vec<Id> = self.calls.iter().filter(|(_, call)| long(call)).map(|(id, _)| id.clone()).collect();
        for meet in late {
            self.time_out(now, &meet);
        }
    }

    /// How long a call rings, in milliseconds.
    pub(crate) fn rings_for(&self) -> i64 {
        self.ring
    }

    /// Calls ring for so many milliseconds from now on: for tests.
    pub(crate) fn ring_for(&mut self, millis: i64) -> Answer<Value> {
        self.ring = millis.max(0);
        Ok("Done".into())
    }

    /// When [`Self::tick`] has something to do next.
    pub(crate) fn deadline(&self) -> Option<Timestamp> {
        let rings = self.calls.values().filter(|call| call.state == State::Ring);
        rings.map(|call| call.created_at + self.ring).min()
    }

    /// The connection of `me` ended: so does their call on that device (§3.2), if it was its last one.
    pub(super) fn drop_calls(&mut self, now: Timestamp, me: &Me) {
        if self.is_connected(me) {
            return;
        }
        let on = |call: &Call| {
            let callee = call.callee == me.user && call.accepted_on.as_ref() == Some(&me.device);
            call.state == State::InCall && (call.caller == *me || callee)
        };
        let dropped: Vec<(Id, Id)> = self
            .calls
            .iter()
            .filter(|(_, call)| on(call))
            .map(|(id, call)| {
                (id.clone(), if call.caller.user == me.user { &call.callee } else { &call.caller.user }.clone())
            })
            .collect();
        for (meet, peer) in dropped {
            let _ = self.over(now, &meet, State::SessionEnd, To::Person(peer), "v1OnCallEnded", None);
        }
    }

    /// `v1IceCandidate`: passed on as it came to the other one of a call.
    pub(crate) fn candidate(&mut self, me: &Me, candidate: &Value) -> Answer<()> {
        let meet = candidate.get("meetId").and_then(Value::as_str).unwrap_or_default();
        let call = self.call_of(me, meet)?;
        let other = if call.caller.user == me.user { call.callee } else { call.caller.user };
        self.tell(To::Person(other), "v1OnIceCandidate", candidate.clone());
        Ok(())
    }
}
