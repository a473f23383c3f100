//! Plays a recording: applies its events to a state, as the event loop did.

use crate::app::{Event, State, layout, update};

use super::line::Entry;
use super::reader::Recording;

/// A recording that is being played.
pub struct Player {
    /// The state after the events so far.
    pub state: State,
    entries: Vec<Entry>,
    next: usize,
}

impl Player {
    /// Returns the player at the beginning of a recording.
    pub fn new(recording: Recording) -> Self {
        let mut state = recording.header.start.state();
        // The first frame is drawn before the event loop starts.
        layout(&mut state);
        Self { state, entries: recording.entries, next: 0 }
    }

    /// Applies the next event. `on_frame` gets the state of each frame that was drawn. Returns whether there was one.
    pub fn step(&mut self, on_frame: impl FnOnce(&State)) -> bool {
        let Some(Entry { at, event }) = self.entries.get(self.next).cloned() else { return false };
        self.next += 1;
        if event == Event::FrameDrawn {
            layout(&mut self.state);
            on_frame(&self.state);
        }
        // A replay has no effects on the world.
        let _effects = update(&mut self.state, at, event);
        true
    }

    /// Returns the event that was applied last.
    pub fn last(&self) -> Option<&Entry> {
        self.next.checked_sub(1).and_then(|last| self.entries.get(last))
    }

    /// Returns the event that is applied next.
    pub fn peek(&self) -> Option<&Entry> {
        self.entries.get(self.next)
    }

    /// Returns the number of applied events and the number of all.
    pub fn position(&self) -> (usize, usize) {
        (self.next, self.entries.len())
    }

    /// Returns the time of the recording until the last applied event and until its end, in milliseconds. Not negative,
    /// although the clock may have been set back.
    pub fn time(&self) -> (i64, i64) {
        let start = self.entries.first().map(|entry| entry.at);
        let since = |entry: Option<&Entry>| {
            entry.zip(start).map_or(0, |(entry, start)| entry.at.0.saturating_sub(start.0).max(0))
        };
        (since(self.last()), since(self.entries.last()))
    }
}
