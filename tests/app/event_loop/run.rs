//! [`Run`]: the event loop as in the program, with clock, terminal, server and feed in the hands of the test.

use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use minchat_tui::app::{Event, State};
use minchat_tui::domain::{AccountId, PageSerial, Request, RoomId, ServerEvent, Timestamp};
use minchat_tui::input::{Code, Key};
use minchat_tui::net::{Connection, FeedReceiver, FeedSender, feed};
use minchat_tui::runtime::{AccountFiles, Clock, EventLoop, Input, Parts, Server, Stores};
use minchat_tui::store::StoreLocation;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::Instant;

use test_support::recorder::{Frame, Frames, Recorder};
use test_support::story::{BEGIN, Story, with_serial, without_serial};

/// Capacity of the event feed, larger than what most tests send.
pub(crate) const CAPACITY: usize = 200_000;

/// A clock that counts from the start of the loop and can be set back.
#[derive(Clone)]
pub(crate) struct TestClock(Instant, Arc<AtomicI64>);

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        BEGIN + i64::try_from(self.0.elapsed().as_millis()).unwrap() + -self.1.load(Ordering::SeqCst)
    }
}

/// A server that only records the requests.
#[derive(Clone, Default)]
pub(crate) struct TestServer {
    pub(crate) received: Arc<Mutex<Vec<(Instant, Request)>>>,
    pub(crate) full: Arc<AtomicBool>,
    /// Requests for pages that no event of the test has answered yet.
    pages: Arc<Mutex<Vec<(RoomId, u32, PageSerial)>>>,
}

impl Server for TestServer {
    fn send(&self, _: AccountId, request: Request) -> Result<(), Request> {
        if self.full.load(Ordering::SeqCst) {
            return Err(request);
        }
        if let Request::History { room, serial, page, .. } = &request {
            self.pages.lock().unwrap().push((room.clone(), *page, *serial));
        }
        self.received.lock().unwrap().push((Instant::now(), request));
        Ok(())
    }

    fn retry_now(&self, _: AccountId) {}

    fn add(&mut self, _: AccountId, _: Connection) {}

    fn remove(&mut self, _: AccountId) {}
}

/// A future that counts how often it is polled.
pub(crate) struct Counted<F>(Pin<Box<F>>, Arc<AtomicUsize>);

impl<F: Future> Future for Counted<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        self.1.fetch_add(1, Ordering::SeqCst);
        self.0.as_mut().poll(cx)
    }
}

/// A running loop, with everything it is connected to.
pub(crate) struct Run {
    pub(crate) begin: Instant,
    pub(crate) inputs: mpsc::Sender<Input>,
    pub(crate) feed: FeedSender,
    pub(crate) recorded: Frames,
    pub(crate) server: TestServer,
    pub(crate) wakes: Arc<AtomicUsize>,
    /// Milliseconds by which the clock was set back.
    pub(crate) back: Arc<AtomicI64>,
    pub(crate) task: JoinHandle<std::io::Result<State>>,
}

impl Run {
    /// Starts the loop in a chat with Alice, online, after its first frame.
    pub(crate) async fn chat() -> Self {
        let mut run = Self::of(Story::chat(100, 24).state);
        run.run_ready().await;
        run
    }

    /// Starts the loop with this state.
    pub(crate) fn of(state: State) -> Self {
        let (display, recorded) = Recorder::new();
        let (inputs, keys) = mpsc::channel(64);
        let (sender, receiver) = feed(AccountId(0), CAPACITY);
        Self::with(state, display, recorded, (inputs, keys), (sender, receiver))
    }

    /// Starts the loop with this state and these channels.
    pub(crate) fn with(
        state: State,
        display: Recorder,
        recorded: Frames,
        (inputs, keys): (mpsc::Sender<Input>, mpsc::Receiver<Input>),
        (feed, events): (FeedSender, FeedReceiver),
    ) -> Self {
        Self::with_store(state, display, recorded, (inputs, keys), (feed, events), None)
    }

