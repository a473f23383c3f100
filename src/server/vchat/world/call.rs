//! A call and its states.

use serde_json::{Value, json};

use crate::domain::Timestamp;
use crate::server::quota::json_bytes;
use crate::server::vchat::model::{Actor, Id};
use crate::server::vchat::wire;

/// State of a call: `Ringing` leads to `InCall`, `Canceled`, `Rejected` or `TimedOut`, and `InCall` to `Finished` or
/// `SessionEnded`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CallState {
    /// The callee has not answered yet.
    Ringing,
    /// The callee accepted.
    InCall,
    /// The caller hung up before the callee accepted.
    Canceled,
    /// The callee did not answer in time.
    TimedOut,
    /// The callee declined.
    Rejected,
    /// One of the two hung up.
    Finished,
    /// One of the two lost the connection.
    SessionEnded,
}

impl CallState {
    /// Name on the wire (`callStatus`).
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Ringing => "ring",
            Self::InCall => "inCall",
            Self::Canceled => "canceled",
            Self::TimedOut => "timeout",
            Self::Rejected => "rejected",
            Self::Finished => "finished",
            Self::SessionEnded => "sessionEnd",
        }
    }

    /// Whether the call has ended.
    pub(super) fn is_over(self) -> bool {
        !matches!(self, Self::Ringing | Self::InCall)
    }
}

/// A call between the two members of a direct room.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Call {
    pub(super) room: Id,
    pub(super) caller: Actor,
    pub(super) callee: Id,
    /// Device on which it was accepted.
    pub(super) accepted_on: Option<String>,
    pub(super) is_video: bool,
    /// Connection data of the caller, which is passed on unchanged.
    pub(super) payload: Value,
    /// `meetPlatform`.
    pub(super) platform: String,
    pub(super) state: CallState,
    pub(super) created_at: Timestamp,
    /// Time at which it was accepted.
    pub(super) started_at: Option<Timestamp>,
    pub(super) ended_at: Option<Timestamp>,
    /// Users who removed it from their history.
    pub(super) deleted_for: Vec<Id>,
}

impl Call {
    /// Creates a call that rings.
    pub(super) fn new(room: &str, caller: &Actor, callee: &Id, now: Timestamp) -> Self {
        Self {
            room: room.to_owned(),
            caller: caller.clone(),
            callee: callee.clone(),
            accepted_on: None,
            is_video: false,
            payload: Value::Null,
            platform: String::new(),
            state: CallState::Ringing,
            created_at: now,
            started_at: None,
            ended_at: None,
            deleted_for: Vec::new(),
        }
    }

    /// Approximate memory of the texts in the call.
    pub(super) fn memory_bytes(&self) -> usize {
        json_bytes(&self.payload) + self.platform.len()
    }

    /// Whether `user` takes part.
    pub(super) fn involves(&self, user: &str) -> bool {
        self.caller.user == user || self.callee == user
    }

    /// The participant who is not `user`.
    pub(super) fn other(&self, user: &str) -> &Id {
        if self.caller.user == user { &self.callee } else { &self.caller.user }
    }

    /// `msgAtt` of the message about the call in the room (§8.2).
    pub(super) fn attachment(&self) -> Value {
        json!({
            "callStatus": self.state.name(),
            "startAt": wire::time(self.started_at),
            "endAt": wire::time(self.ended_at),
            "withVideo": self.is_video,
        })
    }
}
