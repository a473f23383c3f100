//! The command `send`: hands one message over to the service, exactly once.
//!
//! The command ends with success only when the service has the message. Its `LocalId` is derived from the key of the
//! user, and the [`Journal`] remembers under this key what happened in earlier runs. After an attempt without an answer,
//! a service that recognises a second copy simply gets the message again. On others the newest messages of the room are
//! searched for the id first, as in `docs/design/outbox.md`.

use std::path::PathBuf;
use std::time::Duration;

use tokio::time::sleep;

use crate::config::Settings;
use crate::domain::{
    Content, Failure as RequestFailure, Feature, LocalId, MAX_CLOCK_SKEW, MessageInfo, Request, RoomId, SECOND,
    ServerEvent, Timestamp,
};
use crate::headless::{Outgoing, Record};
use crate::runtime::clock::{Clock, SystemClock};
use crate::runtime::failure::Failure;
use crate::runtime::stores::location_of;
use crate::text::SafeText;

use super::file;
use super::journal::{self, Journal, State};
use super::output::Output;
use super::session::{Session, failed};

/// Time that the server gets to process a send before its absence is believed, in milliseconds.
const PROCESSING_TIME: i64 = 10 * SECOND;

/// Delay between two searches in this time.
const SEARCH_INTERVAL: Duration = Duration::from_secs(2);

/// Maximum number of pages that are searched for a message that may have been sent.
const MAX_SEARCHED_PAGES: u32 = 40;

/// Maximum number of pages that are searched for a message to reply to.
const MAX_REPLY_PAGES: u32 = 40;

/// Delay before the first repetition; it doubles each time.
const FIRST_DELAY: Duration = Duration::from_secs(1);

/// Maximum delay before a repetition.
const MAX_DELAY: Duration = Duration::from_secs(30);

/// The message as the command line describes it.
pub(super) struct Message<'a> {
    /// The room as the user named it.
    pub(super) room: &'a str,
    pub(super) content: Outgoing,
    /// Id of the message that it replies to.
    pub(super) reply_to: Option<String>,
}

/// How an attempt ended without success.
enum Stop {
    /// The service refused it, or the command line is wrong.
    Final(anyhow::Error),
    /// It was certainly not sent.
    NotSent(anyhow::Error),
    /// It may have been sent.
    Uncertain(anyhow::Error),
}

/// A message that the service has.
struct Sent {
    id: Option<String>,
    room: String,
}

/// Sends a message. `limits` are the time limit of each answer, and whether to go on until the service has answered.
pub(super) async fn send(
    settings: &Settings,
    out: &mut Output,
    message: Message<'_>,
    key: Option<&str>,
    (timeout, retries): (Duration, bool),
) -> anyhow::Result<()> {
    let message = Message { content: file::read(message.content)?, ..message };
    let (random, account) =
        (format!("{:032x}", fastrand::u128(..)), [settings.backend.name(), &settings.url, &settings.user]);
    let local = journal::local_id(&account, key.unwrap_or(&random));
    let identity = [message.room, &file::identity(&message.content), message.reply_to.as_deref().unwrap_or_default()];
    let folder = location_of(settings).map(|location| location.file.with_extension("sends"));
    let mut journal = match (&folder, key) {
        (Some(folder), _) => Some(Journal::open(folder, local, &identity)?),
        (None, None) => None,
        (None, Some(_)) => {
            let sentence = "--id needs a data folder, to remember what was sent. Remove --incognito or `history`.";
            return Err(Failure::usage(sentence).into());
        }
    };
    let mut run = Run { settings, message, local, timeout, journal: journal.as_mut() };
    let mut delay = FIRST_DELAY;
    let (sent, repeated) = loop {
        if let Some(State::Accepted { id, room }) = run.journal.as_deref().map(Journal::state) {
            break (Sent { id: id.clone(), room: room.clone() }, true);
        }
        match run.attempt().await {
            Ok(sent) => break (sent, false),
            Err(Stop::NotSent(error) | Stop::Uncertain(error)) if retries => {
                tracing::warn!(%error, ?delay, "sending is repeated");
                sleep(delay).await;
                delay = (delay * 2).min(MAX_DELAY);
            }
            Err(Stop::Final(error) | Stop::NotSent(error)) => {
                run.forget(key.is_none().then_some(folder).flatten());
                return Err(error);
            }
            Err(Stop::Uncertain(error)) => return Err(uncertain(&error, key.unwrap_or(&random), folder.is_some())),
        }
    };
    run.forget(key.is_none().then_some(folder).flatten());
    out.write(&Record::Sent { id: sent.id, local_id: local.to_string(), room: sent.room, repeated })?;
    Ok(out.flush()?)
}

