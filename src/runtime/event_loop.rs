//! The one loop: events in, effects out, a frame when the pacer says so.
//!
//! Keys are read before anything a server says, so that no burst stands between a key and its glyph. What others are to
//! do about a key (the network, the store) is handed to them after its frame: waking a thread before would cost the
//! glyph a third of its time. The loop sleeps until something comes or the state's own deadline; while nothing happens
//! it does not wake.

use std::collections::VecDeque;
use std::io;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};

use crate::app::{Effect, Event, LogLevel, Size, State, deadline, final_writes, layout, update};
use crate::domain::{AccountId, Request};
use crate::store::Write;
use crate::text::SafeText;

use super::background::Background;
use super::clock::Clock;
use super::feeds::Feeds;
use super::pacer::Pacer;
use super::stores::Stores;

/// How many server events are taken before the keys are looked at again.
const BATCH: usize = 128;

/// What the terminal or the process has to say.
#[derive(Debug, Clone, PartialEq)]
pub enum Input {
    /// A key, a paste, a new size, the focus.
    Event(Event),
    /// The terminal has another size; it knows which.
    Resized,
    /// The process goes on after it was stopped: the terminal is to be set up again.
    Resumed,
    /// The shell wants the terminal.
    Suspend,
    /// The terminal is gone, or the process was told to end.
    End,
}

/// Where inputs come from. A queue of them is one; the terminal is another.
pub trait Inputs {
    /// The next input, if there is one already. Never waits.
    fn try_next(&mut self) -> Option<Input>;

    /// The next input, once there is one. May be dropped while it waits; nothing is lost by that.
    fn next(&mut self) -> impl Future<Output = Input>;
}

impl Inputs for mpsc::Receiver<Input> {
    fn try_next(&mut self) -> Option<Input> {
        self.try_recv().ok()
    }

    async fn next(&mut self) -> Input {
        self.recv().await.unwrap_or(Input::End)
    }
}

/// What is drawn on.
pub trait Display {
    /// Draws the state that has been laid out; says whether that changed anything on the screen.
    ///
    /// # Errors
    /// When the terminal cannot be written.
    fn draw(&mut self, state: &State) -> io::Result<bool>;

    /// Its size.
    fn size(&self) -> Size;

    /// Draws every cell at the next frame.
    fn invalidate(&mut self);

    /// Puts text into the clipboard.
    ///
    /// # Errors
    /// When the terminal cannot be written.
    fn copy(&mut self, text: &str) -> io::Result<()>;

    /// Gives the terminal back to the shell and stops the process until it is told to go on.
    ///
    /// # Errors
    /// When the terminal cannot be set up.
    fn suspend(&mut self) -> io::Result<()>;

    /// Sets the terminal up again, after somebody else stopped the process.
    ///
    /// # Errors
    /// When the terminal cannot be set up.
    fn resume(&mut self) -> io::Result<()>;
}

/// What requests are handed to.
pub trait Server {
    /// Hands a request over, or gives it back. Never waits.
    ///
    /// # Errors
    /// The request, when too many are under way.
    fn send(&self, account: AccountId, request: Request) -> Result<(), Request>;

    /// Tries to connect now.
    fn retry_now(&self, account: AccountId);
}

/// The loop and what it holds.
pub struct EventLoop<D, S, C> {
    /// Everything the program knows.
    pub state: State,
    /// What is drawn on.
    pub display: D,
    /// What requests are handed to.
    pub server: S,
    /// The time.
    pub clock: C,
    pacer: Pacer,
    background: Background,
    stores: Stores,
    /// Writes that go to the stores once the frame is out.
    writes: Vec<(AccountId, Write)>,
    /// What others are to do then.
    deferred: VecDeque<Effect>,
}

/// Whether the loop goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Flow {
    Continue,
    Quit,
}

