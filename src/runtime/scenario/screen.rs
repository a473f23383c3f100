//! The screen of a person: the chat itself, without a terminal, on a connection of its own.

use std::io;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use tokio::runtime::Builder;
use tokio::sync::{mpsc, watch};

use crate::app::{Size, State};
use crate::config::Settings;
use crate::domain::AccountId;
use crate::dump::rows;
use crate::runtime::account::{connect, opened_profile};
use crate::runtime::client::options;
use crate::runtime::clock::{Clock, SystemClock};
use crate::runtime::connections::Connections;
use crate::runtime::event_loop::{Display, EventLoop, Input, Server};
use crate::runtime::feeds::Feeds;
use crate::view::paint;

/// Size of the screen.
const SIZE: Size = Size { width: 100, height: 30 };

/// A running chat whose screen can be read. It ends when this is dropped.
pub(super) struct ScreenReader {
    _inputs: mpsc::Sender<Input>,
    screen: watch::Receiver<String>,
}

impl ScreenReader {
    /// Starts a chat on a thread of its own.
    pub(super) fn start(settings: Settings) -> io::Result<Self> {
        let (inputs, received) = mpsc::channel(1);
        let (sender, screen) = watch::channel(String::new());
        std::thread::Builder::new().name("screen".to_owned()).spawn(move || {
            if let Err(error) = run(&settings, TextDisplay { screen: sender }, received) {
                tracing::warn!(%error, "the screen of a person has ended");
            }
        })?;
        Ok(Self { _inputs: inputs, screen })
    }

    /// Waits until a row of the screen contains a text.
    pub(super) async fn wait_for(&mut self, text: &str) -> anyhow::Result<()> {
        let shown = self.screen.wait_for(|screen| screen.lines().any(|row| row.contains(text))).await;
        shown.map(|_| ()).map_err(|_| anyhow::anyhow!("The chat of this person has ended."))
    }

    /// Returns the screen, one line per row.
    pub(super) fn text(&self) -> String {
        self.screen.borrow().clone()
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

/// A display that keeps the text of the last frame.
struct TextDisplay {
    screen: watch::Sender<String>,
}

impl Display for TextDisplay {
    fn draw(&mut self, state: &State) -> io::Result<bool> {
        let area = Rect::new(0, 0, SIZE.width, SIZE.height);
        let mut buffer = Buffer::empty(area);
        paint(state, area, &mut buffer);
        let text = rows(&buffer).join("\n");
        Ok(self.screen.send_if_modified(|shown| {
            let changed = *shown != text;
            *shown = text;
            changed
        }))
    }

    fn size(&self) -> Size {
        SIZE
    }
}
