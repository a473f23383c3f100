//! Detects that a server does not respond, long before its connection counts as dead, see `watchdog.rs`.
//!
//! Nothing is sent for that. Either a call has not been answered, or the server's ping, which comes at a known interval,
//! is overdue. A server that always takes long is not silent: how long it took lately is taken into account.
//!
//! Pure: the times are arguments.

use std::time::Duration;

use tokio::time::Instant;

/// A server may take this many times as long as it did lately.
const TOLERANCE: u32 = 3;

/// Record of the responses of a server.
#[derive(Debug, Default)]
pub(super) struct Silence {
    /// Whether the user knows that the server does not respond.
    pub(super) is_reported: bool,
    last_reply: Option<Instant>,
    /// Longest duration of recent calls.
    usual: Duration,
}

/// A response that should arrive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Expected {
    /// Time since which it is awaited.
    pub(super) since: Instant,
    /// Time at which the user is told that it has not arrived.
    pub(super) overdue_at: Instant,
}

impl Silence {
    /// Records the reply to a call that took so long.
    pub(super) fn on_reply(&mut self, now: Instant, duration: Duration) {
        self.last_reply = Some(now);
        self.usual = duration.max(self.usual * 7 / 8);
    }

    /// Returns the response that will be overdue first: to a call that was started at `call`, unless anything has
    /// arrived since, or the ping that is due at `ping`. `last_frame` is the time of the last frame, and `patience` that
    /// of a server of which nothing is known.
    pub(super) fn expected(
        &self,
        call: Option<Instant>,
        ping: Option<Instant>,
        last_frame: Instant,
        patience: Duration,
    ) -> Option<Expected> {
        let heard = self.last_reply.map_or(last_frame, |reply| reply.max(last_frame));
        let since = call.map(|started| started.max(heard)).into_iter().chain(ping).min()?;
        Some(Expected { since, overdue_at: since + patience.max(self.usual * TOLERANCE) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATIENCE: Duration = Duration::from_secs(5);

    /// Returns after how many seconds the user is told, if a call is made and a ping is due after so many seconds.
    fn overdue_after(silence: &Silence, start: Instant, call: Option<u64>, ping: Option<u64>) -> Option<u64> {
        let at = |seconds: Option<u64>| seconds.map(|seconds| start + Duration::from_secs(seconds));
        let expected = silence.expected(at(call), at(ping), start, PATIENCE)?;
        Some((expected.overdue_at - start).as_secs())
    }

    #[test]
    fn call_and_ping_are_awaited() {
        let (silence, start) = (Silence::default(), Instant::now());
        assert_eq!(overdue_after(&silence, start, None, None), None);
        assert_eq!(overdue_after(&silence, start, None, Some(15)), Some(20));
        assert_eq!(overdue_after(&silence, start, Some(2), Some(15)), Some(7));
        assert_eq!(overdue_after(&silence, start, Some(14), Some(12)), Some(17));
    }

    #[test]
    fn reply_to_another_call_is_a_sign_of_life() {
        let (mut silence, start) = (Silence::default(), Instant::now());
        silence.on_reply(start + Duration::from_secs(4), Duration::from_millis(10));
        assert_eq!(overdue_after(&silence, start, Some(1), None), Some(9));
    }

    #[test]
    fn slow_server_is_given_more_time() {
        let (mut silence, start) = (Silence::default(), Instant::now());
        silence.on_reply(start, Duration::from_secs(8));
        assert_eq!(overdue_after(&silence, start, Some(0), Some(15)), Some(24));
        (0..20).for_each(|_| silence.on_reply(start, Duration::from_millis(50)));
        assert_eq!(overdue_after(&silence, start, Some(0), Some(15)), Some(5), "it is fast again");
    }
}
