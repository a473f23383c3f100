//! Calls: who rings, and what became of it. Sound and picture are no matter of a terminal.

use super::ids::{CallId, RoomId};
use super::person::PersonInfo;
use super::time::Timestamp;

/// Somebody rings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallInfo {
    /// The server's name for the call.
    pub id: CallId,
    /// Where.
    pub room: RoomId,
    /// Who rings.
    pub caller: PersonInfo,
    /// With picture.
    pub video: bool,
}

/// How a call ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallEnd {
    /// It was held, and somebody hung up.
    Finished,
    /// The caller gave up.
    Canceled,
    /// The one who was called did not want it.
    Rejected,
    /// Nobody answered.
    TimedOut,
}

/// How a call in the history stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallStatus {
    /// It rings.
    Ringing,
    /// It is being held.
    Active,
    /// It is over.
    Ended(CallEnd),
    /// The connection of one side broke.
    Broken,
    /// The server says something that is not known here.
    Unknown,
}

/// A call of the past.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallRecord {
    /// The server's name for it.
    pub id: CallId,
    /// Where, if the server says so.
    pub room: Option<RoomId>,
    /// The other side.
    pub peer: PersonInfo,
    /// With picture.
    pub video: bool,
    /// How it stands.
    pub status: CallStatus,
    /// When it began.
    pub began: Timestamp,
    /// When it ended.
    pub ended: Option<Timestamp>,
}
