//! A person of a scenario: a connection, the records that arrive, and a screen if a step looks at it.

use std::collections::{BTreeMap, VecDeque};
use std::io;
use std::time::Duration;

use serde_json::Value;
use tokio::time::{sleep, timeout};

use crate::config::Settings;
use crate::domain::{Request, RoomId, ServerEvent};
use crate::headless::{Record, describe_event, has_fields, to_json};
use crate::runtime::failure::Failure;
use crate::runtime::headless::joined_rooms::{JOINING_TIME, JoinedRooms};
use crate::runtime::headless::session::Session;

use super::screen::ScreenReader;

/// Number of records that are kept for a failed step and for steps that look for them later.
const MAX_RECORDS: usize = 1_000;

/// Number of records in the report about a failed step.
const SHOWN_RECORDS: usize = 10;

/// A person who is signed in.
pub(super) struct Person {
    pub(super) session: Session,
    settings: Settings,
    room: Option<RoomId>,
    joined: JoinedRooms,
    /// The records that no step has waited for yet.
    unread: VecDeque<Value>,
    /// The last records as lines.
    last: VecDeque<String>,
    counts: BTreeMap<String, usize>,
    screen: Option<ScreenReader>,
}

impl Person {
    pub(super) async fn sign_in(settings: &Settings, limit: Duration) -> anyhow::Result<Self> {
        let mut session = Session::open(settings, limit).await?;
        session.listen();
        let (unread, last) = (VecDeque::new(), VecDeque::new());
        let (settings, joined) = (settings.clone(), JoinedRooms::new(None));
        let mut person =
            Self { session, settings, room: None, joined, unread, last, counts: BTreeMap::new(), screen: None };
        if person.session.capabilities.events_omit_room {
            person.session.load_rooms().await?;
            if person.joined.join_known(&person.session).await? {
                sleep(JOINING_TIME).await;
            }
        }
        Ok(person)
    }

    /// Subscribes to the events of a room, on services where that is necessary.
    pub(super) async fn join(&mut self, room: &RoomId) -> anyhow::Result<()> {
        if self.joined.join(&self.session, room)? && self.session.capabilities.events_omit_room {
            sleep(JOINING_TIME).await;
        }
        Ok(())
    }

    /// Returns the open room.
    pub(super) fn room(&self) -> Result<RoomId, Failure> {
        self.room.clone().ok_or_else(|| Failure::usage("No room is open: write a step with `open` before."))
    }

    pub(super) async fn open(&mut self, name: &str) -> anyhow::Result<String> {
        let room = self.session.room(name, true).await?;
        self.enter(room).await
    }

    pub(super) async fn create_group(&mut self, title: String, usernames: Vec<String>) -> anyhow::Result<String> {
        match self.session.call(Request::CreateGroup { title, usernames }).await? {
            ServerEvent::RoomOpened(room) => self.enter(room.id).await,
            _ => Err(Failure::refused("The service created no room.").into()),
        }
    }

    async fn enter(&mut self, room: RoomId) -> anyhow::Result<String> {
        self.join(&room).await?;
        let id = room.as_str().to_owned();
        self.room = Some(room);
        Ok(id)
    }

    /// Waits for a record, among those that no step has waited for. Returns the id in it.
    pub(super) async fn wait_for(&mut self, wanted: impl Fn(&Value) -> bool) -> anyhow::Result<Option<String>> {
        loop {
            if let Some(index) = self.unread.iter().position(&wanted) {
                let found = self.unread.remove(index);
                return Ok(found.and_then(|record| record["id"].as_str().map(str::to_owned)));
            }
            let event = self.session.next().await?;
            self.joined.on_event(&self.session, &event)?;
            self.take(&event);
        }
    }

    /// Makes sure that no record with these fields is unread, nor arrives for some time.
    pub(super) async fn expect_none(&mut self, fields: &Value, time: Duration) -> anyhow::Result<()> {
        match timeout(time, self.wait_for(|record| has_fields(record, fields))).await {
            Err(_) => Ok(()),
            Ok(found) => found.and(Err(Failure::refused("There was such a record.").into())),
        }
    }

    /// Takes the events that have arrived.
    pub(super) fn drain(&mut self) {
        while let Some(event) = self.session.try_next() {
            self.take(&event);
        }
    }

    fn take(&mut self, event: &ServerEvent) {
        let directory = &self.session.directory;
        let record = match event {
            ServerEvent::Message(message) => Some(Record::Message(Box::new(directory.describe_message(message)))),
            event => describe_event(directory, None, event, true),
        };
        let Some(record) = record.map(|record| to_json(&record)) else { return };
        if let Some(kind) = record["type"].as_str() {
            *self.counts.entry(kind.to_owned()).or_default() += 1;
        }
        self.last.push_back(record.to_string());
        self.unread.push_back(record);
        if self.last.len() > SHOWN_RECORDS {
            self.last.pop_front();
        }
        if self.unread.len() > MAX_RECORDS {
            self.unread.pop_front();
        }
    }

    /// Returns the number of records of each type.
    pub(super) fn counts(&self) -> impl Iterator<Item = (&str, usize)> {
        self.counts.iter().map(|(kind, count)| (kind.as_str(), *count))
    }

    pub(super) fn last_records(&self) -> Vec<String> {
        self.last.iter().cloned().collect()
    }

    pub(super) fn screen_text(&self) -> Option<String> {
        self.screen.as_ref().map(ScreenReader::text)
    }

    /// Returns the chat of the person. The first step that needs it opens it, with the room that is open then.
    pub(super) fn screen(&mut self) -> io::Result<&mut ScreenReader> {
        let screen = match self.screen.take() {
            Some(screen) => screen,
            None => {
                let room = self.room.as_ref().map(|room| room.as_str().to_owned());
                ScreenReader::start(Settings { room, ..self.settings.clone() })?
            }
        };
        Ok(self.screen.insert(screen))
    }

    pub(super) fn leave(self) {
        drop(self.screen);
        self.session.close();
    }
}
