//! REST calls under way, and which of them may overtake which.
//!
//! Changes (send, edit, delete, members) go strictly one after the other, so that two messages arrive in the order
//! they were written. Files have a line of their own, also one at a time: a film takes minutes, and nobody may have to
//! wait for it to say something. So a text may overtake a file that was sent before it; texts never overtake texts, nor
//! files files, and the server's order is what everybody sees. Receipts have a line of their own, so that a screenful
//! of them delays nothing. Reads run side by side, a few at a time. Each lane is bounded; what does not fit is given
//! back.
//!
//! While the sign-in is done anew the lanes are held: what was refused goes back to the head of its line, so that
//! nothing overtakes it. While the server asks to be left alone they pause, in the same way.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use tokio::task::{AbortHandle, Id, JoinSet};
use tokio::time::Instant;

use crate::domain::{Content, Request, ServerEvent};
use crate::protocol::HttpCall;

use super::feed::FeedSender;
use super::form::Tell;
use super::rest::{Answer, Rest};
use super::trouble::Trouble;

/// How many calls may wait in one lane.
const WAITING: usize = 1024;

/// A line of calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lane {
    /// What changes something: one at a time, in order.
    Changes,
    /// Files: one at a time, in order, beside all else.
    Files,
    /// Receipts: one at a time, beside all else.
    Receipts,
    /// What only reads: side by side.
    Reads,
    /// The sign-in: it waits for nothing, least of all for reads that hang since before the connection was lost.
    SignIn,
}

/// Every lane.
const ALL: [Lane; 5] = [Lane::Changes, Lane::Files, Lane::Receipts, Lane::Reads, Lane::SignIn];

impl Lane {
    /// The lane that `request` takes if it is a REST call.
    pub(super) fn of(request: &Request) -> Self {
        match request {
            Request::Send { content: Content::File { .. }, .. } => Self::Files,
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
            | Request::Membership { .. }
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
            Self::Changes | Self::Files | Self::Receipts | Self::SignIn => 1,
            Self::Reads => 4,
        }
    }
}

/// What came of a call.
pub(super) type Outcome = Result<Answer, Trouble>;

/// A call of a request.
#[derive(Debug)]
pub(super) struct Job {
    /// What was asked.
    pub(super) request: Request,
    /// Which of the request's calls it is.
    pub(super) nth: usize,
    /// It was refused once, since the sign-in had run out.
    pub(super) again: bool,
    /// How often it was made before, for other reasons.
    pub(super) tries: u32,
    /// How long it has waited since the server asked for it.
    pub(super) waited: Duration,
}

impl Job {
    /// A call that was not made yet.
    pub(super) fn new(request: Request, nth: usize) -> Self {
        Self { request, nth, again: false, tries: 0, waited: Duration::ZERO }
    }
}

/// A call that is done.
#[derive(Debug)]
pub(super) struct Done {
    /// Which one.
    pub(super) job: Job,
    /// What came of it.
    pub(super) outcome: Outcome,
    /// It was made before the last sign-in.
    pub(super) stale: bool,
}

/// All lanes. Dropping them gives their calls up.
pub(super) struct Lanes {
    feed: FeedSender,
    waiting: [VecDeque<(Job, HttpCall)>; ALL.len()],
    running: [usize; ALL.len()],
    tasks: JoinSet<Outcome>,
    /// Whose task it is: kept here and not in the task, so that one which panics still names its request.
    jobs: HashMap<Id, (Lane, Job, u64)>,
    /// Calls that are made again, each at its time.
    later: Vec<(Instant, Job, HttpCall)>,
    /// Nothing but the sign-in is begun.
    held: bool,
    /// Nor before then, since the server asks for it.
    paused_until: Option<Instant>,
    /// The sign-in that was begun last.
    sign_in: Option<AbortHandle>,
    /// How many sign-ins there were.
    sign_ins: u64,
}

impl Lanes {
    /// Empty lanes; how far files are is pushed into `feed`.
    pub(super) fn new(feed: FeedSender) -> Self {
        Self {
            feed,
            waiting: Default::default(),
            running: Default::default(),
            tasks: JoinSet::new(),
            jobs: HashMap::new(),
            later: Vec::new(),
            held: false,
            paused_until: None,
            sign_in: None,
            sign_ins: 0,
        }
    }

    /// Puts a call in line; gives the request back when the line is too long.
    pub(super) fn push(&mut self, rest: &Rest, job: Job, call: HttpCall) -> Result<(), Request> {
        let lane = Lane::of(&job.request);
        let line = &mut self.waiting[lane as usize];
        if line.len() >= WAITING {
            return Err(job.request);
        }
        line.push_back((job, call));
        self.start(rest, lane);
        Ok(())
    }

    /// Puts a call back to the head of its line.
    pub(super) fn put_back(&mut self, job: Job, call: HttpCall) {
        self.waiting[Lane::of(&job.request) as usize].push_front((job, call));
    }

