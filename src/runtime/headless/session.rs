//! One connection of a command: requests and their answers, and the events in between.

use std::collections::{HashSet, VecDeque};
use std::time::Duration;

use tokio::time::{Instant, timeout_at};

use crate::config::Settings;
use crate::domain::{
    AccountId, Capabilities, ConnectionStatus, Content, Failure as RequestFailure, Feature, MessageId, MessageInfo,
    PageSerial, Pause, PersonInfo, Repetition, Request, RoomId, RoomLookup, ServerEvent,
};
use crate::headless::{Directory, is_answer};
use crate::net::{Connection, FeedReceiver, MAX_RATE_LIMIT_WAIT};
use crate::protocol::Protocol;
use crate::runtime::account::{capabilities, connect_with, places};
use crate::runtime::failure::{Failure, print_warning};

/// Number of events that may wait for a task which waits for an answer. Those beyond it are reported as lost.
const MAX_WAITING: usize = 16_384;

/// Maximum number of pages of the room list; more than any account has.
const MAX_LIST_PAGES: u32 = 10_000;

/// The account of a session. Number 0 is the chat, which scenarios run beside a session of the same user.
const ACCOUNT: AccountId = AccountId(1);

/// A page of a history.
pub(in crate::runtime) struct Page {
    /// The messages, oldest first.
    pub(in crate::runtime) messages: Vec<MessageInfo>,
    /// Whether there may be older messages.
    pub(in crate::runtime) more: bool,
}

/// A connection that is up, or was.
pub(in crate::runtime) struct Session {
    connection: Connection,
    feed: FeedReceiver,
    url: String,
    timeout: Duration,
    serial: u64,
    /// The events that arrived while an answer was awaited.
    waiting: VecDeque<ServerEvent>,
    /// Whether events that are no answers are of interest.
    listens: bool,
    /// When the last pause ends that the service asked for.
    paused_until: Option<Instant>,
    /// Milliseconds by which the clock of the service is ahead.
    pub(in crate::runtime) clock_ahead: i64,
    /// The rooms and people.
    pub(in crate::runtime) directory: Directory,
    /// What the service can do.
    pub(in crate::runtime) capabilities: Capabilities,
}

impl Session {
    /// Connects, and fails when that does not succeed at the first attempt.
    pub(in crate::runtime) async fn open(settings: &Settings, timeout: Duration) -> anyhow::Result<Self> {
        Self::open_with(settings, timeout, |protocol| protocol).await
    }

    /// Connects with an adapter that wraps the one of the back end.
    pub(in crate::runtime) async fn open_with(
        settings: &Settings,
        timeout: Duration,
        wrap: impl FnOnce(Box<dyn Protocol>) -> Box<dyn Protocol>,
    ) -> anyhow::Result<Self> {
        let mut session = Self::start(settings, timeout, wrap)?;
        session.wait_online().await?;
        Ok(session)
    }

    /// Begins to connect.
    pub(in crate::runtime) fn start(
        settings: &Settings,
        timeout: Duration,
        wrap: impl FnOnce(Box<dyn Protocol>) -> Box<dyn Protocol>,
    ) -> anyhow::Result<Self> {
        let (location, _) = places(settings);
        let seed = fastrand::u64(..);
        let (connection, feed) = connect_with(settings, ACCOUNT, location.as_ref(), seed, None, wrap)?;
        Ok(Self {
            connection,
            feed,
            url: settings.url.clone(),
            timeout,
            serial: 0,
            waiting: VecDeque::new(),
            listens: false,
            paused_until: None,
            clock_ahead: 0,
            directory: Directory::default(),
            capabilities: capabilities(settings.backend),
        })
    }

    /// Waits until the service has accepted the sign-in, and returns the user.
    pub(in crate::runtime) async fn wait_signed_in(&mut self) -> anyhow::Result<PersonInfo> {
        let started = Instant::now();
        loop {
            match self.receive(Some(self.deadline(started))).await? {
                ServerEvent::SignedIn { me, .. } => return Ok(me),
                event => self.fail_if_offline(&event)?,
            }
        }
    }

    /// Waits until the connection is up.
    ///
    /// # Errors
    /// The attempt failed, or takes too long.
    pub(in crate::runtime) async fn wait_online(&mut self) -> anyhow::Result<()> {
        let started = Instant::now();
        loop {
            match self.receive(Some(self.deadline(started))).await? {
                ServerEvent::Connection(ConnectionStatus::Online) => return Ok(()),
                event => self.fail_if_offline(&event)?,
            }
        }
    }

    /// Keeps the events that arrive while an answer is awaited, for [`Session::next`].
    pub(in crate::runtime) fn listen(&mut self) {
        self.listens = true;
    }

    /// Makes a request and waits for its answer.
    ///
    /// # Errors
    /// The service refused it, there was no answer, or the connection was lost.
    pub(in crate::runtime) async fn call(&mut self, request: Request) -> anyhow::Result<ServerEvent> {
        match self.answer(request).await? {
            ServerEvent::Failed { failure, reason, .. } => Err(failed(failure, reason.to_string()).into()),
            answer => Ok(answer),
        }
    }

