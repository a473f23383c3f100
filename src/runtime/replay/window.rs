//! The terminal in which a recording is played: the recorded screen, and a line with the position and the keys.

use std::io;
use std::time::Duration;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use tokio::runtime::Builder;
use tokio::time::{Instant, sleep_until};

use crate::app::Event;
use crate::input::{Code, Key};
use crate::runtime::event_loop::{Display, Input, Inputs};
use crate::runtime::failure::Failure;
use crate::runtime::terminal::Terminal;
use crate::runtime::tty::Tty;
use crate::runtime::{panics, signals};
use crate::text::clip;

use super::playback::Playback;

/// Time after which an ESC byte is the Esc key.
const ESCAPE_TIME: Duration = Duration::from_millis(50);

/// Slowest and fastest speed that the keys can choose.
const SPEEDS: (f64, f64) = (1.0 / 16.0, 1_024.0);

/// The keys, for the line below the screen.
const HINTS: &str = "Space pause · → next event · +/- speed · End · q quit";

/// Plays a recording. Returns whether the user left before the end.
pub(super) fn play(playback: &mut Playback, speed: f64, step: bool) -> anyhow::Result<bool> {
    panics::install_hook();
    let runtime = Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let signals = signals::receive()?;
        let no_terminal =
            |error| Failure::usage(format!("The terminal cannot be used: {error}. Print with --as text."));
        let terminal = Terminal::enter(false, false).map_err(no_terminal)?;
        let inputs = Tty::open(signals, ESCAPE_TIME)?;
        let window = Window { playback, terminal, speed, is_paused: step, due: None };
        Ok(window.run(inputs).await?)
    })
}

/// The terminal, and how fast it goes on.
struct Window<'a> {
    playback: &'a mut Playback,
    terminal: Terminal,
    speed: f64,
    is_paused: bool,
    /// When the next event is due. `None` at the end, and while paused.
    due: Option<Instant>,
}

impl Window<'_> {
    async fn run(mut self, mut inputs: Tty) -> io::Result<bool> {
        self.schedule(Instant::now());
        loop {
            // What has arrived already is handled first, as in the event loop.
            while let Some(input) = inputs.try_next() {
                if self.on_input(&input)? {
                    return Ok(self.playback.pause().is_some());
                }
            }
            self.draw()?;
            tokio::select! {
                biased;
                input = inputs.next() => {
                    if self.on_input(&input)? {
                        return Ok(self.playback.pause().is_some());
                    }
                }
                () = sleep_until(self.due.unwrap_or_else(Instant::now)), if self.due.is_some() => self.advance(),
            }
        }
    }

    /// Plays what is due.
    fn advance(&mut self) {
        let now = Instant::now();
        while let Some(due) = self.due.filter(|due| *due <= now) {
            self.playback.step();
            self.schedule(due);
        }
    }

    /// Decides when the next event is due, if the last one was due at `last`.
    fn schedule(&mut self, last: Instant) {
        let pause = self.playback.pause().filter(|_| !self.is_paused);
        let pause = pause.and_then(|millis| u32::try_from(millis).ok());
        self.due = pause.map(|millis| last + Duration::from_millis(millis.into()).div_f64(self.speed));
    }

    /// Handles an input and returns whether it ends the replay.
    fn on_input(&mut self, input: &Input) -> io::Result<bool> {
        match input {
            Input::Event(Event::Key(key)) => return Ok(self.on_key(*key)),
            Input::Resized => self.terminal.invalidate(),
            Input::Suspend if self.terminal.can_suspend() => self.terminal.suspend()?,
            Input::Resumed => self.terminal.resume()?,
            Input::Interrupt | Input::End => return Ok(true),
            Input::Event(_) | Input::Name(_) | Input::Suspend => {}
        }
        Ok(false)
    }

    fn on_key(&mut self, key: Key) -> bool {
        match key.code {
            Code::Char('q') | Code::Esc => return true,
            Code::Char('c') if key.ctrl => return true,
            Code::Char(' ') => self.is_paused = !self.is_paused,
            Code::Char('n') | Code::Right => {
                self.is_paused = true;
                self.playback.step();
            }
            Code::Char('+' | '=') => self.speed = (self.speed * 2.0).min(SPEEDS.1),
            Code::Char('-') => self.speed = (self.speed / 2.0).max(SPEEDS.0),
            Code::End => self.playback.finish(),
            _ => {}
        }
        self.schedule(Instant::now());
        false
    }

    fn draw(&mut self) -> io::Result<()> {
        let state = match (self.playback.pause(), self.is_paused) {
            (None, _) => "End",
            (Some(_), true) => "Paused",
            (Some(_), false) => "Playing",
        };
        let line = format!(" {state} ×{}  {}  {HINTS}", self.speed, self.playback.position());
        let screen = &self.playback.screen;
        self.terminal.draw_page(|area, buffer| {
            copy(screen, buffer);
            // Below the recorded screen, or over its last row if there is no space.
            let y = screen.area.height.min(area.height.saturating_sub(1));
            if area.height > 0 {
                let line = clip(&line, area.width.into());
                let style = Style::new().add_modifier(Modifier::REVERSED);
                buffer.set_style(Rect::new(0, y, area.width, 1), style);
                buffer.set_string(0, y, format!("{line:<width$}", width = usize::from(area.width)), style);
            }
            None
        })?;
        Ok(())
    }
}

/// Copies the cells that fit.
fn copy(from: &Buffer, to: &mut Buffer) {
    for position in from.area.intersection(to.area).positions() {
        to[position] = from[position].clone();
    }
}