impl<D: Display, S: Server, C: Clock> EventLoop<D, S, C> {
    /// A loop that has not begun, and keeps nothing.
    pub fn new(state: State, display: D, server: S, clock: C) -> Self {
        let mut stores = Stores::default();
        state.accounts.ids().into_iter().for_each(|account| stores.open(account, None));
        Self {
            state,
            display,
            server,
            clock,
            pacer: Pacer::new(Instant::now()),
            background: Background::default(),
            stores,
            writes: Vec::new(),
            deferred: VecDeque::new(),
        }
    }

    /// The same loop with these stores.
    pub fn with_stores(self, stores: Stores) -> Self {
        Self { stores, ..self }
    }

    /// Runs until the program is to end; returns the last state. Whatever ended it, all that is to be kept has been
    /// handed to the store then; dropping the store waits for it.
    ///
    /// # Errors
    /// When the terminal cannot be written.
    pub async fn run(mut self, inputs: impl Inputs, feeds: impl Into<Feeds>) -> io::Result<(State, D, S, Stores)> {
        let ended = self.run_until_quit(inputs, feeds.into()).await;
        let last = final_writes(&mut self.state, self.clock.now());
        let kept = self.perform_all(last).and_then(|_| self.perform_deferred());
        let ended = ended.and(kept.map(|_| ()));
        ended.map(|()| (self.state, self.display, self.server, self.stores))
    }

    async fn run_until_quit(&mut self, mut inputs: impl Inputs, mut feeds: Feeds) -> io::Result<()> {
        loop {
            let mut flow = self.handle_inputs(&mut inputs)?;
            let took = if flow == Flow::Continue { self.handle_events(&mut feeds)? } else { Flow::Quit };
            flow = if took == Flow::Quit { Flow::Quit } else { self.tick_if_due()? };
            if flow == Flow::Continue {
                flow = self.draw_if_due()?;
            }
            if flow == Flow::Quit || self.perform_deferred()? == Flow::Quit {
                return Ok(());
            }
            if feeds.has_waiting() {
                // In a flood the loop would otherwise never pause, and the tasks that hear signals share its thread.
                tokio::task::yield_now().await;
                continue;
            }
            let wake = self.wake_at();
            tokio::select! {
                biased;
                input = inputs.next() => {
                    if self.on_input(input)? == Flow::Quit {
                        return Ok(());
                    }
                }
                event = feeds.next() => {
                    if self.on_event(event)? == Flow::Quit {
                        return Ok(());
                    }
                }
                event = self.stores.next() => {
                    if self.on_event(event)? == Flow::Quit {
                        return Ok(());
                    }
                }
                event = self.background.next() => {
                    if self.on_event(event)? == Flow::Quit {
                        return Ok(());
                    }
                }
                () = sleep_until(wake.unwrap_or_else(Instant::now)), if wake.is_some() => {}
            }
        }
    }

    fn handle_inputs(&mut self, inputs: &mut impl Inputs) -> io::Result<Flow> {
        while let Some(input) = inputs.try_next() {
            if self.on_input(input)? == Flow::Quit {
                return Ok(Flow::Quit);
            }
        }
        Ok(Flow::Continue)
    }

    fn handle_events(&mut self, feeds: &mut Feeds) -> io::Result<Flow> {
        // What the disk knew comes before what the server says, when both are here.
        while let Some(event) = self.stores.try_next() {
            if self.on_event(event)? == Flow::Quit {
                return Ok(Flow::Quit);
            }
        }
        for _ in 0..BATCH {
            let Some(event) = feeds.try_next() else { break };
            if self.on_event(event)? == Flow::Quit {
                return Ok(Flow::Quit);
            }
        }
        Ok(Flow::Continue)
    }

    fn on_input(&mut self, input: Input) -> io::Result<Flow> {
        self.pacer.hurry();
        if matches!(input, Input::Resized | Input::Event(Event::Resize(_))) {
            // A terminal that has been smaller for a moment has lost cells, even if its size is the old one again.
            self.display.invalidate();
        }
        match input {
            Input::Event(event) => self.on_event(event),
            Input::Resized => self.on_event(Event::Resize(self.display.size())),
            Input::Resumed => {
                self.display.resume()?;
                Ok(Flow::Continue)
            }
            Input::Suspend => self.suspend(),
            Input::End => Ok(Flow::Quit),
        }
    }