/// The error of a message that may have been sent.
fn uncertain(error: &anyhow::Error, key: &str, is_remembered: bool) -> anyhow::Error {
    let advice = if is_remembered {
        format!("Repeat the command with `--id {key}`, which sends the message only if the service does not have it.")
    } else {
        "Look into the room before you repeat the command.".to_owned()
    };
    Failure::unreachable(format!("{error}\nThe service may have the message. {advice}")).into()
}

/// One run of the command.
struct Run<'a> {
    settings: &'a Settings,
    message: Message<'a>,
    local: LocalId,
    timeout: Duration,
    journal: Option<&'a mut Journal>,
}

impl Run<'_> {
    /// Removes the file of a message that nobody can repeat, because its key was a random one.
    fn forget(&mut self, folder: Option<PathBuf>) {
        if let Some(folder) = folder {
            let _ = std::fs::remove_file(folder.join(self.local.to_string()));
        }
    }

    /// Connects and sends the message, unless the service has it already.
    async fn attempt(&mut self) -> Result<Sent, Stop> {
        let is_uncertain = matches!(self.journal.as_deref().map(Journal::state), Some(State::Attempted { .. }));
        let unsent = |error: anyhow::Error| match error.downcast_ref::<Failure>() {
            Some(failure) if failure.is_temporary() && is_uncertain => Stop::Uncertain(error),
            Some(failure) if failure.is_temporary() => Stop::NotSent(error),
            _ => Stop::Final(error),
        };
        let mut session = Session::open(self.settings, self.timeout).await.map_err(unsent)?;
        let room = session.room(self.message.room, true).await.map_err(unsent)?;
        let content = self.content(&mut session, &room).await.map_err(unsent)?;
        let found = self.search(&mut session, &room, &content).await.map_err(unsent)?;
        if let Some(id) = found {
            return self.accepted(session, Some(id), &room);
        }
        if let Some(journal) = &mut self.journal {
            journal.attempt(SystemClock.now()).map_err(|error| Stop::Final(error.into()))?;
        }
        let request = Request::Send { room: room.clone(), local: self.local, content };
        match session.answer(request).await {
            Ok(ServerEvent::Failed { failure, reason, .. }) => {
                let error = failed(failure, reason.to_string()).into();
                if failure == RequestFailure::Uncertain {
                    return Err(Stop::Uncertain(error));
                }
                // An earlier attempt was looked for, or would have been recognised as the same message.
                self.record(State::Unsent).map_err(Stop::Final)?;
                let may_succeed = failure.may_succeed_later();
                Err(if may_succeed { Stop::NotSent(error) } else { Stop::Final(error) })
            }
            Ok(ServerEvent::Accepted { id, message, .. }) => {
                let id = id.or_else(|| message.map(|message| message.id));
                self.accepted(session, id.map(|id| id.as_str().to_owned()), &room)
            }
            Ok(_) => self.accepted(session, None, &room),
            Err(error) => Err(Stop::Uncertain(error)),
        }
    }

    fn accepted(&mut self, session: Session, id: Option<String>, room: &RoomId) -> Result<Sent, Stop> {
        let room = room.as_str().to_owned();
        self.record(State::Accepted { id: id.clone(), room: room.clone() }).map_err(Stop::Final)?;
        session.close();
        Ok(Sent { id, room })
    }

    fn record(&mut self, state: State) -> anyhow::Result<()> {
        match &mut self.journal {
            Some(journal) => Ok(journal.record(state)?),
            None => Ok(()),
        }
    }

    async fn content(&self, session: &mut Session, room: &RoomId) -> anyhow::Result<Content> {
        let reply_to = match &self.message.reply_to {
            Some(id) => Some(replied_to(session, room, id).await?),
            None => None,
        };
        Ok(file::content(&self.message.content, room, reply_to)?)
    }

    /// Looks for a message that may have been sent by an earlier attempt. Returns its id if the service has it.
    async fn search(&self, session: &mut Session, room: &RoomId, content: &Content) -> anyhow::Result<Option<String>> {
        let Some(State::Attempted { first, last }) = self.journal.as_deref().map(Journal::state) else {
            return Ok(None);
        };
        if session.capabilities.has(Feature::Reply) {
            // Messages are named by these ids, so the service recognises a second copy.
            return Ok(None);
        }
        let since = Timestamp(*first) + (session.clock_ahead - MAX_CLOCK_SKEW);
        loop {
            let started_at = SystemClock.now();
            match self.search_once(session, room, content, since).await? {
                Search::Found(id) => return Ok(Some(id)),
                Search::LikelyCopy(id) => {
                    let sentence = format!(
                        "The service does not say whether message {id} is this one. Look into the room; if it is not, \
                         send it with another --id."
                    );
                    return Err(Failure::refused(sentence).into());
                }
                Search::Absent if started_at.0 > *last + PROCESSING_TIME => return Ok(None),
                // The service may still be processing the request.
                Search::Absent => sleep(SEARCH_INTERVAL).await,
            }
        }
    }

    async fn search_once(
        &self,
        session: &mut Session,
        room: &RoomId,
        content: &Content,
        since: Timestamp,
    ) -> anyhow::Result<Search> {
        let (mut before, mut copy) = (None, None);
        for number in 1..=MAX_SEARCHED_PAGES {
            let page = session.page(room, number, before.take()).await?;
            for message in &page.messages {
                if message.local == Some(self.local) {
                    return Ok(Search::Found(message.id.as_str().to_owned()));
                }
                let is_mine = session.directory.me().is_some_and(|me| me.id == message.author);
                if is_mine && message.local.is_none() && message.sent_at >= since && is_same(message, content) {
                    copy = Some(message.id.as_str().to_owned());
                }
            }
            before = page.messages.first().map(|message| message.id.clone());
            let is_old = page.messages.first().is_none_or(|oldest| oldest.sent_at < since);
            if is_old || !page.more {
                break;
            }
        }
        Ok(copy.map_or(Search::Absent, Search::LikelyCopy))
    }
}

/// Result of a search.
enum Search {
    Found(String),
    /// There is a message with the same content, and nobody can tell whether it is the one.
    LikelyCopy(String),
    Absent,
}

fn is_same(message: &MessageInfo, content: &Content) -> bool {
    match content {
        Content::Text { text, .. } => message.text == SafeText::block(text),
        Content::File { .. } | Content::Forward { .. } => message.attachment.is_some(),
    }
}

/// Returns the id of the send that created the message with this id, which is how replies name it.
async fn replied_to(session: &mut Session, room: &RoomId, id: &str) -> anyhow::Result<LocalId> {
    session.require(Feature::Reply)?;
    let mut before = None;
    for number in 1..=MAX_REPLY_PAGES {
        let page = session.page(room, number, before.take()).await?;
        let found = page.messages.iter().find(|message| message.id.as_str() == id);
        if let Some(local) = found.and_then(|message| message.local) {
            return Ok(local);
        }
        before = page.messages.first().map(|message| message.id.clone());
        if !page.more || found.is_some() {
            break;
        }
    }
    Err(Failure::refused(format!("Message {id} is not among the newest ones of the room, so it cannot be replied to."))
        .into())
}
