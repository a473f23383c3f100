//! The call that rings or is held. One at a time; sound and picture are no matter of a terminal.

use crate::domain::{CallId, RoomId, SECOND, Timestamp};

/// How long a call rings here when nothing more is heard of it. The server gives up after a minute (protocol note §3.4).
pub(in crate::app) const RING_TIMEOUT: i64 = 75 * SECOND;

/// The call that rings or is held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// The server's name for it; not known until it has answered that ours rings.
    pub id: Option<CallId>,
    /// Where.
    pub room: RoomId,
    /// The other side's name, as it is shown.
    pub peer_name: String,
    /// With picture.
    pub video: bool,
    /// How far it is.
    pub stage: CallStage,
}

/// How far a call is. `In → Taking → Held`, or `Out → Held`; it ends from any stage by not being there any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallStage {
    /// It rings here, at most until then.
    Incoming(Timestamp),
    /// We have taken it; the server has not answered.
    Accepting(Timestamp),
    /// It rings over there, at most until then.
    Outgoing(Timestamp),
    /// We gave up ringing before the server had named the call: it is ended as soon as it has a name.
    Canceling(Timestamp),
    /// It is held, since then.
    Active(Timestamp),
}

impl Call {
    /// When it ends here by itself.
    pub fn expires_at(&self) -> Option<Timestamp> {
        match self.stage {
            CallStage::Incoming(until)
            | CallStage::Accepting(until)
            | CallStage::Outgoing(until)
            | CallStage::Canceling(until) => Some(until),
            CallStage::Active(_) => None,
        }
    }

    pub(in crate::app) fn expires_at_mut(&mut self) -> Option<&mut Timestamp> {
        match &mut self.stage {
            CallStage::Incoming(until)
            | CallStage::Accepting(until)
            | CallStage::Outgoing(until)
            | CallStage::Canceling(until) => Some(until),
            CallStage::Active(_) => None,
        }
    }

    /// Whether the user is to see it.
    pub fn is_shown(&self) -> bool {
        !matches!(self.stage, CallStage::Canceling(_))
    }

    /// Whether an event about this call, or about any call in this room, is about this one.
    pub fn matches(&self, id: Option<&CallId>, room: &RoomId) -> bool {
        match (&self.id, id) {
            (Some(own), Some(id)) => own == id,
            _ => self.room == *room,
        }
    }

    /// What it is called.
    pub fn kind_name(&self) -> &'static str {
        if self.video { "video call" } else { "voice call" }
    }
}
