//! One account's connection: signs in, keeps a socket alive, carries requests out.
//!
//! A thread of its own with one task, which is the only owner of all this state:
//!
//! ```text
//! SigningIn → Opening → Online → Waiting → Opening …      Refused from any of them, until `retry_now`
//! ```
//!
//! Socket events take the short way: the socket's thread decodes them and pushes them into the feed, so a message
//! crosses one thread boundary and not two. Knows requests and events, and nothing of what they mean to a user.

use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, mpsc};
use tokio::time::Instant;

use crate::domain::{Link, Request, ServerEvent};
use crate::protocol::{Body, Call, Frame, Protocol};
use crate::text::SafeText;

use super::backoff::Backoff;
use super::feed::FeedSender;
use super::lanes::{Lanes, Outcome};
use super::rest::{Rest, unreadable_ca};
use super::socket::{Endpoint, Generation, Limits, News, Note, Sink};
use super::trouble::Trouble;

/// How many requests may wait for the driver, which takes them at once unless its thread is starved.
const REQUESTS: usize = 1024;

/// How long changes that are under way may take when the program quits.
const LAST_CHANGES: Duration = Duration::from_millis(600);

/// How long the socket's farewell may take. A little more than its own limit.
const FAREWELL: Duration = Duration::from_millis(350);

/// How long [`Connection::close`] waits for all of that.
const CLOSE: Duration = Duration::from_secs(1);

/// Whom to connect to, and as whom.
#[derive(Debug, Clone)]
pub struct Target {
    /// The base URL, `http` or `https`.
    pub url: String,
    /// The app's name for the user.
    pub username: String,
    /// The name others see.
    pub name: String,
    /// A PEM file of CAs to trust beside the system's.
    pub ca_file: Option<PathBuf>,
    /// What the jitter of the back-off comes from.
    pub seed: u64,
}

/// A connection that is being kept. Dropping it ends it without a farewell being waited for.
pub struct Connection {
    requests: mpsc::Sender<Request>,
    retry: Arc<Notify>,
    closed: std::sync::mpsc::Receiver<()>,
}

impl Connection {
    /// Starts connecting. What happens comes out of `feed`'s other end.
    pub fn open(target: Target, protocol: Box<dyn Protocol>, feed: FeedSender) -> io::Result<Self> {
        let backoff = Backoff::new(target.seed);
        Self::tuned(target, protocol, feed, backoff, Limits::default())
    }

    pub(super) fn tuned(
        target: Target,
        protocol: Box<dyn Protocol>,
        feed: FeedSender,
        backoff: Backoff,
        limits: Limits,
    ) -> io::Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().thread_name("net-lookup").build()?;
        let (requests, inbox) = mpsc::channel(REQUESTS);
        let (notes, news) = mpsc::unbounded_channel();
        let (closing, closed) = std::sync::mpsc::channel();
        let retry = Arc::new(Notify::new());
        let driver = Driver {
            endpoint: Endpoint { url: target.url.clone(), ca: Vec::new(), limits },
            target,
            protocol: Arc::new(Mutex::new(protocol)),
            feed,
            backoff,
            rest: None,
            lanes: Lanes::default(),
            notes,
            generations: 0,
            signed_in: false,
            phase: Phase::SigningIn,
        };
        let again = Arc::clone(&retry);
        std::thread::Builder::new().name("net".to_owned()).spawn(move || {
            runtime.block_on(driver.run(inbox, news, &again));
            // A name that is still being looked up does not delay the exit.
            runtime.shutdown_background();
            let _ = closing.send(());
        })?;
        Ok(Self { requests, retry, closed })
    }

    /// Hands a request over; gives it back when too many wait or the connection is gone. Never waits.
    pub fn send(&self, request: Request) -> Result<(), Request> {
        self.requests.try_send(request).map_err(|refused| match refused {
            mpsc::error::TrySendError::Full(request) | mpsc::error::TrySendError::Closed(request) => request,
        })
    }

    /// Tries again now, if another attempt is being waited for or none was to follow.
    pub fn retry_now(&self) {
        self.retry.notify_one();
    }

    /// Carries out what was handed over, says goodbye, and gives both up after about a second.
    pub fn close(self) {
        let Self { requests, closed, .. } = self;
        drop(requests);
        let _ = closed.recv_timeout(CLOSE);
    }
}

