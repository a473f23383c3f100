//! [`Client`]: the client without its terminal. The real connection and event loop run on a thread of their own; the
//! test presses keys and looks at the frames.

use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use minchat_tui::app::{ConnectionState, Event, Options, Profile, Size, State};
use minchat_tui::domain::AccountId;
use minchat_tui::input::{Code, Key};
use minchat_tui::net::{Connection, Target, feed};
use minchat_tui::protocol::Protocol;
use minchat_tui::protocol::minchat::MinChat;
use minchat_tui::runtime::{Clock, Connections, EventLoop, Feeds, Input, Parts, Server, SystemClock};
use minchat_tui::wire::Ring;
use tokio::sync::{mpsc, watch};

use test_support::recorder::Recorder;

/// Timeout of every wait, long enough for a debug build on a busy machine, and for a call to time out after 30 s and be
/// repeated.
pub(crate) const SOON: Duration = Duration::from_secs(75);

/// Longest wait for anything, even while the screen changes.
const MAX_WAIT: Duration = Duration::from_secs(240);

/// Final state of a client that has ended.
pub(crate) struct Outcome {
    /// Texts of the messages in the open room, in order. Deleted messages have an empty text.
    pub(crate) texts: Vec<String>,
    /// Send times of these messages, in milliseconds since the epoch.
    pub(crate) times: Vec<i64>,
    pub(crate) connection: ConnectionState,
}

/// A profile of a client that has several.
pub(crate) struct TestProfile {
    pub(crate) name: &'static str,
    pub(crate) protocol: Box<dyn Protocol>,
    pub(crate) url: String,
    pub(crate) user: &'static str,
}

/// The parts of the loop: as in the program, without files.
fn parts(state: &State, wire: Arc<Ring>) -> Parts {
    let mut parts = Parts::unconnected(state);
    parts.wire = Some(wire);
    parts.secret_variables = vec!["MINCHAT_API_KEY".to_owned()];
    parts
}

/// A running client, signed in as Alice.
pub(crate) struct Client {
    inputs: mpsc::Sender<Input>,
    screen: watch::Receiver<String>,
    thread: JoinHandle<Outcome>,
    /// What went over the wire.
    pub(crate) ring: Arc<Ring>,
}

impl Client {
    /// Starts a client on MinChat, as the program would.
    pub(crate) fn start(url: &str, key: &str) -> Self {
        Self::start_with_capacity(url, key, 16_384)
    }

    /// Starts a client on MinChat whose feed holds this many events.
    pub(crate) fn start_with_capacity(url: &str, key: &str, events: usize) -> Self {
        Self::start_on(Box::new(MinChat::new(key)), url, "alice", events)
    }

    /// Starts a client on any service, where Alice is called `username`.
    pub(crate) fn start_on(protocol: Box<dyn Protocol>, url: &str, username: &str, events: usize) -> Self {
        Self::start_accelerated(protocol, url, username, events, 1)
    }

    /// Starts a client whose network timeouts are divided by `factor`.
    pub(crate) fn start_accelerated(
        protocol: Box<dyn Protocol>,
        url: &str,
        username: &str,
        events: usize,
        factor: u32,
    ) -> Self {
        let (display, frames) = Recorder::new();
        let (inputs, keys) = mpsc::channel(64);
        let (url, username) = (url.to_owned(), username.to_owned());
        let ring = Arc::<Ring>::default();
        let wire = Arc::clone(&ring);
        let thread = std::thread::spawn(move || {
            let profile =
                Profile { name: "test".into(), user: username.clone(), url: url.clone(), ..Profile::default() };
            let state = State::new(Options::default(), profile, Size { width: 100, height: 30 }, SystemClock.now(), 1);
            let target = Target { url, username, name: Some("Alice Archer".into()), ca_file: None, seed: 1 };
            let (sender, receiver) = feed(AccountId(0), events);
            let sender = sender.recording_into(Arc::clone(&wire));
            let connection = Connection::accelerated(target, protocol, sender, factor).unwrap();
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            let parts = parts(&state, wire);
            let run = EventLoop::new(state, display, connection, SystemClock, parts).run(keys, receiver);
            let (state, _, connection, _) = runtime.block_on(run).unwrap();
            connection.close();
            let room = state.scene().open_room();
            let messages = room.into_iter().flat_map(|room| room.timeline.iter());
            let messages = messages.map(|(_, message)| (message.text.to_string(), message.sent_at.0));
            let (texts, times) = messages.unzip();
            Outcome { texts, times, connection: state.account().connection.clone() }
        });
        Self { inputs, screen: frames.subscribe(), thread, ring }
    }

    /// Starts a client with several profiles in one window. The first one is shown.
    pub(crate) fn start_profiles(profiles: Vec<TestProfile>) -> Self {
        Self::start_several(profiles, false)
    }

    /// Starts a client that shows several people side by side. The first one has the keys.
    pub(crate) fn start_side_by_side(people: Vec<TestProfile>) -> Self {
        Self::start_several(people, true)
    }

