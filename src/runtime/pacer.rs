//! The frame rate: the first change after a pause is drawn immediately, changes within one frame are drawn together,
//! and nothing is drawn without a change.

use std::time::Duration;

use tokio::time::Instant;

/// Minimum time between two frames, unless the user waits for one.
const FRAME: Duration = Duration::from_millis(16);

/// Decides when a frame is due.
#[derive(Debug)]
pub struct Pacer {
    dirty: bool,
    urgent: bool,
    not_before: Instant,
}

impl Pacer {
    /// A pacer at `now`, with a first frame that is due.
    pub fn new(now: Instant) -> Self {
        Self { dirty: true, urgent: true, not_before: now }
    }

    /// Notes that the screen may have to change.
    pub fn touch(&mut self) {
        self.dirty = true;
    }

    /// Notes user input, whose effect must be visible immediately.
    pub fn touch_now(&mut self) {
        self.dirty = true;
        self.urgent = true;
    }

    /// Returns when the next frame is due; `None` if there is nothing to draw.
    pub fn due(&self, now: Instant) -> Option<Instant> {
        self.dirty.then(|| if self.urgent { now } else { self.not_before.max(now) })
    }

    /// Notes that a frame was drawn. A frame that `changed` nothing on the screen does not delay the next one.
    pub fn drawn(&mut self, now: Instant, changed: bool) {
        self.dirty = false;
        self.urgent = false;
        if changed {
            self.not_before = now + FRAME;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_change_is_drawn_at_once_and_the_next_after_a_frame() {
        let start = Instant::now();
        let mut pacer = Pacer::new(start);
        pacer.drawn(start, true);
        assert_eq!(pacer.due(start), None);
        let later = start + Duration::from_secs(1);
        pacer.touch();
        assert_eq!(pacer.due(later), Some(later));
        pacer.drawn(later, true);
        pacer.touch();
        assert_eq!(pacer.due(later), Some(later + FRAME));
    }

    #[test]
    fn unchanged_frame_does_not_delay_the_next() {
        let start = Instant::now();
        let mut pacer = Pacer::new(start);
        pacer.drawn(start, false);
        pacer.touch();
        assert_eq!(pacer.due(start), Some(start));
    }

    #[test]
    fn user_input_is_drawn_at_once() {
        let start = Instant::now();
        let mut pacer = Pacer::new(start);
        pacer.drawn(start, true);
        pacer.touch_now();
        assert_eq!(pacer.due(start), Some(start));
    }
}
