//! The screen of a person and its keys: the chat itself, without a terminal, on a connection of its own.

use std::io;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use tokio::runtime::Builder;
use tokio::sync::{mpsc, watch};

use crate::app::{ConnectionState, Event, Scene, Size, State};
use crate::config::Settings;
use crate::domain::AccountId;
use crate::dump::rows;
use crate::input::{Code, Key};
use crate::runtime::account::{connect, opened_profile};
use crate::runtime::client::options;
use crate::runtime::clock::{Clock, SystemClock};
use crate::runtime::connections::Connections;
use crate::runtime::event_loop::{Display, EventLoop, Input, Server};
use crate::runtime::feeds::Feeds;
use crate::view::paint;

/// The reason why nothing is shown any more.
const ENDED: &str = "The chat of this person has ended.";

/// Size of the screen.
const SIZE: Size = Size { width: 100, height: 30 };

/// A running chat whose keys can be pressed and whose screen can be read. It ends when this is dropped.
pub(super) struct ScreenReader {
    inputs: mpsc::Sender<Input>,
    screen: watch::Receiver<Shown>,
}

/// A frame.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Shown {
    text: String,
    readiness: Readiness,
}

/// Whether keys do what they would do for a person.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Readiness {
    /// The chat is not connected yet, or has not loaded the list of rooms or its room.
    #[default]
    Waiting,
    /// The list of rooms leaves out the room that should be open.
    RoomMissing,
    Ready,
}

/// Returns the keys that type a text.
pub(super) fn typed(text: &str) -> Vec<Key> {
    text.chars().map(|c| Key::plain(Code::Char(c))).collect()
}

impl ScreenReader {
    /// Starts a chat on a thread of its own.
    pub(super) fn start(settings: Settings) -> io::Result<Self> {
        let (inputs, received) = mpsc::channel(1);
        let (sender, screen) = watch::channel(Shown::default());
        std::thread::Builder::new().name("screen".to_owned()).spawn(move || {
            let display = TextDisplay { room: settings.room.clone(), readiness: Readiness::default(), screen: sender };
            if let Err(error) = run(&settings, display, received) {
                tracing::warn!(%error, "the screen of a person has ended");
            }
        })?;
        Ok(Self { inputs, screen })
    }

    /// Presses keys once the chat is ready for them, and waits until it has taken them all.
    pub(super) async fn press(&mut self, keys: &[Key]) -> anyhow::Result<()> {
        let ended = || anyhow::anyhow!(ENDED);
        let shown = self.screen.wait_for(|shown| shown.readiness != Readiness::Waiting).await.map_err(|_| ended())?;
        if shown.readiness == Readiness::RoomMissing {
            let reason = "The room of this person is in no list of rooms before its first message.";
            anyhow::bail!("{reason} Write it with `send`, or open the room with `type = \"/dm USER\"` and no `open`.");
        }
        drop(shown);
        for key in keys {
            self.inputs.send(Input::Event(Event::Key(*key))).await.map_err(|_| ended())?;
        }
        // There is space for one key only, so there is space again when the last one was taken.
        self.inputs.reserve().await.map(drop).map_err(|_| ended())
    }

    /// Waits until a row of the screen contains a text.
    pub(super) async fn wait_for(&mut self, text: &str) -> anyhow::Result<()> {
        let shown = self.screen.wait_for(|shown| shown.text.lines().any(|row| row.contains(text))).await;
        shown.map(|_| ()).map_err(|_| anyhow::anyhow!(ENDED))
    }

    /// Returns the screen, one line per row.
    pub(super) fn text(&self) -> String {
        self.screen.borrow().text.clone()
    }
}

fn run(settings: &Settings, display: TextDisplay, inputs: mpsc::Receiver<Input>) -> anyhow::Result<()> {
    let seed = fastrand::u64(..);
    let state = State::new(options(settings), opened_profile(settings), SIZE, SystemClock.now(), seed);
    let (mut connections, mut feeds) = (Connections::default(), Feeds::default());
    let (connection, events) = connect(settings, AccountId(0), None, seed, None)?;
    connections.add(AccountId(0), connection);
    feeds.add(events);
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let event_loop = EventLoop::new(state, display, connections, SystemClock);
    let ended = runtime.block_on(Box::pin(event_loop.run(inputs, feeds)));
    runtime.shutdown_background();
    let (_, _, connections, _) = ended?;
    connections.close();
    Ok(())
}

fn readiness(scene: Scene<'_>, room: Option<&str>) -> Readiness {
    let Scene { account, .. } = scene;
    if account.connection != ConnectionState::Online || !account.room_sync.listed || account.profile.room.is_some() {
        return Readiness::Waiting;
    }
    match (room, scene.open_room()) {
        (None, None) => Readiness::Ready,
        (Some(wanted), Some(open)) if open.info.id.as_str() != wanted => Readiness::RoomMissing,
        (_, Some(open)) if open.history.is_newest_loaded() || !open.can_fetch() => Readiness::Ready,
        (_, Some(_)) => Readiness::Waiting,
        (Some(_), None) => Readiness::RoomMissing,
    }
}

/// A display that keeps the text of the last frame.
struct TextDisplay {
    /// Id of the room that the chat opens at the start.
    room: Option<String>,
    readiness: Readiness,
    screen: watch::Sender<Shown>,
}

impl Display for TextDisplay {
    fn draw(&mut self, state: &State) -> io::Result<bool> {
        let area = Rect::new(0, 0, SIZE.width, SIZE.height);
        let mut buffer = Buffer::empty(area);
        paint(state, area, &mut buffer);
        // Once ready, it stays ready, even if keys leave the room.
        if self.readiness != Readiness::Ready {
            self.readiness = readiness(state.scene(), self.room.as_deref());
        }
        let new = Shown { text: rows(&buffer).join("\n"), readiness: self.readiness };
        Ok(self.screen.send_if_modified(|shown| {
            let changed = *shown != new;
            *shown = new;
            changed
        }))
    }

    fn size(&self) -> Size {
        SIZE
    }
}
