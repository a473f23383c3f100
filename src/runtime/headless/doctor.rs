//! The command `doctor`: examines the way to a service stage by stage, and what the service can do.
//!
//! From the sign-in on it uses the same connection as the chat. It writes only into a room of its own, which it deletes
//! again, or into the room that the user names.

use std::process::ExitCode;
use std::time::Duration;

use tokio::task::spawn_blocking;
use tokio::time::{Instant, sleep, timeout};

use crate::config::{Backend, Settings};
use crate::domain::{Content, Feature, LocalId, MessageId, MessageInfo, Request, RoomId, RoomKind, ServerEvent};
use crate::headless::{Check, CheckStage, Observed, Record};
use crate::net::{Probe, Step, StepError};
use crate::runtime::failure::Failure;

use super::joined_rooms::JOINING_TIME;
use super::output::Output;
use super::session::Session;

/// Title of the room in which messages are tried.
const ROOM: &str = "minchat-tui doctor";

/// Text of the message that is sent, and after the edit.
const TEXTS: [&str; 2] = ["A test by minchat-tui doctor. It will be deleted.", "A test by minchat-tui doctor, edited."];

/// Examines the service and prints what it finds.
pub(super) async fn doctor(
    settings: &Settings,
    out: &mut Output,
    room: Option<&str>,
    limit: Duration,
) -> anyhow::Result<ExitCode> {
    let mut examination = Examination {
        settings,
        out,
        limit,
        failed: None,
        observed: Observed { ca_file: settings.ca_file.is_some(), ..Observed::default() },
        own_room: None,
        opened: None,
        own_message: None,
    };
    let session = examination.network().await?;
    if let Some(mut session) = session {
        let examined = examination.service(&mut session, room).await;
        // Also if nobody reads the output any more.
        let cleaned_up = examination.clean_up(&mut session).await;
        session.close();
        examined.and(cleaned_up)?;
    }
    let Examination { out, failed, observed, .. } = examination;
    out.write(&Record::Report {
        ok: failed.is_none(),
        failed: failed.map(CheckStage::name),
        observed: Box::new(observed),
    })?;
    out.flush()?;
    Ok(failed.map_or(ExitCode::SUCCESS, |stage| ExitCode::from(stage.code())))
}

/// An examination under way.
struct Examination<'a> {
    settings: &'a Settings,
    out: &'a mut Output,
    limit: Duration,
    /// The first stage that failed.
    failed: Option<CheckStage>,
    observed: Observed,
    /// The room that was created and has to be deleted.
    own_room: Option<(RoomId, RoomKind)>,
    /// The person with whom a conversation was opened.
    opened: Option<String>,
    /// The message that may have been sent and has to be deleted.
    own_message: Option<OwnMessage>,
}

/// The message of the test.
struct OwnMessage {
    room: RoomId,
    local: LocalId,
    /// Its id, once the service has told it.
    id: Option<MessageId>,
}

