//! The events on their way to the state, which a recording copies.

use crate::app::{Effect, Event, update};
use crate::runtime::clock::Clock;
use crate::runtime::recorder::Recorder;

use super::{Display, EventLoop, Server};

/// Whether an event is part of recordings, see [`Event::Wire`].
fn is_recorded(event: &Event) -> bool {
    !matches!(event, Event::Wire(_))
}

impl<D: Display, S: Server, C: Clock> EventLoop<D, S, C> {
    /// Records everything from now on.
    pub(in crate::runtime) fn with_recorder(self, recorder: Option<Recorder>) -> Self {
        Self { recorder, ..self }
    }

    /// Applies an event to the state. No other code does.
    pub(super) fn apply(&mut self, event: Event) -> Vec<Effect> {
        let now = self.clock.now();
        let recorded = self.recorder.as_ref().filter(|_| is_recorded(&event));
        let recorded = recorded.map(|recorder| recorder.record(&self.state, now, &event));
        let mut effects = update(&mut self.state, now, event);
        if let Some(Err(sentence)) = recorded {
            // The thread writes the rest of its queue.
            self.recorder = None;
            effects.extend(update(&mut self.state, now, Event::Notice(sentence)));
        }
        effects
    }

    /// Ends the recording with the last screen.
    pub(super) fn finish_recording(&mut self) {
        if let Some(recorder) = self.recorder.take() {
            recorder.finish(self.display.shown());
        }
    }
}
