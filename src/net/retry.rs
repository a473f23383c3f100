//! The part of the driver that retries calls and obeys rate limits.
//!
//! All calls pause when the server asks for a delay. Reads are also retried when the connection or the
//! server fails briefly. A change is never repeated if it may have been carried out. Its [`Failure`] tells the outbox,
//! which decides.

use std::time::Duration;

use tokio::time::Instant;

use crate::domain::{Failure, Pause, Request, ServerEvent};
use crate::text::SafeText;

use super::announced_pause::AnnouncedPause;
use super::backoff::delay_after;
use super::driver::Driver;
use super::lanes::{FinishedJob, Job, Lane, Outcome};
use super::timing::{MAX_PAUSE, RetryPolicy};

/// Consequence of the outcome of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Decision {
    /// The outcome is final.
    Finish,
    /// The call is repeated after a delay. Other calls continue.
    Retry(Duration),
    /// The server asks to slow down: nothing starts before the delay has passed, then this call comes first.
    Pause(Duration),
    /// The server asks for a delay that is longer than a call may wait.
    Reject(Duration),
}

/// Decides whether a call is repeated. `online` says whether the socket is up; `jitter` is between 0 and 1.
fn decide(policy: RetryPolicy, job: &Job, outcome: &Outcome, online: bool, jitter: f64) -> Decision {
    let backoff = delay_after(job.retries, policy.first_delay, MAX_PAUSE, jitter);
    let is_repeatable = Lane::of(&job.request) == Lane::Reads && job.retries < policy.max_retries;
    match outcome {
        Ok(reply) if reply.status == 429 || (reply.status == 503 && reply.retry_after.is_some()) => {
            let delay = reply.retry_after.unwrap_or(backoff).clamp(policy.first_delay, MAX_PAUSE);
            if job.waited.saturating_add(delay) <= policy.max_wait {
                Decision::Pause(delay)
            } else {
                Decision::Reject(delay)
            }
        }
        Ok(reply) if reply.status >= 500 && is_repeatable => Decision::Retry(backoff),
        // A retry is pointless while offline, and after reconnecting the program requests everything again.
        Err(error) if error.failure != Failure::Refused && is_repeatable && online => Decision::Retry(backoff),
        _ => Decision::Finish,
    }
}

impl Driver {
    /// Schedules a retry of a call if there should be one. Returns the call if its outcome is final.
    pub(super) fn retry(&mut self, finished: FinishedJob) -> Option<FinishedJob> {
        let (online, jitter) = (self.phase.online().is_some(), self.rng.f64());
        let decision = decide(self.retry_policy(), &finished.job, &finished.outcome, online, jitter);
        let (delay, is_pause) = match decision {
            Decision::Finish => {
                self.end_announced_pause();
                return Some(finished);
            }
            Decision::Reject(delay) => {
                self.announce_end_of_pause();
                self.pause_and_reject(delay, finished.job.request);
                return None;
            }
            Decision::Retry(delay) => (delay, false),
            Decision::Pause(delay) => (delay, true),
        };
        let waited = if is_pause { finished.job.waited + delay } else { finished.job.waited };
        let job = Job { retries: finished.job.retries + 1, waited, ..finished.job };
        let Some(call) = job.encode(&self.protocol) else {
            self.reject(job.request, Failure::NotSent, "The request could not be repeated. Try again.");
            return None;
        };
        tracing::info!(?delay, is_pause, "retrying a call");
        if !is_pause {
            self.lanes.retry_at(Instant::now() + delay, job, call);
            return None;
        }
        self.lanes.push_front(job, call);
        self.lanes.pause(Instant::now() + delay);
        self.announce_pause();
        None
    }

    /// Tells the program that calls wait, and whether changes are among them, unless it knows: a change may be made
    /// during a pause that began with a read, and the server may ask for more time.
    pub(super) fn announce_pause(&mut self) {
        let delay = self.lanes.remaining_pause();
        let has_changes = self.lanes.has_waiting_changes();
        let pause = AnnouncedPause { until: Instant::now() + delay, has_changes };
        let is_known = self.announced_pause.is_some_and(|announced| announced.covers(pause));
        // During a longer one, requests fail with a sentence of their own.
        if delay == Duration::ZERO || is_known || self.rejects_requests() {
            return;
        }
        let seconds = delay.as_millis().div_ceil(1000);
        let effect = if has_changes { "Your messages will be sent" } else { "It will answer" };
        let sentence = SafeText::line(&format!("The server asks to slow down. {effect} in {seconds} s."));
        let millis = i64::try_from(delay.as_millis()).unwrap_or(i64::MAX);
        self.feed.push(ServerEvent::Paused(Some(Pause { sentence, millis, has_changes })));
        self.announced_pause = Some(pause);
    }

    /// Tells the program that the server accepts calls again, unless the user was not told about a pause or it goes on.
    pub(super) fn end_announced_pause(&mut self) {
        // The calls that were under way when the pause began still end during it.
        if self.lanes.remaining_pause() == Duration::ZERO {
            self.announce_end_of_pause();
        }
    }

