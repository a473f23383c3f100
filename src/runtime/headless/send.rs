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
    Content, Failure as RequestFailure, Feature, LocalId, MAX_CLOCK_SKEW, PROCESSING_TIME, Request, RoomId,
    SEARCH_INTERVAL, ServerEvent, Timestamp,
};
use crate::headless::{CopySearch, CopySearchResult, Outgoing, Record};
use crate::runtime::clock::{Clock, SystemClock};
use crate::runtime::failure::{Failure, print_warning};
use crate::runtime::stores::location_of;

use super::file;
use super::journal::{self, Journal, State};
use super::output::Output;
use super::session::{Session, failed};

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

/// How an attempt ended without success. Whether the message may have been sent is in [`Run::state`].
enum Stop {
    /// Another attempt is pointless.
    Final(anyhow::Error),
    /// Another attempt may succeed.
    Temporary(anyhow::Error),
    /// Nobody can tell whether the service has the message. The error says what to do.
    Undecided(Failure),
}

/// What is known about earlier attempts.
enum Earlier {
    /// There was none, or the service does not have the message.
    Absent,
    /// The service may have the message, and recognises a second copy.
    Recognised,
    /// The service has the message, with this id.
    Found(String),
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
    let (mut journal, state) = match (&folder, key) {
        (Some(folder), _) => {
            let (journal, state) = Journal::open(folder, local, &identity)?;
            (Some(journal), state.resumed(SystemClock.now()))
        }
        (None, None) => (None, State::Unsent),
        (None, Some(_)) => {
            let sentence = "--id needs a data folder, to remember what was sent. Remove --incognito or `history`.";
            return Err(Failure::usage(sentence).into());
        }
    };
    let mut run = Run { settings, message, local, timeout, state, journal: journal.as_mut() };
    let mut delay = FIRST_DELAY;
    let (sent, repeated) = loop {
        if let State::Accepted { id, room } = &run.state {
            break (Sent { id: id.clone(), room: room.clone() }, true);
        }
        match run.attempt().await {
            Ok(sent) => break (sent, false),
            Err(Stop::Temporary(error)) if retries => {
                tracing::warn!(%error, ?delay, "sending is repeated");
                sleep(delay).await;
                delay = (delay * 2).min(MAX_DELAY);
            }
            Err(Stop::Undecided(failure)) => return Err(failure.into()),
            Err(Stop::Final(error) | Stop::Temporary(error)) if matches!(run.state, State::Attempted { .. }) => {
                return Err(uncertain(&error, key.unwrap_or(&random), folder.is_some()));
            }
            Err(Stop::Final(error) | Stop::Temporary(error)) => {
                run.forget(key.is_none().then_some(folder).flatten());
                return Err(error);
            }
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
    /// What is known about the message, also without a journal.
    state: State,
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
        let mut session = Session::open(self.settings, self.timeout).await.map_err(stop)?;
        let room = session.room(self.message.room, true).await.map_err(stop)?;
        let content = self.content(&mut session, &room).await.map_err(stop)?;
        let earlier = self.search(&mut session, &room, &content).await?;
        if let Earlier::Found(id) = earlier {
            session.close();
            return Ok(self.accepted(Some(id), &room));
        }
        self.record(self.state.attempted(SystemClock.now())).map_err(Stop::Final)?;
        let request = Request::Send { room: room.clone(), local: self.local, content };
        let answer = match session.answer(request).await {
            Ok(answer) => answer,
            Err(error) => {
                self.note(self.state.attempted(SystemClock.now()));
                return Err(Stop::Temporary(error));
            }
        };
        let id = match answer {
            ServerEvent::Failed { failure, reason, .. } => {
                if failure == RequestFailure::Uncertain {
                    // It may have been on its way until now.
                    self.note(self.state.attempted(SystemClock.now()));
                } else if matches!(earlier, Earlier::Absent) {
                    self.note(State::Unsent);
                }
                return Err(stop(failed(failure, reason.to_string()).into()));
            }
            ServerEvent::Accepted { id, message, .. } => id.or_else(|| message.map(|message| message.id)),
            _ => None,
        };
        session.close();
        Ok(self.accepted(id.map(|id| id.as_str().to_owned()), &room))
    }

    /// Records that the service has the message.
    fn accepted(&mut self, id: Option<String>, room: &RoomId) -> Sent {
        let room = room.as_str().to_owned();
        if let Err(error) = self.record(State::Accepted { id: id.clone(), room: room.clone() }) {
            // The message was sent all the same, and a script must not believe otherwise.
            print_warning(&format!("The message was sent, but this cannot be recorded: {error}"));
        }
        Sent { id, room }
    }

    /// Changes the state, on disk first if there is a journal.
    fn record(&mut self, state: State) -> anyhow::Result<()> {
        if let Some(journal) = &mut self.journal {
            journal.record(&state).map_err(|error| {
                Failure::usage(format!(
                    "The data folder cannot be written: {error}. Free some space, or check --data-dir."
                ))
            })?;
        }
        self.state = state;
        Ok(())
    }

    /// Changes the state after an attempt. If that cannot be recorded, the next run waits and searches longer than
    /// needed.
    fn note(&mut self, state: State) {
        if let Err(error) = self.record(state.clone()) {
            tracing::warn!(%error, "the end of an attempt cannot be recorded");
            self.state = state;
        }
    }

    async fn content(&self, session: &mut Session, room: &RoomId) -> anyhow::Result<Content> {
        let reply_to = match &self.message.reply_to {
            Some(id) => Some(replied_to(session, room, id).await?),
            None => None,
        };
        Ok(file::content(&self.message.content, room, reply_to)?)
    }

    /// Looks for a message that may have been sent by an earlier attempt.
    async fn search(&self, session: &mut Session, room: &RoomId, content: &Content) -> Result<Earlier, Stop> {
        let State::Attempted { first, last } = self.state else { return Ok(Earlier::Absent) };
        if session.capabilities.has(Feature::Reply) {
            // Messages are named by these ids.
            return Ok(Earlier::Recognised);
        }
        let since = Timestamp(first) + (session.clock_ahead - MAX_CLOCK_SKEW);
        loop {
            let started_at = SystemClock.now();
            let sentence = match self.search_once(session, room, content, since).await.map_err(stop)? {
                CopySearchResult::Found(id) => return Ok(Earlier::Found(id)),
                CopySearchResult::Absent if started_at.0 > last + PROCESSING_TIME => return Ok(Earlier::Absent),
                CopySearchResult::Absent => {
                    // The service may still be processing the request.
                    sleep(Duration::from_millis(SEARCH_INTERVAL.unsigned_abs())).await;
                    continue;
                }
                CopySearchResult::LikelyCopy(id) => {
                    format!("The service does not say whether message {id} is this one.")
                }
                CopySearchResult::Unreached => {
                    "So much was written since the message may have been sent that it was not found.".to_owned()
                }
            };
            let advice = "Look into the room; if the message is not there, send it with another --id.";
            return Err(Stop::Undecided(Failure::refused(format!("{sentence} {advice}"))));
        }
    }

    async fn search_once(
        &self,
        session: &mut Session,
        room: &RoomId,
        content: &Content,
        since: Timestamp,
    ) -> anyhow::Result<CopySearchResult> {
        let me = session.directory.me().map(|me| me.id.clone());
        let mut search = CopySearch::new(self.local, content, me, since);
        let (mut number, mut before) = (1, None);
        loop {
            let page = session.page(room, number, before.take()).await?;
            if let Some(result) = search.take(&page.messages, page.more) {
                return Ok(result);
            }
            before = page.messages.first().map(|message| message.id.clone());
            number += 1;
        }
    }
}

/// Tells from an error whether another attempt may succeed.
fn stop(error: anyhow::Error) -> Stop {
    match error.downcast_ref::<Failure>() {
        Some(failure) if failure.is_temporary() => Stop::Temporary(error),
        _ => Stop::Final(error),
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

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    /// Regression test: the command failed, so that a script sent the message once more.
    #[test]
    fn full_disk_does_not_hide_that_the_message_was_sent() {
        let settings = Settings::new("http://localhost", "KEY", "alice");
        let message = Message { room: "r", content: Outgoing::Text("hello".to_owned()), reply_to: None };
        let mut journal = Journal::full().unwrap();
        let (local, timeout, state) = (LocalId::from_random(1), Duration::ZERO, State::Unsent);
        let mut run = Run { settings: &settings, message, local, timeout, state, journal: Some(&mut journal) };
        assert!(run.record(State::Unsent.attempted(Timestamp(1))).is_err(), "the message must not be sent");
        let sent = run.accepted(Some("m".to_owned()), &RoomId::new("r"));
        assert_eq!((sent.id.as_deref(), &*sent.room), (Some("m"), "r"));
    }
}