/// Where the connection stands.
enum Phase {
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

type Adapter = Arc<Mutex<Box<dyn Protocol>>>;

/// The adapter is shared with the socket's thread; either holds it for one frame at a time. A panic while decoding
/// leaves it usable: it holds names, and no half-made change of them does harm.
fn lock(adapter: &Adapter) -> MutexGuard<'_, Box<dyn Protocol>> {
    adapter.lock().unwrap_or_else(PoisonError::into_inner)
}

struct Driver {
    target: Target,
    endpoint: Endpoint,
    protocol: Adapter,
    feed: FeedSender,
    backoff: Backoff,
    rest: Option<Rest>,
    lanes: Lanes,
    notes: mpsc::UnboundedSender<Note>,
    generations: u64,
    signed_in: bool,
    phase: Phase,
}

impl Driver {
    async fn run(
        mut self,
        mut requests: mpsc::Receiver<Request>,
        mut news: mpsc::UnboundedReceiver<Note>,
        retry: &Notify,
    ) {
        self.attempt();
        loop {
            let waiting = match self.phase {
                Phase::Waiting { until } => Some(until),
                _ => None,
            };
            tokio::select! {
                biased;
                Some(note) = news.recv() => self.on_note(note),
                Some((request, outcome)) = self.lanes.done(self.rest.as_ref()) => self.on_outcome(request, outcome),
                () = retry.notified() => if matches!(self.phase, Phase::Waiting { .. } | Phase::Refused) {
                    self.attempt();
                },
                () = tokio::time::sleep_until(waiting.unwrap_or_else(Instant::now)), if waiting.is_some() => {
                    self.attempt();
                }
                request = requests.recv() => match request {
                    Some(request) => self.on_request(request),
                    None => break,
                },
            }
        }
        self.farewell(&mut news).await;
        self.feed.close();
    }

    /// Begins an attempt with the sign-in. It is done each time, since it is "create or reuse" (protocol note §2.1): a
    /// server that lost its memory knows us again by it.
    fn attempt(&mut self) {
        self.feed.push(ServerEvent::Link(Link::Connecting));
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
        self.rest = Some(Rest::new(&self.target.url, pem.as_deref())?);
        Ok(())
    }

    fn sign_in(&mut self) {
        self.phase = Phase::SigningIn;
        let request = Request::SignIn { username: self.target.username.clone(), name: self.target.name.clone() };
        self.carry_out(request);
    }

