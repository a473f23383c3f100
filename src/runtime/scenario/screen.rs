//! The screen of a person and its keys: the chat itself, without a terminal, on a connection of its own.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

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
use crate::runtime::event_loop::{Display, EventLoop, Input, Inputs, Parts, Server};
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
    /// Number of keys that were pressed.
    pressed: usize,
    taken: Taken,
}

/// Number of keys that the chat has taken.
type Taken = Arc<AtomicUsize>;

/// The keys that wait for the chat, which counts those that it takes.
struct Keys {
    inputs: mpsc::Receiver<Input>,
    taken: Taken,
}

impl Inputs for Keys {
    fn try_next(&mut self) -> Option<Input> {
        let input = self.inputs.try_next()?;
        self.taken.fetch_add(1, Ordering::Release);
        Some(input)
    }

    async fn next(&mut self) -> Input {
        let input = self.inputs.next().await;
        self.taken.fetch_add(1, Ordering::Release);
        input
    }

    fn pause(&mut self, _is_paused: bool) {}

    fn set_escape_time(&mut self, _escape_time: Duration) {}

    fn report_bytes(&mut self, _on: bool) {}
}

/// A frame.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Shown {
    text: String,
    readiness: Readiness,
    /// Number of keys whose effect it shows.
    taken: usize,
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
        let taken = Taken::default();
        let (room, readiness) = (settings.room.clone(), Readiness::default());
        let display = TextDisplay { room, readiness, screen: sender, taken: Arc::clone(&taken) };
        let keys = Keys { inputs: received, taken: Arc::clone(&taken) };
        std::thread::Builder::new().name("screen".to_owned()).spawn(move || {
            if let Err(error) = run(&settings, display, keys) {
                tracing::warn!(%error, "the screen of a person has ended");
            }
        })?;
        Ok(Self { inputs, screen, pressed: 0, taken })
    }

    /// Presses keys once the chat is ready for them, and waits until the screen shows their effect on the chat, unless
    /// they end it.
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
        self.pressed += keys.len();
        let pressed = self.pressed;
        let is_shown = self.screen.wait_for(|shown| shown.taken >= pressed).await.is_ok();
        if is_shown || self.taken.load(Ordering::Acquire) >= pressed { Ok(()) } else { Err(ended()) }
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

fn run(settings: &Settings, display: TextDisplay, inputs: Keys) -> anyhow::Result<()> {
    let seed = fastrand::u64(..);
    let state = State::new(options(settings), opened_profile(settings), SIZE, SystemClock.now(), seed);
    let (mut connections, mut feeds) = (Connections::default(), Feeds::default());
    let (connection, events) = connect(settings, AccountId(0), None, seed, None)?;
    connections.add(AccountId(0), connection);
    feeds.add(events);
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let parts = Parts::unconnected(&state);
    let event_loop = EventLoop::new(state, display, connections, SystemClock, parts);
    let ended = runtime.block_on(Box::pin(event_loop.run(inputs, feeds)));
    runtime.shutdown_background();
    let (_, _, connections, _) = ended?;
    connections.close();
    Ok(())
}

fn readiness(scene: Scene<'_>, room: Option<&str>) -> Readiness {
    let Scene { account, .. } = scene;
    if account.connection != ConnectionState::Online || !account.room_sync.is_listed() || account.profile.room.is_some()
    {
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
    taken: Taken,
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
        // The loop has handled every key that it has taken before it draws.
        let taken = self.taken.load(Ordering::Acquire);
        let new = Shown { text: rows(&buffer).join("\n"), readiness: self.readiness, taken };
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server;

    /// Regression test: `screen` right after `keys` saw the frame before the keys, in which the text may have been, too.
    #[test]
    fn screen_after_keys_shows_their_effect() {
        let servers = Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
        let options = server::Options { guest: "alice".to_owned(), ..server::Options::default() };
        let server = servers.block_on(server::start(options)).expect("a server");
        let settings = Settings::new(&server.url(), server.api_key(), "alice");
        let mut screen = ScreenReader::start(settings).expect("a chat");
        let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            screen.press(&typed("/")).await.expect("a chat");
            for number in 0..50 {
                let text = format!("x{number}y");
                screen.press(&typed(&text)).await.expect("a chat");
                assert!(screen.text().contains(&text), "{text}:\n{}", screen.text());
                screen.press(&vec![Key::plain(Code::Backspace); text.len()]).await.expect("a chat");
                assert!(!screen.text().contains(&text), "{text}:\n{}", screen.text());
            }
            // Keys that end the chat are taken, too; later ones are not.
            screen.press(&Key::parse_all("Ctrl+U Ctrl+Q").expect("keys")).await.expect("the keys are taken");
            assert!(screen.press(&typed("x")).await.is_err());
        });
    }
}
