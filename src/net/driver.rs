//! The supervisor of a connection: signs in, keeps a socket alive, carries out requests.
//!
//! A [`Driver`] is the only task on a thread of its own and owns all state of the connection. Its phases:
//!
//! ```text
//! SigningIn → Socket, opening and then online → Waiting → SigningIn …
//! any of them → Refused → SigningIn (on `retry_now`)
//! ```
//!
//! This file contains the task and its phases. The other parts of the driver are `sign_in` (signing in, also in the
//! middle of a session), `requests` (from a request to its outcome), `retry` (retries and rate limits) and `liveness`
//! (dead connections and sleep). Socket events bypass the driver: the socket's thread decodes them and pushes them into
//! the feed, so that a message crosses one thread boundary instead of two.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Notify, mpsc};
use tokio::time::Instant;

use crate::domain::{ConnectionStatus, PersonId, Request, ServerEvent};
use crate::protocol::{Handshake, Protocol};

use super::announced_pause::AnnouncedPause;
use super::backoff::Backoff;
use super::boottime_timer::BoottimeTimer;
use super::decoder::Decoder;
use super::error::NetError;
use super::feed::FeedSender;
use super::generation::{Generation, GenerationEvent, SocketEvent};
use super::lanes::Lanes;
use super::rest::RestClient;
use super::shared_protocol::SharedProtocol;
use super::silence::Silence;
use super::socket::Endpoint;
use super::tap::Tap;
use super::target::Target;
use super::timing::Timing;
use super::tls_http::invalid_ca_file;
use super::watchdog::Watchdog;

/// Limit for changes that are in progress when the program quits.
const LAST_CHANGES_TIMEOUT: Duration = Duration::from_millis(600);

/// Limit for closing the socket when the program quits. A little more than the socket's own limit for disconnecting.
const DISCONNECT_TIMEOUT: Duration = Duration::from_millis(350);

/// The phase of a connection.
pub(super) enum Phase {
    /// Waiting for the reply to the sign-in.
    SigningIn,
    /// There is a socket. It connects, or is up since `online_since`.
    Socket { generation: Generation, online_since: Option<Instant> },
    /// Waiting for the next attempt.
    Waiting { until: Instant },
    /// A permanent error occurred. There is no further attempt until the user asks for one or the machine has slept.
    Refused,
}

impl Phase {
    /// Returns the socket if it is up.
    pub(super) fn online(&self) -> Option<&Generation> {
        match self {
            Self::Socket { generation, online_since: Some(_) } => Some(generation),
            _ => None,
        }
    }
}

/// The state of a connection.
pub(super) struct Driver {
    pub(super) target: Target,
    pub(super) endpoint: Endpoint,
    pub(super) protocol: SharedProtocol,
    pub(super) feed: FeedSender,
    /// Records what goes over the wire.
    pub(super) tap: Tap,
    backoff: Backoff,
    pub(super) rng: fastrand::Rng,
    /// The REST client, created by the first attempt.
    pub(super) rest: Option<RestClient>,
    pub(super) lanes: Lanes,
    /// Sender through which all generations report their events.
    generation_events: mpsc::UnboundedSender<GenerationEvent>,
    generation_count: u64,
    /// The user, once a sign-in has succeeded.
    pub(super) me: Option<PersonId>,
    /// Watches the phases that may last long.
    pub(super) watchdog: Watchdog,
    /// When the watchdog last checked the connection.
    pub(super) last_check: Instant,
    /// Whether the server responds, as far as that is known before the watchdog gives the connection up.
    pub(super) silence: Silence,
    /// Fires when the watchdog has to check the connection.
    pub(super) liveness_timer: BoottimeTimer,
    /// When the last attempt began.
    attempted_at: Instant,
    /// When to carry out a reconnection that the user requested too soon after the last attempt.
    reconnect_at: Option<Instant>,
    /// The pause that the server asked for and the user was told about, but not about its end.
    pub(super) announced_pause: Option<AnnouncedPause>,
    pub(super) phase: Phase,
}

