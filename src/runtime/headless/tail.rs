//! The command `tail`: the newest messages, and what happens from then on.
//!
//! After a lost connection, and when events were lost in a burst, the messages in between are fetched. A message that
//! arrives both ways is printed once.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet, VecDeque};
use std::io;
use std::pin::pin;
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use crate::domain::{
    ConnectionStatus, MessageId, MessageInfo, PersonId, PresenceSource, Request, RoomId, RoomInfo, SECOND, ServerEvent,
    Timestamp,
};
use crate::headless::{MessageRecord, Record, Since, describe_event};
use crate::runtime::clock::{Clock, SystemClock};
use crate::runtime::failure::{Failure, print_warning};
use crate::runtime::spool::{Spool, merge};

use super::history::{collect, collect_into, print};
use super::joined_rooms::JoinedRooms;
use super::lists::look_up;
use super::output::Output;
use super::session::Session;

/// Number of printed messages by which repetitions are recognised.
const MAX_REMEMBERED: usize = 16_384;

/// Overlap of two fetches in milliseconds, since the messages of a service may appear in another order than that of
/// their times.
const OVERLAP: i64 = 2 * SECOND;

/// Time after which what was missed until a join is fetched. It is longer than [`JOINING_TIME`], because nothing waits
/// for it.
const FETCH_AFTER_JOIN: Duration = Duration::from_secs(1);

/// Delay before what was missed is fetched again, if that has failed.
const FETCH_DELAY: Duration = Duration::from_secs(5);

/// Maximum number of people of whom it is asked whether they are online.
const MAX_ASKED: usize = 500;

/// What to print.
pub(super) struct Range {
    /// Number of messages before those that arrive from now on.
    pub(super) count: usize,
    /// Time from which all messages are printed instead.
    pub(super) since: Option<Since>,
    /// Whether to wait for new messages.
    pub(super) follow: bool,
    /// Whether to print typing, presence and receipts as well.
    pub(super) events: bool,
}

/// Prints the newest messages of a room, or of all rooms.
pub(super) async fn tail(
    session: &mut Session,
    out: &mut Output,
    room: Option<&str>,
    range: Range,
) -> anyhow::Result<()> {
    session.listen();
    let room = match room {
        Some(room) => Some(session.room(room, false).await?),
        None => {
            session.load_rooms().await?;
            None
        }
    };
    look_up(session, room.as_ref()).await?;
    let mut tail = Tail {
        joined: JoinedRooms::new(room),
        printed: Printed::default(),
        synced: Timestamp(0),
        floor: Timestamp(0),
        followed: HashSet::new(),
        fetch_at: None,
        events: range.events,
        presence: HashMap::new(),
        ask_at: Some(Instant::now()).filter(|_| range.events && presence_interval(session).is_some()),
    };
    if range.follow {
        // Before the messages so far are fetched, so that none is missed in between.
        tail.join(session).await?;
    }
    // Messages have the times of the service.
    let now = SystemClock.now() + session.clock_ahead;
    tail.synced =
        tail.rooms(session).filter_map(|room| room.last_message.as_ref()).map(|last| last.sent_at).max().unwrap_or(now);
    tail.floor = tail.synced;
    tail.followed = tail.rooms(session).map(|room| room.id.clone()).collect();
    match range.since {
        Some(since) => tail.catch_up(session, out, since.at(now, &out.times().zone)).await?,
        None => tail.newest(session, out, range.count).await?,
    }
    out.flush()?;
    if range.follow { tail.follow(session, out).await } else { Ok(()) }
}

/// The state of a command.
struct Tail {
    joined: JoinedRooms,
    printed: Printed,
    /// Time of the newest message that was printed, by the clock of the service.
    synced: Timestamp,
    /// Time of the newest message when the command began. Those before it are not fetched any more.
    floor: Timestamp,
    /// The rooms whose messages were printed since the command began. Of any other, nothing was printed yet.
    followed: HashSet<RoomId>,
    /// When to fetch what was missed: once all rooms have certainly been joined, or some time after that has failed.
    fetch_at: Option<Instant>,
    events: bool,
    /// Who is online, as far as it was printed on the present connection: clients announce themselves again and again.
    presence: HashMap<PersonId, bool>,
    /// When to ask who is online, on services that tell only those who ask.
    ask_at: Option<Instant>,
}

impl Tail {
    fn rooms<'a>(&'a self, session: &'a Session) -> impl Iterator<Item = &'a RoomInfo> {
        session.directory.rooms().iter().filter(|room| self.joined.concerns(&room.id))
    }

    /// Subscribes to the events of the rooms that were not joined yet.
    async fn join(&mut self, session: &Session) -> Result<(), Failure> {
        if self.joined.join_known(session).await? {
            self.fetch_once_joined(session);
        }
        Ok(())
    }

    /// Fetches what is missed until a join has reached the service, where that is necessary.
    fn fetch_once_joined(&mut self, session: &Session) {
        if session.capabilities.events_omit_room {
            self.fetch_at = Some(Instant::now() + FETCH_AFTER_JOIN);
        }
    }

