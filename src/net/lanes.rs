//! Queues of REST calls. They decide which calls run in parallel and which keep their order.
//!
//! Every request belongs to a [`Lane`]. Changes (sending, editing, deleting, memberships) go strictly one after
//! another, so that two messages arrive in the order in which they were written. Files have a lane of their own, so
//! that a text does not wait for a video: a text may overtake a file, but never another text. Reads run in parallel, a
//! few at a time. Every lane is bounded.
//!
//! Nothing starts while calls wait for a sign-in because the session has expired, or while the server asks for a delay.
//! In both cases the rejected call returns to the head of its lane, so that nothing overtakes it. The sign-in itself
//! waits for nothing.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::task::{AbortHandle, Id, JoinSet};
use tokio::time::Instant;

use crate::domain::{Content, Failure, LocalId, Request, ServerEvent};
use crate::protocol::{Call, HttpCall};

use super::error::NetError;
use super::feed::FeedSender;
use super::request_body::ProgressReporter;
use super::rest::{Reply, RestClient};
use super::shared_protocol::SharedProtocol;
use super::tap::{Exchange, Tap};

/// Maximum number of calls that wait in one lane.
const LANE_CAPACITY: usize = 1024;

/// A queue of calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lane {
    /// Calls that change something: one at a time, in order.
    Changes,
    /// Uploads: one at a time, in order.
    Files,
    /// Calls that only read: in parallel.
    Reads,
    /// The sign-in: one at a time, never queued. It must not wait for any other call, least of all for one that hangs in
    /// a dead connection.
    SignIn,
}

/// All lanes.
const LANES: [Lane; 4] = [Lane::Changes, Lane::Files, Lane::Reads, Lane::SignIn];

impl Lane {
    /// Returns the lane for the REST calls of `request`.
    pub(super) fn of(request: &Request) -> Self {
        match request {
            Request::Send { content: Content::File { .. }, .. }
            | Request::SetPicture { .. }
            | Request::SetRoomPicture { .. } => Self::Files,
            Request::SignIn { .. } => Self::SignIn,
            Request::Announce
            | Request::Rooms { .. }
            | Request::History { .. }
            | Request::Join { .. }
            | Request::Leave { .. }
            | Request::Typing { .. }
            | Request::Heartbeat { .. }
            | Request::Delivered { .. }
            | Request::Seen { .. }
            | Request::Presence { .. }
            | Request::CancelUpload { .. }
            | Request::FindPerson { .. }
            | Request::Person { .. }
            | Request::FindPeople { .. }
            | Request::Members { .. }
            | Request::Membership { .. }
            | Request::Room { .. }
            | Request::FindRooms { .. }
            | Request::Stars { .. }
            | Request::SeenBy { .. }
            | Request::ActiveCall
            | Request::Calls
            | Request::AddablePeople { .. }
            | Request::Shared { .. }
            | Request::CallAccess { .. } => Self::Reads,
            Request::LogOut
            | Request::Send { .. }
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
            | Request::SetName { .. }
            | Request::LeaveGroup { .. }
            | Request::DeleteRoom { .. }
            | Request::StartCall { .. }
            | Request::AcceptCall { .. }
            | Request::DeclineCall { .. }
            | Request::EndCall { .. }
            | Request::ClearCalls
            | Request::SetDescription { .. }
            | Request::SetNickname { .. } => Self::Changes,
        }
    }

    /// Returns how many calls may run at the same time.
    fn width(self) -> usize {
        match self {
            Self::Changes | Self::Files | Self::SignIn => 1,
            Self::Reads => 4,
        }
    }
}

/// The result of a call.
pub(super) type Outcome = Result<Reply, NetError>;

/// A REST call of a request, with the history of its attempts.
#[derive(Debug)]
pub(super) struct Job {
    /// The request.
    pub(super) request: Request,
    /// Whether the call was rejected before because the session had expired.
    pub(super) was_expired: bool,
    /// Number of retries so far, for any other reason.
    pub(super) retries: u32,
    /// Total delay that the server asked for so far.
    pub(super) waited: Duration,
}

