//! Looking whether the connection still stands: with the watchdog's eyes, and what follows.

use std::time::Duration;

use tokio::time::Instant;

use super::driver::{Driver, Phase};
use super::trouble::Trouble;
use super::watchdog::{Alarm, Watchdog};

/// The least by which a silence is too long.
const INSTANT: Duration = Duration::from_millis(1);

/// How often to look when nothing is known of how long the server may be silent.
const SELDOM: Duration = Duration::from_secs(30);

impl Driver {
    /// Begins to watch what has just begun: to be online, or to wait.
    pub(super) fn watch(&mut self) {
        let now = self.endpoint.limits.now();
        self.watchdog = Watchdog::new(now);
        self.looked_at = now.steady;
    }

    /// When to look next: when the server has been silent for too long, when the wait is over, and often enough to see
    /// that the machine slept. The phases between are short, and have limits of their own.
    pub(super) fn looks_at(&self) -> Option<Instant> {
        let end = match &self.phase {
            Phase::Online { generation, .. } => generation.pulse.last().map(|(heard, bound)| heard + bound + INSTANT),
            Phase::Waiting { until } => Some(*until),
            _ => return None,
        };
        let often = self.endpoint.limits.look.or_else(|| self.alarm.blind_for());
        // Without a promise there is only the machine's sleep to be seen, which the library's own limit sees as well.
        let often = often.or(end.is_none().then_some(SELDOM));
        end.into_iter().chain(often.map(|often| self.looked_at + often)).min()
    }

    /// Looks whether the connection still stands.
    pub(super) fn look(&mut self) {
        let now = self.endpoint.limits.now();
        self.looked_at = now.steady;
        let heard = match &self.phase {
            Phase::Online { generation, .. } => generation.pulse.last(),
            Phase::Waiting { .. } => None,
            _ => return,
        };
        match self.watchdog.look(now, heard) {
            None => {}
            Some(Alarm::Silent(silence)) => {
                let seconds = silence.as_secs();
                let sentence = format!("The server has been silent for {seconds} s. Check the network.");
                self.end_session(Trouble::passing(&sentence));
            }
            // The other side may have given us up, and would not tell; a connection that is made anew leaves no doubt. Who
            // was waiting for the next attempt has waited long enough.
            Some(Alarm::Slept(time)) => {
                tracing::info!(?time, "the machine slept; the connection is made anew");
                self.start_over();
            }
        }
    }
}