    /// Makes a request and waits for its answer, which may be that it failed.
    pub(in crate::runtime) async fn answer(&mut self, request: Request) -> anyhow::Result<ServerEvent> {
        self.send(request.clone())?;
        // Files may take long. The connection itself gives up an upload of which nothing moves, and then answers.
        let is_file = matches!(&request, Request::Send { content: Content::File { .. }, .. });
        let started = Instant::now();
        loop {
            let event = self.receive((!is_file).then(|| self.deadline(started))).await?;
            if is_answer(&request, &event) {
                return Ok(event);
            }
            if !self.listens {
                continue;
            }
            if self.waiting.len() < MAX_WAITING {
                self.waiting.push_back(event);
            } else if self.waiting.back() != Some(&ServerEvent::EventsLost) {
                self.waiting.push_back(ServerEvent::EventsLost);
            }
        }
    }

    /// Makes a request without an answer.
    pub(in crate::runtime) fn send(&self, request: Request) -> Result<(), Failure> {
        let busy = |_| Failure::unreachable("Too many requests are waiting for the server. Try again later.");
        self.connection.send(request).map_err(busy)
    }

    /// Returns the next event if there is one.
    pub(in crate::runtime) fn try_next(&mut self) -> Option<ServerEvent> {
        self.waiting.pop_front().or_else(|| {
            let event = self.feed.try_recv()?;
            self.learn(&event);
            Some(event)
        })
    }

    /// Waits for the next event, without a time limit. Cancel-safe.
    pub(in crate::runtime) async fn next(&mut self) -> anyhow::Result<ServerEvent> {
        if let Some(event) = self.waiting.pop_front() {
            return Ok(event);
        }
        let event = self.feed.recv().await.ok_or_else(|| Failure::unreachable("The connection was closed."))?;
        self.learn(&event);
        Ok(event)
    }

    fn learn(&mut self, event: &ServerEvent) {
        match event {
            ServerEvent::ClockSkew { ahead } => self.clock_ahead = *ahead,
            ServerEvent::Paused(Some(pause)) => self.on_pause(pause),
            _ => {}
        }
        self.directory.learn(event);
    }

    /// Remembers a pause, and tells the user about the first one. The connection makes no request wait longer than the
    /// limit, so a longer pause is an error that follows.
    fn on_pause(&mut self, pause: &Pause) {
        let pause_time = Duration::from_millis(u64::try_from(pause.millis).unwrap_or_default());
        if pause_time <= MAX_RATE_LIMIT_WAIT && self.paused_until.replace(Instant::now() + pause_time).is_none() {
            print_warning(&pause.sentence);
        }
    }

    /// Returns when a wait that began at `started` is given up. The time limit begins again after a pause.
    fn deadline(&self, started: Instant) -> Instant {
        let limit = started + self.timeout;
        let after_pause = self.paused_until.map_or(limit, |until| until + self.timeout);
        limit.max(after_pause).min(limit + MAX_RATE_LIMIT_WAIT)
    }

    /// Returns an error if an attempt to connect has failed, and not only has to wait for a rate limit.
    fn fail_if_offline(&mut self, event: &ServerEvent) -> Result<(), Failure> {
        match event {
            ServerEvent::Connection(ConnectionStatus::Offline { retry_in, reason }) => {
                let now = Instant::now();
                let Some(until) = self.paused_until.as_mut().filter(|until| **until > now) else {
                    return Err(Failure::unreachable(reason.to_string()));
                };
                // The next attempt may be later than the service asked for.
                *until = (*until).max(now + Duration::from_millis(u64::try_from(*retry_in).unwrap_or_default()));
                Ok(())
            }
            ServerEvent::Connection(ConnectionStatus::Refused { reason }) => {
                Err(Failure::locked_out(reason.to_string()))
            }
            _ => Ok(()),
        }
    }

    /// Returns why there was no answer in time.
    fn timed_out(&self) -> Failure {
        let url = &self.url;
        if self.paused_until.is_some_and(|until| Instant::now() <= until + self.timeout) {
            return Failure::busy(format!("{url} goes on asking to slow down. Try again later."));
        }
        let seconds = self.timeout.as_secs();
        Failure::unreachable(format!("{url} did not answer within {seconds} s. Try a longer --timeout."))
    }

    async fn receive(&mut self, deadline: Option<Instant>) -> anyhow::Result<ServerEvent> {
        let event = match deadline {
            Some(deadline) => timeout_at(deadline, self.feed.recv()).await.map_err(|_| self.timed_out())?,
            None => self.feed.recv().await,
        };
        let event = event.ok_or_else(|| Failure::unreachable("The connection was closed."))?;
        self.learn(&event);
        Ok(event)
    }