impl Job {
    /// Creates a job for a call that has not been made yet.
    pub(super) fn new(request: Request) -> Self {
        Self { request, was_expired: false, retries: 0, waited: Duration::ZERO }
    }

    /// Encodes the call with the current session.
    pub(super) fn encode(&self, protocol: &SharedProtocol) -> Option<HttpCall> {
        match protocol.encode(&self.request)? {
            Call::Http(call) => Some(call),
            Call::Emit { .. } => None,
        }
    }
}

/// A call that has ended.
#[derive(Debug)]
pub(super) struct FinishedJob {
    pub(super) job: Job,
    pub(super) outcome: Outcome,
    /// Whether a sign-in has succeeded since the call was started.
    pub(super) is_stale: bool,
    /// Duration of the call.
    pub(super) duration: Duration,
    /// Records its end.
    pub(super) exchange: Exchange,
}

/// A call that is running.
struct RunningJob {
    lane: Lane,
    job: Job,
    task: AbortHandle,
    /// Set once all of its file has been transferred.
    is_transferred: Arc<AtomicBool>,
    /// Whether a sign-in has succeeded since the call was started.
    is_stale: bool,
    started_at: Instant,
}

/// A sign-in that is under way.
struct SignIn {
    task: AbortHandle,
    /// Whether all other calls wait for it, because the session has expired.
    is_awaited: bool,
}

/// All lanes of a connection. Dropping them aborts their calls.
pub(super) struct Lanes {
    feed: FeedSender,
    tap: Tap,
    waiting: [VecDeque<(Job, HttpCall)>; LANES.len()],
    /// Number of running calls in each lane.
    running: [usize; LANES.len()],
    tasks: JoinSet<(Outcome, Exchange)>,
    /// The running calls. They are not part of the tasks, so that a task that panics can still be assigned to its
    /// request.
    jobs: HashMap<Id, RunningJob>,
    /// Calls to be retried, each at its time.
    delayed: Vec<(Instant, Job, HttpCall)>,
    /// The sign-in that is under way.
    sign_in: Option<SignIn>,
    /// Until then only the sign-in may start, because the server asked for a delay.
    paused_until: Option<Instant>,
}

impl Lanes {
    /// Creates empty lanes. The progress of uploads goes to `feed`, and `tap` records the calls.
    pub(super) fn new(feed: FeedSender, tap: Tap) -> Self {
        Self {
            feed,
            tap,
            waiting: Default::default(),
            running: Default::default(),
            tasks: JoinSet::new(),
            jobs: HashMap::new(),
            delayed: Vec::new(),
            sign_in: None,
            paused_until: None,
        }
    }

    /// Appends a call to its lane and starts it if possible. Returns the request if the lane is full.
    pub(super) fn push(&mut self, rest: &RestClient, job: Job, call: HttpCall) -> Result<(), Request> {
        let lane = Lane::of(&job.request);
        let queue = &mut self.waiting[lane as usize];
        if queue.len() >= LANE_CAPACITY {
            return Err(job.request);
        }
        queue.push_back((job, call));
        self.start(rest, lane);
        Ok(())
    }

    /// Returns a call to the head of its lane.
    pub(super) fn push_front(&mut self, job: Job, call: HttpCall) {
        self.waiting[Lane::of(&job.request) as usize].push_front((job, call));
    }

    /// Makes a call again at `at`. Other calls of its lane overtake it, so this is only for reads.
    pub(super) fn retry_at(&mut self, at: Instant, job: Job, call: HttpCall) {
        self.delayed.push((at, job, call));
    }