impl Driver {
    /// Creates a driver, which does nothing before [`Driver::run`]. Generations report to `generation_events`, whose
    /// receiving end is an argument of `run`.
    pub(super) fn new(
        target: Target,
        protocol: Box<dyn Protocol>,
        feed: FeedSender,
        backoff: Backoff,
        timing: Timing,
        generation_events: mpsc::UnboundedSender<GenerationEvent>,
    ) -> Self {
        let watchdog = Watchdog::new(timing.now());
        let endpoint = Endpoint { url: target.url.clone(), ca: Vec::new(), timing, handshake: Handshake::default() };
        let protocol = SharedProtocol::new(protocol);
        let tap = Tap::new(feed.ring(), feed.account(), protocol.clone());
        Self {
            rng: fastrand::Rng::with_seed(target.seed),
            target,
            endpoint,
            protocol,
            lanes: Lanes::new(feed.clone(), tap.clone()),
            feed,
            tap,
            backoff,
            rest: None,
            generation_events,
            generation_count: 0,
            me: None,
            watchdog,
            last_check: Instant::now(),
            silence: Silence::default(),
            liveness_timer: BoottimeTimer::default(),
            attempted_at: Instant::now(),
            reconnect_at: None,
            announced_pause: None,
            phase: Phase::SigningIn,
        }
    }

    /// Runs until the sender of `requests` is dropped.
    pub(super) async fn run(
        mut self,
        mut requests: mpsc::Receiver<Request>,
        mut generation_events: mpsc::UnboundedReceiver<GenerationEvent>,
        reconnect_requested: &Notify,
    ) {
        self.liveness_timer = BoottimeTimer::new();
        self.start_attempt();
        loop {
            self.report_silence();
            let wakeup = self.next_wakeup();
            self.liveness_timer.set(self.next_check());
            tokio::select! {
                biased;
                Some(event) = generation_events.recv() => self.on_generation_event(event),
                Some(finished) = self.lanes.next_finished() => self.on_finished(finished),
                () = reconnect_requested.notified() => self.on_reconnect_requested(),
                () = self.liveness_timer.wait() => {
                    // Otherwise the same deadline would fire again after a sleep that is too short to be noticed.
                    self.liveness_timer.set(None);
                    self.check_liveness();
                }
                () = tokio::time::sleep_until(wakeup.unwrap_or_else(Instant::now)), if wakeup.is_some() => {
                    self.on_wakeup();
                }
                request = requests.recv() => match request {
                    Some(request) => {
                        // A user who becomes active may just have woken the machine.
                        self.check_liveness();
                        self.on_request(request);
                    }
                    None => break,
                },
            }
        }
        self.shut_down(&mut generation_events).await;
        self.feed.close();
    }

    /// Reconnects, but at most once per `first_delay` while a connection is up or being made: a key that is held down
    /// must not start an attempt with each repetition.
    fn on_reconnect_requested(&mut self) {
        let is_idle = matches!(self.phase, Phase::Waiting { .. } | Phase::Refused);
        let earliest = self.attempted_at + self.endpoint.timing.retry.first_delay;
        if is_idle || earliest <= Instant::now() {
            self.reconnect();
        } else {
            self.reconnect_at = Some(earliest);
        }
    }

    /// Makes a new attempt at once, whatever the current phase. The connection may hang, or only seem to be up.
    pub(super) fn reconnect(&mut self) {
        self.note_session_length();
        self.start_attempt();
    }

    fn note_session_length(&mut self) {
        if let Phase::Socket { online_since: Some(since), .. } = self.phase {
            self.backoff.session_ended(since.elapsed());
        }
    }

    /// Returns when [`Driver::on_wakeup`] has something to do.
    fn next_wakeup(&self) -> Option<Instant> {
        let next_attempt = match self.phase {
            Phase::Waiting { until } => Some(until),
            _ => None,
        };
        next_attempt.into_iter().chain(self.reconnect_at).chain(self.lanes.next_wakeup()).min()
    }

    fn on_wakeup(&mut self) {
        let now = Instant::now();
        if self.reconnect_at.is_some_and(|at| at <= now) {
            self.reconnect();
        } else if matches!(self.phase, Phase::Waiting { until } if until <= now) {
            self.start_attempt();
        }
        self.start_ready_calls();
    }

    /// Begins an attempt. Every attempt signs in: that creates or reuses the user (`docs/protocol/minchat.md` §2.1), so
    /// a server that has lost its data learns about the user again.
    fn start_attempt(&mut self) {
        self.attempted_at = Instant::now();
        self.reconnect_at = None;
        self.report_status(ConnectionStatus::Connecting);
        if let Err(error) = self.prepare() {
            self.fail(error);
        } else {
            self.phase = Phase::SigningIn;
            self.sign_in();
        }
    }

    fn report_status(&self, status: ConnectionStatus) {
        self.tap.status(&status);
        self.feed.push(ServerEvent::Connection(status));
    }

