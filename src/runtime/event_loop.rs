//! The event loop: passes events to `update`, draws frames when the pacer says so, and carries out effects.
//!
//! Keys are handled before server events, so that a burst of messages does not delay the echo of a key. Effects for the
//! network and the store are carried out after the frame: waking another thread before it would delay a typed
//! character on the screen by about a third. Only messages on their way to the server do not wait for the frame. The
//! loop sleeps until an event arrives or the state's deadline is reached, and does not wake up otherwise.

mod control;
mod deferred;
mod display;
mod effects;
mod faults;
mod frames;
mod inputs;
mod lending;
mod parts;
mod profiles;
mod recording;

use std::io;
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use crate::app::{Effect, Event, State, deadline, final_writes};
use crate::config::PictureProtocol;
use crate::domain::{AccountId, Request};
use crate::net::Connection;
use crate::text::Pseudonyms;

use super::account_files::FilesOfAccounts;
use super::background::{Background, BackgroundParts};
use super::clock::Clock;
use super::control::Control;
use super::feeds::Feeds;
use super::graphics::Graphics;
use super::guest::Guest;
use super::pacer::Pacer;
use super::profile_loader::ProfileLoader;
use super::recorder::Recorder;
use super::sandbox_faults::SandboxFaults;
use super::second_signal::forget_interrupt;
use super::stores::Stores;
use super::wire_reader::WireReader;

use deferred::DeferredEffects;

pub use display::Display;
pub use inputs::{Input, Inputs};
pub(super) use lending::LATE;
pub use parts::Parts;

/// Maximum number of server events handled before the next check for keys.
const BATCH: usize = 128;

/// The connections that send requests.
pub trait Server {
    /// Queues a request. Never waits.
    ///
    /// # Errors
    /// Returns the request if too many are in progress.
    fn send(&self, account: AccountId, request: Request) -> Result<(), Request>;

    /// Reconnects immediately.
    fn retry_now(&self, account: AccountId);

    /// Adds the connection of an account that was opened.
    fn add(&mut self, account: AccountId, connection: Connection);

    /// Closes the connection of an account, without waiting.
    fn remove(&mut self, account: AccountId);
}

/// The event loop with the state and everything it is connected to.
pub struct EventLoop<D, S, C> {
    /// The state of the program.
    pub state: State,
    /// The screen.
    pub display: D,
    /// The connections.
    pub server: S,
    /// The source of the current time.
    pub clock: C,
    pacer: Pacer,
    background: Background,
    /// The program that has the terminal. Nothing is drawn and no key is read until it ends.
    guest: Option<Guest>,
    /// When the last such program ended.
    guest_ended: Option<Instant>,
    /// The setting for pictures.
    picture_protocol: PictureProtocol,
    /// Environment variables that programs started by the loop do not inherit.
    secret_variables: Vec<String>,
    /// A change of the escape time that the inputs do not know yet.
    escape_time: Option<Duration>,
    /// Whether the inputs are to report their bytes, if they do not know it yet.
    reports_bytes: Option<bool>,
    stores: Stores,
    profiles: ProfileLoader,
    /// Whether the open profiles are written down: at the start, when one is opened or closed, and at the end.
    remembers_profiles: bool,
    /// The faults of sandboxes that were started with the client.
    sandbox_faults: SandboxFaults,
    /// Copies every event to a file.
    recorder: Option<Recorder>,
    wire: WireReader,
    /// Other programs that drive this one.
    control: Option<Control>,
    /// Replaces names in copies of the screen.
    pseudonyms: Pseudonyms,
    deferred: DeferredEffects,
}

/// Whether the loop continues.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Flow {
    Continue,
    Quit,
}

impl Flow {
    /// Returns `Quit` if either is.
    fn or(self, other: Self) -> Self {
        if self == Self::Quit { self } else { other }
    }
}

impl<D: Display, S: Server, C: Clock> EventLoop<D, S, C> {
    /// Creates a loop, which does nothing before [`EventLoop::run`].
    pub fn new(state: State, display: D, server: S, clock: C, parts: Parts) -> Self {
        let Parts {
            stores,
            wire,
            files,
            picture_protocol,
            secret_variables,
            configuration,
            demo_profiles,
            sandbox_faults,
            data_dir,
            remembers_profiles,
            pseudonyms,
            recorder,
            control,
        } = parts;
        let files = FilesOfAccounts::new(files, Graphics::choose(picture_protocol));
        let background = BackgroundParts {
            secret_variables: secret_variables.clone(),
            data_dir,
            files,
            wire: wire.clone(),
            configuration: configuration.clone(),
        };
        Self {
            state,
            display,
            server,
            clock,
            pacer: Pacer::new(Instant::now()),
            background: Background::new(background),
            guest: None,
            guest_ended: None,
            picture_protocol,
            secret_variables,
            escape_time: None,
            reports_bytes: None,
            stores,
            profiles: ProfileLoader::new(configuration, demo_profiles),
            remembers_profiles,
            sandbox_faults,
            recorder,
            wire: WireReader::new(wire),
            control,
            pseudonyms,
            deferred: DeferredEffects::default(),
        }
    }