impl Examination<'_> {
    /// Prints the result of a stage. Returns its value if it succeeded.
    fn stage<T>(&mut self, stage: CheckStage, started: Instant, result: Step<T>) -> anyhow::Result<Option<T>> {
        let millis = u64::try_from(started.elapsed().as_millis()).ok();
        let (result, detail, advice, value) = match result {
            Ok((detail, value)) => ("ok", detail, None, Some(value)),
            Err(StepError { reason, advice }) => {
                self.failed.get_or_insert(stage);
                ("failed", reason, Some(advice.unwrap_or(stage.advice().into())), None)
            }
        };
        self.print(Check { stage: stage.name(), result, millis, detail, advice })?;
        Ok(value)
    }

    fn skip(&mut self, stage: CheckStage, detail: String) -> anyhow::Result<()> {
        self.print(Check { stage: stage.name(), result: "skipped", millis: None, detail, advice: None })
    }

    /// Whether no room can be created without another person.
    fn needs_company(&self, room: Option<&str>) -> bool {
        self.settings.backend == Backend::VChat && room.is_none() && self.own_room.is_none()
    }

    /// Skips everything that needs a room.
    fn skip_messages(&mut self) -> anyhow::Result<()> {
        let service = self.observed.service;
        let reason = format!("{service} creates no room for one person alone. Name a room or a person with --room.");
        self.skip(CheckStage::Join, reason)?;
        for stage in [CheckStage::Send, CheckStage::Echo, CheckStage::Edit, CheckStage::Delete] {
            self.skip(stage, "there is no room for the test".to_owned())?;
        }
        Ok(())
    }

    fn print(&mut self, check: Check) -> anyhow::Result<()> {
        self.out.write(&Record::Check(check))?;
        // The next stage may take long.
        Ok(self.out.flush()?)
    }

    /// Takes a step that blocks, for at most the time limit.
    async fn step<T: Send + 'static>(
        &self,
        step: impl FnOnce() -> Step<T> + Send + 'static,
    ) -> anyhow::Result<Step<T>> {
        match timeout(self.limit, spawn_blocking(step)).await {
            Ok(result) => Ok(result?),
            Err(_) => Ok(Err(format!("This takes longer than {} s.", self.limit.as_secs()).into())),
        }
    }

    /// Examines everything up to the live connection.
    async fn network(&mut self) -> anyhow::Result<Option<Session>> {
        let started = Instant::now();
        let (url, limit) = (self.settings.url.clone(), self.limit);
        let probe = match Probe::new(&url, limit) {
            Ok(probe) => std::sync::Arc::new(probe),
            Err(error) => return self.stage(CheckStage::Dns, started, Err(error)),
        };
        self.observed.proxy = probe.uses_proxy();
        self.observed.encrypted = probe.is_tls();
        let at = std::sync::Arc::clone(&probe);
        let resolved = self.step(move || at.resolve()).await?;
        let Some(addresses) = self.stage(CheckStage::Dns, started, resolved)? else { return Ok(None) };
        let (started, at) = (Instant::now(), std::sync::Arc::clone(&probe));
        let connected = self.step(move || at.connect(&addresses)).await?;
        let Some(stream) = self.stage(CheckStage::Tcp, started, connected)? else { return Ok(None) };
        let (started, at, ca_file) = (Instant::now(), std::sync::Arc::clone(&probe), self.settings.ca_file.clone());
        let secured = self.step(move || at.secure(stream, ca_file.as_deref())).await?;
        let Some(stream) = self.stage(CheckStage::Tls, started, secured)? else { return Ok(None) };
        let started = Instant::now();
        let answered = self.step(move || probe.ask(stream)).await?;
        if self.stage(CheckStage::Http, started, answered)?.is_none() {
            return Ok(None);
        }
        let key = key(self.settings);
        if self.stage(CheckStage::Key, Instant::now(), key)?.is_none() {
            return Ok(None);
        }
        let started = Instant::now();
        let mut session = Session::start(self.settings, self.limit, |protocol| protocol)?;
        session.listen();
        let signed_in = session.wait_signed_in().await.map_err(|error| StepError::from(error.to_string()));
        let signed_in = signed_in.map(|me| (format!("{} ({})", me.username, me.id.as_str()), ()));
        if self.stage(CheckStage::SignIn, started, signed_in)?.is_none() {
            return Ok(None);
        }
        let started = Instant::now();
        let online = session.wait_online().await.map_err(|error| StepError::from(error.to_string()));
        let online = self.stage(CheckStage::Socket, started, online.map(|()| ("WebSocket".to_owned(), ())))?;
        Ok(online.map(|()| session))
    }

    /// Tries messages.
    async fn service(&mut self, session: &mut Session, room: Option<&str>) -> anyhow::Result<()> {
        self.observed.service = session.capabilities.name;
        self.observed.features = Feature::ALL
            .iter()
            .filter(|feature| session.capabilities.has(**feature))
            .map(|feature| feature.label())
            .collect();
        let started = Instant::now();
        let joined = self.join(session, room).await;
        self.observed.clock_ahead = session.clock_ahead;
        let joined = match joined {
            // Not a fault: V Chat has no room without another person.
            Err(error)
                if self.needs_company(room) && error.downcast_ref::<Failure>().is_some_and(Failure::is_refusal) =>
            {
                tracing::info!(%error, "no room was created");
                return self.skip_messages();
            }
            joined => joined.map_err(|error| StepError::from(error.to_string())),
        };
        let Some(room) = self.stage(CheckStage::Join, started, joined)? else { return Ok(()) };
        let started = Instant::now();
        let local = LocalId::from_random(fastrand::u128(..));
        let content = Content::text(TEXTS[0]);
        self.own_message = Some(OwnMessage { room: room.clone(), local, id: None });
        let sent = session.call(Request::Send { room: room.clone(), local, content }).await;
        let sent = match sent {
            Ok(ServerEvent::Accepted { id, message, .. }) => {
                let id = id.or_else(|| message.map(|message| message.id));
                Ok((id.as_ref().map_or("accepted, without an id".to_owned(), |id| id.as_str().to_owned()), id))
            }
            Ok(_) => Ok(("accepted, without an id".to_owned(), None)),
            Err(error) => {
                if error.downcast_ref::<Failure>().is_some_and(Failure::is_refusal) {
                    self.own_message = None;
                }
                Err(StepError::from(error.to_string()))
            }
        };
        if let (Some(message), Ok((_, id))) = (&mut self.own_message, &sent) {
            message.id.clone_from(id);
        }
        let Some(id) = self.stage(CheckStage::Send, started, sent)? else { return Ok(()) };
        let echo = self.echo(session, |event| match event {
            ServerEvent::Message(message) => is_same(message, local, id.as_ref()).then(|| message.clone()),
            _ => None,
        });
        let echo = echo.await;
        let echoed = echo.map(|message| {
            (if message.local == Some(local) { "with our id" } else { "without our id" }.to_owned(), message)
        });
        let echo = self.stage(CheckStage::Echo, started, echoed.map_err(StepError::from))?;
        self.observed.echo = Some(echo.is_some());
        self.observed.returns_local_ids = echo.as_ref().map(|message| message.local == Some(local));
        let Some(id) = echo.map(|message| message.id).or(id) else { return Ok(()) };
        self.edit(session, &id).await?;
        let started = Instant::now();
        let deleted = session.call(Request::Delete { room, message: id.clone() }).await;
        let deleted =
            deleted.map(|_| ("the test message".to_owned(), ())).map_err(|error| StepError::from(error.to_string()));
        if deleted.is_ok() {
            self.own_message = None;
        }
        self.observed.delete = Some(deleted.is_ok());
        self.stage(CheckStage::Delete, started, deleted)?;
        Ok(())
    }

    async fn edit(&mut self, session: &mut Session, id: &MessageId) -> anyhow::Result<()> {
        if !session.capabilities.has(Feature::Edit) {
            self.observed.edit = Some(false);
            return self.skip(CheckStage::Edit, format!("{} does not support it", session.capabilities.name));
        }
        let started = Instant::now();
        let edited = match session.call(Request::Edit { message: id.clone(), text: TEXTS[1].to_owned() }).await {
            Ok(_) => {
                self.echo(session, |event| match event {
                    ServerEvent::Edited(message) => (message.id == *id).then_some(()),
                    _ => None,
                })
                .await
            }
            Err(error) => Err(error.to_string()),
        };
        self.observed.edit = Some(edited.is_ok());
        let edited = edited.map(|()| ("with an event".to_owned(), ())).map_err(StepError::from);
        self.stage(CheckStage::Edit, started, edited)?;
        Ok(())
    }

    /// Waits for an event.
    async fn echo<T>(&self, session: &mut Session, wanted: impl Fn(&ServerEvent) -> Option<T>) -> Result<T, String> {
        let found = async {
            loop {
                match session.next().await {
                    Ok(event) => match wanted(&event) {
                        Some(found) => return Ok(found),
                        None => continue,
                    },
                    Err(error) => return Err(error.to_string()),
                }
            }
        };
        let seconds = self.limit.as_secs();
        timeout(self.limit, found).await.unwrap_or_else(|_| Err(format!("no event within {seconds} s")))
    }

    /// Returns the room for the test: the one that the user names, or one that is created.
    async fn join(&mut self, session: &mut Session, room: Option<&str>) -> anyhow::Result<(String, RoomId)> {
        let (detail, room) = match room {
            Some(name) => {
                session.load_rooms().await?;
                let known = session.directory.rooms().len();
                let room = session.room(name, true).await?;
                if session.directory.rooms().len() > known {
                    self.opened = Some(name.to_owned());
                }
                (format!("the room {name}"), room)
            }
            None => {
                let create = Request::CreateGroup { title: ROOM.to_owned(), usernames: Vec::new() };
                let ServerEvent::RoomOpened(created) = session.call(create).await? else {
                    return Err(Failure::refused("The service created no room.").into());
                };
                self.own_room = Some((created.id.clone(), created.kind));
                (format!("a room of its own, {}", created.id.as_str()), created.id)
            }
        };
        session.send(Request::Join { room: room.clone() })?;
        session.page(&room, 1, None).await?;
        if session.capabilities.events_omit_room {
            sleep(JOINING_TIME).await;
        }
        Ok((detail, room))
    }

    /// Deletes what was created and is still there.
    async fn clean_up(&mut self, session: &mut Session) -> anyhow::Result<()> {
        let started = Instant::now();
        let deleted = match (self.own_room.take(), self.own_message.take()) {
            (Some((room, kind)), _) => match delete_room(session, &room, kind).await {
                Ok(()) => Ok(("the room was deleted".to_owned(), ())),
                Err(error) => Err(format!("The room {} is still there: {error}", room.as_str()).into()),
            },
            (None, Some(message)) => match delete_message(session, &message).await {
                Ok(true) => Ok(("the test message was deleted".to_owned(), ())),
                Ok(false) => Ok(("the test message is not in the room".to_owned(), ())),
                Err(error) => {
                    let room = message.room.as_str();
                    Err(format!("The test message may still be in the room {room}: {error}").into())
                }
            },
            (None, None) => {
                let detail = match &self.opened {
                    Some(name) => format!("the conversation with {name} was opened for the test and stays"),
                    None => "nothing is left to delete".to_owned(),
                };
                return self.skip(CheckStage::CleanUp, detail);
            }
        };
        self.stage(CheckStage::CleanUp, started, deleted)?;
        Ok(())
    }
}