    fn start_several(profiles: Vec<TestProfile>, side_by_side: bool) -> Self {
        let (display, frames) = Recorder::new();
        let (inputs, keys) = mpsc::channel(64);
        let ring = Arc::<Ring>::default();
        let wire = Arc::clone(&ring);
        let thread = std::thread::spawn(move || {
            let of = |test: &TestProfile| Profile {
                name: test.name.into(),
                user: test.user.into(),
                url: test.url.clone(),
                ..Profile::default()
            };
            let size = Size { width: 110, height: 30 };
            let mut state = State::new(Options::default(), of(&profiles[0]), size, SystemClock.now(), 1);
            state.accounts.side_by_side = side_by_side;
            for profile in &profiles[1..] {
                state.open_account(of(profile));
            }
            let (mut connections, mut feeds) = (Connections::default(), Feeds::default());
            for (account, TestProfile { protocol, url, user, .. }) in state.accounts.ids().into_iter().zip(profiles) {
                let name = (!side_by_side).then(|| "Alice Archer".into());
                let target = Target { url, username: user.into(), name, ca_file: None, seed: account.0.into() };
                let (sender, receiver) = feed(account, 16_384);
                let sender = sender.recording_into(Arc::clone(&wire));
                connections.add(account, Connection::open(target, protocol, sender).unwrap());
                feeds.add(receiver);
            }
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            let parts = parts(&state, wire);
            let run = EventLoop::new(state, display, connections, SystemClock, parts).run(keys, feeds);
            let (state, _, connections, _) = runtime.block_on(run).unwrap();
            connections.close();
            Outcome { texts: Vec::new(), times: Vec::new(), connection: state.account().connection.clone() }
        });
        Self { inputs, screen: frames.subscribe(), thread, ring }
    }

    /// Text of the last frame.
    pub(crate) fn screen(&self) -> String {
        self.screen.borrow().clone()
    }

    /// Answers the open question with yes, as soon as it accepts that.
    pub(crate) async fn confirms(&mut self) {
        self.shows("y yes").await;
        self.keys("y").await;
    }

    /// Waits for a frame for which `holds` is true. Fails if the screen stays as it is for [`SOON`]: as long as it
    /// changes, a machine under load is only slow.
    pub(crate) async fn wait(&mut self, what: &str, holds: impl Fn(&str) -> bool) {
        let deadline = tokio::time::Instant::now() + MAX_WAIT;
        while !holds(&self.screen.borrow_and_update()) {
            let until = deadline.min(tokio::time::Instant::now() + SOON);
            let changed = tokio::time::timeout_at(until, self.screen.changed()).await;
            let is_alive = changed.is_ok_and(|changed| changed.is_ok());
            assert!(is_alive, "timed out waiting for {what}; the screen was:\n{}", self.screen());
        }
    }

    /// Waits until the screen contains `text`.
    pub(crate) async fn shows(&mut self, text: &str) {
        self.wait(&format!("`{text}`"), |screen| screen.contains(text)).await;
    }

    /// Waits until the screen does not contain `text`.
    pub(crate) async fn lacks(&mut self, text: &str) {
        self.wait(&format!("the absence of `{text}`"), |screen| !screen.contains(text)).await;
    }

    /// Waits until no own message that the screen shows may still be accepted, and so push others out of view.
    pub(crate) async fn has_sent_all(&mut self) {
        let waits = |row: &str| row.contains("│   ") && (row.ends_with('…') || row.ends_with('?'));
        self.wait("a response to each send", |screen| !screen.lines().any(waits)).await;
    }

    /// Presses the key for missing messages until none are missing. Gaps are in memory, and filled only on demand.
    pub(crate) async fn fills_gaps(&mut self) {
        while !self.screen().contains("No messages are missing here.") {
            self.keys("alt+g").await;
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Waits until one row contains all of `parts`.
    pub(crate) async fn shows_row(&mut self, parts: &[&str]) {
        let in_row = |row: &str| parts.iter().all(|part| row.contains(part));
        self.wait(&format!("a row with {parts:?}"), |screen| screen.lines().any(in_row)).await;
    }

    /// Waits until the row of the title contains `words`.
    pub(crate) async fn shows_beside_title(&mut self, words: &str) {
        let holds = |screen: &str| screen.lines().next().is_some_and(|row| row.contains(words));
        self.wait(&format!("`{words}` beside the title"), holds).await;
    }

    /// Presses keys, written as in the configuration: `ctrl+k enter`.
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

    /// Types text and presses Enter.
    pub(crate) async fn enters(&self, text: &str) {
        self.types(text).await;
        self.keys("enter").await;
    }

    /// Waits until the server has handled the client's join of the open room, which `other` has joined too. The screen
    /// does not show a join, but typing events are sent on the same socket after it.
    pub(crate) async fn wait_joined(&self, other: &mut test_support::wire::Wire) {
        self.types("x").await;
        other.wait("typing.start");
        self.keys("backspace").await;
        other.wait("typing.stop");
    }

    /// Quits and returns the final state.
    pub(crate) async fn quit(self) -> Outcome {
        // The client may have ended by itself.
        let _ = self.inputs.send(Input::End).await;
        self.outcome().await
    }

    /// Waits until the client ends by itself.
    pub(crate) async fn outcome(self) -> Outcome {
        let thread = self.thread;
        tokio::task::spawn_blocking(move || thread.join().unwrap()).await.unwrap()
    }
}