    /// Runs until the program ends, and returns the final state and everything the loop was connected to.
    ///
    /// All changes have been passed to the stores by then, whatever ended the loop. Dropping the stores waits until the
    /// changes are on disk.
    ///
    /// # Errors
    /// The terminal cannot be written.
    pub async fn run(mut self, inputs: impl Inputs, feeds: impl Into<Feeds>) -> io::Result<(State, D, S, Stores)> {
        self.background.watch_configuration();
        if self.remembers_profiles {
            self.remember_profiles();
        }
        let ended = self.run_until_quit(inputs, feeds.into()).await;
        let ended = ended.and(self.end_guest().await);
        self.finish_recording();
        if self.remembers_profiles {
            // Another window may have written its own: the last one that ends decides.
            self.remember_profiles();
        }
        let writes = final_writes(&mut self.state, self.clock.now());
        let written = self.perform_all(writes).and_then(|_| self.perform_deferred());
        self.background.finish_removals().await;
        self.background.finish_remembering().await;
        let ended = ended.and(written.map(|_| ()));
        ended.map(|()| (self.state, self.display, self.server, self.stores))
    }

    async fn run_until_quit(&mut self, mut inputs: impl Inputs, mut feeds: Feeds) -> io::Result<()> {
        loop {
            let mut flow = self.handle_inputs(&mut inputs)?;
            if flow == Flow::Continue {
                flow = self.handle_events(&mut feeds)?;
            }
            if flow == Flow::Continue {
                flow = self.tick_if_due()?;
            }
            if flow == Flow::Continue {
                flow = self.hand_over_messages()?;
            }
            if flow == Flow::Continue {
                flow = self.draw_if_due()?;
            }
            if flow == Flow::Quit || self.perform_deferred()? == Flow::Quit {
                return Ok(());
            }
            if feeds.has_waiting() {
                // During a burst the loop would otherwise never pause, and the tasks that receive signals share its
                // thread.
                tokio::task::yield_now().await;
                continue;
            }
            self.direct(&mut inputs);
            if let Some(escape_time) = self.escape_time.take() {
                inputs.set_escape_time(escape_time);
            }
            if let Some(on) = self.reports_bytes.take() {
                inputs.report_bytes(on);
            }
            feeds.set_patient(self.waits_for_frame());
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
                increment = self.wire.next() => {
                    if self.on_event(Event::Wire(increment))? == Flow::Quit {
                        return Ok(());
                    }
                }
                loaded = self.profiles.next() => {
                    if self.on_profile_loaded(loaded, &mut feeds)? == Flow::Quit {
                        return Ok(());
                    }
                }
                request = Control::next(&mut self.control) => {
                    if self.on_request(request)? == Flow::Quit {
                        return Ok(());
                    }
                }
                () = Guest::ended(&mut self.guest) => {
                    if self.on_guest_ended()? == Flow::Quit {
                        return Ok(());
                    }
                }
                () = sleep_until(wake.unwrap_or_else(Instant::now)), if wake.is_some() => {}
            }
        }
    }

    /// Tells the inputs whether they are wanted now.
    fn direct(&self, inputs: &mut impl Inputs) {
        inputs.pause(self.guest.is_some());
        inputs.hold_piped(self.state.account().is_busy());
    }

    fn handle_inputs(&mut self, inputs: &mut impl Inputs) -> io::Result<Flow> {
        self.direct(inputs);
        while let Some(input) = inputs.try_next() {
            if self.on_input(input)? == Flow::Quit {
                return Ok(Flow::Quit);
            }
        }
        Ok(Flow::Continue)
    }

    fn handle_events(&mut self, feeds: &mut Feeds) -> io::Result<Flow> {
        // Answers of the store come first: restored data must not replace newer data from the server.
        if self.handle_answers()? == Flow::Quit {
            return Ok(Flow::Quit);
        }
        for _ in 0..BATCH {
            let Some(event) = feeds.try_next() else { break };
            if self.on_event(event)? == Flow::Quit {
                return Ok(Flow::Quit);
            }
        }
        Ok(Flow::Continue)
    }

    /// Handles the answers of the stores.
    fn handle_answers(&mut self) -> io::Result<Flow> {
        while let Some(event) = self.stores.try_next() {
            if self.on_event(event)? == Flow::Quit {
                return Ok(Flow::Quit);
            }
        }
        Ok(Flow::Continue)
    }

    fn on_input(&mut self, input: Input) -> io::Result<Flow> {
        self.pacer.touch_now();
        if input == Input::Event(Event::Focus(true)) {
            self.background.examine_configuration();
        }
        if matches!(input, Input::Resized | Input::Event(Event::Resize(_))) {
            // A terminal that was smaller for a moment has lost cells, even if its size is now the same as before.
            self.display.invalidate();
        }
        match input {
            Input::Event(event) => self.on_event(event),
            Input::Name(name) => {
                // The answer may be to a question of another program.
                let protocol = Graphics::protocol_of(&name).filter(|_| self.picture_protocol == PictureProtocol::Auto);
                if let Some(protocol) = protocol {
                    self.display.set_pictures(protocol);
                    self.background.files.set_graphics(Graphics::choose(protocol));
                }
                Ok(Flow::Continue)
            }
            Input::Resized => self.measure(),
            // The signals of the terminal reach its whole process group, but are meant for that program.
            Input::Resumed if self.guest.is_some() => Ok(Flow::Continue),
            Input::Interrupt if self.guest.is_some() || self.is_late_for_guest() => {
                forget_interrupt();
                Ok(Flow::Continue)
            }
            Input::Suspend if self.guest.is_some() => self.suspend_with_guest(),
            Input::Resumed => {
                self.display.resume()?;
                self.measure()
            }
            Input::Suspend => self.suspend(),
            Input::Interrupt | Input::End => Ok(Flow::Quit),
        }
    }

    fn on_event(&mut self, event: Event) -> io::Result<Flow> {
        let effects = self.apply(event);
        self.note_changes();
        self.perform_all(effects)
    }

    fn tick_if_due(&mut self) -> io::Result<Flow> {
        let now = self.clock.now();
        // After a clock rollback the deadline is too far in the future. The tick makes the state correct it.
        if deadline(&self.state).is_some_and(|at| at <= now || now < self.state.now) {
            return self.on_event(Event::Tick);
        }
        Ok(Flow::Continue)
    }

    /// Returns when the loop has to wake up even if no event arrives: for the next frame or the state's deadline.
    fn wake_at(&self) -> Option<Instant> {
        let now = Instant::now();
        let deadline = deadline(&self.state).map(|at| {
            let millis = u64::try_from(at - self.clock.now()).unwrap_or(0);
            now + Duration::from_millis(millis)
        });
        self.pacer.due(now).filter(|_| self.guest.is_none()).into_iter().chain(deadline).min()
    }

    /// Collects the effects that wait, then performs the others. All of them are collected first: the program may be
    /// stopped or end at any of the others.
    fn perform_all(&mut self, effects: Vec<Effect>) -> io::Result<Flow> {
        let mut flow = Flow::Continue;
        let at_once: Vec<_> = effects.into_iter().filter_map(|effect| self.deferred.add(effect)).collect();
        for effect in at_once {
            flow = flow.or(self.perform(effect)?);
        }
        Ok(flow)
    }

    /// Hands the messages on their way to the server over before the next frame. First the outbox entry is written,
    /// then, when the store has confirmed it, the request is sent. Waiting for a frame each time would double the time
    /// until the server has the message.
    fn hand_over_messages(&mut self) -> io::Result<Flow> {
        let mut flow = Flow::Continue;
        while flow == Flow::Continue && self.deferred.has_outgoing_message() {
            flow = self.perform_deferred()?;
            // Without persistence, the write has been confirmed already.
            flow = flow.or(self.handle_answers()?);
        }
        Ok(flow)
    }

    /// Performs the effects that wait, and those that follow from them. An effect that ends the program does not prevent
    /// the others.
    fn perform_deferred(&mut self) -> io::Result<Flow> {
        let mut flow = Flow::Continue;
        loop {
            self.stores.write(self.deferred.take_writes());
            let Some(effect) = self.deferred.next() else { return Ok(flow) };
            flow = flow.or(self.perform(effect)?);
        }
    }

    /// Asks the terminal for its size. It may have changed without a signal while the process was stopped.
    fn measure(&mut self) -> io::Result<Flow> {
        self.on_event(Event::Resize(self.display.size()))
    }

    fn suspend(&mut self) -> io::Result<Flow> {
        if !self.display.can_suspend() {
            let notice = "Cannot suspend: no shell with job control started this program, so nothing could resume it.";
            return self.on_event(Event::Notice(notice.to_owned()));
        }
        // Writes and requests do not wait until the process is continued.
        let flow = self.perform_deferred()?;
        self.display.suspend()?;
        self.pacer.touch_now();
        let resized = self.measure()?;
        Ok(flow.or(resized))
    }
}
