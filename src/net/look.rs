//! Looking whether the connection still stands, every few seconds: with the watchdog's eyes, and what follows.

use tokio::time::Instant;

use super::driver::{Driver, Phase};
use super::trouble::Trouble;
use super::watchdog::{Alarm, Watchdog};

impl Driver {
    /// Begins to watch what has just begun: to be online, or to wait.
    pub(super) fn watch(&mut self) {
        let now = self.endpoint.limits.now();
        self.watchdog = Watchdog::new(now);
        self.look_at = now.steady + self.endpoint.limits.look;
    }

    /// When to look next. The phases between are short, and have limits of their own.
    pub(super) fn looks_at(&self) -> Option<Instant> {
        matches!(self.phase, Phase::Online { .. } | Phase::Waiting { .. }).then_some(self.look_at)
    }

    /// Looks, if it is time.
    pub(super) fn look(&mut self) {
        let now = self.endpoint.limits.now();
        if self.looks_at().is_none_or(|at| now.steady < at) {
            return;
        }
        self.look_at = now.steady + self.endpoint.limits.look;
        let heard = match &self.phase {
            Phase::Online { generation, .. } => generation.pulse.last(),
            _ => None,
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
