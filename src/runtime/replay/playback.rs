//! A recording that is played, and the screen that it shows.

use std::fmt::{self, Write};

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::app::{Event, State, hide_wire, layout};
use crate::recording::{Player, Recording};
use crate::text::SafeText;
use crate::view::paint;

/// Length of the description of an event, in characters.
const LABEL: usize = 60;

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
        let last = self.player.last().map(|entry| label(&entry.event)).unwrap_or_default();
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
    let area = Rect::new(0, 0, state.ui.size.width, state.ui.size.height);
    let mut buffer = Buffer::empty(area);
    let cursor = paint(state, area, &mut buffer);
    (buffer, cursor)
}

/// Describes an event in a few words.
fn label(event: &Event) -> String {
    if let Event::Key(key) = event {
        return format!("Key {key}");
    }
    let mut label = Label(String::new());
    // It fails when the label is long enough; the rest of a large event is not formatted.
    let _ = write!(label, "{event:?}");
    SafeText::line(&label.0).to_string()
}

/// The beginning of a text.
struct Label(String);

impl fmt::Write for Label {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.push_str(text);
        if self.0.chars().count() < LABEL { Ok(()) } else { Err(fmt::Error) }
    }
}
