//! REST calls under way, and which of them may overtake which.
//!
//! Changes (send, edit, delete, members) go strictly one after the other, so that two messages arrive in the order
//! they were written. Receipts have a line of their own, one at a time, so that a screenful of them delays nothing.
//! Reads run side by side, a few at a time. Each lane is bounded; what does not fit is given back.

use std::collections::{HashMap, VecDeque};

use tokio::task::{Id, JoinSet};

use crate::domain::Request;
use crate::protocol::{Body, HttpCall};

use super::rest::Rest;
use super::trouble::Trouble;

/// How many calls may wait in one lane.
const WAITING: usize = 1024;

/// A line of calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lane {
    /// What changes something: one at a time, in order.
    Changes,
    /// Receipts: one at a time, beside all else.
    Receipts,
    /// What only reads: side by side.
    Reads,
    /// The sign-in: it waits for nothing, least of all for reads that hang since before the connection was lost.
    SignIn,
}

/// How many lanes there are.
const LANES: usize = 4;

impl Lane {
    /// The lane that `request` takes if it is a REST call.
    pub(super) fn of(request: &Request) -> Self {
        match request {
            Request::Seen { .. } => Self::Receipts,
            Request::SignIn { .. } => Self::SignIn,
            Request::Announce
            | Request::Rooms { .. }
            | Request::History { .. }
            | Request::Join { .. }
            | Request::Leave { .. }
            | Request::Typing { .. }
            | Request::Heartbeat { .. }
            | Request::Delivered { .. }
            | Request::Presence { .. }
            | Request::FindPerson { .. }
            | Request::Person { .. }
            | Request::FindPeople { .. }
            | Request::Members { .. }
            | Request::Standing { .. }
            | Request::Room { .. }
            | Request::FindRooms { .. }
            | Request::Stars { .. }
            | Request::SeenBy { .. }
            | Request::ActiveCall
            | Request::Calls => Self::Reads,
            Request::Send { .. }
            | Request::Edit { .. }
            | Request::Delete { .. }
            | Request::DeleteForMe { .. }
            | Request::Star { .. }
            | Request::OpenDirect { .. }
            | Request::CreateGroup { .. }
            | Request::CreateBroadcast { .. }
            | Request::AddMember { .. }
            | Request::RemoveMember { .. }
            | Request::SetRole { .. }
            | Request::Block { .. }
            | Request::Mute { .. }
            | Request::Archive { .. }
            | Request::Rename { .. }
            | Request::LeaveGroup { .. }
            | Request::DeleteRoom { .. }
            | Request::StartCall { .. }
            | Request::AcceptCall { .. }
            | Request::RejectCall { .. }
            | Request::EndCall { .. } => Self::Changes,
        }
    }

    fn width(self) -> usize {
        match self {
            Self::Changes | Self::Receipts | Self::SignIn => 1,
            Self::Reads => 4,
        }
    }
}

/// What came of a call.
pub(super) type Outcome = Result<(u16, Body), Trouble>;

/// All lanes. Dropping them gives their calls up.
#[derive(Default)]
pub(super) struct Lanes {
    waiting: [VecDeque<(Request, HttpCall)>; LANES],
    running: [usize; LANES],
    tasks: JoinSet<Outcome>,
    /// Whose task it is: kept here and not in the task, so that one which panics still names its request.
    requests: HashMap<Id, (Lane, Request)>,
}

impl Lanes {
    /// Puts a call in line; gives the request back when the line is too long.
    pub(super) fn push(&mut self, rest: &Rest, request: Request, call: HttpCall) -> Result<(), Request> {
        let lane = Lane::of(&request);
        let line = &mut self.waiting[lane as usize];
        if line.len() >= WAITING {
            return Err(request);
        }
        line.push_back((request, call));
        self.start(rest, lane);
        Ok(())
    }

    /// The next call that is done, once one is; `None` when none runs. May be dropped while it waits.
    pub(super) async fn done(&mut self, rest: Option<&Rest>) -> Option<(Request, Outcome)> {
        let joined = self.tasks.join_next_with_id().await?;
        let (id, outcome) = match joined {
            Ok((id, outcome)) => (id, outcome),
            Err(error) => (error.id(), Err(Trouble::passing("The call failed inside the program. Try again."))),
        };
        let (lane, request) = self.requests.remove(&id)?;
        self.running[lane as usize] -= 1;
        if let Some(rest) = rest {
            self.start(rest, lane);
        }
        Some((request, outcome))
    }

    /// Whether a change is under way or in line.
    pub(super) fn changing(&self) -> bool {
        let lane = Lane::Changes as usize;
        self.running[lane] > 0 || !self.waiting[lane].is_empty()
    }

    fn start(&mut self, rest: &Rest, lane: Lane) {
        while self.running[lane as usize] < lane.width() {
            let Some((request, call)) = self.waiting[lane as usize].pop_front() else { return };
            let rest = rest.clone();
            let task = self.tasks.spawn(async move { rest.call(call).await });
            self.running[lane as usize] += 1;
            self.requests.insert(task.id(), (lane, request));
        }
    }
}
