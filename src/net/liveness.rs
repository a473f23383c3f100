//! The part of the driver that detects dead connections and sleep, with the [`Watchdog`].

use std::time::Duration;

use tokio::time::Instant;

use crate::domain::ServerEvent;

use super::driver::{Driver, Phase};
use super::error::NetError;
use super::silence::Expected;
use super::watchdog::{Alarm, Watchdog};

/// Added to the silence limit, so that the check takes place after it has expired and not at the same moment.
const MARGIN: Duration = Duration::from_millis(1);

/// Interval of checks while the server's silence limit is unknown.
const DEFAULT_INTERVAL: Duration = Duration::from_secs(30);

/// Interval of checks whether a silent server is heard again.
const SILENCE_INTERVAL: Duration = Duration::from_millis(500);

impl Driver {
    /// Starts watching a phase that may last long: being online, or waiting for the next attempt or the user.
    pub(super) fn start_watching(&mut self) {
        let now = self.endpoint.timing.now();
        self.watchdog = Watchdog::new(now);
        self.last_check = now.monotonic;
    }

    /// Returns the time of the next check: when the silence limit or the wait expires, and often enough to notice
    /// sleep. The other phases are short and have time limits of their own.
    pub(super) fn next_check(&self) -> Option<Instant> {
        let expiry = match &self.phase {
            Phase::Socket { generation, online_since: Some(_) } => {
                generation.heartbeat.last().map(|(last_frame, limit)| last_frame + limit + MARGIN)
            }
            Phase::Waiting { until } => Some(*until),
            Phase::Refused => None,
            Phase::SigningIn | Phase::Socket { .. } => return None,
        };
        // Until the server is heard again, and otherwise when it should have been.
        let silence = match (self.silence.is_reported, self.expected_response()) {
            (true, _) => Some(self.last_check + SILENCE_INTERVAL),
            (false, expected) => expected.map(|expected| expected.overdue_at),
        };
        let interval = self.endpoint.timing.liveness_interval.or_else(|| self.liveness_timer.polling_interval());
        // While the silence limit is unknown, a check can only notice sleep, so it may be rare.
        let interval = interval.or(expiry.is_none().then_some(DEFAULT_INTERVAL));
        expiry.into_iter().chain(silence).chain(interval.map(|interval| self.last_check + interval)).min()
    }

    /// Returns the response that the server should send next.
    fn expected_response(&self) -> Option<Expected> {
        let heartbeat = &self.phase.online()?.heartbeat;
        let call = self.lanes.oldest_call();
        let patience = self.endpoint.timing.response;
        self.silence.expected(call, heartbeat.ping_due(), heartbeat.last_frame(), patience)
    }

    /// Reports that the server does not respond, or does again.
    pub(super) fn report_silence(&mut self) {
        let now = Instant::now();
        let overdue = self.expected_response().filter(|expected| expected.overdue_at <= now);
        if std::mem::replace(&mut self.silence.is_reported, overdue.is_some()) == overdue.is_some() {
            return;
        }
        // A change of the connection itself tells all.
        if self.phase.online().is_some() {
            let silence = overdue.map(|expected| i64::try_from((now - expected.since).as_millis()).unwrap_or(i64::MAX));
            self.feed.push(ServerEvent::Silence(silence));
        }
    }

    /// Replaces the connection if it is dead or if the machine slept.
    pub(super) fn check_liveness(&mut self) {
        let now = self.endpoint.timing.now();
        self.last_check = now.monotonic;
        let heartbeat = match &self.phase {
            Phase::Socket { generation, online_since: Some(_) } => generation.heartbeat.last(),
            Phase::Waiting { .. } | Phase::Refused => None,
            Phase::SigningIn | Phase::Socket { .. } => return,
        };
        match self.watchdog.check(now, heartbeat) {
            None => {}
            Some(Alarm::Silent(silence)) => {
                let seconds = silence.as_secs();
                let sentence = format!("The server has been silent for {seconds} s. Check the network.");
                self.end_session(NetError::transient(&sentence));
            }
            // The server may have dropped the connection unnoticed, so only a new connection is certain to work. A
            // waiting attempt starts at once, because the wait was meant for the time before the sleep. After a refusal,
            // the machine may have been carried to another network.
            Some(Alarm::Slept(duration)) => {
                tracing::info!(?duration, "the machine slept; reconnecting");
                self.reconnect();
            }
        }
    }
}