    /// Prints the newest messages of the room, or of all rooms.
    async fn newest(&mut self, session: &mut Session, out: &mut Output, count: usize) -> anyhow::Result<()> {
        if let Some(room) = self.joined.only().cloned() {
            let mut messages = collect(session, &room, count, |_| true).await?;
            return self.print_collected(&mut messages, out);
        }
        let last_of = |room: &RoomInfo| Some((room.last_message.as_ref()?.sent_at, room.id.clone()));
        let mut rooms: Vec<(Timestamp, RoomId)> = session.directory.rooms().iter().filter_map(last_of).collect();
        rooms.sort_by_key(|(last, _)| Reverse(*last));
        let mut newest: Vec<MessageRecord> = Vec::new();
        for (last, room) in rooms {
            // Once there are enough, rooms in which nothing is newer than the oldest of them are left out.
            let oldest = newest.first().filter(|_| newest.len() >= count).map(|oldest| oldest.message.sent_at);
            if count == 0 || oldest.is_some_and(|oldest| last <= oldest) {
                break;
            }
            let is_wanted = |message: &MessageInfo| oldest.is_none_or(|oldest| message.sent_at > oldest);
            match collect(session, &room, count, is_wanted).await {
                Ok(mut collected) => newest.extend(collected.spool.items().collect::<Result<Vec<_>, _>>()?),
                Err(error) => skip_room(session, &room, error)?,
            }
            newest.sort_by_key(|record| record.message.sent_at);
            newest.drain(..newest.len().saturating_sub(count));
        }
        newest.into_iter().try_for_each(|record| self.print_record(out, record))
    }

    /// Prints the messages since a time that were not printed yet, those of all rooms in the order of their times. Of
    /// rooms that have appeared since the command began, all messages since then are missing.
    async fn catch_up(&mut self, session: &mut Session, out: &mut Output, since: Timestamp) -> anyhow::Result<()> {
        let with_start = |room: &RoomInfo| {
            let start = if self.followed.contains(&room.id) { since } else { since.min(self.floor + 1) };
            room.last_message.as_ref().filter(|last| last.sent_at >= start).map(|_| (room.id.clone(), start))
        };
        let rooms: Vec<(RoomId, Timestamp)> = self.rooms(session).filter_map(with_start).collect();
        let first = Spool::new(&std::env::temp_dir())?;
        let mut collected = Vec::with_capacity(rooms.len());
        for (room, start) in &rooms {
            let is_wanted = |message: &MessageInfo| message.sent_at >= *start;
            match collect_into(session, first.sibling(), room, usize::MAX, is_wanted).await {
                Ok(messages) => collected.push(messages.spool),
                Err(error) if self.joined.only().is_none() => skip_room(session, room, error)?,
                Err(error) => return Err(error),
            }
        }
        merge(&mut collected, |record| record.message.sent_at, |record: MessageRecord| self.print_record(out, record))?;
        self.followed.extend(rooms.into_iter().map(|(room, _)| room));
        Ok(())
    }

    fn print_record(&mut self, out: &mut Output, record: MessageRecord) -> anyhow::Result<()> {
        self.synced = self.synced.max(record.message.sent_at);
        if self.printed.is_new(&record.message.id) {
            out.write(&Record::Message(Box::new(record)))?;
        }
        Ok(())
    }

    fn print_collected(&mut self, collected: &mut super::history::Collected, out: &mut Output) -> anyhow::Result<()> {
        print(collected, out, |record| {
            self.synced = self.synced.max(record.message.sent_at);
            self.printed.is_new(&record.message.id)
        })
    }

    fn print_message(&mut self, session: &Session, out: &mut Output, message: &MessageInfo) -> anyhow::Result<()> {
        if self.joined.concerns(&message.room) && self.printed.is_new(message.id.as_str()) {
            self.synced = self.synced.max(message.sent_at);
            out.write(&Record::Message(Box::new(session.directory.describe_message(message))))?;
        }
        Ok(())
    }

    /// Prints what happens, until the program is stopped.
    async fn follow(&mut self, session: &mut Session, out: &mut Output) -> anyhow::Result<()> {
        let mut reader_gone = pin!(reader_gone());
        loop {
            let event = match session.try_next() {
                Some(event) => event,
                None => {
                    out.flush()?;
                    let (fetch_at, ask_at) = (self.fetch_at, self.ask_at);
                    tokio::select! {
                        event = session.next() => event?,
                        () = &mut reader_gone => return Err(io::Error::from(io::ErrorKind::BrokenPipe).into()),
                        () = sleep_until(fetch_at.unwrap_or_else(Instant::now)), if fetch_at.is_some() => {
                            self.fetch_at = None;
                            self.resume(session, out).await?;
                            continue;
                        }
                        () = sleep_until(ask_at.unwrap_or_else(Instant::now)), if ask_at.is_some() => {
                            self.ask_who_is_online(session)?;
                            continue;
                        }
                    }
                }
            };
            match &event {
                ServerEvent::Connection(ConnectionStatus::Online) => {
                    out.write(&Record::Connection { status: "online", reason: None })?;
                    self.joined.on_connected();
                    self.presence.clear();
                    self.join(session).await?;
                    self.resume(session, out).await?;
                }
                ServerEvent::Connection(ConnectionStatus::Offline { .. }) => {
                    // What was missed is fetched once the connection is back.
                    self.fetch_at = None;
                    self.on_event(session, out, &event)?;
                }
                ServerEvent::Connection(ConnectionStatus::Refused { reason }) => {
                    self.on_event(session, out, &event)?;
                    out.flush()?;
                    return Err(Failure::locked_out(reason.to_string()).into());
                }
                ServerEvent::EventsLost => self.resume(session, out).await?,
                event => self.on_event(session, out, event)?,
            }
        }
    }