    /// Waits for the next call to end. Returns `None` if none is running. Cancel-safe.
    ///
    /// The next calls of the lane start with [`Lanes::start_ready`], after the outcome has been examined: it may be a
    /// reason to sign in or to pause.
    pub(super) async fn next_finished(&mut self) -> Option<FinishedJob> {
        loop {
            let joined = self.tasks.join_next_with_id().await?;
            let (id, (outcome, exchange)) = match joined {
                Ok(joined) => joined,
                // The server cannot have accepted a part of a file.
                Err(error) if error.is_cancelled() => {
                    let error_of_send = NetError::transient("The upload was canceled.").with_failure(Failure::NotSent);
                    (error.id(), (Err(error_of_send), Exchange::default()))
                }
                Err(error) => {
                    let sentence = "The request failed because of an internal error. Try again.";
                    (error.id(), (Err(NetError::transient(sentence)), Exchange::default()))
                }
            };
            // An aborted sign-in is not in the map any more.
            let Some(RunningJob { lane, job, is_stale, started_at, .. }) = self.jobs.remove(&id) else { continue };
            self.running[lane as usize] -= 1;
            return Some(FinishedJob { job, outcome, is_stale, duration: started_at.elapsed(), exchange });
        }
    }

    /// Cancels the upload of a send. Returns its request if it had not begun; one that has begun ends with an error,
    /// unless all of it has been transferred.
    pub(super) fn cancel_upload(&mut self, local: LocalId) -> Option<Request> {
        let is_it = |job: &Job| matches!(&job.request, Request::Send { local: send, .. } if *send == local);
        let running = self.jobs.values().filter(|running| is_it(&running.job) && running.lane == Lane::Files);
        for running in running.filter(|running| !running.is_transferred.load(Ordering::Relaxed)) {
            running.task.abort();
        }
        let waiting = &mut self.waiting[Lane::Files as usize];
        let at = waiting.iter().position(|(job, _)| is_it(job))?;
        waiting.remove(at).map(|(job, _)| job.request)
    }

    /// Starts all calls that may start now.
    pub(super) fn start_ready(&mut self, rest: &RestClient) {
        let now = Instant::now();
        for (_, job, call) in self.delayed.extract_if(.., |(at, ..)| *at <= now).collect::<Vec<_>>() {
            self.push_front(job, call);
        }
        self.paused_until.take_if(|until| *until <= now);
        for lane in LANES {
            self.start(rest, lane);
        }
    }

    /// Starts nothing but the sign-in before `until`.
    pub(super) fn pause(&mut self, until: Instant) {
        self.paused_until = self.paused_until.max(Some(until));
    }

    /// Ends a pause.
    pub(super) fn resume(&mut self) {
        self.paused_until = None;
    }

    /// Returns the rest of the pause, or zero.
    pub(super) fn remaining_pause(&self) -> Duration {
        self.paused_until.map_or(Duration::ZERO, |until| until.saturating_duration_since(Instant::now()))
    }

    /// Returns when [`Lanes::start_ready`] has to be called even if no call ends before.
    pub(super) fn next_wakeup(&self) -> Option<Instant> {
        let has_waiting = self.waiting.iter().any(|queue| !queue.is_empty());
        let end_of_pause = self.paused_until.filter(|_| has_waiting);
        self.delayed.iter().map(|(at, ..)| *at).chain(end_of_pause).min()
    }

    /// Removes and returns all requests that have not been started.
    pub(super) fn drain(&mut self) -> Vec<Request> {
        let waiting = self.waiting.iter_mut().flat_map(|queue| queue.drain(..)).map(|(job, _)| job.request);
        waiting.chain(self.delayed.drain(..).map(|(_, job, _)| job.request)).collect()
    }

    /// Starts a sign-in. It replaces one that is under way, which may hang in a dead connection: what waits for that one
    /// waits for this one.
    pub(super) fn sign_in(&mut self, rest: &RestClient, job: Job, call: HttpCall) {
        let previous = self.sign_in.take();
        if let Some(SignIn { task, .. }) = &previous {
            task.abort();
            self.jobs.remove(&task.id());
            self.running[Lane::SignIn as usize] = 0;
        }
        let task = self.spawn(rest, Lane::SignIn, job, call);
        self.sign_in = Some(SignIn { task, is_awaited: previous.is_some_and(|previous| previous.is_awaited) });
    }

