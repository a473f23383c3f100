//! The loop as it runs in the program, with all its ends in the test's hands.

use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use minchat_tui::app::{Event, State};
use minchat_tui::domain::{AccountId, Request, ServerEvent, Timestamp};
use minchat_tui::input::{Code, Key};
use minchat_tui::net::{FeedReceiver, FeedSender, feed};
use minchat_tui::runtime::{Clock, EventLoop, Input, Server, Stores};
use minchat_tui::store::StoreLocation;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::Instant;

use test_support::recorder::{Frame, Frames, Recorder};
use test_support::story::{BEGIN, Story};

/// More events than the tests push, unless they say otherwise.
pub(crate) const PLENTY: usize = 200_000;

/// Counts from the loop's beginning; it can be set back by so many milliseconds.
#[derive(Clone)]
pub(crate) struct TestClock(Instant, Arc<AtomicI64>);

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        BEGIN + i64::try_from(self.0.elapsed().as_millis()).unwrap() + -self.1.load(Ordering::SeqCst)
    }
}

#[derive(Clone, Default)]
pub(crate) struct TestServer {
    pub(crate) asked: Arc<Mutex<Vec<(Instant, Request)>>>,
    pub(crate) full: Arc<AtomicBool>,
}

impl Server for TestServer {
    fn send(&self, _: AccountId, request: Request) -> Result<(), Request> {
        if self.full.load(Ordering::SeqCst) {
            return Err(request);
        }
        self.asked.lock().unwrap().push((Instant::now(), request));
        Ok(())
    }

    fn retry_now(&self, _: AccountId) {}
}

/// Counts how often a task is woken.
pub(crate) struct Counted<F>(Pin<Box<F>>, Arc<AtomicUsize>);

impl<F: Future> Future for Counted<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        self.1.fetch_add(1, Ordering::SeqCst);
        self.0.as_mut().poll(cx)
    }
}

/// A loop that runs, and all its ends.
pub(crate) struct Run {
    pub(crate) begin: Instant,
    pub(crate) inputs: mpsc::Sender<Input>,
    pub(crate) feed: FeedSender,
    pub(crate) recorded: Frames,
    pub(crate) server: TestServer,
    pub(crate) wakes: Arc<AtomicUsize>,
    /// How far the clock was set back.
    pub(crate) back: Arc<AtomicI64>,
    pub(crate) task: JoinHandle<std::io::Result<State>>,
}

impl Run {
    /// The loop in a chat with Alice, online, after its first frame.
    pub(crate) async fn chat() -> Self {
        let mut run = Self::of(Story::chat(100, 24).state);
        run.settle().await;
        run
    }

    pub(crate) fn of(state: State) -> Self {
        let (display, recorded) = Recorder::new();
        let (inputs, keys) = mpsc::channel(64);
        let (sender, receiver) = feed(AccountId(0), PLENTY);
        Self::with(state, display, recorded, (inputs, keys), (sender, receiver))
    }

    pub(crate) fn with(
        state: State,
        display: Recorder,
        recorded: Frames,
        (inputs, keys): (mpsc::Sender<Input>, mpsc::Receiver<Input>),
        (feed, events): (FeedSender, FeedReceiver),
    ) -> Self {
        Self::keeping(state, display, recorded, (inputs, keys), (feed, events), None)
    }

    /// The same, with a store.
    pub(crate) fn keeping(
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
        let run = EventLoop::new(state, display, server.clone(), TestClock(begin, Arc::clone(&back)));
        let mut stores = Stores::default();
        stores.open(AccountId(0), location);
        let run = run.with_stores(stores);
        let run = run.run(keys, events);
        let run = Box::pin(async move { run.await.map(|(state, ..)| state) });
        let task = tokio::task::spawn_local(Counted(run, Arc::clone(&wakes)));
        Self { begin, inputs, feed, recorded, server, wakes, back, task }
    }

    /// Lets everything happen that happens now.
    pub(crate) async fn settle(&mut self) {
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

    /// Time passes, and what it brings about happens.
    pub(crate) async fn pass(&mut self, millis: u64) {
        tokio::time::sleep(Duration::from_millis(millis)).await;
        self.settle().await;
    }

    pub(crate) async fn key(&mut self, code: Code) {
        self.inputs.send(Input::Event(Event::Key(Key::plain(code)))).await.unwrap();
        self.settle().await;
    }

    pub(crate) async fn says(&mut self, event: ServerEvent) {
        self.feed.push(event);
        self.settle().await;
    }

    pub(crate) fn frames(&self) -> Vec<Frame> {
        self.recorded.all()
    }

    pub(crate) fn screen(&self) -> String {
        self.recorded.latest()
    }

    /// Milliseconds since the loop began at which something was first on screen; then from which it was not any more.
    pub(crate) fn stood(&self, text: &str) -> (Option<u128>, Option<u128>) {
        let frames = self.frames();
        let since = |frame: &Frame| (frame.at - self.begin).as_millis();
        let first = frames.iter().position(|frame| frame.screen.contains(text));
        let gone = first.and_then(|first| frames[first..].iter().find(|frame| !frame.screen.contains(text)));
        (first.map(|first| since(&frames[first])), gone.map(since))
    }

    /// What was asked since this was last asked, with the milliseconds since the loop began.
    pub(crate) fn asked(&self) -> Vec<(u128, Request)> {
        let asked = std::mem::take(&mut *self.server.asked.lock().unwrap());
        asked.into_iter().map(|(at, request)| ((at - self.begin).as_millis(), request)).collect()
    }

    pub(crate) fn requests(&self) -> Vec<Request> {
        self.asked().into_iter().map(|(_, request)| request).collect()
    }

    #[track_caller]
    pub(crate) fn shows(&self, text: &str) {
        let screen = self.screen();
        assert!(screen.contains(text), "no `{text}` on\n{screen}");
    }

    #[track_caller]
    pub(crate) fn lacks(&self, text: &str) {
        let screen = self.screen();
        assert!(!screen.contains(text), "`{text}` on\n{screen}");
    }
}
