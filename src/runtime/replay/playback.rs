//! A recording that is played, and the screen that it shows.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::app::{State, hide_wire, layout};
use crate::recording::{Player, Recording};
use crate::view::paint;

use super::event_words::words;

/// A recording that is played.
pub(super) struct Playback {
    /// The last frame.
    pub(super) screen: Buffer,
    player: Player,
}

impl Playback {
    pub(super) fn new(recording: Recording) -> Self {
        let player = Player::new(recording);
        Self { screen: painted(&player.state).0, player }
    }

    /// Applies the next event. Returns whether there was one.
    pub(super) fn step(&mut self) -> bool {
        let Self { screen, player } = self;
        player.step(|state| *screen = painted(state).0)
    }

    /// Applies all events.
    pub(super) fn finish(&mut self) {
        while self.step() {}
    }

    /// Returns the screen that is compared with the last one of the recording.
    pub(super) fn compared(&mut self) -> Buffer {
        compared(&mut self.player, &self.screen)
    }

    /// Returns the time between the last event and the next one, in milliseconds. `None` at the end.
    pub(super) fn pause(&self) -> Option<i64> {
        let next = self.player.peek()?.at;
        Some(self.player.last().map_or(0, |last| next.0.saturating_sub(last.at.0).max(0)))
    }

    /// Returns the place, the time and the last event, for a line below the screen.
    pub(super) fn position(&self) -> String {
        let ((event, events), (time, end)) = (self.player.position(), self.player.time());
        let seconds = |millis: i64| format!("{}.{} s", millis / 1_000, millis % 1_000 / 100);
        let last = self.player.last().map(|entry| words(&entry.event)).unwrap_or_default();
        format!("{} of {}  event {event} of {events}  {last}", seconds(time), seconds(end))
    }
}

/// Returns the screen that is compared with the last one of the recording: the last frame, without what shows records of
/// the wire.
pub(super) fn compared(player: &mut Player, last: &Buffer) -> Buffer {
    if !hide_wire(&mut player.state) {
        return last.clone();
    }
    layout(&mut player.state);
    painted(&player.state).0
}

/// Paints a state, which must be laid out. Returns the screen and the cursor.
pub(in crate::runtime) fn painted(state: &State) -> (Buffer, Option<Position>) {
    let area = Rect::new(0, 0, state.terminal.size.width, state.terminal.size.height);
    let mut buffer = Buffer::empty(area);
    let cursor = paint(state, area, &mut buffer);
    (buffer, cursor)
}