    /// Whether a sign-in is under way.
    pub(super) fn is_signing_in(&self) -> bool {
        self.sign_in.is_some()
    }

    /// Makes all other calls wait for the sign-in that is under way.
    pub(super) fn await_sign_in(&mut self) {
        if let Some(sign_in) = &mut self.sign_in {
            sign_in.is_awaited = true;
        }
    }

    /// Ends a sign-in that has succeeded: encodes the waiting calls again with the new session.
    pub(super) fn signed_in(&mut self, protocol: &SharedProtocol) {
        self.sign_in = None;
        self.jobs.values_mut().for_each(|running| running.is_stale = true);
        let delayed = self.delayed.iter_mut().map(|(_, job, call)| (job, call));
        for (job, call) in self.waiting.iter_mut().flatten().map(|(job, call)| (job, call)).chain(delayed) {
            if let Some(encoded) = job.encode(protocol) {
                *call = encoded;
            }
        }
    }

    /// Ends a sign-in that has failed. Returns the requests that waited for it.
    pub(super) fn sign_in_failed(&mut self) -> Vec<Request> {
        match self.sign_in.take() {
            Some(SignIn { is_awaited: true, .. }) => self.drain(),
            _ => Vec::new(),
        }
    }

    /// Returns when the oldest running call was started. Uploads may take long and do not count.
    pub(super) fn oldest_call(&self) -> Option<Instant> {
        let calls = self.jobs.values().filter(|running| running.lane != Lane::Files);
        calls.map(|running| running.started_at).min()
    }

    /// Whether a change is running or waiting.
    pub(super) fn has_pending_changes(&self) -> bool {
        [Lane::Changes, Lane::Files]
            .into_iter()
            .any(|lane| self.running[lane as usize] > 0 || !self.waiting[lane as usize].is_empty())
    }

    /// Whether a change waits to be started.
    pub(super) fn has_waiting_changes(&self) -> bool {
        [Lane::Changes, Lane::Files].into_iter().any(|lane| !self.waiting[lane as usize].is_empty())
    }

    /// Whether only the sign-in may start.
    fn is_stopped(&self) -> bool {
        self.sign_in.as_ref().is_some_and(|sign_in| sign_in.is_awaited)
            || self.paused_until.is_some_and(|until| until > Instant::now())
    }

    /// Starts calls of one lane.
    fn start(&mut self, rest: &RestClient, lane: Lane) {
        if self.is_stopped() {
            return;
        }
        while self.running[lane as usize] < lane.width() {
            let Some((job, call)) = self.waiting[lane as usize].pop_front() else { return };
            self.spawn(rest, lane, job, call);
        }
    }

    fn spawn(&mut self, rest: &RestClient, lane: Lane, job: Job, call: HttpCall) -> AbortHandle {
        let is_transferred = Arc::<AtomicBool>::default();
        let reporter = progress_reporter(&job.request, &self.feed, Arc::clone(&is_transferred));
        let mut exchange = self.tap.start_call(rest.base(), &job.request, &call);
        let rest = rest.clone();
        let task = self.tasks.spawn(async move {
            let outcome = rest.call(call, reporter, &mut exchange).await;
            (outcome, exchange)
        });
        self.running[lane as usize] += 1;
        let started_at = Instant::now();
        let running = RunningJob { lane, job, task: task.clone(), is_transferred, is_stale: false, started_at };
        self.jobs.insert(task.id(), running);
        task
    }
}

/// Returns a reporter that pushes the progress of a file into the feed.
fn progress_reporter(
    request: &Request,
    feed: &FeedSender,
    is_transferred: Arc<AtomicBool>,
) -> Option<ProgressReporter> {
    let Request::Send { room, local, content: Content::File { .. } } = request else { return None };
    let (room, local, feed) = (room.clone(), *local, feed.clone());
    Some(Box::new(move |sent, total| {
        is_transferred.store(sent >= total, Ordering::Relaxed);
        feed.push(ServerEvent::Progress { room: room.clone(), local, sent, total });
    }))
}