    fn on_event(&mut self, event: Event) -> io::Result<Flow> {
        self.pacer.touch();
        let effects = update(&mut self.state, self.clock.now(), event);
        self.perform_all(effects)
    }

    fn tick_if_due(&mut self) -> io::Result<Flow> {
        let now = self.clock.now();
        // When the clock is set back, the state's times are times of a future that it has to be told of.
        if deadline(&self.state).is_some_and(|at| at <= now || now < self.state.now) {
            return self.on_event(Event::Tick);
        }
        Ok(Flow::Continue)
    }

    fn draw_if_due(&mut self) -> io::Result<Flow> {
        let now = Instant::now();
        if self.pacer.due(now).is_none_or(|due| due > now) {
            return Ok(Flow::Continue);
        }
        layout(&mut self.state);
        let changed = self.display.draw(&self.state)?;
        self.pacer.drawn(now, changed);
        let effects = update(&mut self.state, self.clock.now(), Event::FrameDrawn);
        if effects.is_empty() {
            return Ok(Flow::Continue);
        }
        self.pacer.touch();
        self.perform_all(effects)
    }

    /// When to wake although nothing comes: for the next frame, or for the state's deadline.
    fn wake_at(&self) -> Option<Instant> {
        let now = Instant::now();
        let deadline = deadline(&self.state).map(|at| {
            let millis = u64::try_from(at - self.clock.now()).unwrap_or(0);
            now + Duration::from_millis(millis)
        });
        self.pacer.due(now).into_iter().chain(deadline).min()
    }

    /// Does what concerns the terminal, and gathers what is to be kept; the rest waits for the frame as well.
    fn perform_all(&mut self, effects: Vec<Effect>) -> io::Result<Flow> {
        for effect in effects {
            if !matches!(effect, Effect::Persist(..) | Effect::Redraw | Effect::Suspend | Effect::Quit) {
                self.deferred.push_back(effect);
            } else if self.perform(effect)? == Flow::Quit {
                return Ok(Flow::Quit);
            }
        }
        Ok(Flow::Continue)
    }

    /// Hands over what is to be kept, in one piece, and what others are to do.
    fn perform_deferred(&mut self) -> io::Result<Flow> {
        loop {
            self.stores.write(std::mem::take(&mut self.writes));
            let Some(effect) = self.deferred.pop_front() else { return Ok(Flow::Continue) };
            if self.perform(effect)? == Flow::Quit {
                return Ok(Flow::Quit);
            }
        }
    }

    fn suspend(&mut self) -> io::Result<Flow> {
        // What is to be kept or sent does not wait until the process goes on.
        let flow = self.perform_deferred()?;
        self.display.suspend()?;
        self.pacer.hurry();
        Ok(flow)
    }

    /// The only interpreter of effects.
    fn perform(&mut self, effect: Effect) -> io::Result<Flow> {
        match effect {
            Effect::Request(account, request) => {
                if let Err(request) = self.server.send(account, request) {
                    return self.on_event(Event::RequestRejected(account, request));
                }
            }
            Effect::Reconnect(account) => self.server.retry_now(account),
            Effect::Copy(text) => self.display.copy(&text)?,
            Effect::Inspect(account, request) => self.background.inspect(account, request),
            Effect::Spawn(argv) => self.background.spawn(argv),
            Effect::Persist(account, write) => self.writes.push((account, write)),
            Effect::Query(account, query) => self.stores.query(account, query),
            // It names what a server named: one line, whatever stands in it.
            Effect::Log(LogLevel::Warn, text) => tracing::warn!("{}", SafeText::line(&text)),
            Effect::Log(LogLevel::Debug, text) => tracing::debug!("{}", SafeText::line(&text)),
            Effect::Redraw => self.display.invalidate(),
            Effect::Suspend => return self.suspend(),
            Effect::Quit => return Ok(Flow::Quit),
        }
        Ok(Flow::Continue)
    }
}