    fn open_socket(&mut self) {
        self.generations += 1;
        let started = Generation::start(self.generations, self.endpoint.clone(), self.sink(), self.notes.clone());
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
                self.carry_out(Request::Announce);
                self.feed.push(ServerEvent::Link(Link::Online));
            }
            (News::Connected, phase) => self.phase = phase,
            (News::Ended(trouble), phase) => {
                self.phase = phase;
                self.end_session(trouble);
            }
        }
    }

    /// The socket is of no use any more.
    fn end_session(&mut self, trouble: Trouble) {
        if let Phase::Online { since, .. } = self.phase {
            self.backoff.session_ended(since.elapsed());
        }
        self.fail(trouble);
    }

    /// An attempt or a session is over.
    fn fail(&mut self, trouble: Trouble) {
        let Trouble { reason, lasting } = trouble;
        if lasting {
            self.phase = Phase::Refused;
            self.feed.push(ServerEvent::Link(Link::Refused { reason }));
        } else {
            let delay = self.backoff.next_delay();
            self.phase = Phase::Waiting { until: Instant::now() + delay };
            let retry_in = i64::try_from(delay.as_millis()).unwrap_or(i64::MAX);
            self.feed.push(ServerEvent::Link(Link::Offline { retry_in, reason }));
        }
    }

    fn on_request(&mut self, request: Request) {
        if self.signed_in {
            self.carry_out(request);
        } else if request.is_answered() {
            self.refuse(request, "Not connected yet. Try again once the connection stands.");
        }
    }

    fn carry_out(&mut self, request: Request) {
        let calls = lock(&self.protocol).encode(&request);
        if calls.is_empty() && request.is_answered() {
            self.refuse(request, "This service cannot do that.");
            return;
        }
        for call in calls {
            match call {
                // Dropped unless online: the app joins its rooms again after every `Link::Online`, and what else is
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
                    if let Err(request) = self.lanes.push(rest, request.clone(), call) {
                        self.refuse(request, "Too many requests wait for the server. Try again later.");
                    }
                }
            }
        }
    }

    fn refuse(&self, request: Request, reason: &str) {
        self.feed.push(ServerEvent::Failed { request, reason: SafeText::line(reason) });
    }

    fn on_outcome(&mut self, request: Request, outcome: Outcome) {
        if matches!(request, Request::SignIn { .. }) {
            self.on_signed_in(request, outcome);
            return;
        }
        match outcome {
            Ok((status, body)) => {
                let decoded = lock(&self.protocol).decode(Frame::Reply { request: request.clone(), status, body });
                match decoded {
                    Ok(events) => events.into_iter().for_each(|event| self.feed.push(event)),
                    Err(error) => self.refuse(request, &format!("{error}.")),
                }
            }
            Err(trouble) => self.feed.push(ServerEvent::Failed { request, reason: trouble.reason }),
        }
    }

    fn on_signed_in(&mut self, request: Request, outcome: Outcome) {
        let (status, body) = match outcome {
            Ok(answer) => answer,
            Err(trouble) => return self.fail(trouble),
        };
        let lasting = is_lasting(status, &body);
        let decoded = lock(&self.protocol).decode(Frame::Reply { request, status, body });
        let events = match decoded {
            Ok(events) => events,
            Err(error) => return self.fail(Trouble::passing(&format!("{error}. Check the address (--url)."))),
        };
        for event in events {
            match event {
                ServerEvent::Failed { reason, .. } => return self.fail(Trouble { reason, lasting }),
                event => {
                    self.signed_in |= matches!(event, ServerEvent::SignedIn { .. });
                    self.feed.push(event);
                }
            }
        }
        if self.signed_in {
            self.open_socket();
        } else {
            self.fail(Trouble::passing("The server did not say who we are. Check the address (--url)."));
        }
    }

    /// Lets changes that are under way finish, then closes the socket in good order.
    async fn farewell(&mut self, news: &mut mpsc::UnboundedReceiver<Note>) {
        let deadline = Instant::now() + LAST_CHANGES;
        while self.lanes.changing() {
            match tokio::time::timeout_at(deadline, self.lanes.done(self.rest.as_ref())).await {
                Ok(Some((request, outcome))) => self.on_outcome(request, outcome),
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

/// Decodes on the socket's thread, straight into the feed. `examples/flood` measures why: of 4.4 µs of processor time a
/// message 3.1 are the library's; with frames handed to another thread for decoding it was 7 to 18, since each was a
/// wake-up and its tree was freed by a thread that had not allocated it.
struct Decoder {
    protocol: Adapter,
    feed: FeedSender,
}

impl Sink for Decoder {
    fn frame(&self, frame: Frame) -> bool {
        let decoded = lock(&self.protocol).decode(frame);
        match decoded {
            Ok(events) => {
                let mut wake = false;
                for event in events {
                    wake |= self.feed.push_quietly(event);
                }
                wake
            }
            Err(error) => {
                tracing::debug!(%error, "an event is left out");
                false
            }
        }
    }

    fn flush(&self) {
        self.feed.wake();
    }
}

/// Whether a refused sign-in is of no use to repeat: the server itself says that the request is wrong. A page that is
/// not JSON comes from something in between, which may go away.
fn is_lasting(status: u16, body: &Body) -> bool {
    match status {
        408 | 425 | 429 => false,
        300..=399 | 401 | 403 => true,
        400..=499 => matches!(body, Body::Json(_)),
        _ => false,
    }
}