    /// The next call that is done, once one is; `None` when none runs. May be dropped while it waits. What waits behind
    /// it begins with [`Lanes::go_on`], once its outcome is known to be no reason to hold the lane.
    pub(super) async fn done(&mut self) -> Option<Done> {
        loop {
            let joined = self.tasks.join_next_with_id().await?;
            let (id, outcome) = match joined {
                Ok((id, outcome)) => (id, outcome),
                Err(error) => (error.id(), Err(Trouble::passing("The call failed inside the program. Try again."))),
            };
            // One that was abandoned is nobody's any more.
            let Some((lane, job, sign_ins)) = self.jobs.remove(&id) else { continue };
            self.running[lane as usize] -= 1;
            return Some(Done { job, outcome, stale: sign_ins != self.sign_ins });
        }
    }

    /// Gives a sign-in up that is under way: it may hang on a connection that is long dead.
    pub(super) fn abandon_sign_in(&mut self) {
        if let Some(task) = self.sign_in.take() {
            task.abort();
        }
        let signs_in = |(lane, ..): &mut (Lane, Job, u64)| *lane == Lane::SignIn;
        for _ in self.jobs.extract_if(|_, job| signs_in(job)) {
            self.running[Lane::SignIn as usize] -= 1;
        }
        self.waiting[Lane::SignIn as usize].clear();
    }

    /// Begins what waits and may begin.
    pub(super) fn go_on(&mut self, rest: &Rest) {
        let now = Instant::now();
        let due = |(at, ..): &mut (Instant, Job, HttpCall)| *at <= now;
        for (_, job, call) in self.later.extract_if(.., due).collect::<Vec<_>>() {
            self.put_back(job, call);
        }
        self.paused_until.take_if(|until| *until <= now);
        for lane in ALL {
            self.start(rest, lane);
        }
    }

    /// Makes a call again then. Others overtake it, so it is for those that only read.
    pub(super) fn again_at(&mut self, at: Instant, job: Job, call: HttpCall) {
        self.later.push((at, job, call));
    }

    /// Begins nothing before then but the sign-in; says whether that is news.
    pub(super) fn pause(&mut self, until: Instant) -> bool {
        let news = self.pause_left() == Duration::ZERO;
        self.paused_until = self.paused_until.max(Some(until));
        news
    }

    /// The server talks to us again: what it asked for before is over.
    pub(super) fn unpause(&mut self) {
        self.paused_until = None;
    }

    /// How long nothing is begun yet.
    pub(super) fn pause_left(&self) -> Duration {
        self.paused_until.map_or(Duration::ZERO, |until| until.saturating_duration_since(Instant::now()))
    }

    /// When [`Lanes::go_on`] has something to do although no call is done.
    pub(super) fn wakes_at(&self) -> Option<Instant> {
        let waits = self.waiting.iter().any(|line| !line.is_empty());
        let pause = self.paused_until.filter(|_| waits);
        self.later.iter().map(|(at, ..)| *at).chain(pause).min()
    }

    /// Gives back all that waits.
    pub(super) fn drain(&mut self) -> Vec<Request> {
        let waiting = self.waiting.iter_mut().flat_map(|line| line.drain(..)).map(|(job, _)| job.request);
        waiting.chain(self.later.drain(..).map(|(_, job, _)| job.request)).collect()
    }

    /// Begins nothing from now on but the sign-in.
    pub(super) fn hold(&mut self) {
        self.held = true;
    }

    /// The sign-in was done anew: what waits is encoded once more and may begin.
    pub(super) fn renew(&mut self, mut encode: impl FnMut(&Job) -> Option<HttpCall>) {
        self.held = false;
        self.sign_ins += 1;
        let later = self.later.iter_mut().map(|(_, job, call)| (job, call));
        for (job, call) in self.waiting.iter_mut().flatten().map(|(job, call)| (job, call)).chain(later) {
            if let Some(fresh) = encode(job) {
                *call = fresh;
            }
        }
    }

    /// The sign-in could not be done anew: gives back what waited for it.
    pub(super) fn give_up(&mut self) -> Vec<Request> {
        if !std::mem::take(&mut self.held) {
            return Vec::new();
        }
        self.drain()
    }

    /// Whether a change is under way or in line.
    pub(super) fn changing(&self) -> bool {
        [Lane::Changes, Lane::Files]
            .into_iter()
            .any(|lane| self.running[lane as usize] > 0 || !self.waiting[lane as usize].is_empty())
    }

    fn start(&mut self, rest: &Rest, lane: Lane) {
        let stands = self.held || self.paused_until.is_some_and(|until| until > Instant::now());
        while self.running[lane as usize] < lane.width() && (!stands || lane == Lane::SignIn) {
            let Some((job, call)) = self.waiting[lane as usize].pop_front() else { return };
            let (rest, tell) = (rest.clone(), tell(&job.request, &self.feed));
            let task = self.tasks.spawn(async move { rest.call(call, tell).await });
            self.running[lane as usize] += 1;
            self.jobs.insert(task.id(), (lane, job, self.sign_ins));
            if lane == Lane::SignIn {
                self.sign_in = Some(task);
            }
        }
    }
}

/// Who is told how far a file is.
fn tell(request: &Request, feed: &FeedSender) -> Option<Tell> {
    let Request::Send { room, local, content: Content::File { .. } } = request else { return None };
    let (room, local, feed) = (room.clone(), *local, feed.clone());
    Some(Box::new(move |sent, total| {
        feed.push(ServerEvent::Progress { room: room.clone(), local, sent, total });
    }))
}