/// Deletes a room that was created.
async fn delete_room(session: &mut Session, room: &RoomId, kind: RoomKind) -> anyhow::Result<()> {
    if !session.capabilities.has(Feature::DeleteRoomForAll) && kind == RoomKind::Group {
        // Otherwise the room would be deleted for oneself, and still have a member. A refusal shows below.
        session.answer(Request::LeaveGroup { room: room.clone() }).await?;
    }
    session.call(Request::DeleteRoom { room: room.clone() }).await.map(drop)
}

/// Deletes the message of the test. Returns false if it is not in the room.
async fn delete_message(session: &mut Session, own: &OwnMessage) -> anyhow::Result<bool> {
    let id = match &own.id {
        Some(id) => Some(id.clone()),
        None => {
            let page = session.page(&own.room, 1, None).await?;
            let me = session.directory.me();
            // On services that do not return our ids, the newest one is of this test.
            let is_alike = |message: &&MessageInfo| {
                let is_mine = me.is_some_and(|me| me.id == message.author);
                message.local.is_none() && is_mine && TEXTS.contains(&message.text.as_str())
            };
            let found = page.messages.iter().find(|message| message.local == Some(own.local));
            found.or_else(|| page.messages.iter().rev().find(is_alike)).map(|message| message.id.clone())
        }
    };
    let Some(message) = id else { return Ok(false) };
    session.call(Request::Delete { room: own.room.clone(), message }).await?;
    Ok(true)
}

fn is_same(message: &MessageInfo, local: LocalId, id: Option<&MessageId>) -> bool {
    message.local == Some(local) || id == Some(&message.id)
}

/// Examines the credentials without a server.
fn key(settings: &Settings) -> Step<()> {
    let (kind, secret) = match (&settings.token, settings.backend) {
        (Some(token), _) => ("access token", token),
        (None, Backend::VChat) => ("hash key", &settings.api_key),
        (None, Backend::MinChat) => ("API key", &settings.api_key),
    };
    let text = secret.reveal();
    if text.is_empty() {
        return Err(format!("The {kind} is empty.").into());
    }
    if !text.chars().all(|c| c.is_ascii_graphic()) {
        return Err(format!("The {kind} contains blanks or characters that no header can carry.").into());
    }
    Ok((format!("{kind} of {} characters", text.chars().count()), ()))
}