    fn announce_end_of_pause(&mut self) {
        if self.announced_pause.take().is_some() {
            self.feed.push(ServerEvent::Paused(None));
        }
    }

    /// Pauses for a delay that is longer than a call may wait, and rejects all waiting requests.
    fn pause_and_reject(&mut self, delay: Duration, request: Request) {
        self.lanes.pause(Instant::now() + delay);
        for request in std::iter::once(request).chain(self.lanes.drain()) {
            self.reject_until_resumed(request);
        }
    }

    /// Whether the server asked for a delay that is longer than a call may wait.
    pub(super) fn rejects_requests(&self) -> bool {
        self.lanes.remaining_pause() > self.retry_policy().max_wait
    }

    /// Rejects a request because of the delay that the server asked for.
    pub(super) fn reject_until_resumed(&self, request: Request) {
        let minutes = self.lanes.remaining_pause().as_secs().div_ceil(60);
        let sentence = format!("The server accepts no requests for {minutes} min (rate limit). Try again after that.");
        self.reject(request, Failure::RetryLater, &sentence);
    }

    fn retry_policy(&self) -> RetryPolicy {
        self.endpoint.timing.retry
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Content, LocalId, RoomId};
    use crate::net::error::NetError;
    use crate::net::rest::Reply;
    use crate::protocol::Body;

    const READ: Request = Request::Rooms { page: 1 };

    fn send() -> Request {
        Request::Send { room: RoomId::new("r"), local: LocalId::from_random(1), content: Content::text("x") }
    }

    fn job(request: Request, retries: u32, waited: u64) -> Job {
        Job { retries, waited: Duration::from_secs(waited), ..Job::new(request) }
    }

    fn reply(status: u16, retry_after: Option<u64>) -> Outcome {
        let retry_after = retry_after.map(Duration::from_secs);
        Ok(Reply { status, body: Body::Other(String::new()), retry_after, clock_offset: None })
    }

    /// Decides while online and without jitter.
    fn decision(job: &Job, outcome: &Outcome) -> Decision {
        decide(RetryPolicy::default(), job, outcome, true, 0.5)
    }

    fn seconds(count: u64) -> Duration {
        Duration::from_secs(count)
    }

    #[test]
    fn rate_limit_pauses_for_two_minutes_at_most() {
        for request in [READ, send()] {
            assert_eq!(decision(&job(request.clone(), 0, 0), &reply(429, Some(12))), Decision::Pause(seconds(12)));
            assert_eq!(decision(&job(request.clone(), 3, 110), &reply(429, Some(10))), Decision::Pause(seconds(10)));
            assert_eq!(decision(&job(request.clone(), 3, 110), &reply(429, Some(11))), Decision::Reject(seconds(11)));
            let years = reply(429, Some(u64::MAX));
            assert_eq!(decision(&job(request, 0, 0), &years), Decision::Reject(MAX_PAUSE));
        }
    }

    #[test]
    fn rate_limit_without_a_delay_backs_off() {
        let mut job = job(send(), 0, 0);
        let mut delays = Vec::new();
        while let Decision::Pause(delay) = decision(&job, &reply(429, None)) {
            delays.push(delay.as_secs());
            job = Job { retries: job.retries + 1, waited: job.waited + delay, ..job };
        }
        assert_eq!(delays, [1, 2, 4, 8, 16, 32]);
        assert_eq!(decision(&Job::new(send()), &reply(429, Some(0))), Decision::Pause(seconds(1)));
    }

    #[test]
    fn status_503_is_a_rate_limit_only_with_a_delay() {
        assert_eq!(decision(&job(send(), 0, 0), &reply(503, Some(5))), Decision::Pause(seconds(5)));
        assert_eq!(decision(&job(send(), 0, 0), &reply(503, None)), Decision::Finish);
    }

    #[test]
    fn changes_are_never_retried_and_reads_three_times() {
        let disconnected = || -> Outcome { Err(NetError::transient("disconnected")) };
        for outcome in [reply(502, None), disconnected()] {
            assert_eq!(decision(&job(send(), 0, 0), &outcome), Decision::Finish);
            let decisions: Vec<_> = (0..3).map(|retries| decision(&job(READ, retries, 0), &outcome)).collect();
            assert_eq!(decisions, [1, 2, 4].map(|delay| Decision::Retry(seconds(delay))));
            assert_eq!(decision(&job(READ, 3, 0), &outcome), Decision::Finish);
        }
        let offline = decide(RetryPolicy::default(), &job(READ, 0, 0), &disconnected(), false, 0.5);
        assert_eq!(offline, Decision::Finish, "the program requests everything again after reconnecting");
    }

    #[test]
    fn success_and_refusal_are_final() {
        for status in [200, 400, 404] {
            assert_eq!(decision(&job(READ, 0, 0), &reply(status, Some(1))), Decision::Finish);
        }
    }
}
