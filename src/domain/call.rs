//! Voice and video calls: who is calling, and how calls ended.
//!
//! The program only does the signalling. An external program carries audio and video.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::ids::{CallId, RoomId};
use super::person::PersonInfo;
use super::time::Timestamp;

/// Incoming call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallInfo {
    /// Server-assigned id of the call.
    pub id: CallId,
    /// Room of the call.
    pub room: RoomId,
    /// Person who is calling.
    pub caller: PersonInfo,
    /// Whether it is a video call.
    pub video: bool,
}

/// Access to the sound and video of a call, for the program that carries them.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallAccess {
    /// Channel of the call.
    pub channel: String,
    /// Token that admits to the channel. A secret.
    #[serde(skip)]
    pub token: String,
}

impl fmt::Debug for CallAccess {
    /// Omits the token.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallAccess").field("channel", &self.channel).finish_non_exhaustive()
    }
}

/// Reason why a call ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum CallEnd {
    /// Hung up after it had been accepted.
    Finished,
    /// Cancelled by the caller before it was accepted.
    Canceled,
    /// Declined by the callee.
    Declined,
    /// Not answered in time.
    TimedOut,
}

/// State of a call in the call history.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum CallStatus {
    /// Not answered yet.
    Ringing,
    /// In progress.
    Active,
    /// Over.
    Ended(CallEnd),
    /// One side lost its connection.
    Broken,
    /// The server reports a state that this program does not know.
    Unknown,
}

/// Entry of the call history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallRecord {
    /// Server-assigned id of the call.
    pub id: CallId,
    /// Room of the call, if the server names it.
    pub room: Option<RoomId>,
    /// The other participant.
    pub peer: PersonInfo,
    /// Whether it was a video call.
    pub video: bool,
    /// State of the call.
    pub status: CallStatus,
    /// When the call started.
    pub started_at: Timestamp,
    /// When the call ended, if it has.
    pub ended_at: Option<Timestamp>,
}