    /// Starts the loop with a store too.
    pub(crate) fn with_store(
        state: State,
        display: Recorder,
        recorded: Frames,
        (inputs, keys): (mpsc::Sender<Input>, mpsc::Receiver<Input>),
        (feed, events): (FeedSender, FeedReceiver),
        location: Option<StoreLocation>,
    ) -> Self {
        let begin = Instant::now();
        let (server, wakes) = (TestServer::default(), Arc::new(AtomicUsize::new(0)));
        let back = Arc::<AtomicI64>::default();
        let mut stores = Stores::default();
        let pictures = AccountFiles::beside(location.as_ref(), None).pictures;
        stores.open(AccountId(0), location, pictures);
        let mut parts = Parts::unconnected(&state);
        parts.stores = stores;
        let clock = TestClock(begin, Arc::clone(&back));
        let run = EventLoop::new(state, display, server.clone(), clock, parts).run(keys, events);
        let run = Box::pin(async move { run.await.map(|(state, ..)| state) });
        let task = tokio::task::spawn_local(Counted(run, Arc::clone(&wakes)));
        Self { begin, inputs, feed, recorded, server, wakes, back, task }
    }

    /// Runs the loop until it waits for something.
    pub(crate) async fn run_ready(&mut self) {
        loop {
            let before = self.wakes.load(Ordering::SeqCst);
            for _ in 0..8 {
                tokio::task::yield_now().await;
            }
            if self.wakes.load(Ordering::SeqCst) == before {
                return;
            }
        }
    }

    /// Advances the time and runs everything that becomes due.
    pub(crate) async fn advance(&mut self, millis: u64) {
        tokio::time::sleep(Duration::from_millis(millis)).await;
        self.run_ready().await;
    }

    /// Presses a key.
    pub(crate) async fn key(&mut self, code: Code) {
        self.inputs.send(Input::Event(Event::Key(Key::plain(code)))).await.unwrap();
        self.run_ready().await;
    }

    /// Sends an event of the server.
    pub(crate) async fn server(&mut self, event: ServerEvent) {
        let find = |room: &RoomId, page| {
            let mut pages = self.server.pages.lock().unwrap();
            let index = pages.iter().position(|request| (&request.0, request.1) == (room, page))?;
            Some(pages.remove(index).2)
        };
        let event = with_serial(event, find);
        self.feed.push(event);
        self.run_ready().await;
    }

    /// All frames so far.
    pub(crate) fn frames(&self) -> Vec<Frame> {
        self.recorded.all()
    }

    /// Text of the last frame.
    pub(crate) fn screen(&self) -> String {
        self.recorded.latest()
    }

    /// Milliseconds since the start at which `text` appeared on the screen, and at which it disappeared.
    pub(crate) fn shown_between(&self, text: &str) -> (Option<u128>, Option<u128>) {
        let frames = self.frames();
        let since = |frame: &Frame| (frame.at - self.begin).as_millis();
        let first = frames.iter().position(|frame| frame.screen.contains(text));
        let disappeared = first.and_then(|first| frames[first..].iter().find(|frame| !frame.screen.contains(text)));
        (first.map(|first| since(&frames[first])), disappeared.map(since))
    }

    /// Takes the requests since the last call, each with the milliseconds since the start.
    pub(crate) fn timed_requests(&self) -> Vec<(u128, Request)> {
        let received = std::mem::take(&mut *self.server.received.lock().unwrap());
        let since = |at: Instant| (at - self.begin).as_millis();
        received.into_iter().map(|(at, request)| (since(at), without_serial(request))).collect()
    }

    /// Takes the requests since the last call.
    pub(crate) fn requests(&self) -> Vec<Request> {
        self.timed_requests().into_iter().map(|(_, request)| request).collect()
    }

    /// Fails, showing the screen, unless it contains `text`.
    #[track_caller]
    pub(crate) fn shows(&self, text: &str) {
        let screen = self.screen();
        assert!(screen.contains(text), "no `{text}` on\n{screen}");
    }

    /// Fails, showing the screen, if it contains `text`.
    #[track_caller]
    pub(crate) fn lacks(&self, text: &str) {
        let screen = self.screen();
        assert!(!screen.contains(text), "`{text}` on\n{screen}");
    }
}
