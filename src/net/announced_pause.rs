//! A pause of all calls that the user was told about.

use std::time::Duration;

use tokio::time::Instant;

/// A pause that the user was told about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct AnnouncedPause {
    /// When it ends.
    pub(super) until: Instant,
    /// Whether the user was told that changes wait.
    pub(super) has_changes: bool,
}

impl AnnouncedPause {
    /// Whether the user knows about another pause, too. It may end a little later than this one: the sentence has
    /// whole seconds.
    pub(super) fn covers(self, other: Self) -> bool {
        other.until < self.until + Duration::from_secs(1) && self.has_changes >= other.has_changes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Regression test: the user was told the seconds of the first answer, although a later one asked for more.
    #[test]
    fn longer_pause_and_waiting_messages_are_announced() {
        let now = Instant::now();
        let pause = |seconds, has_changes| AnnouncedPause { until: now + Duration::from_secs(seconds), has_changes };
        assert!(pause(30, false).covers(pause(30, false)) && pause(30, true).covers(pause(12, false)));
        assert!(!pause(30, true).covers(pause(90, true)));
        assert!(!pause(30, false).covers(pause(12, true)));
    }
}
