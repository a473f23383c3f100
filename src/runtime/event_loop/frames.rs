//! Draws frames when the pacer says so.

use std::io;

use tokio::time::Instant;

use crate::app::{Damage, Event, layout};
use crate::runtime::clock::Clock;

use super::{Display, EventLoop, Flow, Server};

impl<D: Display, S: Server, C: Clock> EventLoop<D, S, C> {
    /// Draws a frame if one is due.
    pub(super) fn draw_if_due(&mut self) -> io::Result<Flow> {
        let now = Instant::now();
        if self.guest.is_some() || self.pacer.due(now).is_none_or(|due| due > now) {
            return Ok(Flow::Continue);
        }
        layout(&mut self.state);
        let changed = self.display.draw(&self.state)?;
        self.pacer.drawn(now, changed);
        let effects = self.apply(Event::FrameDrawn);
        self.note_changes();
        self.perform_all(effects)
    }

    /// Makes the pacer plan a frame if the last event may have changed the screen.
    pub(super) fn note_changes(&mut self) {
        if self.state.terminal.damage != Damage::Nothing {
            self.pacer.touch();
        }
    }

    /// Whether a frame will be drawn soon, which live events may wait for: nobody sees them before.
    pub(super) fn waits_for_frame(&self) -> bool {
        let now = Instant::now();
        self.guest.is_none() && self.pacer.due(now).is_some_and(|due| due > now)
    }
}