    /// Loads the list of rooms.
    pub(in crate::runtime) async fn load_rooms(&mut self) -> anyhow::Result<()> {
        let (mut seen, mut repetition) = (HashSet::new(), Repetition::default());
        for page in 1..MAX_LIST_PAGES {
            let ServerEvent::Rooms { pages, rooms, .. } = self.call(Request::Rooms { page }).await? else { break };
            if page >= pages || rooms.is_empty() {
                break;
            }
            let known = seen.len();
            seen.extend(rooms.into_iter().map(|room| room.id));
            if repetition.count(seen.len() > known) {
                warn_of_repetition("rooms");
                break;
            }
        }
        Ok(())
    }

    /// Returns the room with this id, title or user name. `creates` says whether a direct message is opened that does
    /// not exist yet.
    pub(in crate::runtime) async fn room(&mut self, name: &str, creates: bool) -> anyhow::Result<RoomId> {
        self.load_rooms().await?;
        match self.directory.find_room(name) {
            RoomLookup::Found(room) => return Ok(room.clone()),
            RoomLookup::Ambiguous(rooms) => {
                let candidates = rooms.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n  ");
                let sentence = format!("Several rooms are called {name}. Name one of them by its id:\n  {candidates}");
                return Err(Failure::usage(sentence).into());
            }
            RoomLookup::Unknown => {}
        }
        let username = name.to_owned();
        if !self.capabilities.identifies_by_username {
            match self.answer(Request::FindPerson { username: username.clone() }).await? {
                ServerEvent::Person { person: Some(person), .. } => {
                    if let Some(room) = self.directory.direct_room(&person.id) {
                        return Ok(room.clone());
                    }
                }
                ServerEvent::Failed { failure, reason, .. } if !is_unknown(failure) => {
                    return Err(failed(failure, reason.to_string()).into());
                }
                _ => return Err(unknown(name).into()),
            }
        }
        if !creates {
            return Err(unknown(name).into());
        }
        match self.answer(Request::OpenDirect { username }).await? {
            ServerEvent::RoomOpened(room) => Ok(room.id),
            ServerEvent::Failed { failure, reason, .. } if !is_unknown(failure) => {
                Err(failed(failure, reason.to_string()).into())
            }
            _ => Err(unknown(name).into()),
        }
    }

    /// Loads a page of a history. `number` counts from 1, and `before` is the oldest message of the page before it.
    pub(in crate::runtime) async fn page(
        &mut self,
        room: &RoomId,
        number: u32,
        before: Option<MessageId>,
    ) -> anyhow::Result<Page> {
        self.serial += 1;
        let request = Request::History { room: room.clone(), serial: PageSerial(self.serial), page: number, before };
        match self.call(request).await? {
            ServerEvent::History { pages, messages, .. } => {
                Ok(Page { more: number < pages && !messages.is_empty(), messages })
            }
            _ => Ok(Page { messages: Vec::new(), more: false }),
        }
    }

    /// Checks that the service has a feature.
    pub(in crate::runtime) fn require(&self, feature: Feature) -> Result<(), Failure> {
        if self.capabilities.has(feature) {
            return Ok(());
        }
        let (service, feature) = (self.capabilities.name, feature.label());
        Err(Failure::refused(format!("{service} does not support this: {}.", feature.to_lowercase())))
    }

    /// Ends the connection, after everything that was sent has left.
    pub(in crate::runtime) fn close(self) {
        self.connection.close();
    }
}

/// The error of a request that failed.
pub(in crate::runtime) fn failed(failure: RequestFailure, reason: String) -> Failure {
    match failure {
        RequestFailure::NotSent | RequestFailure::Uncertain => Failure::unreachable(reason),
        RequestFailure::RetryLater => Failure::busy(reason),
        RequestFailure::Refused
        | RequestFailure::NotFound
        | RequestFailure::UnknownUser
        | RequestFailure::NotMember => Failure::refused(reason),
    }
}

/// Tells the user that a list is not complete, because the service sends the same page again and again.
pub(in crate::runtime) fn warn_of_repetition(what: &str) {
    print_warning(&format!("The service repeats the same {what}, so others may be missing. Try again later."));
}

/// Whether a request about a person failed because there is none.
fn is_unknown(failure: RequestFailure) -> bool {
    matches!(failure, RequestFailure::NotFound | RequestFailure::UnknownUser)
}

fn unknown(name: &str) -> Failure {
    Failure::refused(format!("There is no room or person called {name}. `minchat-tui rooms` lists the rooms."))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Regression test: a rate limit ended `send --retry` and `tail --follow`.
    #[test]
    fn failure_is_temporary_if_the_request_may_succeed_later() {
        use RequestFailure::{NotFound, NotSent, Refused, RetryLater, Uncertain};
        for failure in [Refused, NotFound, NotSent, RetryLater, Uncertain] {
            let error = failed(failure, "No.".to_owned());
            assert_eq!(error.is_temporary(), failure.may_succeed_later(), "{failure:?}");
            assert_eq!(error.is_refusal(), !failure.may_succeed_later(), "{failure:?}");
        }
    }
}
