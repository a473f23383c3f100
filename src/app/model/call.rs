//! The incoming or active call of an account, and its stages.
//!
//! There is at most one call at a time. Audio and video are carried by the external program in
//! `Profile::call_command`.

use crate::domain::{CallId, RoomId, SECOND, Timestamp};

/// Milliseconds after which a call without news from the server stops ringing.
///
/// The server itself gives up after 60 s (`docs/protocol/vchat.md` §3.4), and its decision should arrive first.
pub(in crate::app) const RING_TIMEOUT: i64 = 75 * SECOND;

/// A call that is ringing or in progress.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// The server's identifier; `None` for an outgoing call until the server has confirmed that it rings.
    pub id: Option<CallId>,
    /// The room in which the call takes place.
    pub room: RoomId,
    /// The display name of the other person.
    pub peer_name: String,
    /// Whether this is a video call.
    pub video: bool,
    /// The stage of the call.
    pub stage: CallStage,
}

/// The stage of a call.
///
/// Incoming calls pass from `Incoming` through `Accepting` to `Active`, outgoing calls from `Outgoing` to `Active`.
/// There is no stage for an ended call: `Account::call` becomes `None`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallStage {
    /// Rings on this side, at most until the given time.
    Incoming(Timestamp),
    /// The user has accepted the call, and the server has not replied yet.
    Accepting(Timestamp),
    /// Rings on the other side, at most until the given time.
    Outgoing(Timestamp),
    /// The user hung up before the server sent the call's identifier. The call is ended as soon as the identifier
    /// arrives.
    Canceling(Timestamp),
    /// In progress since the given time.
    Active(Timestamp),
}

impl Call {
    /// Returns when the call ends on this side without further news; an active call never does.
    pub fn expires_at(&self) -> Option<Timestamp> {
        match self.stage {
            CallStage::Incoming(until)
            | CallStage::Accepting(until)
            | CallStage::Outgoing(until)
            | CallStage::Canceling(until) => Some(until),
            CallStage::Active(_) => None,
        }
    }

    /// Returns the expiry time for adjustment, as after a clock rollback.
    pub(in crate::app) fn expires_at_mut(&mut self) -> Option<&mut Timestamp> {
        match &mut self.stage {
            CallStage::Incoming(until)
            | CallStage::Accepting(until)
            | CallStage::Outgoing(until)
            | CallStage::Canceling(until) => Some(until),
            CallStage::Active(_) => None,
        }
    }

    /// Whether the call is visible to the user.
    pub fn is_shown(&self) -> bool {
        !matches!(self.stage, CallStage::Canceling(_))
    }

    /// Whether the call rings on this side.
    pub fn is_ringing(&self) -> bool {
        matches!(self.stage, CallStage::Incoming(_))
    }

    /// Whether an event concerns this call. If either side lacks an identifier, the rooms are compared instead.
    pub fn matches(&self, id: Option<&CallId>, room: &RoomId) -> bool {
        match (&self.id, id) {
            (Some(own), Some(id)) => own == id,
            _ => self.room == *room,
        }
    }

    /// Returns the noun for the user: "video call" or "voice call".
    pub fn kind_name(&self) -> &'static str {
        if self.video { "video call" } else { "voice call" }
    }
}
