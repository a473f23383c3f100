//! One account's connection: signs in, keeps a socket alive, carries requests out.
//!
//! A thread of its own with one task, which is the only owner of all this state:
//!
//! ```text
//! SigningIn → Opening → Online → Waiting → Opening …      Refused from any of them, until `retry_now`
//! ```
//!
//! The sign-in, also the one in the middle of everything, is in `sign_in.rs`. Socket events take the short way: the socket's thread decodes them and pushes them into the feed, so a message
//! crosses one thread boundary and not two. Knows requests and events, and nothing of what they mean to a user.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::{Notify, mpsc};
use tokio::time::Instant;

use crate::domain::{ConnectionStatus, Failure, PersonId, Request, ServerEvent};
use crate::protocol::{Call, Frame, Handshake, Protocol};
use crate::text::SafeText;

use super::alarm_clock::AlarmClock;
use super::backoff::Backoff;
use super::connection::Target;
use super::decoder::{Adapter, Decoder, lock};
use super::feed::FeedSender;
use super::lanes::{Done, Job, Lanes};
use super::rest::{Answer, Rest, unreadable_ca};
use super::socket::{Endpoint, Generation, Limits, News, Note, Sink};
use super::trouble::Trouble;
use super::watchdog::Watchdog;

/// How long changes that are under way may take when the program quits.
const LAST_CHANGES: Duration = Duration::from_millis(600);

/// How long the socket's farewell may take. A little more than its own limit.
const FAREWELL: Duration = Duration::from_millis(350);

/// Where the connection stands.
pub(super) enum Phase {
    SigningIn,
    Opening(Generation),
    Online { generation: Generation, since: Instant },
    Waiting { until: Instant },
    Refused,
}

impl Phase {
    fn generation(&self) -> Option<&Generation> {
        match self {
            Self::Opening(generation) | Self::Online { generation, .. } => Some(generation),
            Self::SigningIn | Self::Waiting { .. } | Self::Refused => None,
        }
    }
}

/// See the top of this file.
pub(super) struct Driver {
    pub(super) target: Target,
    pub(super) endpoint: Endpoint,
    pub(super) protocol: Adapter,
    pub(super) feed: FeedSender,
    backoff: Backoff,
    pub(super) rng: fastrand::Rng,
    pub(super) rest: Option<Rest>,
    pub(super) lanes: Lanes,
    notes: mpsc::UnboundedSender<Note>,
    generations: u64,
    /// Us, once a sign-in has worked.
    pub(super) me: Option<PersonId>,
    /// How far the server's clock is ahead of ours, in milliseconds, as was told last.
    pub(super) clock_ahead: i64,
    /// Looks after the phases that last.
    pub(super) watchdog: Watchdog,
    pub(super) looked_at: Instant,
    /// Rings when it is time to look.
    pub(super) alarm: AlarmClock,
    /// When the last attempt began.
    attempted_at: Instant,
    /// A sign-in is under way.
    pub(super) signing_in: bool,
    pub(super) phase: Phase,
}

impl Driver {
    pub(super) fn new(
        target: Target,
        protocol: Box<dyn Protocol>,
        feed: FeedSender,
        backoff: Backoff,
        limits: Limits,
        notes: mpsc::UnboundedSender<Note>,
    ) -> Self {
        let watchdog = Watchdog::new(limits.now());
        let endpoint = Endpoint { url: target.url.clone(), ca: Vec::new(), limits, handshake: Handshake::default() };
        Self {
            rng: fastrand::Rng::with_seed(target.seed),
            target,
            endpoint,
            protocol: Arc::new(Mutex::new(protocol)),
            lanes: Lanes::new(feed.clone()),
            feed,
            backoff,
            rest: None,
            notes,
            generations: 0,
            me: None,
            clock_ahead: 0,
            watchdog,
            looked_at: Instant::now(),
            alarm: AlarmClock::default(),
            attempted_at: Instant::now(),
            signing_in: false,
            phase: Phase::SigningIn,
        }
    }