    /// Asks who is online among the people of direct messages.
    fn ask_who_is_online(&mut self, session: &Session) -> Result<(), Failure> {
        self.ask_at = presence_interval(session).map(|interval| Instant::now() + interval);
        let peers =
            self.rooms(session).filter_map(|room| Some((session.directory.peer_id(room)?.clone(), room.id.clone())));
        let people: Vec<(PersonId, RoomId)> = peers.take(MAX_ASKED).collect();
        if people.is_empty() { Ok(()) } else { session.send(Request::Presence { people }) }
    }

    /// Fetches what was missed. If that fails, it is repeated after some time, or when a lost connection is back.
    async fn resume(&mut self, session: &mut Session, out: &mut Output) -> anyhow::Result<()> {
        let synced = self.synced;
        let since = (synced + -OVERLAP).max(self.floor + 1);
        let fetched = match session.load_rooms().await {
            Ok(()) => {
                // Rooms may have appeared meanwhile.
                self.join(session).await?;
                self.catch_up(session, out, since).await
            }
            failed => failed,
        };
        match fetched {
            Err(error) if error.downcast_ref::<Failure>().is_some_and(Failure::is_temporary) => {
                tracing::warn!(%error, "what was missed cannot be fetched yet");
                self.synced = synced;
                self.fetch_at = Some(Instant::now() + FETCH_DELAY);
                Ok(())
            }
            fetched => fetched,
        }
    }

    fn on_event(&mut self, session: &Session, out: &mut Output, event: &ServerEvent) -> anyhow::Result<()> {
        if self.joined.on_event(session, event)? {
            self.fetch_once_joined(session);
        }
        match event {
            ServerEvent::Message(message) => return self.print_message(session, out, message),
            // On services that tell of messages in rooms that were not joined.
            ServerEvent::RoomChanged(room) => {
                return room.last_message.as_ref().map_or(Ok(()), |last| self.print_message(session, out, last));
            }
            ServerEvent::Presence { person, online }
                if self.presence.insert(person.clone(), *online) == Some(*online) =>
            {
                return Ok(());
            }
            _ => {}
        }
        if let Some(record) = describe_event(&session.directory, self.joined.only(), event, self.events) {
            out.write(&record)?;
        }
        Ok(())
    }
}

/// Returns how often to ask who is online, on services that tell only those who ask.
fn presence_interval(session: &Session) -> Option<Duration> {
    match session.capabilities.presence {
        PresenceSource::Polling(millis) => u64::try_from(millis).ok().map(Duration::from_millis),
        PresenceSource::Heartbeat(_) => None,
    }
}

/// Waits until nobody reads standard output any more. Of a file, that is never known.
#[cfg(unix)]
#[allow(deprecated, reason = "its replacement is unsafe; standard output meets what that asks for")]
async fn reader_gone() {
    use tokio::io::Interest;
    use tokio::io::unix::AsyncFd;

    match AsyncFd::with_interest(io::stdout(), Interest::ERROR) {
        Ok(output) => drop(output.ready(Interest::ERROR).await),
        Err(_) => std::future::pending().await,
    }
}

/// Other platforms only notice it when the next line is written.
#[cfg(not(unix))]
async fn reader_gone() {
    std::future::pending().await
}

/// Goes on without a room that the service refuses, such as one that was deleted meanwhile.
///
/// # Errors
/// The request failed for another reason.
fn skip_room(session: &Session, room: &RoomId, error: anyhow::Error) -> anyhow::Result<()> {
    if !error.downcast_ref::<Failure>().is_some_and(Failure::is_refusal) {
        return Err(error);
    }
    let title = session.directory.title(room).unwrap_or_default();
    print_warning(&format!("The messages of {title} cannot be read: {error}"));
    Ok(())
}

/// The messages that were printed last.
#[derive(Default)]
struct Printed {
    ids: HashSet<MessageId>,
    order: VecDeque<MessageId>,
}

impl Printed {
    /// Remembers a message, and returns whether it was not printed yet.
    fn is_new(&mut self, id: &str) -> bool {
        let id = MessageId::new(id);
        if !self.ids.insert(id.clone()) {
            return false;
        }
        self.order.push_back(id);
        if self.order.len() > MAX_REMEMBERED
            && let Some(oldest) = self.order.pop_front()
        {
            self.ids.remove(&oldest);
        }
        true
    }
}
