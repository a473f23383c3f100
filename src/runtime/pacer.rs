//! When to draw: the first change after quiet at once, what follows within one frame together, and never for nothing.

use std::time::Duration;

use tokio::time::Instant;

/// The least time between two frames that nobody waits for.
const FRAME: Duration = Duration::from_millis(16);

/// Decides when a frame is due.
#[derive(Debug)]
pub struct Pacer {
    dirty: bool,
    urgent: bool,
    not_before: Instant,
}

impl Pacer {
    /// A pacer at `now`, to which nothing has been drawn.
    pub fn new(now: Instant) -> Self {
        Self { dirty: true, urgent: true, not_before: now }
    }

    /// Something may look different.
    pub fn touch(&mut self) {
        self.dirty = true;
    }

    /// The user did something and waits for its effect: the next frame is due at once.
    pub fn hurry(&mut self) {
        self.dirty = true;
        self.urgent = true;
    }

    /// When the next frame is due, if anything is to be drawn.
    pub fn due(&self, now: Instant) -> Option<Instant> {
        self.dirty.then(|| if self.urgent { now } else { self.not_before.max(now) })
    }

    /// A frame was drawn. One that changed nothing on the screen does not make the next one wait.
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
    fn the_first_change_after_quiet_is_drawn_at_once_and_the_next_waits_a_frame() {
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
    fn a_frame_that_showed_nothing_delays_nothing() {
        let start = Instant::now();
        let mut pacer = Pacer::new(start);
        pacer.drawn(start, false);
        pacer.touch();
        assert_eq!(pacer.due(start), Some(start));
    }

    #[test]
    fn a_key_does_not_wait_for_the_frame() {
        let start = Instant::now();
        let mut pacer = Pacer::new(start);
        pacer.drawn(start, true);
        pacer.hurry();
        assert_eq!(pacer.due(start), Some(start));
    }
}