    pub(super) async fn run(
        mut self,
        mut requests: mpsc::Receiver<Request>,
        mut news: mpsc::UnboundedReceiver<Note>,
        retry: &Notify,
    ) {
        self.alarm = AlarmClock::new();
        self.attempt();
        loop {
            let wake = self.wakes_at();
            self.alarm.set(self.looks_at());
            tokio::select! {
                biased;
                Some(note) = news.recv() => self.on_note(note),
                Some(done) = self.lanes.done() => self.on_done(done),
                // A key that is held down is no reason to hammer.
                () = retry.notified() => if self.attempted_at.elapsed() >= self.endpoint.limits.patience.first
                    || matches!(self.phase, Phase::Waiting { .. } | Phase::Refused) {
                    self.start_over();
                },
                () = self.alarm.rings() => {
                    // It rings once, and after a short sleep too early.
                    self.alarm.set(None);
                    self.look();
                }
                () = tokio::time::sleep_until(wake.unwrap_or_else(Instant::now)), if wake.is_some() => self.on_time(),
                request = requests.recv() => match request {
                    Some(request) => {
                        // Who does something has just opened the lid, perhaps.
                        self.look();
                        self.on_request(request);
                    }
                    None => break,
                },
            }
        }
        self.farewell(&mut news).await;
        self.feed.close();
    }

    /// The user wants to connect now, whatever goes on: it may hang, or only look well.
    pub(super) fn start_over(&mut self) {
        if let Phase::Online { since, .. } = self.phase {
            self.backoff.session_ended(since.elapsed());
        }
        self.lanes.abandon_sign_in();
        self.signing_in = false;
        self.attempt();
    }

    /// When time alone brings something about.
    fn wakes_at(&self) -> Option<Instant> {
        let attempt = match self.phase {
            Phase::Waiting { until } => Some(until),
            _ => None,
        };
        attempt.into_iter().chain(self.lanes.wakes_at()).min()
    }

    fn on_time(&mut self) {
        if matches!(self.phase, Phase::Waiting { until } if until <= Instant::now()) {
            self.attempt();
        }
        self.go_on();
    }

    /// Begins an attempt with the sign-in. It is done each time, since it is "create or reuse" (protocol note §2.1): a
    /// server that lost its memory knows us again by it.
    pub(super) fn attempt(&mut self) {
        self.attempted_at = Instant::now();
        self.feed.push(ServerEvent::Connection(ConnectionStatus::Connecting));
        if let Err(trouble) = self.prepare() {
            self.fail(trouble);
        } else {
            self.sign_in();
        }
    }