    /// Creates what all attempts share: the REST client and the CA certificates.
    fn prepare(&mut self) -> Result<(), NetError> {
        if let Some(rest) = &mut self.rest {
            rest.forget_connections();
            return Ok(());
        }
        let url = url::Url::parse(&self.target.url).ok();
        if !url.is_some_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host()) {
            let sentence = format!("{} is not an http or https address. Check the address.", self.target.url);
            return Err(NetError::permanent(&sentence));
        }
        let mut pem = None;
        if let Some(path) = &self.target.ca_file {
            let bytes = std::fs::read(path).map_err(|error| {
                let path = path.display();
                NetError::permanent(&format!("Cannot read the CA file {path}: {error}. Check ca_file in the profile."))
            })?;
            // A file without certificates is an empty list for OpenSSL, and an error for other TLS libraries.
            self.endpoint.ca = native_tls::Certificate::stack_from_pem(&bytes).unwrap_or_default();
            if self.endpoint.ca.is_empty() {
                return Err(invalid_ca_file());
            }
            pem = Some(bytes);
        }
        self.rest = Some(RestClient::new(&self.target.url, pem.as_deref(), self.endpoint.timing.calls)?);
        Ok(())
    }

    /// Opens a socket with the token that the adapter got from the sign-in.
    pub(super) fn open_socket(&mut self) {
        self.generation_count += 1;
        let account = self.feed.account().0;
        let endpoint = Endpoint { handshake: self.protocol.handshake(), ..self.endpoint.clone() };
        self.tap.opening(&endpoint.url, &endpoint.handshake);
        let (protocol, feed, tap) = (self.protocol.clone(), self.feed.clone(), self.tap.socket());
        let sink = Arc::new(Decoder { protocol, feed, tap });
        let events = self.generation_events.clone();
        match Generation::start(account, self.generation_count, endpoint, sink, events) {
            Ok(generation) => self.phase = Phase::Socket { generation, online_since: None },
            Err(error) => {
                let sentence = format!("Cannot start a thread for the connection: {error}. Close other programs.");
                self.fail(NetError::transient(&sentence));
            }
        }
    }

    fn on_generation_event(&mut self, GenerationEvent { generation, event }: GenerationEvent) {
        let Phase::Socket { generation: current, online_since } = &mut self.phase else { return };
        if current.number != generation {
            return;
        }
        match event {
            SocketEvent::Connected => {
                *online_since = Some(Instant::now());
                self.on_connected();
            }
            SocketEvent::Ended(error) => self.end_session(error),
        }
    }

    fn on_connected(&mut self) {
        // A request to reconnect that waited for this attempt is fulfilled.
        self.reconnect_at = None;
        self.start_watching();
        self.perform(Request::Announce);
        self.report_status(ConnectionStatus::Online);
    }

    /// Drops the socket, if there is one, because of an error.
    pub(super) fn end_session(&mut self, error: NetError) {
        self.note_session_length();
        self.fail(error);
    }

    /// Ends an attempt or a session: waits for the next attempt, or for the user if the error is permanent.
    fn fail(&mut self, error: NetError) {
        let NetError { reason, lasts, .. } = error;
        let reason = self.protocol.redact(&reason);
        if lasts.is_permanent(self.me.is_some()) {
            self.phase = Phase::Refused;
            self.start_watching();
            self.report_status(ConnectionStatus::Refused { reason });
        } else {
            let delay = self.backoff.next_delay().max(self.lanes.remaining_pause());
            self.phase = Phase::Waiting { until: Instant::now() + delay };
            self.start_watching();
            let retry_in = i64::try_from(delay.as_millis()).unwrap_or(i64::MAX);
            self.report_status(ConnectionStatus::Offline { retry_in, reason });
        }
    }

    /// Starts the calls that may start now.
    pub(super) fn start_ready_calls(&mut self) {
        if let Some(rest) = &self.rest {
            self.lanes.start_ready(rest);
        }
    }

    /// Lets changes that are in progress finish, then closes the socket.
    async fn shut_down(&mut self, generation_events: &mut mpsc::UnboundedReceiver<GenerationEvent>) {
        let deadline = Instant::now() + LAST_CHANGES_TIMEOUT;
        while self.lanes.has_pending_changes() {
            match tokio::time::timeout_at(deadline, self.lanes.next_finished()).await {
                Ok(Some(finished)) => self.on_finished(finished),
                Ok(None) | Err(_) => break,
            }
        }
        let Phase::Socket { generation, .. } = &self.phase else { return };
        generation.disconnect();
        let number = generation.number;
        let ended = async {
            while let Some(event) = generation_events.recv().await {
                if event.generation == number && matches!(event.event, SocketEvent::Ended(_)) {
                    break;
                }
            }
        };
        let _ = tokio::time::timeout(DISCONNECT_TIMEOUT, ended).await;
    }
}
