//! The client without its terminal: the real connection and the real loop on a thread of their own, a display that is
//! looked at, and keys that are pressed by the test.

use std::thread::JoinHandle;
use std::time::Duration;

use jiff::tz::TimeZone;
use minchat_tui::app::{ConnectionState, Event, Options, Size, State};
use minchat_tui::config::Theme;
use minchat_tui::domain::AccountId;
use minchat_tui::input::{Code, Key, Keymap};
use minchat_tui::net::{Connection, Target, feed};
use minchat_tui::protocol::Protocol;
use minchat_tui::protocol::minchat::MinChat;
use minchat_tui::runtime::{Clock, EventLoop, Input, SystemClock};
use tokio::sync::{mpsc, watch};

use test_support::recorder::Recorder;

/// Long enough for a debug build on a machine under load.
pub(crate) const SOON: Duration = Duration::from_secs(30);

/// What is left of the client when it has ended.
pub(crate) struct Left {
    /// What the messages of the open room say, in order; deleted ones say nothing.
    pub(crate) texts: Vec<String>,
    /// When they were sent.
    pub(crate) times: Vec<i64>,
    pub(crate) link: ConnectionState,
}

pub(crate) struct Client {
    inputs: mpsc::Sender<Input>,
    screen: watch::Receiver<String>,
    thread: JoinHandle<Left>,
}

impl Client {
    /// Alice, as the program would start her.
    pub(crate) fn start(url: &str, key: &str) -> Self {
        Self::with_queue(url, key, 16_384)
    }

    /// Alice, with room for so many events that wait.
    pub(crate) fn with_queue(url: &str, key: &str, events: usize) -> Self {
        Self::speaking(Box::new(MinChat::new(key)), url, "alice", events)
    }

    /// Alice, by the name that `username` is, on any service.
    pub(crate) fn speaking(protocol: Box<dyn Protocol>, url: &str, username: &str, events: usize) -> Self {
        Self::hastened(protocol, url, username, events, 1)
    }

    /// The same, so many times as impatient with the network.
    pub(crate) fn hastened(protocol: Box<dyn Protocol>, url: &str, username: &str, events: usize, times: u32) -> Self {
        let (display, audience) = Recorder::new();
        let (inputs, keys) = mpsc::channel(64);
        let (url, username) = (url.to_owned(), username.to_owned());
        let thread = std::thread::spawn(move || {
            let options = Options {
                profile: "test".into(),
                user: username.clone(),
                room: None,
                url: url.clone(),
                keymap: Keymap::default(),
                theme: Theme::default(),
                ascii: false,
                zone: TimeZone::UTC,
                call_command: Vec::new(),
                open_command: Vec::new(),
                seed: 1,
            };
            let state = State::new(options, Size { width: 100, height: 30 }, SystemClock.now());
            let target = Target { url, username, name: "Alice Archer".into(), ca_file: None, seed: 1 };
            let (sender, receiver) = feed(AccountId(0), events);
            let connection = Connection::hastened(target, protocol, sender, times).unwrap();
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            let run = EventLoop::new(state, display, connection, SystemClock).run(keys, receiver);
            let (state, _, connection, _) = runtime.block_on(run).unwrap();
            connection.close();
            let room = state.open_room();
            let messages = room.into_iter().flat_map(|room| room.timeline.iter());
            let messages = messages.map(|(_, message)| (message.text.to_string(), message.sent_at.0));
            let (texts, times) = messages.unzip();
            Left { texts, times, link: state.account.connection }
        });
        Self { inputs, screen: audience.latest(), thread }
    }

    /// The last frame.
    pub(crate) fn screen(&self) -> String {
        self.screen.borrow().clone()
    }

    /// Waits for a frame that is as it should be.
    pub(crate) async fn wait(&mut self, what: &str, holds: impl Fn(&str) -> bool) {
        let came = {
            let frame = tokio::time::timeout(SOON, self.screen.wait_for(|screen| holds(screen))).await;
            frame.is_ok_and(|frame| frame.is_ok())
        };
        assert!(came, "{what} did not come; the screen was:\n{}", self.screen());
    }

    /// Waits until `text` stands on the screen.
    pub(crate) async fn shows(&mut self, text: &str) {
        self.wait(&format!("`{text}`"), |screen| screen.contains(text)).await;
    }

    /// Waits until `text` stands nowhere on the screen.
    pub(crate) async fn lacks(&mut self, text: &str) {
        self.wait(&format!("the end of `{text}`"), |screen| !screen.contains(text)).await;
    }

    /// Waits until one row holds all of `parts`.
    pub(crate) async fn shows_row(&mut self, parts: &[&str]) {
        let in_row = |row: &str| parts.iter().all(|part| row.contains(part));
        self.wait(&format!("a row with {parts:?}"), |screen| screen.lines().any(in_row)).await;
    }

    /// Waits until the row of the title, without the list, ends like this.
    pub(crate) async fn shows_beside_title(&mut self, words: &str) {
        let holds = |screen: &str| screen.lines().next().is_some_and(|row| row.contains(words));
        self.wait(&format!("`{words}` beside the title"), holds).await;
    }

    /// Presses keys, written as in the config: `ctrl+k enter`.
    pub(crate) async fn keys(&self, keys: &str) {
        for key in keys.split(' ') {
            self.inputs.send(Input::Event(Event::Key(key.parse().unwrap()))).await.unwrap();
        }
    }

    /// Types text.
    pub(crate) async fn types(&self, text: &str) {
        for c in text.chars() {
            self.inputs.send(Input::Event(Event::Key(Key::plain(Code::Char(c))))).await.unwrap();
        }
    }

    /// Types a line and presses Enter.
    pub(crate) async fn enters(&self, text: &str) {
        self.types(text).await;
        self.keys("enter").await;
    }

    /// Waits until the server knows that we listen to the open room, in which `other` listens too. Nothing on the
    /// screen says so; but what one types is told after it, on the same socket.
    pub(crate) async fn is_heard_by(&self, other: &mut test_support::wire::Wire) {
        self.types("x").await;
        other.wait("typing.start");
        self.keys("backspace").await;
        other.wait("typing.stop");
    }

    /// Quits, and tells what was left.
    pub(crate) async fn end(self) -> Left {
        // It may have ended by itself.
        let _ = self.inputs.send(Input::End).await;
        self.left().await
    }

    /// Waits for an end that comes by itself.
    pub(crate) async fn left(self) -> Left {
        let thread = self.thread;
        tokio::task::spawn_blocking(move || thread.join().unwrap()).await.unwrap()
    }
}