    /// What every attempt needs and no attempt changes: the CA file and the REST client.
    fn prepare(&mut self) -> Result<(), Trouble> {
        if self.rest.is_some() {
            return Ok(());
        }
        let url = url::Url::parse(&self.target.url).ok();
        if !url.is_some_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host()) {
            let reason = format!("{} is not an http or https address. Check --url.", self.target.url);
            return Err(Trouble::lasting(&reason));
        }
        let mut pem = None;
        if let Some(path) = &self.target.ca_file {
            let bytes = std::fs::read(path).map_err(|error| {
                Trouble::lasting(&format!("The CA file {} cannot be read: {error}.", path.display()))
            })?;
            // A file without any certificate is an empty stack to OpenSSL, and an error elsewhere.
            self.endpoint.ca = native_tls::Certificate::stack_from_pem(&bytes).unwrap_or_default();
            if self.endpoint.ca.is_empty() {
                return Err(unreadable_ca());
            }
            pem = Some(bytes);
        }
        self.rest = Some(Rest::new(&self.target.url, pem.as_deref(), self.endpoint.limits.pace)?);
        Ok(())
    }

    /// Opens a socket with what the adapter has learned from the sign-in.
    pub(super) fn open_socket(&mut self) {
        self.generations += 1;
        let endpoint = Endpoint { handshake: lock(&self.protocol).handshake(), ..self.endpoint.clone() };
        let started = Generation::start(self.generations, endpoint, self.sink(), self.notes.clone());
        match started {
            Ok(generation) => self.phase = Phase::Opening(generation),
            Err(error) => self.fail(Trouble::passing(&format!("No thread for the connection: {error}."))),
        }
    }

    fn sink(&self) -> Arc<dyn Sink> {
        Arc::new(Decoder { protocol: Arc::clone(&self.protocol), feed: self.feed.clone() })
    }

    fn on_note(&mut self, Note { generation, news }: Note) {
        if self.phase.generation().is_none_or(|current| current.number != generation) {
            return;
        }
        match (news, std::mem::replace(&mut self.phase, Phase::Refused)) {
            (News::Connected, Phase::Opening(generation)) => {
                self.phase = Phase::Online { generation, since: Instant::now() };
                self.watch();
                self.carry_out(Request::Announce);
                self.feed.push(ServerEvent::Connection(ConnectionStatus::Online));
            }
            (News::Connected, phase) => self.phase = phase,
            (News::Ended(trouble), phase) => {
                self.phase = phase;
                self.end_session(trouble);
            }
        }
    }

    /// The socket is of no use any more.
    pub(super) fn end_session(&mut self, trouble: Trouble) {
        if let Phase::Online { since, .. } = self.phase {
            self.backoff.session_ended(since.elapsed());
        }
        self.fail(trouble);
    }

    /// An attempt or a session is over.
    pub(super) fn fail(&mut self, trouble: Trouble) {
        let Trouble { reason, lasting, .. } = trouble;
        if lasting {
            self.phase = Phase::Refused;
            self.feed.push(ServerEvent::Connection(ConnectionStatus::Refused { reason }));
        } else {
            let delay = self.backoff.next_delay().max(self.lanes.pause_left());
            self.phase = Phase::Waiting { until: Instant::now() + delay };
            self.watch();
            let retry_in = i64::try_from(delay.as_millis()).unwrap_or(i64::MAX);
            self.feed.push(ServerEvent::Connection(ConnectionStatus::Offline { retry_in, reason }));
        }
    }

    fn on_request(&mut self, request: Request) {
        if self.me.is_some() {
            self.carry_out(request);
        } else if request.is_answered() {
            self.refuse(request, Failure::NotSent, "Not connected yet. Try again once the connection stands.");
        }
    }

    pub(super) fn carry_out(&mut self, request: Request) {
        let calls = lock(&self.protocol).encode(&request);
        if calls.is_empty() && request.is_answered() {
            self.refuse(request, Failure::Refused, "This service cannot do that.");
            return;
        }
        for (nth, call) in calls.into_iter().enumerate() {
            match call {
                // Dropped unless online: the app joins its rooms again after every `ConnectionStatus::Online`, and what else is
                // emitted is stale by then.
                Call::Emit { event, payload } => {
                    if let Phase::Online { generation, .. } = &self.phase
                        && !generation.emit(event, payload)
                    {
                        self.end_session(Trouble::passing("The server takes nothing any more. Check the network."));
                    }
                }
                Call::Http(call) => {
                    let Some(rest) = &self.rest else { continue };
                    if self.is_closed() && !matches!(request, Request::SignIn { .. }) {
                        return self.refuse_until_then(request);
                    }
                    if let Err(request) = self.lanes.push(rest, Job::new(request.clone(), nth), call) {
                        let sentence = "Too many requests wait for the server. Try again later.";
                        self.refuse(request, Failure::NotSent, sentence);
                    }
                }
            }
        }
    }

    pub(super) fn refuse(&self, request: Request, failure: Failure, reason: &str) {
        self.feed.push(ServerEvent::Failed { request, failure, reason: SafeText::line(reason) });
    }

    fn on_done(&mut self, done: Done) {
        if matches!(done.job.request, Request::SignIn { .. }) {
            self.on_signed_in(done);
        } else if self.has_expired(&done) {
            self.sign_in_again(done);
        } else if let Some(done) = self.unless_again(done) {
            self.on_answer(done);
        }
        self.go_on();
    }

    /// Begins the calls that may begin.
    fn go_on(&mut self) {
        if let Some(rest) = &self.rest {
            self.lanes.go_on(rest);
        }
    }

    fn on_answer(&mut self, Done { job: Job { request, .. }, outcome, .. }: Done) {
        match outcome {
            Ok(Answer { status, body, .. }) => {
                let decoded = lock(&self.protocol).decode(Frame::Reply { request: request.clone(), status, body });
                match decoded {
                    Ok(events) => events.into_iter().for_each(|event| self.feed.push(event)),
                    // The server did something, and who knows what.
                    Err(error) => self.refuse(request, Failure::Uncertain, &format!("{error}.")),
                }
            }
            Err(Trouble { reason, failure, .. }) => self.feed.push(ServerEvent::Failed { request, failure, reason }),
        }
    }

    /// Lets changes that are under way finish, then closes the socket in good order.
    async fn farewell(&mut self, news: &mut mpsc::UnboundedReceiver<Note>) {
        let deadline = Instant::now() + LAST_CHANGES;
        while self.lanes.changing() {
            match tokio::time::timeout_at(deadline, self.lanes.done()).await {
                Ok(Some(done)) => self.on_done(done),
                Ok(None) | Err(_) => break,
            }
        }
        let Some(generation) = self.phase.generation() else { return };
        generation.goodbye();
        let number = generation.number;
        let ended = async {
            while let Some(note) = news.recv().await {
                if note.generation == number && matches!(note.news, News::Ended(_)) {
                    break;
                }
            }
        };
        let _ = tokio::time::timeout(FAREWELL, ended).await;
    }
}
